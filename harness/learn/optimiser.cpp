// The optimisers' common part, and the table of their kinds.
#include "harness/learn/optimiser.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <map>

#include "harness/core/error.hpp"
#include "harness/learn/adam.hpp"
#include "harness/learn/lamb.hpp"
#include "harness/learn/lars.hpp"
#include "harness/learn/sgd.hpp"

namespace scant {
namespace {

using Maker = std::unique_ptr<Optimiser> (*)(std::vector<NamedParameter>, const OptimiserOptions&);

template <class Kind>
std::unique_ptr<Optimiser> make(std::vector<NamedParameter> parameters, const OptimiserOptions& options) {
  return std::make_unique<Kind>(std::move(parameters), options);
}

std::map<std::string, Maker> makers() {
  std::map<std::string, Maker> all{
      {"sgd", make<Sgd>}, {"adam", make<Adam>}, {"adamw", make<Adam>}, {"lamb", make<Lamb>}};
  for (const std::string& kind : lars_kinds()) all.emplace(kind, make<Lars>);
  return all;
}

}  // namespace

std::vector<std::string> optimiser_kinds() {
  std::vector<std::string> names;
  for (const auto& [name, maker] : makers()) names.push_back(name);
  return names;
}

std::unique_ptr<Optimiser> make_optimiser(std::vector<NamedParameter> parameters, const OptimiserOptions& options) {
  const auto all = makers();
  const auto maker = all.find(options.kind);
  if (maker == all.end()) {
    throw InputError(
        fmt::format("unknown optimiser \"{}\"; there are {}", options.kind, fmt::join(optimiser_kinds(), ", ")));
  }
  return maker->second(std::move(parameters), options);
}

std::vector<NamedParameter> unnamed(const std::vector<torch::Tensor>& tensors) {
  std::vector<NamedParameter> parameters;
  for (const torch::Tensor& tensor : tensors) parameters.push_back({"", tensor});
  return parameters;
}

torch::Tensor norms_of(const std::vector<torch::Tensor>& tensors) {
  std::vector<torch::Tensor> full;
  for (const torch::Tensor& tensor : tensors) {
    full.push_back(tensor.scalar_type() == torch::kHalf ? tensor.to(torch::kFloat32) : full_precision(tensor));
  }
  return torch::stack(at::_foreach_norm(full));
}

Optimiser::Optimiser(std::vector<NamedParameter> parameters, OptimiserOptions options) : options_(std::move(options)) {
  for (const auto& [name, tensor] : parameters) {
    parameters_.push_back(tensor);
    spared_.push_back((options_.spare_vectors && tensor.dim() <= 1) || (options_.spare && options_.spare(name)));
  }
}

void Optimiser::zero_grad() {
  for (torch::Tensor& p : parameters_) p.mutable_grad().reset();
}

void Optimiser::clip_gradients(double max_norm, double epsilon) {
  const torch::NoGradGuard no_grad;
  std::vector<torch::Tensor> gradients;
  for (const torch::Tensor& p : parameters_) {
    if (p.grad().defined()) gradients.push_back(p.grad());
  }
  if (gradients.empty()) return;
  const torch::Tensor norm = at::linalg_vector_norm(norms_of(gradients));
  const torch::Tensor factor = (max_norm / (norm + epsilon)).clamp_max(1);
  at::_foreach_mul_(gradients, std::vector<torch::Tensor>(gradients.size(), factor));
}

Optimiser::Group Optimiser::group(bool spared) const {
  Group group;
  for (std::size_t i = 0; i < parameters_.size(); ++i) {
    if (spared_[i] != spared || !parameters_[i].grad().defined()) continue;
    group.places.push_back(i);
    group.parameters.push_back(parameters_[i]);
    group.gradients.push_back(parameters_[i].grad());
  }
  return group;
}

std::vector<torch::Tensor> Optimiser::of_group(const Group& group, const std::vector<torch::Tensor>& all) {
  std::vector<torch::Tensor> own;
  for (const std::size_t place : group.places) own.push_back(all[place]);
  return own;
}

std::vector<torch::Tensor> Optimiser::zeros() const {
  std::vector<torch::Tensor> zeros;
  for (const torch::Tensor& p : parameters_) zeros.push_back(torch::zeros_like(p));
  return zeros;
}

}  // namespace scant
