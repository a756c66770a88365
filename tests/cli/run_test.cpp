// The main job through the program: failures, budgets, side-by-side trials, exit codes.
#include <gtest/gtest.h>

#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "tests/support/program.hpp"

namespace scant {
namespace {

using nlohmann::json;

class Run : public test::ProgramTest {
 protected:
  std::string write_suite(const std::string& text) const { return folder_.write("suite.toml", text).string(); }
  int run(const std::string& suite, const std::string& store, const std::vector<std::string>& more = {}) {
    return train({"run", suite}, store, more);
  }
};

const std::string small = R"(
[protocol]
backbone = "rn20"
epochs = 4
trials = 4
grace = 1
average_last = 2
final_runs = 2
augment = { kind = "shift", pad = 4, hflip = true }
space = { batch_size = { choice = [50] } }
[[datasets]]
name = "synthetic-natural"
splits = [0]
)";

TEST_F(Run, RowsThatChooseTheSameFinalRunShareItAndOpenTestOnce) {
  const std::string suite = write_suite(R"(
[protocol]
final_runs = 2
[[datasets]]
name = "synthetic-natural"
splits = [0]
[[methods]]
name = "knn"
label = "1-NN"
params = { k = 1, metric = "euclidean" }
[[methods]]
name = "knn"
label = "tuned"
params = { metric = "euclidean" }
space = { k = { choice = [1] } }
)");
  ASSERT_EQ(run(suite, "out"), 0) << err_;
  const auto all = records(suite, "out");
  ASSERT_EQ(all.size(), 4u);  // two rows x two final runs
  std::set<std::string> studies, trials;
  for (const json& record : all) {
    studies.insert(record.at("study"));
    trials.insert(record.at("trial").dump());
    EXPECT_EQ(record.at("test_openings"), 1);
  }
  EXPECT_EQ(studies.size(), 2u);
  EXPECT_EQ(trials.size(), 2u);
}

TEST_F(Run, ADivergingTrialIsARecordWithItsReasonAndTheSuiteGoesOn) {
  const std::string suite = write_suite(small + R"(
[[methods]]
name = "xent"
label = "Diverges"
params = { lr = 1e3, weight_decay = 1e3, batch_size = 50 }
[[methods]]
name = "majority"
label = "Majority"
)");
  EXPECT_EQ(run(suite, "store"), 1) << err_;
  int failed = 0, ok = 0;
  for (const json& record : records(suite, "store")) {
    if (record.at("trial").at("method") == "xent") {
      ++failed;
      EXPECT_EQ(record.at("status"), "failed");
      EXPECT_NE(record.at("reason").get<std::string>().find("finite"), std::string::npos) << record.at("reason");
    } else {
      ok += record.at("status") == "ok";
    }
  }
  EXPECT_EQ(failed, 2);
  EXPECT_EQ(ok, 2);
  EXPECT_NE(out_.find("finite"), std::string::npos) << "the table names the hole's reason:\n" << out_;
  // The failure is final: the next run does not train again, and still exits 1.
  EXPECT_EQ(run(suite, "store"), 1);
}

TEST_F(Run, MissingDataIsNamedAndTheOtherDataSetsRun) {
  const std::string suite = write_suite(R"(
[protocol]
final_runs = 2
[[datasets]]
name = "synthetic-natural"
splits = [0]
[[datasets]]
name = "cub"
splits = [0]
[[methods]]
name = "majority"
)");
  EXPECT_EQ(run(suite, "store"), 1);
  EXPECT_NE(err_.find("scant fetch cub"), std::string::npos) << err_;
  std::set<std::string> statuses;
  for (const json& record : records(suite, "store")) {
    statuses.insert(record.at("trial").at("dataset").get<std::string>() + " " + record.at("status").get<std::string>());
  }
  EXPECT_EQ(statuses, (std::set<std::string>{"cub skipped", "synthetic-natural ok"}));
}

TEST_F(Run, OneAndTwoWorkersDecideAndTrainAlike) {
  const std::string suite = write_suite(small + R"(
[[methods]]
name = "xent"
[[methods]]
name = "knn"
)");
  ASSERT_EQ(run(suite, "one", {"--jobs", "1"}), 0) << err_;
  ASSERT_EQ(run(suite, "two", {"--jobs", "2"}), 0) << err_;
  const auto one = records(suite, "one", {"--outcome"});
  EXPECT_EQ(one, records(suite, "two", {"--outcome"}));
  EXPECT_GE(one.size(), 6u);
}

TEST_F(Run, TestIsOpenedOncePerFinalRunAndNeverInTuning) {
  const std::string suite = write_suite(small + "[[methods]]\nname = \"xent\"\n");
  ASSERT_EQ(run(suite, "store"), 0) << err_;
  std::map<std::string, int> count;
  for (const json& record : records(suite, "store")) {
    const bool final = record.at("trial").at("stage") == "final";
    ++count[final ? "final" : "tune"];
    EXPECT_EQ(record.at("test_openings"), final ? 1 : 0);
    EXPECT_EQ(record.contains("test") && !record.at("test").is_null(), final);
    EXPECT_EQ(record.at("validation").empty(), final) << "final runs never look at validation data";
  }
  EXPECT_EQ(count, (std::map<std::string, int>{{"final", 2}, {"tune", 4}}));
}

TEST_F(Run, TheEpochBudgetEndsTuningAndTheLedgerCountsEveryTrial) {
  std::string text = small;
  text.replace(text.find("epochs = 4"), 10,
               "epochs = 4\nbudget = { epochs = 6 }\nearly_stopping = false\nvirtual_workers = 1");
  const std::string suite = write_suite(text + "[[methods]]\nname = \"xent\"\n");
  ASSERT_EQ(run(suite, "store"), 0) << err_;
  int epochs = 0, stopped = 0;
  for (const json& record : records(suite, "store")) {
    if (record.at("trial").at("stage") != "tune") continue;
    epochs += record.at("epochs_done").get<int>();
    if (record.at("status") == "stopped") {
      ++stopped;
      EXPECT_NE(record.at("reason").get<std::string>().find("budget"), std::string::npos);
    }
  }
  EXPECT_EQ(epochs, 8);  // two whole trials: the budget of 6 ran out at the second one's report
  EXPECT_EQ(stopped, 2);
}

TEST_F(Run, TheBudgetOfSecondsEndsTrialsBetweenTwoBatches) {
  // Less than a batch takes anywhere: no epoch comes to its end, so nothing can be chosen.
  const std::string suite = write_suite(small + R"(
budget = { device_seconds = 1e-6 }
[[methods]]
name = "xent"
)");
  EXPECT_EQ(run(suite, "store", {"--jobs", "2"}), 1) << err_;
  EXPECT_NE(out_.find("the budget was spent before any trial's first report"), std::string::npos) << out_;
  EXPECT_NE(err_.find("held the device for"), std::string::npos) << err_;
  const auto all = records(suite, "store");
  EXPECT_EQ(all.size(), 4u);
  for (const json& record : all) {
    EXPECT_EQ(record.at("status"), "stopped");
    EXPECT_EQ(record.at("reason"), "the study's budget was spent");
    EXPECT_EQ(record.at("epochs_done"), 0);
    EXPECT_EQ(record.at("cost").at("images"), 0) << "of whole epochs";
  }
  ASSERT_EQ(scant({"--json", "table", suite, "--out", file("store")}), 3) << err_;
  const json cell = json::parse(out_).at("rows").at(0).at("cells").at(0);
  EXPECT_EQ(cell.at("granted_seconds"), 1e-6);
  EXPECT_GE(cell.at("tuning_seconds").get<double>(), 1e-6);
  EXPECT_EQ(run(suite, "store", {"--jobs", "1"}), 1) << "a second run decides the same";
  EXPECT_EQ(records(suite, "store"), all);
}

TEST_F(Run, ABudgetOfReferenceSecondsIsMeasuredOnThisDevice) {
  const std::string suite = write_suite(small + R"(
budget = { reference_seconds = 1e-6 }
[[methods]]
name = "xent"
)");
  EXPECT_EQ(run(suite, "store", {"--jobs", "2"}), 1) << err_;
  EXPECT_NE(err_.find("a second of this device is worth"), std::string::npos) << err_;
  EXPECT_NE(out_.find("of 0.0 reference-s)"), std::string::npos) << out_;
  double charged = 0;
  for (const json& record : records(suite, "store")) {
    EXPECT_EQ(record.at("reason"), "the study's budget was spent");
    const json& cost = record.at("cost");
    EXPECT_GT(cost.at("reference_speed"), 0);
    charged += cost.at("train_seconds").get<double>() * cost.at("reference_speed").get<double>();
  }
  ASSERT_EQ(scant({"--json", "table", suite, "--out", file("store")}), 3) << err_;
  const json cell = json::parse(out_).at("rows").at(0).at("cells").at(0);
  EXPECT_NEAR(cell.at("charged_seconds"), charged, 1e-9);
  EXPECT_EQ(cell.at("granted_seconds"), 1e-6);
}

TEST_F(Run, EncodersAreJudgedOnTheSuitesOtherDataSets) {
  const std::string suite = write_suite(R"(
[protocol]
backbone = "wrn-10-1"
epochs = 1
final_runs = 1
judges = ["own", { kind = "knn", k = 5, on = "Tissue", label = "tissue" }]
augment = { kind = "shift", size = 32, pad = 4, hflip = true }
[[datasets]]
name = "synthetic-natural"
label = "Natural"
splits = [0]
[[datasets]]
name = "synthetic-tissue"
label = "Tissue"
splits = [0]
[[methods]]
name = "majority"
[[methods]]
name = "xent"
params = { lr = 0.05, weight_decay = 1e-3, batch_size = 25 }
)");
  ASSERT_EQ(run(suite, "store"), 0) << err_;
  for (const json& record : records(suite, "store")) {
    const bool network = record.at("trial").at("method") == "xent";
    EXPECT_EQ(record.contains("test_by"), network);
    if (!network) continue;
    EXPECT_EQ(record.at("trial").at("judges").at(1).at("on").at("dataset"), "synthetic-tissue");
    EXPECT_GT(record.at("test_by").at("tissue").at("accuracy").get<double>(), 0);
  }
  ASSERT_EQ(scant({"--json", "table", suite, "--out", file("store"), "--judge", "tissue"}), 3)
      << "majority has no embedding";
  const json rows = json::parse(out_).at("rows");
  EXPECT_EQ(rows.at(0).at("cells").at(0).at("n"), 0);
  EXPECT_EQ(rows.at(1).at("cells").at(0).at("n"), 1);
}

TEST_F(Run, EveryErrorOfASuiteAtOnceAndExitCode2) {
  const std::string suite =
      write_suite("[protocol]\nepoch = 3\n[[datasets]]\nname = \"synthetic-naturel\"\n[[methods]]\nname = \"xnet\"\n");
  EXPECT_EQ(run(suite, "store"), 2);
  for (const char* part : {"epochs", "synthetic-natural", "xent", "suite.toml:2"}) {
    EXPECT_NE(err_.find(part), std::string::npos) << part << "\n" << err_;
  }
}

}  // namespace
}  // namespace scant
