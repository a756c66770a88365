// What each saving that changes no update saves: the same step with it and without, one thread, float32.
#include <benchmark/benchmark.h>

#include "harness/learn/gradient_method.hpp"
#include "harness/learn/session.hpp"
#include "methods/parts/auxiliary_learner.hpp"
#include "methods/parts/dual_block.hpp"
#include "methods/parts/harmonic_layer.hpp"
#include "methods/parts/ole_term.hpp"
#include "methods/parts/scattering_transform.hpp"
#include "methods/parts/transform_cache.hpp"

namespace scant {
namespace {

torch::Tensor noise(const std::vector<std::int64_t>& shape) {
  const torch::Tensor values = torch::empty(shape);
  Random random(5);
  fill_normal(values, 1, random);
  return values;
}

Batch batch_of(std::int64_t n, int classes) {
  return {.images = noise({n, 3, 32, 32}).contiguous(torch::MemoryFormat::ChannelsLast),
          .labels = torch::arange(n).remainder(classes),
          .local = {},
          .indices = {}};
}

std::unique_ptr<GradientMethod> built(const std::string& method, const std::string& compat) {
  std::unique_ptr<Method> made = methods().at(method).make(Json::object());
  std::unique_ptr<GradientMethod> result(dynamic_cast<GradientMethod*>(made.release()));
  Task task;
  task.trial.backbone = "wrn-16-1";
  task.trial.precision = "fp32";
  task.trial.compat = compat;
  task.trial.epochs = 1;
  task.classes = 10;
  task.side = 32;
  result->build(task);
  result->network().train();
  return result;
}

/// Both branches of a dual block with autograd, one times zero; or the dropped one without.
void dsk_block(benchmark::State& state, bool saving) {
  set_compute_threads(1);
  Random random(3);
  LayerMaker maker;
  DualBlock block({BlockSpec::Kind::wide, 64, 64, 1}, {}, random, maker);
  for (torch::Tensor& p : block.parameters()) {
    if (p.dim() == 4) p.set_data(p.contiguous(torch::MemoryFormat::ChannelsLast));
  }
  const torch::Tensor x = noise({25, 64, 16, 16}).contiguous(torch::MemoryFormat::ChannelsLast).requires_grad_(true);
  for (auto _ : state) {
    const torch::Tensor out =
        saving ? block.forward(x)
               : block.finish(block.branch1->forward(x) + 0.0 * block.branch2->forward(x) + block.shortcut(x));
    out.sum().backward();
  }
}
BENCHMARK_CAPTURE(dsk_block, dropped_branch_without_autograd, true)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(dsk_block, both_branches_with_autograd, false)->Unit(benchmark::kMillisecond);

void harmonic_stem(benchmark::State& state, int side, bool folded) {
  set_compute_threads(1);
  Random random(3);
  HarmonicStem stem(ConvSpec{.in = 3, .out = 16, .stem = true}, random);
  const torch::Tensor x = noise({25, 3, side, side}).contiguous(torch::MemoryFormat::ChannelsLast);
  for (auto _ : state) (folded ? stem->forward_folded(x) : stem->forward_plain(x)).sum().backward();
}
BENCHMARK_CAPTURE(harmonic_stem, folded_32, 32, true)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(harmonic_stem, plain_32, 32, false)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(harmonic_stem, folded_112, 112, true)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(harmonic_stem, plain_112, 112, false)->Unit(benchmark::kMillisecond);

/// Value and sub-gradient of the term by a singular value decomposition a class and one of the batch.
torch::Tensor ole_by_svd(const torch::Tensor& features, const torch::Tensor& labels, int classes) {
  const torch::NoGradGuard no_grad;
  const torch::Tensor x = features.to(torch::kFloat64);
  torch::Tensor gradient = torch::zeros_like(x);
  const auto add = [&](const torch::Tensor& rows, double sign) {
    const auto [u, s, v] = at::linalg_svd(x.index_select(0, rows), false);
    if (sign < 0 || s.sum().item<double>() > 1) gradient.index_add_(0, rows, sign * u.matmul(v));
  };
  for (int c = 0; c < classes; ++c) {
    const torch::Tensor rows = labels.eq(c).nonzero().flatten();
    if (rows.numel() > 0) add(rows, 1);
  }
  add(torch::arange(x.size(0)), -1);
  return gradient;
}

void ole(benchmark::State& state, int dim, bool closed) {
  set_compute_threads(1);
  constexpr int classes = 10;
  const torch::Tensor x = noise({50, dim}).requires_grad_(true), labels = torch::arange(50).remainder(classes);
  for (auto _ : state) {
    if (closed) {
      ole_term(x, labels, {}).backward();
    } else {
      benchmark::DoNotOptimize(ole_by_svd(x, labels, classes));
    }
  }
}
BENCHMARK_CAPTURE(ole, eigendecomposition_512, 512, true)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(ole, singular_values_512, 512, false)->Unit(benchmark::kMillisecond);

/// compat = "gem" has the two passes.
void gradl2(benchmark::State& state, const std::string& compat) {
  set_compute_threads(1);
  const auto method = built("gradl2", compat);
  const Batch batch = batch_of(25, 10);
  for (auto _ : state) method->training_loss(batch, method->outputs(batch.images)).backward();
}
BENCHMARK_CAPTURE(gradl2, one_pass, "fixed")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(gradl2, two_passes, "gem")->Unit(benchmark::kMillisecond);

void auxilearn(benchmark::State& state, bool detached) {
  set_compute_threads(1);
  const auto method = built("auxilearn", "fixed");
  auto& learner = dynamic_cast<AuxiliaryLearner&>(method->network());
  const Batch batch = batch_of(25, 10);
  for (auto _ : state) {
    const auto outputs = method->outputs(batch.images);
    if (detached) {
      method->training_loss(batch, outputs).backward();
    } else {
      const torch::Tensor targets = learner.soft_labels(batch.images, batch.labels);
      learner.combined(learner.losses(outputs, targets, batch.labels)).backward();
    }
  }
}
BENCHMARK_CAPTURE(auxilearn, detached_generator, true)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(auxilearn, whole_graph, false)->Unit(benchmark::kMillisecond);

void scattering(benchmark::State& state, bool autograd) {
  set_compute_threads(1);
  Scattering transform(ScatteringShape{.side = 32, .scale = 2});
  const torch::Tensor x = noise({25, 3, 32, 32}).requires_grad_(autograd);
  for (auto _ : state) {
    const torch::Tensor maps = transform->forward(x);
    if (autograd) maps.sum().backward();
  }
}
/// Every image a hit.
void scattering_kept(benchmark::State& state) {
  set_compute_threads(1);
  Scattering transform(ScatteringShape{.side = 32, .scale = 2});
  TransformCache cache(1 << 28);
  const torch::Tensor x = noise({25, 3, 32, 32});
  const auto forward = [&](const torch::Tensor& image) { return transform->forward(image); };
  cache(x, forward);
  for (auto _ : state) benchmark::DoNotOptimize(cache(x, forward));
}
/// Every image a miss.
void scattering_image_by_image(benchmark::State& state) {
  set_compute_threads(1);
  Scattering transform(ScatteringShape{.side = 32, .scale = 2});
  TransformCache cache(0);
  const torch::Tensor x = noise({25, 3, 32, 32});
  for (auto _ : state) {
    benchmark::DoNotOptimize(cache(x, [&](const torch::Tensor& image) { return transform->forward(image); }));
  }
}
BENCHMARK(scattering_kept)->Unit(benchmark::kMillisecond);
BENCHMARK(scattering_image_by_image)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(scattering, without_autograd, false)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(scattering, with_autograd, true)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace scant
