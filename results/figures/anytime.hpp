// What a tuning budget has bought by when: expected best validation accuracy against device-seconds.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "harness/core/plan.hpp"
#include "harness/core/record.hpp"

namespace scant {

/// Mean incumbent (tuning_curve.hpp) over the orders in which the same trials might have run: all orders of up to six
/// trials, else 200 drawn from Random(seed, number). NaN where some order has nothing to show yet.
std::vector<double> expected_incumbent(const std::vector<double>& validation, const std::vector<double>& device_seconds,
                                       const std::vector<double>& grid, std::uint64_t seed);

/// Area under a curve over the logarithm of time, by trapezoids, divided by the length of that axis: the mean value
/// over an evenly drawn order of magnitude. Values that are not a number count as 0: nothing is there yet. `seconds`:
/// rising, above 0, two or more; throws std::invalid_argument otherwise.
double log_area(const std::vector<double>& seconds, const std::vector<double>& values);
/// First of `seconds` at which the value is at least `target`, less 1e-12; nothing if it never is.
std::optional<double> time_to_reach(const std::vector<double>& seconds, const std::vector<double>& values,
                                    double target);

/// One method on one data set, mean over splits. Times: 32 from B/1024 to B, evenly spaced in their logarithm, where B
/// is the protocol's budget of device-seconds, or without one what the dearest study of the data set spent.
struct AnytimeCurve {
  std::string dataset, method;
  std::vector<double> seconds;
  std::vector<double> accuracy;             // validation, in [0,1]; NaN until every split has one in every order
  double area = 0;                          // log_area
  std::optional<double> time_to_reference;  // until it reaches what the reference method has at B
};

struct Anytime {
  std::vector<AnytimeCurve> curves;   // by data set, then method
  std::vector<std::string> left_out;  // with reasons
};
/// Of every study that is completely tuned. A trial is worth its last reported validation accuracy and takes its
/// charged device-seconds; a failed one takes its time and is worth nothing. `reference`: a method's label.
Anytime anytime_curves(const Plan& plan, const std::vector<Record>& records, const std::string& reference);

}  // namespace scant
