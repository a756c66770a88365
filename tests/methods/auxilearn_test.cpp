// Auxiliary learning: what is kept apart, what an ordinary step saves, when and how generator and combiner move.
#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <set>

#include "harness/learn/gradient_method.hpp"
#include "methods/parts/auxiliary_learner.hpp"
#include "methods/parts/stratified_split.hpp"
#include "tests/learn/tiny_data.hpp"

namespace scant {
namespace {

using Tensors = std::vector<torch::Tensor>;

constexpr int main_classes = 4;

Samples few_samples(int images = 32) {
  auto bank = std::make_shared<ImageBank>(test::tiny_dataset(main_classes)->bank);
  std::vector<std::int64_t> indices(static_cast<std::size_t>(images));
  std::iota(indices.begin(), indices.end(), 0);
  Augment augment;
  augment.kind = Augment::Kind::shift;
  augment.pad = 1;
  return {bank, indices, augment, normalisation_of(*bank, indices, augment), torch::kCPU};
}

/// A built method and its network by its own type.
struct Built {
  std::unique_ptr<Method> owner;
  GradientMethod& method;
  AuxiliaryLearner& learner;
};

Built build_learner(Json params = Json::object(), const std::string& compat = "fixed",
                    const std::string& precision = "fp32") {
  auto owner = methods().at("auxilearn").make(params);
  Task task;
  task.trial.backbone = "wrn-10-1";
  task.trial.precision = precision;
  task.trial.epochs = 10;
  task.trial.compat = compat;
  task.classes = main_classes;
  task.side = 12;
  owner->build(task);
  auto& method = dynamic_cast<GradientMethod&>(*owner);
  return {std::move(owner), method, dynamic_cast<AuxiliaryLearner&>(method.network())};
}

Tensors copies(const Tensors& tensors) {
  Tensors result;
  for (const torch::Tensor& tensor : tensors) result.push_back(tensor.detach().clone());
  return result;
}

bool same_tensors(const Tensors& a, const Tensors& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](const torch::Tensor& x, const torch::Tensor& y) { return x.equal(y); });
}

void fit_to(Method& method, const Samples& train, int epochs, int done = 0) {
  Progress progress;
  progress.epochs_done = done;
  FitContext context{.train = train, .until = epochs, .progress = progress};
  method.fit(context);
}

TEST(Auxilearn, TheOrdinaryStepMovesTheMainNetworkAsTheWholeGraphWould) {
  const Samples train = few_samples();
  Built saving = build_learner(), whole = build_learner();
  const Batch batch = train.plain(0, 10);
  saving.learner.train();
  saving.method.training_loss(batch, saving.method.outputs(batch.images)).backward();
  whole.learner.train();
  const Tensors outputs = whole.method.outputs(batch.images);
  const torch::Tensor targets = whole.learner.soft_labels(batch.images, batch.labels);
  whole.learner.combined(whole.learner.losses(outputs, targets, batch.labels)).backward();

  const Tensors a = saving.learner.main_parameters(), b = whole.learner.main_parameters();
  for (std::size_t i = 0; i < a.size(); ++i) {
    ASSERT_EQ(a[i].grad().defined(), b[i].grad().defined());
    EXPECT_TRUE(a[i].grad().equal(b[i].grad()));
  }
  for (const torch::Tensor& p : saving.learner.outer()) {
    EXPECT_FALSE(p.grad().defined());
    EXPECT_TRUE(p.requires_grad());
  }
  for (const torch::Tensor& p : whole.learner.outer()) EXPECT_TRUE(p.grad().defined());
}

TEST(Auxilearn, KeepsImagesOfEveryClassApart) {
  const Samples train = few_samples();
  const Built built = build_learner();
  const std::vector<std::int64_t> kept = built.method.trained_on(train);
  ASSERT_EQ(kept.size(), 28U);
  EXPECT_TRUE(std::is_sorted(kept.begin(), kept.end()));
  const torch::Tensor labels = train.labels();
  std::vector<int> left(main_classes, 0);
  for (const std::int64_t at : kept) ++left[static_cast<std::size_t>(labels[at].item<std::int64_t>())];
  EXPECT_EQ(left, std::vector<int>(main_classes, 7));
  EXPECT_EQ(build_learner({{"auxiliary_fraction", 0.25}}).method.trained_on(train).size(), 24U);
}

