// From records to cells: what counts, what is a hole, and how rows are compared.
#include "results/table.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "harness/core/error.hpp"
#include "results/statistics.hpp"
#include "tests/results/example.hpp"

namespace scant {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

TEST(Table, PoolsSplitsAndRepetitionsOfACell) {
  const Table table = example::table();
  const Cell& cell = table.rows[0].cells[0];
  ASSERT_EQ(cell.runs.size(), 4u);
  const std::vector<double> expected{59, 60, 61, 62};
  for (std::size_t i = 0; i < 4; ++i) EXPECT_NEAR(cell.runs[i], expected[i], 1e-9) << "by split, then repetition";
  EXPECT_NEAR(*cell.mean, 60.5, 1e-9);
  EXPECT_NEAR(*cell.spread, std::sqrt(1.25), 1e-9) << "population standard deviation";
  EXPECT_EQ(cell.n, 4);
  EXPECT_EQ(cell.expected, 4);
  EXPECT_TRUE(cell.holes.empty());
  EXPECT_TRUE(cell.marks.empty());
  EXPECT_EQ(cell.tuning_trials, 4);
  EXPECT_DOUBLE_EQ(cell.tuning.seconds, 2 * (20.5 + 5.5)) << "stopped trials are charged";
  EXPECT_DOUBLE_EQ(cell.final_seconds, 4 * 10.5);
}

TEST(Table, FailedTrialsAreChargedToo) {
  EXPECT_DOUBLE_EQ(example::table().rows[1].cells[0].tuning.seconds, 2 * (30.5 + 1.5));
}

TEST(Table, TheMetricIsTheSuites) {
  Suite suite = example::suite();
  suite.table.metric = "accuracy";
  const Plan plan = example::plan(suite);
  EXPECT_NEAR(*make_table(suite, plan, example::records(plan)).rows[0].cells[0].mean, 61.5, 1e-9);
  suite.table.metric = "f1";
  EXPECT_THROW(make_table(suite, plan, {}), InputError);
}

TEST(Table, HolesKeepTheirReasonsAndCounts) {
  const Table table = example::table();
  const Cell& partial = table.rows[2].cells[0];
  EXPECT_EQ(partial.n, 1);
  EXPECT_EQ(partial.expected, 4);
  EXPECT_THAT(partial.holes, ElementsAre("failed: out of memory", "not run yet"));
  const Cell& tuning = table.rows[1].cells[1];
  EXPECT_FALSE(tuning.mean);
  EXPECT_THAT(tuning.holes, ElementsAre("tuning incomplete: 1 of 2 trials done"));
  EXPECT_THAT(table.rows[2].cells[1].holes, ElementsAre("skipped: data are not here: scant fetch beta_1"));
  for (const Row& row : table.rows) {
    for (const Cell& cell : row.cells) {
      for (const int mark : cell.marks) EXPECT_LE(mark, static_cast<int>(table.footnotes.size()));
      EXPECT_GE(cell.marks.size(), cell.holes.size());
    }
  }
  EXPECT_EQ(table.footnotes.at(static_cast<std::size_t>(partial.marks[1] - 1)), "2 of 4 runs: not run yet");
  EXPECT_FALSE(table.complete());
}

TEST(Table, NoRecordsIsATableOfHoles) {
  const Suite suite = example::suite();
  const Plan plan = example::plan(suite);
  const Table table = make_table(suite, plan, {});
  EXPECT_FALSE(table.complete());
  EXPECT_EQ(table.rows[0].cells[0].expected, 4);
  EXPECT_THAT(table.rows[0].cells[0].holes, ElementsAre("tuning incomplete: 0 of 2 trials done"));
  EXPECT_THAT(table.rows[2].cells[0].holes, ElementsAre("not run yet")) << "one configuration needs no tuning";
  EXPECT_FALSE(table.rows[0].average);
  EXPECT_FALSE(table.rows[0].mean_rank);
  for (const Format format : {Format::md, Format::csv, Format::tex, Format::json}) {
    EXPECT_FALSE(render(table, format).empty());
  }
}

TEST(Table, EveryTuningTrialFailedIsSaid) {
  const Suite suite = example::suite();
  const Plan plan = example::plan(suite);
  const Study& study = example::study_of(plan, "beta_1", 0, "xent");
  const Table table = make_table(suite, plan,
                                 {example::tuned(study, 0, Status::failed, 1, "no such layer\nstack"),
                                  example::tuned(study, 1, Status::skipped, 0, "too small")});
  EXPECT_THAT(table.rows[0].cells[1].holes, ElementsAre("no tuning trial succeeded: no such layer"));
  EXPECT_DOUBLE_EQ(table.rows[0].cells[1].tuning.seconds, 2.0);
}

TEST(Table, RecordsOfOtherStudiesAndSurplusRepetitionsDoNotCount) {
  const Suite suite = example::suite();
  const Plan plan = example::plan(suite);
  std::vector<Record> records = example::records(plan);
  const Study& study = example::study_of(plan, "alpha", 0, "xent");
  records.push_back(example::scored(study, 2, 0.0));  // the suite asks for two
  Record stranger = example::scored(study, 0, 0.0);
  stranger.study = "an earlier version of the suite";
  records.push_back(stranger);
  const Table table = make_table(suite, plan, records);
  EXPECT_NEAR(*table.rows[0].cells[0].mean, 60.5, 1e-9);
  ASSERT_EQ(table.rows[0].cells[0].marks.size(), 1u);
  EXPECT_THAT(table.footnotes.at(static_cast<std::size_t>(table.rows[0].cells[0].marks[0] - 1)),
              HasSubstr("opened 5 times for 4 runs"));
}

TEST(Table, ConfigurationsAreNeverMixed) {
  const Suite suite = example::suite();
  const Plan plan = example::plan(suite);
  const Study& study = example::study_of(plan, "beta_1", 0, "xent");
  std::vector<Record> records{example::tuned(study, 0, Status::ok, 1), example::tuned(study, 1, Status::ok, 1),
                              example::scored(study, 0, 0.3, 0), example::scored(study, 0, 0.7, 1),
                              example::scored(study, 1, 0.8, 1)};
  const Table table = make_table(suite, plan, records);
  const Cell& cell = table.rows[0].cells[1];
  EXPECT_NEAR(*cell.mean, 74, 1e-9);
  EXPECT_EQ(cell.n, 2);
  EXPECT_EQ(cell.marks.size(), 2u) << "the changed winner, and the third opening of test data";
}

TEST(Table, RepeatedOpeningsAndMixedMachinesAreSaid) {
  const Table table = example::table();
  const Cell& reopened = table.rows[0].cells[1];
  ASSERT_EQ(reopened.marks.size(), 1u);
  EXPECT_EQ(table.footnotes.at(static_cast<std::size_t>(reopened.marks[0] - 1)),
            "test data were opened 3 times for 2 runs");
  EXPECT_TRUE(reopened.holes.empty());
  EXPECT_THAT(table.notes, ElementsAre("Records differ in hardware: another machine | test machine"));
  EXPECT_EQ(table.environment, (Json{{"threads", 1}})) << "what all agree on";
}

TEST(Table, RanksShareTiesAndNeedFullColumns) {
  Suite suite = example::suite();
  suite.datasets.pop_back();
  const Plan plan = example::plan(suite);
  std::vector<Record> records;
  for (const int split : {0, 1}) {
    records.push_back(example::scored(example::study_of(plan, "alpha", split, "xent"), 0, 0.5));
    records.push_back(example::scored(example::study_of(plan, "alpha", split, "cosine"), 0, 0.5));
    records.push_back(example::scored(example::study_of(plan, "alpha", split, "knn"), 0, 0.4));
  }
  const Table table = make_table(suite, plan, records);
  EXPECT_DOUBLE_EQ(*table.rows[0].mean_rank, 1.5);
  EXPECT_DOUBLE_EQ(*table.rows[1].mean_rank, 1.5);
  EXPECT_DOUBLE_EQ(*table.rows[2].mean_rank, 3);
  EXPECT_NEAR(*table.rows[2].average, 39, 1e-9);

  const Table holes = example::table();
  EXPECT_DOUBLE_EQ(*holes.rows[2].mean_rank, 1) << "over Alpha alone: in the other column two rows have no score";
  EXPECT_TRUE(holes.rows[0].average);
  EXPECT_FALSE(holes.rows[2].average);
}

TEST(Table, AnIncompleteCellIsNeverBest) {
  const Table table = example::table();
  EXPECT_GT(*table.rows[2].cells[0].mean, *table.rows[1].cells[0].mean);
  EXPECT_FALSE(is_best(table, 2, 0)) << "98.00, but one run of four";
  EXPECT_TRUE(is_best(table, 1, 0));
  EXPECT_FALSE(is_best(table, 0, 0));
  EXPECT_FALSE(is_best(table, 1, 1)) << "no score";
}

TEST(Table, EqualAsPrintedIsEquallyBest) {
  Table table;
  table.columns = table.datasets = {"a"};
  table.decimals = 1;
  for (const double mean : {50.04, 50.01, 49.9}) {
    Cell cell;
    cell.mean = mean;
    cell.n = cell.expected = 1;
    table.rows.push_back({"row", "method", {cell}, {}, {}, {}});
  }
  EXPECT_TRUE(is_best(table, 0, 0));
  EXPECT_TRUE(is_best(table, 1, 0));
  EXPECT_FALSE(is_best(table, 2, 0));
}

TEST(Table, TestsAgainstTheReferenceRow) {
  const Table table = example::table();
  EXPECT_EQ(table.reference, "Cross-entropy");
  EXPECT_FALSE(table.rows[0].cells[0].p_value);
  const Welch expected = welch(table.rows[1].cells[0].runs, table.rows[0].cells[0].runs);
  EXPECT_DOUBLE_EQ(*table.rows[1].cells[0].p_value, expected.p_two_sided);
  EXPECT_LT(expected.p_two_sided, 0.05);
  EXPECT_FALSE(table.rows[2].cells[0].p_value) << "incomplete";

  Suite suite = example::suite();
  const Plan plan = example::plan(suite);
  suite.table.reference = "Cosine";
  EXPECT_TRUE(make_table(suite, plan, example::records(plan)).rows[0].cells[0].p_value);
  suite.table.reference = "Cosin";
  EXPECT_THROW(make_table(suite, plan, {}), InputError);
}

TEST(Table, TheOrderOfRecordsDoesNotMatter) {
  const Suite suite = example::suite();
  const Plan plan = example::plan(suite);
  std::vector<Record> records = example::records(plan);
  const std::string expected = render(make_table(suite, plan, records), Format::json);
  std::reverse(records.begin(), records.end());
  EXPECT_EQ(render(make_table(suite, plan, records), Format::json), expected);
}

TEST(Table, RowsColumnsAndGroupsAreThoseOfTheSuite) {
  Suite suite = example::suite();
  const Plan plan = example::plan(suite);
  suite.table.rows = {"k-NN", "Cosine"};
  suite.table.reference = "Cosine";
  suite.table.columns = {"Alpha"};
  suite.table.groups = {{"Losses", {"Cosine", "Cross-entropy"}}};
  const Table table = make_table(suite, plan, example::records(plan));
  ASSERT_EQ(table.rows.size(), 2u);
  EXPECT_EQ(table.rows[0].label, "k-NN");
  EXPECT_EQ(table.rows[0].group, "");
  EXPECT_EQ(table.rows[1].group, "Losses");
  EXPECT_THAT(table.columns, ElementsAre("Alpha"));
  EXPECT_THAT(render(table, Format::md), HasSubstr("| *Losses*"));
  EXPECT_THAT(render(table, Format::tex), HasSubstr("\\multicolumn{6}{l}{\\textit{Losses}}"));
  EXPECT_THAT(render(table, Format::html), HasSubstr("<th scope=\"rowgroup\" colspan=\"6\">Losses</th>"));
  suite.table.rows = {"Cosin"};
  try {
    make_table(suite, plan, {});
    FAIL() << "an unknown row";
  } catch (const InputError& error) {
    EXPECT_THAT(error.what(), HasSubstr("did you mean \"Cosine\"?"));
  }
}

TEST(Table, OfACalibrationErrorTheLowestIsBestAndMethodsWithoutProbabilitiesAreHoles) {
  Suite suite = example::suite();
  const Plan plan = example::plan(suite);
  suite.table.metric = "calibration_error";
  std::vector<Record> records = example::records(plan);
  for (Record& record : records) {
    if (!record.test || record.trial.method == "knn") continue;
    record.test->calibration = Calibration{record.trial.method == "cosine" ? 0.1 : 0.3, 0.5, 1};
  }
  const Table table = make_table(suite, plan, records);
  EXPECT_NEAR(*table.rows[0].cells[0].mean, 30, 1e-9);
  EXPECT_TRUE(is_best(table, 1, 0));
  EXPECT_FALSE(is_best(table, 0, 0));
  EXPECT_EQ(table.rows[2].cells[0].n, 0);
  EXPECT_THAT(table.rows[2].cells[0].holes, testing::Contains(HasSubstr("no probabilities")));
  EXPECT_THAT(table.caption, HasSubstr("Expected calibration error"));
}

}  // namespace
}  // namespace scant
