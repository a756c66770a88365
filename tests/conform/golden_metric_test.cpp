// Golden files of metric-learning losses: all of them equal, and changed ones do not.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "harness/conform/conform.hpp"
#include "tests/support/temporary_folder.hpp"

namespace scant {
namespace {

namespace fs = std::filesystem;

Json outcome(const fs::path& file) {
  testing::internal::CaptureStdout();
  conform({file}, true);
  return Json::parse(testing::internal::GetCapturedStdout());
}

class GoldenMetric : public testing::TestWithParam<const char*> {
 protected:
  fs::path file() const { return fs::path(SCANT_GOLDEN) / "metric" / (std::string(GetParam()) + ".json"); }
};

TEST_P(GoldenMetric, EqualsTheReference) {
  if (!fs::exists(file())) GTEST_SKIP() << "no golden file " << file();
  const Json total = outcome(file()).at("total");
  EXPECT_GT(total.at("equal").get<int>(), 0);
  EXPECT_EQ(total.at("different").get<int>() + total.at("not_implemented").get<int>(), 0);
}

TEST_P(GoldenMetric, AnUnknownOutputOrParameterIsADifference) {
  if (!fs::exists(file())) GTEST_SKIP() << "no golden file " << file();
  for (const char* part : {"params", "outputs"}) {
    Json content = read_json(file());
    for (Json& golden : content.at("cases")) {
      Json& changed = golden.at(part);
      (changed.contains("unit_weights") ? changed.at("unit_weights") : changed)["another"] = 1.5;
    }
    const test::TemporaryFolder folder;
    const Json total = outcome(folder.write("changed.json", content.dump())).at("total");
    EXPECT_EQ(total.at("equal"), 0) << part;
    EXPECT_EQ(total.at("not_implemented"), 0) << part;
  }
}

TEST_P(GoldenMetric, AnotherLabelIsADifference) {
  if (!fs::exists(file())) GTEST_SKIP() << "no golden file " << file();
  Json content = read_json(file());
  std::size_t changed = 0;
  for (Json& golden : content.at("cases")) {
    for (const char* labels : {"labels", "noisy_labels"}) {
      if (!golden.at("inputs").contains(labels)) continue;
      golden.at("inputs").at(labels).at(2) = 3;
      ++changed;
    }
  }
  const test::TemporaryFolder folder;
  const Json total = outcome(folder.write("changed.json", content.dump())).at("total");
  // Easy triplets cost nothing with any labels, but the list of them changes.
  EXPECT_EQ(total.at("different").get<std::size_t>(), changed);
}

INSTANTIATE_TEST_SUITE_P(Files, GoldenMetric, testing::Values("losses_pairwise", "balance_tsint"),
                         [](const auto& info) { return std::string(info.param); });

}  // namespace
}  // namespace scant
