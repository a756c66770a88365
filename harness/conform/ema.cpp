// Checks of networks that follow another: how much they keep at a step, and the move itself.
#include "harness/conform/lists.hpp"
#include "harness/learn/averaging.hpp"
#include "harness/learn/schedule.hpp"

namespace scant {
namespace {

void check_momentum(const Json& golden, Comparison& compare) {
  const Json& params = golden.at("params");
  const double base = params.at("base_tau"), last = params.at("final_tau");
  const std::int64_t steps = params.at("max_steps");
  compare.exact("parameters", params.size(), 3);
  // lightly takes what keeps the target from the function that its learning rates come from.
  const Schedule inclusive{.kind = "warm-up-ends-at-floor", .rate = base, .floor = last, .steps = steps};
  for (const auto& [what, expected] : golden.at("outputs").items()) {
    const bool lightly = what == "tau_lightly_K_minus_1";
    compare.check(what + " is known", lightly || what == "tau" || what == "tau_byol");
    std::vector<double> got;
    for (const std::int64_t step : golden.at("inputs").at("steps").get<std::vector<std::int64_t>>()) {
      got.push_back(lightly ? rate_at(inclusive, step)
                            : cosine_between(base, last, static_cast<double>(step), static_cast<double>(steps)));
    }
    compare.numbers(what, got, expected);
  }
}

void check_moves(const Json& golden, Comparison& compare) {
  const Json &inputs = golden.at("inputs"), &expected = golden.at("outputs");
  const std::vector<torch::Tensor> target{tensor_of(inputs.at("target_before"))};
  const Json &sources = inputs.at("online_sequence"), &wanted = expected.at("target_after_each");
  compare.exact("parameters", golden.at("params").size(), 1);
  compare.exact("outputs", expected.size(), 1);
  compare.exact("moves", sources.size(), wanted.size());
  for (std::size_t i = 0; i < std::min(sources.size(), wanted.size()); ++i) {
    move_towards(target, {tensor_of(sources[i])}, golden.at("params").at("tau"));
    compare.tensor("target", target.front(), wanted[i]);
  }
}

void check_average(const GoldenFile&, const Json& golden, Comparison& compare) {
  compare.set_tolerance({.abs = 1e-14, .rel = 1e-10});
  golden.at("inputs").contains("online_sequence") ? check_moves(golden, compare) : check_momentum(golden, compare);
}

}  // namespace

const RegisterKind ema_kind{
    {"moving averages", [](const GoldenFile& file, const Json&) { return file.stem == "ema"; }, check_average}};

}  // namespace scant
