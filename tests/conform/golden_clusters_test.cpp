// Golden files of methods that learn from prototypes, neighbours and class means: every case, and that a wrong number
// or an unknown parameter is noticed.
#include <gtest/gtest.h>

#include <filesystem>

#include "harness/conform/conform.hpp"
#include "tests/support/temporary_folder.hpp"

namespace scant {
namespace {

namespace fs = std::filesystem;

struct Result {
  int code = 0;
  Json out;
};

Result conform_quietly(const fs::path& file) {
  testing::internal::CaptureStdout();
  const int code = conform({file}, true);
  return {code, Json::parse(testing::internal::GetCapturedStdout())};
}

class GoldenClusters : public testing::TestWithParam<const char*> {
 protected:
  fs::path file_ = fs::path(SCANT_GOLDEN) / "ssl" / (std::string(GetParam()) + ".json");
};

TEST_P(GoldenClusters, EveryCaseIsEqual) {
  if (!fs::exists(file_)) GTEST_SKIP() << "no golden file " << file_;
  const Result result = conform_quietly(file_);
  EXPECT_EQ(result.code, 0) << result.out.dump(1).substr(0, 4000);
}

TEST_P(GoldenClusters, UnknownParametersAndOutputsAreDifferences) {
  if (!fs::exists(file_)) GTEST_SKIP() << "no golden file " << file_;
  const Json original = read_json(file_);
  const test::TemporaryFolder folder;
  for (const char* part : {"params", "outputs"}) {
    Json content = original;
    for (Json& golden : content.at("cases")) golden[part]["never_heard_of"] = 1;
    const Result result = conform_quietly(folder.write("unknown.json", content.dump()));
    EXPECT_EQ(result.code, 1);
    EXPECT_EQ(result.out.at("total").at("different"), content.at("cases").size()) << part;
  }
}

INSTANTIATE_TEST_SUITE_P(Files, GoldenClusters, testing::Values("sinkhorn", "swav_loss", "msf_cmsf", "trex_ocm"),
                         [](const auto& info) { return std::string(info.param); });

}  // namespace
}  // namespace scant
