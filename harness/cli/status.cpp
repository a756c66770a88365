// `scant status SUITE`: how far each study of a store has come.
#include <fmt/format.h>

#include "harness/cli/command.hpp"
#include "harness/core/store.hpp"
#include "results/progress.hpp"

namespace scant {
namespace {

struct StatusFlags {
  std::string suite;
  std::filesystem::path out;
};

int status(const StatusFlags& flags, const Globals& globals) {
  const Suite suite = read_suite(flags.suite, catalogue());
  const Plan plan = make_plan(suite, catalogue());
  const Store store(store_folder(flags.out, suite), Store::Mode::read);
  const std::vector<StudyProgress> studies = progress_of(
      plan, store.records(), [&store](const std::string& trial_id) { return store.spent(trial_id).value_or(Cost{}); });
  fmt::print("{}", globals.json ? progress_json(suite.name, studies).dump(2) + "\n" : progress_text(studies));
  return finished(studies) ? exit_done : exit_incomplete;
}

}  // namespace

void add_status(CLI::App& app, const Globals& globals, Action& action) {
  auto* command = app.add_subcommand("status", "What each study has done and spent; exit code 3 if runs are missing");
  auto flags = std::make_shared<StatusFlags>();
  command->add_option("SUITE", flags->suite, "Suite file (TOML)")->required()->check(CLI::ExistingFile);
  command->add_option("--out", flags->out, "Folder of the suite's store; default runs/<suite>");
  command->callback([flags, &globals, &action] { action = [flags, &globals] { return status(*flags, globals); }; });
}

}  // namespace scant
