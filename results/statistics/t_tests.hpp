// Tests and intervals on means that rest on Student's distribution: two samples, pairs, overlapping training sets.
#pragma once
#include <vector>

#include "results/statistics/interval.hpp"

namespace scant {

struct TTest {
  double difference = 0;  // of the means, or mean of the differences; units of the scores
  double standard_error = 0;
  double t = 0, degrees = 0;
  double p_two_sided = 1;
};
/// difference -+ t_{1 - alpha/2} standard errors. Throws std::invalid_argument unless 0 < alpha < 1.
ConfidenceInterval t_interval(const TTest& test, double alpha);

/// The tests below throw std::invalid_argument where a list has fewer than two values or where nothing varies.

/// Student's test with pooled variance; `a` and `b` are independent.
TTest student_t(const std::vector<double>& a, const std::vector<double>& b);
/// Welch's test (results/statistics.hpp) in the form from which an interval follows.
TTest welch_t(const std::vector<double>& a, const std::vector<double>& b);

/// Student's test of pairs: one difference a pair.
TTest paired_t(const std::vector<double>& differences);

/// The test of repeated splits of the same data, whose training sets overlap: the variance of the mean is
/// s^2 (1/n + test_to_train) instead of s^2 / n (Nadeau and Bengio, Machine Learning 52, 2003).
/// `test_to_train`: test samples per training sample; 1/(k-1) for k-fold cross-validation, also if repeated.
TTest corrected_t(const std::vector<double>& differences, double test_to_train);

}  // namespace scant
