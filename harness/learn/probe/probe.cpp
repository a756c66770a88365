// The three kinds of probes: their parameters, how validation chooses, and what they answer.
#include "harness/learn/probe/probe.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "harness/core/error.hpp"
#include "harness/learn/method.hpp"
#include "harness/learn/probe/feature_norm.hpp"
#include "harness/learn/probe/knn.hpp"
#include "harness/learn/probe/linear.hpp"
#include "harness/learn/probe/params.hpp"
#include "harness/learn/probe/subsets.hpp"

namespace scant {
namespace {

struct KnnParams {
  KnnOptions options;
  template <class V>
  void visit(V& p) {
    p("k", options.k, "neighbours that vote; all images where there are fewer", Interval{1, 1e6});
    p("metric", options.metric, "what is near: the angle or the distance", names_of({"cosine", "euclidean"}));
    p("vote", options.vote, "weighted by nearness, or one each", names_of({"weighted", "majority"}));
    p("temperature", options.temperature, "weighted cosine: a vote is exp(cosine / temperature)", Interval{2e-3, 1e3});
    p("epsilon", options.epsilon, "weighted euclidean: a vote is 1 / (distance + epsilon)", Interval{1e-12, 1e3});
  }
};

/// How a value is found that validation decides.
struct Sweep {
  double value, low, high;
  int count;
  template <class V>
  void visit(V& p, const char* name, const char* of_low, const char* of_high, const char* of_count,
             const char* meaning) {
    p(name, value, meaning, Interval{1e-12, 1e12});
    p(of_low, low, "smallest value that validation chooses from", Interval{1e-12, 1e12});
    p(of_high, high, "largest value that validation chooses from", Interval{1e-12, 1e12});
    p(of_count, count, "values between, evenly spaced on a logarithmic scale", Interval{1, 1000});
  }
  /// Ascending; the fixed value where there is nothing to choose by.
  std::vector<double> candidates(bool choose) const {
    if (!choose) return {value};
    if (low > high) throw InputError(fmt::format("a probe's search from {} to {} is empty", low, high));
    return log_spaced(low, high, count);
  }
};

/// What the two trained probes share.
struct TrainedParams {
  std::string norm = "standard", refit = "train";
  template <class V>
  void visit(V& p) {
    p("norm", norm, "what features go through first, with statistics of the training features",
      names_of(FeatureNorm::kinds()));
    p("refit", refit, "what the chosen model is fitted on in the end: train, or trainval with the validation images",
      names_of({"train", "trainval"}));
  }
};

struct LogisticParams : TrainedParams {
  Sweep c{.value = 1, .low = 1e-4, .high = 1e4, .count = 9};
  int max_iterations = 1000;
  double tolerance = 1e-6;
  template <class V>
  void visit(V& p) {
    TrainedParams::visit(p);
    c.visit(p, "c", "c_low", "c_high", "c_count", "weight of the summed cross-entropy against |W|^2 / 2");
    p("max_iterations", max_iterations, "of L-BFGS, for each value of c", Interval{1, 1e6});
    p("tolerance", tolerance, "L-BFGS ends when no component of the mean loss's gradient is larger", Interval{0, 1});
  }
};

struct LinearParams : TrainedParams {
  Sweep lr{.value = 0.1, .low = 1e-3, .high = 10, .count = 9};
  LinearOptions options;
  template <class V>
  void visit(V& p) {
    TrainedParams::visit(p);
    lr.visit(p, "lr", "lr_low", "lr_high", "lr_count", "initial learning rate of the cosine schedule");
    p("epochs", options.epochs, "passes over the training features", Interval{1, 1e6});
    p("batch_size", options.batch_size, "features a step; the last partial batch is kept", Interval{1, 1 << 20});
    p("momentum", options.momentum, "Nesterov's", Interval{0, 1});
    p("weight_decay", options.weight_decay, "coupled L2 decay of weights and bias", Interval{0, 1e3});
  }
};

void require_finite(const torch::Tensor& features, const char* what) {
  if (!at::isfinite(features).all().item<bool>()) throw TrialFailure(fmt::format("{} features are not finite", what));
}

class KnnProbe : public FittedProbe {
 public:
  KnnProbe(KnnOptions options, int classes, ProbeData train)
      : options_(std::move(options)), classes_(classes), train_(std::move(train)) {}
  torch::Tensor scores(const torch::Tensor& features) const override {
    require_finite(features, "a probe's");
    const torch::Tensor queries = features.to(train_.features.options());
    const Neighbours found = nearest(train_.features, queries, options_.metric, options_.k);
    return knn_scores(found, train_.labels, classes_, options_).to(torch::kCPU);
  }
  bool probabilities() const override { return false; }
  Json chosen() const override { return {{"k", std::min<std::int64_t>(options_.k, train_.size())}}; }

