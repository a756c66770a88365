// `scant run SUITE`: the main job. Trains what the store lacks, then prints the table.
#include <fmt/format.h>

#include <map>

#include "harness/cli/interrupt.hpp"
#include "harness/cli/training.hpp"
#include "results/judged.hpp"
#include "results/logs/tensorboard.hpp"
#include "results/table.hpp"

namespace scant {
namespace {

struct RunFlags {
  std::string suite, format = "md";
  std::filesystem::path out, tensorboard;
  TrainingFlags training;
};

/// Writes a training's event file as soon as it has ended; files of earlier ones first. `plan` must outlive the store.
void log_events(Store& store, const Plan& plan, const std::filesystem::path& folder) {
  std::map<std::string, const Study*> studies;
  for (const Study& study : plan.studies) studies[study.id()] = &study;
  const auto write = [studies, folder](const Record& record) {
    if (const auto study = studies.find(record.study); study != studies.end()) {
      write_events(folder, *study->second, record);
    }
  };
  for (const Record& record : store.records()) write(record);
  store.on_put(write);
}

int run(const RunFlags& flags, const Globals& globals) {
  const Suite suite = read_suite(flags.suite, catalogue());
  const Plan plan = make_plan(suite, catalogue());
  Store store(store_folder(flags.out, suite));
  if (!flags.tensorboard.empty()) log_events(store, plan, flags.tensorboard);
  Screen screen(globals.json);
  const RunOptions options = training_options(flags.training, globals, screen);
  const RunSummary summary = run_plan(suite, plan, store, options, stop_on_signals());
  screen.clear();
  if (summary.interrupted) {
    screen.say(fmt::format("interrupted; the same command goes on from {}", store.folder().string()));
    return summary.exit_code();
  }
  screen.say(summary.ledger.text());
  const Table table = make_table(suite, plan, judged_by(store.records(), suite.table.judge, suite));
  fmt::print("{}", render(table, globals.json ? Format::json : format_from(flags.format)));
  return summary.exit_code();
}

}  // namespace

void add_run(CLI::App& app, const Globals& globals, Action& action) {
  auto* command = app.add_subcommand("run", "Tune, train and score what a suite names, then print its table");
  auto flags = std::make_shared<RunFlags>();
  command->add_option("SUITE", flags->suite, "Suite file (TOML)")->required()->check(CLI::ExistingFile);
  command->add_option("--out", flags->out, "Folder of this suite's store; default runs/<suite>");
  add_training_options(*command, flags->training);
  command->add_option("--tensorboard", flags->tensorboard,
                      "Write an event file for TensorBoard below this folder when a training ends");
  command->add_option("--format", flags->format, "md, csv, tex or json")->capture_default_str();
  command->callback([flags, &globals, &action] { action = [flags, &globals] { return run(*flags, globals); }; });
}

}  // namespace scant
