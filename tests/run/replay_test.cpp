// The decisions that a study took, however many workers and interruptions it had, are found again from its records.
#include "results/leaderboard/replay.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "harness/core/random.hpp"
#include "harness/learn/session.hpp"
#include "harness/run/study_run.hpp"
#include "tests/core/fake_catalogue.hpp"
#include "tests/support/temporary_folder.hpp"

namespace scant {
namespace {

using testing::IsEmpty;

/// A study of cross-entropy whose protocol is drawn.
Study drawn_study(Random& random) {
  const auto below = [&](int n) { return static_cast<int>(random.below(static_cast<std::uint64_t>(n))); };
  const int epochs = 1 + below(12), trials = 2 + below(7);
  const std::string budgets[] = {"", fmt::format("budget = {{ epochs = {} }}", 1 + below(epochs * trials)),
                                 fmt::format("budget = {{ device_seconds = {} }}", 0.5 + below(epochs * trials))};
  const std::string suite = fmt::format(
      "seed = {}\n[protocol]\nepochs = {}\ntrials = {}\ngrace = {}\nreduction = {}\nearly_stopping = {}\n"
      "average_last = {}\nvirtual_workers = {}\nwinner = \"{}\"\nfinal_runs = 2\n{}\n"
      "[[datasets]]\nname = \"synthetic-natural\"\n[[methods]]\nname = \"xent\"\n",
      below(1000), epochs, trials, 1 + below(3), 2 + below(2), below(3) > 0, 1 + below(3), 1 + below(4),
      below(2) > 0 ? "last" : "max_rung", budgets[below(3)]);
  const Catalogue catalogue = fake_catalogue();
  return make_plan(parse_suite(suite, "drawn.toml", catalogue), catalogue).studies.front();
}

/// Workers that train nothing: a second an epoch, an accuracy that depends on trial and epoch alone, and now and then a
/// trial that fails.
class Workers {
 public:
  Workers(const Study& study, Store& store, Random& random) : study_(study), store_(store), random_(random) {}

  /// Until the study is finished; from time to time everything that is under way is lost and a new process goes on.
  void work(std::size_t workers) {
    for (int process = 0;; ++process) {
      StudyRun run(study_, store_, false);
      std::vector<Segment> taken;
      while (!run.finished()) {
        while (taken.size() < workers) {
          auto segment = run.take();
          if (!segment) break;
          taken.push_back(std::move(*segment));
        }
        ASSERT_FALSE(taken.empty()) << "nothing may run and the study is not finished";
        if (process < 3 && random_.below(10) == 0) break;
        const auto next = taken.begin() + static_cast<std::ptrdiff_t>(random_.below(taken.size()));
        Segment segment = std::move(*next);
        taken.erase(next);
        SegmentResult result = trained(segment);
        run.give(std::move(segment), std::move(result));
      }
      if (run.finished()) return;
    }
  }

 private:
  /// Epochs done, of `wanted`, when the study's seconds are spent.
  int spend(const Segment& segment, int wanted) {
    if (segment.meter == nullptr) return wanted;
    const std::vector<Evaluation> reports = store_.reports(segment.trial_id);
    int done = reports.empty() ? 0 : std::min(wanted, reports.back().epoch);
    const auto charge = [&](int epochs) {
      segment.meter->charge(segment.trial.index, {.train_seconds = static_cast<double>(epochs)});
    };
    for (charge(done); done < wanted && !segment.meter->spent();) charge(++done);
    return done;
  }
  SegmentResult trained(const Segment& segment) {
    SegmentResult result;
    Random fate(segment.trial.seed("fate"), 0);
    const int last = fate.below(6) == 0 ? static_cast<int>(fate.below(12)) : segment.until;
    result.record.epochs_done = spend(segment, std::min(segment.until, last));
    if (segment.trial.stage == Stage::final) {
      result.record.epochs_done = segment.until;
      result.record.test = TestScore{0.5, 0.5, {0, 1}, {0, 0}, {}};
    } else if (result.record.epochs_done < std::min(segment.until, last)) {
      result.end = SegmentResult::End::spent;
    } else if (last < segment.until) {
      result.end = SegmentResult::End::failed;
      result.reason = "loss is not finite";
    }
    for (const int epoch : segment.evaluate) {
      if (epoch > result.record.epochs_done) continue;
      Random accuracy(segment.trial.seed("accuracy"), static_cast<std::uint64_t>(epoch));
      // Twentieths, so that there are ties.
      store_.report(segment.trial_id, {epoch, static_cast<double>(accuracy.below(20)) / 20});
    }
    result.record.validation = store_.reports(segment.trial_id);
    result.record.cost.train_seconds = result.record.epochs_done;
    return result;
  }

