// The golden machinery itself, and every golden file of the kinds that this part of the program answers for.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <fstream>

#include "harness/conform/conform.hpp"
#include "harness/core/error.hpp"
#include "tests/support/temporary_folder.hpp"

namespace scant {
namespace {

namespace fs = std::filesystem;

TEST(Hash, GivesTheFormatsCheckValues) {
  EXPECT_DOUBLE_EQ(hash_uniform(1, 0, 0), 0.81463557034627176);
  EXPECT_DOUBLE_EQ(hash_uniform(1, 0, 3), 0.70628954573156244);
  EXPECT_DOUBLE_EQ(hash_uniform(2, 3, 1), 0.14040376322558556);
  EXPECT_DOUBLE_EQ(hash_uniform(1, 7, 11000000), 0.73027198015488171);
  const torch::Tensor filled = hash_fill(1, 0, {2, 2}, 10, 2);
  EXPECT_DOUBLE_EQ(filled[0][1].item<double>(), 10 + 2 * (2 * 0.10487719395946338 - 1));
}

TEST(TensorOf, ReadsListsAndRefusesRaggedOnes) {
  EXPECT_EQ(tensor_of(Json::parse("[[1,2,3],[4,5,6]]")).sizes(), (std::vector<std::int64_t>{2, 3}));
  EXPECT_TRUE(std::isnan(tensor_of(Json::parse("[1,null]"))[1].item<double>()));
  EXPECT_TRUE(tensor_of(Json::parse(R"([true,false,"inf","-inf"])"))
                  .equal(torch::tensor({1.0, 0.0, HUGE_VAL, -HUGE_VAL}, torch::kFloat64)));
  EXPECT_EQ(tensor_of(Json(3.5)).dim(), 0);
  EXPECT_THROW(tensor_of(Json::parse("[[1,2],[3]]")), InputError);
  EXPECT_THROW(tensor_of(Json::parse("[[1,2],3]")), InputError);
  const Json hash = Json::parse(R"({"hash":[1,0],"shape":[4],"center":0.5,"scale":0.5})");
  EXPECT_DOUBLE_EQ(tensor_of(hash)[2].item<double>(), 0.8635062322143664);
}

TEST(Comparison, AcceptsWithinTheToleranceOnly) {
  Comparison compare({.abs = 0.1, .rel = 0.01});
  compare.number("inside", 10.19, 10);
  compare.number("NaN is NaN", std::nan(""), nullptr);
  EXPECT_TRUE(compare.differences().empty());
  compare.number("outside", 10.21, 10);
  compare.number("NaN is not 1", std::nan(""), 1);
  compare.tensor("shape", torch::zeros({2}), Json::parse("[0,0,0]"));
  compare.tensor("one of two", torch::tensor({1.0, 2.0}, torch::kFloat64), Json::parse("[1,3]"));
  compare.exact("text", "a", "b");
  EXPECT_THAT(compare.differences(),
              testing::ElementsAre(testing::HasSubstr("outside"), testing::HasSubstr("NaN is not 1"),
                                   testing::HasSubstr("shape 2 instead of 3"), testing::HasSubstr("1 of 2 values"),
                                   testing::HasSubstr("\"a\" instead of \"b\"")));
}

TEST(Comparison, WhatNoCheckKnowsIsADifference) {
  Comparison compare({});
  compare.known("output", {{"loss", 1}, {"grad_w", 2}}, {"loss"});
  EXPECT_THAT(compare.differences(), testing::ElementsAre(testing::HasSubstr("output \"grad_w\"")));
}

TEST(Conform, ReportsKindsWithoutACheckByName) {
  const test::TemporaryFolder folder;
  const fs::path file = folder.write("new.json", R"({"file":"nobody_checks_this","cases":[{"case":"a"},{"id":"b"}]})");
  testing::internal::CaptureStdout();
  EXPECT_EQ(conform({file}, false), 3);
  const std::string out = testing::internal::GetCapturedStdout();
  EXPECT_THAT(out, testing::HasSubstr("todo  nobody_checks_this/b"));
  EXPECT_THAT(out, testing::HasSubstr("2 cases: 0 equal, 0 different, 2 not implemented"));
}

TEST(Conform, AWrongNumberIsADifference) {
  const test::TemporaryFolder folder;
  const fs::path file = folder.write("dct.json", R"({"file":"harmonic_dct","tol":{"abs":1e-7,"rel":0},"cases":[
      {"case":"x","expected":{"shape":[1,1,1,1],"filters":[[[[0.5]]]]}}]})");
  testing::internal::CaptureStdout();
  EXPECT_EQ(conform({file}, true), 1);
  const Json out = Json::parse(testing::internal::GetCapturedStdout());
  EXPECT_EQ(out.at("total").at("different"), 1);
  EXPECT_THAT(out.at("cases").at(0).at("differences").at(0).get<std::string>(), testing::HasSubstr("1 instead of 0.5"));
}

