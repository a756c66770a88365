// Tests that may look after every single run.
#pragma once
#include <cstddef>
#include <utility>
#include <vector>

namespace scant {

/// Sequential probability ratio test of a normal mean theta1 against theta0, variance known (Wald, Ann. Math. Stat. 16,
/// 1945). alpha, beta: chances of wrongly rejecting and wrongly accepting theta0.
struct SprtDesign {
  double theta0 = 0, theta1 = 0, variance = 1, alpha = 0.05, beta = 0.1;
};
enum class SprtDecision { go_on, accept_null, reject_null };
struct Sprt {
  double log_upper = 0, log_lower = 0;  // ln((1 - beta)/alpha) rejects, ln(beta/(1 - alpha)) accepts
  std::vector<double> log_ratio;        // after each value, also after the test has ended
  SprtDecision decision = SprtDecision::go_on;
  std::size_t values_used = 0;  // where the decision fell; all, if it has not
};
/// Throws std::invalid_argument for equal means, a variance that is not positive, or alpha, beta outside (0,1) or with
/// alpha + beta >= 1.
Sprt sprt(const std::vector<double>& values, const SprtDesign& design);

/// Likelihood ratio of a normal mean that is itself N(theta0, mixing variance), against theta0; valid at every n, so
/// that one may stop whenever one likes (Robbins, Ann. Math. Stat. 41, 1970; Johari et al., "Always valid inference",
/// Operations Research 70, 2022).
struct AlwaysValid {
  std::vector<double> ratio;                        // reject at 1/alpha
  std::vector<double> p;                            // at most 1, never rising
  std::vector<std::pair<double, double>> interval;  // of the mean, covering at all n at once with 1 - alpha
};
/// `variance` of one value, `mixing_variance` of the means thought likely, both > 0. Throws std::invalid_argument.
AlwaysValid always_valid(const std::vector<double>& values, double theta0, double variance, double mixing_variance,
                         double alpha = 0.05);

/// Evidence after each pair that the chance of a win is not 1/2: uniform mixture over that chance, B(w+1, n-w+1) 2^n
/// with w wins of n (Ville 1939; Ramdas et al., "Game-theoretic statistics and safe anytime-valid inference",
/// Statistical Science 38, 2023). Reject at 1/alpha, at any time. `wins`: 1 or 0 for each pair of runs; ties are left
/// out by the caller.
std::vector<double> sign_e_process(const std::vector<int>& wins);

}  // namespace scant
