// The boundary between pre-training and distillation, resuming on its far side, batch sizes, and the queue's ring.
#include <gtest/gtest.h>

#include <numeric>

#include "harness/core/error.hpp"
#include "harness/learn/gradient_method.hpp"
#include "methods/parts/feature_distillation.hpp"
#include "methods/parts/moco.hpp"
#include "methods/parts/split_norm.hpp"
#include "tests/learn/tiny_data.hpp"

namespace scant {
namespace {

constexpr int dvp_classes = 4;

Samples dvp_samples() {
  const auto data = test::tiny_dataset(dvp_classes);
  auto bank = std::make_shared<ImageBank>(data->bank);
  std::vector<std::int64_t> indices(32);
  std::iota(indices.begin(), indices.end(), 0);
  Augment augment;
  augment.kind = Augment::Kind::shift;
  augment.pad = 1;
  return {bank, indices, augment, normalisation_of(*bank, indices, augment), torch::kCPU};
}

std::unique_ptr<GradientMethod> built_dvp(const Json& params, const std::string& compat = "fixed",
                                          const std::string& backbone = "wrn-10-1", int epochs = 4) {
  std::unique_ptr<Method> made = methods().at("dvp").make(params);
  std::unique_ptr<GradientMethod> method(dynamic_cast<GradientMethod*>(made.release()));
  Task task;
  task.trial.backbone = backbone;
  task.trial.precision = "fp32";
  task.trial.compat = compat;
  task.trial.epochs = epochs;
  task.classes = dvp_classes;
  task.side = 12;
  method->build(task);
  return method;
}

void fit(Method& method, const Samples& train, int until, Progress& progress) {
  FitContext context{.train = train, .until = until, .progress = progress};
  method.fit(context);
}

std::map<std::string, torch::Tensor> tensors_of(Method& method) {
  std::map<std::string, torch::Tensor> result;
  for (const auto& [name, tensor] : method.state()) result.emplace(name, tensor);
  return result;
}

TEST(Dvp, DistillationStartsFromThePreTrainedEncoder) {
  for (const std::string compat : {"fixed", "gem"}) {
    const auto method = built_dvp(Json::object(), compat);
    Progress progress;
    fit(*method, dvp_samples(), 2, progress);
    method->enter_phase(1);
    const auto state = tensors_of(*method);
    int compared = 0;
    for (const auto& [name, tensor] : state) {
      const std::string prefix = "pretrain.encoder_q.";
      if (!name.starts_with(prefix)) continue;
      const std::string rest = name.substr(prefix.size());
      EXPECT_TRUE(state.at("distill.t_net." + rest).equal(tensor)) << rest;
      EXPECT_TRUE(state.at("distill.s_net." + rest).equal(tensor)) << rest;
      ++compared;
    }
    EXPECT_GT(compared, 20);
    const torch::Tensor margin = state.at("distill.margin2");
    EXPECT_TRUE((margin < 0).all().item<bool>());
    const bool built_ones = (margin + 0.79788458).abs().max().item<double>() < 1e-6;
    EXPECT_EQ(built_ones, compat == "gem");
  }
}

TEST(Dvp, ResumesWithinDistillationAndPredictsByTheStudent) {
  const Json params{{"warm_up", 0}, {"distill_weight", 0.01}};
  const Samples train = dvp_samples();
  const auto whole = built_dvp(params), first = built_dvp(params), second = built_dvp(params);
  Progress a, b;
  fit(*whole, train, 4, a);
  fit(*first, train, 3, b);
  const torch::Tensor images = train.plain(0, 6).images, scores = first->predict(images);
  {
    const torch::NoGradGuard no_grad;
    const State from = first->state(), to = second->state();
    for (std::size_t i = 0; i < from.size(); ++i) torch::Tensor(to[i].second).copy_(from[i].second);
  }
  EXPECT_TRUE(second->predict(images).equal(scores));
  EXPECT_TRUE(second->embed(images).equal(first->embed(images)));
  fit(*second, train, 4, b);
  EXPECT_EQ(a.loss, b.loss);
  const auto x = tensors_of(*whole), y = tensors_of(*second);
  for (const auto& [name, tensor] : x) EXPECT_TRUE(tensor.equal(y.at(name))) << name;
}

TEST(Dvp, TheDistanceEntersTheLossAfterTheWarmUp) {
  const Samples train = dvp_samples();
  const auto losses = [&](double weight) {
    Progress progress;
    const auto method =
        built_dvp({{"warm_up", 1}, {"distill_weight", weight}, {"pretrain_share", 0.25}}, "fixed", "rn20");
    fit(*method, train, 4, progress);
    return progress.loss;
  };
  // A trial's seeds depend on its parameters: only sizes can be compared.
  const auto with = losses(10), without = losses(0);
  EXPECT_LT(with[1], 10);
  EXPECT_GT(with[2], 2 * without[2]);
}

TEST(Dvp, AnyBatchSizeWorksInFixedAndMultiplesOfEightInGem) {
  const Samples train = dvp_samples();
  for (const int batch : {5, 10}) {
    const auto method = built_dvp({{"batch_size", batch}, {"queue", 13}});
    Progress progress;
    fit(*method, train, 4, progress);
    EXPECT_TRUE(std::isfinite(progress.loss.back()));
    EXPECT_EQ(progress.images, 2 * (32 / batch * batch) + 2 * 32);
  }
  EXPECT_THROW(built_dvp({{"batch_size", 10}, {"queue", 40}}, "gem"), InputError);
  EXPECT_THROW(built_dvp({{"batch_size", 8}, {"queue", 20}}, "gem"), InputError);
  EXPECT_THROW(built_dvp({{"batch_size", 16}, {"queue", 15}}), InputError);
  EXPECT_NO_THROW(built_dvp({{"batch_size", 8}, {"queue", 24}}, "gem"));
}

TEST(Dvp, OnePhaseAloneIsPossible) {
  const Samples train = dvp_samples();
  for (const double share : {0.0, 1.0}) {
    const auto method = built_dvp({{"pretrain_share", share}}, "fixed", "rn18", 2);
    Progress progress;
    fit(*method, train, 2, progress);
    EXPECT_TRUE(method->predict(train.plain(0, 3).images).isfinite().all().item<bool>()) << share;
  }
}

TEST(Moco, TheQueueIsARing) {
  Random random(1);
  const auto encoder = [&] { return make_backbone({.name = "wrn-10-1", .classes = 2}, random); };
  Moco moco(encoder(), encoder(), 2, MocoOptions{.dim = 3, .queue = 7}, random);
  EXPECT_TRUE(torch::allclose(moco->queue.norm(2, 0), torch::ones({7})));
  const torch::Tensor start = moco->queue.clone();
  const torch::Tensor keys = torch::arange(12, torch::kFloat32).view({4, 3});
  moco->enqueue(keys, 5);
  for (const auto& [column, row] : {std::pair{5, 0}, {6, 1}, {0, 2}, {1, 3}}) {
    EXPECT_TRUE(moco->queue.select(1, column).equal(keys[row]));
  }
  EXPECT_TRUE(moco->queue.narrow(1, 2, 3).equal(start.narrow(1, 2, 3)));
  EXPECT_EQ(moco->queue_ptr.item<std::int64_t>(), 2);
}

TEST(Moco, KeysComeBackInTheImagesOrder) {
  Random random(1);
  const auto encoder = [&] { return make_backbone({.name = "wrn-10-1", .classes = 2}, random); };
  Moco moco(encoder(), encoder(), 2, MocoOptions{.dim = 5, .queue = 8}, random);
  moco->eval();  // whole-batch statistics would tie images together
  const torch::Tensor images = torch::empty({4, 3, 8, 8});
  fill_normal(images, 1, random);
  const torch::Tensor plain = moco->keys(images, {0, 1, 2, 3}), shuffled = moco->keys(images, {2, 0, 3, 1});
  EXPECT_TRUE(torch::allclose(plain, shuffled, 1e-4, 1e-5));
  EXPECT_FALSE(shuffled.requires_grad());
}

TEST(SplitNorm, SplitsIntoTheMostEqualParts) {
  EXPECT_EQ(splits_of(64, 8), 8);
  EXPECT_EQ(splits_of(8, 8), 8);
  EXPECT_EQ(splits_of(10, 8), 5);
  EXPECT_EQ(splits_of(50, 8), 5);
  EXPECT_EQ(splits_of(6, 8), 6);
  EXPECT_EQ(splits_of(13, 8), 1);
  EXPECT_EQ(splits_of(1, 8), 1);
}

TEST(SplitNorm, KeepsChannelsLast) {
  SplitNorm norm(5, 4);
  Random random(2);
  torch::Tensor x = torch::empty({8, 5, 3, 2});
  fill_normal(x, 1, random);
  const torch::Tensor first = norm->forward(x);
  const torch::Tensor last = norm->forward(x.contiguous(torch::MemoryFormat::ChannelsLast));
  EXPECT_TRUE(last.is_contiguous(torch::MemoryFormat::ChannelsLast));
  EXPECT_TRUE(torch::allclose(first, last, 1e-5, 1e-6));
}

TEST(DistillationDistance, FollowsItsThreeCases) {
  const double m = -0.5;
  const auto one = [&](double s, double t) {
    const auto map = [](double v) { return torch::full({1, 1, 1, 1}, v, torch::kFloat64); };
    return distillation_distance(map(s), map(t), map(m)).item<double>();
  };
  EXPECT_NEAR(one(0.2, -2), 0.49, 1e-12);    // only down to the margin
  EXPECT_EQ(one(-0.7, -2), 0);               // below it already
  EXPECT_NEAR(one(0.1, -0.3), 0.16, 1e-12);  // above a negative target
  EXPECT_EQ(one(-0.4, -0.3), 0);             // below one
  EXPECT_NEAR(one(-0.4, 0.6), 1.0, 1e-12);   // a positive target, from either side
  EXPECT_NEAR(one(1.6, 0.6), 1.0, 1e-12);
}

}  // namespace
}  // namespace scant