TEST(Conform, RefusesWhatIsNoGoldenFile) {
  const test::TemporaryFolder folder;
  const fs::path file = folder.write("list.json", "[1,2]");
  EXPECT_THROW(conform({file}, false), InputError);
  EXPECT_THROW(conform({file.parent_path() / "missing.json"}, false), InputError);
}

/// Files by how their names begin, so that a folder with other cases of the same kinds is tested alike.
class Golden : public testing::TestWithParam<const char*> {};

TEST_P(Golden, EqualsTheReference) {
  const fs::path folder = fs::path(SCANT_GOLDEN) / "gem";
  if (!fs::exists(folder)) GTEST_SKIP() << "no golden files at " << folder;
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (entry.path().filename().string().starts_with(GetParam())) files.push_back(entry.path());
  }
  if (files.empty()) GTEST_SKIP() << "no golden files " << GetParam() << "*";
  testing::internal::CaptureStdout();
  const int code = conform(files, false);
  const std::string out = testing::internal::GetCapturedStdout();
  EXPECT_EQ(code, 0) << out;
}

INSTANTIATE_TEST_SUITE_P(Kinds, Golden,
                         testing::Values("losses_cosine_xent", "tvmf_head", "harmonic_dct", "harmonic_layers",
                                         "plain_blocks", "optimizer_schedule", "train_trace_", "model_xent_",
                                         "model_cosine_", "model_harmonic_", "model_tvmf_"),
                         [](const auto& info) {
                           std::string name = info.param;
                           while (name.ends_with('_')) name.pop_back();
                           return name;
                         });

TEST(Golden, CountsOfSmallNetworksEqualTheReference) {
  const fs::path golden = fs::path(SCANT_GOLDEN) / "gem" / "param_counts.json";
  if (!fs::exists(golden)) GTEST_SKIP() << "no golden file " << golden;
  Json content = read_json(golden), rows = Json::array();
  for (const Json& row : content.at("rows")) {
    const std::vector<int> input = row.at("input");
    if (input.at(1) <= 64) rows.push_back(row);  // a pass at 224 x 224 takes a second
  }
  ASSERT_FALSE(rows.empty());
  content["rows"] = rows;
  const test::TemporaryFolder folder;
  const fs::path file = folder.write("param_counts.json", content.dump());
  testing::internal::CaptureStdout();
  const int code = conform({file}, true);
  const Json out = Json::parse(testing::internal::GetCapturedStdout());
  EXPECT_NE(code, 1) << out.dump(1).substr(0, 4000);
  EXPECT_GT(out.at("total").at("equal").get<int>(), 0);
}

/// Tables whose rows also name methods that are not built here: those rows may be open, none may differ.
class GoldenTable : public testing::TestWithParam<const char*> {};

TEST_P(GoldenTable, NoRowDiffers) {
  const fs::path file = fs::path(SCANT_GOLDEN) / "gem" / (std::string(GetParam()) + ".json");
  if (!fs::exists(file)) GTEST_SKIP() << "no golden file " << file;
  testing::internal::CaptureStdout();
  const int code = conform({file}, true);
  const Json out = Json::parse(testing::internal::GetCapturedStdout());
  EXPECT_NE(code, 1) << out.dump(1).substr(0, 4000);
  EXPECT_GT(out.at("total").at("equal").get<int>(), 0);
}

INSTANTIATE_TEST_SUITE_P(Tables, GoldenTable, testing::Values("init_rules", "dataset_split_facts"));

}  // namespace
}  // namespace scant