 private:
  KnnOptions options_;
  int classes_;
  ProbeData train_;
};

class LinearProbe : public FittedProbe {
 public:
  LinearProbe(FeatureNorm norm, LinearModel model, Json chosen)
      : norm_(std::move(norm)), model_(std::move(model)), chosen_(std::move(chosen)) {}
  torch::Tensor scores(const torch::Tensor& features) const override {
    const torch::NoGradGuard no_grad;
    require_finite(features, "a probe's");
    return model_.logits(norm_(features.to(model_.weight.options()))).to(torch::kCPU, torch::kFloat64).log_softmax(1);
  }
  bool probabilities() const override { return true; }
  Json chosen() const override { return chosen_; }

 private:
  FeatureNorm norm_;
  LinearModel model_;
  Json chosen_;
};

/// Keeps the best of several models in the order of their value.
class Choice {
 public:
  explicit Choice(const ProbeData& val, const FeatureNorm& norm) : val_(val) {
    if (val.size() > 0) features_ = norm(val.features);
  }
  void offer(double value, const LinearModel& model) {
    double accuracy = 0, log_loss = 0;
    if (features_.defined()) {
      const torch::Tensor log_p = model.logits(features_).to(torch::kCPU, torch::kFloat64).log_softmax(1),
                          labels = val_.labels.cpu();
      accuracy = probe_accuracy(log_p, labels);
      log_loss = -log_p.gather(1, labels.unsqueeze(1)).mean().item<double>();
    }
    const bool better = accuracy > accuracy_ || (accuracy == accuracy_ && log_loss < log_loss_);
    if (model_.weight.defined() && !better) return;
    value_ = value;
    accuracy_ = accuracy;
    log_loss_ = log_loss;
    model_ = model;
  }
  double value() const { return value_; }
  const LinearModel& model() const { return model_; }
  Json describe(const char* name) const {
    Json chosen{{name, value_}};
    if (features_.defined()) chosen["validation_accuracy"] = accuracy_;
    return chosen;
  }

