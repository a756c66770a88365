// Tuning decided again: the budget in epochs, seconds and trials, the stopping rule, validation where it is due.
#include "results/leaderboard/replay.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/results/submission.hpp"

namespace scant {
namespace {

using submission::failed;
using submission::replaced;
using submission::verified;
using submission::violations;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using Names = std::set<std::string>;

std::string suite_with(const std::string& lines) {
  return replaced(submission::protocol, "[protocol]\n", "[protocol]\n" + lines + "\n") + submission::xent;
}

/// The trial as the budget leaves it after so many epochs.
void halt(Record& record, int epochs) {
  record.status = Status::stopped;
  record.reason = "the study's budget was spent";
  record.epochs_done = epochs;
  if (epochs == 0) record.cost = {};
  std::erase_if(record.validation, [=](const Evaluation& evaluation) { return evaluation.epoch > epochs; });
}

/// Both splits' trials with these numbers never began.
void halt_trials(std::vector<Record>& records, const std::set<int>& numbers) {
  for (Record& record : records) {
    if (record.trial.stage == Stage::tune && numbers.contains(record.trial.index)) halt(record, 0);
  }
}

TEST(Replay, ABudgetOfEpochsIsAccountedForExactly) {
  const std::string suite = suite_with("budget = { epochs = 6 }");
  const Verification kept = verified(suite, [](auto& records) { halt_trials(records, {2}); });
  EXPECT_TRUE(kept.valid()) << kept.text() << "two trials of four epochs: the second one's report ends the tuning";
  const Verification overspent = verified(suite, [](auto&) {});
  EXPECT_EQ(failed(overspent), Names{"budget"});
  EXPECT_THAT(
      violations(overspent, "budget"),
      ElementsAre(HasSubstr("ciFAIR/0/Cross-entropy: trial 2 ended at epoch 4: when the budget was spent it stood "
                            "at epoch 0 (6 epochs granted"),
                  HasSubstr("ciFAIR/1/Cross-entropy: trial 2")));
}

TEST(Replay, ABudgetOfDeviceSeconds) {
  const std::string suite = suite_with("budget = { device_seconds = 3.5 }");  // a trial costs 2
  const Verification kept = verified(suite, [](auto& records) { halt_trials(records, {2}); });
  EXPECT_TRUE(kept.valid()) << kept.text();
  EXPECT_EQ(failed(verified(suite, [](auto&) {})), Names{"budget"});
}

TEST(Replay, ABudgetOfReferenceSeconds) {
  const std::string suite = suite_with("budget = { reference_seconds = 1.75 }");  // a trial costs 2 device-seconds
  const auto on_half_a_device = [](std::vector<Record>& records) {
    for (Record& record : records) record.cost.reference_speed = 0.5;
  };
  const Verification kept = verified(suite, [&](auto& records) {
    on_half_a_device(records);
    halt_trials(records, {2});
  });
  EXPECT_TRUE(kept.valid()) << kept.text();
  EXPECT_EQ(failed(verified(suite, on_half_a_device)), Names{"budget"});
  const Verification unmeasured = verified(suite, [](auto& records) { halt_trials(records, {2}); });
  EXPECT_THAT(violations(unmeasured, "budget"), testing::Contains(HasSubstr("speed of its device is not known")));
}

TEST(Replay, ABudgetOfTrials) {
  const std::string suite = suite_with("budget = { trials = 2 }");
  EXPECT_TRUE(verified(suite, [](auto&) {}).valid());
  const Verification more = verified(suite, [](auto& records) {
    Record third = records[0];
    third.trial.index = 2;
    records.push_back(third);
  });
  EXPECT_EQ(failed(more), (Names{"budget", "plan"}));
  EXPECT_THAT(violations(more, "budget"), ElementsAre(HasSubstr("3 tuning trials, 2 granted")));
}

TEST(Replay, ATrialThatNothingEnded) {
  const Verification unbudgeted = verified(suite_with(""), [](auto& records) { halt_trials(records, {0}); });
  EXPECT_EQ(failed(unbudgeted), Names{"tuning"});
  EXPECT_THAT(violations(unbudgeted, "tuning").front(),
              HasSubstr("trial 0 ended at epoch 0: neither the stopping rule"));
  const Verification unspent =
      verified(suite_with("budget = { device_seconds = 100 }"), [](auto& records) { halt_trials(records, {0}); });
  EXPECT_EQ(failed(unspent), Names{"tuning"});
}

TEST(Replay, AValidationReportThatIsMissingOrTooMany) {
  const Verification fewer = verified(suite_with(""), [](auto& records) { records[1].validation.pop_back(); });
  EXPECT_EQ(failed(fewer), Names{"tuning"});
  EXPECT_THAT(violations(fewer, "tuning"), ElementsAre(HasSubstr("trial 1 was validated after epochs [3]: the protocol "
                                                                 "says [3, 4]")));
  const Verification more = verified(suite_with(""), [](auto& records) {
    records[1].validation.insert(records[1].validation.begin(), {1, 0.9});
  });
  EXPECT_EQ(failed(more), Names{"tuning"});
}

TEST(Replay, FailedTrialsCountAndCannotWin) {
  const Verification kept = verified(suite_with(""), [](auto& records) {
    records[0].status = Status::failed;
    records[0].reason = "loss is not finite";
    records[0].epochs_done = 1;
    records[0].validation.clear();
  });
  EXPECT_TRUE(kept.valid()) << kept.text();
}

/// One study under ASHA, rungs after epoch 1 and 2, one trial after the other.
class Stopping : public ::testing::Test {
 protected:
  Stopping() {
    std::string text = replaced(submission::protocol, "early_stopping = false", "early_stopping = true\ngrace = 1");
    text = replaced(text, "epochs = 4", "epochs = 2");
    text = replaced(text, "average_last = 2", "average_last = 1");
    plan_ = submission::plan_of(replaced(text, "[0, 1]", "[0]") + submission::xent);
    add(0, {0.5, 0.6}, Status::ok);
    add(1, {0.3}, Status::stopped);   // below 0.5
    add(2, {0.45, 0.7}, Status::ok);  // above the median of 0.5 and 0.3
  }
  void add(std::size_t trial, const std::vector<double>& accuracies, Status status) {
    Record record = submission::tuned(plan_.studies.front(), trial, 0);
    record.status = status;
    record.epochs_done = static_cast<int>(accuracies.size());
    record.validation.clear();
    for (std::size_t e = 0; e < accuracies.size(); ++e) {
      record.validation.push_back({static_cast<int>(e) + 1, accuracies[e]});
    }
    records_.push_back(record);
  }
  Replay replay() const { return replay_tuning(plan_.studies.front(), {&records_[0], &records_[1], &records_[2]}); }