TEST(Auxilearn, TooFewImagesAreATrialsFailure) {
  const Built built = build_learner();
  EXPECT_THROW(fit_to(*built.owner, few_samples(4), 1), TrialFailure);
}

TEST(Auxilearn, GeneratorAndCombinerMoveAtTheirIntervalOnly) {
  const Samples train = few_samples();
  // 28 images in batches of 10: three steps an epoch.
  Built built = build_learner({{"update_interval", 6}, {"batch_size", 10}});
  const Tensors start = copies(built.learner.outer());
  fit_to(*built.owner, train, 1);
  EXPECT_TRUE(same_tensors(start, copies(built.learner.outer())));
  Built longer = build_learner({{"update_interval", 6}, {"batch_size", 10}});
  fit_to(*longer.owner, train, 2);
  const Tensors moved = longer.learner.outer();
  for (std::size_t i = 0; i < moved.size(); ++i) EXPECT_FALSE(moved[i].equal(start[i])) << i;
}

TEST(Auxilearn, CombinerWeightsStayNonNegativeUnlessTheReferenceIsWanted) {
  const Samples train = few_samples();
  const auto smallest = [&](const char* compat) {
    // Whatever the step, this decay turns the weights' sign.
    Built built =
        build_learner({{"update_interval", 3}, {"batch_size", 10}, {"weight_decay", 300.0}, {"lr", 0.01}}, compat);
    const auto step = Step{.train = train, .epoch = 0, .number = 2, .total = 30};
    built.learner.train();
    built.method.after_step(step);
    double result = 1;
    for (const torch::Tensor& w : built.learner.combiner().parameters()) {
      result = std::min(result, w.min().item<double>());
    }
    return result;
  };
  EXPECT_EQ(smallest("fixed"), 0);
  EXPECT_LT(smallest("gem"), 0);
}

TEST(Auxilearn, OnlyTheReferenceLeavesTheGeneratorInEvaluationMode) {
  const Samples train = few_samples();
  for (const char* compat : {"fixed", "gem"}) {
    Built built = build_learner({{"batch_size", 14}}, compat);
    fit_to(*built.owner, train, 1);
    EXPECT_TRUE(built.learner.generator().is_training()) << compat;
    fit_to(*built.owner, train, 2, 1);
    EXPECT_EQ(built.learner.generator().is_training(), std::string(compat) == "fixed");
  }
}

TEST(Auxilearn, TheHyperStepIsKeyedByTheStep) {
  const Samples train = few_samples();
  const auto after = [&](std::int64_t number) {
    Built built = build_learner({{"update_interval", 1}, {"batch_size", 10}});
    built.learner.train();
    built.method.after_step({.train = train, .epoch = 0, .number = number, .total = 100});
    return copies(built.learner.outer());
  };
  torch::manual_seed(1);
  const Tensors first = after(3);
  torch::manual_seed(2);
  EXPECT_TRUE(same_tensors(first, after(3)));
  EXPECT_FALSE(same_tensors(first, after(4)));
}

TEST(Auxilearn, ParkedBetweenHyperStepsItGoesOnAlike) {
  const Samples train = few_samples();
  const Json params{{"update_interval", 2}, {"batch_size", 10}};  // the generator's momentum is in use when parked
  Built whole = build_learner(params), first = build_learner(params), second = build_learner(params);
  fit_to(*whole.owner, train, 3);
  fit_to(*first.owner, train, 1);
  {
    const torch::NoGradGuard no_grad;
    const State from = first.owner->state(), to = second.owner->state();
    ASSERT_EQ(from.size(), to.size());
    for (std::size_t i = 0; i < from.size(); ++i) torch::Tensor(to[i].second).copy_(from[i].second);
  }
  fit_to(*second.owner, train, 3, 1);
  const State a = whole.owner->state(), b = second.owner->state();
  for (std::size_t i = 0; i < a.size(); ++i) EXPECT_TRUE(a[i].second.equal(b[i].second)) << a[i].first;
}

TEST(Auxilearn, TheNonlinearCombinerTrainsToo) {
  const Samples train = few_samples();
  Built built = build_learner({{"combiner", "nonlinear"}, {"update_interval", 2}});
  EXPECT_NO_THROW(fit_to(*built.owner, train, 2));
  for (const torch::Tensor& p : built.learner.outer()) EXPECT_TRUE(p.isfinite().all().item<bool>());
}

