// `scant verify BUNDLE`: is a submission what it says, from its file alone.
#include "results/leaderboard/verify.hpp"

#include <fmt/format.h>

#include "harness/cli/command.hpp"

namespace scant {
namespace {

int verify_bundle(const std::filesystem::path& file, const Globals& globals) {
  const Verification verification = verify(read_bundle(file), catalogue());
  fmt::print("{}", globals.json ? verification.to_json().dump(2) + "\n" : verification.text());
  if (!verification.valid()) return exit_failed;
  return verification.complete() ? exit_done : exit_incomplete;
}

}  // namespace

void add_verify(CLI::App& app, const Globals& globals, Action& action) {
  auto* command = app.add_subcommand(
      "verify",
      "Check a bundle without its store: digests, plan made again from the suite, test opened once a final run, "
      "budget, "
      "tuning decided again from validation reports, metrics from stored predictions, one set of data. Names every "
      "violation. Digests tell what was changed later, not whether the submitter tells the truth. Exit code 1 on a "
      "violation, 3 if runs are missing and the bundle says so");
  auto file = std::make_shared<std::filesystem::path>();
  command->add_option("BUNDLE", *file, "File that `scant submit` wrote")->required()->check(CLI::ExistingFile);
  command->callback([file, &globals, &action] { action = [file, &globals] { return verify_bundle(*file, globals); }; });
}

}  // namespace scant
