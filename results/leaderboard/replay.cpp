// The decisions of a study's tuning as a pure fold over its records: the same pieces that took them the first time.
#include "results/leaderboard/replay.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "harness/core/asha.hpp"
#include "harness/core/report_schedule.hpp"
#include "harness/core/virtual_order.hpp"
#include "harness/core/winner.hpp"

namespace scant {
namespace {

constexpr double rounding = 1e-9;  // relative; sums of seconds in another order

bool broken(const Record& record) {
  return record.status == Status::failed || record.status == Status::skipped;
}

bool reported(const Record& record, int epoch) {
  return std::any_of(record.validation.begin(), record.validation.end(),
                     [=](const Evaluation& evaluation) { return evaluation.epoch == epoch; });
}

class Tuning {
 public:
  Tuning(const Study& study, const std::vector<const Record*>& records)
      : protocol_(study.dataset.protocol),
        records_(records),
        milestones_(milestones(study)),
        order_(static_cast<int>(records.size()), protocol_.virtual_workers),
        asha_(protocol_.grace, milestones_.back(), protocol_.reduction),
        reached_(records.size()),
        ended_(records.size()) {
    order_.set_first(milestones_.front());
  }

  Replay replay() {
    for (const Record* record : records_) {
      replay_.epochs += record->epochs_done;
      replay_.seconds += record->cost.charged_to(protocol_.budget);
      check_reports(*record);
    }
    while (const auto trial = order_.next()) {
      if (!step(*trial) || spent()) break;
    }
    check_halted();
    replay_.winner = winning_trial(reports_, protocol_.winner);
    return replay_;
  }

 private:
  /// The next report of one trial; false if the trial was halted before it by the budget, as all others then were.
  bool step(int trial) {
    const auto i = static_cast<std::size_t>(trial);
    const Record& record = *records_[i];
    const int epoch = milestones_[reached_[i]];
    if (broken(record) && !reported(record, epoch)) {
      end(trial);
    } else if (record.epochs_done >= epoch) {
      consume(trial, epoch);
    } else if (protocol_.budget.granted() > 0 && replay_.seconds >= protocol_.budget.granted() * (1 - rounding)) {
      return false;
    } else {
      replay_.unruly.push_back(
          fmt::format("trial {} ended at epoch {}: neither the stopping rule nor the budget ends it there", trial,
                      record.epochs_done));
      end(trial);
    }
    return true;
  }

  void consume(int trial, int epoch) {
    const auto i = static_cast<std::size_t>(trial);
    const Record& record = *records_[i];
    const double value = metric_at(record.validation, epoch, protocol_.average_last);
    reports_.push_back({trial, epoch, value});
    const bool at_end = epoch == milestones_.back();
    const bool stop = protocol_.early_stopping && asha_.report(trial, epoch, value).stop;
    if (!at_end && !stop) {
      ++reached_[i];
      order_.proceed(trial, milestones_[reached_[i]] - epoch);
      return;
    }
    const Status status = at_end ? Status::ok : Status::stopped;
    if (record.status != status || record.epochs_done != epoch) {
      replay_.unruly.push_back(fmt::format("trial {} is {} at epoch {}: by its reports it is {} at epoch {}", trial,
                                           to_string(record.status), record.epochs_done, to_string(status), epoch));
    }
    end(trial);
  }

  void end(int trial) {
    const auto i = static_cast<std::size_t>(trial);
    ended_[i] = true;
    ended_epochs_ += records_[i]->epochs_done;
    ended_seconds_ += records_[i]->cost.charged_to(protocol_.budget);
    order_.finish(trial);
  }

  /// The epoch of the last report of a trial that was consumed.
  int last_epoch(std::size_t i) const { return reached_[i] > 0 ? milestones_[reached_[i] - 1] : 0; }

  bool spent() const {
    std::int64_t epochs = ended_epochs_;
    for (std::size_t i = 0; i < records_.size(); ++i) epochs += ended_[i] ? 0 : last_epoch(i);
    const Budget& budget = protocol_.budget;
    return (budget.epochs > 0 && epochs >= budget.epochs) ||
           (budget.granted() > 0 && ended_seconds_ >= budget.granted() * (1 + rounding));
  }

  void check_halted() {
    for (std::size_t i = 0; i < records_.size(); ++i) {
      if (ended_[i] || records_[i]->epochs_done == last_epoch(i)) continue;
      replay_.over_budget.push_back(
          fmt::format("trial {} ended at epoch {}: when the budget was spent it stood at epoch {}", i,
                      records_[i]->epochs_done, last_epoch(i)));
    }
  }

  /// Validation data are looked at where a decision needs it, and a report that is missing could change one.
  void check_reports(const Record& record) {
    if (broken(record)) return;
    std::vector<int> due, found;
    for (std::size_t m = 0; m < milestones_.size() && milestones_[m] <= record.epochs_done; ++m) {
      for (const int epoch : evaluation_epochs(milestones_, m, protocol_.average_last)) due.push_back(epoch);
    }
    for (const Evaluation& evaluation : record.validation) found.push_back(evaluation.epoch);
    if (due == found) return;
    replay_.unruly.push_back(fmt::format("trial {} was validated after epochs [{}]: the protocol says [{}]",
                                         record.trial.index, fmt::join(found, ", "), fmt::join(due, ", ")));
  }

  const Protocol& protocol_;
  const std::vector<const Record*>& records_;
  const std::vector<int> milestones_;
  VirtualOrder order_;
  Asha asha_;
  std::vector<std::size_t> reached_;  // of every trial, index of the next milestone
  std::vector<bool> ended_;
  std::int64_t ended_epochs_ = 0;
  double ended_seconds_ = 0;
  std::vector<TrialReport> reports_;  // in the order they were consumed
  Replay replay_;
};

}  // namespace

Replay replay_tuning(const Study& study, const std::vector<const Record*>& tuning) {
  return Tuning(study, tuning).replay();
}

}  // namespace scant
