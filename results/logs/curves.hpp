// The curves of trainings: what was measured after which epoch, for other programs.
#pragma once
#include <string>
#include <vector>

#include "harness/core/plan.hpp"
#include "harness/core/record.hpp"

namespace scant {

/// One quantity of one training over epochs (1-based).
struct CurveOfRun {
  std::string name;  // "loss/train", "accuracy/train", "accuracy/validation", "embedding/feature_std", "accuracy/test"
  std::vector<std::pair<int, double>> points;
};
/// The record's curves, in a fixed order; those without points are left out.
std::vector<CurveOfRun> curves_of(const Record& record);

/// "ciFAIR-10/split0/Cross-entropy/final3" of the study that the record belongs to. What folders' names should not have
/// becomes '_'.
std::string run_name(const Study& study, const Record& record);

/// Long CSV: run,trial,status,curve,epoch,value, one line a point, of the plan's records in the plan's order.
std::string curves_csv(const Plan& plan, const std::vector<Record>& records);

}  // namespace scant
