// How often the regression guard is wrong: simulated guards over scores that real trainings gave.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cmath>

#include "harness/core/random.hpp"
#include "results/metric.hpp"
#include "results/regression/cell.hpp"
#include "results/statistics.hpp"
#include "tests/results/regression_example.hpp"
#include "tests/results/regression_scores.hpp"

namespace scant {
namespace {

using example::scores;
using example::test_images;

struct World {
  int splits = 1, planned = 4, baseline = 4;
  bool paired = false;  // the same trials on both sides, where the baseline has them
  double shared = 0;    // of pairs: the share of seeds whose score the new code repeats
  double shift = 0;     // true difference, new - baseline
  double margin = 1;
};
constexpr int step = 4, most = 12;

/// Chances of each verdict, of `repetitions` guards.
struct Rates {
  double worse = 0, better = 0, equivalent = 0, undecided = 0, first_look = 0;
};

/// Final runs of one side with fresh scores each time: records are made once, for ids cost a hash.
class Simulation {
 public:
  explicit Simulation(const World& world) : world_(world), guarded_(world.splits, world.planned) {
    for (int s = 0; s < world.splits; ++s) {
      const Study& study = guarded_.plan.studies[static_cast<std::size_t>(s)];
      fresh_.push_back(blank(study, most));
      baseline_.push_back(blank(study, world.baseline));
    }
  }

  GuardedCell once(Random& random) {
    std::vector<GuardedSplit> splits;
    for (std::size_t s = 0; s < fresh_.size(); ++s) {
      GuardedSplit& split = splits.emplace_back();
      // Splits differ by more than seeds do.
      const double level = 10.0 * static_cast<double>(s);
      for (Record& run : baseline_[s]) {
        set(run, level + draw(random));
        split.baseline.push_back(&run);
      }
      for (std::size_t r = 0; r < fresh_[s].size(); ++r) {
        Record* partner = world_.paired && r < baseline_[s].size() ? &baseline_[s][r] : nullptr;
        split.partners.push_back(partner);
        const bool repeats = partner && random.uniform() < world_.shared;
        const double score = repeats ? partner->test->accuracy * 100 : level + draw(random);
        set(fresh_[s][r], score + world_.shift);
        split.fresh.push_back({&fresh_[s][r], ""});
      }
    }
    return judge(splits, look_sizes(world_.planned, step, most), metric_of("accuracy"),
                 {.margin = world_.margin, .alpha = 0.05, .step = step, .max_runs = most});
  }

 private:
  static std::vector<Record> blank(const Study& study, int runs) {
    std::vector<Record> records;
    for (int r = 0; r < runs; ++r) {
      records.push_back(example::scored(study, r, 0));
      records.back().test->truth.assign(test_images, 0);
    }
    return records;
  }
  static double draw(Random& random) { return scores[random.below(std::size(scores))]; }
  static void set(Record& record, double score) { record.test->accuracy = score / 100; }

  World world_;
  example::Guarded guarded_;
  std::vector<std::vector<Record>> fresh_, baseline_;
};

Rates simulate(const World& world, int repetitions) {
  Simulation simulation(world);
  Rates rates;
  for (int i = 0; i < repetitions; ++i) {
    Random random(7, static_cast<std::uint64_t>(i));
    const GuardedCell cell = simulation.once(random);
    const double one = 1.0 / repetitions;
    if (cell.verdict == GuardVerdict::worse) rates.worse += one;
    if (cell.verdict == GuardVerdict::better) rates.better += one;
    if (cell.verdict == GuardVerdict::equivalent) rates.equivalent += one;
    if (cell.verdict == GuardVerdict::undecided) rates.undecided += one;
    if (cell.verdict != GuardVerdict::undecided && cell.look == 1) rates.first_look += one;
  }
  fmt::print(
      "{} split(s), {} v {} runs, {} ({}), shift {:+.2f}, margin {:.2f}: worse {:.4f}, better {:.4f}, "
      "equivalent {:.4f}, undecided {:.4f}, at the first look {:.4f}\n",
      world.splits, world.planned, world.baseline, world.paired ? "pairs" : "independent", world.shared, world.shift,
      world.margin, rates.worse, rates.better, rates.equivalent, rates.undecided, rates.first_look);
  return rates;
}

/// A rate that is `alpha` at most, and two standard errors of the simulation.
double limit(double alpha, int repetitions) {
  return alpha + 2 * std::sqrt(alpha * (1 - alpha) / repetitions);
}

/// Independent seeds, and pairs that share nothing, a part or nearly all with their partner.
std::vector<World> worlds() {
  std::vector<World> all;
  for (const int splits : {1, 3}) {
    for (const auto& [planned, baseline] : {std::pair{4, 4}, std::pair{2, 10}, std::pair{4, 2}}) {
      all.push_back({.splits = splits, .planned = planned, .baseline = baseline});
      for (const double shared : {0.0, 0.5, 0.9}) {
        if (baseline < planned) continue;
        all.push_back({.splits = splits, .planned = planned, .baseline = baseline, .paired = true, .shared = shared});
      }
    }
  }
  return all;
}

constexpr double alpha = 0.05;
constexpr int repetitions = 2000;

TEST(RegressionErrors, NoDifferenceIsSeldomCalledOneWhateverTheMargin) {
  for (World world : worlds()) {
    // Without a margin to speak of, every difference that chance makes is on trial: the hardest case.
    for (const double margin : {0.01, 1.0}) {
      world.margin = margin;
      const Rates rates = simulate(world, repetitions);
      EXPECT_LE(rates.worse, limit(alpha, repetitions));
      EXPECT_LE(rates.better, limit(alpha, repetitions));
    }
  }
}

TEST(RegressionErrors, ADifferenceOfTheMarginIsSeldomCalledWorseOrEquivalent) {
  for (World world : worlds()) {
    world.margin = 2 * sample_sd({std::begin(scores), std::end(scores)});
    world.shift = -world.margin;
    const Rates below = simulate(world, repetitions);
    EXPECT_LE(below.worse, limit(alpha, repetitions));
    EXPECT_LE(below.equivalent, limit(alpha, repetitions));
    world.shift = world.margin;
    const Rates above = simulate(world, repetitions);
    EXPECT_LE(above.better, limit(alpha, repetitions));
    EXPECT_LE(above.equivalent, limit(alpha, repetitions));
  }
}

TEST(RegressionErrors, LargeLossesAndWideMarginsAreDecided) {
  const double spread = sample_sd({std::begin(scores), std::end(scores)});
  World world{.splits = 3, .planned = 4, .baseline = 10, .margin = spread};
  world.shift = -3 * spread;
  EXPECT_GE(simulate(world, repetitions).worse, 0.95);
  world.shift = 0;
  world.margin = 2 * spread;
  EXPECT_GE(simulate(world, repetitions).equivalent, 0.95);
}

}  // namespace
}  // namespace scant
