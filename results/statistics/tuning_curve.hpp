// What a tuning budget buys: expected best validation value and its test value, and the incumbent over time.
#pragma once
#include <cstddef>
#include <vector>

namespace scant {

/// How n trials are thought to be drawn from the N finished ones. `with_replacement` is biased low and is what Dodge et
/// al. ("Show your work", EMNLP 2019) print; `without_replacement` is unbiased (Tang et al., "Showing your work doesn't
/// always work", ACL 2020). Neither says much beyond n = N/2.
enum class Draw { with_replacement, without_replacement };

/// Of the largest of n = 1..N values (index n - 1).
struct ExpectedBest {
  std::vector<double> mean, sd;
};
/// `validation`: finished trials of random search, larger is better. Throws std::invalid_argument for none or a value
/// that is not finite: a failed trial's value is for the caller to decide.
ExpectedBest expected_best(const std::vector<double>& validation, Draw draw);

/// Trials by rising validation value, ties in their order; the last is the winner.
std::vector<std::size_t> by_validation(const std::vector<double>& validation);
/// Expected test value of the validation winner among n = 1..N trials: shows over-tuning. Lists of equal length.
std::vector<double> expected_test_of_selected(const std::vector<double>& validation, const std::vector<double>& test,
                                              Draw draw);
/// Largest test value of any trial minus that of the validation winner; never negative.
double selection_gap(const std::vector<double>& validation, const std::vector<double>& test);

/// Best value reported by each time of `grid` (device-seconds, any order) when the trials run one after another in
/// `order` (trial numbers); NaN before the first. A trial reports when it ends, and a report at exactly the grid's time
/// counts. A value that is not finite is a failed trial: it takes its time and is never the best. Throws
/// std::invalid_argument for lists that do not fit or a negative duration.
std::vector<double> incumbent(const std::vector<double>& validation, const std::vector<double>& device_seconds,
                              const std::vector<std::size_t>& order, const std::vector<double>& grid);
/// The suite's grid: 0 and 32 times from budget/1024 to budget, evenly spaced in their logarithm. budget > 0.
std::vector<double> budget_grid(double budget);

/// Chance that at least one of n random trials is among the best share q of the space: 1 - (1 - q)^n (Bergstra and
/// Bengio, JMLR 13, 2012). Throws std::invalid_argument unless n >= 0 and q in [0,1].
double random_search_coverage(int n, double q);

}  // namespace scant
