// Sequential tests, power and performance scores against reference numbers.
#include "harness/conform/lists.hpp"
#include "results/statistics/group_sequential.hpp"
#include "results/statistics/performance_score.hpp"
#include "results/statistics/power.hpp"
#include "results/statistics/sequential.hpp"
#include "results/statistics/tuning_curve.hpp"

namespace scant {
namespace {

constexpr Tolerance kBoundary{.abs = 1e-5, .rel = 0}, kPower{.abs = 1e-6, .rel = 1e-6};
// What the file means where it states no level.
constexpr double kLevel = 0.05;

double real(const Json& golden, const char* key) {
  return number_of(golden.at(key));
}

void check_bounds(const Json& designs, Comparison& compare) {
  compare.set_tolerance(kBoundary);
  for (const Json& design : designs) {
    const int looks = design.at("K").get<int>();
    const double alpha = real(design, "alpha_two_sided");
    const std::string at = "K=" + std::to_string(looks) + " ";
    compare.number(at + "Pocock", pocock_constant(looks, alpha), design.at("pocock_c"));
    compare.number(at + "O'Brien-Fleming", obrien_fleming_constant(looks, alpha), design.at("obrien_fleming_c"));
    compare.numbers(at + "bounds", obrien_fleming_bounds(looks, alpha), design.at("obrien_fleming_z_bounds"));
  }
  compare.set_tolerance(kNineDigits);
}

void check_spending(const Json& looks, Comparison& compare) {
  for (const Json& look : looks) {
    const double t = real(look, "t");
    compare.number("obf_like", obrien_fleming_spending(t, kLevel), look.at("obf_like"));
    compare.number("pocock_like", pocock_spending(t, kLevel), look.at("pocock_like"));
  }
}

std::string word(SprtDecision decision) {
  switch (decision) {
    case SprtDecision::go_on:
      return "continue";
    case SprtDecision::accept_null:
      return "accept_H0";
    case SprtDecision::reject_null:
      return "reject_H0";
  }
  return {};
}

void check_sprt(const Json& golden, Comparison& compare) {
  const Sprt got =
      sprt(doubles_of(golden.at("x")), {real(golden, "theta0"), real(golden, "theta1"), real(golden, "sigma2"),
                                        real(golden, "alpha"), real(golden, "beta")});
  compare.number("log_upper_A", got.log_upper, golden.at("log_upper_A"));
  compare.number("log_lower_B", got.log_lower, golden.at("log_lower_B"));
  compare.numbers("llr", got.log_ratio, golden.at("llr"));
  // Up to where the test ends: nothing is decided after that.
  for (std::size_t i = 0; i < got.values_used; ++i) {
    const bool last = i + 1 == got.values_used;
    compare.exact("decision[" + std::to_string(i) + "]", word(last ? got.decision : SprtDecision::go_on),
                  golden.at("decision").at(i));
  }
}

void check_mixture(const Json& golden, const Json& data, Comparison& compare) {
  const AlwaysValid got =
      always_valid(doubles_of(data.at("x")), real(data, "theta0"), real(data, "sigma2"), real(golden, "tau2"), kLevel);
  compare.numbers("lambda_n", got.ratio, golden.at("lambda_n"));
  compare.numbers("always_valid_p", got.p, golden.at("always_valid_p"));
  std::vector<double> low, high;
  for (const auto& [from, to] : got.interval) {
    low.push_back(from);
    high.push_back(to);
  }
  Json expected_low = Json::array(), expected_high = Json::array();
  for (const Json& interval : golden.at("confidence_sequence_95")) {
    expected_low.push_back(interval.at(0));
    expected_high.push_back(interval.at(1));
  }
  compare.numbers("confidence sequence, low", low, expected_low);
  compare.numbers("confidence sequence, high", high, expected_high);
}

void check_power(const Json& designs, Comparison& compare) {
  compare.set_tolerance(kPower);
  for (const Json& design : designs) {
    const double effect = real(design, "effect_d"), alpha = design.value("alpha", kLevel);
    if (design.contains("power")) {
      const double power = real(design, "power");
      compare.number("n_per_group", two_sample_size(effect, power, alpha), design.at("n_per_group"));
      compare.number("n_paired", paired_size(effect, power, alpha), design.at("n_paired"));
    } else {
      const double n = real(design, "n_per_group");
      compare.number("power_two_sample", two_sample_power(effect, n, alpha), design.at("power_two_sample"));
      compare.number("power_paired", paired_power(effect, n, alpha), design.at("power_paired"));
    }
  }
  compare.set_tolerance(kNineDigits);
}

void check_algoperf(const Json& golden, Comparison& compare) {
  std::vector<std::vector<std::vector<double>>> study_best;
  for (const Json& submission : golden.at("study_best_times")) study_best.push_back(matrix_of(submission));
  const auto times = times_to_target(study_best), ratios = ratios_to_best(times);
  std::vector<double> exact, trapezoid;
  for (std::size_t s = 0; s < ratios.size(); ++s) {
    const std::string at = "submission " + std::to_string(s);
    compare.numbers(at + " median", times[s], golden.at("per_workload_median").at(s));
    compare.numbers(at + " ratios", ratios[s], golden.at("ratios").at(s));
    exact.push_back(performance_score(ratios[s]));
    trapezoid.push_back(performance_score(ratios[s], 100));
  }
  compare.numbers("score_exact_integral", exact, golden.at("score_exact_integral"));
  compare.numbers("score_trapezoid_100", trapezoid, golden.at("score_trapezoid_100"));
}

void check_designs(const GoldenFile&, const Json& golden, Comparison& compare) {
  compare.set_tolerance(kNineDigits);
  check_bounds(golden.at("group_sequential"), compare);
  check_spending(golden.at("alpha_spending"), compare);
  check_sprt(golden.at("sprt"), compare);
  check_mixture(golden.at("msprt"), golden.at("sprt"), compare);
  const Json& signs = golden.at("sign_e_value");
  compare.numbers("e_process", sign_e_process(signs.at("wins").get<std::vector<int>>()), signs.at("e_process"));
  check_power(golden.at("power"), compare);
  check_algoperf(golden.at("algoperf"), compare);
  for (const Json& row : golden.at("random_search_coverage")) {
    compare.number("coverage", random_search_coverage(row.at("n").get<int>(), real(row, "q")), row.at("prob"));
  }
}

}  // namespace

const RegisterKind sequential_power_kind{{"sequential tests, power and performance scores",
                                          [](const GoldenFile& file, const Json& golden) {
                                            return file.stem == "sequential_power" &&
                                                   golden.contains("group_sequential");
                                          },
                                          check_designs}};

}  // namespace scant
