// Wilcoxon's signed-rank test of paired differences (Wilcoxon, Biometrics Bulletin 1, 1945), with the three ways to
// treat differences of zero and an exact p that knows ties.
#pragma once
#include <vector>

namespace scant {

/// What happens to differences of zero: left out before ranking (Wilcoxon); ranked with the others and then left out
/// (Pratt, Journal of the American Statistical Association 54, 1959); ranked, half of their ranks for either side.
enum class Zeros { drop, pratt, split };

/// Sums of the ranks of |difference|, by sign.
struct SignedRanks {
  std::vector<double> ranks;   // of the differences other than zero
  double plus = 0, minus = 0;  // with half of the zeros' ranks each, where zeros are split
  double zero_ranks = 0;       // sum of the zeros' ranks, where they have any
  long zeros = 0;
  double statistic() const { return plus < minus ? plus : minus; }
};
/// Round the differences first (paired_differences), or ties go unseen.
SignedRanks signed_ranks(const std::vector<double>& differences, Zeros zeros);

/// Two-sided p from all 2^n signs of the ranks as they are, ties included. Takes n R steps, R = the smaller rank sum:
/// below a second for n = 1000. 1 where every difference is zero.
double wilcoxon_p_exact(const std::vector<double>& differences, Zeros zeros);

/// Two-sided p of the normal approximation, its variance less the ties; `continuity`: 1/2 towards the mean. Pratt: mean
/// and variance less the block of zeros (Cureton, same journal 62, 1967). 1 where every difference is zero.
double wilcoxon_p_normal(const std::vector<double>& differences, Zeros zeros, bool continuity);

/// Two-sided p from the distribution of the untied ranks 1..n at the positive rank sum rounded down: what tables and
/// scipy give. With ties it is only near the exact p. Throws std::invalid_argument if a difference is zero.
double wilcoxon_p_untied(const std::vector<double>& differences);

/// The p that scipy 1.10 chooses by itself: wilcoxon_p_untied up to 50 differences without a zero, else the normal
/// approximation without continuity. To compare with published numbers.
double wilcoxon_p_scipy(const std::vector<double>& differences, Zeros zeros);

}  // namespace scant
