// What the shared loop may be asked for beside its default: another optimiser and schedule, clipping, batches in parts,
// averaged weights.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <numeric>

#include "harness/core/error.hpp"
#include "harness/learn/gradient_method.hpp"
#include "tests/learn/tiny_data.hpp"
#include "tests/support/tensors.hpp"

namespace scant {
namespace {

using test::difference;

constexpr int classes = 4, side = 12;

/// A linear classifier of pixels: its loss is a mean over images, and no image sees its neighbours.
class Plain : public GradientMethod {
 public:
  std::shared_ptr<torch::nn::Module> build_network(Random& random) override {
    auto root = std::make_shared<torch::nn::Module>("Plain");
    linear_ = root->register_module("fc", make_linear(task().channels * side * side, classes, random));
    return root;
  }
  std::vector<torch::Tensor> outputs(const torch::Tensor& images) override {
    return {linear_->forward(images.contiguous().flatten(1))};
  }
  OptimiserOptions optimiser_options() const override {
    OptimiserOptions options = GradientMethod::optimiser_options();
    options.kind = kind;
    return options;
  }
  double rate(const Phase& phase, const Step& step) const override {
    return factor * GradientMethod::rate(phase, step);
  }
  torch::Tensor weights() { return linear_->weight.detach().clone(); }

  std::string kind = "sgd";
  double factor = 1;

