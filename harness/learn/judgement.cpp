// Own predictions, probes on embeddings, and fine-tuning.
#include "harness/learn/judgement.hpp"

#include "harness/learn/embedding.hpp"
#include "harness/learn/gradient_method.hpp"
#include "harness/learn/probe/finetune.hpp"
#include "harness/learn/probe/params.hpp"
#include "harness/learn/probe/probe.hpp"
#include "harness/learn/probe/subsets.hpp"

namespace scant {
namespace {

class OwnPredictions : public Judgement {
 public:
  explicit OwnPredictions(Method& method) : method_(method) {}
  torch::Tensor scores(const torch::Tensor& images) const override { return method_.predict(images); }
  torch::Tensor log_probabilities(const torch::Tensor& scores) const override {
    return method_.log_probabilities(scores);
  }

 private:
  Method& method_;
};

class ProbedEmbedding : public Judgement {
 public:
  ProbedEmbedding(Method& method, std::unique_ptr<FittedProbe> probe) : method_(method), probe_(std::move(probe)) {}
  torch::Tensor scores(const torch::Tensor& images) const override {
    return probe_->scores(method_.embed(images).to(torch::kCPU));
  }
  torch::Tensor log_probabilities(const torch::Tensor& scores) const override {
    return probe_->probabilities() ? scores : torch::Tensor();
  }

 private:
  Method& method_;
  std::unique_ptr<FittedProbe> probe_;
};

/// Borrows the method's encoder, which gets its weights back when the judgement ends.
class FineTuned : public Judgement {
 public:
  FineTuned(Backbone& encoder, const Samples& labelled, const FinetuneOptions& options, const JudgeData& data)
      : encoder_(encoder) {
    for (const torch::Tensor& parameter : encoder.parameters()) trained_.push_back(parameter.requires_grad());
    for (const auto& [name, tensor] : module_state(encoder)) weights_.push_back(tensor.detach().clone());
    for (const torch::Tensor& parameter : encoder.parameters()) parameter.requires_grad_(true);
    try {
      // Sessions are interrupted between epochs; a judge is part of one.
      head_ =
          fine_tune(encoder, labelled, data.task.classes, options, data.seed, data.task.device, [] { return false; });
    } catch (...) {
      give_back();
      throw;
    }
  }
  ~FineTuned() override { give_back(); }
  FineTuned(const FineTuned&) = delete;
  FineTuned& operator=(const FineTuned&) = delete;

  torch::Tensor scores(const torch::Tensor& images) const override {
    const torch::NoGradGuard no_grad;
    encoder_.eval();
    torch::nn::Linear head = head_;
    return head->forward(encoder_.features(images.contiguous(torch::MemoryFormat::ChannelsLast)));
  }
  torch::Tensor log_probabilities(const torch::Tensor& scores) const override { return scores.log_softmax(1); }

 private:
  void give_back() {
    const torch::NoGradGuard no_grad;
    const State state = module_state(encoder_);
    for (std::size_t i = 0; i < state.size(); ++i) torch::Tensor(state[i].second).copy_(weights_[i]);
    const std::vector<torch::Tensor> parameters = encoder_.parameters();
    for (std::size_t i = 0; i < parameters.size(); ++i) parameters[i].requires_grad_(trained_[i]);
  }

  Backbone& encoder_;
  std::vector<bool> trained_;           // parameters that had a gradient
  std::vector<torch::Tensor> weights_;  // parameters and buffers
  torch::nn::Linear head_{nullptr};
};

ProbeData embedded(const Samples& samples, Method& method, torch::Device device) {
  return {over_all(samples, device, [&](const torch::Tensor& images) { return method.embed(images); }),
          samples.labels()};
}

bool has_embedding(const Samples& samples, Method& method) {
  return samples.size() > 0 && method.embed(samples.plain(0, 1).images).defined();
}

/// The labelled images that the judge may learn from.
Samples labelled_images(const Judge& judge, const JudgeData& data) {
  const int per_class = judge.params.value("labels_per_class", 0);
  const double share = judge.params.value("label_share", 1.0);
  if (per_class > 0) return data.train.subset(per_class_subset(data.train.labels(), per_class, data.seed));
  return share < 1 ? data.train.subset(share_subset(data.train.labels(), share, data.seed)) : data.train;
}

std::unique_ptr<Judgement> probed(const Judge& judge, const Json& params, Method& method, const Samples& labelled,
                                  const JudgeData& data) {
  const ProbeOptions options{.kind = judge.kind, .params = params, .seed = data.seed, .classes = data.task.classes};
  const ProbeData train = embedded(labelled, method, data.task.device);
  auto probe = data.val == nullptr ? fit_probe_held_out(options, train, data.seed)
                                   : fit_probe(options, train, embedded(*data.val, method, data.task.device));
  return std::make_unique<ProbedEmbedding>(method, std::move(probe));
}

}  // namespace

const JudgeKinds& judge_kinds() {
  static const JudgeKinds kinds = [] {
    const ParamSpec few{"labels_per_class",   0,  "training images of each class that it learns from; 0: all",
                        Interval{0, 1 << 24}, {}, {}};
    const ParamSpec less{
        "label_share",     1.0, "share of each class's training images that it learns from, one at least",
        Interval{1e-9, 1}, {},  {}};
    JudgeKinds all{{"own", {}}, {"finetune", specs_of<FinetuneOptions>()}};
    for (const std::string& kind : probe_kinds()) all[kind] = probe_params(kind);
    for (auto& [kind, params] : all) {
      if (kind == "own") continue;
      params.push_back(few);
      params.push_back(less);
    }
    return all;
  }();
  return kinds;
}

bool can_judge(const Judge& judge, Method& method, const Samples& images) {
  return judge.kind == "own" ||
         (judge.kind == "finetune" ? method.encoder() != nullptr : has_embedding(images, method));
}

std::unique_ptr<Judgement> make_judgement(const Judge& judge, Method& method, const JudgeData& data) {
  if (judge.kind == "own" || !can_judge(judge, method, data.train)) return std::make_unique<OwnPredictions>(method);
  const Samples labelled = labelled_images(judge, data);
  Json params = judge.params;
  params.erase("labels_per_class");
  params.erase("label_share");
  if (judge.kind != "finetune") return probed(judge, params, method, labelled, data);
  return std::make_unique<FineTuned>(*method.encoder(), labelled, read_params<FinetuneOptions>(params), data);
}

}  // namespace scant
