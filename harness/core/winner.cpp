// The choice of a study's winner from what its tuner saw.
#include "harness/core/winner.hpp"

#include <fmt/format.h>

#include <cmath>
#include <map>

#include "harness/core/error.hpp"

namespace scant {

std::optional<int> winning_trial(const std::vector<TrialReport>& reports, const std::string& scope) {
  if (scope != "last" && scope != "max_rung") {
    throw InputError(fmt::format("winner = \"{}\": use \"last\" or \"max_rung\"", scope));
  }
  std::map<int, TrialReport> last;  // by trial: the report that stands
  for (const TrialReport& report : reports) last[report.trial] = report;
  std::optional<TrialReport> best;
  for (const auto& [trial, report] :
       last) {  // ascending, and only a strictly better one replaces: ties go to the first
    if (!std::isfinite(report.value)) continue;
    const bool further = scope == "max_rung" && best && report.epoch != best->epoch;
    if (!best || (further ? report.epoch > best->epoch : report.value > best->value)) best = report;
  }
  if (!best) return {};
  return best->trial;
}

}  // namespace scant
