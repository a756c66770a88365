// Metric-learning losses: gradients against central differences, batches that hold no pair, order of the batch; and the
// method that trains with them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <numeric>

#include "harness/learn/gradient_method.hpp"
#include "methods/parts/contrastive_pairs.hpp"
#include "methods/parts/cross_batch_memory.hpp"
#include "methods/parts/fast_ap.hpp"
#include "methods/parts/grouped_order.hpp"
#include "methods/parts/interaction_selection.hpp"
#include "methods/parts/multi_similarity.hpp"
#include "methods/parts/projector.hpp"
#include "methods/parts/proxy_losses.hpp"
#include "methods/parts/triplet_loss.hpp"

namespace scant {
namespace {

constexpr std::int64_t n = 9, dim = 5, classes = 3;

torch::Tensor drawn(std::int64_t rows, std::uint64_t seed, torch::Dtype type = torch::kFloat64) {
  Random random(seed);
  torch::Tensor x = torch::empty({rows, dim}, type);
  fill_normal(x, 1, random);
  return x;
}

/// A loss of raw rows N x dim, made unit vectors inside, and N labels.
using Loss = std::function<torch::Tensor(const torch::Tensor&, const torch::Tensor&)>;

Loss of_table(Measure measure, const std::function<torch::Tensor(const torch::Tensor&, const PairSets&)>& loss) {
  return [=](const torch::Tensor& x, const torch::Tensor& labels) {
    const torch::Tensor rows = unit_rows(x);
    return loss(pair_table(rows, rows, measure), pair_sets(labels));
  };
}

Loss contrastive(Aggregation how, double pull, double push) {
  return of_table(Measure::euclidean, [=](const torch::Tensor& d, const PairSets& sets) {
    return contrastive_pairs(d, sets, Measure::euclidean, {0.1, 1.3}, how).weighted(pull, push);
  });
}

Loss triplets(TripletKind kind, Measure measure, const TripletOptions& options) {
  return of_table(measure, [=](const torch::Tensor& table, const PairSets& sets) {
    return triplet_loss(table, all_triplets(table, sets, measure, kind, 0.5), measure, options, Aggregation::mean);
  });
}

Loss softmax(Denominator below) {
  return of_table(Measure::cosine, [=](const torch::Tensor& s, const PairSets& sets) {
    return softmax_terms(s, sets, 0.3, below).weighted(0.7, 1.2);
  });
}

torch::Tensor proxies(const torch::Tensor& like) {
  return unit_rows(drawn(classes, 77)).to(like.scalar_type());
}

/// Losses that have nothing to say about a batch in which no two images share a class.
std::map<std::string, Loss> losses_of_positives() {
  return {{"pull", contrastive(Aggregation::row_mean_mean, 1, 0)},
          {"triplet", triplets(TripletKind::violating, Measure::euclidean, {.margin = 0.5})},
          {"triplet swap cosine", triplets(TripletKind::all, Measure::cosine, {.margin = 0.3, .swap = true})},
          {"triplet smooth", triplets(TripletKind::hard, Measure::squared_euclidean, {.margin = 0.3, .smooth = true})},
          {"hardest", of_table(Measure::euclidean,
                               [](const torch::Tensor& d, const PairSets& sets) {
                                 const Triplets chosen = hardest_triplets(d, sets, Measure::euclidean);
                                 return triplet_loss(d, chosen, Measure::euclidean, {}, Aggregation::sum);
                               })},
          {"multi-similarity mined", of_table(Measure::cosine,
                                              [](const torch::Tensor& s, const PairSets& sets) {
                                                return multi_similarity_loss(s, informative_pairs(s, sets, 0.1), {});
                                              })},
          {"nt-xent", softmax(Denominator::own_positive)},
          {"supcon", softmax(Denominator::all_others)},
          {"decoupled", softmax(Denominator::negatives)},
          {"fast-ap", of_table(Measure::squared_euclidean,
                               [](const torch::Tensor& d, const PairSets& sets) { return fast_ap_loss(d, sets, 7); })}};
}

std::map<std::string, Loss> all_losses() {
  std::map<std::string, Loss> all = losses_of_positives();
  for (const std::string& name : aggregation_names()) {
    all["contrastive " + name] = contrastive(aggregation_of(name), 0.8, 1.1);
  }
  all["multi-similarity"] = of_table(Measure::cosine, [](const torch::Tensor& s, const PairSets& sets) {
    return multi_similarity_loss(s, two_sided(sets), {.alpha = 3, .beta = 7});
  });
  all["alignment and uniformity"] = of_table(Measure::euclidean, [](const torch::Tensor& d, const PairSets& sets) {
    return alignment_and_uniformity(d, sets, 2, 2).weighted(1, 1);
  });
  all["summed pairs"] = of_table(Measure::cosine, [](const torch::Tensor& s, const PairSets& sets) {
    return summed_pairs(s, sets, {.negative_margin = 0.2}).loss;
  });
  for (const bool own : {true, false}) {
    all[own ? "proxy-nca++" : "proxy-nca"] = [own](const torch::Tensor& x, const torch::Tensor& labels) {
      return proxy_nca_loss(pair_table(unit_rows(x), proxies(x), Measure::squared_euclidean), labels, {2, own});
    };
  }
  all["proxy-anchor"] = [](const torch::Tensor& x, const torch::Tensor& labels) {
    return proxy_anchor_loss(pair_table(unit_rows(x), proxies(x), Measure::cosine), labels, {.alpha = 5});
  };
  return all;
}

torch::Tensor usual_labels() {
  return torch::tensor({0, 0, 1, 2, 1, 0, 2, 1, 2}, torch::kInt64);
}

TEST(MetricLosses, GradientsEqualCentralDifferences) {
  const torch::Tensor labels = usual_labels();
  for (const auto& [name, loss] : all_losses()) {
    torch::Tensor x = drawn(n, 3).requires_grad_(true);
    const torch::Tensor value = loss(x, labels);
    EXPECT_GT(value.abs().item<double>(), 1e-3) << name << " is not put to the test";
    value.backward();
    const torch::NoGradGuard no_grad;
    const torch::Tensor direction = drawn(n, 4);
    const double step = 1e-7, analytic = (x.grad() * direction).sum().item<double>();
    const double above = loss(x + step * direction, labels).item<double>();
    const double below = loss(x - step * direction, labels).item<double>();
    EXPECT_NEAR((above - below) / (2 * step), analytic, 1e-6 * (1 + std::abs(analytic))) << name;
  }
}

TEST(MetricLosses, GradientsOfProxiesEqualCentralDifferences) {
  const torch::Tensor rows = unit_rows(drawn(n, 3)), labels = usual_labels();
  const auto nca = [&](const torch::Tensor& p) {
    return proxy_nca_loss(pair_table(rows, unit_rows(p), Measure::squared_euclidean), labels, {});
  };
  const auto anchor = [&](const torch::Tensor& p) {
    return proxy_anchor_loss(pair_table(rows, unit_rows(p), Measure::cosine), labels, {});
  };
  torch::Tensor p = drawn(classes, 5).requires_grad_(true);
  (nca(p) + anchor(p)).backward();
  const torch::NoGradGuard no_grad;
  const torch::Tensor direction = drawn(classes, 6), above = p + 1e-7 * direction, below = p - 1e-7 * direction;
  const double difference = (nca(above) + anchor(above) - nca(below) - anchor(below)).item<double>() / 2e-7;
  EXPECT_NEAR((p.grad() * direction).sum().item<double>(), difference, 1e-5 * std::abs(difference));
}

TEST(MetricLosses, WithoutAPositiveThereIsNoLossAndNoGradient) {
  for (const auto type : {torch::kFloat32, torch::kFloat64}) {
    for (const auto& [name, loss] : losses_of_positives()) {
      torch::Tensor x = drawn(n, 8, type).requires_grad_(true);
      const torch::Tensor value = loss(x, torch::arange(n));
      EXPECT_EQ(value.item<double>(), 0) << name;
      value.backward();
      EXPECT_TRUE(x.grad().eq(0).all().item<bool>()) << name;
    }
  }
}

TEST(MetricLosses, OneClassOneImageAndEqualRowsLeaveThemFinite) {
  for (const auto type : {torch::kFloat32, torch::kFloat64}) {
    for (const auto& [name, loss] : all_losses()) {
      for (const std::int64_t size : {n, std::int64_t{1}}) {
        torch::Tensor x = drawn(1, 9, type).repeat({size, 1}).requires_grad_(true);
        for (const torch::Tensor& labels : {torch::zeros({size}, torch::kInt64), usual_labels().narrow(0, 0, size)}) {
          const torch::Tensor value = loss(x, labels);
          EXPECT_TRUE(std::isfinite(value.item<double>())) << name << ", " << size << " rows";
          value.backward();
          EXPECT_TRUE(x.grad().isfinite().all().item<bool>()) << name << ", " << size << " rows";
        }
      }
    }
  }
}

TEST(MetricLosses, TheOrderOfTheBatchDoesNotMatter) {
  const torch::Tensor x = drawn(n, 10), labels = usual_labels();
  const torch::Tensor order = torch::tensor({4, 0, 8, 2, 6, 1, 3, 7, 5}, torch::kInt64);
  for (const auto& [name, loss] : all_losses()) {
    EXPECT_NEAR(loss(x, labels).item<double>(),
                loss(x.index_select(0, order), labels.index_select(0, order)).item<double>(), 1e-12)
        << name;
  }
}

TEST(Triplets, KindsDivideAllOfThem) {
  const torch::Tensor rows = unit_rows(drawn(n, 12)), table = pair_table(rows, rows, Measure::euclidean);
  const PairSets sets = pair_sets(usual_labels());
  const auto count = [&](TripletKind kind) {
    return listed(all_triplets(table, sets, Measure::euclidean, kind, 0.2)).size(1);
  };
  EXPECT_EQ(count(TripletKind::all), n * 2 * 6);
  EXPECT_EQ(count(TripletKind::easy) + count(TripletKind::violating), count(TripletKind::all));
  EXPECT_EQ(count(TripletKind::semihard) + count(TripletKind::hard), count(TripletKind::violating));
  EXPECT_EQ(listed(hardest_triplets(table, sets, Measure::euclidean)).size(1), n);
}

TEST(CrossBatchMemory, KeepsTheLatestAndIgnoresEmptyPlaces) {
  CrossBatchMemory memory(4, dim);
  const torch::Tensor rows = unit_rows(drawn(6, 13)).to(torch::kFloat32);
  const PairSets none = pair_sets(torch::tensor({0, 1}, torch::kInt64), memory->labels);
  EXPECT_FALSE(none.positive.logical_or(none.negative).any().item<bool>());
  memory->add(rows.narrow(0, 0, 3), torch::tensor({0, 1, 2}, torch::kInt64));
  memory->add(rows.narrow(0, 3, 2), torch::tensor({3, 4}, torch::kInt64));
  EXPECT_TRUE(memory->labels.equal(torch::tensor({3, 4, 0, 1}, torch::kInt64)));
  EXPECT_TRUE(memory->rows[2].equal(rows[0]));
  memory->add(rows, torch::arange(6));
  EXPECT_TRUE(memory->labels.equal(torch::arange(4)));
}

TEST(Interactions, CutsStartWithTheFirstBatchAndThenMove) {
  const torch::Tensor rows = unit_rows(drawn(n, 14)), distances = pair_table(rows, rows, Measure::euclidean);
  const PairSets sets = pair_sets(usual_labels());
  const torch::Tensor unknown = torch::full({}, NAN, torch::kFloat64), one = torch::ones({}, torch::kFloat64);
  const InteractionCuts batch = cuts_of_batch(distances, sets, 0.5, 0.75);
  EXPECT_TRUE(moved_cuts({unknown, unknown}, batch, 0.9).positive.equal(batch.positive));
  EXPECT_NEAR(moved_cuts({one, one}, batch, 0.9).negative.item<double>(), 0.9 + 0.1 * batch.negative.item<double>(),
              1e-12);
  const PairSets kept = selected(distances, sets, batch);
  EXPECT_EQ(kept.positive.sum().item<int>(), 10) << "half of 18, in pairs of equal distance";
  EXPECT_NEAR(kept.negative.sum().item<double>() / sets.negative.sum().item<double>(), 0.75, 0.05);
  const InteractionCuts empty = cuts_of_batch(distances, pair_sets(torch::arange(n)), 0.5, 0.75);
  EXPECT_TRUE(empty.positive.isnan().item<bool>());
  EXPECT_TRUE(moved_cuts({one, one}, empty, 0.9).positive.equal(one));
}

TEST(GroupedOrder, IsAPermutationInGroupsOfAClass) {
  std::vector<std::int64_t> positions(31), labels;
  std::iota(positions.begin(), positions.end(), 100);
  for (std::size_t i = 0; i < positions.size(); ++i) labels.push_back(static_cast<std::int64_t>(i % 3));
  Random random(1), again(1), other(2);
  const auto order = grouped_order(positions, labels, 4, random);
  EXPECT_THAT(order, testing::UnorderedElementsAreArray(positions));
  EXPECT_EQ(order, grouped_order(positions, labels, 4, again));
  EXPECT_NE(order, grouped_order(positions, labels, 4, other));
  for (std::size_t batch = 0; batch < 2; ++batch) {
    std::map<std::int64_t, int> count;
    for (std::size_t i = 0; i < 12; ++i) ++count[(order[batch * 12 + i] - 100) % 3];
    EXPECT_THAT(count, testing::ElementsAre(testing::Pair(0, 4), testing::Pair(1, 4), testing::Pair(2, 4)));
  }
}

/// Every loss that the method offers.
std::vector<std::string> offered() {
  std::vector<std::string> names;
  for (const ParamSpec& param : methods().at("metric").spec.params) {
    if (param.name != "loss") continue;
    for (const Json& name : param.one_of) names.push_back(name);
  }
  return names;
}

std::unique_ptr<Method> built(const Json& params) {
  auto method = methods().at("metric").make(params);
  Task task;
  task.trial.backbone = "wrn-10-1";
  task.trial.precision = "fp32";
  task.trial.epochs = 1;
  task.channels = 2;
  task.classes = 3;
  task.side = 8;
  method->build(task);
  return method;
}

torch::Tensor images_of(const torch::Tensor& labels) {
  Random random(21);
  torch::Tensor images = torch::empty({labels.size(0), 2, 8, 8});
  fill_normal(images, 0.3, random);
  return images + labels.view({-1, 1, 1, 1}).to(torch::kFloat32);
}

TEST(Metric, EveryLossShapesTheHeadAndTheClassifierShapesNothing) {
  const torch::Tensor labels = usual_labels(), images = images_of(labels);
  ASSERT_GE(offered().size(), 9u);
  for (const std::string& name : offered()) {
    const auto made = built({{"loss", name}, {"negative_margin", 2.0}, {"memory_margin", -1.0}});
    auto& method = dynamic_cast<GradientMethod&>(*made);
    method.network().train();
    const auto outputs = method.outputs(images);
    EXPECT_LT((outputs[1].norm(2, 1) - 1).abs().max().item<double>(), 1e-5) << name;
    method.loss(outputs, labels).backward();
    for (const auto& entry : method.network().named_parameters()) {
      const torch::Tensor gradient = entry.value().grad();
      EXPECT_TRUE(gradient.defined() && gradient.abs().sum().item<double>() > 0) << name << ": " << entry.key();
      if (gradient.defined()) entry.value().mutable_grad() = torch::Tensor();
    }
    torch::nn::functional::cross_entropy(method.outputs(images)[0], labels).backward();
    for (const auto& entry : method.network().named_parameters()) {
      EXPECT_EQ(entry.value().grad().defined(), entry.key().starts_with("backbone.fc.")) << name << ": " << entry.key();
    }
  }
}

TEST(Metric, EmbedsAsUnitVectorsOfTheChosenLength) {
  const auto method = built({{"dim", 7}});
  const torch::Tensor rows = method->embed(images_of(usual_labels()));
  EXPECT_EQ(rows.sizes(), (std::vector<std::int64_t>{n, 7}));
  EXPECT_LT((rows.norm(2, 1) - 1).abs().max().item<double>(), 1e-5);
  EXPECT_FALSE(rows.requires_grad());
}

}  // namespace
}  // namespace scant
