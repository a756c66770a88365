// Scores and statistics against reference numbers: confusion, balanced accuracy, paired bootstrap, Welch's test.
#include <algorithm>

#include "harness/conform/lists.hpp"
#include "harness/core/metrics.hpp"
#include "results/statistics.hpp"

namespace scant {
namespace {

/// Nested rows, number by number.
void rows(Comparison& compare, const std::string& what, const std::vector<std::vector<double>>& got,
          const Json& expected) {
  compare.exact(what + " rows", got.size(), expected.size());
  for (std::size_t r = 0; r < std::min(got.size(), expected.size()); ++r) {
    compare.exact(what + " columns", got[r].size(), expected[r].size());
    for (std::size_t c = 0; c < std::min(got[r].size(), expected[r].size()); ++c) {
      compare.number(what + "[" + std::to_string(r) + "][" + std::to_string(c) + "]", got[r][c], expected[r][c]);
    }
  }
}

void check_confusion(const GoldenFile&, const Json& golden, Comparison& compare) {
  const Json &inputs = golden.at("inputs"), &expected = golden.at("expected");
  const std::vector<int> truth = ints_of(inputs, "y_true"), predicted = ints_of(inputs, "y_pred");
  const int classes = inputs.at("num_classes").get<int>();
  const auto counts = confusion(truth, predicted, classes);
  compare.exact("confusion", counts, expected.at("confusion[true][pred]"));
  rows(compare, "row_normalised", row_normalised(counts), expected.at("row_normalised"));
  compare.number("balanced_accuracy", balanced_accuracy(truth, predicted, classes), expected.at("balanced_accuracy"));
  compare.number("accuracy", accuracy(truth, predicted), expected.at("accuracy"));
}

void check_bootstrap(const GoldenFile&, const Json& golden, Comparison& compare) {
  const Json &inputs = golden.at("inputs"), &expected = golden.at("expected");
  std::vector<std::vector<int>> resamples;
  for (const Json& resample : expected.at("resamples")) resamples.push_back(ints_of(resample, "indices"));
  const PairedBootstrap got = paired_bootstrap(ints_of(inputs, "y_true"), ints_of(inputs, "pred1"),
                                               ints_of(inputs, "pred2"), resamples, inputs.at("alpha").get<double>());
  for (std::size_t i = 0; i < resamples.size(); ++i) {
    const Json& resample = expected.at("resamples")[i];
    const std::string at = "resamples[" + std::to_string(i) + "].";
    compare.number(at + "acc1", got.first[i], resample.at("acc1"));
    compare.number(at + "acc2", got.second[i], resample.at("acc2"));
    compare.number(at + "difference", got.difference[i], resample.at("difference"));
  }
  compare.number("ci_low", got.low, expected.at("ci_low"));
  compare.number("ci_high", got.high, expected.at("ci_high"));
  compare.exact("significant", got.significant, expected.at("correct_significant"));
}

void check_aggregate(const GoldenFile&, const Json& golden, Comparison& compare) {
  const Json &inputs = golden.at("inputs"), &expected = golden.at("expected");
  const auto a = inputs.at("runs_a").get<std::vector<double>>(), b = inputs.at("runs_b").get<std::vector<double>>();
  const Welch test = welch(a, b);
  const std::vector<std::pair<const char*, double>> got{{"mean_a", mean(a)},
                                                        {"mean_b", mean(b)},
                                                        {"std_a_population(reference script)", population_sd(a)},
                                                        {"std_b_population(reference script)", population_sd(b)},
                                                        {"std_a_sample", sample_sd(a)},
                                                        {"std_b_sample", sample_sd(b)},
                                                        {"welch_t", test.t},
                                                        {"welch_p_two_sided", test.p_two_sided},
                                                        {"welch_p_one_sided_a_greater", test.p_greater}};
  for (const auto& [key, value] : got) {
    if (expected.contains(key)) compare.number(key, value, expected.at(key));
  }
}

/// Recognises a case by an input that only its kind has.
auto has_input(const char* key) {
  return [key](const GoldenFile& file, const Json& golden) {
    return file.stem == "evaluation" && golden.contains("inputs") && golden.at("inputs").contains(key);
  };
}

}  // namespace

const RegisterKind evaluation_confusion{{"evaluation scores", has_input("y_pred"), check_confusion}};
const RegisterKind evaluation_bootstrap{{"evaluation paired bootstrap", has_input("pred2"), check_bootstrap}};
const RegisterKind evaluation_aggregate{{"evaluation aggregate and Welch", has_input("runs_b"), check_aggregate}};

}  // namespace scant
