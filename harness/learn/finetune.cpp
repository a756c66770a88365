// The loan of an encoder, and its training in the shared loop.
#include "harness/learn/finetune.hpp"

#include <fmt/format.h>

#include "harness/core/error.hpp"
#include "harness/learn/gradient_method.hpp"

namespace scant {
namespace {

/// An encoder and a linear classifier of its own, trained as the cross-entropy baseline is.
class Finetune : public GradientMethod {
 public:
  Finetune(std::shared_ptr<Backbone> encoder, int labels_per_class, std::uint64_t seed)
      : labels_per_class_(labels_per_class), seed_(seed) {
    backbone_ = std::move(encoder);
  }

  std::shared_ptr<torch::nn::Module> build_network(Random& random) override {
    head_ = make_linear(backbone_->dim(), task().classes, random);
    auto root = std::make_shared<torch::nn::Module>("Finetune");
    root->register_module("encoder", backbone_);
    root->register_module("head", head_);
    return root;
  }
  std::vector<torch::Tensor> outputs(const torch::Tensor& images) override {
    return {head_->forward(backbone_->features(images))};
  }
  std::vector<std::int64_t> trained_on(const Samples& train) const override {
    return labelled_positions(train.labels(), labels_per_class_, seed_);
  }

 private:
  torch::nn::Linear head_{nullptr};
  int labels_per_class_;
  std::uint64_t seed_;
};

class Finetuned : public Judgement {
 public:
  Finetuned(const Judge& judge, const std::shared_ptr<Backbone>& encoder, const JudgeData& data)
      : encoder_(encoder), trained_(encoder, complete_params(judge).at("labels_per_class"), data.seed) {
    for (const auto& [name, tensor] : module_state(*encoder)) {
      weights_.push_back(tensor.detach().clone());
      moved_.push_back(tensor.requires_grad());
    }
    const Json params = complete_params(judge);
    params.at("lr").get_to(trained_.lr);
    params.at("weight_decay").get_to(trained_.weight_decay);
    params.at("batch_size").get_to(trained_.batch_size);
    Task task = data.task;
    params.at("epochs").get_to(task.trial.epochs);
    task.trial.seed_base = data.seed;
    try {
      for (const torch::Tensor& parameter : encoder->parameters()) parameter.requires_grad_(true);
      trained_.build(task);
      Progress progress;
      FitContext context{data.train, task.trial.epochs, progress};
      trained_.fit(context);
    } catch (...) {
      give_back();
      throw;
    }
  }
  ~Finetuned() override { give_back(); }
  Finetuned(const Finetuned&) = delete;
  Finetuned& operator=(const Finetuned&) = delete;

  torch::Tensor scores(const torch::Tensor& images) const override { return trained_.predict(images); }
  torch::Tensor log_probabilities(const torch::Tensor& scores) const override {
    return trained_.log_probabilities(scores);
  }

 private:
  void give_back() {
    const torch::NoGradGuard no_grad;
    const State state = module_state(*encoder_);
    for (std::size_t i = 0; i < state.size(); ++i) {
      torch::Tensor tensor = state[i].second;
      tensor.copy_(weights_[i]);
      tensor.requires_grad_(moved_[i]);
    }
  }

  std::shared_ptr<Backbone> encoder_;
  std::vector<torch::Tensor> weights_;
  std::vector<bool> moved_;   // had a gradient
  mutable Finetune trained_;  // predict() switches it to evaluation
};

}  // namespace

std::vector<ParamSpec> finetune_params() {
  return {{"lr", 0.01, "initial learning rate of all layers, cosine to 0", Interval{0, 1e3}, {}, {}},
          {"weight_decay", 1e-4, "coupled L2 decay", Interval{0, 1e3}, {}, {}},
          {"epochs", 20, "passes over the labelled images", Interval{1, 1 << 20}, {}, {}},
          {"batch_size", 25, "images a step", Interval{1, 65536}, {}, {}}};
}

std::unique_ptr<Judgement> finetuned(const Judge& judge, Method& method, const JudgeData& data) {
  const std::shared_ptr<Backbone> encoder = method.encoder();
  if (!encoder) throw InputError(fmt::format("judge \"{}\" needs a method with an encoder", judge.label));
  return std::make_unique<Finetuned>(judge, encoder, data);
}

}  // namespace scant
