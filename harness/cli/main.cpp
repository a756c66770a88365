// The program: parses the command line, runs one subcommand, maps errors to exit codes.
#include <c10/util/Exception.h>
#include <fmt/format.h>

#include <cstdio>

#include "harness/cli/command.hpp"
#include "harness/core/error.hpp"
#include "harness/core/memory.hpp"

int main(int argc, char** argv) {
  using namespace scant;
  keep_freed_memory();
  CLI::App app{
      "scant: image classification when labels are scarce and domains shift.\n"
      "Exit codes: 0 done, 1 a trial or I/O failed, 2 bad command line or suite, 3 done but incomplete, 130 "
      "interrupted with state kept."};
  app.require_subcommand(1);
  app.set_version_flag("--version", SCANT_VERSION);
  app.fallthrough();
  Globals globals;
  Action action;
  app.add_flag("--json", globals.json, "Print data as JSON");
  app.add_option("--data", globals.data, "Folder of data sets; default $SCANT_DATA, then $XDG_CACHE_HOME/scant")
      ->type_name("FOLDER");
  for (const auto add : {
         add_run, add_train, add_probe, add_embed, add_records, add_curves, add_table, add_compare, add_regress,
             add_report, add_status, add_list, add_show, add_check, add_plan, add_doctor, add_bank, add_figures,
             add_submit, add_verify, add_leaderboard,
#if SCANT_WITH_IO
             add_fetch,
#endif
             add_conform
       }) {
    add(app, globals, action);
  }
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? exit_done : exit_usage;
  }
  try {
    return action();
  } catch (const InputError& error) {
    fmt::print(stderr, "scant: {}\n", error.what());
    return exit_usage;
  } catch (const c10::Error& error) {
    fmt::print(stderr, "scant: {}\n", error.what_without_backtrace());
    return exit_failed;
  } catch (const std::exception& error) {
    fmt::print(stderr, "scant: {}\n", error.what());
    return exit_failed;
  }
}
