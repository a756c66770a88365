// The schedules, one function each, and the table of their names.
#include "harness/learn/schedule.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <numbers>

#include "harness/core/error.hpp"

namespace scant {
namespace {

double linear_between(double from, double to, double step, double total) {
  return from + (to - from) * step / total;
}

/// Rate of a step after warm-up: to the floor along a cosine that spans all later steps.
double cosine_after_warm_up(const Schedule& s, std::int64_t step) {
  return cosine_between(s.rate, s.floor, static_cast<double>(step - s.warm_up),
                        static_cast<double>(s.steps - s.warm_up));
}

double constant(const Schedule& s, std::int64_t) {
  return s.rate;
}

double cosine(const Schedule& s, std::int64_t step) {
  return cosine_between(s.rate, s.floor, static_cast<double>(step), static_cast<double>(s.steps));
}

double multistep(const Schedule& s, std::int64_t step) {
  double rate = s.rate;
  for (const std::int64_t milestone : s.milestones) rate *= step >= milestone ? s.factor : 1;
  return rate;
}

/// Starts at `start` and reaches the peak with the first step after warm-up: SimCLR, BYOL.
double warm_up(const Schedule& s, std::int64_t step) {
  if (step >= s.warm_up) return cosine_after_warm_up(s, step);
  return linear_between(s.start, s.rate, static_cast<double>(step), static_cast<double>(s.warm_up));
}

/// Reaches the peak with the last step of warm-up and stays for another: SwAV, t-ReX, solo-learn.
double warm_up_repeats_peak(const Schedule& s, std::int64_t step) {
  if (step >= s.warm_up) return cosine_after_warm_up(s, step);
  return linear_between(s.start, s.rate, static_cast<double>(step), std::max(1.0, static_cast<double>(s.warm_up - 1)));
}

/// Takes its first warm-up step at once, and is at the floor with the last of all steps: lightly, also for what keeps a
/// target network.
double warm_up_ends_at_floor(const Schedule& s, std::int64_t step) {
  if (step < s.warm_up) {
    return linear_between(s.start, s.rate, static_cast<double>(step + 1), static_cast<double>(s.warm_up));
  }
  const std::int64_t last = s.steps - s.warm_up - 1, at = step - s.warm_up;
  return at >= last ? s.floor : cosine_between(s.rate, s.floor, static_cast<double>(at), static_cast<double>(last));
}

/// A cosine over epochs counted from 1; warm-up goes by the step to where that cosine is when warm-up ends:
/// SupContrast.
double supcontrast(const Schedule& s, std::int64_t step) {
  const auto span = static_cast<double>(s.steps) / static_cast<double>(s.steps_an_epoch);
  const auto at_epoch = [&](std::int64_t epoch) {
    return cosine_between(s.rate, s.floor, static_cast<double>(epoch), span);
  };
  if (step >= s.warm_up) return at_epoch(step / s.steps_an_epoch + 1);
  return linear_between(s.start, at_epoch(s.warm_up / s.steps_an_epoch), static_cast<double>(step),
                        static_cast<double>(s.warm_up));
}

/// Every cycle is a whole cosine schedule: Loshchilov & Hutter, "SGDR", ICLR 2017.
double warm_restarts(const Schedule& s, std::int64_t step) {
  const Cycle cycle = cycle_at(step, s.cycle, s.growth);
  return cosine_between(s.rate, s.floor, static_cast<double>(step - cycle.begin), static_cast<double>(cycle.length));
}

/// Every cycle rises in a straight line from the floor and falls along a cosine: Kocyigit, Hospedales & Bilen,
/// "Accelerating Self-Supervised Learning via Efficient Training Strategies", WACV 2023; the shape is our reading.
double cycles(const Schedule& s, std::int64_t step) {
  const Cycle cycle = cycle_at(step, s.cycle, s.growth);
  const double rising = s.rise * static_cast<double>(cycle.length), at = static_cast<double>(step - cycle.begin);
  if (at < rising) return linear_between(s.floor, s.rate, at, rising);
  return cosine_between(s.rate, s.floor, at - rising, static_cast<double>(cycle.length) - rising);
}

/// Up along half a cosine and down along another, at the floor with the last step: Smith & Topin, "Super-Convergence",
/// 2019, as torch has it. With other values also one-cycle's momentum, which goes the other way.
double one_cycle(const Schedule& s, std::int64_t step) {
  const double peak = s.rise * static_cast<double>(s.steps) - 1, last = static_cast<double>(s.steps - 1);
  const auto at = static_cast<double>(step);
  return at <= peak ? cosine_between(s.start, s.rate, at, peak)
                    : cosine_between(s.rate, s.floor, at - peak, last - peak);
}

/// Straight up and down in cycles of one length: Smith, "Cyclical Learning Rates for Training Neural Networks", WACV
/// 2017. `height`: of a cycle over the one before it.
double triangle(const Schedule& s, std::int64_t step, double height) {
  const Cycle cycle = cycle_at(step, s.cycle, 1);
  const double at = static_cast<double>(step - cycle.begin) / static_cast<double>(cycle.length);
  const double share = at <= s.rise ? at / s.rise : (1 - at) / (1 - s.rise);
  return s.floor + (s.rate - s.floor) * share * std::pow(height, static_cast<double>(cycle.index));
}

double triangular(const Schedule& s, std::int64_t step) {
  return triangle(s, step, 1);
}

double halved_triangular(const Schedule& s, std::int64_t step) {
  return triangle(s, step, 0.5);
}

const std::map<std::string, double (*)(const Schedule&, std::int64_t)>& functions() {
  static const std::map<std::string, double (*)(const Schedule&, std::int64_t)> all{
      {"constant", constant},
      {"cosine", cosine},
      {"multistep", multistep},
      {"warm-up", warm_up},
      {"warm-up-repeats-peak", warm_up_repeats_peak},
      {"warm-up-ends-at-floor", warm_up_ends_at_floor},
      {"supcontrast", supcontrast},
      {"warm-restarts", warm_restarts},
      {"cycles", cycles},
      {"one-cycle", one_cycle},
      {"triangular", triangular},
      {"triangular2", halved_triangular},
  };
  return all;
}

}  // namespace

double cosine_between(double from, double to, double step, double total) {
  return to + (from - to) / 2 * (1 + std::cos(std::numbers::pi * step / total));
}

double cosine_rate(double lr0, std::int64_t step, std::int64_t total) {
  return cosine_between(lr0, 0, static_cast<double>(step), static_cast<double>(total));
}

double linear_scaled(double base, std::int64_t batch_size) {
  return base * static_cast<double>(batch_size) / 256;
}

double root_scaled(double base, std::int64_t batch_size) {
  return base * std::sqrt(static_cast<double>(batch_size));
}

std::int64_t steps_in(std::int64_t images, std::int64_t epochs, std::int64_t batch_size) {
  return images * epochs / batch_size;
}

Cycle cycle_at(std::int64_t step, std::int64_t first, double growth) {
  if (first < 1 || growth < 1) throw InputError(fmt::format("a cycle of {} steps that grows by {}", first, growth));
  Cycle cycle{.index = 0, .begin = 0, .length = first};
  while (step >= cycle.begin + cycle.length) {
    cycle.begin += cycle.length;
    cycle.length = std::llround(static_cast<double>(cycle.length) * growth);
    ++cycle.index;
  }
  return cycle;
}

std::vector<std::string> schedule_kinds() {
  std::vector<std::string> names;
  for (const auto& [name, function] : functions()) names.push_back(name);
  return names;
}

double rate_at(const Schedule& schedule, std::int64_t step) {
  const auto found = functions().find(schedule.kind);
  if (found == functions().end()) {
    throw InputError(
        fmt::format("unknown schedule \"{}\"; there are {}", schedule.kind, fmt::join(schedule_kinds(), ", ")));
  }
  return found->second(schedule, step);
}

}  // namespace scant
