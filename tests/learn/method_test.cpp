// The registry, and what the shared loop refuses or reports.
#include "harness/learn/method.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/core/error.hpp"
#include "harness/learn/gradient_method.hpp"
#include "tests/learn/tiny_data.hpp"

namespace scant {
namespace {

std::unique_ptr<Method> build(const std::string& name, const Json& params, int epochs = 2) {
  auto method = methods().at(name).make(params);
  Task task;
  task.trial.method = name;
  task.trial.params = params;
  task.trial.backbone = "wrn-10-1";
  task.trial.precision = "fp32";
  task.trial.compat = "fixed";
  task.trial.epochs = epochs;
  task.classes = 4;
  task.side = 12;
  method->build(task);
  return method;
}

Samples samples(int count) {
  const auto data = test::tiny_dataset();
  auto bank = std::make_shared<ImageBank>(data->bank);
  std::vector<std::int64_t> indices(static_cast<std::size_t>(count));
  std::iota(indices.begin(), indices.end(), 0);
  const Augment augment;
  return {bank, indices, augment, normalisation_of(*bank, indices, augment), torch::kCPU};
}

TEST(Registry, HoldsMethodsByName) {
  for (const char* name : {"xent", "cosine", "cosine-xent", "harmonic", "tvmf"}) {
    ASSERT_TRUE(methods().contains(name)) << name;
    EXPECT_EQ(methods().at(name).spec.name, name);
    EXPECT_FALSE(methods().at(name).spec.citation.empty()) << name;
  }
}

TEST(Registry, NamesTheNearestParameterForAnUnknownOne) {
  try {
    methods().at("xent").make({{"weight_decai", 0.1}});
    FAIL() << "accepted";
  } catch (const InputError& error) {
    EXPECT_THAT(error.what(), testing::HasSubstr("\"weight_decai\""));
    EXPECT_THAT(error.what(), testing::HasSubstr("did you mean \"weight_decay\""));
  }
}

TEST(GradientMethod, StopsATrialWhoseLossIsNotFinite) {
  const auto method = build("xent", {{"lr", 1000.0}, {"weight_decay", 1000.0}}, 3);
  const Samples train = samples(20);
  Progress progress;
  FitContext context{.train = train, .until = 3, .progress = progress};
  EXPECT_THROW(method->fit(context), TrialFailure);
  EXPECT_LT(progress.epochs_done, 3);
}

TEST(GradientMethod, RefusesABatchOfOneOnlyWhereTheMethodNeedsTwo) {
  const Samples train = samples(11);
  Progress progress;
  FitContext context{.train = train, .until = 1, .progress = progress};
  build("xent", {{"batch_size", 5}}, 1)->fit(context);
  EXPECT_EQ(progress.epochs_done, 1);
  EXPECT_EQ(progress.images, 11);
  Progress other;
  FitContext refused{.train = train, .until = 1, .progress = other};
  try {
    build("cosine-xent", {{"batch_size", 5}}, 1)->fit(refused);
    FAIL() << "accepted";
  } catch (const TrialFailure& error) {
    EXPECT_THAT(error.what(), testing::HasSubstr("batch_size"));
  }
}

TEST(GradientMethod, ReturnsWhenInterrupted) {
  const auto method = build("xent", {{"batch_size", 5}}, 4);
  const Samples train = samples(20);
  Progress progress;
  int asked = 0;
  FitContext context{.train = train, .until = 4, .progress = progress, .interrupted = [&] { return ++asked > 6; }};
  method->fit(context);
  EXPECT_EQ(progress.epochs_done, 1);  // 4 batches and the end of an epoch, then the second epoch's second batch
  EXPECT_EQ(progress.loss.size(), 1U);
}

TEST(GradientMethod, ComputesInBfloat16WithLossesInSinglePrecision) {
  auto method = methods().at("xent").make({});
  Task task;
  task.trial.backbone = "wrn-10-1";
  task.trial.precision = "bf16";
  task.trial.epochs = 1;
  task.classes = 4;
  method->build(task);
  const Samples train = samples(8);
  Progress progress;
  FitContext context{.train = train, .until = 1, .progress = progress};
  method->fit(context);
  const torch::Tensor scores = method->predict(train.plain(0, 8).images);
  EXPECT_EQ(scores.scalar_type(), torch::kFloat32);
  EXPECT_TRUE(scores.isfinite().all().item<bool>());
  EXPECT_FALSE(at::autocast::is_cpu_enabled());
  for (const auto& [name, tensor] : method->state()) {
    EXPECT_NE(tensor.scalar_type(), torch::kBFloat16) << name << ": the master weights stay in single precision";
  }
}

TEST(GradientMethod, RefusesAnUnknownPrecision) {
  auto method = methods().at("xent").make({});
  Task task;
  task.trial.backbone = "rn20";
  task.trial.precision = "fp8";
  EXPECT_THROW(method->build(task), InputError);
}

}  // namespace
}  // namespace scant
