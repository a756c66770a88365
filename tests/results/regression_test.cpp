// The regression guard's verdicts: looks, pairs, what is certain, what is missing, and how it is printed.
#include "results/regression/regression.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/math/distributions/normal.hpp>
#include <cmath>

#include "harness/core/error.hpp"
#include "results/regression/contrast.hpp"
#include "results/statistics.hpp"
#include "results/statistics/group_sequential.hpp"
#include "results/text.hpp"
#include "tests/results/regression_example.hpp"

namespace scant {
namespace {

using example::Guarded;
using testing::ElementsAre;
using testing::HasSubstr;

GuardDesign design(double margin, int max_runs = 0) {
  return {.margin = margin, .alpha = 0.05, .step = 5, .max_runs = max_runs};
}

std::vector<Record> other_seed(Guarded example, std::uint64_t seed, const std::vector<double>& scores) {
  for (Study& study : example.plan.studies) study.suite_seed = seed;
  return example.runs(0, scores);
}

std::string notes(const GuardedCell& cell) {
  std::string all;
  for (const std::string& note : cell.notes) all += note + "\n";
  return all;
}

TEST(Looks, GrowByStepsToExactlyTheLast) {
  EXPECT_THAT(look_sizes(2, 5, 17), ElementsAre(2, 7, 12, 17));
  EXPECT_THAT(look_sizes(3, 5, 10), ElementsAre(3, 8, 10));
  EXPECT_THAT(look_sizes(10, 5, 4), ElementsAre(10));
  EXPECT_THROW(look_sizes(0, 5, 4), std::invalid_argument);
}

TEST(Looks, SpendAlphaAndMostOfItFirst) {
  const std::vector<double> levels = look_levels({30, 45, 60, 75}, 30, 0.05);
  std::vector<double> bounds;
  for (const double level : levels) bounds.push_back(quantile(complement(boost::math::normal(), level)));
  // Information 15, 18, 20 and 21.4 of 21.4.
  double stopped = 0;
  for (const double chance : stopping_chances(bounds, {0.7, 0.84, 20 / 21.428571428571427, 1})) stopped += chance;
  EXPECT_NEAR(stopped, 2 * 0.045, 1e-6) << "either side spends alpha, less a tenth";
  EXPECT_NEAR(levels[0], 0.045 * std::log1p(std::expm1(1.0) * 0.7), 1e-9);
  for (const double level : levels) EXPECT_GT(level, 0.015) << "no look is left without a chance";
  EXPECT_THAT(look_levels({10}, 3, 0.05), ElementsAre(testing::DoubleNear(0.05, 1e-9)));
  EXPECT_THROW(look_levels({10}, 0, 0.05), std::invalid_argument);
}

TEST(Contrast, OneSplitIsThePlainTest) {
  const std::vector<double> a{61, 63, 60, 64}, b{58, 59, 63, 61.5}, few{58, 59, 63};
  const TTest ours = *contrast({{a, b}}, Pairing::independent, 0).test, known = welch_t(a, b);
  EXPECT_NEAR(ours.standard_error, known.standard_error, 1e-12);
  EXPECT_NEAR(ours.t, known.t, 1e-12);
  EXPECT_EQ(ours.degrees, 3) << "those of one side: at most Welch's";
  EXPECT_GT(ours.p_two_sided, known.p_two_sided);
  EXPECT_EQ(contrast({{a, few}}, Pairing::independent, 0).test->degrees, 2);
  const TTest pairs = *contrast({{{61, 63, 60}, few}}, Pairing::paired, 0).test, differences = paired_t({3, 4, -3});
  EXPECT_NEAR(pairs.t, differences.t, 1e-12);
  EXPECT_NEAR(pairs.degrees, 2, 1e-12);
}

TEST(Contrast, WhatSplitsShareIsNoError) {
  const std::vector<SplitScores> near{{{50, 51}, {50, 51}}, {{51, 50}, {50, 51}}};
  std::vector<SplitScores> far = near;
  for (double& score : far[1].fresh) score += 30;
  for (double& score : far[1].baseline) score += 30;
  for (const Pairing pairing : {Pairing::paired, Pairing::independent}) {
    EXPECT_NEAR(contrast(far, pairing, 0).test->standard_error, contrast(near, pairing, 0).test->standard_error, 1e-9);
  }
  EXPECT_EQ(contrast(far, Pairing::paired, 0).test->degrees, 2);
}

TEST(Contrast, TiesOfSeedsAreNotCertainty) {
  const std::vector<SplitScores> tied{{{50, 50}, {52, 52}}};
  EXPECT_EQ(contrast(tied, Pairing::independent, 0).test->standard_error, 0);
  EXPECT_NEAR(contrast(tied, Pairing::independent, 1).test->standard_error, std::sqrt(2.0 / 12 / 2), 1e-12);
  EXPECT_FALSE(contrast({{{50}, {52}}}, Pairing::independent, 1).test) << "one run has no spread";
  EXPECT_THROW(contrast({{{50, 51}, {52}}}, Pairing::paired, 1), std::invalid_argument);
  EXPECT_THROW(contrast({{{50, 51}, {}}}, Pairing::independent, 1), std::invalid_argument);
}

TEST(Regress, TheSameBitsAreIdenticalAtOnce) {
  const Guarded example(2);
  auto records = example.runs(0, {60, 61, 65});
  const auto more = example.runs(1, {70, 71, 75});
  records.insert(records.end(), more.begin(), more.end());
  const Regression result = example.regress(records, records, design(0.001, 18));
  const GuardedCell& cell = result.cells.at(0);
  EXPECT_EQ(cell.verdict, GuardVerdict::equivalent);
  EXPECT_EQ(cell.test, "identical");
  EXPECT_EQ(cell.identical_runs, 6);
  EXPECT_EQ(cell.look, 1);
  EXPECT_EQ(cell.wanted, 0);
  EXPECT_DOUBLE_EQ(*cell.fresh_mean, 67);
}

TEST(Regress, SameTrialsArePairedAndOtherSeedsAreNot) {
  const Guarded example;
  const auto fresh = example.runs(0, {60.1, 65.2, 70.3});
  const GuardedCell pairs = example.regress(fresh, example.runs(0, {60, 65, 70}), design(1)).cells.at(0);
  EXPECT_EQ(pairs.test, "paired t");
  EXPECT_EQ(pairs.verdict, GuardVerdict::equivalent) << "0.2 -+ 0.1 although the seeds lie 10 points apart";
  const GuardedCell apart = example.regress(fresh, other_seed(example, 9, {60, 65, 70}), design(1)).cells.at(0);
  EXPECT_EQ(apart.test, "Welch's t");
  EXPECT_EQ(apart.verdict, GuardVerdict::undecided);
  EXPECT_NEAR(*apart.difference, 0.2, 1e-9);
}

TEST(Regress, WorseAndBetterAreBeyondTheMargin) {
  const Guarded example;
  const auto baseline = other_seed(example, 9, {60, 60.5, 61});
  const auto verdict = [&](const std::vector<double>& scores, double margin) {
    return example.regress(example.runs(0, scores), baseline, design(margin)).cells.at(0).verdict;
  };
  EXPECT_EQ(verdict({55, 55.5, 56}, 1), GuardVerdict::worse);
  EXPECT_EQ(verdict({65, 65.5, 66}, 1), GuardVerdict::better);
  EXPECT_EQ(verdict({55, 55.5, 56}, 10), GuardVerdict::equivalent);
  EXPECT_EQ(verdict({55, 55.5, 56}, 5), GuardVerdict::undecided) << "the margin lies inside the interval";
}

TEST(Regress, MoreOfALossIsWorse) {
  Guarded example;
  example.suite.table.metric = "log_loss";
  const auto losses = [&](std::vector<double> values, std::uint64_t seed) {
    auto records = other_seed(example, seed, {50, 51, 52});
    for (std::size_t r = 0; r < values.size(); ++r) records[r].test->calibration = Calibration{0, 0, values[r]};
    return records;
  };
  const auto fresh = losses({1.5, 1.51, 1.52}, 0), baseline = losses({1.1, 1.11, 1.12}, 9);
  EXPECT_EQ(example.regress(fresh, baseline, design(0.1)).cells.at(0).verdict, GuardVerdict::worse);
  EXPECT_EQ(example.regress(losses({0.5, 0.51, 0.52}, 0), baseline, design(0.1)).cells.at(0).verdict,
            GuardVerdict::better);
}

TEST(Regress, AMethodWithoutChanceIsKnownExactly) {
  const Guarded example;
  const auto constant = [&](double score, int answer) {
    auto records = example.runs(0, {score, score, score});
    for (Record& record : records) {
      if (!record.test) continue;
      record.test->predicted = std::vector<int>(100, answer);
      record.test->truth = std::vector<int>(100, 0);
    }
    return records;
  };
  const auto judge = [&](double margin) {
    return example.regress(constant(58.9, 1), constant(60, 0), design(margin)).cells.at(0);
  };
  EXPECT_EQ(judge(1).test, "exact");
  EXPECT_EQ(judge(1).verdict, GuardVerdict::worse);
  EXPECT_EQ(judge(1.2).verdict, GuardVerdict::equivalent);
}

TEST(Regress, ALookThatDoesNotDecideAsksForSeedsAndTheNextOneTakesThem) {
  const Guarded example;
  const auto baseline = example.runs(0, {58, 60, 62, 59, 61, 60, 58, 62, 60.5, 59.5});
  const auto first = example.runs(0, {59, 61, 60});
  const GuardedCell open = example.regress(first, baseline, design(3, 8)).cells.at(0);
  EXPECT_EQ(open.verdict, GuardVerdict::undecided);
  EXPECT_EQ(open.look, 1);
  EXPECT_EQ(open.wanted, 8);
  EXPECT_FALSE(open.incomplete);
  const auto second = example.runs(0, {59, 61, 60, 60, 60.5, 59.5, 60, 61});
  const GuardedCell decided = example.regress(second, baseline, design(3, 8)).cells.at(0);
  EXPECT_EQ(decided.verdict, GuardVerdict::equivalent);
  EXPECT_EQ(decided.look, 2);
  EXPECT_EQ(decided.fresh_runs, 8);
  EXPECT_EQ(decided.test, "paired t") << "the baseline has as many runs";
  EXPECT_DOUBLE_EQ(decided.extra_seconds, 52.5) << "five runs of ten seconds and a half";
  // Seeds without a partner make it a comparison of two independent samples.
  const auto few = example.runs(0, {58, 60, 62});
  EXPECT_EQ(example.regress(second, few, design(3, 8)).cells.at(0).test, "Welch's t");
}

TEST(Regress, ADecisionStandsWhateverElseIsStored) {
  const Guarded example;
  const auto baseline = other_seed(example, 9, {60, 60.5, 61});
  const auto more = example.runs(0, {55, 55.5, 56, 60, 60, 60, 60, 60});
  const GuardedCell cell = example.regress(more, baseline, design(1, 8)).cells.at(0);
  EXPECT_EQ(cell.verdict, GuardVerdict::worse);
  EXPECT_EQ(cell.look, 1);
  EXPECT_EQ(cell.fresh_runs, 3);
}

TEST(Regress, WhatIsMissingHasItsReason) {
  const Guarded example;
  const auto baseline = example.runs(0, {60, 61, 62});
  const GuardedCell none = example.regress({}, baseline, design(1)).cells.at(0);
  EXPECT_TRUE(none.incomplete);
  EXPECT_EQ(none.wanted, 3);
  auto failed = example.runs(0, {60, 61});
  failed.push_back(example::lost(example.plan.studies[0], 2, Status::failed, "loss is not finite"));
  const GuardedCell broken = example.regress(failed, baseline, design(1)).cells.at(0);
  EXPECT_EQ(broken.verdict, GuardVerdict::undecided);
  EXPECT_TRUE(broken.incomplete);
  EXPECT_THAT(notes(broken), HasSubstr("final run 2: failed: loss is not finite"));
  const GuardedCell unknown = example.regress(baseline, {}, design(1)).cells.at(0);
  EXPECT_TRUE(unknown.incomplete);
  EXPECT_EQ(unknown.wanted, 0) << "nothing to compare with, so nothing to train";
  EXPECT_THAT(notes(unknown), HasSubstr("the baseline has no scored final run"));
  EXPECT_THAT(notes(example.regress(example.runs(0, {60, 61, 62}), example.runs(0, {60}), design(1)).cells.at(0)),
              HasSubstr("two runs on each side"));
}

TEST(Regress, TrialsAreRecognisedWhereStudiesAreIdentifiedOtherwise) {
  const Guarded example;
  auto baseline = example.runs(0, {60, 65, 70});
  for (Record& record : baseline) record.study = "as another version would say";
  const GuardedCell cell = example.regress(example.runs(0, {60.1, 65.2, 70.3}), baseline, design(1)).cells.at(0);
  EXPECT_EQ(cell.test, "paired t");
  EXPECT_EQ(cell.verdict, GuardVerdict::equivalent);
  EXPECT_EQ(example.regress({}, baseline, design(1)).cells.at(0).wanted, 3) << "only training shows the trials";
}

TEST(Regress, AnotherWinnerOtherDataAndTheSameBuildAreNoted) {
  const Guarded example;
  const Study& study = example.plan.studies[0];
  std::vector<Record> fresh;
  for (const int r : {0, 1, 2}) fresh.push_back(example::scored(study, r, 0.60 + 0.01 * r, 1));
  auto baseline = example.runs(0, {60, 61, 62});
  for (Record& record : baseline) record.data_digest = "other";
  for (auto* side : {&fresh, &baseline}) {
    for (Record& record : *side) record.environment["code"] = "abc";
  }
  const Regression result = example.regress(fresh, baseline, design(1));
  EXPECT_EQ(result.cells.at(0).test, "Welch's t");
  EXPECT_THAT(notes(result.cells[0]), HasSubstr("another configuration"));
  EXPECT_THAT(notes(result.cells[0]), HasSubstr("other images"));
  EXPECT_THAT(result.notes, ElementsAre("both sides come from the same build of the program"));
}

TEST(Regress, DesignsWithoutSenseAreRefused) {
  const Guarded example;
  EXPECT_THROW(example.regress({}, {}, design(0)), InputError);
  EXPECT_THROW(example.regress({}, {}, {.margin = 1, .alpha = 0.5}), InputError);
  EXPECT_THROW(example.regress({}, {}, {.margin = 1, .alpha = 0.05, .step = 0}), InputError);
}

/// A cell of each verdict, and one that is incomplete; names that XML and Markdown have to escape.
Regression printed() {
  Regression result;
  result.title = "guard";
  result.metric = "Accuracy in per cent";
  for (const GuardVerdict verdict :
       {GuardVerdict::equivalent, GuardVerdict::better, GuardVerdict::worse, GuardVerdict::undecided}) {
    GuardedCell cell;
    cell.dataset = "A & <B>";
    cell.method = "\"" + to_string(verdict) + "\"";
    cell.verdict = verdict;
    cell.test = "paired t";
    cell.look = 1;
    cell.looks = 2;
    cell.fresh_runs = cell.baseline_runs = 3;
    cell.fresh_mean = 60.5;
    cell.baseline_mean = 62;
    cell.difference = -1.5;
    cell.interval = ConfidenceInterval{-2, -1};
    cell.device_seconds = 1.25;
    result.cells.push_back(cell);
  }
  GuardedCell lost;
  lost.dataset = "A & <B>";
  lost.method = "lost";
  lost.incomplete = true;
  lost.notes = {"bad \x01 byte \xFF\nand a line"};
  result.cells.push_back(lost);
  return result;
}

TEST(RegressionPrinted, MarkdownAndJson) {
  const Regression result = printed();
  EXPECT_THAT(result.text(), HasSubstr("| 62.00 (3) | 60.50 (3) | -1.50 [-2.00, -1.00] | paired t, look 1 of 2 |"));
  EXPECT_THAT(result.text(), HasSubstr("1 equivalent, 1 better, 1 worse, 2 undecided."));
  const Json json = result.to_json();
  EXPECT_EQ(json.at("counts"), (Json{{"equivalent", 1}, {"better", 1}, {"worse", 1}, {"undecided", 2}}));
  EXPECT_EQ(json.at("cells").at(2).at("new"), (Json{{"n", 3}, {"mean", 60.5}}));
  EXPECT_EQ(json.at("cells").at(2).at("interval"), (Json{-2.0, -1.0}));
  EXPECT_TRUE(json.at("cells").at(4).at("difference").is_null());
}

TEST(RegressionPrinted, JUnitHasATestCaseACell) {
  const std::string xml = printed().junit();
  EXPECT_THAT(xml, HasSubstr("<testsuite name=\"scant regress guard\" tests=\"5\" failures=\"1\" errors=\"1\" "
                             "skipped=\"1\" time=\"5.000\">"));
  EXPECT_THAT(xml, HasSubstr("<testcase classname=\"guard.A &amp; &lt;B&gt;\" name=\"&quot;worse&quot;\""));
  EXPECT_THAT(xml, HasSubstr("<failure type=\"worse\" message=\"baseline 62.00 (3), new 60.50 (3), difference -1.50"));
  EXPECT_THAT(xml, HasSubstr("<skipped message="));
  EXPECT_THAT(xml, HasSubstr("<error type=\"incomplete\" message=\"bad \uFFFD byte \uFFFD&#10;and a line\">"));
  const auto count = [&](const std::string& what) {
    int found = 0;
    for (std::size_t at = 0; (at = xml.find(what, at)) != std::string::npos; ++at) ++found;
    return found;
  };
  EXPECT_EQ(count("<testcase "), 5);
  EXPECT_EQ(count("</testcase>"), 5);
  EXPECT_EQ(count("<failure "), 1);
  EXPECT_EQ(count("<skipped "), 1);
  EXPECT_EQ(count("<error "), 1);
}

TEST(RegressionPrinted, XmlTextIsOfXmlCharactersOnly) {
  EXPECT_EQ(xml_escape("a<b>&\"c\"\t\r\n"), "a&lt;b&gt;&amp;&quot;c&quot;&#9;&#13;&#10;");
  EXPECT_EQ(xml_escape("naïve \x02"), "naïve \uFFFD");
}

}  // namespace
}  // namespace scant
