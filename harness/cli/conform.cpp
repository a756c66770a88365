// `scant conform FILE|DIR...`: compares this program's parts with reference implementations' numbers.
#include "harness/conform/conform.hpp"

#include "harness/cli/command.hpp"

namespace scant {

void add_conform(CLI::App& app, const Globals& globals, Action& action) {
  auto* command = app.add_subcommand("conform", "Compare with golden files of reference implementations");
  command->footer("Exit code 1: a difference; 3: a kind of case that has no check yet.");
  auto paths = std::make_shared<std::vector<std::filesystem::path>>();
  command->add_option("PATH", *paths, "Golden files, or folders of them")->required();
  command->callback(
      [paths, &globals, &action] { action = [paths, &globals] { return conform(*paths, globals.json); }; });
}

}  // namespace scant
