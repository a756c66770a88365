// Pixel operations of contrastive views against reference implementations' numbers.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/conform/conform.hpp"
#include "tests/support/temporary_folder.hpp"

namespace scant {
namespace {

namespace fs = std::filesystem;

class GoldenViews : public testing::TestWithParam<const char*> {};

TEST_P(GoldenViews, EqualTheReference) {
  const fs::path file = fs::path(SCANT_GOLDEN) / GetParam();
  if (!fs::exists(file)) GTEST_SKIP() << "no golden file " << file;
  testing::internal::CaptureStdout();
  const int code = conform({file}, false);
  const std::string out = testing::internal::GetCapturedStdout();
  EXPECT_EQ(code, 0) << out;
}

INSTANTIATE_TEST_SUITE_P(Files, GoldenViews, testing::Values("ssl/color_ops.json", "gem/transforms_contrastive.json"),
                         [](const auto& info) { return std::string(info.param).substr(4, 5); });

TEST(PixelOperations, WhatNoneKnowsIsADifference) {
  const test::TemporaryFolder folder;
  const fs::path file = folder.write("color_ops.json", R"({"file":"color_ops","dtype":"float64","cases":[
      {"id":"x","params":{"kernel_size":3,"sigma":1.0},"inputs":{"image":[[[0.5,0.5,0.5]]]},
       "outputs":{"sharpened":[[[0.5,0.5,0.5]]]}}]})");
  testing::internal::CaptureStdout();
  EXPECT_EQ(conform({file}, false), 1);
  EXPECT_THAT(testing::internal::GetCapturedStdout(), testing::HasSubstr("sharpened"));
}

}  // namespace
}  // namespace scant
