// Golden files of optimisers, schedules and moving averages.
#include <gtest/gtest.h>

#include <filesystem>

#include "harness/conform/conform.hpp"

namespace scant {
namespace {

namespace fs = std::filesystem;

class GoldenOptimisers : public testing::TestWithParam<const char*> {};

TEST_P(GoldenOptimisers, EqualTheReferences) {
  const fs::path file = fs::path(SCANT_GOLDEN) / "ssl" / (std::string(GetParam()) + ".json");
  if (!fs::exists(file)) GTEST_SKIP() << "no golden file " << file;
  testing::internal::CaptureStdout();
  const int code = conform({file}, false);
  const std::string out = testing::internal::GetCapturedStdout();
  EXPECT_EQ(code, 0) << out;
}

INSTANTIATE_TEST_SUITE_P(Files, GoldenOptimisers, testing::Values("lars", "lr_schedule", "ema"),
                         [](const auto& info) { return std::string(info.param); });

}  // namespace
}  // namespace scant
