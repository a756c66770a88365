// The regression guard through the program: what it reads, trains, prints and exits with.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tests/support/program.hpp"

namespace scant {
namespace {

using nlohmann::json;
using testing::HasSubstr;

/// One network and one method without chance; seconds on a core.
const char* const suite_text = R"(
name = "guard"
seed = SEED
[protocol]
backbone = "wrn-10-1"
epochs = 1
final_runs = 2
[[datasets]]
name = "synthetic-natural"
label = "Natural & more"
splits = [0]
options = { pool = 30, test = 10 }
[[methods]]
name = "xent"
label = "Cross-entropy"
params = { lr = 0.05, weight_decay = 1e-3, batch_size = 20 }
[[methods]]
name = "knn"
label = "k-NN"
params = { k = 1, metric = "euclidean" }
)";

class Regress : public test::ProgramTest {
 protected:
  std::string suite(int seed = 1) const {
    std::string text = suite_text;
    text.replace(text.find("SEED"), 4, std::to_string(seed));
    return folder_.write("guard-" + std::to_string(seed) + ".toml", text).string();
  }
  void run(const std::string& suite, const std::string& store) {
    ASSERT_EQ(train({"run", suite}, store, {"--jobs", "2"}), 0) << err_;
  }
  int regress(const std::string& suite, const std::string& against, const std::string& store,
              std::vector<std::string> more = {}) {
    more.insert(more.end(), {"--jobs", "2"});
    return train({"regress", suite, "--against", file(against)}, store, more);
  }
  /// The records of a store as JSON lines, each changed by `change`.
  template <class Change>
  void write_records(const std::string& suite, const std::string& store, const std::string& lines, Change change) {
    std::ofstream out(file(lines));
    for (json record : records(suite, store)) {
      change(record);
      out << record.dump() << "\n";
    }
  }
  std::int64_t final_runs(const std::string& suite, const std::string& store, const std::string& method) {
    const std::vector<json> all = records(suite, store);
    return std::count_if(all.begin(), all.end(),
                         [&](const json& record) { return record.at("trial").at("method") == method; });
  }
};

TEST_F(Regress, TheSameProgramIsIdenticalToItsStoreAndToItsRecords) {
  run(suite(), "old");
  write_records(suite(), "old", "old.jsonl", [](json&) {});
  EXPECT_EQ(regress(suite(), "old", "new", {"--junit", file("guard.xml")}), 0) << out_ << err_;
  EXPECT_THAT(out_, HasSubstr("| Natural & more | Cross-entropy |"));
  EXPECT_THAT(out_, HasSubstr("2 equivalent, 0 better, 0 worse, 0 undecided."));
  EXPECT_THAT(out_, HasSubstr("identical, look 1 of 4"));
  EXPECT_THAT(out_, HasSubstr("both sides come from the same build"));
  EXPECT_EQ(final_runs(suite(), "new", "xent"), 2) << "no seed beyond the plan's";
  const std::string xml = test::content(file("guard.xml"));
  EXPECT_THAT(xml, HasSubstr("tests=\"2\" failures=\"0\" errors=\"0\" skipped=\"0\""));
  EXPECT_THAT(xml, HasSubstr("classname=\"guard.Natural &amp; more\" name=\"Cross-entropy\""));
  EXPECT_EQ(regress(suite(), "old.jsonl", "new", {"--read-only", "--json"}), 0) << err_;
  const json result = json::parse(out_);
  EXPECT_EQ(result.at("counts").at("equivalent"), 2);
  for (const json& cell : result.at("cells")) EXPECT_EQ(cell.at("identical"), 2);
}

TEST_F(Regress, AWorseCellFailsAndABetterOneDoesNot) {
  run(suite(), "store");
  // The baseline of another code: so much better in one cell, and so much worse in the other.
  const auto shift = [](json& record, double xent, double knn) {
    const double by = record.at("trial").at("method") == "xent" ? xent : knn;
    json& score = record.at("test").at("balanced_accuracy");
    score = score.get<double>() + by + 0.001 * record.at("trial").at("index").get<double>();
    record["parameters_digest"] = "other";
  };
  write_records(suite(), "store", "better.jsonl", [&](json& record) { shift(record, 0.4, -0.4); });
  EXPECT_EQ(regress(suite(), "better.jsonl", "store", {"--read-only", "--junit", file("guard.xml")}), 1);
  EXPECT_THAT(out_, HasSubstr("0 equivalent, 1 better, 1 worse, 0 undecided."));
  EXPECT_THAT(test::content(file("guard.xml")), HasSubstr("<failure type=\"worse\" message=\"baseline "));
  write_records(suite(), "store", "weaker.jsonl", [&](json& record) { shift(record, -0.4, -0.4); });
  EXPECT_EQ(regress(suite(), "weaker.jsonl", "store", {"--read-only"}), 0) << out_;
}

TEST_F(Regress, UndecidedCellsGetSeedsUpToTheCapOthersDoNot) {
  run(suite(2), "old");
  const std::vector<std::string> looks{"--step", "2", "--max-runs", "6", "--margin", "0.001"};
  EXPECT_EQ(regress(suite(1), "old", "new", looks), 3) << out_ << err_;
  const std::string before = out_;
  EXPECT_THAT(out_, HasSubstr("Welch's t, look 3 of 3"));
  EXPECT_THAT(out_, HasSubstr("no look is left"));
  EXPECT_EQ(final_runs(suite(1), "new", "xent"), 6);
  EXPECT_EQ(final_runs(suite(1), "new", "knn"), 2) << "seeds change nothing: decided at the first look";
  EXPECT_EQ(regress(suite(1), "old", "new", looks), 3);
  EXPECT_EQ(out_, before) << "the store goes on: nothing is trained again";
  EXPECT_EQ(final_runs(suite(1), "new", "xent"), 6);
  // The suite's own table sees its two final runs.
  ASSERT_EQ(scant({"table", suite(1), "--out", file("new"), "--json"}), 0) << err_;
  EXPECT_EQ(json::parse(out_).at("rows").at(0).at("cells").at(0).at("n"), 2);
}

TEST_F(Regress, TheBudgetForSeedsEndsTheLooks) {
  run(suite(2), "old");
  EXPECT_EQ(regress(suite(1), "old", "new",
                    {"--step", "2", "--max-runs", "8", "--margin", "0.001", "--device-seconds", "0.001"}),
            3)
      << err_;
  EXPECT_THAT(out_, HasSubstr("device-seconds for seeds beyond the plan are spent"));
  EXPECT_EQ(final_runs(suite(1), "new", "xent"), 4) << "the look that had begun was finished";
}

TEST_F(Regress, BaselinesThatCannotServeAreRefusedOrNamed) {
  run(suite(), "store");
  EXPECT_EQ(regress(suite(), "store", "store"), 2);
  EXPECT_THAT(err_, HasSubstr("name another with --out"));
  folder_.write("broken.jsonl", "\n{\"trial\": 1}\n");
  EXPECT_EQ(regress(suite(), "broken.jsonl", "store", {"--read-only"}), 2);
  EXPECT_THAT(err_, HasSubstr("broken.jsonl:2"));
  EXPECT_EQ(regress(suite(), "nowhere", "store"), 2);
  folder_.write("empty.jsonl", "");
  EXPECT_EQ(regress(suite(), "empty.jsonl", "store", {"--read-only", "--junit", file("guard.xml")}), 3);
  EXPECT_THAT(out_, HasSubstr("the baseline has no scored final run of this study"));
  EXPECT_THAT(test::content(file("guard.xml")), HasSubstr("errors=\"2\""));
}

}  // namespace
}  // namespace scant
