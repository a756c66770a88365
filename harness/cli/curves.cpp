// `scant curves SUITE`: what was measured after which epoch, as CSV or as event files of TensorBoard.
#include <fmt/format.h>

#include <map>

#include "harness/cli/command.hpp"
#include "harness/core/store.hpp"
#include "results/logs/tensorboard.hpp"

namespace scant {
namespace {

struct CurvesFlags {
  std::string suite;
  std::filesystem::path out, tensorboard;
};

int curves(const CurvesFlags& flags) {
  const Suite suite = read_suite(flags.suite, catalogue());
  const Plan plan = make_plan(suite, catalogue());
  const Store store(store_folder(flags.out, suite), Store::Mode::read);
  if (flags.tensorboard.empty()) {
    fmt::print("{}", curves_csv(plan, store.records()));
    return exit_done;
  }
  for (const Study& study : plan.studies) {
    for (const Record& record : store.records(study.id())) write_events(flags.tensorboard, study, record);
  }
  return exit_done;
}

}  // namespace

void add_curves(CLI::App& app, const Globals&, Action& action) {
  auto* command = app.add_subcommand("curves", "Loss, accuracies and embedding diagnostics of every training, as CSV");
  auto flags = std::make_shared<CurvesFlags>();
  command->add_option("SUITE", flags->suite, "Suite file (TOML)")->required()->check(CLI::ExistingFile);
  command->add_option("--out", flags->out, "Folder of the suite's store; default runs/<suite>");
  command->add_option("--tensorboard", flags->tensorboard,
                      "Write event files for TensorBoard below this folder instead, one folder a training");
  command->callback([flags, &action] { action = [flags] { return curves(*flags); }; });
}

}  // namespace scant
