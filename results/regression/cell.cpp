// Pairs what is the same trial, tests, and says what stands in the way of a verdict.
#include "results/regression/cell.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>

#include "results/regression/baseline.hpp"
#include "results/regression/contrast.hpp"
#include "results/statistics/equivalence.hpp"

namespace scant {
namespace {

/// One split as one look sees it: runs of the new code, the partner of each (or nothing), and all of the baseline's.
struct Seen {
  std::vector<const Record*> fresh, partners, baseline;
};

void note(GuardedCell& cell, const std::string& text) {
  if (std::find(cell.notes.begin(), cell.notes.end(), text) == cell.notes.end()) cell.notes.push_back(text);
}

std::optional<double> score(const Record& run, const Metric& metric) {
  const auto value = metric.of(*run.test);
  return value && std::isfinite(*value) ? value : std::nullopt;
}

/// Whether the new code's runs are there with their scores; if not, says why and asks for them.
bool ready(const std::vector<GuardedSplit>& splits, int size, const Metric& metric, GuardedCell& cell) {
  bool all = true;
  for (const GuardedSplit& split : splits) {
    for (int r = 0; r < size; ++r) {
      const Selection::FinalRun& run = split.fresh[static_cast<std::size_t>(r)];
      if (run.hole.empty() && score(*run.record, metric)) continue;
      all = false;
      if (run.record) {
        note(cell, fmt::format("split {}, final run {}: {}", split.index, r,
                               run.hole.empty() ? "no finite value of the metric" : run.hole));
      } else if (cell.look == 0) {
        note(cell, fmt::format("split {}: {}", split.index, run.hole));
      }
    }
  }
  if (!all) cell.wanted = size;
  return all;
}

std::vector<double> scores(const std::vector<const Record*>& runs, const Metric& metric) {
  std::vector<double> values;
  for (const Record* run : runs) values.push_back(score(*run, metric).value());
  return values;
}

Contrast contrast_of(const std::vector<Seen>& splits, Pairing pairing, const Metric& metric, double resolution) {
  std::vector<SplitScores> lists;
  for (const Seen& split : splits) lists.push_back({scores(split.fresh, metric), scores(split.baseline, metric)});
  return contrast(lists, pairing, resolution);
}

/// Every new run's partner in place of the baseline's runs; nothing if one has none.
std::optional<std::vector<Seen>> paired(const std::vector<Seen>& splits) {
  std::vector<Seen> pairs;
  for (const Seen& split : splits) {
    const auto missing = std::find(split.partners.begin(), split.partners.end(), nullptr);
    if (missing != split.partners.end()) return std::nullopt;
    pairs.push_back({split.fresh, {}, split.partners});
  }
  return pairs;
}

bool constant(const std::vector<const Record*>& runs) {
  return runs.size() > 1 && std::all_of(runs.begin(), runs.end(), [&](const Record* run) {
           return !run->test->predicted.empty() && run->test->predicted == runs.front()->test->predicted;
         });
}

/// Seeds change nothing on either side: a method without chance, whose difference is known exactly.
bool exact(const std::vector<Seen>& splits) {
  return std::all_of(splits.begin(), splits.end(),
                     [](const Seen& split) { return constant(split.fresh) && constant(split.baseline); });
}

/// The step of the metric that one test image makes, taken as if all classes had as many; 0 for continuous metrics.
double resolution_of(const std::vector<Seen>& splits, const Metric& metric) {
  const std::size_t images = splits.front().fresh.front()->test->truth.size();
  return metric.lower_is_better || images == 0 ? 0 : 100.0 / static_cast<double>(images);
}

GuardVerdict verdict_of(const TTest& estimate, double level, const Metric& metric, double margin) {
  switch (verdict(equivalence_of(estimate, -margin, margin), level)) {
    case EquivalenceVerdict::equivalent:
      return GuardVerdict::equivalent;
    case EquivalenceVerdict::different:
      return (estimate.difference > 0) != metric.lower_is_better ? GuardVerdict::better : GuardVerdict::worse;
    case EquivalenceVerdict::undecided:
      break;
  }
  return GuardVerdict::undecided;
}

void describe(GuardedCell& cell, const Contrast& seen) {
  cell.fresh_runs = seen.fresh_runs;
  cell.baseline_runs = seen.baseline_runs;
  cell.fresh_mean = seen.fresh;
  cell.baseline_mean = seen.baseline;
  cell.difference = seen.fresh - seen.baseline;
}

/// Takes one look; true if it decides.
bool look(GuardedCell& cell, const std::vector<Seen>& splits, double level, const Metric& metric, double margin) {
  const auto pairs = paired(splits);
  cell.level = level;
  cell.identical_runs = 0;
  if (pairs) {
    for (const Seen& split : *pairs) {
      for (std::size_t r = 0; r < split.fresh.size(); ++r) {
        cell.identical_runs += identical(*split.fresh[r], *split.baseline[r]) ? 1 : 0;
      }
    }
  }
  const bool certain = exact(splits);
  const Contrast seen = contrast_of(pairs ? *pairs : splits, pairs ? Pairing::paired : Pairing::independent, metric,
                                    certain ? 0 : resolution_of(splits, metric));
  describe(cell, seen);
  if (pairs && cell.identical_runs == cell.fresh_runs) {
    cell.test = "identical";
    cell.verdict = GuardVerdict::equivalent;
    cell.interval = ConfidenceInterval{0, 0};
    return true;
  }
  cell.test = certain ? "exact" : pairs ? "paired t" : "Welch's t";
  if (!seen.test) return false;
  const double d = seen.test->difference;
  cell.interval = seen.test->standard_error > 0 ? t_interval(*seen.test, 2 * level) : ConfidenceInterval{d, d};
  cell.verdict = verdict_of(*seen.test, level, metric, margin);
  return cell.verdict != GuardVerdict::undecided;
}

/// What makes a comparison other than one of code.
void note_circumstances(GuardedCell& cell, const std::vector<GuardedSplit>& splits) {
  for (const GuardedSplit& split : splits) {
    const Record *ours = split.fresh.front().record, *theirs = split.baseline.front();
    if (!ours) continue;
    if (ours->data_digest != theirs->data_digest || ours->split_digest != theirs->split_digest) {
      note(cell, fmt::format("split {}: other images or another split than the baseline's", split.index));
    }
    if (ours->trial.params != theirs->trial.params) {
      note(cell, fmt::format("split {}: tuning chose another configuration than the baseline's, and the interval knows "
                             "nothing of its chance",
                             split.index));
    }
  }
}

void note_no_baseline(GuardedCell& cell, const std::vector<GuardedSplit>& splits) {
  for (const GuardedSplit& split : splits) {
    if (!split.baseline.empty()) continue;
    note(cell,
         fmt::format("split {}: the baseline has no scored final run of this study (another protocol?)", split.index));
  }
}

void note_undecided(GuardedCell& cell) {
  if (!cell.interval) note(cell, "a split needs two runs on each side to show a spread");
  if (cell.wanted > 0) note(cell, fmt::format("the next look needs {} final runs a split", cell.wanted));
  if (cell.look == cell.looks) note(cell, "no look is left: more runs on both sides or a larger margin would decide");
}

std::vector<Seen> seen_at(const std::vector<GuardedSplit>& splits, int size) {
  std::vector<Seen> seen;
  for (const GuardedSplit& split : splits) {
    Seen& part = seen.emplace_back(Seen{{}, {}, split.baseline});
    for (std::size_t r = 0; r < static_cast<std::size_t>(size); ++r) {
      part.fresh.push_back(split.fresh[r].record);
      part.partners.push_back(split.partners[r]);
    }
  }
  return seen;
}

void add_costs(GuardedCell& cell, const std::vector<GuardedSplit>& splits, int planned) {
  for (const GuardedSplit& split : splits) {
    for (std::size_t r = 0; r < split.fresh.size(); ++r) {
      if (!split.fresh[r].record) continue;
      const double seconds = split.fresh[r].record->cost.charged();
      cell.device_seconds += seconds;
      if (r >= static_cast<std::size_t>(planned)) cell.extra_seconds += seconds;
    }
  }
}

}  // namespace

GuardedCell judge(std::vector<GuardedSplit> splits, const std::vector<int>& sizes, const Metric& metric,
                  const GuardDesign& design) {
  GuardedCell cell;
  cell.looks = static_cast<int>(sizes.size());
  add_costs(cell, splits, sizes.front());
  int runs = 0;
  bool comparable = true;
  for (GuardedSplit& split : splits) {
    std::erase_if(split.baseline, [&](const Record* run) { return !score(*run, metric); });
    for (const Record*& partner : split.partners) {
      if (partner && !score(*partner, metric)) partner = nullptr;
    }
    runs += static_cast<int>(split.baseline.size());
    comparable = comparable && !split.baseline.empty();
  }
  if (!comparable) {
    cell.incomplete = true;
    note_no_baseline(cell, splits);
    const bool may_match =
        std::all_of(splits.begin(), splits.end(), [](const GuardedSplit& split) { return split.baseline_may_match; });
    if (may_match) ready(splits, sizes.front(), metric, cell);
    return cell;
  }
  std::vector<int> totals;
  for (const int size : sizes) totals.push_back(size * static_cast<int>(splits.size()));
  const std::vector<double> levels = look_levels(totals, runs, design.alpha);
  for (std::size_t k = 0; k < sizes.size(); ++k) {
    if (!ready(splits, sizes[k], metric, cell)) break;
    cell.look = static_cast<int>(k) + 1;
    if (look(cell, seen_at(splits, sizes[k]), levels[k], metric, design.margin)) break;
  }
  cell.incomplete = cell.look == 0;
  note_circumstances(cell, splits);
  if (cell.verdict == GuardVerdict::undecided && cell.look > 0) note_undecided(cell);
  return cell;
}

}  // namespace scant
