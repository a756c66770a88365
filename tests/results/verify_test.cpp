// Verification of bundles: an honest one passes, and every planted violation is named, and nothing else.
#include "results/leaderboard/verify.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/results/submission.hpp"

namespace scant {
namespace {

using submission::failed;
using submission::forged;
using submission::replaced;
using submission::verified;
using submission::violations;
using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using Names = std::set<std::string>;

const std::string suite = submission::protocol + submission::xent + submission::knn + submission::majority;

/// Of the honest records: 0 to 2 tuning, 3 and 4 final runs of cross-entropy on split 0; then those of k-NN.
constexpr std::size_t loser = 0, winner = 1, first_final = 3, second_final = 4;

Verification with(const std::function<void(std::vector<Record>&)>& change) {
  return verified(suite, change);
}

std::string honest_text() {
  return submission::bundle(suite, submission::honest(submission::plan_of(suite)));
}

TEST(Verify, AnHonestBundlePasses) {
  const Verification verification = verified(honest_text());
  EXPECT_TRUE(verification.valid()) << verification.text();
  EXPECT_TRUE(verification.complete());
  EXPECT_THAT(verification.checks, SizeIs(10));
  EXPECT_THAT(verification.text(), AllOf(HasSubstr("ok   signed off  by Ann"), HasSubstr("4 studies decided again")));
  const Json json = verification.to_json();
  EXPECT_EQ(json.at("valid"), true);
  EXPECT_EQ(json.at("checks").size(), 10u);
}

TEST(Verify, ATamperedRecord) {
  const Verification verification = verified(replaced(honest_text(), "\"train_seconds\":2.0", "\"train_seconds\":1.0"));
  EXPECT_EQ(failed(verification), Names{"digests"});
  EXPECT_THAT(violations(verification, "digests"), SizeIs(2)) << "the record's and the whole file's";
}

TEST(Verify, AMissingRunThatTheBundleDoesNotName) {
  std::string lost;
  const Verification verification = verified(forged(honest_text(), [&](Json&, std::vector<std::string>& lines) {
    const auto run = std::find_if(lines.begin(), lines.end(), [](const std::string& line) {
      return line.find("\"stage\":\"final\"") != std::string::npos;
    });
    lost = Record::from_json(Json::parse(*run)).trial.method;
    lines.erase(run);
  }));
  EXPECT_EQ(failed(verification), Names{"plan"});
  EXPECT_THAT(violations(verification, "plan"), ElementsAre(AllOf(HasSubstr("final run"), HasSubstr("not run yet"))));
  EXPECT_FALSE(lost.empty());
}

TEST(Verify, HolesThatTheBundleNamesAreIncompleteAndNoViolation) {
  const Verification verification = with([](auto& records) { records.erase(records.begin() + second_final); });
  EXPECT_TRUE(verification.valid()) << verification.text();
  EXPECT_FALSE(verification.complete());
  EXPECT_THAT(verification.holes, ElementsAre("ciFAIR/0/Cross-entropy: final run 1: not run yet"));
  EXPECT_THAT(verification.text(), HasSubstr("hole ciFAIR/0/Cross-entropy: final run 1"));
  const Verification boast = verified(
      forged(honest_text(), [](Json& head, auto&) { head["holes"].push_back("ciFAIR/0/k-NN: final run 0: lost"); }));
  EXPECT_THAT(violations(boast, "plan"), ElementsAre(HasSubstr("named as a hole and none")));
}

TEST(Verify, ASecondOpeningOfTestAndOneInTuning) {
  const Verification verification = with([](auto& records) {
    records[first_final].test_openings = 2;
    records[loser].test_openings = 1;
  });
  EXPECT_EQ(failed(verification), Names{"openings"});
  EXPECT_THAT(
      violations(verification, "openings"),
      testing::UnorderedElementsAre("ciFAIR/0/Cross-entropy: final run 0: test data were opened 2 times, not 1",
                                    "ciFAIR/0/Cross-entropy: tuning trial 0: test data were opened 1 times, not 0"));
}

TEST(Verify, ATuningTrialWithATestScore) {
  const Verification verification = with([](auto& records) { records[loser].test = records[first_final].test; });
  EXPECT_EQ(failed(verification), Names{"tuning"});
  EXPECT_THAT(violations(verification, "tuning"), ElementsAre(HasSubstr("a tuning trial with a test score")));
}

TEST(Verify, FinalRunsThatAreNotTheWinners) {
  const Verification verification = with([](auto& records) {
    const Json params = records[loser].trial.params;
    for (const std::size_t run : {first_final, second_final}) records[run].trial.params = params;
  });
  EXPECT_EQ(failed(verification), Names{"tuning"});
  EXPECT_THAT(violations(verification, "tuning"),
              testing::UnorderedElementsAre(AllOf(HasSubstr("final run 0"), HasSubstr("choose configuration 1")),
                                            HasSubstr("final run 1")));
  const Verification raised = with([](auto& records) {
    for (Evaluation& evaluation : records[loser].validation) evaluation.accuracy = 0.9;
  });
  EXPECT_EQ(failed(raised), Names{"tuning"}) << "another winner by the reports";
}

TEST(Verify, FinalRunsWithoutTheTuningThatChoseThem) {
  const Verification verification = with([](auto& records) { records.erase(records.begin() + winner); });
  EXPECT_EQ(failed(verification), Names{"tuning"});
  EXPECT_THAT(violations(verification, "tuning"), ElementsAre(HasSubstr("although tuning is incomplete")));
}

TEST(Verify, AnEditedPredictionAndAnEditedScore) {
  const Verification edited = with([](auto& records) { records[first_final].test->predicted[0] = 0; });
  EXPECT_EQ(failed(edited), Names{"metrics"});
  EXPECT_THAT(violations(edited, "metrics"),
              ElementsAre(HasSubstr("final run 0: accuracy is 1 by its predictions, 0.9 is stored"),
                          HasSubstr("balanced accuracy is 1 by its predictions")));
  const Verification boast = with([](auto& records) { records[first_final].test->balanced_accuracy = 0.99; });
  EXPECT_THAT(violations(boast, "metrics"), ElementsAre(HasSubstr("0.99 is stored")));
  const Verification nothing = with([](auto& records) { records[first_final].test->predicted.clear(); });
  EXPECT_THAT(violations(nothing, "metrics"), ElementsAre(HasSubstr("0 predictions for 10 test labels")));
  const Verification wild = with([](auto& records) { records[first_final].test->predicted[0] = -1; });
  EXPECT_THAT(violations(wild, "metrics"), ElementsAre(HasSubstr("a label outside")));
}

TEST(Verify, OtherImagesAnotherSplitAndOtherTestLabels) {
  const Verification images = with([](auto& records) { records[second_final].data_digest = "others"; });
  EXPECT_EQ(failed(images), Names{"data"});
  const Verification split = with([](auto& records) { records[winner].split_digest = "others"; });
  EXPECT_EQ(failed(split), Names{"data"}) << "tuning trials too";
  const Verification labels = with([](auto& records) {
    TestScore& score = *records[second_final].test;
    std::swap(score.truth[8], score.truth[9]);
    std::swap(score.predicted[8], score.predicted[9]);
  });
  EXPECT_THAT(violations(labels, "data"), Contains(HasSubstr("other test labels")));
  const Verification none = with([](auto& records) { records[first_final].data_digest.clear(); });
  EXPECT_THAT(violations(none, "data"), ElementsAre(HasSubstr("no digest of images or split")));
}

TEST(Verify, RecordsThatThePlanDoesNotHave) {
  const Verification seed = with([](auto& records) { records[second_final].trial.seed_base = 4; });
  EXPECT_EQ(failed(seed), Names{"plan"});
  EXPECT_THAT(violations(seed, "plan"), ElementsAre(HasSubstr("final run 1: the plan has no trial")));
  const Verification params = with([](auto& records) { records[loser].trial.params["lr"] = 0.05; });
  EXPECT_EQ(failed(params), Names{"plan"}) << "a configuration that was not drawn";
  const Verification twice = with([](auto& records) { records.push_back(records[loser]); });
  EXPECT_THAT(violations(twice, "plan"), ElementsAre(HasSubstr("more than one record")));
  const Verification shorter = with([](auto& records) { records[first_final].epochs_done = 3; });
  EXPECT_THAT(violations(shorter, "plan"), ElementsAre(HasSubstr("3 of 4 epochs done")));
}

TEST(Verify, AnotherSuiteThanTheRecords) {
  const Verification verification = verified(forged(honest_text(), [](Json& head, auto&) {
    head["suite"]["text"] = replaced(head["suite"]["text"], "epochs = 4", "epochs = 5");
  }));
  EXPECT_TRUE(failed(verification).contains("plan"));
  EXPECT_THAT(violations(verification, "plan"), Contains(HasSubstr("of a study that the plan does not have")));
  const Verification unknown = verified(forged(honest_text(), [](Json& head, auto&) {
    head["suite"]["text"] = replaced(head["suite"]["text"], "name = \"xent\"", "name = \"mine\"");
  }));
  EXPECT_EQ(failed(unknown), Names{"suite"});
  EXPECT_THAT(violations(unknown, "suite"), ElementsAre(HasSubstr("unknown method \"mine\"")));
}

TEST(Verify, ADifferentStatementNoNameAndOtherVersions) {
  const Verification verification = verified(forged(honest_text(), [](Json& head, auto&) {
    head["statement"] = "Mostly true.";
    head["by"] = "";
    head["environment"]["code"] = "better";
  }));
  EXPECT_EQ(failed(verification), (Names{"environment", "signed off"}));
  EXPECT_THAT(violations(verification, "signed off"), SizeIs(2));
}

}  // namespace
}  // namespace scant
