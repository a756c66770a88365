// `scant run SUITE`: the main job. Trains what the store lacks, then prints the table.
#include <fmt/format.h>

#include "harness/cli/training.hpp"
#include "results/table.hpp"

namespace scant {
namespace {

struct Flags {
  std::string suite, format = "md";
  std::filesystem::path out;
  TrainingFlags training;
};

int run(const Flags& flags, const Globals& globals) {
  const Suite suite = read_suite(flags.suite, catalogue());
  const Plan plan = make_plan(suite, catalogue());
  Store store(flags.out.empty() ? std::filesystem::path("runs") / suite.name : flags.out);
  Screen screen(globals.json);
  const RunOptions options = training_options(flags.training, globals, screen);
  const RunSummary summary = run_plan(suite, plan, store, options, stop_on_signals());
  screen.clear();
  if (summary.interrupted) {
    screen.say(fmt::format("interrupted; the same command goes on from {}", store.folder().string()));
    return summary.exit_code();
  }
  const Table table = make_table(suite, plan, store.records());
  fmt::print("{}", render(table, globals.json ? Format::json : format_from(flags.format)));
  return summary.exit_code();
}

}  // namespace

void add_run(CLI::App& app, const Globals& globals, Action& action) {
  auto* command = app.add_subcommand("run", "Tune, train and score what a suite names, then print its table");
  auto flags = std::make_shared<Flags>();
  command->add_option("SUITE", flags->suite, "Suite file (TOML)")->required()->check(CLI::ExistingFile);
  command->add_option("--out", flags->out, "Folder of this suite's store; default runs/<suite>");
  add_training_options(*command, flags->training);
  command->add_option("--format", flags->format, "md, csv, tex or json")->capture_default_str();
  command->callback([flags, &globals, &action] { action = [flags, &globals] { return run(*flags, globals); }; });
}

}  // namespace scant
