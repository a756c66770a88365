// Mean shift: neighbours under constraints that few or no entries satisfy, the bank's ring, earlier views, clusters.
#include "methods/parts/mean_shift.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "methods/parts/constrained_shift.hpp"
#include "methods/parts/k_means.hpp"
#include "methods/parts/projector.hpp"
#include "methods/parts/pseudo_labels.hpp"
#include "tests/support/tensors.hpp"

namespace scant {
namespace {

using test::integers;

/// Unit rows at these angles.
torch::Tensor directions(const std::vector<double>& angles) {
  const torch::Tensor angle = torch::tensor(angles, torch::kFloat64);
  return torch::stack({angle.cos(), angle.sin()}, 1);
}

NeighbourBank bank_of(const torch::Tensor& embeddings, const torch::Tensor& labels, int length) {
  NeighbourBank bank(length, static_cast<int>(embeddings.size(1)));
  bank->features.set_data(bank->features.to(torch::kFloat64));
  bank->write(embeddings, labels, torch::arange(embeddings.size(0)));
  return bank;
}

TEST(MeanShift, FewerThanKEntriesOfAConstraintAreAveragedAlone) {
  const torch::Tensor bank = directions({0.0, 0.1, 0.2, 3.0}), queries = directions({0.05, 3.1});
  const torch::Tensor allowed = torch::tensor({true, false, false, true, false, false, false, false}).view({2, 4});
  const BankNeighbours found = nearest(unit_distances(queries, bank), allowed, 3);
  EXPECT_EQ(found.index.size(1), 3);
  EXPECT_TRUE(found.found.sum(1).equal(integers({2, 0})));
  const double expected = ((2 - 2 * std::cos(0.05)) + (2 - 2 * std::cos(2.95))) / 2;
  EXPECT_NEAR(mean_shift_loss(queries, bank, found).item<double>(), expected, 1e-12) << "the second row has none";
  const BankNeighbours none = nearest(unit_distances(queries, bank), torch::zeros_like(allowed), 3);
  EXPECT_EQ(mean_shift_loss(queries, bank, none).item<double>(), 0);
}

TEST(MeanShift, NegativeGroupsAreLeftOutOrUnconstrained) {
  const torch::Tensor own = integers({1, -1}), theirs = integers({1, 0, -1});
  EXPECT_TRUE(same_group(own, theirs).equal(torch::tensor({true, false, false, false, false, false}).view({2, 3})));
  EXPECT_TRUE(same_group_or_any(own, theirs).equal(torch::tensor({true, false, false, true, true, true}).view({2, 3})));
}

TEST(MeanShift, PreferredEntriesComeFirstAndTheNearestFillUp) {
  const torch::Tensor distances = torch::tensor({0.1, 0.2, 3.9, 0.3}, torch::kFloat64).view({1, 4});
  const BankNeighbours preferred{integers({2, 3}).view({1, 2}), torch::tensor({true, false}).view({1, 2})};
  EXPECT_TRUE(nearest_preferring(distances, preferred, 3).index.equal(integers({2, 0, 1}).view({1, 3})));
}

TEST(MeanShift, WithOneNeighbourAnImageIsDrawnToItsOwnTarget) {
  const torch::Tensor targets = directions({0.3, 1.4}), queries = directions({0.5, 1.0});
  NeighbourBank bank = bank_of(directions({0.29, 1.41, 2.0}), integers({0, 1, 2}), 8);
  const Shift shift = plain_shift({queries, targets, integers({0, 1}), integers({5, 6})}, *bank, 1);
  EXPECT_TRUE(shift.plain.index.flatten().equal(integers({3, 4})));
  EXPECT_NEAR(shift.loss.item<double>(), (2 - 2 * (queries * targets).sum(1)).mean().item<double>(), 1e-12);
}

TEST(MeanShift, ThePurityCountsWhatIsFound) {
  const BankNeighbours some{integers({0, 1, 2, 0}).view({2, 2}), torch::tensor({true, true, true, false}).view({2, 2})};
  EXPECT_DOUBLE_EQ(purity(some, integers({4, 7}), integers({4, 5, 7})).item<double>(), 0.75);
}

TEST(NeighbourBank, ShowsOnlyWhatWasWrittenAndOverwritesTheOldest) {
  NeighbourBank bank = bank_of(directions({0.0, 0.1}), integers({0, 1}), 3);
  EXPECT_EQ(bank->embeddings().size(0), 2);
  bank->write(directions({0.2, 0.3}), integers({2, 3}), integers({7, 8}));
  EXPECT_TRUE(bank->labels().equal(integers({3, 1, 2})));
  EXPECT_TRUE(bank->images().equal(integers({8, 1, 7})));
}

TEST(Ring, ShortensToWhatIsWrittenAtLeast) {
  Ring ring(10);
  EXPECT_TRUE(ring.advance(4).equal(integers({0, 1, 2, 3})));
  ring.shorten(3);
  EXPECT_EQ(ring.length(), 4);
  EXPECT_TRUE(ring.advance(3).equal(integers({0, 1, 2})));
  ring.shorten(8);
  EXPECT_EQ(ring.length(), 4);
  EXPECT_TRUE(ring.advance(2).equal(integers({3, 0})));
}

TEST(ViewPool, KeepsTheLastTwoViewsOfEveryImage) {
  ViewPool pool(2);
  pool->reserve(2);
  pool->write(integers({0, 1}), directions({0.1, 0.2}).to(torch::kFloat32));
  EXPECT_EQ(pool->previous(integers({0})).abs().sum().item<double>(), 0) << "one view so far";
  pool->reserve(4);
  pool->write(integers({1, 3}), directions({0.3, 0.4}).to(torch::kFloat32));
  EXPECT_TRUE(pool->previous(integers({1})).equal(directions({0.2}).to(torch::kFloat32)));
  EXPECT_TRUE(pool->latest(integers({1, 3})).equal(directions({0.3, 0.4}).to(torch::kFloat32)));
  const BankNeighbours related = pool->neighbours(integers({1, 3}), integers({0, 1, 3}), 2);
  EXPECT_TRUE(related.found.equal(torch::tensor({true, false, false, false}).view({2, 2})))
      << "only image 1 has an earlier view";
  EXPECT_EQ(related.index[0][0].item<std::int64_t>(), 1);
}

TEST(TwoQueryShift, DrawsToWhatWasNearInTheEarlierView) {
  // Images 0 and 1 were near in their first views and are far now; image 2 is near image 0 now.
  const auto single = [](const std::vector<double>& angles) { return directions(angles).to(torch::kFloat32); };
  NeighbourBank bank(8, 2);
  ViewPool pool(2);
  pool->reserve(3);
  const torch::Tensor all = integers({0, 1, 2}), labels = integers({-1, -1, -1});
  two_query_shift({single({0.0, 0.1, 2.0}), single({0.0, 0.1, 2.0}), labels, all}, *bank, *pool, 2, 2);
  const torch::Tensor now = single({0.0, 1.5, 0.4});
  bank->ring = Ring(8);  // what images are now is all that the bank holds
  const Shift shift = two_query_shift({now, now, labels, all}, *bank, *pool, 2, 2);
  EXPECT_TRUE(shift.plain.index[0].equal(integers({0, 2})));
  EXPECT_TRUE(shift.constrained.index[0].equal(integers({0, 1})));
  const double plain = (2 - 2 * std::cos(0.4)) / 2, constrained = (2 - 2 * std::cos(1.5)) / 2;
  const torch::Tensor first =
      mean_shift_loss(now.narrow(0, 0, 1), bank->embeddings(),
                      {shift.constrained.index.narrow(0, 0, 1), shift.constrained.found.narrow(0, 0, 1)});
  EXPECT_NEAR(first.item<double>(), constrained, 1e-6);
  EXPECT_GT(constrained, plain);
}

TEST(KMeans, SeparatesGroupsAndRepeatsItself) {
  const torch::Tensor points = directions({0.0, 0.05, 0.1, 3.0, 3.05, 3.1});
  Random a(3), b(3);
  const torch::Tensor clusters = k_means(points, 2, 10, a);
  EXPECT_TRUE(clusters.equal(k_means(points, 2, 10, b)));
  EXPECT_TRUE(clusters.narrow(0, 0, 3).eq(clusters[0]).all().item<bool>());
  EXPECT_TRUE(clusters.narrow(0, 3, 3).eq(clusters[3]).all().item<bool>());
  EXPECT_NE(clusters[0].item<std::int64_t>(), clusters[3].item<std::int64_t>());
}

TEST(PseudoLabels, KnownOnesStandAndUnsureOnesAreNone) {
  const torch::Tensor logits = torch::tensor({5.0, 0.0, 0.1, 0.0, 0.0, 4.0}).view({3, 2});
  const PseudoLabels pseudo = pseudo_labels(logits, integers({1, -1, -1}), 0.9);
  EXPECT_TRUE(pseudo.labels.equal(integers({1, -1, 1})));
  EXPECT_TRUE(pseudo.confident.equal(torch::tensor({true, false, true})));
  EXPECT_EQ(pseudo_accuracy(pseudo, integers({1, -1, -1}), integers({1, 0, 1})).item<double>(), 1);
  EXPECT_EQ(pseudo_accuracy(pseudo, integers({1, 1, 1}), integers({1, 0, 1})).item<double>(), 0);
}

}  // namespace
}  // namespace scant
