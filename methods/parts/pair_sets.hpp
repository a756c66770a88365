// Which pairs of a batch belong together, and how far apart they are: what all pair losses start from.
#pragma once
#include "harness/learn/compat.hpp"

namespace scant {

/// Entry (i, j) is about row i as anchor and column j as candidate. N x M bool; a pair may be in neither set.
struct PairSets {
  torch::Tensor positive, negative;
};

/// All ordered pairs of a batch, labels N int64: the same label, or another. Nobody pairs with itself.
PairSets pair_sets(const torch::Tensor& labels);
/// Anchors with the labels N, candidates with the labels M; candidates whose label is below 0 are in neither set.
PairSets pair_sets(const torch::Tensor& labels, const torch::Tensor& candidates);

/// How a pair is measured. Distances grow as rows part, the cosine falls.
enum class Measure { euclidean, squared_euclidean, cosine };
inline bool is_likeness(Measure measure) {
  return measure == Measure::cosine;
}
/// x N x D, y M x D -> N x M. Rows are taken as they are: the caller makes them unit vectors, and the cosine is the
/// bare inner product. The derivative of the distance of equal rows is 0.
torch::Tensor pair_table(const torch::Tensor& x, const torch::Tensor& y, Measure measure);

/// By how much each entry of `table` says that its pair is farther apart than `than`; negative where it is nearer.
torch::Tensor excess(const torch::Tensor& table, const torch::Tensor& than, Measure measure);
torch::Tensor excess(const torch::Tensor& table, double than, Measure measure);

/// `sets` without positives whose cosine is not below 1 - `slack`: what some references take for the anchor itself.
PairSets without_copies(const PairSets& sets, const torch::Tensor& cosines, double slack);

/// The number of a row's entries, N x 1, in the type of `like`.
torch::Tensor counts_of_rows(const torch::Tensor& mask, const torch::Tensor& like);

/// log sum exp over the entries of `mask` along `dim`. Where there is none: a very low number, with gradient 0.
torch::Tensor masked_log_sum_exp(const torch::Tensor& x, const torch::Tensor& mask, std::int64_t dim);
/// log(1 + sum exp) over the entries of `mask` along `dim`; 0 where there is none.
torch::Tensor log_one_plus_sum_exp(const torch::Tensor& x, const torch::Tensor& mask, std::int64_t dim);

}  // namespace scant
