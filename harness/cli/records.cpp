// `scant records SUITE`: everything the store knows of a suite's trials, as JSON.
#include <fmt/format.h>

#include "harness/cli/command.hpp"
#include "harness/core/store.hpp"

namespace scant {
namespace {

struct RecordsFlags {
  std::string suite;
  std::filesystem::path out;
  bool outcome = false;
};

int records(const RecordsFlags& flags) {
  const Suite suite = read_suite(flags.suite, catalogue());
  const Store store(store_folder(flags.out, suite), Store::Mode::read);
  for (const Record& record : store.records()) {
    fmt::print("{}\n", canonical(flags.outcome ? record.outcome() : record.to_json()));
  }
  return exit_done;
}

}  // namespace

void add_records(CLI::App& app, const Globals&, Action& action) {
  auto* command = app.add_subcommand("records", "Every record of a suite's store, one JSON object a line");
  auto flags = std::make_shared<RecordsFlags>();
  command->add_option("SUITE", flags->suite, "Suite file (TOML)")->required()->check(CLI::ExistingFile);
  command->add_option("--out", flags->out, "Folder of the suite's store; default runs/<suite>");
  command->add_flag("--outcome", flags->outcome,
                    "Leave out cost and environment: what an interrupted and an uninterrupted run share bit for bit");
  command->callback([flags, &action] { action = [flags] { return records(*flags); }; });
}

}  // namespace scant