 private:
  torch::nn::Linear linear_{nullptr};
};

Task task_of(const std::string& method, int epochs) {
  Task task;
  task.trial.method = method;
  task.trial.backbone = "wrn-10-1";
  task.trial.precision = "fp32";
  task.trial.compat = "fixed";
  task.trial.epochs = epochs;
  task.classes = classes;
  task.side = side;
  return task;
}

Samples some_samples(int count = 24) {
  const auto data = test::tiny_dataset(classes);
  auto bank = std::make_shared<ImageBank>(data->bank);
  std::vector<std::int64_t> indices(static_cast<std::size_t>(count));
  std::iota(indices.begin(), indices.end(), 0);
  const Augment augment;
  return {bank, indices, augment, normalisation_of(*bank, indices, augment), torch::kCPU};
}

Progress fit(Method& method, int until, Progress progress = {}) {
  const Samples train = some_samples();
  FitContext context{.train = train, .until = until, .progress = progress};
  method.fit(context);
  return progress;
}

torch::Tensor trained(int epochs, const std::function<void(Plain&)>& change) {
  Plain method;
  change(method);
  method.build(task_of("plain", epochs));
  fit(method, epochs);
  return method.weights();
}

TEST(Accumulation, EqualsTheWholeBatchForAMeanLoss) {
  // 24 images in batches of 10, 10 and 4; parts of 3, 3 and 4, and of 1, 1 and 2.
  const torch::Tensor whole = trained(3, [](Plain&) {});
  const torch::Tensor parts = trained(3, [](Plain& method) { method.accumulation = 3; });
  const torch::Tensor singles = trained(3, [](Plain& method) { method.accumulation = 100; });
  EXPECT_LT(difference(whole, parts), 1e-6);
  EXPECT_LT(difference(whole, singles), 1e-6);
  EXPECT_GT(difference(whole, trained(3, [](Plain& method) { method.batch_size = 9; })), 1e-4);
}

TEST(Accumulation, CountsTheSameLossAndImages) {
  Plain whole, parts;
  parts.accumulation = 4;
  whole.build(task_of("plain", 2));
  parts.build(task_of("plain", 2));
  const Progress a = fit(whole, 2), b = fit(parts, 2);
  EXPECT_EQ(a.images, b.images);
  EXPECT_NEAR(a.loss.back(), b.loss.back(), 1e-6);
  EXPECT_EQ(a.accuracy, b.accuracy);
}

TEST(Accumulation, IsRefusedByMethodsThatCompareABatchsImages) {
  for (const char* name : {"ole", "dsk", "dvp"}) {
    const auto method = methods().at(name).make({{"accumulation", 2}});
    EXPECT_THROW(method->build(task_of(name, 1)), InputError) << name;
  }
}

TEST(Clipping, BoundsAStepWithoutMomentum) {
  constexpr double rate = 0.5, most = 1e-3;
  const auto length = [&](double clip) {
    Plain method;
    method.lr = rate;
    method.weight_decay = 0;
    method.batch_size = 24;
    method.clip_norm = clip;
    method.build(task_of("plain", 1));
    const torch::Tensor before = method.weights();
    fit(method, 1);
    return (method.weights() - before).norm().item<double>();
  };
  EXPECT_LE(length(most), rate * most * (1 + 1e-5));
  EXPECT_GT(length(0), rate * most * 10);
}

TEST(Hooks, ChooseOptimiserAndRate) {
  Plain method;
  method.kind = "adamw";
  method.build(task_of("plain", 2));
  std::vector<std::string> names;
  for (const auto& [name, tensor] : method.state()) names.push_back(name);
  EXPECT_THAT(names, testing::IsSupersetOf({"fc.weight", "first_moment.0", "second_moment.1", "steps"}));

  Plain still;
  still.factor = 0;
  still.build(task_of("plain", 2));
  const torch::Tensor start = still.weights();
  fit(still, 2);
  EXPECT_TRUE(still.weights().equal(start)) << "a rate of 0 moves nothing";
  EXPECT_GT(difference(start, trained(2, [](Plain&) {})), 0);
}

TEST(Averaging, EndsWithTheMeanOfTheLastEpochs) {
  Plain plain, averaged;
  averaged.averaged_epochs = 2;
  plain.build(task_of("plain", 3));
  averaged.build(task_of("plain", 3));
  std::vector<torch::Tensor> passed;
  Progress progress;
  for (int epoch = 1; epoch <= 3; ++epoch) {
    progress = fit(plain, epoch, progress);
    passed.push_back(plain.weights());
  }
  const Progress before_last = fit(averaged, 2);
  EXPECT_TRUE(averaged.weights().equal(passed[1])) << "training itself goes on from the last weights";
  fit(averaged, 3, before_last);
  EXPECT_LT(difference(averaged.weights(), (passed[1] + passed[2]) / 2), 1e-7);
}

TEST(Averaging, SurvivesACheckpointBitForBit) {
  const auto build = [] {
    auto method = methods().at("xent").make({{"averaged_epochs", 2}});
    method->build(task_of("xent", 4));
    return method;
  };
  const auto whole = build(), first = build(), second = build();
  fit(*whole, 4);
  const Progress half = fit(*first, 3);
  {
    const torch::NoGradGuard no_grad;
    const State from = first->state(), to = second->state();
    ASSERT_EQ(from.size(), to.size());
    for (std::size_t i = 0; i < from.size(); ++i) torch::Tensor(to[i].second).copy_(from[i].second);
  }
  fit(*second, 4, half);
  const State a = whole->state(), b = second->state();
  for (std::size_t i = 0; i < a.size(); ++i) EXPECT_TRUE(a[i].second.equal(b[i].second)) << a[i].first;
}

TEST(Averaging, StatisticsBecomeTheMeanOfTheBatches) {
  const auto root = std::make_shared<torch::nn::Module>("root");
  auto norm = root->register_module("norm", torch::nn::BatchNorm2d(2));
  norm->running_mean.fill_(100);
  std::vector<torch::Tensor> batches;
  for (int i = 0; i < 3; ++i) batches.push_back(torch::linspace(-1 - i, 2 * i, 2 * 2 * 3 * 3).view({2, 2, 3, 3}));
  reestimate_statistics(*root, 3, [&](std::int64_t batch) { norm->forward(batches[static_cast<std::size_t>(batch)]); });
  torch::Tensor mean = torch::zeros({2}), variance = torch::zeros({2});
  for (const torch::Tensor& batch : batches) {
    const torch::Tensor rows = batch.transpose(0, 1).flatten(1);
    mean += rows.mean(1) / 3;
    variance += rows.var(1, /*unbiased=*/true) / 3;
  }
  EXPECT_LT(difference(norm->running_mean, mean), 1e-5);
  EXPECT_LT(difference(norm->running_var, variance), 1e-5);
  norm->running_mean.zero_();
  norm->forward(torch::ones({2, 2, 3, 3}));
  EXPECT_LT(difference(norm->running_mean, torch::full({2}, 0.1)), 1e-6) << "the module's own momentum is back";
}

TEST(Averaging, TargetsKeepTheirShare) {
  const std::vector<torch::Tensor> targets{torch::full({2}, 1.0).requires_grad_(true), torch::full({1, 3}, 2.0)};
  move_towards(targets, {torch::full({2}, 3.0).requires_grad_(true), torch::full({1, 3}, 6.0)}, 0.75);
  EXPECT_TRUE(targets[0].equal(torch::full({2}, 1.5)));
  EXPECT_TRUE(targets[1].equal(torch::full({1, 3}, 3.0)));
}

}  // namespace
}  // namespace scant
