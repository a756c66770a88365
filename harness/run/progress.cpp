// Counting for the progress line.
#include "harness/run/progress.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "harness/run/study_run.hpp"

namespace scant {
namespace {

/// Expected epochs of tuning under ASHA: of n arrivals at a rung, the first passes and the others pass with probability
/// 1/reduction.
double expected_tuning_epochs(const Study& study) {
  if (study.tuning.size() == 1) return 0;
  if (study.baseline) return static_cast<double>(study.tuning.size());
  const Protocol& protocol = study.dataset.protocol;
  double alive = static_cast<double>(study.tuning.size()), epochs = 0;
  int before = 0;
  if (protocol.early_stopping) {
    for (const int rung : rungs(protocol.grace, protocol.epochs, protocol.reduction)) {
      epochs += alive * (rung - before);
      alive = 1 + (alive - 1) / protocol.reduction;
      before = rung;
    }
  }
  return epochs + alive * (protocol.epochs - before);
}

std::string duration(double seconds) {
  if (seconds < 90) return fmt::format("{:.0f} s", seconds);
  if (seconds < 5400) return fmt::format("{:.0f} min", seconds / 60);
  return fmt::format("{:.1f} h", seconds / 3600);
}

}  // namespace

double ProgressMeter::share_done(const std::deque<StudyRun>& studies) const {
  double done = 0, all = 0;
  for (const StudyRun& run : studies) {
    const Study& study = run.study();
    const Protocol& protocol = study.dataset.protocol;
    const double tuning = expected_tuning_epochs(study),
                 finals = protocol.final_runs * (study.baseline ? 1.0 : protocol.epochs);
    all += tuning + finals;
    done += tuning * run.trials_done() / static_cast<double>(study.tuning.size());
    done += finals * (run.finals_ok() + run.finals_failed()) / std::max(1, protocol.final_runs);
  }
  return all > 0 ? done / all : 1;
}

std::string ProgressMeter::line(const std::deque<StudyRun>& studies) {
  int trials = 0, trials_done = 0, finals = 0, finals_done = 0;
  double spent = 0, granted = 0;
  for (const StudyRun& run : studies) {
    const bool tunes = run.study().tuning.size() > 1;
    trials += tunes ? static_cast<int>(run.study().tuning.size()) : 0;
    trials_done += run.trials_done();
    finals += run.study().dataset.protocol.final_runs;
    finals_done += run.finals_ok() + run.finals_failed();
    spent += run.tuning_seconds();
    granted += run.study().dataset.protocol.budget.granted();
  }
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
  const double share = share_done(studies);
  if (share_at_start_ < 0) share_at_start_ = share;
  const double gained = share - share_at_start_;
  const std::string left = share >= 1      ? "done"
                           : gained < 0.01 ? "time left not known yet"
                                           : "about " + duration(seconds / gained * (1 - share)) + " left";
  const std::string budget =
      granted > 0 ? fmt::format("{:.0f} of {:.0f}", spent, granted) : fmt::format("{:.0f}", spent);
  return fmt::format("trials {}/{}, final runs {}/{}, {} of {} workers busy, {:.0f} images/s, tuning {} device-s, {}",
                     trials_done, trials, finals_done, finals, running_, jobs_,
                     static_cast<double>(images_) / std::max(seconds, 1e-3), budget, left);
}

}  // namespace scant
