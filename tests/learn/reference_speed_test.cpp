// The workload that reference seconds are defined by.
#include "harness/learn/reference_speed.hpp"

#include <gtest/gtest.h>

namespace scant {
namespace {

TEST(ReferenceSpeed, CountsTrainingsSideBySide) {
  // No clock is trusted here, only that steps are made and counted: a slice in which nothing ended would give 0.
  for (const int jobs : {1, 2}) EXPECT_GT(reference_speed(torch::kCPU, jobs, 1, {3, 0.5}), 0) << jobs;
}

}  // namespace
}  // namespace scant
