// Pairs of scores of two methods on the same splits, seeds, data sets or test items: differences and tests that need no
// distribution of them. Wilcoxon's test has its own header.
#pragma once
#include <cstdint>
#include <vector>

namespace scant {

/// a - b, rounded to multiples of `resolution`; 0 leaves them as they are. 0.82 - 0.80 and 0.72 - 0.70 differ in their
/// last bit, and without rounding no rank test sees the tie. Throws std::invalid_argument if the lengths differ.
std::vector<double> paired_differences(const std::vector<double>& a, const std::vector<double>& b,
                                       double resolution = 1e-10);

/// Two-sided p of `wins` against `losses` where both are equally likely: exact binomial, at most 1; 1 without either.
/// Throws std::invalid_argument for a negative count.
double even_odds_p(long wins, long losses);

/// Signs of differences; zeros count for neither.
struct SignTest {
  long positive = 0, negative = 0;
  double p_two_sided = 1;
};
SignTest sign_test(const std::vector<double>& differences);

/// Two models on the same test items, of which only those count that exactly one gets right (McNemar, Psychometrika 12,
/// 1947; continuity correction: Edwards, Psychometrika 13, 1948). Without such items every p is 1.
struct McNemar {
  long first_only = 0, second_only = 0;
  double p_exact = 1;
  double chi2 = 0, p_chi2 = 1;                      // one degree of freedom
  double chi2_corrected = 0, p_chi2_corrected = 1;  // (|difference| - 1)^2 / sum
};
McNemar mcnemar(long first_only, long second_only);
/// Throws std::invalid_argument if the lengths differ.
McNemar mcnemar(const std::vector<int>& truth, const std::vector<int>& first, const std::vector<int>& second);

/// Two-sided p of the mean difference when every sign might as well be the other (Fisher, The Design of Experiments,
/// 1935): all 2^n signs up to n = 20; above, `draws` random ones keyed by (seed, draw), with the observed one counted
/// in. Throws std::invalid_argument without differences.
double sign_flip_p(const std::vector<double>& differences, std::uint64_t seed = 0, long draws = 100000);

}  // namespace scant
