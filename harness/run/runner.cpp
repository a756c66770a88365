// The worker threads: each takes a segment, trains it, and gives it back; decisions are the studies'.
#include "harness/run/runner.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <set>
#include <thread>

#include "harness/learn/device.hpp"
#include "harness/learn/session.hpp"
#include "harness/run/charge.hpp"
#include "harness/run/data_shelf.hpp"
#include "harness/run/progress.hpp"
#include "harness/run/speed_check.hpp"
#include "harness/run/study_run.hpp"

namespace scant {
namespace {

using Clock = std::chrono::steady_clock;

/// Everything the workers share.
class Crew {
 public:
  Crew(const Suite& suite, const Plan& plan, Store& store, const RunOptions& options, const std::atomic<bool>& stop)
      : options_(options),
        stop_(stop),
        store_(store),
        device_(options.device),
        jobs_(options.jobs > 0 ? options.jobs : usual_jobs(device_)),
        threads_(options.threads > 0
                     ? options.threads
                     : std::max(1, static_cast<int>(std::thread::hardware_concurrency()) / std::max(1, jobs_))),
        speed_check_(device_, jobs_, threads_),
        environment_(describe_environment(device_, threads_)),
        shelf_(store, options.home, device_, jobs_ * threads_),
        progress_(jobs_) {
    environment_["jobs"] = jobs_;
    environment_["suite_digest"] = suite.digest;
    for (const Study& study : plan.studies) studies_.emplace_back(study, store, options.retry_failed);
    tariff_.share = 1.0 / jobs_;
  }

  RunSummary work() {
    calibrate();
    const Clock::time_point start = Clock::now();
    {
      std::vector<std::jthread> workers;
      for (int j = 0; j < jobs_; ++j) workers.emplace_back([this] { serve(); });
      report_until_done();
    }
    if (error_) std::rethrow_exception(error_);
    if (const std::string drift = stop_ ? "" : speed_check_.drift(); !drift.empty()) options_.say(drift);
    RunSummary summary;
    summary.ledger = {std::chrono::duration<double>(Clock::now() - start).count(), spent_};
    summary.interrupted = stop_ && !all_finished();
    for (const StudyRun& study : studies_) {
      summary.done += study.finals_ok();
      summary.failed += study.finals_failed();
      summary.missing += study.study().dataset.protocol.final_runs - study.finals_ok() - study.finals_failed();
      if (summary.interrupted) {
        study.for_each_parked(
            [this](const std::string& id, const Session& session) { session.save(store_.checkpoint(id)); });
      }
    }
    return summary;
  }

 private:
  /// Only where a budget that is still open asks for it.
  void calibrate() {
    const auto asks = [](const StudyRun& study) {
      return !study.finished() && study.study().dataset.protocol.budget.reference_seconds > 0;
    };
    if (std::none_of(studies_.begin(), studies_.end(), asks)) return;
    tariff_.reference_speed = speed_check_.measure();
    options_.say(fmt::format("a second of this device is worth {:.2f} reference seconds", tariff_.reference_speed));
  }

  bool all_finished() const {
    return std::all_of(studies_.begin(), studies_.end(), [](const StudyRun& study) { return study.finished(); });
  }

  /// The first segment that may run, studies in the plan's order: earlier tables fill first, and few data sets are open
  /// at once.
  std::optional<std::pair<StudyRun*, Segment>> pick() {
    for (StudyRun& study : studies_) {
      if (study.finished()) continue;
      if (auto segment = study.take(training_)) {
        training_.insert(segment->trial_id);
        return std::pair{&study, std::move(*segment)};
      }
      release_data_of(study);  // it may have found its last final run in the store
    }
    return {};
  }

  void serve() {
    set_compute_threads(threads_);
    std::unique_lock lock(mutex_);
    while (!stop_ && !error_ && !all_finished()) {
      auto job = pick();
      if (!job) {
        // Only possible while another worker holds what everything waits for.
        changed_.wait_for(lock, std::chrono::milliseconds(200));
        continue;
      }
      auto& [study, segment] = *job;
      progress_.started();
      lock.unlock();
      SegmentResult result;
      std::exception_ptr error;
      try {
        result = perform(study->study(), segment);
      } catch (...) {  // the harness's own failure (disk full, a bug): stops the run, loudly
        error = std::current_exception();
      }
      lock.lock();
      progress_.ended();
      if (error) {
        if (!error_) error_ = error;
      } else {
        if (result.end == SegmentResult::End::failed || result.end == SegmentResult::End::skipped) {
          options_.say(fmt::format("{}: {} {} {}: {}", study->study().name(),
                                   segment.trial.stage == Stage::tune ? "trial" : "final run", segment.trial.index,
                                   result.end == SegmentResult::End::failed ? "failed" : "skipped", result.reason));
        }
        spent_ += result.spent;
        training_.erase(segment.trial_id);
        study->give(std::move(segment), std::move(result));
        release_data_of(*study);
      }
      changed_.notify_all();
    }
    changed_.notify_all();
  }

  void release_data_of(const StudyRun& study) {
    if (!study.finished()) return;
    const DatasetEntry& dataset = study.study().dataset;
    const auto open = std::count_if(studies_.begin(), studies_.end(), [&](const StudyRun& other) {
      const DatasetEntry& own = other.study().dataset;
      return own.name == dataset.name && own.options == dataset.options && !other.finished();
    });
    shelf_.release(dataset, static_cast<int>(open));
  }

