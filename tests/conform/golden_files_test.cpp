// Golden files all of whose cases are answered for: they are equal, and what nobody computes is noticed.
#include <gtest/gtest.h>

#include <filesystem>

#include "harness/conform/conform.hpp"
#include "tests/support/temporary_folder.hpp"

namespace scant {
namespace {

namespace fs = std::filesystem;

struct Outcome {
  int code = 0;
  Json out;
  int count(const char* verdict) const { return out.at("total").at(verdict); }
};

Outcome conform_quietly(const fs::path& file) {
  testing::internal::CaptureStdout();
  const int code = conform({file}, true);
  return {code, Json::parse(testing::internal::GetCapturedStdout())};
}

/// "folder/stem" below the golden files.
class GoldenFiles : public testing::TestWithParam<const char*> {
 protected:
  fs::path file_ = fs::path(SCANT_GOLDEN) / (std::string(GetParam()) + ".json");
};

/// Files whose cases hold "params", "inputs" and "outputs".
class GoldenCases : public GoldenFiles {};

std::string stem(const testing::TestParamInfo<const char*>& info) {
  const std::string name = info.param;
  return name.substr(name.find('/') + 1);
}

TEST_P(GoldenFiles, EqualTheReference) {
  if (!fs::exists(file_)) GTEST_SKIP() << "no golden file " << file_;
  const Outcome result = conform_quietly(file_);
  EXPECT_EQ(result.code, 0) << result.out.dump(1).substr(0, 4000);
  EXPECT_GT(result.count("equal"), 0);
}

TEST_P(GoldenCases, UnknownParametersAndOutputsAreDifferences) {
  if (!fs::exists(file_)) GTEST_SKIP() << "no golden file " << file_;
  const test::TemporaryFolder folder;
  for (const char* part : {"params", "outputs"}) {
    Json content = read_json(file_);
    for (Json& golden : content.at("cases")) {
      Json& changed = golden.at(part);
      (changed.contains("unit_weights") ? changed.at("unit_weights") : changed)["nobody_knows_this"] = 1.5;
    }
    const Outcome result = conform_quietly(folder.write("changed.json", content.dump()));
    EXPECT_EQ(result.code, 1);
    EXPECT_EQ(static_cast<std::size_t>(result.count("different")), content.at("cases").size()) << part;
  }
}

TEST(GoldenMetric, AnotherLabelIsADifference) {
  for (const char* stem : {"losses_pairwise", "balance_tsint"}) {
    const fs::path file = fs::path(SCANT_GOLDEN) / "metric" / (std::string(stem) + ".json");
    if (!fs::exists(file)) GTEST_SKIP() << "no golden file " << file;
    Json content = read_json(file);
    int changed = 0;
    for (Json& golden : content.at("cases")) {
      for (const char* labels : {"labels", "noisy_labels"}) {
        if (!golden.at("inputs").contains(labels)) continue;
        golden.at("inputs").at(labels).at(2) = 3;
        ++changed;
      }
    }
    const test::TemporaryFolder folder;
    // Easy triplets cost nothing with any labels, but the list of them changes.
    EXPECT_EQ(conform_quietly(folder.write("changed.json", content.dump())).count("different"), changed) << stem;
  }
}

/// A file that also has losses which no method here uses: those cases may be open, none may differ.
TEST(GoldenMetric, NoCaseOfTldrDiffers) {
  const fs::path file = fs::path(SCANT_GOLDEN) / "metric" / "losses_tldr.json";
  if (!fs::exists(file)) GTEST_SKIP() << "no golden file " << file;
  const Outcome result = conform_quietly(file);
  EXPECT_EQ(result.count("different"), 0) << result.out.dump(1).substr(0, 4000);
  EXPECT_GT(result.count("equal"), 0);
}

const auto cases = testing::Values(
    "ssl/byol", "ssl/color_ops", "ssl/diagnostics", "ssl/ema", "ssl/gather", "ssl/knn", "ssl/lars", "ssl/linear_probe",
    "ssl/lr_schedule", "ssl/mochi", "ssl/moco_infonce", "ssl/msf_cmsf", "ssl/ntxent", "ssl/sinkhorn", "ssl/split_bn",
    "ssl/swav_loss", "ssl/trex_ocm", "metric/losses_supcon", "metric/losses_pairwise", "metric/balance_tsint");

INSTANTIATE_TEST_SUITE_P(Cases, GoldenFiles, cases, stem);
INSTANTIATE_TEST_SUITE_P(Cases, GoldenCases, cases, stem);
INSTANTIATE_TEST_SUITE_P(Statistics, GoldenFiles,
                         testing::Values("tuning/stats", "tuning/bootstrap", "tuning/rliable", "tuning/calibration_ood",
                                         "tuning/wilds", "tuning/mce", "tuning/tuning_curve", "tuning/sequential_power",
                                         "gem/transforms_contrastive"),
                         stem);

}  // namespace
}  // namespace scant
