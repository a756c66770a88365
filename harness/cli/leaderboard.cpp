// `scant leaderboard FOLDER`: verifies the bundles of a folder and ranks those that can be compared.
#include <fmt/format.h>

#include "harness/cli/command.hpp"
#include "results/leaderboard/board.hpp"

namespace scant {
namespace {

struct LeaderboardFlags {
  std::filesystem::path folder, out;
  std::string format = "md", metric;
};

void print_refusals(const Board& board) {
  for (const Submission& one : board.submissions) {
    for (const std::string& reason : one.reasons) {
      fmt::print(stderr, "{} is {}: {}\n", one.file, to_string(one.state), reason);
    }
  }
}

int leaderboard(const LeaderboardFlags& flags, const Globals& globals) {
  const BoardFormat format = globals.json ? BoardFormat::json : board_format_from(flags.format);
  const Board board = make_board(read_submissions(flags.folder, catalogue()), flags.metric);
  print_refusals(board);
  const std::string page = render(board, format);
  if (flags.out.empty()) {
    fmt::print("{}", page);
  } else {
    write_file_atomically(flags.out, page);
    fmt::print("{}\n", flags.out.string());
  }
  if (!board.all_valid()) return exit_failed;
  return board.all_ranked() ? exit_done : exit_incomplete;
}

}  // namespace

void add_leaderboard(CLI::App& app, const Globals& globals, Action& action) {
  auto* command = app.add_subcommand(
      "leaderboard",
      "Verify every *.bundle of a folder and rank those whose suites are equal but for their methods: average and mean "
      "rank over data sets, n, device-hours, tests. Exit code 1 if one fails verification, 3 if one cannot be compared "
      "or lacks runs");
  auto flags = std::make_shared<LeaderboardFlags>();
  command->add_option("FOLDER", flags->folder, "Folder of bundles")->required()->check(CLI::ExistingDirectory);
  command->add_option("--format", flags->format, "md, csv, json or html")->capture_default_str();
  command->add_option("--out", flags->out, "File to write instead of printing");
  command
      ->add_option("--metric", flags->metric,
                   "Rank by this; default as the suite says of the bundle that most others can be compared with")
      ->check(CLI::IsMember(table_metrics()));
  command->callback(
      [flags, &globals, &action] { action = [flags, &globals] { return leaderboard(*flags, globals); }; });
}

}  // namespace scant
