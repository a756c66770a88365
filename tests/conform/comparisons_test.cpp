// What the comparison with golden statistics notices.
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

TEST(GoldenNumber, ReadsWhatIsNotFinite) {
  EXPECT_TRUE(std::isnan(number_of("NaN")));
  EXPECT_TRUE(std::isnan(number_of(nullptr)));
  EXPECT_EQ(number_of("-Infinity"), -HUGE_VAL);
  EXPECT_THROW(number_of("one"), Json::exception);
  Comparison compare({.abs = 1, .rel = 1});
  compare.numbers("equal", {HUGE_VAL, -HUGE_VAL, 2}, Json::parse(R"(["Infinity","-Infinity",2])"));
  EXPECT_TRUE(compare.differences().empty());
  compare.numbers("different", {-HUGE_VAL, 3e300}, Json::parse(R"(["Infinity","Infinity"])"));
  EXPECT_EQ(compare.differences().size(), 2U);
  compare.numbers("longer", {1, 2}, Json::parse("[1]"));
  EXPECT_EQ(compare.differences().size(), 3U);
}

TEST(Comparisons, AWrongNumberIsADifference) {
  const fs::path golden = fs::path(SCANT_GOLDEN) / "tuning" / "mce.json";
  if (!fs::exists(golden)) GTEST_SKIP() << "no golden file " << golden;
  Json content = read_json(golden);
  content["imagenet_c"]["relative_ce"][3] = number_of(content["imagenet_c"]["relative_ce"][3]) * (1 + 1e-8);
  const test::TemporaryFolder folder;
  testing::internal::CaptureStdout();
  EXPECT_EQ(conform({folder.write("mce.json", content.dump())}, false), 1);
  EXPECT_NE(testing::internal::GetCapturedStdout().find("relative_ce[3]"), std::string::npos);
}

}  // namespace
}  // namespace scant
