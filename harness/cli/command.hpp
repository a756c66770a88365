// What every subcommand's file offers: a function that adds it to the program.
#pragma once
#include <CLI/CLI.hpp>
#include <filesystem>
#include <functional>

#include "harness/core/catalogue.hpp"
#include "harness/core/suite.hpp"

namespace scant {

/// Options that stand before or after any subcommand.
struct Globals {
  bool json = false;
  std::filesystem::path data;  // --data; empty: see default_home
};

/// Where a suite's records lie: `given`, or runs/<suite's name> below the working folder.
inline std::filesystem::path store_folder(const std::filesystem::path& given, const Suite& suite) {
  return given.empty() ? std::filesystem::path("runs") / suite.name : given;
}

/// Exit codes of the program.
enum ExitCode { exit_done = 0, exit_failed = 1, exit_usage = 2, exit_incomplete = 3, exit_interrupted = 130 };

/// The chosen subcommand's work; its result is the exit code. Set by the subcommand's callback, run by main.
using Action = std::function<int()>;

void add_run(CLI::App& app, const Globals& globals, Action& action);
void add_curves(CLI::App& app, const Globals& globals, Action& action);
void add_train(CLI::App& app, const Globals& globals, Action& action);
void add_probe(CLI::App& app, const Globals& globals, Action& action);
void add_embed(CLI::App& app, const Globals& globals, Action& action);
void add_records(CLI::App& app, const Globals& globals, Action& action);
void add_table(CLI::App& app, const Globals& globals, Action& action);
void add_compare(CLI::App& app, const Globals& globals, Action& action);
void add_report(CLI::App& app, const Globals& globals, Action& action);
void add_regress(CLI::App& app, const Globals& globals, Action& action);
void add_figures(CLI::App& app, const Globals& globals, Action& action);
void add_status(CLI::App& app, const Globals& globals, Action& action);
void add_submit(CLI::App& app, const Globals& globals, Action& action);
void add_verify(CLI::App& app, const Globals& globals, Action& action);
void add_leaderboard(CLI::App& app, const Globals& globals, Action& action);
void add_list(CLI::App& app, const Globals& globals, Action& action);
void add_show(CLI::App& app, const Globals& globals, Action& action);
void add_check(CLI::App& app, const Globals& globals, Action& action);
void add_plan(CLI::App& app, const Globals& globals, Action& action);
void add_doctor(CLI::App& app, const Globals& globals, Action& action);
void add_fetch(CLI::App& app, const Globals& globals, Action& action);
void add_bank(CLI::App& app, const Globals& globals, Action& action);
void add_conform(CLI::App& app, const Globals& globals, Action& action);

/// Methods, datasets and backbones that this program knows.
const Catalogue& catalogue();

}  // namespace scant
