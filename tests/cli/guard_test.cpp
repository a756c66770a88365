// The regression guard finds bugs that are planted in training, and raises no alarm where nothing but chance differs.
// The methods with switchable bugs exist in this test program only.
#include "harness/cli/guard.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cstdio>

#include "harness/learn/gradient_method.hpp"
#include "methods/parts/harmonic_layer.hpp"
#include "tests/support/temporary_folder.hpp"

namespace scant {
namespace {

enum class Bug {
  none,
  rounding,    // no bug: other rounding, so other bits of the same quality
  no_flip,     // guarded-xent: the suite's flip is lost from training
  no_augment,  // guarded-xent: so is the shift
  dct_sum,     // guarded-harmonic: filters that are not divided by their norm
  dct_square,  // guarded-harmonic: filters divided by their norm twice
};
Bug planted = Bug::none;

/// The suite's shift of `pad` pixels, without its flip.
Batch shifted_only(const Samples& train, const std::vector<std::int64_t>& positions, std::uint64_t seed, int epoch,
                   int pad) {
  std::vector<torch::Tensor> images, labels;
  for (const std::int64_t position : positions) {
    const Batch plain = train.plain(position, position + 1);
    Random random(seed, static_cast<std::uint64_t>(epoch) << 32 | static_cast<std::uint64_t>(position));
    const auto offset = [&] {
      return static_cast<std::int64_t>(random.below(static_cast<std::uint64_t>(2 * pad + 1)));
    };
    const std::int64_t top = pad == 0 ? 0 : offset(), left = pad == 0 ? 0 : offset();
    images.push_back(at::reflection_pad2d(plain.images, {pad, pad, pad, pad})
                         .slice(2, top, top + train.side())
                         .slice(3, left, left + train.side()));
    labels.push_back(plain.labels);
  }
  return {torch::cat(images), torch::cat(labels), positions, epoch};
}

class GuardedXent : public GradientMethod {
 public:
  Batch draw(const Samples& train, const std::vector<std::int64_t>& positions, int epoch) const override {
    constexpr int pad = 4;
    const std::uint64_t seed = task().trial.seed("augment");
    if (planted == Bug::no_flip) return shifted_only(train, positions, seed, epoch, pad);
    if (planted == Bug::no_augment) return shifted_only(train, positions, seed, epoch, 0);
    return GradientMethod::draw(train, positions, epoch);
  }
  torch::Tensor loss(const std::vector<torch::Tensor>& outputs, const torch::Tensor& labels) override {
    const torch::Tensor value = GradientMethod::loss(outputs, labels);
    return planted == Bug::rounding ? value * (1 + 1e-6) : value;
  }
};

/// Every k x k filter of a layer times its L1 norm to the power: 1 undoes the normalisation, -1 does it twice.
void rescale(torch::Tensor dct, int power) {
  const int k = static_cast<int>(dct.size(-1));
  const torch::NoGradGuard no_grad;
  for (torch::Tensor filter : dct.view({-1, k, k}).unbind()) {
    // The L1 norm of cosines is recovered from the filter: its largest entry was 1 over the norm times the wave's.
    filter.mul_(std::pow(1 / filter.abs().max().item<double>(), power));
  }
}

class GuardedHarmonic : public GradientMethod {
 public:
  std::shared_ptr<torch::nn::Module> build_network(Random& random) override {
    class Maker : public LayerMaker {
     public:
      torch::nn::AnyModule conv(const ConvSpec& spec, Random& draws) override {
        if (spec.kernel == 1) return LayerMaker::conv(spec, draws);
        const int power = planted == Bug::dct_sum ? 1 : planted == Bug::dct_square ? -1 : 0;
        if (spec.stem) {
          HarmonicStem stem(spec, draws);
          rescale(stem->dct, power);
          return torch::nn::AnyModule(stem);
        }
        HarmonicConv layer(spec, draws);
        rescale(layer->dct, power);
        return torch::nn::AnyModule(layer);
      }
    };
    Maker maker;
    backbone_ = make_backbone(backbone_spec(), random, maker);
    auto root = std::make_shared<torch::nn::Module>("GuardedHarmonic");
    root->register_module("base", backbone_);
    return root;
  }
};

const Register<GuardedXent> xent{{.name = "guarded-xent", .summary = "of the tests", .citation = "none"}};
const Register<GuardedHarmonic> harmonic{{.name = "guarded-harmonic", .summary = "of the tests", .citation = "none"}};

class Explore : public ::testing::Test {
 protected:
  std::vector<Record> train(const std::string& text, Bug bug, const std::string& store_name) {
    planted = bug;
    const Suite suite = parse_suite(text, "guard.toml", catalogue());
    Store store(folder_.path() / store_name);
    RunOptions options;
    options.threads = 1;
    options.jobs = 2;
    options.home = {folder_.path(), folder_.path() / "cache"};
    options.say = [](const std::string& line) { fmt::print(stderr, "{}\n", line); };
    const std::atomic<bool> stop = false;
    run_plan(suite, make_plan(suite, catalogue()), store, options, stop);
    planted = Bug::none;
    return store.records();
  }
  test::TemporaryFolder folder_;
};

TEST_F(Explore, DISABLED_Costs) {
  const char* env = std::getenv("GUARD_SUITE");
  std::ifstream in(env);
  std::stringstream text;
  text << in.rdbuf();
  const Suite suite = parse_suite(text.str(), "guard.toml", catalogue());
  const Plan plan = make_plan(suite, catalogue());
  const auto baseline = train(text.str(), Bug::none, "none");
  double seconds = 0;
  for (const Record& r : baseline) seconds += r.cost.wall_seconds;
  fmt::print("seconds a run {}\n", seconds / baseline.size());
  for (const Bug bug : {Bug::rounding, Bug::no_flip, Bug::no_augment, Bug::dct_sum, Bug::dct_square}) {
    const auto fresh = train(text.str(), bug, fmt::format("bug{}", static_cast<int>(bug)));
    fmt::print("bug {}\n{}\n", static_cast<int>(bug), regress(suite, plan, fresh, baseline, {.margin = 1}).text());
    std::fflush(stdout);
  }
}

}  // namespace
}  // namespace scant
