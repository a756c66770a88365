// The decisions of a study: ASHA in virtual order, the budget, the winner, the final runs.
#include "harness/run/study_run.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "harness/core/report_schedule.hpp"
#include "harness/core/winner.hpp"
#include "harness/learn/session.hpp"

namespace scant {
StudyRun::StudyRun(const Study& study, Store& store, bool retry_failed)
    : study_(study),
      store_(store),
      retry_failed_(retry_failed),
      milestones_(milestones(study)),
      order_(static_cast<int>(study.tuning.size()), study.dataset.protocol.virtual_workers),
      asha_(study.dataset.protocol.grace, study.baseline ? 1 : study.dataset.protocol.epochs,
            study.dataset.protocol.reduction),
      slots_(study.tuning.size()),
      known_(study.tuning.size()),
      meter_(study.dataset.protocol.budget, study.tuning.size()),
      finals_left_(study.dataset.protocol.final_runs) {
  order_.set_first(milestones_.front());
  for (std::size_t i = 0; i < study.tuning.size(); ++i) {
    auto record = store.find(study.tuning[i].id());
    const auto spent = record ? std::optional(record->cost) : store.spent(study.tuning[i].id());
    if (spent) meter_.charge(static_cast<int>(i), *spent);
    // What could not run for want of data or a sensible combination is tried again: the cause may be gone.
    const bool final_word =
        record && record->status != Status::skipped && !(record->status == Status::failed && retry_failed);
    if (!final_word) continue;
    known_[i] = std::move(record);
    ++known_left_;
  }
  // With one configuration there is nothing to decide, so nothing is spent on deciding.
  if (study.tuning.size() == 1) {
    tuned_ = true;
    for (int r = 0; r < finals_left_; ++r) finals_.push_back(study.final_trial(study.tuning.front().params, r));
    choose_winner();
  } else {
    settle();
  }
}

std::optional<Segment> StudyRun::take(const std::set<std::string>& busy) {
  settle();
  if (!tuned_) {
    for (const int trial : order_.alive()) {
      Slot& slot = slots_[static_cast<std::size_t>(trial)];
      if (slot.running || slot.result || known_[static_cast<std::size_t>(trial)]) continue;
      slot.running = true;
      Segment segment;
      segment.trial = study_.tuning[static_cast<std::size_t>(trial)];
      segment.trial_id = segment.trial.id();
      segment.until = milestones_[static_cast<std::size_t>(slot.milestone)];
      segment.evaluate = evaluation_epochs(milestones_, static_cast<std::size_t>(slot.milestone),
                                           study_.dataset.protocol.average_last);
      segment.session = std::move(slot.session);
      segment.meter = &meter_;
      return segment;
    }
    return {};
  }
  for (std::size_t r = 0; r < finals_.size(); ++r) {
    if (final_taken_[r]) continue;
    Segment segment;
    segment.trial = finals_[r];
    segment.trial_id = segment.trial.id();
    if (busy.contains(segment.trial_id) || adopt(r)) continue;
    final_taken_[r] = true;
    segment.until = milestones_.back();
    return segment;
  }
  return {};
}

void StudyRun::give(Segment segment, SegmentResult result) {
  result.record.trial = segment.trial;
  result.record.study = study_.id();
  if (segment.trial.stage == Stage::tune) {
    Slot& slot = slots_[static_cast<std::size_t>(segment.trial.index)];
    slot.running = false;
    if (result.end == SegmentResult::End::interrupted) return;  // its checkpoint goes on in the next run
    store_.spend(segment.trial_id, study_.id(), result.record.cost);
    if (tuned_) {  // the budget ran out meanwhile and its record is written, but for the last seconds
      if (auto record = store_.find(segment.trial_id)) {
        record->cost = result.record.cost;
        store_.put(*record);
      }
      return;
    }
    slot.result = std::move(result);
    settle();
    return;
  }
  if (result.end == SegmentResult::End::interrupted) {
    final_taken_[static_cast<std::size_t>(segment.trial.index)] = false;
    return;
  }
  const bool ok = result.end == SegmentResult::End::reached;
  remember(std::move(result.record),
           ok                                          ? Status::ok
           : result.end == SegmentResult::End::skipped ? Status::skipped
                                                       : Status::failed,
           result.reason);
  --finals_left_;
  ++(ok ? finals_ok_ : finals_failed_);
}

void StudyRun::remember(Record record, Status status, const std::string& reason) {
  record.status = status;
  record.reason = reason;
  const std::string id = record.trial.id();
  store_.put(record);
  std::filesystem::remove(store_.checkpoint(id));
}

void StudyRun::settle() {
  while (!tuned_) {
    const auto trial = order_.next();
    if (!trial) {
      tuned_ = true;
    } else {
      const auto i = static_cast<std::size_t>(*trial);
      if (!slots_[i].result && !known_[i]) return;
      const bool replayed = known_[i].has_value();
      if (!replayed && slots_[i].result->end == SegmentResult::End::spent) {
        if (any_running()) return;  // all that is under way ends with its next batch and has spent, too
        stop_for_budget();
      } else {
        consume(*trial);
        // As long as a trial has still to end whose record is there, an earlier run has been past this point and did
        // not find the budget spent; measuring it again would count these records' whole lives at once.
        if (!replayed && known_left_ == 0 && budget_spent()) stop_for_budget();
      }
    }
    if (tuned_) choose_winner();
  }
}

void StudyRun::consume(int trial) {
  const auto i = static_cast<std::size_t>(trial);
  Slot& slot = slots_[i];
  const int epoch = milestones_[static_cast<std::size_t>(slot.milestone)];
  // A trial that an earlier run ended: its reports are replayed, its record stands.
  const bool replayed = known_[i].has_value();
  std::optional<Record> record = replayed ? known_[i] : std::optional(slot.result->record);
  const bool failed = replayed ? known_[i]->status == Status::failed && known_[i]->epochs_done < epoch
                               : slot.result->end != SegmentResult::End::reached;
  if (failed) {
    const Status status = replayed                                          ? Status::failed
                          : slot.result->end == SegmentResult::End::skipped ? Status::skipped
                                                                            : Status::failed;
    end_trial(trial, status, record->reason.empty() ? slot.result->reason : record->reason, record);
    return;
  }
  const double value = metric_at(record->validation, epoch, study_.dataset.protocol.average_last);
  reports_.push_back({trial, epoch, value});
  const bool at_end = slot.milestone + 1 == static_cast<int>(milestones_.size());
  const bool stop = study_.dataset.protocol.early_stopping && asha_.report(trial, epoch, value).stop;
  if (at_end) {
    end_trial(trial, Status::ok, "", record);
  } else if (stop) {
    end_trial(trial, Status::stopped, fmt::format("stopped by ASHA at epoch {}", epoch), record);
  } else if (replayed && record->epochs_done <= epoch) {
    // The record ends here although ASHA would go on: an earlier run's budget ended it.
    end_trial(trial, record->status, record->reason, record);
  } else {
    ++slot.milestone;
    if (!replayed) {
      slot.session = std::move(slot.result->session);
      slot.result.reset();
    }
    order_.proceed(trial, milestones_[static_cast<std::size_t>(slot.milestone)] - epoch);
  }
}

void StudyRun::end_trial(int trial, Status status, const std::string& reason, std::optional<Record> record) {
  const auto i = static_cast<std::size_t>(trial);
  tuning_charged_ += record->cost.charged_to(study_.dataset.protocol.budget);
  tuning_epochs_ += record->epochs_done;
  if (known_[i]) {
    --known_left_;
  } else {
    remember(*record, status, reason);
    slots_[i].result.reset();
    slots_[i].session.reset();
  }
  ++trials_done_;
  order_.finish(trial);
}

bool StudyRun::budget_spent() const {
  const Budget& budget = study_.dataset.protocol.budget;
  double seconds = tuning_charged_;
  std::int64_t epochs = tuning_epochs_;
  // Trials that are alive have spent too: count them up to the last report that was consumed.
  for (const int trial : order_.alive()) {
    const auto i = static_cast<std::size_t>(trial);
    const int milestone = slots_[i].milestone;
    if (milestone > 0) epochs += milestones_[static_cast<std::size_t>(milestone) - 1];
    if (const auto cost = store_.spent(study_.tuning[i].id())) seconds += cost->charged_to(budget);
  }
  return (budget.granted() > 0 && seconds >= budget.granted()) || (budget.epochs > 0 && epochs >= budget.epochs);
}

bool StudyRun::any_running() const {
  return std::any_of(slots_.begin(), slots_.end(), [](const Slot& slot) { return slot.running; });
}

void StudyRun::stop_for_budget() {
  for (;;) {
    const auto alive = order_.alive();
    if (alive.empty()) break;
    const int trial = alive.front();
    const auto i = static_cast<std::size_t>(trial);
    // Only what was consumed counts, so that a resumed run, which replays these records, decides the same.
    const int milestone = slots_[i].milestone;
    Record record;
    record.trial = study_.tuning[i];
    record.study = study_.id();
    record.epochs_done = milestone > 0 ? milestones_[static_cast<std::size_t>(milestone) - 1] : 0;
    for (const Evaluation& report : store_.reports(record.trial.id())) {
      if (report.epoch <= record.epochs_done) record.validation.push_back(report);
    }
    if (const auto cost = store_.spent(record.trial.id())) record.cost = *cost;
    end_trial(trial, Status::stopped, "the study's budget was spent", record);
  }
  tuned_ = true;
}

void StudyRun::choose_winner() {
  if (finals_.empty()) {
    const auto winner = winning_trial(reports_, study_.dataset.protocol.winner);
    if (!winner) {  // every trial failed; the table shows the hole with their reasons
      finals_failed_ += finals_left_;
      finals_left_ = 0;
      return;
    }
    const Json& params = study_.tuning[static_cast<std::size_t>(*winner)].params;
    for (int r = 0; r < study_.dataset.protocol.final_runs; ++r) finals_.push_back(study_.final_trial(params, r));
  }
  final_taken_.assign(finals_.size(), false);
  for (std::size_t r = 0; r < finals_.size(); ++r) adopt(r);
}

bool StudyRun::adopt(std::size_t repetition) {
  const std::string id = finals_[repetition].id();
  const auto record = store_.find(id);
  if (!record || record->status == Status::skipped || (record->status == Status::failed && retry_failed_)) return false;
  store_.claim(id, study_.id());
  final_taken_[repetition] = true;
  --finals_left_;
  ++(record->status == Status::ok ? finals_ok_ : finals_failed_);
  return true;
}

void StudyRun::for_each_parked(const std::function<void(const std::string&, const Session&)>& visit) const {
  for (std::size_t i = 0; i < slots_.size(); ++i) {
    if (slots_[i].session) visit(study_.tuning[i].id(), *slots_[i].session);
    if (slots_[i].result && slots_[i].result->session) visit(study_.tuning[i].id(), *slots_[i].result->session);
  }
}

}  // namespace scant
