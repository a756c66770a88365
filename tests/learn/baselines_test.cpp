// Baselines against their definitions, computed another way.
#include <gtest/gtest.h>

#include <numeric>

#include "harness/learn/method.hpp"
#include "tests/learn/tiny_data.hpp"

namespace scant {
namespace {

/// Builds, fits and returns a baseline on `samples`.
std::unique_ptr<Method> fitted(const std::string& name, const Json& params, const Samples& samples, int classes,
                               int index = 0) {
  Trial trial;
  trial.method = name;
  trial.params = params;
  trial.epochs = 3;
  trial.index = index;
  auto method = methods().at(name).make(params);
  method->build({trial, samples.channels(), classes, samples.side(), torch::kCPU});
  Progress progress;
  FitContext context{samples, 3, progress};
  method->fit(context);
  EXPECT_EQ(progress.epochs_done, 3);
  EXPECT_EQ(progress.images, samples.size());
  return method;
}

Samples all_of(const std::shared_ptr<const ImageBank>& bank, std::vector<std::int64_t> indices) {
  const Normalisation normalisation = normalisation_of(*bank, indices, {});
  return {bank, std::move(indices), {}, normalisation, torch::kCPU};
}

/// One-channel 2 x 2 float images with the given first pixel, the others zero.
std::shared_ptr<const ImageBank> line(const std::vector<float>& places, const std::vector<int>& labels) {
  BankBuilder builder(PixelType::f32, 1);
  for (std::size_t i = 0; i < places.size(); ++i) {
    const std::vector<float> image = {places[i], 0, 0, 0};
    builder.add(std::as_bytes(std::span(image)), 2, 2, labels[i]);
  }
  return std::make_shared<const ImageBank>(builder.finish());
}

Samples raw_line(const std::vector<float>& places, const std::vector<int>& labels) {
  std::vector<std::int64_t> indices(places.size());
  std::iota(indices.begin(), indices.end(), 0);
  return {line(places, labels), indices, {}, {{0}, {1}}, torch::kCPU};
}

torch::Tensor at_place(float place) {
  torch::Tensor image = torch::zeros({1, 1, 2, 2});
  image[0][0][0][0] = place;
  return image;
}

class OnTiny : public ::testing::Test {
 protected:
  std::shared_ptr<const Dataset> dataset_ = test::tiny_dataset(4, 12, 6);
  std::shared_ptr<const ImageBank> bank_{dataset_, &dataset_->bank};
  Samples train_ = all_of(bank_, dataset_->stored[0].train);
  Samples val_ = all_of(bank_, dataset_->stored[0].val);
};

TEST(Majority, PredictsTheMostFrequentClass) {
  const Samples samples = raw_line({1, 2, 3, 4, 5}, {2, 0, 2, 1, 2});
  const auto method = fitted("majority", Json::object(), samples, 4);
  const torch::Tensor scores = method->predict(torch::zeros({3, 1, 2, 2}));
  EXPECT_EQ(scores.sizes().vec(), (std::vector<std::int64_t>{3, 4}));
  EXPECT_TRUE(torch::equal(scores.argmax(1), torch::full({3}, 2, torch::kInt64)));
  EXPECT_FLOAT_EQ(scores[0][2].item<float>(), 0.6f);
  EXPECT_FLOAT_EQ(scores[0][3].item<float>(), 0.0f);
}

TEST(NearestNeighbours, VotesAndBreaksTiesByTheNearest) {
  const Samples samples = raw_line({0, 1, 3, 4, 10}, {0, 1, 1, 0, 2});
  auto predicted = [&](int k, float place) {
    return fitted("knn", {{"k", k}}, samples, 3)->predict(at_place(place)).argmax(1).item<std::int64_t>();
  };
  EXPECT_EQ(predicted(1, 0.1f), 0);
  EXPECT_EQ(predicted(1, 9.0f), 2);
  EXPECT_EQ(predicted(3, 1.2f), 1);    // 1, 0, 3 vote 1, 0, 1
  EXPECT_EQ(predicted(4, 0.2f), 0);    // two votes each; 0 is nearest
  EXPECT_EQ(predicted(4, 2.6f), 1);    // two votes each; 3 is nearest
  EXPECT_EQ(predicted(11, 10.0f), 0);  // all five vote 0 1 1 0 2: tie of 0 and 1, 4 is nearer than 3
}

TEST_F(OnTiny, EuclideanNeighboursAgreeWithDirectDistances) {
  const auto method = fitted("knn", {{"k", 1}, {"metric", "euclidean"}}, train_, 4);
  const torch::Tensor x = train_.plain(0, train_.size()).images.flatten(1).to(torch::kFloat64);
  const Batch queries = val_.plain(0, val_.size());
  const torch::Tensor nearest = torch::cdist(queries.images.flatten(1).to(torch::kFloat64), x).argmin(1);
  EXPECT_TRUE(torch::equal(method->predict(queries.images).argmax(1), train_.labels().index_select(0, nearest)));
}

TEST_F(OnTiny, CosineNeighboursIgnoreTheLength) {
  const auto method = fitted("knn", {{"k", 3}, {"metric", "cosine"}}, train_, 4);
  const torch::Tensor queries = val_.plain(0, val_.size()).images;
  EXPECT_TRUE(torch::equal(method->predict(queries).argmax(1), method->predict(queries * 7).argmax(1)));
}

/// Ridge by the normal equations with an explicit unpenalised column of ones, in double.
torch::Tensor ridge_scores(const torch::Tensor& x, const torch::Tensor& labels, int classes, double lambda,
                           const torch::Tensor& queries) {
  auto with_ones = [](const torch::Tensor& t) {
    return torch::cat({t.to(torch::kFloat64), torch::ones({t.size(0), 1}, torch::kFloat64)}, 1);
  };
  const torch::Tensor a = with_ones(x), y = torch::one_hot(labels, classes).to(torch::kFloat64);
  torch::Tensor penalty = torch::eye(a.size(1), torch::kFloat64) * lambda;
  penalty[a.size(1) - 1][a.size(1) - 1] = 0;
  return with_ones(queries).matmul(at::linalg_solve(a.t().matmul(a) + penalty, a.t().matmul(y)));
}

TEST_F(OnTiny, RidgeDualAndPrimalSolveTheSameEquations) {
  // 24 images of 108 values take the dual, 24 random-conv features of 8 values the primal form.
  const torch::Tensor queries = val_.plain(0, val_.size()).images;
  for (const double lambda : {0.01, 10.0, 1e4}) {
    for (const Json& params : {Json{{"lambda", lambda}},
                               Json{{"lambda", lambda}, {"features", "random-conv"}, {"filters", 8}, {"grid", 1}}}) {
      const auto method = fitted("ridge", params, train_, 4);
      const torch::Tensor x = method->embed(train_.plain(0, train_.size()).images);
      const torch::Tensor expected = ridge_scores(x, train_.labels(), 4, lambda, method->embed(queries));
      const torch::Tensor got = method->predict(queries).to(torch::kFloat64);
      EXPECT_LT((got - expected).abs().max().item<double>(), 2e-4) << params.dump();
    }
  }
}

TEST_F(OnTiny, RidgeWithAHugePenaltyPredictsTheClassShares) {
  const auto method = fitted("ridge", {{"lambda", 1e12}}, train_, 4);
  const torch::Tensor scores = method->predict(val_.plain(0, val_.size()).images);
  EXPECT_LT((scores - 0.25).abs().max().item<double>(), 1e-4);
}

TEST_F(OnTiny, RandomConvolutionIsTheTrials) {
  const Json params = {{"features", "random-conv"}, {"filters", 16}};
  const torch::Tensor images = val_.plain(0, 4).images;
  const torch::Tensor a = fitted("ridge", params, train_, 4, 0)->predict(images);
  EXPECT_TRUE(torch::equal(a, fitted("ridge", params, train_, 4, 0)->predict(images)));
  EXPECT_FALSE(torch::equal(a, fitted("ridge", params, train_, 4, 1)->predict(images)));
}

TEST_F(OnTiny, StripesAreLearned) {
  const Batch queries = val_.plain(0, val_.size());
  for (const char* name : {"knn", "ridge"}) {
    const torch::Tensor right =
        fitted(name, Json::object(), train_, 4)->predict(queries.images).argmax(1) == queries.labels;
    EXPECT_GE(right.to(torch::kFloat64).mean().item<double>(), 0.75) << name;
  }
}

}  // namespace
}  // namespace scant
