// Student's, Welch's, paired and corrected resampled t.
#include "results/statistics/t_tests.hpp"

#include <boost/math/distributions/students_t.hpp>
#include <cmath>
#include <stdexcept>

#include "results/statistics.hpp"

namespace scant {
namespace {

TTest judged(double difference, double standard_error, double degrees) {
  if (!(standard_error > 0)) throw std::invalid_argument("a t test needs values that vary");
  const double t = difference / standard_error;
  const boost::math::students_t distribution(degrees);
  return {difference, standard_error, t, degrees, 2 * cdf(complement(distribution, std::abs(t)))};
}

double squared(double x) {
  return x * x;
}

}  // namespace

ConfidenceInterval t_interval(const TTest& test, double alpha) {
  if (!(alpha > 0 && alpha < 1)) throw std::invalid_argument("alpha lies between 0 and 1");
  const double reach = test.standard_error * quantile(complement(boost::math::students_t(test.degrees), alpha / 2));
  return {test.difference - reach, test.difference + reach};
}

TTest student_t(const std::vector<double>& a, const std::vector<double>& b) {
  const auto n_a = static_cast<double>(a.size()), n_b = static_cast<double>(b.size());
  const double squares = (n_a - 1) * squared(sample_sd(a)) + (n_b - 1) * squared(sample_sd(b));
  const double degrees = n_a + n_b - 2;
  return judged(mean(a) - mean(b), std::sqrt(squares / degrees * (1 / n_a + 1 / n_b)), degrees);
}

TTest welch_t(const std::vector<double>& a, const std::vector<double>& b) {
  const Welch test = welch(a, b);
  const double error =
      squared(sample_sd(a)) / static_cast<double>(a.size()) + squared(sample_sd(b)) / static_cast<double>(b.size());
  return {mean(a) - mean(b), std::sqrt(error), test.t, test.degrees, test.p_two_sided};
}

TTest paired_t(const std::vector<double>& differences) {
  return corrected_t(differences, 0);
}

TTest corrected_t(const std::vector<double>& differences, double test_to_train) {
  if (!(test_to_train >= 0) || std::isinf(test_to_train)) {
    throw std::invalid_argument("the ratio of test to training samples is a number from 0");
  }
  const auto n = static_cast<double>(differences.size());
  const double error = sample_sd(differences) * std::sqrt(1 / n + test_to_train);
  return judged(mean(differences), error, n - 1);
}

}  // namespace scant
