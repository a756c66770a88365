// SimSiam: projections keep their spread, the only guard against collapse that the architecture has.
#include <gtest/gtest.h>

#include "tests/methods/tiny_training.hpp"

namespace scant {
namespace {

TEST(SimSiam, ItsOwnLossIsACosineAndTheNetworkDoesNotCollapse) {
  const auto method = test::tiny_method("simsiam", {{"batch_size", 16}, {"dim", 32}, {"bottleneck", 8}}, 6);
  const Samples samples = test::tiny_samples();
  const Progress progress = test::train(*method, samples, 6);
  for (const double loss : progress.loss) EXPECT_GT(loss, -1) << "at least -1 of the cosine, 0 of the classifier";
  const torch::Tensor features = method->embed(samples.plain(0, 32).images);
  const torch::Tensor unit = features / features.norm(2, 1, true);
  EXPECT_GT(unit.std(0).mean().item<double>(), 1e-3);
}

}  // namespace
}  // namespace scant
