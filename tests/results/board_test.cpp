// Leaderboards: what is merged, how it is ranked, and what is kept out with which reason.
#include "results/leaderboard/board.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/core/json.hpp"
#include "tests/results/submission.hpp"
#include "tests/support/temporary_folder.hpp"

namespace scant {
namespace {

using submission::replaced;
using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;
using State = Submission::State;

const std::string anns = submission::protocol + submission::xent + submission::knn;
const std::string bobs = submission::protocol + submission::majority + submission::xent;

class Leaderboard : public ::testing::Test {
 protected:
  void submit(const std::string& file, const std::string& suite, const std::string& by,
              const std::function<void(std::vector<Record>&)>& change = {}) {
    std::vector<Record> records = submission::honest(submission::plan_of(suite));
    if (change) change(records);
    folder_.write(file, submission::bundle(suite, records, by));
  }
  Board board(const std::string& metric = "") const {
    return make_board(read_submissions(folder_.path(), fake_catalogue()), metric);
  }
  static std::vector<std::string> rows(const Board& board) {
    std::vector<std::string> labels;
    for (const Row& row : board.table->rows) labels.push_back(row.label);
    return labels;
  }
  static std::vector<State> states(const Board& board) {
    std::vector<State> all;
    for (const Submission& one : board.submissions) all.push_back(one.state);
    return all;
  }

