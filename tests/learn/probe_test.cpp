// Judges of representations: against definitions written out, and what they promise about seeds, ties and choices.
#include "harness/learn/probe/probe.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <torch/optim.h>

#include <algorithm>
#include <cmath>
#include <iterator>

#include "harness/core/error.hpp"
#include "harness/core/random.hpp"
#include "harness/learn/backbone.hpp"
#include "harness/learn/method.hpp"
#include "harness/learn/probe/feature_norm.hpp"
#include "harness/learn/probe/knn.hpp"
#include "harness/learn/probe/lbfgs.hpp"
#include "harness/learn/probe/linear.hpp"
#include "harness/learn/probe/logistic.hpp"
#include "harness/learn/probe/subsets.hpp"

namespace scant {
namespace {

/// `per_class` points around each class's own corner, labels cycling; the further apart, the easier.
ProbeData clusters(int classes, int per_class, int dim, double apart, std::uint64_t seed) {
  const std::int64_t n = static_cast<std::int64_t>(classes) * per_class;
  ProbeData data{torch::empty({n, dim}), torch::arange(n, torch::kInt64).remainder(classes)};
  Random random(seed);
  fill_normal(data.features, 1, random);
  for (std::int64_t i = 0; i < n; ++i) data.features[i][i % classes % dim].add_(apart);
  return data;
}

ProbeOptions options(const std::string& kind, const Json& params = {}) {
  return {.kind = kind, .params = params, .seed = 3, .classes = 3};
}

TEST(FeatureNorm, StandardisesByTrainingStatisticsAndKeepsConstants) {
  const torch::Tensor train = torch::tensor({{1.0, 5.0}, {3.0, 5.0}}, torch::kFloat64);
  const FeatureNorm norm("standard", train);
  const torch::Tensor out = norm(torch::tensor({{2.0 + std::sqrt(2.0), 6.0}}, torch::kFloat64));
  EXPECT_NEAR(out[0][0].item<double>(), 1, 1e-12);
  EXPECT_DOUBLE_EQ(out[0][1].item<double>(), 1) << "a constant dimension is centred only";
  EXPECT_TRUE(FeatureNorm("none", train)(train).equal(train));
  EXPECT_NEAR(FeatureNorm("l2", train)(train).norm(2, 1)[1].item<double>(), 1, 1e-12);
  EXPECT_TRUE(FeatureNorm("l2", train)(torch::zeros({1, 2})).equal(torch::zeros({1, 2})));
  EXPECT_TRUE(at::isfinite(FeatureNorm("standard", train.narrow(0, 0, 1))(train)).all().item<bool>());
  EXPECT_THROW(FeatureNorm("whiten", train), InputError);
}

TEST(Nearest, BreaksTiesByTheLowerRow) {
  const torch::Tensor train = torch::tensor({{0.0}, {2.0}, {0.0}, {2.0}, {0.0}}, torch::kFloat64);
  const Neighbours found = nearest(train, torch::tensor({{0.1}, {1.9}}, torch::kFloat64), "euclidean", 3);
  EXPECT_TRUE(found.rows.equal(torch::tensor({{0, 2, 4}, {1, 3, 0}}, torch::kInt64))) << found.rows;
  EXPECT_NEAR(found.closeness[1][2].item<double>(), -1.9, 1e-12);
}

TEST(Nearest, BlocksChangeNothing) {
  // 4000 x 5000 values do not fit one block.
  const ProbeData train = clusters(3, 1667, 4, 2, 1), queries = clusters(3, 1334, 4, 2, 2);
  const Neighbours all = nearest(train.features, queries.features, "cosine", 5);
  for (const std::int64_t at : {std::int64_t{0}, std::int64_t{3500}, queries.size() - 1}) {
    const torch::Tensor cosines =
        unit_rows(train.features).matmul(unit_rows(queries.features.narrow(0, at, 1)).t()).squeeze(1);
    EXPECT_NEAR(all.closeness[at][0].item<double>(), cosines.max().item<double>(), 1e-6);
    EXPECT_EQ(all.rows[at][0].item<std::int64_t>(), cosines.argmax().item<std::int64_t>());
  }
  EXPECT_EQ(nearest(train.features, queries.features.narrow(0, 0, 0), "cosine", 5).rows.size(0), 0);
  EXPECT_THROW(nearest(train.features, queries.features, "manhattan", 5), InputError);
}

TEST(KnnScores, TiedMajorityGoesToTheNearestMember) {
  const torch::Tensor train = torch::tensor({{3.0}, {1.0}, {2.0}, {4.0}}, torch::kFloat64);
  const torch::Tensor labels = torch::tensor({1, 2, 1, 2}, torch::kInt64),
                      query = torch::zeros({1, 1}, torch::kFloat64);
  const KnnOptions majority{.metric = "euclidean", .vote = "majority", .k = 4};
  const Neighbours found = nearest(train, query, "euclidean", 9);
  EXPECT_EQ(found.rows.size(1), 4) << "no more neighbours than there are rows";
  EXPECT_TRUE(votes(found, labels, 3, majority).equal(torch::tensor({{0.0, 2.0, 2.0}}, torch::kFloat64)));
  EXPECT_EQ(knn_scores(found, labels, 3, majority).argmax(1).item<std::int64_t>(), 2);
  EXPECT_THROW(votes(found, labels, 3, {.vote = "none"}), InputError);
}

TEST(Lbfgs, FindsTheMinimumOfRosenbrocksValley) {
  const Objective valley = [](const torch::Tensor& p, torch::Tensor& gradient) {
    const double x = p[0].item<double>(), y = p[1].item<double>();
    gradient[0] = -2 * (1 - x) - 400 * x * (y - x * x);
    gradient[1] = 200 * (y - x * x);
    return (1 - x) * (1 - x) + 100 * (y - x * x) * (y - x * x);
  };
  const Minimum minimum = lbfgs(valley, torch::tensor({-1.2, 1.0}, torch::kFloat64));
  EXPECT_TRUE(minimum.converged);
  EXPECT_LT(minimum.iterations, 100);
  EXPECT_NEAR(minimum.at[0].item<double>(), 1, 1e-8);
  EXPECT_NEAR(minimum.at[1].item<double>(), 1, 1e-8);
  const Minimum cut = lbfgs(valley, torch::tensor({-1.2, 1.0}, torch::kFloat64), {.max_iterations = 2});
  EXPECT_FALSE(cut.converged);
  EXPECT_EQ(cut.iterations, 2);
}

TEST(Logistic, EndsWhereTheGradientOfTheStatedObjectiveVanishes) {
  const ProbeData data = clusters(3, 20, 4, 1, 5);
  constexpr double c = 0.7;
  const LogisticFit fit = fit_logistic(data.features, data.labels, 3, c);
  ASSERT_TRUE(fit.converged);
  torch::Tensor weight = fit.model.weight.clone().requires_grad_(true);
  torch::Tensor bias = fit.model.bias.clone().requires_grad_(true);
  const torch::Tensor logits = data.features.to(torch::kFloat64).matmul(weight.t()) + bias;
  const torch::Tensor log_p = logits.log_softmax(1).gather(1, data.labels.unsqueeze(1));
  const torch::Tensor objective = weight.square().sum() / 2 - c * log_p.sum();
  objective.backward();
  EXPECT_NEAR(objective.item<double>(), fit.objective, 1e-9);
  EXPECT_LT(weight.grad().abs().max().item<double>(), 1e-6);
  EXPECT_LT(bias.grad().abs().max().item<double>(), 1e-6);
  EXPECT_NEAR(fit.model.bias.sum().item<double>(), 0, 1e-12);
  const LogisticFit warm = fit_logistic(data.features, data.labels, 3, c, {}, fit.model);
  EXPECT_LE(warm.iterations, 1) << "a start at the optimum stays there";
}

TEST(Linear, FollowsTorchsNesterovAndItsRatesDoNotMix) {
  const ProbeData data = clusters(3, 9, 4, 1, 6);
  const LinearOptions one_batch{.epochs = 4, .batch_size = 64, .weight_decay = 0.01};
  const auto fitted = fit_linear(data.features, data.labels, 3, {0.3, 0.05}, one_batch, 7);
  ASSERT_EQ(fitted.size(), 2u);
  const std::vector<double> rates{0.3, 0.05};
  for (std::size_t m = 0; m < 2; ++m) {
    torch::Tensor weight = torch::zeros({3, 4}).requires_grad_(true), bias = torch::zeros({3}).requires_grad_(true);
    torch::optim::SGD sgd({weight, bias},
                          torch::optim::SGDOptions(0.1).momentum(0.9).nesterov(true).weight_decay(0.01));
    for (int step = 0; step < 4; ++step) {
      const double rate = rates[m] / 2 * (1 + std::cos(M_PI * step / 4));
      static_cast<torch::optim::SGDOptions&>(sgd.param_groups()[0].options()).lr(rate);
      sgd.zero_grad();
      torch::nn::functional::cross_entropy(at::linear(data.features, weight, bias), data.labels).backward();
      sgd.step();
    }
    EXPECT_TRUE(torch::allclose(fitted[m].weight, weight, 1e-4, 1e-5)) << fitted[m].weight - weight;
    EXPECT_TRUE(torch::allclose(fitted[m].bias, bias, 1e-4, 1e-5));
  }
}

TEST(Linear, TheSeedDecidesTheBatches) {
  const ProbeData data = clusters(3, 20, 4, 1, 6);
  const LinearOptions small{.epochs = 2, .batch_size = 16};
  const auto a = fit_linear(data.features, data.labels, 3, {0.1}, small, 1);
  const auto same = fit_linear(data.features, data.labels, 3, {0.1}, small, 1);
  const auto other = fit_linear(data.features, data.labels, 3, {0.1}, small, 2);
  EXPECT_TRUE(a[0].weight.equal(same[0].weight));
  EXPECT_FALSE(a[0].weight.equal(other[0].weight));
}

class EveryProbe : public testing::TestWithParam<const char*> {};

TEST_P(EveryProbe, SeparatesClustersAndRepeatsItsBits) {
  const ProbeData train = clusters(3, 30, 5, 6, 1), val = clusters(3, 10, 5, 6, 2), test = clusters(3, 20, 5, 6, 3);
  const auto fitted = fit_probe(options(GetParam()), train, val);
  const torch::Tensor scores = fitted->scores(test.features);
  EXPECT_EQ(scores.sizes(), (std::vector<std::int64_t>{60, 3}));
  EXPECT_EQ(scores.scalar_type(), torch::kFloat64);
  EXPECT_GT(probe_accuracy(scores, test.labels), 0.95);
  EXPECT_TRUE(scores.equal(fit_probe(options(GetParam()), train, val)->scores(test.features)));
  if (fitted->probabilities()) {
    EXPECT_TRUE(torch::allclose(scores.exp().sum(1), torch::ones({60}, torch::kFloat64)));
    EXPECT_TRUE(fitted->chosen().contains("validation_accuracy"));
  }
  EXPECT_GT(probe_accuracy(fit_probe(options(GetParam()), train, {})->scores(test.features), test.labels), 0.95)
      << "without validation data defaults serve";
}

TEST_P(EveryProbe, RefusesWhatDoesNotFit) {
  const ProbeData good = clusters(3, 5, 4, 1, 1);
  const auto fit = [&](const ProbeData& train, const Json& params = {}) {
    return fit_probe(options(GetParam(), params), train, {});
  };
  EXPECT_THROW(fit({}), InputError);
  EXPECT_THROW(fit({good.features, good.labels + 1}), InputError) << "label 3 of classes 0 to 2";
  EXPECT_THROW(fit({good.features, good.labels.narrow(0, 0, 4)}), InputError);
  EXPECT_THROW(fit({good.features / 0.0, good.labels}), TrialFailure);
  EXPECT_THROW(fit(good, {{"no_such_parameter", 1}}), InputError);
  for (const ParamSpec& spec : probe_params(GetParam())) EXPECT_FALSE(spec.meaning.empty()) << spec.name;
}

INSTANTIATE_TEST_SUITE_P(Kinds, EveryProbe, testing::ValuesIn([] {
                           std::vector<const char*> kinds;
                           for (const std::string& kind : probe_kinds()) kinds.push_back(kind.c_str());
                           return kinds;
                         }()),
                         [](const auto& info) { return std::string(info.param); });

TEST(FitProbe, ValidationChoosesAndRefitUsesItToo) {
  // One dimension says the class, nineteen are noise: little data wants a strong penalty.
  const ProbeData train = clusters(2, 6, 20, 2, 11), val = clusters(2, 200, 20, 2, 12);
  ProbeOptions logistic{.kind = "logistic", .params = {{"c_low", 1e-3}, {"c_high", 1e3}, {"c_count", 7}}, .classes = 2};
  const Json chosen = fit_probe(logistic, train, val)->chosen();
  EXPECT_LE(chosen.at("c").get<double>(), 1.0) << chosen;
  EXPECT_TRUE(chosen.at("converged").get<bool>());
  logistic.params["refit"] = "trainval";
  const auto refitted = fit_probe(logistic, train, val);
  EXPECT_EQ(refitted->chosen().at("c"), chosen.at("c"));
  EXPECT_GT(probe_accuracy(refitted->scores(val.features), val.labels), chosen.at("validation_accuracy").get<double>());
  logistic.params = {{"c_low", 10}, {"c_high", 1}};
  EXPECT_THROW(fit_probe(logistic, train, val), InputError);
  EXPECT_THROW(fit_probe({.kind = "forest", .params = {}, .classes = 2}, train, val), InputError);
}

TEST(LogSpaced, HasItsEndPoints) {
  EXPECT_THAT(log_spaced(0.1, 10, 3),
              testing::ElementsAre(testing::DoubleNear(0.1, 1e-15), testing::DoubleNear(1, 1e-12),
                                   testing::DoubleNear(10, 1e-12)));
  EXPECT_THAT(log_spaced(0.5, 9, 1), testing::ElementsAre(testing::DoubleNear(0.5, 1e-15)));
}

TEST(Subsets, AreStratifiedNestedAndDisjoint) {
  const torch::Tensor labels =
      torch::cat({torch::arange(40, torch::kInt64).remainder(4), torch::full({1}, 9, torch::kInt64)});
  const auto two = per_class_subset(labels, 2, 5), five = per_class_subset(labels, 5, 5);
  EXPECT_EQ(two.size(), 9u) << "two of four classes each and the only one of the fifth";
  EXPECT_EQ(five.size(), 21u);
  EXPECT_TRUE(std::includes(five.begin(), five.end(), two.begin(), two.end()));
  EXPECT_NE(two, per_class_subset(labels, 2, 6));
  EXPECT_EQ(share_subset(labels, 0.01, 5), per_class_subset(labels, 1, 5));
  EXPECT_EQ(share_subset(labels, 1, 5).size(), 41u);
  const Holdout parts = hold_out(labels, 0.2, 5);
  EXPECT_EQ(parts.held.size(), 8u);
  EXPECT_EQ(parts.kept.size(), 33u);
  std::vector<std::int64_t> shared;
  std::set_intersection(parts.held.begin(), parts.held.end(), parts.kept.begin(), parts.kept.end(),
                        std::back_inserter(shared));
  EXPECT_TRUE(shared.empty());
  EXPECT_TRUE(hold_out(torch::arange(3, torch::kInt64), 0.5, 1).held.empty()) << "single images stay in training";
}

}  // namespace
}  // namespace scant
