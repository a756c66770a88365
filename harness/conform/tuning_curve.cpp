// Tuning curves against reference numbers.
#include "results/statistics/tuning_curve.hpp"

#include <algorithm>

#include "harness/conform/lists.hpp"

namespace scant {
namespace {

// The reference takes the deviation as a difference of squares.
constexpr Tolerance kDeviation{.abs = 1e-6, .rel = 1e-6};

void check_expected_max(const Json& golden, Comparison& compare) {
  const std::vector<double> validation = doubles_of(golden.at("validation"));
  for (const auto& [name, draw] : {std::pair{std::string("with_replacement"), Draw::with_replacement},
                                   std::pair{std::string("without_replacement"), Draw::without_replacement}}) {
    const ExpectedBest got = expected_best(validation, draw);
    compare.set_tolerance(kNineDigits);
    compare.numbers(name + "_mean", got.mean, golden.at(name + "_mean"));
    compare.set_tolerance(kDeviation);
    compare.numbers(name + "_std", got.sd, golden.at(name + "_std"));
  }
  compare.set_tolerance(kNineDigits);
  compare.number("max", validation.at(by_validation(validation).back()), golden.at("max"));
}

void check_selected(const Json& golden, Comparison& compare) {
  const std::vector<double> validation = doubles_of(golden.at("validation")), test = doubles_of(golden.at("test"));
  compare.exact("order", by_validation(validation), golden.at("order"));
  compare.numbers("test of the selected", expected_test_of_selected(validation, test, Draw::with_replacement),
                  golden.at("with_replacement"));
}

void check_incumbent(const Json& golden, Comparison& compare) {
  const std::vector<double> validation = doubles_of(golden.at("validation"));
  const std::vector<double> seconds = doubles_of(golden.at("device_seconds")),
                            grid = doubles_of(golden.at("budget_grid"));
  const Json &orders = golden.at("permutations"), &expected = golden.at("incumbent_value");
  compare.exact("permutations", expected.size(), orders.size());
  for (std::size_t i = 0; i < std::min(orders.size(), expected.size()); ++i) {
    compare.numbers("incumbent[" + std::to_string(i) + "]",
                    incumbent(validation, seconds, orders[i].get<std::vector<std::size_t>>(), grid), expected[i]);
  }
}

void check_curves(const GoldenFile&, const Json& golden, Comparison& compare) {
  compare.set_tolerance(kNineDigits);
  check_expected_max(golden.at("expected_max"), compare);
  check_selected(golden.at("expected_test_of_selected"), compare);
  check_incumbent(golden.at("anytime_incumbent"), compare);
}

}  // namespace

const RegisterKind tuning_curve_kind{{"tuning curves",
                                      [](const GoldenFile& file, const Json& golden) {
                                        return file.stem == "tuning_curve" && golden.contains("expected_max");
                                      },
                                      check_curves}};

}  // namespace scant
