// Learning rates, and whatever else changes while a network is trained, as pure functions of the step.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

namespace scant {

/// From one value to another along half a cosine: `from` at step 0, `to` at step `total`; beyond, it swings back.
double cosine_between(double from, double to, double step, double total);

/// lr0/2 * (1 + cos(pi t / total)), t = 0..total-1: Loshchilov & Hutter, "SGDR", ICLR 2017, without restarts.
double cosine_rate(double lr0, std::int64_t step, std::int64_t total);

/// A learning rate for a batch size: base * batch / 256, Goyal et al., "Accurate, Large Minibatch SGD", 2017.
double linear_scaled(double base, std::int64_t batch_size);
/// base * sqrt(batch), what SimCLR offers for small batches.
double root_scaled(double base, std::int64_t batch_size);

/// Whole batches in that many epochs of images, counted over the epochs' borders.
std::int64_t steps_in(std::int64_t images, std::int64_t epochs, std::int64_t batch_size);

/// A stretch of training that ends where a network may be evaluated; training may stop or go on there.
struct Cycle {
  std::int64_t index = 0, begin = 0, length = 0;  // steps
};
/// The cycle that a step lies in. The first has `first` steps (at least 1), each other `growth` times (at least 1) its
/// predecessor's, rounded. No horizon enters.
Cycle cycle_at(std::int64_t step, std::int64_t first, double growth);

/// One schedule. What a kind has no use for it ignores; counts are steps, or epochs if it is asked by the epoch.
struct Schedule {
  std::string kind = "cosine";  // one of schedule_kinds()
  double rate = 0.1;            // the highest
  double floor = 0;             // the lowest, where it falls to
  double start = 0;             // where warm-up, or one-cycle's rise, begins
  std::int64_t steps = 0;       // in all
  std::int64_t warm_up = 0;     // of them
  std::vector<std::int64_t> milestones = {};
  double factor = 0.1;              // of the rate at each milestone
  std::int64_t cycle = 0;           // the first cycle's
  double growth = 1;                // of a cycle over its predecessor
  double rise = 0.3;                // share of a cycle, or of one-cycle's steps, that the rate rises in
  std::int64_t steps_an_epoch = 0;  // supcontrast
};

/// Names that Schedule::kind knows, in alphabetical order; schedule.cpp says what they do.
std::vector<std::string> schedule_kinds();
/// The value of step 0, 1, ... Throws InputError for a kind that there is not.
double rate_at(const Schedule& schedule, std::int64_t step);

}  // namespace scant
