// Barlow Twins: the scale weighs its loss against the classifier's.
#include <gtest/gtest.h>

#include "tests/methods/tiny_training.hpp"

namespace scant {
namespace {

TEST(Barlow, TheScaleIsAFactorOfItsOwnLossAlone) {
  const Samples samples = test::tiny_samples();
  const auto first_loss = [&](double scale) {
    // Learning rate 0: the one epoch's loss is that of the initial network. Its seeds do not depend on the parameters
    // that it was made with, for the trial does not list them.
    auto made =
        methods().at("barlow").make({{"scale", scale}, {"lr", 0}, {"batch_size", 32}, {"hidden", 16}, {"dim", 16}});
    auto& method = dynamic_cast<GradientMethod&>(*made);
    Task task;
    task.trial.backbone = "wrn-10-1";
    task.trial.precision = "fp32";
    task.trial.epochs = 1;
    task.classes = test::tiny_classes;
    task.side = 8;
    method.build(task);
    return test::train(method, samples, 1).loss.front();
  };
  const double none = first_loss(0), one = first_loss(1), two = first_loss(2);
  EXPECT_GT(one, none);
  EXPECT_NEAR(two - none, 2 * (one - none), 1e-3 * two);
}

}  // namespace
}  // namespace scant
