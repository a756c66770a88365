// BYOL's target: moved by averaging alone, faster at first than at the end, and the method's views.
#include <gtest/gtest.h>

#include "tests/methods/tiny_training.hpp"

namespace scant {
namespace {

/// What the target has of the online network's tensors: (name in the target, name in the online network).
std::vector<std::pair<std::string, std::string>> followed(const std::map<std::string, torch::Tensor>& state) {
  std::vector<std::pair<std::string, std::string>> pairs;
  for (const auto& [name, tensor] : state) {
    const bool encoder = name.starts_with("target."), projector = name.starts_with("target_projector.");
    if (!encoder && !projector) continue;
    pairs.emplace_back(name, (encoder ? "encoder" : "projector") + name.substr(name.find('.')));
  }
  return pairs;
}

bool is_statistic(const std::string& name) {
  return name.find("running_") != std::string::npos || name.ends_with("num_batches_tracked");
}

TEST(Byol, TheTargetMovesByAveragingAlone) {
  const Json params{{"batch_size", 32}, {"target_momentum", 0.5}, {"hidden", 16}, {"dim", 8}};
  const auto method = test::tiny_method("byol", params, 2);
  const auto start = test::tensors_of(*method);
  const auto pairs = followed(start);
  ASSERT_GT(pairs.size(), 20U);
  for (const auto& [target, online] : pairs) EXPECT_TRUE(start.at(target).equal(start.at(online))) << target;

  const Samples samples = test::tiny_samples();
  test::train(*method, samples, 1);  // one step: step 0 of 2, share 0.5
  const auto after = test::tensors_of(*method);
  int moved = 0;
  for (const auto& [target, online] : pairs) {
    if (is_statistic(target)) continue;
    const torch::Tensor expected = 0.5 * start.at(target) + 0.5 * after.at(online);
    EXPECT_TRUE(torch::allclose(after.at(target), expected, 1e-5, 1e-7)) << target;
    if (!after.at(online).equal(start.at(online))) ++moved;
  }
  EXPECT_GT(moved, 10);
  for (const auto& entry : method->network().named_parameters()) {
    if (!entry.key().starts_with("target")) continue;
    EXPECT_FALSE(entry.value().requires_grad()) << entry.key();
  }
}

TEST(Byol, AShareOfOneKeepsTheTargetWhereItIs) {
  const auto method = test::tiny_method("byol", {{"batch_size", 8}, {"target_momentum", 1}, {"hidden", 16}}, 2);
  const auto start = test::tensors_of(*method);
  test::train(*method, test::tiny_samples(), 2);
  const auto after = test::tensors_of(*method);
  for (const auto& [target, online] : followed(start)) {
    if (is_statistic(target)) continue;
    EXPECT_TRUE(after.at(target).equal(start.at(target))) << target;
  }
}

}  // namespace
}  // namespace scant
