// Which trial of a study wins: a pure function of the reports.
#pragma once
#include <optional>
#include <string>
#include <vector>

namespace scant {

/// One value that a tuner saw: the metric of a trial after `epoch` epochs, larger is better, may be NaN.
struct TrialReport {
  int trial = 0;
  int epoch = 0;
  double value = 0;
};

/// `reports` of one study, in the order they were consumed. Scope "last": highest last reported value among all trials,
/// early-stopped ones included, as GEM does (specs: gem (e)); "max_rung": highest epoch reached first, then the value.
/// NaN and infinities never win; ties go to the smallest trial number. Nothing if no trial has a finite value. Throws
/// InputError for an unknown scope.
std::optional<int> winning_trial(const std::vector<TrialReport>& reports, const std::string& scope);

}  // namespace scant
