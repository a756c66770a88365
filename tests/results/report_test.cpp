// What the report says, and that the full benchmark's page stays small.
#include "results/report/report.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/results/example.hpp"

namespace scant {
namespace {

using testing::HasSubstr;
using testing::Not;

Json data_of(const Suite& suite, const Plan& plan, const std::vector<Record>& records, ReportParts parts = {}) {
  return report_data(suite, plan, records, make_table(suite, plan, records), parts);
}

TEST(ReportData, EveryPlannedRunAppearsWithItsScoreOrItsHole) {
  const Suite suite = example::suite();
  const Plan plan = example::plan(suite);
  const Json data = data_of(suite, plan, example::records(plan));
  ASSERT_EQ(data.at("studies").size(), plan.studies.size());
  const Json& first = data.at("studies")[0];
  EXPECT_EQ(first.at("row"), 0);
  EXPECT_EQ(first.at("column"), 0);
  EXPECT_EQ(first.at("runs").size(), 2u);
  EXPECT_DOUBLE_EQ(first.at("runs")[1].at("accuracy").get<double>(), 61);
  EXPECT_EQ(first.at("trials").size(), 2u);
  EXPECT_EQ(first.at("params"), (Json{{"lr", 0.1}}));
  const Json& baseline = data.at("studies")[2];
  EXPECT_EQ(baseline.at("runs")[1].at("hole"), "failed: out of memory");
  EXPECT_EQ(data.at("environments").size(), 4u) << "a suite digest for each of three methods, and one other machine";
  EXPECT_THAT(data.at("left_out").dump(), HasSubstr("comparison of methods"));
}

TEST(ReportData, AnotherStoreGivesDifferencesWithIntervals) {
  const Suite suite = example::suite();
  const Plan plan = example::plan(suite);
  std::vector<Record> better = example::records(plan);
  for (Record& record : better) {
    if (record.test) record.test->balanced_accuracy += 0.1;
  }
  ReportParts parts;
  parts.against = make_table(suite, plan, example::records(plan));
  parts.against_name = "before";
  const Json cells = data_of(suite, plan, better, parts).at("against").at("cells");
  EXPECT_NEAR(cells[0][0].at("difference").get<double>(), 10, 1e-9);
  const double low = cells[0][0].at("interval")[0].get<double>(), high = cells[0][0].at("interval")[1].get<double>();
  EXPECT_LT(low, 10);
  EXPECT_NEAR(low + high, 20, 1e-3);
  EXPECT_TRUE(cells[1][1].is_null()) << "no run of this cell has a score";
}

TEST(ReportPage, IsOneFileThatNothingInsideCanBreak) {
  Suite suite = example::suite();
  suite.description = "</script><script>alert(1)</script>";
  const Plan plan = example::plan(suite);
  const std::string page = render_report(data_of(suite, plan, example::records(plan)));
  EXPECT_THAT(page, Not(HasSubstr("<script>alert(1)")));
  EXPECT_THAT(page, Not(HasSubstr("src=\"http")));
  EXPECT_THAT(page, Not(HasSubstr("<link")));
  EXPECT_THAT(page, HasSubstr("id=\"board\""));
  EXPECT_EQ(page, render_report(data_of(suite, plan, example::records(plan)))) << "nothing depends on time";
}

TEST(ReportPage, TheFullBenchmarkStaysWithinThreeMegabytes) {
  Suite suite = example::suite();
  suite.datasets.clear();
  suite.methods.clear();
  for (int d = 0; d < 5; ++d) {
    DatasetEntry entry;
    entry.name = entry.label = "data set " + std::to_string(d);
    entry.splits = {0, 1, 2};
    entry.protocol.final_runs = 10;
    suite.datasets.push_back(entry);
  }
  for (int m = 0; m < 12; ++m) {
    const std::string label = "method " + std::to_string(m);
    suite.methods.push_back({label, label, Json::object(), {}});
  }
  Plan plan = example::plan(suite);
  std::vector<Record> records;
  for (Study& study : plan.studies) {
    study.tuning.clear();
    for (int i = 0; i < 250; ++i) {
      Trial trial =
          study.final_trial({{"lr", 0.1 / (i + 1)}, {"weight_decay", 0.003 / (i + 3)}, {"batch_size", 25}}, i);
      trial.stage = Stage::tune;
      study.tuning.push_back(trial);
    }
    for (int i = 0; i < 250; ++i) {
      Record record = example::tuned(study, i, i % 2 ? Status::stopped : Status::ok, 20.0 / (i + 1));
      record.validation = {{50, 0.3}, {100, 0.4 / (i + 1)}};
      records.push_back(record);
    }
    for (int r = 0; r < 10; ++r) {
      Record record = example::scored(study, r, 0.5 + 0.01 * r);
      for (int e = 0; e < 500; ++e) record.train_loss.push_back(2.3 / (e + 1 + r));
      for (int i = 0; i < 200; ++i) {
        record.test->truth.push_back(i % 100);
        record.test->predicted.push_back((i * (r + 3)) % 100);
      }
      records.push_back(record);
    }
  }
  ReportParts parts;
  parts.charts = report_figures(suite, plan, records, make_table(suite, plan, records)).charts;
  EXPECT_GE(parts.charts.size(), 2 + 5 * 4u) << "ranks, profiles; runs, cost, anytime and loss of every data set";
  const Json data = data_of(suite, plan, records, parts);
  EXPECT_EQ(data.at("studies").size(), 180u);
  EXPECT_EQ(data.at("studies")[0].at("begun"), 250);
  EXPECT_LT(data.at("studies")[0].at("trials").size(), 50u) << "the best ones, and a count of the others";
  EXPECT_LE(data.at("studies")[0].at("loss").size(), 60u);
  // Eight images of 64 x 64 pixels a data set: at most some 12 kB each with their answers.
  EXPECT_LT(render_report(data).size(), 3'000'000u - 5 * 8 * 12'000u);
}

}  // namespace
}  // namespace scant
