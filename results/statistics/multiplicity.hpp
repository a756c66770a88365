// Adjusting p values for the number of comparisons in one table.
#pragma once
#include <vector>

namespace scant {

/// Of the probability that any true null hypothesis is rejected: bonferroni; sidak (independent tests); holm, the
/// suite's choice for tables, and holm_sidak, both step-down (Holm, Scandinavian Journal of Statistics 6, 1979);
/// hochberg (Biometrika 75, 1988) and hommel (same volume), which want independent or positively dependent tests. Of
/// the expected share of false rejections: benjamini_hochberg, for exploratory tables (Journal of the Royal Statistical
/// Society B 57, 1995), benjamini_yekutieli under any dependence (Annals of Statistics 29, 2001).
enum class Adjustment {
  none,
  bonferroni,
  sidak,
  holm,
  holm_sidak,
  hochberg,
  hommel,
  benjamini_hochberg,
  benjamini_yekutieli
};

/// Adjusted p in the order of `p`, each in [0,1]; a test is rejected where it is at most alpha. The family is all of
/// `p`. Throws std::invalid_argument for a p outside [0,1].
std::vector<double> adjusted(const std::vector<double>& p, Adjustment adjustment);

}  // namespace scant
