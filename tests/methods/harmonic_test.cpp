// The harmonic stem as one convolution equals its three steps; kernels, banks and what is frozen.
#include <gtest/gtest.h>

#include <cmath>

#include "harness/learn/gradient_method.hpp"
#include "methods/parts/harmonic_layer.hpp"

namespace scant {
namespace {

struct Shape {
  int channels, kernel, stride, padding, side;
};

class StemFold : public testing::TestWithParam<Shape> {};

HarmonicStem make_stem(const Shape& shape) {
  Random random(4);
  HarmonicStem stem(ConvSpec{.in = shape.channels,
                             .out = 5,
                             .kernel = shape.kernel,
                             .stride = shape.stride,
                             .padding = shape.padding,
                             .stem = true},
                    random);
  stem->to(torch::kFloat64);
  return stem;
}

/// Images with a mean far from 0, where a variance computed as E[z^2] - E[z]^2 would lose its digits.
torch::Tensor stem_images(const Shape& shape) {
  const torch::Tensor images = torch::empty({4, shape.channels, shape.side, shape.side}, torch::kFloat64);
  Random random(9);
  fill_normal(images, 1, random);
  return images + 30;
}

double relative_difference(const torch::Tensor& a, const torch::Tensor& b) {
  return (a - b).abs().max().item<double>() / b.abs().max().item<double>();
}

TEST_P(StemFold, EqualsTheThreeStepsInTraining) {
  HarmonicStem plain = make_stem(GetParam()), folded = make_stem(GetParam());
  const torch::Tensor images = stem_images(GetParam());
  const torch::Tensor a = plain->forward_plain(images), b = folded->forward_folded(images);
  EXPECT_LT(relative_difference(b, a), 1e-9);
  const torch::Tensor upstream = torch::empty_like(a);
  Random random(2);
  fill_normal(upstream, 1, random);
  (a * upstream).sum().backward();
  (b * upstream).sum().backward();
  EXPECT_LT(relative_difference(folded->weight.grad(), plain->weight.grad()), 1e-9);
  EXPECT_FALSE(folded->dct.grad().defined());
  EXPECT_LT(relative_difference(folded->bn->running_mean, plain->bn->running_mean), 1e-12);
  EXPECT_LT(relative_difference(folded->bn->running_var, plain->bn->running_var), 1e-12);
  EXPECT_EQ(folded->bn->num_batches_tracked.item<double>(), 1);
}

TEST_P(StemFold, EqualsTheThreeStepsInEvaluation) {
  HarmonicStem stem = make_stem(GetParam());
  const torch::Tensor images = stem_images(GetParam());
  stem->forward_plain(images);  // moves the running statistics off their start
  stem->eval();
  const torch::NoGradGuard no_grad;
  EXPECT_LT(relative_difference(stem->forward_folded(images), stem->forward_plain(images)), 1e-9);
}

INSTANTIATE_TEST_SUITE_P(Shapes, StemFold,
                         testing::Values(Shape{3, 3, 1, 1, 8}, Shape{1, 7, 2, 3, 15}, Shape{5, 3, 2, 1, 9}));

TEST(HarmonicStem, TakesTheThreeStepsWhereImagesNeedAGradient) {
  HarmonicStem stem = make_stem({3, 3, 1, 1, 8});
  const torch::Tensor images = stem_images({3, 3, 1, 1, 8}).requires_grad_(true);
  stem->forward(images).square().sum().backward();
  ASSERT_TRUE(images.grad().defined());
  EXPECT_GT(images.grad().abs().max().item<double>(), 0);
}

TEST(DctFilters, AreNormalisedAndOrthogonal) {
  const torch::Tensor bank = dct_filters(5).flatten(1).to(torch::kFloat64);
  ASSERT_EQ(bank.size(0), 25);
  EXPECT_LT((bank.abs().sum(1) - 1).abs().max().item<double>(), 1e-6);
  const torch::Tensor gram = bank.matmul(bank.t());
  EXPECT_LT((gram - gram.diagonal().diag()).abs().max().item<double>(), 1e-7);
  EXPECT_EQ(dct_filters(3, 2).size(0), 3);
  EXPECT_TRUE(dct_filters(3, 5).equal(dct_filters(3)));
}

TEST(Harmonic, TrainsAsManyParametersAsThePlainNetwork) {
  const auto made = methods().at("harmonic").make(Json::object());
  auto& method = dynamic_cast<GradientMethod&>(*made);
  Task task;
  task.trial.backbone = "wrn-16-8";
  task.trial.precision = "fp32";
  task.trial.epochs = 1;
  method.build(task);
  std::int64_t trainable = 0, frozen = 0;
  for (const torch::Tensor& p : method.network().parameters()) (p.requires_grad() ? trainable : frozen) += p.numel();
  EXPECT_EQ(trainable, 10961370);
  EXPECT_EQ(frozen, 1215);
}

}  // namespace
}  // namespace scant
