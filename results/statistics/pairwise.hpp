// All pairs of methods over many data sets, and the sets of methods that nothing separates: the suite's reading of a
// table with many methods (Benavoli, Corani and Mangili, Journal of Machine Learning Research 17, 2016).
#pragma once
#include <utility>
#include <vector>

#include "results/statistics/multiplicity.hpp"

namespace scant {

/// exact: differences rounded, exact p with ties. scipy: raw differences and the p that scipy chooses, to compare with
/// published numbers. Both with Pratt's zeros.
enum class PairRule { exact, scipy };

struct PairwiseTests {
  std::vector<std::pair<int, int>> pairs;  // (0,1), (0,2), ... by method index
  std::vector<double> p, adjusted;
  std::vector<bool> reject;  // adjusted <= alpha
};
/// `scores`: a row a data set, a column a method. Throws std::invalid_argument for ragged scores.
PairwiseTests pairwise_wilcoxon(const std::vector<std::vector<double>>& scores, double alpha,
                                PairRule rule = PairRule::exact, Adjustment adjustment = Adjustment::holm);

/// Maximal sets of methods without a rejected pair, each ascending, in lexicographic order; a method that differs from
/// all others is a set of its own (Bron and Kerbosch, Communications of the ACM 16, 1973).
std::vector<std::vector<int>> maximal_cliques(const PairwiseTests& tests, int methods);

}  // namespace scant
