// The charts of a suite, from what tables and comparisons compute. Pure functions; each in a file of its subject's
// name.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "results/comparison.hpp"
#include "results/figures/chart.hpp"
#include "results/table.hpp"

namespace scant {

/// Charts that can be drawn, and a reason for each that cannot.
struct Figures {
  std::vector<Chart> charts;
  std::vector<std::string> left_out;  // "anytime, CUB: ..."
};

/// Mean ranks over data sets on one line, with a bar under methods that no pair's test separates (Demsar, JMLR 7, 2006;
/// bars are MethodComparison's cliques, Benavoli et al., JMLR 17, 2016). `nemenyi`: a critical difference to draw
/// beside.
Figures critical_difference(const MethodComparison& comparison, std::optional<double> nemenyi = std::nullopt);

/// A data set each: every run of every method, its mean and the 95 % interval of the mean.
Figures run_strips(const Table& table);

/// A data set each: a method's mean score against the device-seconds that its tuning was charged.
Figures cost_charts(const Table& table);

/// A data set each: expected best validation accuracy against device-seconds of tuning (anytime.hpp).
Figures anytime_charts(const Plan& plan, const std::vector<Record>& records, const std::string& reference);

/// Over the data sets that count (normalised.hpp): share of runs above every normalised score, with bands from
/// `replicates` (2000 are customary) that follow from `seed` alone, whatever the number of threads.
Figures performance_profiles(const Table& table, const Plan& plan, const std::vector<Record>& records,
                             std::uint64_t seed, int replicates, int threads);

/// A data set each: mean and range over final runs, an epoch at a time.
enum class Curve { loss, accuracy };
Figures learning_curves(const Plan& plan, const std::vector<Record>& records, Curve curve);

/// A method on a data set each, all final runs together; cells without images are not drawn.
Figures confusion_matrices(const Plan& plan, const std::vector<Record>& records);

/// "anytime-cub-40-classes": lower-case letters and digits of both, everything else one dash.
std::string chart_name(const std::string& kind, const std::string& subject);
/// Axis titles.
std::string metric_title(const std::string& metric);
/// Still without marks.
ChartLayer layer_of(Mark mark, const std::string& series = {}, double weight = 1);

}  // namespace scant
