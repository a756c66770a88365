// Methods over data sets: what counts, known ranks, and numbers that depend on nothing but the seed.
#include "results/comparison.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/core/error.hpp"
#include "tests/results/example.hpp"

namespace scant {
namespace {

struct Stored {
  Suite suite;
  Plan plan;
  std::vector<Record> records;
  Table table() const { return make_table(suite, plan, records); }
};

/// Three data sets of two classes, three methods with two runs each; accuracy of data set d, method m and run r is
/// 0.5 + 0.05 m + 0.02 d + 0.01 r, and so are the stored predictions' of 100 samples.
Stored stored() {
  Stored all;
  all.suite = example::suite();
  all.suite.datasets.clear();
  for (int d = 0; d < 3; ++d) {
    DatasetEntry entry;
    entry.name = "data-" + std::to_string(d);
    entry.label = "Data " + std::to_string(d);
    entry.splits = {0};
    entry.protocol.final_runs = 2;
    all.suite.datasets.push_back(entry);
  }
  all.suite.methods = {
      {"xent", "A", Json::object(), {}}, {"cosine", "B", Json::object(), {}}, {"tvmf", "C", Json::object(), {}}};
  all.plan = example::plan(all.suite);
  for (std::size_t s = 0; s < all.plan.studies.size(); ++s) {
    const Study& study = all.plan.studies[s];
    for (const int trial : {0, 1}) all.records.push_back(example::tuned(study, trial, Status::ok, 1));
    for (int run = 0; run < 2; ++run) {
      const int right = static_cast<int>(50 + 5 * (s % 3) + 2 * (s / 3) + static_cast<std::size_t>(run));
      Record record = example::scored(study, run, right / 100.0);
      record.test->balanced_accuracy = right / 100.0;
      for (int i = 0; i < 100; ++i) {
        record.test->truth.push_back(i % 2);
        record.test->predicted.push_back(i < right ? i % 2 : 1 - i % 2);
      }
      all.records.push_back(record);
    }
  }
  return all;
}

TEST(Comparison, OneDataSetIsComparedWithoutATestOverDataSets) {
  Stored all = stored();
  all.suite.datasets.resize(1);
  all.plan = example::plan(all.suite);
  const MethodComparison result = compare(all.table(), all.plan, all.records, 1, 200, 1);
  EXPECT_EQ(result.datasets.size(), 1u);
  EXPECT_FALSE(result.iman_davenport);
  EXPECT_TRUE(result.to_json().at("iman_davenport").is_null());
  EXPECT_EQ(result.text().find("Friedman"), std::string::npos);
}

TEST(Comparison, RanksAndProbabilitiesOfACleanOrder) {
  const Stored all = stored();
  const MethodComparison result = compare(all.table(), all.plan, all.records, 1, 500, 1);
  ASSERT_EQ(result.methods.size(), 3u);
  EXPECT_EQ(result.datasets.size(), 3u);
  EXPECT_DOUBLE_EQ(result.methods[0].average_rank, 3);
  EXPECT_DOUBLE_EQ(result.methods[2].average_rank, 1);
  EXPECT_DOUBLE_EQ(result.friedman.chi2, 6) << "12 N / (k (k + 1)) times what three perfect rankings have";
  EXPECT_FALSE(result.methods[0].improvement) << "the reference";
  EXPECT_DOUBLE_EQ(*result.methods[1].improvement, 1) << "every run beats every run of A";
  EXPECT_GT(result.methods[2].interquartile_mean, result.methods[1].interquartile_mean);
  EXPECT_LE(result.methods[1].interquartile_interval.low, result.methods[1].interquartile_mean);
  // With three data sets no exact signed-rank test can reach 5 %.
  EXPECT_EQ(result.cliques, (std::vector<std::vector<int>>{{0, 1, 2}}));
  ASSERT_EQ(result.against.size(), 6u);
  EXPECT_NEAR(result.against[0].difference, 5, 1e-9);
  // B's first run is right where A's is and on five more samples: p = 2 / 2^5.
  EXPECT_NEAR(*result.against[0].mcnemar, 0.0625, 1e-12);
  EXPECT_LT(result.against[0].items->low, 5);
  EXPECT_GT(result.against[0].items->high, 5);
}

TEST(Comparison, DependsOnItsSeedAndNotOnThreads) {
  const Stored all = stored();
  const Json one = compare(all.table(), all.plan, all.records, 1, 300, 1).to_json();
  EXPECT_EQ(compare(all.table(), all.plan, all.records, 1, 300, 3).to_json(), one);
  EXPECT_NE(compare(all.table(), all.plan, all.records, 2, 300, 1).to_json(), one);
}

TEST(Comparison, ADataSetWithMissingRunsIsLeftOutWithItsReason) {
  Stored all = stored();
  all.records.pop_back();
  const MethodComparison result = compare(all.table(), all.plan, all.records, 1, 200, 1);
  EXPECT_THAT(result.datasets, testing::ElementsAre("Data 0", "Data 1"));
  EXPECT_THAT(result.left_out, testing::ElementsAre("Data 2: runs of C are missing"));
  EXPECT_THAT(result.text(), testing::HasSubstr("Left out: Data 2: runs of C are missing."));
}

TEST(Comparison, NothingToCompareIsAnError) {
  const Stored all = stored();
  EXPECT_THROW(compare(make_table(all.suite, all.plan, {}), all.plan, {}, 1, 100, 1), InputError);
}

TEST(Comparison, SaysWhatMattersAndWhatTheRunsCouldShow) {
  const Stored all = stored();  // B is 5 points above A on every data set, C 10
  const MethodComparison result = compare(all.table(), all.plan, all.records, 1, 2000, 1);
  ASSERT_TRUE(result.methods[1].practical);
  EXPECT_GT(result.methods[1].practical->right, 0.8) << "5 points are more than the region of one point";
  EXPECT_LT(result.methods[1].practical->left, 0.05);
  const MethodComparison wide = compare(all.table(), all.plan, all.records, 1, 2000, 1, 20);
  EXPECT_GT(wide.methods[1].practical->inside, 0.99);
  ASSERT_TRUE(result.against.front().detectable);
  // Two runs a group one point apart: sd sqrt(0.5); 80 % power with 2 degrees of freedom needs some 6 of them.
  EXPECT_GT(*result.against.front().detectable, 3);
  EXPECT_LT(*result.against.front().detectable, 6);
  EXPECT_TRUE(result.spreads.empty()) << "one split has no variance between splits";
}

TEST(Comparison, SplitsAndSeedsShareTheSpread) {
  Suite suite = example::suite();
  suite.datasets.resize(1);
  const Plan plan = example::plan(suite);
  std::vector<Record> records;
  for (const Study& study : plan.studies) {
    for (int run = 0; run < 2; ++run) {
      Record record = example::scored(study, run, 0.5 + 0.1 * study.split + 0.01 * run);
      record.test->truth = {0, 1, 0, 1};
      record.test->predicted = {0, 1, 0, 0};
      records.push_back(record);
    }
  }
  const MethodComparison result = compare(make_table(suite, plan, records), plan, records, 1, 200, 1);
  ASSERT_EQ(result.spreads.size(), 3u);
  const VarianceComponents& parts = result.spreads[0].components;
  EXPECT_NEAR(parts.var_seed, 0.5, 1e-9);
  EXPECT_NEAR(parts.var_split, (2 * 50 - 0.5) / 2, 1e-9) << "means 10 points apart, two runs each";
  EXPECT_NE(result.text().find("sd over splits"), std::string::npos);
}

}  // namespace
}  // namespace scant
