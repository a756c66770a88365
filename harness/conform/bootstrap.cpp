// Bootstrap replicates and intervals against reference numbers, from listed indices.
#include <algorithm>
#include <cmath>
#include <numeric>

#include "harness/conform/golden_fields.hpp"
#include "harness/conform/intervals.hpp"
#include "harness/core/metrics.hpp"
#include "results/statistics.hpp"
#include "results/statistics/bootstrap.hpp"

namespace scant {
namespace {

void check_paired(const Json& golden, Comparison& compare) {
  const std::vector<int> truth = ints_of(golden, "y_true"), first = ints_of(golden, "pred1"),
                         second = ints_of(golden, "pred2");
  const PairedBootstrap test = paired_bootstrap(
      truth, first, second, golden.at("resample_indices").get<std::vector<std::vector<int>>>(), kAlpha);
  std::vector<int> all(truth.size());
  std::iota(all.begin(), all.end(), 0);
  const PairedBootstrap observed = paired_bootstrap(truth, first, second, {all}, kAlpha);
  const Json got{{"ba1", observed.first[0]},
                 {"ba2", observed.second[0]},
                 {"observed_difference", observed.difference[0]},
                 {"replicates", test.difference},
                 {"percentile_ci95", {test.low, test.high}},
                 {"basic_ci95", ends(basic_interval(test.difference, observed.difference[0], kAlpha))},
                 {"p_two_sided_sign", bootstrap_p(test.difference)},
                 {"gem_is_significant_flag", !test.significant},  // the reference's flag is inverted
                 {"correct_significant", test.significant}};
  compare_fields(compare, "paired", got, golden, {"y_true", "pred1", "pred2", "resample_indices", "note"});
}

void check_missing_class(const Json& paired, const Json& golden, Comparison& compare) {
  const std::vector<int> truth = ints_of(paired, "y_true"), predicted = ints_of(paired, "pred1");
  const PairedBootstrap drawn =
      paired_bootstrap(truth, predicted, predicted, {golden.at("indices").get<std::vector<int>>()}, kAlpha);
  // The reference divides the missing class's hits by its members: 0/0.
  std::vector<int> drawn_truth, drawn_predicted;
  for (const int i : ints_of(golden, "indices")) {
    drawn_truth.push_back(truth.at(static_cast<std::size_t>(i)));
    drawn_predicted.push_back(predicted.at(static_cast<std::size_t>(i)));
  }
  const int classes = 1 + std::max(*std::max_element(truth.begin(), truth.end()),
                                   *std::max_element(predicted.begin(), predicted.end()));
  const auto recalls = row_normalised(confusion(drawn_truth, drawn_predicted, classes));
  double sum = 0;
  for (std::size_t c = 0; c < recalls.size(); ++c) sum += recalls[c][c];
  const auto missing = golden.at("missing_class").get<std::size_t>();
  const Json got{{"missing_class", std::isnan(recalls.at(missing)[missing]) ? missing : recalls.size()},
                 {"gem_value", sum / classes},
                 {"mean_over_present_classes", drawn.first[0]}};
  compare_fields(compare, "missing_class", got, golden, {"indices", "note"});
}

void check_mean(const Json& golden, Comparison& compare) {
  const auto x = golden.at("x").get<std::vector<double>>();
  std::vector<double> replicates;
  for (const Json& indices : golden.at("resample_indices")) {
    // More resamples may be listed than the file uses.
    if (replicates.size() == golden.at("replicates").size()) break;
    replicates.push_back(mean(picked(x, indices.get<std::vector<int>>())));
  }
  const BcaInterval bca = bca_interval(replicates, mean(x), jackknife(x, mean), kAlpha);
  const Json got{{"replicates", replicates},
                 {"se_ddof1", sample_sd(replicates)},
                 {"percentile_ci95", ends(percentile_interval(replicates, kAlpha))},
                 {"basic_ci95", ends(basic_interval(replicates, mean(x), kAlpha))},
                 {"bca_levels", ends(bca.levels)},
                 {"bca_ci95", ends(bca.interval)}};
  compare_fields(compare, "mean", got, golden, {"x", "resample_indices", "note"});
}

void check_file(const GoldenFile&, const Json& golden, Comparison& compare) {
  compare.set_tolerance(kNineDigits);
  for (const auto& [key, section] : golden.items()) {
    if (key == "paired_balanced_accuracy") {
      check_paired(section, compare);
    } else if (key == "missing_class_resample") {
      check_missing_class(golden.at("paired_balanced_accuracy"), section, compare);
    } else if (key == "one_sample_mean") {
      check_mean(section, compare);
    } else if (key != "reference") {
      compare.check("an unknown section: " + key, false);
    }
  }
}

}  // namespace

const RegisterKind bootstrap_intervals{{"bootstrap",
                                        [](const GoldenFile& file, const Json& golden) {
                                          return file.stem == "bootstrap" &&
                                                 golden.contains("paired_balanced_accuracy");
                                        },
                                        check_file}};

}  // namespace scant
