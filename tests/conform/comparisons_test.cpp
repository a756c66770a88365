// The golden files of comparisons between methods.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>

#include "harness/conform/conform.hpp"
#include "harness/core/json.hpp"
#include "tests/support/temporary_folder.hpp"

namespace scant {
namespace {

namespace fs = std::filesystem;

class Comparisons : public testing::TestWithParam<const char*> {};

TEST_P(Comparisons, EqualTheReference) {
  const fs::path file = fs::path(SCANT_GOLDEN) / "tuning" / (std::string(GetParam()) + ".json");
  if (!fs::exists(file)) GTEST_SKIP() << "no golden file " << file;
  testing::internal::CaptureStdout();
  const int code = conform({file}, false);
  const std::string out = testing::internal::GetCapturedStdout();
  EXPECT_EQ(code, 0) << out;
}

INSTANTIATE_TEST_SUITE_P(Files, Comparisons, testing::Values("stats", "bootstrap", "rliable"),
                         [](const auto& info) { return std::string(info.param); });

TEST(Comparisons, AFieldThatNothingComputesIsADifference) {
  const test::TemporaryFolder folder;
  const fs::path file = folder.write("stats.json", R"({"two_sample":[{"x":[1,2,6],"y":[3,5,9],"mean_x":3,"new":1}],
      "paired":[],"newer":{"a":1}})");
  testing::internal::CaptureStdout();
  EXPECT_EQ(conform({file}, false), 1);
  const std::string out = testing::internal::GetCapturedStdout();
  EXPECT_THAT(out, testing::HasSubstr("two_sample[0].new: nothing is computed for it"));
  EXPECT_THAT(out, testing::HasSubstr("an unknown section: newer"));
  EXPECT_THAT(out, testing::Not(testing::HasSubstr("mean_x")));
}

TEST(Comparisons, WhatIsNotFiniteIsWrittenAsAWord) {
  Comparison compare({.abs = 1, .rel = 1});
  compare.number("nan", std::nan(""), "NaN");
  compare.number("infinite", INFINITY, "Infinity");
  compare.number("infinite", -INFINITY, "-Infinity");
  EXPECT_TRUE(compare.differences().empty());
  compare.number("finite", 1, "Infinity");
  compare.number("other sign", -INFINITY, "Infinity");
  EXPECT_EQ(compare.differences().size(), 2U);
}

}  // namespace
}  // namespace scant
