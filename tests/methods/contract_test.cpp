// What every registered method must keep, whatever it does inside.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

#include "harness/core/error.hpp"
#include "harness/learn/gradient_method.hpp"
#include "methods/parts/momentum_contrast.hpp"
#include "tests/learn/tiny_data.hpp"

namespace scant {
namespace {

constexpr int classes = 4, epochs = 6;

/// One task and its data, the same for every method.
struct Problem {
  std::shared_ptr<const Dataset> data = test::tiny_dataset(classes);
  Samples train{make_samples()};

  Samples make_samples() {
    auto bank = std::make_shared<ImageBank>(data->bank);
    std::vector<std::int64_t> indices(32);
    std::iota(indices.begin(), indices.end(), 0);
    Augment augment;
    augment.kind = Augment::Kind::shift;
    augment.pad = 1;
    augment.hflip = true;
    return {bank, indices, augment, normalisation_of(*bank, indices, augment), torch::kCPU};
  }

  static Task task(const std::string& method, const std::string& precision = "fp32") {
    Task task;
    task.trial.dataset = "tiny";
    task.trial.method = method;
    task.trial.backbone = "wrn-10-1";
    task.trial.precision = precision;
    task.trial.compat = "fixed";
    task.trial.epochs = epochs;
    task.classes = classes;
    task.side = 12;
    return task;
  }
  static std::unique_ptr<Method> build(const std::string& method, const std::string& precision = "fp32") {
    auto result = methods().at(method).make(Json::object());
    result->build(task(method, precision));
    return result;
  }
  void fit(Method& method, Progress& progress, int until) const {
    FitContext context{.train = train, .until = until, .progress = progress};
    method.fit(context);
  }
};

bool same(const State& a, const State& b) {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (a[i].first != b[i].first || !a[i].second.equal(b[i].second)) return false;
  }
  return true;
}

State copy_of(const State& state) {
  State copy;
  for (const auto& [name, tensor] : state) copy.emplace_back(name, tensor.detach().clone());
  return copy;
}

class Contract : public testing::TestWithParam<std::string> {
 protected:
  bool baseline() const { return methods().at(GetParam()).spec.baseline; }
  Problem problem_;
};

TEST_P(Contract, LearnsATinyProblem) {
  const auto method = Problem::build(GetParam());
  Progress progress;
  problem_.fit(*method, progress, epochs);
  EXPECT_EQ(progress.epochs_done, epochs);
  if (baseline()) return;
  ASSERT_EQ(progress.loss.size(), static_cast<std::size_t>(epochs));
  ASSERT_EQ(progress.accuracy.size(), static_cast<std::size_t>(epochs));
  const auto* queued = dynamic_cast<const MomentumContrast*>(method.get());
  // The random keys that a queue begins with are easily told from an image's own: the loss rises until real ones have
  // taken their places. It stays below that of guessing.
  const double guessing = queued == nullptr ? 0 : std::log(1 + queued->queue) + std::log(classes);
  EXPECT_LT(progress.loss.back(), queued == nullptr ? progress.loss.front() : guessing);
  const auto& trained = dynamic_cast<const GradientMethod&>(*method);
  EXPECT_EQ(progress.images, epochs * std::ssize(trained.trained_on(problem_.train)));
}

TEST_P(Contract, ScoresAreFiniteAndOnePerClass) {
  const auto method = Problem::build(GetParam());
  Progress progress;
  problem_.fit(*method, progress, 1);
  const Batch batch = problem_.train.plain(0, 5);
  const torch::Tensor scores = method->predict(batch.images);
  EXPECT_EQ(scores.sizes(), (std::vector<std::int64_t>{5, classes}));
  EXPECT_TRUE(scores.isfinite().all().item<bool>());
  EXPECT_FALSE(scores.requires_grad());
  const torch::Tensor alone = method->predict(batch.images.narrow(0, 2, 1));
  const double size = std::max(1.0, scores.abs().max().item<double>());
  EXPECT_LT((scores.narrow(0, 2, 1) - alone).abs().max().item<double>(), 1e-4 * size)
      << "a score depends on its neighbours";
  if (const torch::Tensor embedding = method->embed(batch.images); embedding.defined()) {
    EXPECT_EQ(embedding.size(0), 5);
    EXPECT_EQ(embedding.dim(), 2);
  }
}

TEST_P(Contract, ProbabilitiesSumToOneAndRankAsScoresDo) {
  const auto method = Problem::build(GetParam());
  Progress progress;
  problem_.fit(*method, progress, 1);
  const torch::Tensor scores = method->predict(problem_.train.plain(0, 8).images);
  const torch::Tensor logarithms = method->log_probabilities(scores);
  if (!logarithms.defined()) GTEST_SKIP() << "its scores are no probabilities";
  EXPECT_TRUE(torch::allclose(logarithms.exp().sum(1), torch::ones({8}), 1e-5, 1e-6));
  EXPECT_TRUE(logarithms.argmax(1).equal(scores.argmax(1)));
}

TEST_P(Contract, SameSeedGivesTheSameBits) {
  for (const std::string precision : {"fp32", "fp32-fast"}) {
    const auto a = Problem::build(GetParam(), precision), b = Problem::build(GetParam(), precision);
    Progress pa, pb;
    problem_.fit(*a, pa, 2);
    problem_.fit(*b, pb, 2);
    EXPECT_TRUE(same(a->state(), b->state())) << precision;
    EXPECT_EQ(pa.loss, pb.loss) << precision;
  }
}

TEST_P(Contract, ParkedAndContinuedEqualsUninterrupted) {
  if (baseline()) GTEST_SKIP() << "a baseline has no epochs to stop between";
  const auto whole = Problem::build(GetParam());
  Progress progress;
  problem_.fit(*whole, progress, 4);

  const auto first = Problem::build(GetParam());
  Progress half;
  problem_.fit(*first, half, 2);
  const State saved = copy_of(first->state());
  const auto second = Problem::build(GetParam());
  {
    const torch::NoGradGuard no_grad;
    const State target = second->state();
    ASSERT_EQ(target.size(), saved.size());
    for (std::size_t i = 0; i < saved.size(); ++i) torch::Tensor(target[i].second).copy_(saved[i].second);
  }
  Progress rest = half;
  problem_.fit(*second, rest, 4);
  EXPECT_TRUE(same(whole->state(), second->state()));
  EXPECT_EQ(progress.loss, rest.loss);
}

TEST_P(Contract, PredictingDoesNotChangeTraining) {
  const auto quiet = Problem::build(GetParam()), asked = Problem::build(GetParam());
  Progress a, b;
  problem_.fit(*quiet, a, 2);
  problem_.fit(*asked, b, 1);
  asked->predict(problem_.train.plain(0, 7).images);
  asked->embed(problem_.train.plain(0, 7).images);
  problem_.fit(*asked, b, 2);
  EXPECT_TRUE(same(quiet->state(), asked->state()));
}

TEST_P(Contract, ABadParameterNamesItself) {
  const MethodEntryPoint& entry = methods().at(GetParam());
  EXPECT_THROW(entry.make({{"no-such-parameter", 1}}), InputError);
  for (const ParamSpec& param : entry.spec.params) {
    EXPECT_FALSE(param.meaning.empty()) << param.name;
    EXPECT_NO_THROW(check_param(param, param.default_value)) << param.name;
    try {
      entry.make({{param.name, Json::array()}});
      ADD_FAILURE() << param.name << " accepts a list";
    } catch (const InputError& error) {
      EXPECT_THAT(error.what(), testing::HasSubstr(param.name));
    }
    if (!param.legal) continue;
    const Json outside = param.default_value.is_number_integer()
                             ? Json(static_cast<std::int64_t>(param.legal->high) + 1)
                             : Json(param.legal->high * 2 + 1);
    EXPECT_THROW(entry.make({{param.name, outside}}), InputError) << param.name;
  }
}

std::vector<std::string> all_names() {
  std::vector<std::string> names;
  for (const auto& [name, entry] : methods()) names.push_back(name);
  return names;
}

INSTANTIATE_TEST_SUITE_P(EveryMethod, Contract, testing::ValuesIn(all_names()), [](const auto& info) {
  std::string name = info.param;
  std::replace_if(
      name.begin(), name.end(), [](char c) { return c == '-' || c == '.'; }, '_');
  return name;
});

}  // namespace
}  // namespace scant