 private:
  const ProbeData& val_;
  torch::Tensor features_;
  double value_ = 0, accuracy_ = 0, log_loss_ = 0;
  LinearModel model_;
};

ProbeData joined(const ProbeData& a, const ProbeData& b) {
  return {torch::cat({a.features, b.features.to(a.features.options())}), torch::cat({a.labels, b.labels})};
}

std::unique_ptr<FittedProbe> fit_logistic_probe(const ProbeOptions& options, const ProbeData& train,
                                                const ProbeData& val) {
  const auto params = read_params<LogisticParams>(options.params);
  const LbfgsOptions solver{.max_iterations = params.max_iterations, .gradient_tolerance = params.tolerance};
  const auto host = [](const ProbeData& data) {
    return ProbeData{data.features.to(torch::kCPU, torch::kFloat64), data.labels.cpu()};
  };
  const ProbeData fitted_on = host(train), judged_on = val.size() > 0 ? host(val) : ProbeData{};
  FeatureNorm norm(params.norm, fitted_on.features);
  Choice choice(judged_on, norm);
  const torch::Tensor x = norm(fitted_on.features);
  LogisticFit fit;
  bool converged = false;
  for (const double c : params.c.candidates(judged_on.size() > 0)) {
    // The last optimum is a good start for the next, weaker penalty.
    fit = fit_logistic(x, fitted_on.labels, options.classes, c, solver, fit.model);
    choice.offer(c, fit.model);
    if (choice.value() == c) converged = fit.converged;
  }
  LinearModel model = choice.model();
  if (params.refit == "trainval" && judged_on.size() > 0) {
    const ProbeData all = joined(fitted_on, judged_on);
    norm = FeatureNorm(params.norm, all.features);
    fit = fit_logistic(norm(all.features), all.labels, options.classes, choice.value(), solver);
    model = fit.model;
    converged = fit.converged;
  }
  Json chosen = choice.describe("c");
  chosen["converged"] = converged;
  return std::make_unique<LinearProbe>(norm, model, chosen);
}

std::unique_ptr<FittedProbe> fit_linear_probe(const ProbeOptions& options, const ProbeData& train,
                                              const ProbeData& val) {
  const auto params = read_params<LinearParams>(options.params);
  FeatureNorm norm(params.norm, train.features);
  Choice choice(val, norm);
  const std::vector<double> rates = params.lr.candidates(val.size() > 0);
  const std::vector<LinearModel> models =
      fit_linear(norm(train.features), train.labels, options.classes, rates, params.options, options.seed);
  for (std::size_t i = 0; i < rates.size(); ++i) choice.offer(rates[i], models[i]);
  LinearModel model = choice.model();
  if (params.refit == "trainval" && val.size() > 0) {
    const ProbeData all = joined(train, val);
    norm = FeatureNorm(params.norm, all.features);
    model = fit_linear(norm(all.features), all.labels, options.classes, {choice.value()}, params.options, options.seed)
                .front();
  }
  return std::make_unique<LinearProbe>(norm, model, choice.describe("lr"));
}

void check(const ProbeData& data, const char* what, const ProbeOptions& options, std::int64_t dim) {
  if (data.features.dim() != 2 || data.features.size(1) != dim || data.labels.dim() != 1 ||
      data.labels.size(0) != data.features.size(0) || data.labels.scalar_type() != torch::kInt64) {
    throw InputError(fmt::format("a probe's {} data are N x {} features and N int64 labels", what, dim));
  }
  if (data.labels.min().item<std::int64_t>() < 0 || data.labels.max().item<std::int64_t>() >= options.classes) {
    throw InputError(fmt::format("a probe's {} labels are in [0, {})", what, options.classes));
  }
  require_finite(data.features, what);
}

}  // namespace

std::unique_ptr<FittedProbe> fit_probe(const ProbeOptions& options, const ProbeData& train, const ProbeData& val) {
  const torch::NoGradGuard no_grad;
  if (train.size() == 0) throw InputError("a probe needs training features");
  check(train, "training", options, train.features.size(1));
  if (val.size() > 0) check(val, "validation", options, train.features.size(1));
  if (options.kind == "logistic") return fit_logistic_probe(options, train, val);
  if (options.kind == "linear") return fit_linear_probe(options, train, val);
  if (options.kind == "knn") {
    return std::make_unique<KnnProbe>(read_params<KnnParams>(options.params).options, options.classes, train);
  }
  throw InputError(fmt::format("there is no probe \"{}\"; there are {}", options.kind, fmt::join(probe_kinds(), ", ")));
}

ProbeData rows_of(const ProbeData& data, const std::vector<std::int64_t>& positions) {
  const torch::Tensor index = torch::tensor(positions, torch::kInt64);
  return {data.features.index_select(0, index), data.labels.index_select(0, index)};
}

std::unique_ptr<FittedProbe> fit_probe_held_out(ProbeOptions options, const ProbeData& labelled, std::uint64_t seed) {
  constexpr double held_share = 0.2;
  if (options.kind == "knn") return fit_probe(options, labelled, {});
  const Holdout parts = hold_out(labelled.labels, held_share, seed);
  if (parts.held.empty()) return fit_probe(options, labelled, {});
  options.params.emplace("refit", "trainval");
  return fit_probe(options, rows_of(labelled, parts.kept), rows_of(labelled, parts.held));
}

const std::vector<std::string>& probe_kinds() {
  static const std::vector<std::string> all{"knn", "logistic", "linear"};
  return all;
}

std::vector<ParamSpec> probe_params(const std::string& kind) {
  if (kind == "knn") return specs_of<KnnParams>();
  if (kind == "logistic") return specs_of<LogisticParams>();
  if (kind == "linear") return specs_of<LinearParams>();
  throw InputError(fmt::format("there is no probe \"{}\"; there are {}", kind, fmt::join(probe_kinds(), ", ")));
}

double probe_accuracy(const torch::Tensor& scores, const torch::Tensor& labels) {
  return scores.argmax(1).eq(labels.to(scores.device())).to(torch::kFloat64).mean().item<double>();
}

}  // namespace scant
