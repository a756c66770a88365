// Judges of a representation: classifiers fitted on the features of a frozen network, behind one interface.
#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "harness/core/params.hpp"
#include "harness/learn/compat.hpp"

namespace scant {

struct ProbeData {
  torch::Tensor features;  // N x D float; undefined or 0 x D: no data
  torch::Tensor labels;    // N int64
  std::int64_t size() const { return features.defined() ? features.size(0) : 0; }
};

struct ProbeOptions {
  std::string kind;        // one of probe_kinds()
  Json params;             // by name, see probe_params(); absent ones have their default
  std::uint64_t seed = 0;  // "linear": the order of its batches; the others draw nothing
  int classes = 0;
};

class FittedProbe {
 public:
  virtual ~FittedProbe() = default;
  /// M x D to M x K float64 on the CPU; the prediction is the argmax. No gradient. Throws TrialFailure where features
  /// are not finite.
  virtual torch::Tensor scores(const torch::Tensor& features) const = 0;
  /// True where scores are logarithms of class probabilities; votes of neighbours are not.
  virtual bool probabilities() const = 0;
  /// What the fit decided, e.g. {"c": 0.1, "validation_accuracy": 0.72, "converged": true}.
  virtual Json chosen() const = 0;
};

/// Fits on `train`. "logistic" and "linear" choose regularisation or learning rate by the accuracy on `val` (among
/// equals: the lower log loss, then the smaller value) and use their default where `val` is empty; "knn" ignores `val`.
/// A pure function of its arguments. Throws InputError for an unknown kind or parameter and for data whose shapes or
/// labels do not fit; TrialFailure where features are not finite.
std::unique_ptr<FittedProbe> fit_probe(const ProbeOptions& options, const ProbeData& train, const ProbeData& val);

/// fit_probe where nobody set validation images apart: a fifth of each class, drawn by `seed`, chooses the settings,
/// which are then fitted on all (unless params say "refit" otherwise). "knn" chooses nothing and keeps all.
std::unique_ptr<FittedProbe> fit_probe_held_out(ProbeOptions options, const ProbeData& labelled, std::uint64_t seed);

/// The rows at these positions.
ProbeData rows_of(const ProbeData& data, const std::vector<std::int64_t>& positions);

/// "knn", "logistic", "linear".
const std::vector<std::string>& probe_kinds();
/// What a kind declares. Throws InputError for an unknown kind.
std::vector<ParamSpec> probe_params(const std::string& kind);

/// Share of `data` that the argmax of the scores gets right.
double probe_accuracy(const torch::Tensor& scores, const torch::Tensor& labels);

}  // namespace scant