TEST(Auxilearn, TrainsInBfloat16WithHyperStepsInFullPrecision) {
  const Samples train = few_samples();
  Built built = build_learner({{"update_interval", 2}}, "fixed", "bf16");
  EXPECT_NO_THROW(fit_to(*built.owner, train, 2));
  for (const auto& [name, tensor] : built.owner->state()) EXPECT_TRUE(tensor.isfinite().all().item<bool>()) << name;
  EXPECT_EQ(built.owner->predict(train.plain(0, 5).images).scalar_type(), torch::kFloat32);
}

/// target = |w - t|^2 / 2, inner = w'Aw/2 - x'Bw: the minimum of `inner` is w = A^-1 B'x, so everything is known.
TEST(ImplicitGradient, EqualsTheClosedFormOfAQuadratic) {
  Random random(5);
  const auto draw = [&](std::vector<std::int64_t> shape) {
    const torch::Tensor tensor = torch::empty(shape, torch::kFloat64);
    const torch::NoGradGuard no_grad;
    // fill_normal is the network's, in single precision, which is exact in double.
    for (double* p = tensor.data_ptr<double>(); p < tensor.data_ptr<double>() + tensor.numel(); ++p)
      *p = random.normal();
    return tensor;
  };
  const torch::Tensor root = draw({4, 4}), A = root.matmul(root.t()) / 4 + torch::eye(4, torch::kFloat64);
  const torch::Tensor B = draw({3, 4}), t = draw({4});
  const torch::Tensor w = draw({4}).requires_grad_(true), x = draw({3}).requires_grad_(true);
  const double lr = 0.1;
  const auto gradient = [&](int terms) {
    const torch::Tensor target = (w - t).square().sum() / 2;
    const torch::Tensor inner = w.dot(A.mv(w)) / 2 - x.dot(B.mv(w));
    return implicit_gradient(target, inner, {w}, {x}, {.lr = lr, .terms = terms}).front();
  };
  const torch::Tensor v = (w - t).detach();
  const torch::Tensor twice = v + (v - lr * A.mv(v));
  EXPECT_LT((gradient(1) - B.mv(twice)).abs().max().item<double>(), 1e-12);
  const torch::Tensor limit = at::linalg_inv(A).mv(v) / lr;
  EXPECT_LT((gradient(2000) - B.mv(limit)).abs().max().item<double>(), 1e-6);
}

TEST(ClipNorm, ScalesLongGradientsOnly) {
  Tensors shorter{torch::tensor({3.0, 0.0}), torch::Tensor(), torch::tensor({4.0})};
  clip_norm(shorter, 50);
  EXPECT_TRUE(shorter[2].equal(torch::tensor({4.0})));
  Tensors longer{torch::tensor({300.0, 0.0}), torch::tensor({400.0})};
  clip_norm(longer, 50);
  EXPECT_NEAR(longer[0][0].item<double>(), 30, 1e-4);
  EXPECT_NEAR(longer[1][0].item<double>(), 40, 1e-4);
}

TEST(StratifiedTestPart, IsWithoutRepetitionAndFair) {
  std::vector<std::int64_t> labels;
  for (int i = 0; i < 50; ++i) labels.push_back(i % 10 == 0 ? 0 : i % 2 == 0 ? 1 : 2);  // 5, 20, 25
  const auto part = stratified_test_part(labels, 10, 42);
  EXPECT_EQ(std::set(part.begin(), part.end()).size(), 10U);
  std::vector<int> counts(3, 0);
  for (const std::int64_t at : part) ++counts[static_cast<std::size_t>(labels[static_cast<std::size_t>(at)])];
  EXPECT_EQ(counts, (std::vector{1, 4, 5}));
  EXPECT_NE(part, stratified_test_part(labels, 10, 43));
}

TEST(StratifiedTestPart, TakesWhatScikitLearnRefuses) {
  EXPECT_EQ(stratified_test_part({0, 1, 2, 3}, 1, 42).size(), 1U);  // classes of one image
  EXPECT_EQ(stratified_test_part({5, 5, 9}, 3, 42).size(), 3U);     // nothing left to train on
  EXPECT_TRUE(stratified_test_part({1, 1}, 0, 42).empty());
}

}  // namespace
}  // namespace scant
