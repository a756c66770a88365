// Feature distillation: distance, margins, and the pair of networks.
#include "methods/parts/feature_distillation.hpp"

#include <cmath>
#include <numbers>

#include "harness/learn/backbones/wide_resnet.hpp"
#include "harness/learn/batch_norm.hpp"

namespace scant {
namespace {

std::vector<std::shared_ptr<BatchNormImpl>> norms_of(const Backbone& network) {
  std::vector<std::shared_ptr<BatchNormImpl>> norms;
  for (const auto& norm : network.tap_norms()) {
    norms.push_back(std::dynamic_pointer_cast<BatchNormImpl>(norm));
    TORCH_CHECK(norms.back() != nullptr, "feature distillation needs batch normalisation before every tap");
  }
  return norms;
}

/// While it lives, some normalisations' running statistics move by each batch as if they saw it twice: r + m(b - r)
/// becomes r + (m + (1-m)m)(b - r).
class DoubleMoves {
 public:
  explicit DoubleMoves(std::vector<std::shared_ptr<BatchNormImpl>> norms) : norms_(std::move(norms)) {
    for (const auto& norm : norms_) {
      const double m = *norm->options.momentum();
      norm->options.momentum(m + (1 - m) * m);
      norm->num_batches_tracked.add_(1);
      momenta_.push_back(m);
    }
  }
  ~DoubleMoves() {
    for (std::size_t i = 0; i < norms_.size(); ++i) norms_[i]->options.momentum(momenta_[i]);
  }
  DoubleMoves(const DoubleMoves&) = delete;
  DoubleMoves& operator=(const DoubleMoves&) = delete;

 private:
  std::vector<std::shared_ptr<BatchNormImpl>> norms_;
  std::vector<double> momenta_;
};

}  // namespace

torch::Tensor distillation_distance(const torch::Tensor& student, const torch::Tensor& teacher,
                                    const torch::Tensor& margin) {
  torch::Tensor target, counts;
  {
    const torch::NoGradGuard no_grad;
    target = torch::maximum(teacher, margin);
    counts = (student > target).logical_or_(target > 0);
  }
  return ((student - target) * counts).square().sum();
}

torch::Tensor margins_of(const torch::Tensor& weight, const torch::Tensor& bias) {
  const torch::NoGradGuard no_grad;
  const torch::Tensor deviation = weight.to(torch::kFloat64).abs(), mean = bias.to(torch::kFloat64);
  const torch::Tensor ratio = mean / deviation;
  const torch::Tensor share = 0.5 * (ratio / std::numbers::sqrt2).erfc();  // of what is negative
  const torch::Tensor density = (-0.5 * ratio.square()).exp() / std::sqrt(2 * std::numbers::pi);
  const torch::Tensor conditional = mean - deviation * density / share;
  return torch::where(share > 0.001, conditional, -3 * deviation).to(torch::kFloat32);
}

DistillerImpl::DistillerImpl(std::shared_ptr<Backbone> teacher, std::shared_ptr<Backbone> student, bool twice,
                             Random& random)
    : twice_(twice && std::dynamic_pointer_cast<WideResNet>(student) != nullptr) {
  const auto norms = norms_of(*teacher);
  connectors = torch::nn::ModuleList();
  for (std::size_t i = 0; i < norms.size(); ++i) {
    const auto channels = norms[i]->weight.size(0);
    margins_.push_back(register_buffer("margin" + std::to_string(i + 1), torch::empty({1, channels, 1, 1})));
    const int width = static_cast<int>(channels);
    Conv conv(width, width, 1, 1, 0);
    fill_normal(conv->weight, std::sqrt(2.0 / width), random);
    connectors->push_back(torch::nn::Sequential(conv, torch::nn::BatchNorm2d(width)));
  }
  register_module("Connectors", connectors);
  t_net = register_module("t_net", std::move(teacher));
  s_net = register_module("s_net", std::move(student));
  set_margins();
}

void DistillerImpl::set_margins() {
  const torch::NoGradGuard no_grad;
  const auto norms = norms_of(*t_net);
  for (std::size_t i = 0; i < norms.size(); ++i) {
    margins_[i].copy_(margins_of(norms[i]->weight, norms[i]->bias).view_as(margins_[i]));
  }
}

Backbone::Taps DistillerImpl::tapped(Backbone& network, const torch::Tensor& images) {
  if (!twice_ || !network.is_training()) return network.tapped(images);
  const DoubleMoves twice(norms_of(network));
  return network.tapped(images);
}

DistillerImpl::Student DistillerImpl::student(const torch::Tensor& images) {
  const Backbone::Taps taps = tapped(*s_net, images);
  Student result{watched(*s_net->fc, s_net->fc->forward(taps.features)), {}};
  for (std::size_t i = 0; i < taps.maps.size(); ++i) {
    result.maps.push_back(connectors->ptr<torch::nn::SequentialImpl>(i)->forward(taps.maps[i]));
  }
  return result;
}

std::vector<torch::Tensor> DistillerImpl::teacher_maps(const torch::Tensor& images) {
  const torch::NoGradGuard no_grad;
  return tapped(*t_net, images).maps;
}

torch::Tensor DistillerImpl::distance(const std::vector<torch::Tensor>& student,
                                      const std::vector<torch::Tensor>& teacher) const {
  torch::Tensor sum;
  double weight = std::pow(0.5, static_cast<double>(student.size()) - 1);
  for (std::size_t i = 0; i < student.size(); ++i, weight *= 2) {
    const torch::Tensor term = weight * distillation_distance(student[i], teacher[i], margins_[i]);
    sum = sum.defined() ? sum + term : term;
  }
  return sum;
}

}  // namespace scant
