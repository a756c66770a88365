// What one writes first with LibTorch, beside scant on the same images: a training in fp32 with channels first on all
// threads, images augmented one by one, torch's optimiser, and a pass over the validation images after every epoch, in
// the training's batches. Items are training images; compare items_per_second of `plain` and `scant`.
#include <benchmark/benchmark.h>
#include <torch/torch.h>

#include <cstdlib>
#include <numeric>

#include "harness/core/memory.hpp"
#include "tests/bench/tiny_trial.hpp"

namespace scant {
namespace {

namespace nn = torch::nn;
constexpr std::int64_t classes = 10, batch = 25;
constexpr int cores = 2;

/// The CPU, or what SCANT_BENCH_DEVICE names.
torch::Device device() {
  const char* name = std::getenv("SCANT_BENCH_DEVICE");
  return torch::Device(name == nullptr ? "cpu" : name);
}

int side_by_side() {
  return device().is_cuda() ? 8 : cores;
}

nn::Conv2d conv3x3(std::int64_t in, std::int64_t out, std::int64_t stride) {
  return nn::Conv2d(nn::Conv2dOptions(in, out, 3).stride(stride).padding(1).bias(false));
}

/// He et al., CVPR 2016, for CIFAR: batch normalisation after each convolution, shortcuts that pad channels.
struct BasicBlock : nn::Module {
  BasicBlock(std::int64_t in, std::int64_t out, std::int64_t stride)
      : first(register_module("first", conv3x3(in, out, stride))),
        second(register_module("second", conv3x3(out, out, 1))),
        norm1(register_module("norm1", nn::BatchNorm2d(out))),
        norm2(register_module("norm2", nn::BatchNorm2d(out))),
        stride_(stride),
        missing_(out - in) {}
  torch::Tensor forward(const torch::Tensor& x) {
    const torch::Tensor y = norm2(second(torch::relu(norm1(first(x)))));
    if (stride_ == 1 && missing_ == 0) return torch::relu(y + x);
    const torch::Tensor thinned = x.slice(2, 0, x.size(2), stride_).slice(3, 0, x.size(3), stride_);
    return torch::relu(y + torch::constant_pad_nd(thinned, {0, 0, 0, 0, missing_ / 2, missing_ - missing_ / 2}));
  }
  nn::Conv2d first, second;
  nn::BatchNorm2d norm1, norm2;
  std::int64_t stride_, missing_;
};

/// Zagoruyko & Komodakis, BMVC 2016: normalisation first, a convolution where channels change.
struct WideBlock : nn::Module {
  WideBlock(std::int64_t in, std::int64_t out, std::int64_t stride)
      : norm1(register_module("norm1", nn::BatchNorm2d(in))),
        norm2(register_module("norm2", nn::BatchNorm2d(out))),
        first(register_module("first", conv3x3(in, out, stride))),
        second(register_module("second", conv3x3(out, out, 1))) {
    if (in != out || stride != 1) {
      shortcut = register_module("shortcut", nn::Conv2d(nn::Conv2dOptions(in, out, 1).stride(stride).bias(false)));
    }
  }
  torch::Tensor forward(const torch::Tensor& x) {
    const torch::Tensor y = torch::relu(norm1(x));
    return second(torch::relu(norm2(first(y)))) + (shortcut ? shortcut(y) : x);
  }
  nn::BatchNorm2d norm1, norm2;
  nn::Conv2d first, second, shortcut{nullptr};
};

template <class Block>
nn::Sequential network(int blocks_a_stage, std::int64_t factor, bool ends_with_norm) {
  nn::Sequential net(conv3x3(3, 16, 1));
  if (!ends_with_norm) {
    net->push_back(nn::BatchNorm2d(16));
    net->push_back(nn::ReLU());
  }
  std::int64_t in = 16;
  for (const std::int64_t out : {16 * factor, 32 * factor, 64 * factor}) {
    for (int block = 0; block < blocks_a_stage; ++block, in = out) {
      net->push_back(Block(in, out, block == 0 && out != 16 * factor ? 2 : 1));
    }
  }
  if (ends_with_norm) {
    net->push_back(nn::BatchNorm2d(in));
    net->push_back(nn::ReLU());
  }
  net->push_back(nn::AdaptiveAvgPool2d(1));
  net->push_back(nn::Flatten());
  net->push_back(nn::Linear(in, classes));
  return net;
}

/// A network and how many images an epoch of it has, a third as many for validation.
struct Case {
  const char* name;
  std::int64_t images;
};
constexpr Case rn20{"rn20", 300}, wrn_16_1{"wrn-16-1", 300}, wrn_16_8{"wrn-16-8", 75};

/// rn20: 3 blocks a stage; wrn-16-K: 2.
nn::Sequential network_named(const std::string& name) {
  if (name == rn20.name) return network<BasicBlock>(3, 1, false);
  return network<WideBlock>(2, name == wrn_16_8.name ? 8 : 1, true);
}

struct Images {
  torch::Tensor pixels, labels;  // N x 3 x 32 x 32 normalised; N
};

Images some_images(std::int64_t count) {
  return {torch::randn({count, 3, 32, 32}), torch::randint(classes, {count})};
}

/// A shift by up to 4 pixels and a flip.
torch::Tensor augmented(const torch::Tensor& image) {
  const torch::Tensor padded = torch::constant_pad_nd(image, {4, 4, 4, 4});
  const auto draw = [](std::int64_t n) { return torch::randint(n, {1}).item<std::int64_t>(); };
  const torch::Tensor crop = padded.narrow(1, draw(9), 32).narrow(2, draw(9), 32);
  return draw(2) == 1 ? crop.flip({2}) : crop;
}

void plain(benchmark::State& state, const Case& one) {
  at::set_num_threads(cores);
  const Images train = some_images(one.images), val = some_images(one.images / 3);
  nn::Sequential net = network_named(one.name);
  net->to(device());
  torch::optim::SGD optimiser(net->parameters(), torch::optim::SGDOptions(0.01).momentum(0.9).weight_decay(1e-3));
  const auto epoch = [&] {
    net->train();
    const torch::Tensor order = torch::randperm(one.images);
    for (std::int64_t begin = 0; begin < one.images; begin += batch) {
      std::vector<torch::Tensor> images, labels;
      for (std::int64_t i = begin; i < begin + batch; ++i) {
        const auto at = order[i].item<std::int64_t>();
        images.push_back(augmented(train.pixels[at]));
        labels.push_back(train.labels[at]);
      }
      optimiser.zero_grad();
      const torch::Tensor scores = net->forward(torch::stack(images).to(device()));
      nn::functional::cross_entropy(scores, torch::stack(labels).to(device())).backward();
      optimiser.step();
    }
    const torch::NoGradGuard no_grad;
    net->eval();
    std::int64_t right = 0;
    for (std::int64_t begin = 0; begin < one.images / 3; begin += batch) {
      const torch::Tensor scores = net->forward(val.pixels.narrow(0, begin, batch).to(device()));
      right += scores.argmax(1).eq(val.labels.narrow(0, begin, batch).to(device())).sum().item<std::int64_t>();
    }
    return right;
  };
  benchmark::DoNotOptimize(epoch());
  for (auto _ : state) benchmark::DoNotOptimize(epoch());
  state.SetItemsProcessed(state.iterations() * one.images);
}

/// As many trainings side by side as the benchmark has threads, one thread each (far less than twice one's speed from
/// two means that their BLAS or OpenMP threads fight); a validation pass every tenth epoch, as often as decisions of
/// the published protocol need one.
void scant_epochs(benchmark::State& state, const Case& one, const std::string& precision) {
  set_compute_threads(1);
  keep_freed_memory();
  auto dataset = std::make_shared<Dataset>(*test::tiny_dataset(classes, 40, 32));
  Split& split = dataset->stored[0];
  split.train = split.trainval;
  split.train.resize(static_cast<std::size_t>(one.images));
  split.val.resize(static_cast<std::size_t>(one.images / 3));
  const auto pool = make_data_pool(dataset, device());
  Trial trial = tiny_trial("xent", {{"batch_size", batch}}, one.name);
  trial.index = state.thread_index();
  trial.precision = precision;
  Session session(trial, pool, device());
  const auto never = [] { return false; };
  session.train_until(1, never);
  for (auto _ : state) {
    session.train_until(session.epochs_done() + 1, never);
    if (session.epochs_done() % 10 == 0) benchmark::DoNotOptimize(session.validate());
  }
  state.SetItemsProcessed(state.iterations() * one.images);
}

/// What the machine can do: a large product of matrices on all threads. A training image of rn20 takes 0.24 GFLOP, of
/// wrn-16-1 0.16 (forward, and twice that backward).
void peak(benchmark::State& state) {
  at::set_num_threads(cores);
  constexpr std::int64_t n = 2048;
  const torch::Tensor a = torch::randn({n, n}, device()), b = torch::randn({n, n}, device());
  torch::Tensor c = at::mm(a, b);
  for (auto _ : state) benchmark::DoNotOptimize(at::mm_out(c, a, b)[0][0].item<float>());  // a read waits for a GPU
  state.counters["GFLOP"] =
      benchmark::Counter(2e-9 * n * n * n * static_cast<double>(state.iterations()), benchmark::Counter::kIsRate);
}

// Plain ones first: what scant asks of the process' memory stays.
BENCHMARK(peak)->Unit(benchmark::kMillisecond)->UseRealTime();
#define SCANT_PLAIN(one) BENCHMARK_CAPTURE(plain, one, one)->Unit(benchmark::kMillisecond)->UseRealTime()
SCANT_PLAIN(rn20);
SCANT_PLAIN(wrn_16_1);
SCANT_PLAIN(wrn_16_8);
#define SCANT_EPOCHS(one, name, precision)                      \
  BENCHMARK_CAPTURE(scant_epochs, one##_##name, one, precision) \
      ->Threads(1)                                              \
      ->Threads(side_by_side())                                 \
      ->Unit(benchmark::kMillisecond)                           \
      ->UseRealTime()
SCANT_EPOCHS(rn20, direct, "fp32");
SCANT_EPOCHS(rn20, fast, "fp32-fast");
SCANT_EPOCHS(wrn_16_1, direct, "fp32");
SCANT_EPOCHS(wrn_16_1, fast, "fp32-fast");
SCANT_EPOCHS(wrn_16_8, direct, "fp32");
SCANT_EPOCHS(wrn_16_8, fast, "fp32-fast");

}  // namespace
}  // namespace scant
