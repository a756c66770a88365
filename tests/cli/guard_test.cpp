// The regression guard finds bugs that are planted in training, and raises no alarm where only rounding differs. The
// methods with switchable bugs exist in this test program only. (A lost flip is not among the bugs: on the embedded
// sets, whose shapes come in any pose, it costs nothing.)
#include "harness/cli/guard.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "harness/cli/command.hpp"
#include "harness/learn/gradient_method.hpp"
#include "methods/parts/harmonic_layer.hpp"
#include "tests/support/temporary_folder.hpp"

namespace scant {
namespace {

enum class Bug {
  none,
  rounding,      // guarded-xent: no bug, but other bits of the same quality
  slow_rate,     // guarded-xent: the schedule starts at a hundredth of the rate
  unsigned_dct,  // guarded-harmonic: the filters have lost their signs
};
Bug planted = Bug::none;

class GuardedXent : public GradientMethod {
 public:
  torch::Tensor loss(const std::vector<torch::Tensor>& outputs, const torch::Tensor& labels) override {
    const torch::Tensor value = GradientMethod::loss(outputs, labels);
    return planted == Bug::rounding ? value * (1 + 1e-6) : value;
  }
  std::vector<Phase> phases() const override {
    std::vector<Phase> phases = GradientMethod::phases();
    if (planted == Bug::slow_rate) phases.front().lr /= 100;
    return phases;
  }
};

class GuardedMaker : public LayerMaker {
 public:
  torch::nn::AnyModule conv(const ConvSpec& spec, Random& random) override {
    if (spec.kernel == 1) return LayerMaker::conv(spec, random);
    if (spec.stem) return torch::nn::AnyModule(with_bug(HarmonicStem(spec, random)));
    return torch::nn::AnyModule(with_bug(HarmonicConv(spec, random)));
  }

 private:
  template <class Layer>
  static Layer with_bug(Layer layer) {
    const torch::NoGradGuard no_grad;
    if (planted == Bug::unsigned_dct) layer->dct.abs_();
    return layer;
  }
};

class GuardedHarmonic : public GradientMethod {
 public:
  std::shared_ptr<torch::nn::Module> build_network(Random& random) override {
    GuardedMaker maker;
    backbone_ = make_backbone(backbone_spec(), random, maker);
    auto root = std::make_shared<torch::nn::Module>("GuardedHarmonic");
    root->register_module("base", backbone_);
    return root;
  }
};

const Register<GuardedXent> xent{{.name = "guarded-xent", .summary = "of the tests", .citation = "none"}};
const Register<GuardedHarmonic> harmonic{{.name = "guarded-harmonic", .summary = "of the tests", .citation = "none"}};

/// One method with fixed parameters, so that every second goes into what is compared.
std::string suite_of(const std::string& method) {
  return fmt::format(R"(
name = "guard"
seed = 1
[protocol]
backbone = "wrn-10-1"
epochs = 12
final_runs = 4
augment = {{ kind = "shift", size = 32, pad = 4, hflip = true }}
[[datasets]]
name = "synthetic-fine"
splits = [0]
options = {{ pool = 16, train = 10, val = 6, test = 30 }}
[[methods]]
name = "{}"
params = {{ lr = 0.05, weight_decay = 1e-3, batch_size = 10 }}
)",
                     method);
}

class Guard : public ::testing::Test {
 protected:
  /// The guard of the code with the bug against the code without, as `scant regress` runs it.
  GuardedCell find(const std::string& method, Bug bug) {
    const Suite suite = parse_suite(suite_of(method), "guard.toml", catalogue());
    const Plan plan = make_plan(suite, catalogue());
    const GuardDesign design{.margin = 1, .alpha = 0.05, .step = 4, .max_runs = 8};
    RunOptions options;
    options.jobs = 2;
    options.threads = 1;
    options.home = {folder_.path(), folder_.path() / "cache"};
    options.say = [](const std::string& line) { ADD_FAILURE() << line; };
    const std::atomic<bool> stop = false;
    {
      Store store(folder_.path() / "baseline");
      EXPECT_EQ(run_plan(suite, plan, store, options, stop).exit_code(), 0);
    }
    planted = bug;
    Store store(folder_.path() / "fresh");
    const Guarded result =
        guard(suite, plan, store, read_baseline(folder_.path() / "baseline"), design, 0, options, stop);
    planted = Bug::none;
    EXPECT_FALSE(result.interrupted);
    fmt::print("{}", result.regression.text());
    return result.regression.cells.at(0);
  }

  test::TemporaryFolder folder_;
};

TEST_F(Guard, FiltersWithoutSignsAreWorse) {
  const GuardedCell cell = find("guarded-harmonic", Bug::unsigned_dct);
  EXPECT_EQ(cell.verdict, GuardVerdict::worse);
  EXPECT_EQ(cell.test, "paired t");
  EXPECT_EQ(cell.look, 1);
  EXPECT_EQ(cell.identical_runs, 0);
}

TEST_F(Guard, AScheduleThatStartsTooLowIsWorse) {
  EXPECT_EQ(find("guarded-xent", Bug::slow_rate).verdict, GuardVerdict::worse);
}

TEST_F(Guard, OtherRoundingIsNoAlarm) {
  const GuardedCell cell = find("guarded-xent", Bug::rounding);
  EXPECT_NE(cell.verdict, GuardVerdict::worse);
  EXPECT_NE(cell.verdict, GuardVerdict::better);
  EXPECT_EQ(cell.identical_runs, 0) << "the bits differ, or nothing was tested";
}

TEST_F(Guard, TheSameCodeIsIdentical) {
  const GuardedCell cell = find("guarded-harmonic", Bug::none);
  EXPECT_EQ(cell.verdict, GuardVerdict::equivalent);
  EXPECT_EQ(cell.identical_runs, 4);
}

}  // namespace
}  // namespace scant