  SegmentResult perform(const Study& study, Segment& segment) {
    SegmentResult result;
    Cost before;
    const auto failed = [&](SegmentResult::End end, const std::string& reason) {
      result.end = end;
      result.reason = reason;
      if (segment.session) describe(*segment.session, segment, result.record);
    };
    try {
      if (!segment.session) {
        const auto pool = shelf_.pool(study.dataset);
        segment.session =
            std::make_unique<Session>(segment.trial, pool, device_, tariff_, shelf_.transfers(segment.trial));
        segment.session->restore(store_.checkpoint(segment.trial_id));
      }
      before = segment.session->cost();
      advance(segment, result);
    } catch (const TrialFailure& failure) {
      failed(SegmentResult::End::failed, failure.what());
    } catch (const InputError& error) {
      failed(SegmentResult::End::skipped, error.what());
    } catch (const c10::Error& error) {
      const std::string text = error.what_without_backtrace();
      failed(SegmentResult::End::failed, text.substr(0, text.find('\n')));
    }
    if (segment.session) result.spent = segment.session->cost().since(before);
    if (result.end == SegmentResult::End::reached && segment.trial.stage == Stage::tune) {
      result.session = std::move(segment.session);
    }
    return result;
  }

  /// Trains to the segment's end, tests a final run, and writes down where that led.
  void advance(const Segment& segment, SegmentResult& result) {
    Session& session = *segment.session;
    const Trained trained = train(segment);
    if (trained == Trained::whole_epochs || trained == Trained::broken_epoch) {
      result.end = SegmentResult::End::interrupted;
      if (trained == Trained::whole_epochs) session.save(store_.checkpoint(segment.trial_id));
      return;
    }
    if (trained == Trained::out_of_budget) result.end = SegmentResult::End::spent;
    describe(session, segment, result.record);
    if (segment.trial.stage == Stage::tune) return;
    TestScores scores = session.test();
    result.record.test = std::move(scores.front().second);
    for (std::size_t j = 1; j < scores.size(); ++j) result.record.test_by.insert(std::move(scores[j]));
    result.record.cost = session.cost();
  }

  enum class Trained { all, whole_epochs, broken_epoch, out_of_budget };

  /// Epoch by epoch to the segment's end, with validation where the segment asks for it, or until the run is stopped or
  /// the study's seconds are spent.
  Trained train(const Segment& segment) {
    Session& session = *segment.session;
    std::vector<int> reported;
    for (const Evaluation& report : store_.reports(segment.trial_id)) reported.push_back(report.epoch);
    Clock::time_point saved = Clock::now();
    Charge charge(segment, tariff_.share);
    while (session.epochs_done() < segment.until) {
      if (stop_) return Trained::whole_epochs;
      if (charge.over()) return Trained::out_of_budget;
      const std::int64_t before = session.progress().images;
      const int epoch = session.epochs_done() + 1;
      // A user who stops a run does not wait for an epoch of minutes: it is broken off and done again from the last
      // checkpoint.
      const Clock::time_point patience = Clock::now() + std::chrono::seconds(10);
      bool over = false;
      const auto interrupted = [&] { return (over = charge.over()) || (stop_ && Clock::now() > patience); };
      if (!session.train_until(epoch, interrupted)) return over ? Trained::out_of_budget : Trained::broken_epoch;
      progress_.trained(session.progress().images - before);
      const bool wanted = std::find(segment.evaluate.begin(), segment.evaluate.end(), epoch) != segment.evaluate.end();
      const bool known = std::find(reported.begin(), reported.end(), epoch) != reported.end();
      if (wanted && !known) store_.report(segment.trial_id, {epoch, session.validate()});
      charge.settle();
      if (std::chrono::duration<double>(Clock::now() - saved).count() >= options_.checkpoint_seconds) {
        session.save(store_.checkpoint(segment.trial_id));
        saved = Clock::now();
      }
    }
    return Trained::all;
  }

  void describe(const Session& session, const Segment& segment, Record& record) const {
    record.epochs_done = session.epochs_done();
    record.validation = store_.reports(segment.trial_id);
    record.train_loss = session.progress().loss;
    record.train_accuracy = session.progress().accuracy;
    record.diagnostics = session.progress().diagnostics;
    record.collapsed = collapsed(record.diagnostics);
    record.cost = session.cost();
    record.data_digest = session.data_digest();
    record.split_digest = session.split_digest();
    record.parameters_digest = session.parameters_digest();
    record.environment = environment_;
  }

  /// The main thread's part: the progress line, until the workers are done.
  void report_until_done() {
    std::unique_lock lock(mutex_);
    while (!stop_ && !error_ && !all_finished()) {
      changed_.wait_for(lock, std::chrono::milliseconds(500));
      if (options_.progress) options_.progress(progress_.line(studies_));
    }
    if (options_.progress) options_.progress(progress_.line(studies_));
  }

  const RunOptions& options_;
  const std::atomic<bool>& stop_;
  Store& store_;
  torch::Device device_;
  int jobs_, threads_;
  Tariff tariff_;
  SpeedCheck speed_check_;
  Json environment_;
  DataShelf shelf_;
  ProgressMeter progress_;
  std::deque<StudyRun> studies_;
  std::set<std::string> training_;  // ids of the trials that workers hold
  Cost spent_;
  std::mutex mutex_;  // guards studies_, training_, spent_, progress_ and error_
  std::condition_variable changed_;
  std::exception_ptr error_;
};

}  // namespace

int RunSummary::exit_code() const {
  if (interrupted) return 130;
  if (failed > 0) return 1;
  return missing > 0 ? 3 : 0;
}

RunSummary run_plan(const Suite& suite, const Plan& plan, Store& store, const RunOptions& options,
                    const std::atomic<bool>& stop) {
  return Crew(suite, plan, store, options, stop).work();
}

}  // namespace scant