  const Study& study_;
  Store& store_;
  Random& random_;
};

TEST(ReplayOfStudies, FindsEveryDecisionAgain) {
  int halted = 0, stopped = 0, failed = 0;
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    Random random(seed, 0);
    const Study study = drawn_study(random);
    const test::TemporaryFolder folder;
    Store store(folder.path());
    Workers(study, store, random).work(1 + seed % 4);
    const std::vector<Record> records = store.records(study.id());
    std::vector<const Record*> tuning(study.tuning.size());
    const Record* chosen = nullptr;
    for (const Record& record : records) {
      const bool tuned = record.trial.stage == Stage::tune;
      (tuned ? tuning.at(static_cast<std::size_t>(record.trial.index)) : chosen) = &record;
      halted += tuned && record.reason.find("budget") != std::string::npos;
      stopped += tuned && record.reason.find("ASHA") != std::string::npos;
      failed += tuned && record.status == Status::failed;
    }
    ASSERT_EQ(std::count(tuning.begin(), tuning.end(), nullptr), 0) << "seed " << seed;
    const Replay replay = replay_tuning(study, tuning);
    EXPECT_THAT(replay.unruly, IsEmpty()) << "seed " << seed;
    EXPECT_THAT(replay.over_budget, IsEmpty()) << "seed " << seed;
    ASSERT_EQ(replay.winner.has_value(), chosen != nullptr) << "seed " << seed;
    if (chosen) {
      EXPECT_EQ(study.tuning[static_cast<std::size_t>(*replay.winner)].params, chosen->trial.params) << "seed " << seed;
    }
  }
  EXPECT_GT(halted, 20);
  EXPECT_GT(stopped, 20);
  EXPECT_GT(failed, 5);
}

/// A segment of a trial that costs a second an epoch and always has the same accuracy.
SegmentResult steady(Store& store, const Segment& segment) {
  for (const int epoch : segment.evaluate) store.report(segment.trial_id, {epoch, 0.5});
  SegmentResult result;
  result.record.epochs_done = segment.until;
  result.record.validation = store.reports(segment.trial_id);
  result.record.cost.train_seconds = segment.until;
  return result;
}

TEST(ReplayOfStudies, AResumedRunDoesNotFindTheBudgetSpentBeforeItWas) {
  const Catalogue catalogue = fake_catalogue();
  const std::string suite =
      "[protocol]\nepochs = 8\ntrials = 3\ngrace = 4\nvirtual_workers = 3\nfinal_runs = 1\n"
      "budget = { device_seconds = 18 }\n[[datasets]]\nname = \"synthetic-natural\"\n[[methods]]\nname = \"xent\"\n";
  const Study study = make_plan(parse_suite(suite, "s.toml", catalogue), catalogue).studies.front();
  const test::TemporaryFolder folder;
  Store store(folder.path());
  {
    StudyRun run(study, store, false);
    const auto take_all = [&] {
      std::vector<Segment> segments;
      for (int i = 0; i < 3; ++i) segments.push_back(std::move(run.take().value()));
      return segments;
    };
    for (Segment& segment : take_all()) {
      SegmentResult result = steady(store, segment);
      run.give(std::move(segment), std::move(result));
    }
    // To epoch 8 come trial 0, whose record is written, and trial 2, which waits for trial 1; then the process dies.
    std::vector<Segment> rest = take_all();
    for (const std::size_t i : {0u, 2u}) {
      SegmentResult result = steady(store, rest[i]);
      run.give(std::move(rest[i]), std::move(result));
    }
    ASSERT_TRUE(store.find(study.tuning[0].id()));
    ASSERT_FALSE(store.find(study.tuning[2].id()));
  }
  StudyRun run(study, store, false);
  while (auto segment = run.take()) {
    SegmentResult result = steady(store, *segment);
    run.give(std::move(*segment), std::move(result));
  }
  std::vector<Record> records;
  for (const Trial& trial : study.tuning) records.push_back(store.find(trial.id()).value());
  EXPECT_EQ(records[1].epochs_done, 8) << "after it the budget of 18 seconds is spent";
  EXPECT_EQ(records[2].epochs_done, 4);
  const Replay replay = replay_tuning(study, {&records[0], &records[1], &records[2]});
  EXPECT_THAT(replay.unruly, IsEmpty());
  EXPECT_THAT(replay.over_budget, IsEmpty());
}

}  // namespace
}  // namespace scant
