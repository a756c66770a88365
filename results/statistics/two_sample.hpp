// Two independent samples of scores: rank tests, effect sizes and equality of spreads.
#pragma once
#include <vector>

namespace scant {

/// Pairs (one of `a`, one of `b`) in which `a` is greater, ties counted one half: 0 .. |a| |b|. Throws
/// std::invalid_argument for an empty list (Mann and Whitney, Annals of Mathematical Statistics 18, 1947).
double mann_whitney_u(const std::vector<double>& a, const std::vector<double>& b);
/// Two-sided p of the normal approximation, with the variance less its ties and a continuity correction of 1/2; 1 where
/// all values are equal.
double mann_whitney_p_normal(const std::vector<double>& a, const std::vector<double>& b);
/// Two-sided p of the exact distribution of untied samples. A half-integer U counts as the next one towards the
/// centre, so that ties between the samples make p larger, never smaller. Takes (|a| |b|)^2 steps.
double mann_whitney_p_exact(const std::vector<double>& a, const std::vector<double>& b);

/// Share of pairs in which `a` is greater, ties one half: U / (|a| |b|), in [0,1] (Vargha and Delaney, Journal of
/// Educational and Behavioral Statistics 25, 2000).
double vargha_delaney(const std::vector<double>& a, const std::vector<double>& b);

/// Difference of the means in pooled standard deviations (Cohen, Statistical Power Analysis, 1988). Throws
/// std::invalid_argument where a list has fewer than two values or nothing varies.
double cohen_d(const std::vector<double>& a, const std::vector<double>& b);
/// cohen_d less its bias in small samples: times 1 - 3 / (4 (|a| + |b|) - 9) (Hedges, same journal 6, 1981).
double hedges_g(const std::vector<double>& a, const std::vector<double>& b);

/// Equality of the groups' spreads: analysis of variance of the distances from each group's median (Brown and Forsythe,
/// Journal of the American Statistical Association 69, 1974).
struct SpreadTest {
  double f = 0, p = 1;
};
/// Throws std::invalid_argument for fewer than two groups, an empty one, or distances that do not vary within any.
SpreadTest brown_forsythe(const std::vector<std::vector<double>>& groups);

}  // namespace scant
