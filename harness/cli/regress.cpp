// `scant regress SUITE --against BASELINE`: runs the suite and says which cells got worse.
#include <fmt/format.h>

#include "harness/cli/guard.hpp"
#include "harness/cli/interrupt.hpp"
#include "harness/cli/training.hpp"

namespace scant {
namespace {

struct RegressFlags {
  std::string suite;
  std::filesystem::path against, out, junit;
  GuardDesign design;
  double device_seconds = 0;  // 0: the suite's budget
  bool read_only = false;
  TrainingFlags training;
};

/// By default three looks after the plan's own.
GuardDesign resolved(const RegressFlags& flags, const Plan& plan) {
  GuardDesign design = flags.design;
  if (design.max_runs > 0) return design;
  for (const Study& study : plan.studies) {
    design.max_runs = std::max(design.max_runs, study.dataset.protocol.final_runs + 3 * design.step);
  }
  return design;
}

/// What the seeds beyond the plan may cost together: as much as all studies may spend on tuning; 0 where one may spend
/// without limit.
double suite_seconds(const Plan& plan) {
  double seconds = 0;
  for (const Study& study : plan.studies) {
    if (study.dataset.protocol.budget.device_seconds <= 0) return 0;
    seconds += study.dataset.protocol.budget.device_seconds;
  }
  return seconds;
}

void require_two_stores(const std::filesystem::path& against, const std::filesystem::path& out) {
  std::error_code absent;  // a store that is not there yet is another one
  if (!std::filesystem::equivalent(against, out, absent)) return;
  throw InputError("is the store of the new runs as well; name another with --out", {against.string()});
}

int exit_code(const Regression& regression) {
  if (regression.count(GuardVerdict::worse) > 0) return exit_failed;
  return regression.count(GuardVerdict::undecided) > 0 ? exit_incomplete : exit_done;
}

int print(const Regression& regression, const RegressFlags& flags, const Globals& globals) {
  if (!flags.junit.empty()) write_file_atomically(flags.junit, regression.junit());
  fmt::print("{}", globals.json ? regression.to_json().dump(2) + "\n" : regression.text());
  return exit_code(regression);
}

int regress_suite(const RegressFlags& flags, const Globals& globals) {
  const Suite suite = read_suite(flags.suite, catalogue());
  const Plan plan = make_plan(suite, catalogue());
  const std::filesystem::path out = store_folder(flags.out, suite);
  require_two_stores(flags.against, out);
  const std::vector<Record> baseline = read_baseline(flags.against);
  const GuardDesign design = resolved(flags, plan);
  if (flags.read_only) {
    return print(regress(suite, plan, Store(out, Store::Mode::read).records(), baseline, design), flags, globals);
  }
  Store store(out);
  Screen screen(globals.json);
  const double seconds = flags.device_seconds > 0 ? flags.device_seconds : suite_seconds(plan);
  const Guarded guarded = guard(suite, plan, store, baseline, design, seconds,
                                training_options(flags.training, globals, screen), stop_on_signals());
  screen.clear();
  if (guarded.interrupted) {
    screen.say(fmt::format("interrupted; the same command goes on from {}", out.string()));
    return exit_interrupted;
  }
  return print(guarded.regression, flags, globals);
}

}  // namespace

void add_regress(CLI::App& app, const Globals& globals, Action& action) {
  auto* command = app.add_subcommand(
      "regress",
      "Run a suite and compare every cell with a baseline: equivalent, better, worse or undecided within a margin; "
      "adds seeds until every cell is decided. Exit code 1 if a cell is worse, 3 if one is undecided");
  auto flags = std::make_shared<RegressFlags>();
  command->add_option("SUITE", flags->suite, "Suite file (TOML)")->required()->check(CLI::ExistingFile);
  command
      ->add_option("--against", flags->against,
                   "The baseline: a store's folder, or JSON lines from `scant records` of the old code")
      ->required()
      ->check(CLI::ExistingPath);
  command->add_option("--out", flags->out, "Folder of the new runs' store; default runs/<suite>. What it holds stays");
  command->add_flag("--read-only", flags->read_only, "Train nothing: compare what the store holds");
  command->add_option("--margin", flags->design.margin, "Differences below it do not matter; points of the metric")
      ->check(CLI::Range(1e-6, 100.0))
      ->capture_default_str();
  command->add_option("--alpha", flags->design.alpha, "Chance of each wrong verdict on a cell, over all looks")
      ->check(CLI::Range(0.0001, 0.4))
      ->capture_default_str();
  command
      ->add_option("--max-runs", flags->design.max_runs,
                   "Final runs a split up to which undecided cells get more; default the suite's and three steps")
      ->check(CLI::Range(1, 10'000));
  command->add_option("--step", flags->design.step, "Final runs a split that each further look adds")
      ->check(CLI::Range(1, 1000))
      ->capture_default_str();
  command
      ->add_option("--device-seconds", flags->device_seconds,
                   "What the seeds beyond the suite's may cost in all; default the studies' device-seconds together")
      ->check(CLI::Range(0.001, 1e9));
  command->add_option("--junit", flags->junit, "Also write JUnit XML, a test case a cell, for CI systems");
  add_training_options(*command, flags->training);
  command->callback(
      [flags, &globals, &action] { action = [flags, &globals] { return regress_suite(*flags, globals); }; });
}

}  // namespace scant
