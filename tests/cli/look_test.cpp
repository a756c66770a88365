// What a user asks before and after a run: list, show, check, plan, status, table.
#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "tests/support/program.hpp"

namespace scant {
namespace {

using nlohmann::json;

class Look : public test::ProgramTest {
 protected:
};

TEST_F(Look, EveryShippedSuiteIsCheckedAndPlanned) {
  int suites = 0;
  for (const auto& entry : std::filesystem::directory_iterator(SCANT_SOURCE_DIR "/suites")) {
    if (entry.path().extension() != ".toml") continue;
    ++suites;
    EXPECT_EQ(scant({"check", entry.path().string()}), 0) << entry.path() << err_;
    EXPECT_EQ(scant({"plan", entry.path().string()}), 0) << entry.path() << err_;
    EXPECT_NE(out_.find(" studies, "), std::string::npos) << out_;
  }
  EXPECT_GE(suites, 5);
}

TEST_F(Look, ListAndShowAgree) {
  ASSERT_EQ(scant({"--json", "list"}), 0) << err_;
  const json all = json::parse(out_);
  ASSERT_GE(all.at("methods").size(), 8u);
  ASSERT_GE(all.at("datasets").size(), 40u);
  for (const char* name : {"harmonic", "eurosat"}) {
    ASSERT_EQ(scant({"--json", "show", name}), 0) << err_;
    const json shown = json::parse(out_);
    const json& listed = all.at(std::string(name) == "harmonic" ? "methods" : "datasets");
    EXPECT_NE(std::find(listed.begin(), listed.end(), shown), listed.end()) << name;
  }
  EXPECT_EQ(scant({"show", "cifar10-dedup"}), 0);
  EXPECT_NE(out_.find("note: "), std::string::npos) << "a set that is not what its name resembles says so:\n" << out_;
}

TEST_F(Look, AnUnknownNameIsAnsweredWithTheNearest) {
  EXPECT_EQ(scant({"show", "harmonics"}), 2);
  EXPECT_NE(err_.find("did you mean \"harmonic\"?"), std::string::npos) << err_;
}

TEST_F(Look, TableAndStatusOfAnEmptyAFullAndAHalfDoneStore) {
  const std::string suite = file("suite.toml");
  std::ofstream(suite) << R"(
[protocol]
final_runs = 2
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
label = "Majority"
)";
  EXPECT_EQ(scant({"table", suite, "--out", file("store")}), 2) << out_;
  EXPECT_NE(err_.find("holds no results yet"), std::string::npos) << err_;

  ASSERT_EQ(scant({"--data", file("data"), "run", suite, "--out", file("store"), "--cache", file("cache")}), 0) << err_;
  EXPECT_EQ(scant({"table", suite, "--out", file("store")}), 0) << err_;
  EXPECT_NE(out_.find("| Majority"), std::string::npos) << out_;
  EXPECT_NE(out_.find("10.0"), std::string::npos) << "one of ten classes:\n" << out_;
  EXPECT_EQ(scant({"table", suite, "--out", file("store"), "--format", "csv"}), 0) << err_;
  EXPECT_NE(out_.find("Majority"), std::string::npos);
  EXPECT_EQ(scant({"table", suite, "--out", file("store"), "--format", "tex"}), 0) << err_;
  EXPECT_NE(out_.find("\\toprule"), std::string::npos);
  EXPECT_EQ(scant({"table", suite, "--out", file("store"), "--format", "json"}), 0) << err_;
  EXPECT_NO_THROW(json::parse(out_));
  EXPECT_EQ(scant({"table", suite, "--out", file("store"), "--format", "xls"}), 2);
  EXPECT_EQ(scant({"status", suite, "--out", file("store")}), 0) << err_;
  EXPECT_NE(out_.find("2/2"), std::string::npos) << out_;

  // A store that knows half of the suite: the rest are holes, and the exit code says that the table is incomplete.
  std::ofstream(suite, std::ios::app) << "[[methods]]\nname = \"ridge\"\nlabel = \"Ridge\"\n";
  EXPECT_EQ(scant({"table", suite, "--out", file("store")}), 3) << err_;
  EXPECT_NE(out_.find("Ridge"), std::string::npos) << out_;
  EXPECT_EQ(scant({"status", suite, "--out", file("store")}), 3) << err_;
  EXPECT_NE(out_.find("0/2"), std::string::npos) << out_;
  EXPECT_EQ(scant({"compare", suite, "--out", file("store")}), 2) << out_;
  EXPECT_NE(err_.find("runs of Ridge are missing"), std::string::npos) << err_;

  ASSERT_EQ(scant({"--data", file("data"), "run", suite, "--out", file("store"), "--cache", file("cache")}), 0) << err_;
  EXPECT_EQ(scant({"compare", suite, "--out", file("store"), "--reference", "Ridge", "--replicates", "200"}), 0)
      << err_;
  EXPECT_NE(out_.find("| Majority | "), std::string::npos) << out_;
  EXPECT_EQ(scant({"--json", "compare", suite, "--out", file("store"), "--reference", "Ridge"}), 0) << err_;
  EXPECT_EQ(json::parse(out_).at("against_reference").size(), 2u) << out_;
  EXPECT_EQ(scant({"table", suite, "--out", file("store"), "--format", "html", "--spread", "sample"}), 0) << err_;
  EXPECT_NE(out_.find("sample standard deviation"), std::string::npos) << out_;
}

}  // namespace
}  // namespace scant
