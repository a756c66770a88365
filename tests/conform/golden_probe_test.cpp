// Golden files of the judges of representations.
#include <gtest/gtest.h>

#include <filesystem>

#include "harness/conform/conform.hpp"
#include "tests/support/temporary_folder.hpp"

namespace scant {
namespace {

namespace fs = std::filesystem;

class GoldenProbe : public testing::TestWithParam<const char*> {};

TEST_P(GoldenProbe, EqualsTheReference) {
  const fs::path file = fs::path(SCANT_GOLDEN) / "ssl" / (std::string(GetParam()) + ".json");
  if (!fs::exists(file)) GTEST_SKIP() << "no golden file " << file;
  testing::internal::CaptureStdout();
  const int code = conform({file}, false);
  const std::string out = testing::internal::GetCapturedStdout();
  EXPECT_EQ(code, 0) << out;
}

TEST_P(GoldenProbe, AnUnknownOutputOrParameterIsADifference) {
  const fs::path file = fs::path(SCANT_GOLDEN) / "ssl" / (std::string(GetParam()) + ".json");
  if (!fs::exists(file)) GTEST_SKIP() << "no golden file " << file;
  const test::TemporaryFolder folder;
  for (const char* part : {"outputs", "params"}) {
    Json content = read_json(file);
    for (Json& golden : content.at("cases")) golden.at(part)["nobody_knows_this"] = 1;
    const fs::path changed = folder.write("changed.json", content.dump());
    testing::internal::CaptureStdout();
    EXPECT_EQ(conform({changed}, true), 1);
    const Json out = Json::parse(testing::internal::GetCapturedStdout());
    EXPECT_EQ(out.at("total").at("different"), content.at("cases").size()) << part;
  }
}

INSTANTIATE_TEST_SUITE_P(Files, GoldenProbe, testing::Values("knn", "linear_probe", "diagnostics"),
                         [](const auto& info) { return std::string(info.param); });

}  // namespace
}  // namespace scant
