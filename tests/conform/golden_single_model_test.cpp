// Golden files of the statistics of a single model, of sequential tests and of tuning curves.
#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>

#include "harness/conform/conform.hpp"
#include "tests/support/temporary_folder.hpp"

namespace scant {
namespace {

namespace fs = std::filesystem;

class GoldenSingleModel : public testing::TestWithParam<const char*> {};

TEST_P(GoldenSingleModel, EqualsTheReference) {
  const fs::path file = fs::path(SCANT_GOLDEN) / "tuning" / (std::string(GetParam()) + ".json");
  if (!fs::exists(file)) GTEST_SKIP() << "no golden file " << file;
  testing::internal::CaptureStdout();
  const int code = conform({file}, false);
  EXPECT_EQ(code, 0) << testing::internal::GetCapturedStdout();
}

INSTANTIATE_TEST_SUITE_P(Kinds, GoldenSingleModel,
                         testing::Values("calibration_ood", "wilds", "mce", "tuning_curve", "sequential_power"),
                         [](const auto& info) { return std::string(info.param); });

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

TEST(GoldenSingleModel, AWrongNumberIsADifference) {
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
