// Parts of methods with a second network or a queue: who follows whom, whose keys are where, what is mixed of what.
#include <gtest/gtest.h>

#include "harness/learn/backbone.hpp"
#include "methods/parts/info_nce.hpp"
#include "methods/parts/key_queue.hpp"
#include "methods/parts/mlp_head.hpp"
#include "methods/parts/mochi_negatives.hpp"
#include "methods/parts/momentum_network.hpp"
#include "methods/parts/projector.hpp"

namespace scant {
namespace {

torch::Tensor single_noise(at::IntArrayRef shape, std::uint64_t seed) {
  Random random(seed);
  torch::Tensor x = torch::empty(shape);
  fill_normal(x, 1, random);
  return x;
}

TEST(Follower, CopiesThenLagsBehind) {
  Random random(1);
  auto online = make_linear(3, 2, random), target = make_linear(3, 2, random);
  Follower follower;
  follower.add(*online, *target);
  EXPECT_TRUE(target->weight.equal(online->weight));
  EXPECT_FALSE(target->weight.requires_grad());
  EXPECT_TRUE(online->weight.requires_grad());
  const torch::Tensor before = target->bias.clone();
  {
    const torch::NoGradGuard no_grad;
    online->bias.add_(1);
  }
  follower.move(0.75);
  EXPECT_TRUE(torch::allclose(target->bias, before + 0.25));
  EXPECT_TRUE(torch::allclose(target->weight, online->weight));
}

TEST(Follower, ATargetMayLackTheClassifier) {
  Random random(2);
  const auto online = make_backbone({.name = "wrn-10-1", .classes = 3}, random);
  const auto target = make_backbone({.name = "wrn-10-1", .classes = 3}, random);
  target->drop_classifier();
  Follower follower;
  follower.add(*online, *target);
  follower.move(0.5);
  const auto parameters = online->named_parameters();
  for (const auto& entry : target->named_parameters()) {
    EXPECT_TRUE(torch::allclose(entry.value(), parameters[entry.key()])) << entry.key();
  }
}

TEST(KeyQueue, IsARingThatKnowsWhoseKeysItHolds) {
  Random random(3);
  KeyQueue queue(3, 5, random);
  EXPECT_TRUE(torch::allclose(queue->keys.norm(2, 0), torch::ones({5})));
  EXPECT_FALSE(queue->own({0, 1}).any().item<bool>());
  queue->put(torch::ones({3, 3}), {7, 8, 9});
  queue->put(2 * torch::ones({3, 3}), {9, 4, 7});
  EXPECT_TRUE(queue->owners.equal(torch::tensor({7, 8, 9, 9, 4}, torch::kInt64)));
  EXPECT_EQ(queue->position.item<std::int64_t>(), 1);
  EXPECT_TRUE(queue->keys[0].equal(torch::tensor({2.F, 1.F, 1.F, 2.F, 2.F})));
  const torch::Tensor expected =
      torch::tensor({0, 0, 1, 1, 0, 0, 0, 0, 0, 0}, torch::kInt64).view({2, 5}).to(torch::kBool);
  EXPECT_TRUE(queue->own({9, 1}).equal(expected));
}

TEST(InfoNce, TheFirstColumnIsTheQuerysOwnKeyLessTheMargin) {
  const torch::Tensor q = unit_rows(single_noise({2, 4}, 4)), k = unit_rows(single_noise({2, 4}, 5));
  const torch::Tensor queue = unit_rows(single_noise({3, 4}, 6)).t();
  const torch::Tensor logits = info_nce_logits(q, k, queue, {.temperature = 0.5, .margin = 0.25});
  EXPECT_EQ(logits.sizes(), (std::vector<std::int64_t>{2, 4}));
  EXPECT_NEAR(logits[1][0].item<double>(), 2 * (q[1].dot(k[1]).item<double>() - 0.25), 1e-6);
  EXPECT_NEAR(logits[0][3].item<double>(), 2 * q[0].dot(queue.select(1, 2)).item<double>(), 1e-6);
}

TEST(Mochi, DrawsMixPairsOfDifferentKeysAndLetNoQueryPrevail) {
  Random random(7);
  const MochiOptions options{.hardest = 3, .pairs = 200, .with_query = 100};
  const MochiDraws draws = draw_mixtures(4, options, random, torch::kFloat32);
  EXPECT_FALSE(draws.first.eq(draws.second).any().item<bool>());
  for (const torch::Tensor& ranks : {draws.first, draws.second, draws.partner}) {
    EXPECT_EQ(ranks.min().item<std::int64_t>(), 0);
    EXPECT_EQ(ranks.max().item<std::int64_t>(), 2);
  }
  EXPECT_LT(draws.query_share.max().item<double>(), 0.5);
  EXPECT_GT(draws.first_share.max().item<double>(), 0.5);
}

TEST(Mochi, SyntheticNegativesAreUnitVectorsWithoutGradientOfTheQuerysOwnKeys) {
  torch::Tensor raw = single_noise({3, 6}, 8).requires_grad_(true);
  const torch::Tensor queries = unit_rows(raw), queue = unit_rows(single_noise({10, 6}, 9)).t();
  const torch::Tensor hardest = hardest_keys(queries, queue, 4);
  const torch::Tensor cosines = queries.matmul(queue).gather(1, hardest);
  EXPECT_TRUE((cosines.narrow(1, 0, 3) >= cosines.narrow(1, 1, 3)).all().item<bool>());
  MochiDraws draws;
  draws.first = torch::tensor({0, 1, 3}, torch::kInt64).view({3, 1});
  draws.second = torch::tensor({2, 0, 1}, torch::kInt64).view({3, 1});
  draws.first_share = torch::full({3, 1}, 0.25);
  draws.partner = torch::tensor({3, 2, 0}, torch::kInt64).view({3, 1});
  draws.query_share = torch::full({3, 1}, 0.4);
  const MochiNegatives negatives = mix_negatives(queries, queue, hardest, draws);
  for (const torch::Tensor& points : {negatives.pairs, negatives.with_query}) {
    EXPECT_FALSE(points.requires_grad());
    EXPECT_TRUE(torch::allclose(points.norm(2, 2), torch::ones({3, 1})));
  }
  const auto key = [&](int query, int rank) { return queue.select(1, hardest[query][rank].item<std::int64_t>()); };
  const torch::Tensor mixed = 0.25 * key(1, 1) + 0.75 * key(1, 0), own = 0.4 * queries[2] + 0.6 * key(2, 0);
  EXPECT_TRUE(torch::allclose(negatives.pairs[1][0], mixed / mixed.norm(), 1e-4, 1e-6));
  EXPECT_TRUE(torch::allclose(negatives.with_query[2][0], own / own.norm(), 1e-4, 1e-6));
  mochi_logits(queries, negatives, 0.2).sum().backward();
  EXPECT_GT(raw.grad().abs().max().item<double>(), 0);
}

TEST(Mochi, ExcludedKeysComeLast) {
  const torch::Tensor queries = unit_rows(single_noise({2, 5}, 10)), queue = unit_rows(single_noise({6, 5}, 11)).t();
  const torch::Tensor plain = hardest_keys(queries, queue, 6);
  const torch::Tensor excluded = torch::zeros({2, 6}, torch::kBool);
  excluded[0][plain[0][0].item<std::int64_t>()].fill_(true);
  const torch::Tensor without = hardest_keys(queries, queue, 6, excluded);
  EXPECT_TRUE(without[1].equal(plain[1]));
  EXPECT_TRUE(without[0].narrow(0, 0, 5).equal(plain[0].narrow(0, 1, 5)));
  EXPECT_TRUE(without[0][5].equal(plain[0][0]));
}

TEST(MlpHead, HasTheLayersThatItsSpecSays) {
  Random random(12);
  MlpHead head(6, MlpSpec{.layers = 3, .hidden = 8, .out = 4, .last = MlpSpec::Norm::plain}, random);
  EXPECT_EQ(head->layers->size(), 8U);  // Linear, norm, ReLU twice, Linear, norm
  const torch::Tensor z = head->forward(single_noise({50, 6}, 13));
  EXPECT_TRUE(torch::allclose(z.mean(0), torch::zeros({4}), 0, 1e-5));
  EXPECT_TRUE(torch::allclose(z.var(0, false), torch::ones({4}), 0, 1e-2));
  MlpHead scaled(6, MlpSpec{.layers = 1, .out = 4, .last_bias = false, .last = MlpSpec::Norm::scale}, random);
  int trainable = 0;
  for (const torch::Tensor& p : scaled->parameters()) trainable += p.requires_grad() ? 1 : 0;
  EXPECT_EQ(trainable, 2) << "the linear layer's weight and the scale";
}

}  // namespace
}  // namespace scant
