// What checks of metric-learning losses share: stored arrays as leaves of a gradient, prose that names a variant, and
// the comparison of every output that a case lists.
#pragma once
#include <map>
#include <string>
#include <vector>

#include "harness/conform/conform.hpp"
#include "methods/parts/aggregation.hpp"
#include "methods/parts/pair_sets.hpp"

namespace scant {

/// One golden case of metric/FORMAT.md.
class MetricCase {
 public:
  explicit MetricCase(const Json& golden);

  double number(const char* param) const { return number_of(params.at(param)); }
  bool has(const char* param) const { return params.contains(param); }
  /// Stored array as float64; its gradient is compared where the outputs list "grad_" + name.
  torch::Tensor stored(const std::string& name);
  /// Its rows as the differentiated function takes them: of unit length where the case says that they are normalised
  /// inside it.
  torch::Tensor rows(const std::string& name);
  /// What stored() returned for the array that "grad_" + `name` is about, X or X_..., or an undefined tensor.
  torch::Tensor leaf(const std::string& name) const;
  torch::Tensor integers(const std::string& name) const { return tensor_of(inputs.at(name)).to(torch::kInt64); }

  const Json &params, &inputs, &outputs;

 private:
  std::map<std::string, torch::Tensor> leaves_;
};

/// Compares every output with the tensor of its name in `got`; "grad_X" with the derivative of got["loss"] for the
/// stored X; "mined_indices" as sets, pair by pair, with got["mined_indices"] (rows x pairs). An output that nothing is
/// computed for is a difference. Gradients have ten times the tolerance of values.
void compare_outputs(const MetricCase& golden, const std::map<std::string, torch::Tensor>& got, Comparison& compare);

/// Ordered pairs of lists of index lists as sets of tuples: {a, b, c, d} is two lists of pairs, {a, b, c} one of
/// triples.
void compare_tuples(const std::string& what, const std::vector<std::vector<std::int64_t>>& got,
                    const std::vector<std::vector<std::int64_t>>& expected, Comparison& compare);

/// "squared euclidean ...", "euclidean ..." or "cosine ...". Throws InputError for another text.
Measure measure_of(const std::string& text);
/// From a case's words ("avg_nonzero ...", "mean of strictly positive terms ...", "mean ...", "sum",
/// "row_mean_then_mean",
/// ...). Throws InputError for others.
Aggregation aggregation_in(const std::string& text);
/// The number d of "sim < 1 - d ...". Throws InputError for another text.
double slack_in(const std::string& text);

}  // namespace scant
