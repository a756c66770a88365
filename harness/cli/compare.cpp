// `scant compare SUITE`: the methods of a store against each other, over data sets and on each.
#include <fmt/format.h>

#include "harness/cli/command.hpp"
#include "harness/core/store.hpp"
#include "results/comparison.hpp"
#include "results/judged.hpp"

namespace scant {
namespace {

struct CompareFlags {
  std::string suite, metric, judge, reference;
  std::filesystem::path out;
  double alpha = 0, rope = 1;
  int replicates = 10000;
};

int compare_methods(const CompareFlags& flags, const Globals& globals) {
  Suite suite = read_suite(flags.suite, catalogue());
  if (!flags.metric.empty()) suite.table.metric = flags.metric;
  if (!flags.judge.empty()) suite.table.judge = flags.judge;
  if (!flags.reference.empty()) suite.table.reference = flags.reference;
  if (flags.alpha > 0) suite.table.alpha = flags.alpha;
  const Store store(store_folder(flags.out, suite), Store::Mode::read);
  const Plan plan = make_plan(suite, catalogue());
  const std::vector<Record> records = judged_by(store.records(), suite.table.judge, suite);
  const Table table = make_table(suite, plan, records);
  constexpr int every_core = 0;
  const MethodComparison comparison =
      compare(table, plan, records, suite.seed, flags.replicates, every_core, flags.rope);
  fmt::print("{}", globals.json ? comparison.to_json().dump(2) + "\n" : comparison.text());
  return table.complete() ? exit_done : exit_incomplete;
}

}  // namespace

void add_compare(CLI::App& app, const Globals& globals, Action& action) {
  auto* command = app.add_subcommand(
      "compare", "Methods against each other: ranks over data sets, intervals, tests; exit code 3 if runs are missing");
  auto flags = std::make_shared<CompareFlags>();
  command->add_option("SUITE", flags->suite, "Suite file (TOML)")->required()->check(CLI::ExistingFile);
  command->add_option("--out", flags->out, "Folder of the suite's store; default runs/<suite>");
  command->add_option("--metric", flags->metric, "balanced_accuracy or accuracy; default as the suite says")
      ->check(CLI::IsMember({"balanced_accuracy", "accuracy"}));
  command->add_option("--judge", flags->judge, "Label of the judge whose scores are compared");
  command->add_option("--reference", flags->reference, "Label of the method that others are compared with");
  command->add_option("--alpha", flags->alpha, "Level of tests and intervals")->check(CLI::Range(0.0001, 0.5));
  command->add_option("--rope", flags->rope, "Differences within this many points are practically none")
      ->check(CLI::Range(0.0, 50.0))
      ->capture_default_str();
  command->add_option("--replicates", flags->replicates, "Of every bootstrap")
      ->check(CLI::Range(100, 10'000'000))
      ->capture_default_str();
  command->callback(
      [flags, &globals, &action] { action = [flags, &globals] { return compare_methods(*flags, globals); }; });
}

}  // namespace scant
