// `scant submit SUITE`: a store's results as one file for a leaderboard, with a name under them.
#include <fmt/format.h>

#include <cstdlib>

#include "harness/cli/command.hpp"
#include "harness/core/store.hpp"
#include "results/leaderboard/board.hpp"

namespace scant {
namespace {

struct SubmitFlags {
  std::string suite, by;
  std::filesystem::path out, bundle;
  bool allow_incomplete = false;
};

std::string submitter(const SubmitFlags& flags) {
  if (!flags.by.empty()) return flags.by;
  const char* const user = std::getenv("USER");
  if (user && *user) return user;
  throw InputError("nobody's name is known here: say who submits with --by NAME");
}

int submit(const SubmitFlags& flags, const Globals& globals) {
  if (flags.bundle.extension() != bundle_extension) {
    throw InputError(fmt::format("--bundle {}: a leaderboard finds bundles by the end of their names: use {}{}",
                                 flags.bundle.string(), flags.bundle.string(), bundle_extension));
  }
  const std::string by = submitter(flags);
  const SuiteText source{flags.suite, read_file(flags.suite)};
  const Suite suite = parse_suite(source.text, flags.suite, catalogue());
  const Plan plan = make_plan(suite, catalogue());
  const Store store(store_folder(flags.out, suite), Store::Mode::read);
  const std::vector<Record> records = store.records();
  const std::vector<std::string> holes = holes_of(plan, records);
  for (const std::string& hole : holes) fmt::print(stderr, "{}\n", hole);
  if (!holes.empty() && !flags.allow_incomplete) {
    fmt::print(stderr,
               "nothing was written: `scant run` fills the holes, --allow-incomplete names them in the bundle\n");
    return exit_incomplete;
  }
  const std::string text = bundle_text(source, plan, records, by);
  const Verification verification = verify(parse_bundle(text, flags.bundle.string()), catalogue());
  if (!verification.valid()) {
    fmt::print(stderr, "{}nothing was written: a leaderboard would refuse it\n", verification.text());
    return exit_failed;
  }
  write_file_atomically(flags.bundle, text);
  if (globals.json) {
    fmt::print("{}\n", Json{{"bundle", flags.bundle.string()}, {"verification", verification.to_json()}}.dump(2));
  } else {
    fmt::print("{}\nsigned off by {}: {}\nsha256 {}\n", flags.bundle.string(), by, submitters_statement(),
               verification.digest);
  }
  return exit_done;
}

}  // namespace

void add_submit(CLI::App& app, const Globals& globals, Action& action) {
  auto* command = app.add_subcommand(
      "submit",
      "Write a suite's results as one bundle for a leaderboard, signed off with a name: suite, plan, every record with "
      "its predictions, digests. The same store gives the same bytes. Exit code 3 if runs are missing, 1 if `scant "
      "verify` would refuse it; nothing is written then");
  auto flags = std::make_shared<SubmitFlags>();
  command->add_option("SUITE", flags->suite, "Suite file (TOML)")->required()->check(CLI::ExistingFile);
  command->add_option("--out", flags->out, "Folder of the suite's store; default runs/<suite>");
  command->add_option("--bundle", flags->bundle, "The file to write; its name ends in .bundle")->required();
  command->add_option("--by", flags->by, "Who submits and vouches for it; default $USER");
  command->add_flag("--allow-incomplete", flags->allow_incomplete,
                    "Where runs are missing, name them in the bundle instead of refusing");
  command->callback([flags, &globals, &action] { action = [flags, &globals] { return submit(*flags, globals); }; });
}

}  // namespace scant
