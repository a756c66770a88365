// Submissions through the program: from real runs to bundles, their verification and a leaderboard.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tests/support/program.hpp"

namespace scant {
namespace {

using nlohmann::json;
using test::content;
using testing::AllOf;
using testing::HasSubstr;

class Submit : public test::ProgramTest {
 protected:
  int run(const std::string& suite, const std::string& store) { return train({"run", suite}, store, {"--jobs", "2"}); }
};

/// ASHA, a budget of epochs that is overdrawn by the trial that is alive, and one of device-seconds that is spent
/// somewhere on the way, or not: whatever happened is decided again.
const std::string decisions = R"(
[protocol]
backbone = "rn20"
epochs = 4
trials = 4
grace = 1
average_last = 2
final_runs = 1
augment = { kind = "shift", pad = 4, hflip = true }
space = { batch_size = { choice = [50] } }
[[datasets]]
name = "synthetic-natural"
label = "ASHA"
splits = [0]
[[datasets]]
name = "synthetic-natural"
label = "Epochs"
splits = [0]
budget = { epochs = 6 }
early_stopping = false
virtual_workers = 2
[[datasets]]
name = "synthetic-natural"
label = "Seconds"
splits = [0]
budget = { device_seconds = 4 }
virtual_workers = 2
[[methods]]
name = "xent"
)";

TEST_F(Submit, DecisionsOfRealRunsAreFoundAgain) {
  const std::string suite = folder_.write("suite.toml", decisions);
  ASSERT_EQ(run(suite, "store"), 0) << err_;
  ASSERT_EQ(scant({"submit", suite, "--out", file("store"), "--by", "Ann", "--bundle", file("a.bundle")}), 0) << err_;
  EXPECT_THAT(out_, HasSubstr("signed off by Ann"));
  ASSERT_EQ(scant({"submit", suite, "--out", file("store"), "--by", "Ann", "--bundle", file("b.bundle")}), 0) << err_;
  EXPECT_EQ(content(file("a.bundle")), content(file("b.bundle"))) << "the same store gives the same bytes";
  EXPECT_EQ(scant({"verify", file("a.bundle")}), 0) << out_;
  EXPECT_THAT(out_, HasSubstr("3 studies decided again"));
}

const std::string shared = R"(
[protocol]
final_runs = 2
[[datasets]]
name = "synthetic-natural"
label = "Natural"
splits = [0]
)";

TEST_F(Submit, FromTwoStoresToOneLeaderboard) {
  std::filesystem::create_directory(file("board"));
  const std::string anns = folder_.write("anns.toml", shared + "[[methods]]\nname = \"knn\"\nlabel = \"k-NN\"\n");
  const std::string bobs =
      folder_.write("bobs.toml", shared + "[[methods]]\nname = \"majority\"\nlabel = \"Majority\"\n");
  ASSERT_EQ(run(anns, "anns"), 0) << err_;
  ASSERT_EQ(run(bobs, "bobs"), 0) << err_;
  const std::string first = file("board/ann.bundle"), second = file("board/bob.bundle");
  ASSERT_EQ(scant({"submit", anns, "--out", file("anns"), "--by", "Ann", "--bundle", first}), 0) << err_;
  ASSERT_EQ(scant({"submit", bobs, "--out", file("bobs"), "--by", "Bob", "--bundle", second}), 0) << err_;
  EXPECT_EQ(scant({"leaderboard", file("board")}), 0) << err_;
  EXPECT_THAT(out_, AllOf(HasSubstr("k-NN (Ann)"), HasSubstr("Majority (Bob)"), HasSubstr("| bob.bundle")));
  EXPECT_EQ(scant({"leaderboard", file("board"), "--format", "html", "--out", file("board.html")}), 0) << err_;
  EXPECT_THAT(content(file("board.html")), HasSubstr("k-NN (Ann)"));
  EXPECT_EQ(scant({"--json", "leaderboard", file("board"), "--metric", "accuracy"}), 0) << err_;
  EXPECT_EQ(json::parse(out_).at("ranking").at(0).at("submitter"), "Ann");

  // A suite that wants more than its store has: refused, or with holes that the bundle names.
  std::ofstream(anns, std::ios::app) << "[[methods]]\nname = \"ridge\"\n";
  EXPECT_EQ(scant({"submit", anns, "--out", file("anns"), "--by", "Ann", "--bundle", file("more.bundle")}), 3);
  EXPECT_THAT(err_, HasSubstr("Natural/0/ridge: final run 0: "));
  EXPECT_FALSE(std::filesystem::exists(file("more.bundle")));
  ASSERT_EQ(scant({"submit", anns, "--out", file("anns"), "--by", "Ann", "--bundle", first, "--allow-incomplete"}), 0)
      << err_;
  EXPECT_EQ(scant({"verify", first}), 3) << out_;
  EXPECT_THAT(out_, HasSubstr("hole Natural/0/ridge: final run 0: "));
  EXPECT_EQ(scant({"leaderboard", file("board")}), 3) << err_;

  // One digit of one record.
  std::string text = content(second);
  const std::size_t at = text.find("\"images\":") + 9;
  text[at] = text[at] == '1' ? '2' : '1';
  std::ofstream(second, std::ios::binary) << text;
  EXPECT_EQ(scant({"verify", second}), 1) << out_;
  EXPECT_THAT(out_, HasSubstr("FAIL digests"));
  EXPECT_EQ(scant({"--json", "verify", second}), 1);
  EXPECT_EQ(json::parse(out_).at("valid"), false);
  EXPECT_EQ(scant({"leaderboard", file("board")}), 1);
  EXPECT_THAT(err_, HasSubstr("bob.bundle is refused: digests: "));
}

TEST_F(Submit, ANameThatNoLeaderboardFindsAndAFolderWithoutBundles) {
  const std::string suite = folder_.write("suite.toml", shared + "[[methods]]\nname = \"majority\"\n");
  EXPECT_EQ(scant({"submit", suite, "--by", "Ann", "--bundle", file("a.json")}), 2);
  EXPECT_THAT(err_, HasSubstr(".bundle"));
  EXPECT_EQ(scant({"leaderboard", folder_.path().string()}), 2);
  EXPECT_THAT(err_, HasSubstr("holds no bundle"));
  EXPECT_EQ(scant({"verify", suite}), 2);
  EXPECT_THAT(err_, HasSubstr("is no bundle"));
}

}  // namespace
}  // namespace scant
