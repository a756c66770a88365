// Reading and comparing cases of metric-learning losses.
#include "harness/conform/metric_case.hpp"

#include <algorithm>
#include <regex>
#include <set>

#include "harness/core/error.hpp"
#include "methods/parts/projector.hpp"

namespace scant {
namespace {

using Lists = std::vector<std::vector<std::int64_t>>;

std::multiset<std::vector<std::int64_t>> tuples_of(const Lists& lists, std::size_t first, std::size_t size) {
  std::multiset<std::vector<std::int64_t>> tuples;
  for (std::size_t i = 0; i < lists[first].size(); ++i) {
    std::vector<std::int64_t> tuple;
    for (std::size_t k = first; k < first + size; ++k) tuple.push_back(lists[k].at(i));
    tuples.insert(tuple);
  }
  return tuples;
}

/// Rows of -1-padded index lists, as mined_indices of different lengths are stored in one tensor.
Lists lists_of(const torch::Tensor& indices) {
  Lists lists;
  for (std::int64_t row = 0; row < indices.size(0); ++row) {
    const torch::Tensor kept = indices[row].masked_select(indices[row] >= 0).contiguous();
    lists.emplace_back(kept.data_ptr<std::int64_t>(), kept.data_ptr<std::int64_t>() + kept.numel());
  }
  return lists;
}

}  // namespace

MetricCase::MetricCase(const Json& golden)
    : params(golden.at("params")), inputs(golden.at("inputs")), outputs(golden.at("outputs")) {}

torch::Tensor MetricCase::stored(const std::string& name) {
  const auto found = leaves_.find(name);
  if (found != leaves_.end()) return found->second;
  return leaves_.emplace(name, tensor_of(inputs.at(name)).requires_grad_(true)).first->second;
}

torch::Tensor MetricCase::leaf(const std::string& name) const {
  for (const auto& [key, tensor] : leaves_) {
    if (key == name || key.starts_with(name + "_")) return tensor;
  }
  return {};
}

torch::Tensor MetricCase::rows(const std::string& name) {
  const Json& normalised = params.value("grad_through_row_normalisation", Json::array());
  const bool inside = std::find(normalised.begin(), normalised.end(), Json(name)) != normalised.end();
  return inside ? unit_rows(stored(name)) : stored(name);
}

void compare_tuples(const std::string& what, const Lists& got, const Lists& expected, Comparison& compare) {
  compare.check(what + ": as many lists", got.size() == expected.size());
  if (got.size() != expected.size()) return;
  const std::size_t size = got.size() == 4 ? 2 : got.size();
  for (std::size_t first = 0; first < got.size(); first += size) {
    const auto have = tuples_of(got, first, size), want = tuples_of(expected, first, size);
    compare.check(what + " as a set", have == want,
                  std::to_string(have.size()) + " tuples, expected are " + std::to_string(want.size()) + " others");
  }
}

void compare_outputs(const MetricCase& golden, const std::map<std::string, torch::Tensor>& got, Comparison& compare) {
  constexpr Tolerance values{.abs = 1e-12, .rel = 1e-9}, gradients{.abs = 1e-11, .rel = 1e-8};
  bool differentiates = false;
  for (const auto& [key, value] : golden.outputs.items()) differentiates |= key.starts_with("grad_");
  if (differentiates) got.at("loss").backward();
  for (const auto& [key, value] : golden.outputs.items()) {
    const auto found = got.find(key);
    const torch::Tensor leaf = key.starts_with("grad_") ? golden.leaf(key.substr(5)) : torch::Tensor();
    if (leaf.defined()) {
      compare.set_tolerance(gradients);
      compare.tensor(key, leaf.grad().defined() ? leaf.grad() : torch::zeros_like(leaf), value);
    } else if (found == got.end()) {
      compare.check(key + ": nothing is computed for it", false);
    } else if (key == "mined_indices") {
      compare_tuples(key, lists_of(found->second), value.get<Lists>(), compare);
    } else {
      compare.set_tolerance(values);
      compare.tensor(key, found->second, value);
    }
  }
}

Measure measure_of(const std::string& text) {
  if (text.starts_with("squared euclidean")) return Measure::squared_euclidean;
  if (text.starts_with("euclidean")) return Measure::euclidean;
  if (text.starts_with("cosine")) return Measure::cosine;
  throw InputError("no distance is called \"" + text + "\"");
}

Aggregation aggregation_in(const std::string& text) {
  if (text == "sum_over_row_then_mean") return Aggregation::row_sum_mean;
  if (text == "row_mean_then_mean") return Aggregation::row_mean_mean;
  if (text == "mean_nonzero" || text.starts_with("avg_nonzero") || text.starts_with("mean of strictly positive")) {
    return Aggregation::mean_nonzero;
  }
  if (text == "sum") return Aggregation::sum;
  if (text == "mean" || text == "mean_all_pairs" || text.starts_with("mean over")) return Aggregation::mean;
  throw InputError("no aggregation is called \"" + text + "\"");
}

double slack_in(const std::string& text) {
  std::smatch match;
  if (!std::regex_search(text, match, std::regex("^sim < 1 - ([0-9.]+(e-?[0-9]+)?)"))) {
    throw InputError("no filter of copies is called \"" + text + "\"");
  }
  return std::stod(match[1]);
}

}  // namespace scant
