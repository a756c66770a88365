// Confidence intervals of a proportion: an accuracy is k right answers out of n.
#pragma once
#include "results/statistics/interval.hpp"

namespace scant {

/// wilson: the score interval, the suite's choice (Wilson, Journal of the American Statistical Association 22, 1927);
/// clopper_pearson: never covers less than it says (Biometrika 26, 1934); jeffreys: quantiles of Beta(k + 1/2, n - k +
/// 1/2); agresti_coull: Wald's around (k + z^2/2) of n + z^2 (The American Statistician 52, 1998); wald: estimate -+
/// z standard errors, wrong near 0 and 1. The last two are cut to [0,1].
enum class ProportionRule { wilson, clopper_pearson, jeffreys, agresti_coull, wald };

/// Covers 1 - alpha. Throws std::invalid_argument unless 0 <= k <= n, n > 0 and 0 < alpha < 1.
ConfidenceInterval proportion_interval(long k, long n, double alpha, ProportionRule rule = ProportionRule::wilson);

}  // namespace scant
