// Methods against each other beyond a table's cells: over data sets by ranks and robust means, and on every data set by
// runs and by test items.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "harness/core/json.hpp"
#include "results/statistics/bayes.hpp"
#include "results/statistics/friedman.hpp"
#include "results/statistics/interval.hpp"
#include "results/statistics/pairwise.hpp"
#include "results/statistics/variance_components.hpp"
#include "results/table.hpp"

namespace scant {

/// One method over all data sets that count. Scores are normalised per data set: 0 is chance (1 / classes), 1 the mean
/// of the reference method.
struct MethodSummary {
  std::string label;
  double average_rank = 0;
  double interquartile_mean = 0;
  ConfidenceInterval interquartile_interval;
  std::optional<double> improvement;  // probability that a run beats one of the reference; the reference has none
  ConfidenceInterval improvement_interval;
  /// Chances that over data sets the method is worse than, practically equal to and better than the reference, by
  /// Bayesian signed ranks of the mean differences; from two data sets on.
  std::optional<RopeShares> practical;
};

/// Where one method's runs on one data set get their spread from; of cells with several splits of as many runs each.
struct SpreadSources {
  std::string dataset, method;
  VarianceComponents components;  // squared points
};

/// One method against the reference on one data set.
struct AgainstReference {
  std::string dataset, method;
  double difference = 0;                   // of mean scores, points
  std::optional<ConfidenceInterval> runs;  // for the difference, by Welch's t over runs; nothing where no run varies
  std::optional<double> p_adjusted;
  std::optional<double> detectable;  // smallest difference that as many runs of this spread show at 80 % power, points
  std::optional<ConfidenceInterval>
      items;  // for the difference of the first runs of every split, by paired bootstrap of test items
  std::optional<double> mcnemar;  // exact p of the same runs' right and wrong answers, all splits together
};

struct MethodComparison {
  std::string title, metric, reference, correction;
  double alpha = 0.05;
  int replicates = 0;                 // of every bootstrap, and draws of every posterior
  double rope = 1;                    // differences within this many points are practically none
  std::vector<std::string> datasets;  // that count over data sets
  std::vector<std::string> left_out;  // the others, each with its reason
  std::vector<MethodSummary> methods;
  Friedman friedman;
  std::optional<ImanDavenport> iman_davenport;  // from two data sets on
  PairwiseTests pairs;                          // by index into methods
  std::vector<std::vector<int>> cliques;        // methods that no pair's test separates
  std::vector<AgainstReference> against;
  std::vector<SpreadSources> spreads;

  Json to_json() const;
  /// Markdown.
  std::string text() const;
};

/// The methods and data sets of `table`, which was made of the same suite, plan and records. Replicates follow from
/// `seed` alone, whatever the number of threads. Throws InputError where fewer than two methods or no data set is
/// complete. `rope` in points.
MethodComparison compare(const Table& table, const Plan& plan, const std::vector<Record>& records, std::uint64_t seed,
                         int replicates, int threads, double rope = 1);

}  // namespace scant
