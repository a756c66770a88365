// SimCLR: training brings an image's views together and apart from others'.
#include <gtest/gtest.h>

#include "methods/parts/nt_xent.hpp"
#include "tests/methods/tiny_training.hpp"

namespace scant {
namespace {

TEST(SimClr, ViewsOfAnImageComeCloserThanOthers) {
  const auto method = test::tiny_method("simclr", {{"batch_size", 16}, {"hidden", 32}, {"dim", 16}}, 20);
  const Samples samples = test::tiny_samples();
  std::vector<std::int64_t> positions(16);
  std::iota(positions.begin(), positions.end(), 0);
  const auto agreement = [&] {
    const auto views = method->embed(method->draw(samples, positions, 99).images).chunk(2);
    return nt_xent_anchors(views[0], views[1], {}).mean().item<double>();
  };
  const double before = agreement();
  test::train(*method, samples, 20);
  EXPECT_LT(agreement(), before);
}

}  // namespace
}  // namespace scant
