// Several methods on several data sets by ranks: Friedman's test, the differences of mean ranks that count, and groups
// of methods that they do not separate (Demsar, Journal of Machine Learning Research 7, 2006).
#pragma once
#include <vector>

namespace scant {

/// `scores`: a row a data set, a column a method, greater is better. All functions throw std::invalid_argument for
/// ragged or empty scores and for fewer than two methods.
struct Friedman {
  std::vector<double> average_ranks;  // a method each, 1 = best; ties share the mean of their ranks
  int datasets = 0, methods = 0;
  double chi2 = 0, p = 1;                          // corrected for ties; methods - 1 degrees of freedom
  double chi2_uncorrected = 0, p_uncorrected = 1;  // as printed by programs that know no ties
};
/// Friedman, Journal of the American Statistical Association 32, 1937. Where every row is one tie, p is 1.
Friedman friedman(const std::vector<std::vector<double>>& scores);

/// The less conservative F form of Friedman's chi2 (Iman and Davenport, Communications in Statistics A 9, 1980). f is
/// infinite where all data sets rank alike.
struct ImanDavenport {
  double f = 0, df1 = 0, df2 = 0, p = 1;
};
ImanDavenport iman_davenport(double chi2, int datasets, int methods);

/// Standard error of the difference of two average ranks: sqrt(k (k + 1) / (6 N)).
double rank_difference_error(int datasets, int methods);

/// Nemenyi's comparison of all pairs (1963). Whether two methods differ depends on which others are in the pool; for
/// tables prefer pairwise_wilcoxon (pairwise.hpp).
/// Quantile of the range of `methods` normal values over sqrt 2: 1.960 for two methods at 5 %.
double nemenyi_quantile(double alpha, int methods);
double nemenyi_critical_difference(double alpha, int datasets, int methods);
/// Adjusted p of two methods whose average ranks differ by `difference`.
double nemenyi_p(double difference, int datasets, int methods);

/// Comparisons with one control (Dunn, Journal of the American Statistical Association 56, 1961): the normal quantile
/// at alpha / (2 (methods - 1)), and the difference of average ranks from which a method differs from the control.
double bonferroni_dunn_quantile(double alpha, int methods);
double bonferroni_dunn_critical_difference(double alpha, int datasets, int methods);

/// Maximal runs of methods in the order of their ranks (best first, ties by index) whose ranks span less than
/// `critical_difference`; a method that is near no other is a run of its own.
std::vector<std::vector<int>> rank_groups(const std::vector<double>& average_ranks, double critical_difference);

}  // namespace scant
