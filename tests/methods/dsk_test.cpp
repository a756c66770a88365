// Dual selective-kernel networks: running the dropped branch without autograd changes no update, draws follow the
// steps, heads follow the parameters, small maps and all backbones work.
#include <gtest/gtest.h>

#include "harness/core/error.hpp"
#include "harness/learn/gradient_method.hpp"
#include "harness/learn/sgd.hpp"
#include "methods/parts/dual_block.hpp"
#include "tests/support/tensors.hpp"

namespace scant {
namespace {

using test::difference;
using test::noise;
using Kind = BlockSpec::Kind;

std::shared_ptr<DualBlock> make_block(const BlockSpec& spec) {
  Random random(3);
  LayerMaker maker;
  const SelectiveOptions options{.groups = 2, .reduction = 4, .least = 4};
  auto block = std::make_shared<DualBlock>(spec, options, random, maker);
  block->to(torch::kFloat64);
  for (torch::Tensor& p : block->parameters()) {
    if (p.dim() == 4) p.set_data(p.contiguous(torch::MemoryFormat::ChannelsLast));  // as in training
  }
  return block;
}

/// Both branches with autograd, the dropped one times zero.
torch::Tensor plain_forward(DualBlock& block, const torch::Tensor& x) {
  const double first = block.keep_first ? 1 : 0;
  const torch::Tensor a = block.branch1->forward(x), b = block.branch2->forward(x);
  return block.finish(first * a + (1 - first) * b + block.shortcut(x));
}

class DualUpdate : public testing::TestWithParam<BlockSpec> {};

TEST_P(DualUpdate, EqualsThatOfBothBranchesWithAutograd) {
  const auto saving = make_block(GetParam()), plain = make_block(GetParam());
  const OptimiserOptions options{.weight_decay = 0.05, .momentum = 0.9};
  Sgd saving_sgd(saving->parameters(), options), plain_sgd(plain->parameters(), options);
  std::uint64_t seed = 10;
  for (const bool first : {true, false, false, true, true}) {
    const torch::Tensor images = noise({3, GetParam().in, 6, 6}, seed++);
    saving->keep_first = plain->keep_first = first;
    const torch::Tensor x = images.clone().requires_grad_(true), y = images.clone().requires_grad_(true);
    const torch::Tensor a = saving->forward(x), b = plain_forward(*plain, y), upstream = noise(a.sizes().vec(), seed++);
    EXPECT_LT(difference(a, b), 1e-12);
    saving_sgd.zero_grad();
    plain_sgd.zero_grad();
    (a * upstream).sum().backward();
    (b * upstream).sum().backward();
    EXPECT_LT(difference(x.grad(), y.grad()), 1e-12);
    for (const torch::Tensor& p : (first ? saving->branch2 : saving->branch1)->parameters()) {
      ASSERT_TRUE(p.grad().defined());
      EXPECT_EQ(p.grad().abs().max().item<double>(), 0);
      EXPECT_EQ(p.grad().strides(), p.strides());
    }
    saving_sgd.step(0.1);
    plain_sgd.step(0.1);
  }
  const State have = module_state(*saving), want = module_state(*plain);
  ASSERT_EQ(have.size(), want.size());
  for (std::size_t i = 0; i < have.size(); ++i) {
    EXPECT_LT(difference(have[i].second.to(torch::kFloat64), want[i].second.to(torch::kFloat64)), 1e-12)
        << have[i].first;
  }
  for (std::size_t i = 0; i < saving_sgd.buffers().size(); ++i) {
    EXPECT_LT(difference(saving_sgd.buffers()[i], plain_sgd.buffers()[i]), 1e-12);
  }
}

INSTANTIATE_TEST_SUITE_P(Blocks, DualUpdate,
                         testing::Values(BlockSpec{Kind::basic, 4, 4, 1}, BlockSpec{Kind::cifar, 4, 8, 2},
                                         BlockSpec{Kind::bottleneck, 8, 2, 1}, BlockSpec{Kind::bottleneck, 4, 2, 2},
                                         BlockSpec{Kind::wide, 4, 4, 1}, BlockSpec{Kind::wide, 4, 8, 1},
                                         BlockSpec{Kind::wide, 4, 8, 2}));

TEST(DualBlock, AveragesItsBranchesInEvaluation) {
  const auto block = make_block({Kind::wide, 4, 8, 2});
  block->eval();
  const torch::NoGradGuard no_grad;
  const torch::Tensor x = noise({2, 4, 6, 6}, 1);
  const torch::Tensor mean = 0.5 * block->branch1->forward(x) + 0.5 * block->branch2->forward(x);
  EXPECT_LT(difference(block->forward(x), mean + block->shortcut(x)), 1e-12);
}

Task task_of(const std::string& backbone, int channels = 3) {
  Task task;
  task.trial.backbone = backbone;
  task.trial.precision = "fp32";
  task.trial.epochs = 1;
  task.channels = channels;
  task.classes = 4;
  task.side = 16;
  return task;
}

std::unique_ptr<GradientMethod> build_dsk(const Json& params, const Task& task) {
  std::unique_ptr<Method> made = methods().at("dsk").make(params);
  std::unique_ptr<GradientMethod> method(dynamic_cast<GradientMethod*>(made.release()));
  method->build(task);
  return method;
}

torch::Tensor state_of(GradientMethod& method, const std::string& wanted) {
  for (const auto& [name, tensor] : method.state()) {
    if (name == wanted) return tensor;
  }
  return {};
}

/// Which branches the training forward at a step keeps.
std::vector<bool> draws_at(GradientMethod& method, std::int64_t step) {
  {
    const torch::NoGradGuard no_grad;
    state_of(method, "steps").fill_(step);
  }
  auto& network = dynamic_cast<DualNetwork&>(method.network());
  network.forget();
  network.train();
  method.outputs(torch::zeros({2, 3, 16, 16}));
  std::vector<bool> kept;
  for (const auto& module : network.modules()) {
    if (const auto* block = dynamic_cast<const DualBlock*>(module.get())) kept.push_back(block->keep_first);
  }
  return kept;
}

TEST(Dsk, DrawsAreAFunctionOfTheTrialAndTheStep) {
  const auto a = build_dsk({}, task_of("wrn-16-1")), b = build_dsk({}, task_of("wrn-16-1"));
  std::vector<int> firsts(6);
  constexpr int steps = 60;
  for (int step = 0; step < steps; ++step) {
    const auto kept = draws_at(*a, step);
    ASSERT_EQ(kept.size(), firsts.size());
    for (std::size_t i = 0; i < kept.size(); ++i) firsts[i] += kept[i];
  }
  for (const int count : firsts) {
    EXPECT_GT(count, steps / 5);
    EXPECT_LT(count, steps * 4 / 5);
  }
  EXPECT_EQ(draws_at(*a, 7), draws_at(*b, 7));
  EXPECT_NE(draws_at(*a, 7), draws_at(*a, 8));
}

TEST(Dsk, ParametersDecideTheHeads) {
  const auto whole = build_dsk({}, task_of("rn20"));
  EXPECT_EQ(state_of(*whole, "centres").sizes(), (std::vector<std::int64_t>{4, 64}));
  EXPECT_EQ(state_of(*whole, "fc.weight").sizes(), (std::vector<std::int64_t>{4, 64}));
  const auto narrow = build_dsk({{"centre_dim", 5}}, task_of("rn20"));
  EXPECT_EQ(state_of(*narrow, "base.fc.weight").sizes(), (std::vector<std::int64_t>{5, 64}));
  EXPECT_EQ(narrow->embed(torch::zeros({2, 3, 16, 16})).size(1), 5);
  for (const Json& params : {Json{{"centre_weight", 0.0}}, Json{{"composite_loss", false}}}) {
    const auto plain = build_dsk(params, task_of("rn20"));
    EXPECT_FALSE(state_of(*plain, "centres").defined());
    EXPECT_FALSE(state_of(*plain, "fc.weight").defined());
    EXPECT_EQ(state_of(*plain, "base.fc.weight").sizes(), (std::vector<std::int64_t>{4, 64}));
    EXPECT_EQ(plain->predict(torch::zeros({2, 3, 16, 16})).size(1), 4);
  }
  const torch::Tensor logits = noise({3, 4}, 1), labels = torch::tensor({0, 3, 1});
  const auto xent = build_dsk({{"composite_loss", false}}, task_of("rn20"));
  EXPECT_DOUBLE_EQ(xent->loss({logits}, labels).item<double>(),
                   torch::nn::functional::cross_entropy(logits, labels).item<double>());
}

TEST(Dsk, TrainsEveryFamilyDownToMapsOfOnePixel) {
  for (const char* backbone : {"rn20", "rn18", "rn50", "wrn-10-1"}) {
    const auto method = build_dsk({}, task_of(backbone, 2));
    method->network().train();
    for (const int side : {8, 15}) {
      const torch::Tensor images = noise({2, 2, side, side}, 5).to(torch::kFloat32), labels = torch::tensor({1, 0});
      const torch::Tensor loss = method->loss(method->outputs(images), labels);
      loss.backward();
      EXPECT_TRUE(loss.isfinite().item<bool>()) << backbone << " " << side;
    }
  }
}

}  // namespace
}  // namespace scant
