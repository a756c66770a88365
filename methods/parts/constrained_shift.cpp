// Mean shift's steps.
#include "methods/parts/constrained_shift.hpp"

#include <utility>

namespace scant {
namespace {

torch::Tensor write_and_measure(const ShiftBatch& batch, NeighbourBankImpl& bank) {
  bank.write(batch.targets, batch.labels, batch.images);
  return unit_distances(batch.targets, bank.embeddings());
}

/// The mean of both losses.
Shift half_constrained(const ShiftBatch& batch, const NeighbourBankImpl& bank, BankNeighbours plain,
                       BankNeighbours constrained) {
  const torch::Tensor loss = mean_shift_loss(batch.queries, bank.embeddings(), plain) +
                             mean_shift_loss(batch.queries, bank.embeddings(), constrained);
  return {loss / 2, std::move(plain), std::move(constrained)};
}

}  // namespace

Shift plain_shift(const ShiftBatch& batch, NeighbourBankImpl& bank, int k) {
  const BankNeighbours plain = nearest(write_and_measure(batch, bank), k);
  return {mean_shift_loss(batch.queries, bank.embeddings(), plain), plain, {}};
}

Shift class_shift(const ShiftBatch& batch, NeighbourBankImpl& bank, Unlabelled unlabelled, int k) {
  const torch::Tensor distances = write_and_measure(batch, bank);
  const auto allowed = unlabelled == Unlabelled::left_out ? same_group : same_group_or_any;
  const BankNeighbours constrained = nearest(distances, allowed(batch.labels, bank.labels()), k);
  return {mean_shift_loss(batch.queries, bank.embeddings(), constrained), nearest(distances, k), constrained};
}

Shift cluster_shift(const ShiftBatch& batch, NeighbourBankImpl& bank, const torch::Tensor& cluster_of, int k) {
  const torch::Tensor distances = write_and_measure(batch, bank);
  const torch::Tensor allowed =
      same_group_or_any(cluster_of.index_select(0, batch.images), cluster_of.index_select(0, bank.images()));
  return half_constrained(batch, bank, nearest(distances, k), nearest(distances, allowed, k));
}

Shift two_query_shift(const ShiftBatch& batch, NeighbourBankImpl& bank, ViewPoolImpl& pool, int k, int k_prime) {
  const torch::Tensor distances = write_and_measure(batch, bank);
  pool.write(batch.images, batch.targets);
  const BankNeighbours related = pool.neighbours(batch.images, bank.images(), k_prime);
  return half_constrained(batch, bank, nearest(distances, k), nearest_preferring(distances, related, k));
}

}  // namespace scant
