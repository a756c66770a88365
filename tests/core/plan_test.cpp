// Plans: the studies of a suite, what their identity depends on, and the configurations drawn for them.
#include "harness/core/plan.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "harness/core/random.hpp"
#include "tests/core/fake_catalogue.hpp"

namespace scant {
namespace {

Plan plan_of(const std::string& text, const std::string& file = "a.toml") {
  return make_plan(parse_suite(text, file, fake_catalogue()), fake_catalogue());
}

const std::string data = "[[datasets]]\nname = \"cifair10\"\nsplits = [0]\n";
const std::string xent = "[[methods]]\nname = \"xent\"\n";

std::vector<std::string> trial_ids(const Plan& plan) {
  std::vector<std::string> ids;
  for (const Study& study : plan.studies) {
    for (const Trial& trial : study.tuning) ids.push_back(trial.id());
  }
  return ids;
}

TEST(Plan, IsDatasetMajorThenSplitThenMethod) {
  const Plan plan = plan_of(
      "[[datasets]]\nname = \"cifair10\"\nsplits = [2, 0]\n[[datasets]]\nname = "
      "\"synthetic-natural\"\n" +
      xent + "[[methods]]\nname = \"knn\"\nlabel = \"k-NN\"\n");
  std::vector<std::string> names;
  for (const Study& study : plan.studies) names.push_back(study.name());
  EXPECT_THAT(names, testing::ElementsAre("ciFAIR-10/2/xent", "ciFAIR-10/2/k-NN", "ciFAIR-10/0/xent",
                                          "ciFAIR-10/0/k-NN", "synthetic-natural/0/xent", "synthetic-natural/0/k-NN"));
}

TEST(Plan, TwiceTheSameAndUntouchedByNames) {
  const std::string text = "seed = 3\n[protocol]\ntrials = 5\n" + data + xent;
  const auto ids = trial_ids(plan_of(text));
  EXPECT_EQ(ids.size(), 5u);
  EXPECT_EQ(std::set<std::string>(ids.begin(), ids.end()).size(), 5u);
  EXPECT_EQ(ids, trial_ids(plan_of(text, "other/b.toml")));
  const std::string renamed = "name = \"new\"\ndescription = \"d\"\nseed = 3\n[protocol]\ntrials = 5\n" + data +
                              "label = \"C\"\n" + xent + "label = \"X\"\n[table]\ndecimals = 1\n";
  EXPECT_EQ(ids, trial_ids(plan_of(renamed)));
  EXPECT_EQ(plan_of(text).studies[0].id(), plan_of(renamed).studies[0].id());
}

TEST(Plan, TrialsCarryWhatDecidesThem) {
  const Plan plan = plan_of("seed = 3\n[protocol]\nprecision = \"bf16\"\ncompat = \"gem\"\ntrials = 2\n" + data +
                            "options = { a = 1 }\n" + xent + "params = { batch_size = 10 }\n");
  const Trial& trial = plan.studies.at(0).tuning.at(1);
  EXPECT_EQ(trial.stage, Stage::tune);
  EXPECT_EQ(trial.dataset, "cifair10");
  EXPECT_EQ(trial.dataset_options, Json({{"a", 1}}));
  EXPECT_EQ(trial.method, "xent");
  EXPECT_EQ(trial.backbone, "wrn-16-8");
  EXPECT_EQ(trial.precision, "bf16");
  EXPECT_EQ(trial.compat, "gem");
  EXPECT_EQ(trial.epochs, 500);
  EXPECT_EQ(trial.augment.pad, 4);
  EXPECT_EQ(trial.seed_base, 3u);
  EXPECT_EQ(trial.index, 1);
  EXPECT_EQ(trial.params.at("batch_size"), 10);
  EXPECT_TRUE(trial.params.contains("lr"));
  EXPECT_EQ(trial.params.size(), 2u);
}

TEST(Plan, StudyIdChangesWithEveryProtocolKeyButTheNumberOfFinalRuns) {
  const auto id_with = [](const std::string& line) { return plan_of(data + line + "\n" + xent).studies.at(0).id(); };
  std::set<std::string> ids{id_with("")};
  const std::vector<std::string> changes{"backbone = \"rn20\"",
                                         "epochs = 7",
                                         "augment = { kind = \"none\" }",
                                         "augment = { kind = \"shift\", pad = 2, hflip = true }",
                                         "augment = { kind = \"shift\", pad = 4, vflip = true }",
                                         "precision = \"tf32\"",
                                         "compat = \"gem\"",
                                         "trials = 7",
                                         "grace = 7",
                                         "reduction = 7",
                                         "early_stopping = false",
                                         "average_last = 7",
                                         "virtual_workers = 7",
                                         "winner = \"max_rung\"",
                                         "budget = { device_seconds = 7 }",
                                         "budget = { reference_seconds = 7 }",
                                         "budget = { epochs = 7 }",
                                         "budget = { trials = 7 }",
                                         "space = { lr = { uniform = [0.1, 0.2] } }",
                                         "space = { lr = { log_uniform = [0.1, 0.2] } }",
                                         "options = { seed = 7 }"};
  for (const std::string& change : changes) EXPECT_TRUE(ids.insert(id_with(change)).second) << change;
  EXPECT_EQ(id_with("final_runs = 3"), id_with(""));
}

TEST(Plan, StudyIdChangesWithSeedSplitMethodAndParameters) {
  std::set<std::string> ids{plan_of(data + xent).studies.at(0).id()};
  EXPECT_TRUE(ids.insert(plan_of("seed = 1\n" + data + xent).studies.at(0).id()).second);
  EXPECT_TRUE(
      ids.insert(plan_of("[[datasets]]\nname = \"cifair10\"\nsplits = [1]\n" + xent).studies.at(0).id()).second);
  EXPECT_TRUE(ids.insert(plan_of(data + "[[methods]]\nname = \"tvmf\"\n").studies.at(0).id()).second);
  EXPECT_TRUE(ids.insert(plan_of(data + xent + "params = { lr = 0.01 }\n").studies.at(0).id()).second);
  EXPECT_TRUE(ids.insert(plan_of(data + xent + "space = { lr = { choice = [1.0] } }\n").studies.at(0).id()).second);
}

TEST(Plan, ASharedSpaceOfAnotherMethodDecidesNothing) {
  const std::string both = data + xent + "[[methods]]\nname = \"tvmf\"\n";
  const Plan without = plan_of(both), with = plan_of("[protocol]\nspace = { kappa = { uniform = [1, 2] } }\n" + both);
  EXPECT_EQ(without.studies[0].id(), with.studies[0].id());
  EXPECT_NE(without.studies[1].id(), with.studies[1].id());
}

TEST(Plan, EntrySpaceBeatsSharedSpaceBeatsDeclaredAndFixedBeatsAll) {
  const std::string shared = "[protocol]\nspace = { lr = { choice = [0.5] }, batch_size = { choice = [7] } }\n";
  const Plan plan =
      plan_of(shared + data + xent + "[[methods]]\nname = \"tvmf\"\nspace = { lr = { choice = [0.25] } }\n" +
              "[[methods]]\nname = \"tvmf\"\nlabel = \"fixed\"\nparams = { lr = 0.125 }\n");
  EXPECT_EQ(plan.studies[0].tuning[0].params, Json({{"lr", 0.5}, {"batch_size", 7}}));
  EXPECT_EQ(plan.studies[1].tuning[0].params, Json({{"lr", 0.25}, {"batch_size", 7}}));
  EXPECT_EQ(plan.studies[2].tuning[0].params, Json({{"lr", 0.125}, {"batch_size", 7}}));
}

TEST(Plan, OneTrialWhereNothingIsSearched) {
  const Plan plan = plan_of("[protocol]\ntrials = 9\n" + data + xent + "params = { lr = 0.1, batch_size = 10 }\n");
  ASSERT_EQ(plan.studies[0].tuning.size(), 1u);
  EXPECT_EQ(plan.studies[0].tuning[0].params, Json({{"lr", 0.1}, {"batch_size", 10}}));
}

TEST(Plan, BudgetCapsTrials) {
  EXPECT_EQ(plan_of("[protocol]\ntrials = 9\nbudget = { trials = 4 }\n" + data + xent).studies[0].tuning.size(), 4u);
  EXPECT_EQ(plan_of("[protocol]\ntrials = 3\nbudget = { trials = 4 }\n" + data + xent).studies[0].tuning.size(), 3u);
}

TEST(Plan, MoreTrialsOfOneStudyWouldBeginWithTheSameDraws) {
  // The draws depend on the study's seed and the configuration's number only.
  const Plan plan = plan_of("[protocol]\ntrials = 4\n" + data + xent);
  const Study& study = plan.studies[0];
  Random random(seed_of(study.id(), "search"), 3);
  const Json values({10, 25, 50});
  EXPECT_EQ(study.tuning[3].params.at("batch_size"), values.at(random.below(3)));
  EXPECT_DOUBLE_EQ(study.tuning[3].params.at("lr").get<double>(),
                   std::exp(random.uniform(std::log(1e-4), std::log(0.1))));
}

TEST(Plan, BaselinesWithChoicesGetTheFullGrid) {
  const std::string knn = "[[methods]]\nname = \"knn\"\n";
  const Plan full = plan_of("[protocol]\ntrials = 6\n" + data + knn);
  ASSERT_EQ(full.studies[0].tuning.size(), 6u);
  EXPECT_TRUE(full.studies[0].baseline);
  std::vector<std::string> points;
  for (const Trial& trial : full.studies[0].tuning) points.push_back(trial.params.dump());
  EXPECT_EQ(points.front(), R"({"k":1,"metric":"cosine"})");
  EXPECT_EQ(points[1], R"({"k":1,"metric":"euclidean"})");
  EXPECT_EQ(std::set<std::string>(points.begin(), points.end()).size(), 6u);
  EXPECT_EQ(full.studies[0].tuning[0].epochs, 1);

  EXPECT_EQ(plan_of("[protocol]\ntrials = 20\n" + data + knn).studies[0].tuning.size(), 6u);
  EXPECT_EQ(plan_of("[protocol]\ntrials = 5\n" + data + knn).studies[0].tuning.size(), 5u);
  EXPECT_EQ(plan_of("[protocol]\ntrials = 5\n" + data + "[[methods]]\nname = \"majority\"\n").studies[0].tuning.size(),
            1u);
}

TEST(Plan, DrawsKeepTheirRangesAndDistributions) {
  const Plan plan = plan_of("[protocol]\ntrials = 4000\n" + data +
                            "[[methods]]\nname = \"tvmf\"\nspace = { kappa = { uniform = [-0.5, 1.5] }, width = { "
                            "log_uniform = [1, 64] } }\n");
  std::vector<double> log_lr;
  std::map<int, int> batches;
  double kappa_sum = 0, widths_below_8 = 0;
  for (const Trial& trial : plan.studies[0].tuning) {
    const double lr = trial.params.at("lr");
    ASSERT_GE(lr, 1e-4);
    ASSERT_LE(lr, 0.1);
    log_lr.push_back(std::log10(lr));
    ++batches[trial.params.at("batch_size").get<int>()];
    const double kappa = trial.params.at("kappa");
    ASSERT_GE(kappa, -0.5);
    ASSERT_LE(kappa, 1.5);
    kappa_sum += kappa;
    ASSERT_TRUE(trial.params.at("width").is_number_integer());
    const int width = trial.params.at("width");
    ASSERT_GE(width, 1);
    ASSERT_LE(width, 64);
    widths_below_8 += width < 8;
  }
  // Kolmogorov-Smirnov against the uniform distribution of log10: 1.63 / sqrt(n) is the 1 % bound.
  std::sort(log_lr.begin(), log_lr.end());
  double distance = 0;
  for (std::size_t i = 0; i < log_lr.size(); ++i) {
    const double expected = (log_lr[i] + 4) / 3;
    distance = std::max(distance, std::abs(expected - static_cast<double>(i) / 4000));
  }
  EXPECT_LT(distance, 1.63 / std::sqrt(4000));
  EXPECT_NEAR(kappa_sum / 4000, 0.5, 0.04);
  EXPECT_NEAR(widths_below_8 / 4000, std::log(7.5) / std::log(64.0), 0.03);
  ASSERT_EQ(batches.size(), 3u);
  for (const auto& [batch, count] : batches) EXPECT_NEAR(count, 4000 / 3.0, 120) << batch;
}

TEST(FinalTrial, TrainsTheWinnerAfresh) {
  const Plan plan = plan_of("seed = 5\n[protocol]\ntrials = 2\n" + data + xent);
  const Study& study = plan.studies[0];
  const Trial a = study.final_trial(study.tuning[1].params, 0), b = study.final_trial(study.tuning[1].params, 1);
  EXPECT_EQ(a.stage, Stage::final);
  EXPECT_EQ(a.params, study.tuning[1].params);
  EXPECT_EQ(a.seed_base, 5u);
  EXPECT_EQ(b.index, 1);
  EXPECT_NE(a.id(), b.id());
  EXPECT_NE(a.seed("init"), b.seed("init"));
  Trial as_tuned = study.tuning[1];
  as_tuned.stage = Stage::final;
  as_tuned.index = 0;
  EXPECT_EQ(a.id(), as_tuned.id());  // a final run does not know which study chose it
}

TEST(TuningTrial, BelongsToItsStudy) {
  const std::string text = "seed = 5\n" + data + xent + "params = { lr = 0.1 }\n";
  const Plan three = plan_of(text + "space = { batch_size = { choice = [10, 25, 50] } }\n");
  const Plan two = plan_of(text + "space = { batch_size = { choice = [10, 25] } }\n");
  const Study &a = three.studies[0], &b = two.studies[0];
  ASSERT_EQ(a.tuning[0].params, b.tuning[0].params);
  // ASHA stops a trial by what the study's other trials did, so the two may end differently.
  EXPECT_NE(a.tuning[0].id(), b.tuning[0].id());
  EXPECT_EQ(a.final_trial(a.tuning[0].params, 0).id(), b.final_trial(b.tuning[0].params, 0).id());
  EXPECT_EQ(Trial::from_json(a.tuning[0].to_json()).id(), a.tuning[0].id());
}

TEST(FiniteSpace, IsNotDrawnFromTwice) {
  const std::string text = "[protocol]\ntrials = 4\n" + data + xent +
                           "params = { lr = 0.1 }\n"
                           "space = { batch_size = { choice = [1, 2, 3, 4, 5, 6] } }\n";
  const Plan plan = plan_of(text);
  std::set<std::string> seen;
  for (const Trial& trial : plan.studies[0].tuning) seen.insert(canonical(trial.params));
  EXPECT_EQ(seen.size(), 4u);
  EXPECT_EQ(trial_ids(plan), trial_ids(plan_of(text)));
}

}  // namespace
}  // namespace scant