  Plan plan_;
  std::vector<Record> records_;
};

TEST_F(Stopping, TheRuleAndTheWinnerAreFoundAgain) {
  const Replay found = replay();
  EXPECT_THAT(found.unruly, IsEmpty());
  EXPECT_THAT(found.over_budget, IsEmpty());
  EXPECT_EQ(found.winner, 2);
  EXPECT_EQ(found.epochs, 5);
  EXPECT_DOUBLE_EQ(found.seconds, 6);
}

TEST_F(Stopping, ATrialThatWentOnWhereTheRuleStopsIt) {
  records_[1].validation.push_back({2, 0.9});
  records_[1].epochs_done = 2;
  records_[1].status = Status::ok;
  const Replay found = replay();
  EXPECT_THAT(found.unruly, ElementsAre("trial 1 is ok at epoch 2: by its reports it is stopped at epoch 1"));
  EXPECT_EQ(found.winner, 2) << "what it did later does not count";
}

TEST_F(Stopping, ATrialThatWasStoppedWhereTheRuleLetsItGoOn) {
  records_[2].validation.pop_back();
  records_[2].epochs_done = 1;
  records_[2].status = Status::stopped;
  EXPECT_THAT(replay().unruly, ElementsAre(HasSubstr("trial 2 ended at epoch 1: neither")));
}

}  // namespace
}  // namespace scant
