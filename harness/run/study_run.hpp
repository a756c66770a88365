// One study on its way from configurations to final records: which piece of training may run now, and what its result
// decides.
#pragma once
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "harness/core/asha.hpp"
#include "harness/core/plan.hpp"
#include "harness/core/store.hpp"
#include "harness/core/virtual_order.hpp"
#include "harness/core/winner.hpp"
#include "harness/run/meter.hpp"

namespace scant {

class Session;

/// A piece of training that one worker does without interruption by decisions: a trial up to its next milestone.
struct Segment {
  Trial trial;
  std::string trial_id;
  int until = 0;              // epochs
  std::vector<int> evaluate;  // epochs after which validation accuracy is needed, ascending; empty for final runs
  Meter* meter = nullptr;     // to be charged between batches, which may end the segment; null for final runs
  std::unique_ptr<Session>
      session;  // parked since the last milestone; empty at a trial's first segment in this process
};

/// What came of it.
struct SegmentResult {
  /// spent: the study's device seconds ran out on the way.
  enum class End { reached, interrupted, failed, skipped, spent };
  End end = End::reached;
  std::string reason;
  Record record;  // everything but the status; the study decides that
  Cost spent;     // by this segment alone
  std::unique_ptr<Session> session;
};

/// Not thread-safe: the runner calls it under its lock.
class StudyRun {
 public:
  /// `retry_failed`: forget failures that the store remembers.
  StudyRun(const Study& study, Store& store, bool retry_failed);

  /// The next piece that may run now, or nothing. A segment that was taken must come back through `give`. A final run
  /// that another study is training (`busy`: trial ids) is left to it, and its record is shared when it is there.
  std::optional<Segment> take(const std::set<std::string>& busy = {});
  void give(Segment segment, SegmentResult result);

  bool finished() const { return finals_left_ == 0; }
  const Study& study() const { return study_; }

  /// For the progress line and the summary.
  int finals_ok() const { return finals_ok_; }
  int finals_failed() const { return finals_failed_; }
  int trials_done() const { return trials_done_; }
  /// Charged to the budget by tuning so far, in its seconds.
  double tuning_seconds() const { return tuning_charged_; }
  /// Parked sessions, to be saved when the run is interrupted.
  void for_each_parked(const std::function<void(const std::string& trial_id, const Session&)>& visit) const;

 private:
  struct Slot {         // a tuning trial that is alive
    int milestone = 0;  // index into milestones_
    bool running = false;
    std::optional<SegmentResult> result;
    std::unique_ptr<Session> session;
  };

  void settle();            // consume reports in virtual order as far as they are known
  void consume(int trial);  // the next report of one trial
  void end_trial(int trial, Status status, const std::string& reason, std::optional<Record> record);
  bool any_running() const;
  void stop_for_budget();
  void choose_winner();
  bool adopt(std::size_t repetition);  // true if the store has the final run's record, whichever study put it there
  bool budget_spent() const;
  void remember(Record record, Status status, const std::string& reason);

  const Study& study_;
  Store& store_;
  bool retry_failed_;
  std::vector<int> milestones_;  // epochs: rungs, then the end
  VirtualOrder order_;
  Asha asha_;
  std::vector<Slot> slots_;                   // one per tuning trial
  std::vector<std::optional<Record>> known_;  // records that the store held at the start
  int known_left_ = 0;                        // of them, of trials that have not ended again
  std::vector<TrialReport> reports_;          // in the order they were consumed
  Meter meter_;
  double tuning_charged_ = 0;
  std::int64_t tuning_epochs_ = 0;
  bool tuned_ = false;
  std::vector<Trial> finals_;  // empty until there is a winner
  std::vector<bool> final_taken_;
  int finals_left_ = 0, finals_ok_ = 0, finals_failed_ = 0, trials_done_ = 0;
};

}  // namespace scant
