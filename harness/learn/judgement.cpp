// Own predictions, probes on embeddings, and fine-tuning.
#include "harness/learn/judgement.hpp"

#include <algorithm>
#include <map>
#include <numeric>

#include "harness/core/random.hpp"
#include "harness/learn/finetune.hpp"
#include "harness/learn/probe/probe.hpp"

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

/// N x D on the host, with test-time geometry.
torch::Tensor embedded(const Samples& samples, Method& method, std::int64_t batch) {
  std::vector<torch::Tensor> features;
  for (std::int64_t begin = 0; begin < samples.size(); begin += batch) {
    const torch::Tensor images = samples.plain(begin, std::min(begin + batch, samples.size())).images;
    features.push_back(method.embed(images).to(torch::kCPU));
  }
  return torch::cat(features);
}

bool has_embedding(const Samples& samples, Method& method) {
  return samples.size() > 0 && method.embed(samples.plain(0, 1).images).defined();
}

ProbeData rows_of(const ProbeData& data, const std::vector<std::int64_t>& positions) {
  const torch::Tensor index = torch::tensor(positions, torch::kInt64);
  return {data.features.index_select(0, index), data.labels.index_select(0, index)};
}

/// Images of the class that has fewest among the labels.
int smallest_class(const torch::Tensor& labels) {
  const torch::Tensor counts = torch::bincount(labels);
  return counts.masked_select(counts > 0).min().item<int>();
}

/// 0..size-1 without `left_out`, which is ascending.
std::vector<std::int64_t> all_but(const std::vector<std::int64_t>& left_out, std::int64_t size) {
  std::vector<std::int64_t> kept;
  for (std::int64_t i = 0; i < size; ++i) {
    if (!std::binary_search(left_out.begin(), left_out.end(), i)) kept.push_back(i);
  }
  return kept;
}

}  // namespace

std::vector<std::int64_t> labelled_positions(const torch::Tensor& labels, int per_class, std::uint64_t seed) {
  std::vector<std::int64_t> order(static_cast<std::size_t>(labels.size(0)));
  std::iota(order.begin(), order.end(), 0);
  if (per_class == 0) return order;
  Random(seed).shuffle(order);
  const auto label = labels.accessor<std::int64_t, 1>();
  std::map<std::int64_t, int> taken;
  std::erase_if(order, [&](std::int64_t at) { return ++taken[label[at]] > per_class; });
  std::sort(order.begin(), order.end());
  return order;
}

const JudgeKinds& judge_kinds() {
  static const JudgeKinds kinds = [] {
    const ParamSpec few{"labels_per_class", 0, "training images of each class that it learns from; 0: all",
                        Interval{0, 1 << 24}, {}, {}};
    JudgeKinds all{{"own", {}}, {"finetune", finetune_params()}};
    for (const std::string& kind : probe_kinds()) all[kind] = probe_params(kind);
    for (auto& [kind, params] : all) {
      if (kind != "own") params.push_back(few);
    }
    return all;
  }();
  return kinds;
}

Json complete_params(const Judge& judge) {
  Json params = Json::object();
  for (const ParamSpec& param : judge_kinds().at(judge.kind)) params[param.name] = param.default_value;
  params.update(judge.params);
  return params;
}

std::unique_ptr<Judgement> make_judgement(const Judge& judge, Method& method, const JudgeData& data) {
  if (judge.kind == "own" || !has_embedding(data.train, method)) return std::make_unique<OwnPredictions>(method);
  if (judge.kind == "finetune") return finetuned(judge, method, data);
  ProbeOptions options{.kind = judge.kind, .params = judge.params, .seed = data.seed, .classes = data.task.classes};
  options.params.erase("labels_per_class");
  ProbeData train{embedded(data.train, method, data.batch), data.train.labels()}, val;
  const int per_class = complete_params(judge).at("labels_per_class");
  train = rows_of(train, labelled_positions(train.labels, per_class, data.seed));
  if (data.val != nullptr) {
    val = {embedded(*data.val, method, data.batch), data.val->labels()};
  } else if (const int fifth = smallest_class(train.labels) / 5; fifth > 0 && judge.kind != "knn") {
    const std::vector<std::int64_t> held = labelled_positions(train.labels, fifth, data.seed);
    val = rows_of(train, held);
    train = rows_of(train, all_but(held, train.size()));
    options.params["refit"] = "trainval";
  }
  return std::make_unique<ProbedEmbedding>(method, fit_probe(options, train, val));
}

}  // namespace scant