  test::TemporaryFolder folder_;
};

TEST_F(Leaderboard, MergesRanksAndNamesTheSubmitters) {
  submit("b.bundle", bobs, "Bob", [](auto& records) {
    for (Record& record : records) {
      if (record.trial.method == "xent" && record.test) {  // as of a better machine: one more right answer
        record.test->predicted = record.test->truth;
        record.test->accuracy = record.test->balanced_accuracy = 1;
      }
    }
  });
  submit("a.bundle", anns, "Ann");
  folder_.write("README.md", "not a bundle");
  const Board board = this->board();
  EXPECT_THAT(rows(board), ElementsAre("Cross-entropy (Bob)", "Cross-entropy (Ann)", "k-NN (Ann)", "Majority (Bob)"));
  EXPECT_TRUE(board.all_valid());
  EXPECT_TRUE(board.all_ranked());
  ASSERT_THAT(board.standings, SizeIs(4));
  for (std::size_t r = 0; r < 4; ++r) {
    EXPECT_EQ(board.standings[r].rank, static_cast<int>(r) + 1);
    EXPECT_EQ(board.standings[r].n, 4) << "two splits x two runs: the two bundles' records of one study stay apart";
    EXPECT_DOUBLE_EQ(*board.table->rows[r].mean_rank, static_cast<double>(r) + 1);
  }
  EXPECT_EQ(board.table->reference, "Cross-entropy (Ann)") << "the first row of the first bundle";
  EXPECT_TRUE(board.table->rows[3].cells[0].p_adjusted);
  EXPECT_DOUBLE_EQ(*board.table->rows[0].average, 100);
}

TEST_F(Leaderboard, OtherMethodsSpacesLabelsAndTableAreComparable) {
  submit("a.bundle", anns, "Ann");
  std::string other = replaced(bobs, "label = \"ciFAIR\"", "label = \"Bob's name for it\"");
  other = replaced(other, "[[datasets]]", "space = { lr = { choice = [0.1, 0.2, 0.3, 0.4] } }\n[[datasets]]");
  submit("b.bundle", replaced(other, "[0, 1]", "[1, 0]") + "[table]\nmetric = \"accuracy\"\ndecimals = 1\n", "Bob");
  const Board board = this->board();
  EXPECT_THAT(states(board), ElementsAre(State::ranked, State::ranked));
  EXPECT_THAT(board.table->columns, ElementsAre("ciFAIR"));
  EXPECT_EQ(board.table->metric, "balanced_accuracy") << "the first bundle's";
  EXPECT_EQ(this->board("accuracy").table->metric, "accuracy");
}

TEST_F(Leaderboard, AnotherProtocolOrOtherDataAreRefusedWithTheReason) {
  submit("a.bundle", anns, "Ann");
  submit("b.bundle", bobs, "Bob");
  submit("c.bundle", replaced(replaced(bobs, "epochs = 4", "epochs = 8"), "final_runs = 2", "final_runs = 3"), "Cy");
  submit("d.bundle", replaced(bobs, "[protocol]", "[protocol]\nprecision = \"bf16\"\nbudget = { trials = 3 }"), "Di");
  submit("e.bundle", replaced(replaced(bobs, "[0, 1]", "[0]"), "seed = 3", "seed = 4"), "Ed");
  submit("f.bundle", replaced(replaced(bobs, "\"cifair10\"", "\"synthetic-natural\""), "[0, 1]", "[0]"), "Flo");
  submit("g.bundle", bobs, "Gus", [](auto& records) {
    for (Record& record : records) record.data_digest = "other images";
  });
  const Board board = this->board();
  EXPECT_THAT(rows(board), SizeIs(4));
  EXPECT_EQ(board.submissions[0].state, State::ranked);
  EXPECT_EQ(board.submissions[1].state, State::ranked);
  EXPECT_FALSE(board.all_ranked());
  const auto& submissions = board.submissions;
  EXPECT_THAT(submissions[2].reasons, ElementsAre("against a.bundle: cifair10: epochs 8 instead of 4",
                                                  "against a.bundle: cifair10: final_runs 3 instead of 2"));
  EXPECT_THAT(submissions[3].reasons,
              ElementsAre(AllOf(HasSubstr("cifair10: budget"), HasSubstr("\"trials\":3")),
                          "against a.bundle: cifair10: precision \"bf16\" instead of \"fp32\""));
  EXPECT_THAT(submissions[4].reasons, ElementsAre("against a.bundle: seed 4 instead of 3",
                                                  "against a.bundle: cifair10: splits 0 instead of 0, 1"));
  EXPECT_THAT(submissions[5].reasons, ElementsAre("against a.bundle: data sets synthetic-natural instead of cifair10"));
  EXPECT_THAT(submissions[6].reasons,
              ElementsAre(HasSubstr("cifair10/0: other images, digest other images instead of images of ci"),
                          HasSubstr("cifair10/1: other images")));
}

TEST_F(Leaderboard, TheLargestComparableGroupIsRanked) {
  const std::string longer = replaced(bobs, "epochs = 4", "epochs = 8");
  submit("a.bundle", anns, "Ann");
  submit("b.bundle", longer, "Bob");
  submit("c.bundle", longer, "Cy");
  EXPECT_THAT(states(board()), ElementsAre(State::incomparable, State::ranked, State::ranked));
}

TEST_F(Leaderboard, AForgedBundleIsKeptOutAndTheOthersAreRanked) {
  submit("a.bundle", anns, "Ann", [](auto& records) { records[3].test_openings = 2; });
  submit("b.bundle", bobs, "Bob");
  folder_.write("c.bundle", "no bundle at all\n");
  const Board board = this->board();
  EXPECT_FALSE(board.all_valid());
  EXPECT_THAT(states(board), ElementsAre(State::refused, State::ranked, State::refused));
  EXPECT_THAT(board.submissions[0].reasons, ElementsAre(HasSubstr("openings: ciFAIR/0/Cross-entropy: final run 0")));
  EXPECT_THAT(board.submissions[2].reasons, ElementsAre(HasSubstr("is no bundle")));
  EXPECT_THAT(render(board, BoardFormat::md), HasSubstr("- a.bundle is refused: openings: "));
}

TEST_F(Leaderboard, NothingToRankIsSaid) {
  folder_.write("c.bundle", "no bundle at all\n");
  const Board board = this->board();
  EXPECT_FALSE(board.table);
  for (const BoardFormat format : {BoardFormat::md, BoardFormat::csv, BoardFormat::json, BoardFormat::html}) {
    EXPECT_THAT(render(board, format), Not(IsEmpty()));
  }
  EXPECT_THAT(render(board, BoardFormat::md), HasSubstr("no submission can be ranked"));
  const test::TemporaryFolder empty;
  EXPECT_THROW(read_submissions(empty.path(), fake_catalogue()), InputError);
}

TEST_F(Leaderboard, IncompleteSubmissionsStandWithTheirHoles) {
  submit("a.bundle", anns, "Ann", [](auto& records) { records.erase(records.begin() + 4); });
  submit("b.bundle", bobs, "Bob");
  const Board board = this->board();
  EXPECT_THAT(states(board), ElementsAre(State::incomplete, State::ranked));
  EXPECT_TRUE(board.all_valid());
  EXPECT_FALSE(board.all_ranked());
  const std::string text = render(board, BoardFormat::md);
  EXPECT_THAT(text, HasSubstr("3/4"));
  EXPECT_THAT(text, HasSubstr("- a.bundle lacks ciFAIR/0/Cross-entropy: final run 1: not run yet"));
}

TEST_F(Leaderboard, ASecondSubmissionOfTheSameMethodIsSaid) {
  submit("a.bundle", anns, "Ann");
  submit("b.bundle", anns, "Ann");
  const Board board = this->board();
  EXPECT_THAT(rows(board), ElementsAre("Cross-entropy (Ann, a.bundle)", "Cross-entropy (Ann, b.bundle)",
                                       "k-NN (Ann, a.bundle)", "k-NN (Ann, b.bundle)"));
  EXPECT_EQ(board.standings[1].rank, 1) << "ties share the rank";
  EXPECT_EQ(board.standings[2].rank, 3);
  EXPECT_THAT(render(board, BoardFormat::md), HasSubstr("- Ann has 2 submissions"));
}

TEST_F(Leaderboard, EveryFormatHasTheRanking) {
  submit("a.bundle", anns, "Ann & <Co>");
  submit("b.bundle", bobs, "Bob");
  const Board board = this->board();
  EXPECT_THAT(render(board, BoardFormat::md), AllOf(HasSubstr("| Cross-entropy"), HasSubstr("| a.bundle")));
  const std::string csv = render(board, BoardFormat::csv);
  EXPECT_THAT(csv, HasSubstr("rank,method,method_name,submitter,bundle,average"));
  EXPECT_THAT(csv, HasSubstr("\n1,Cross-entropy,xent,Ann & <Co>,a.bundle,"));
  const Json json = Json::parse(render(board, BoardFormat::json));
  EXPECT_EQ(json.at("ranking").at(0).at("submitter"), "Ann & <Co>");
  EXPECT_EQ(json.at("table").at("rows").size(), 4u);
  EXPECT_EQ(json.at("submissions").at(1).at("state"), "ranked");
  const std::string html = render(board, BoardFormat::html);
  EXPECT_THAT(html, AllOf(HasSubstr("<!doctype html>"), HasSubstr("Ann &amp; &lt;Co&gt;"), HasSubstr("b.bundle")));
  EXPECT_THAT(html, AllOf(Not(HasSubstr("<Co>")), Not(HasSubstr("http"))));
  EXPECT_EQ(board_format_from("html"), BoardFormat::html);
  EXPECT_THROW(board_format_from("tex"), InputError);
}

}  // namespace
}  // namespace scant
