// A leaderboard: the bundles of a folder, verified, and those that can be compared merged into one ranking.
#pragma once
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "results/leaderboard/verify.hpp"
#include "results/table.hpp"

namespace scant {

/// What every bundle's file name ends in, so that a leaderboard finds it among other files.
inline constexpr const char* bundle_extension = ".bundle";

/// One bundle and what became of it.
struct Submission {
  enum class State { ranked, incomplete, incomparable, refused };  // incomplete: ranked, with visible holes
  std::string file;                                                // name in the folder
  std::optional<Bundle> bundle;                                    // nothing where it cannot be read
  Verification verification;
  State state = State::refused;
  std::vector<std::string> reasons;  // violations of a refused one, differences of an incomparable one
};
std::string to_string(Submission::State state);

/// One method of one submission, as a line of the ranking.
struct Standing {
  std::optional<int> rank;  // by average, ties share the better one; nothing without an average
  std::string method, by, file;
  int n = 0, expected = 0;  // final runs over all data sets
};

struct Board {
  std::optional<Table> table;       // rows in the order of the ranking; nothing if no bundle can be ranked
  std::vector<Standing> standings;  // one per row of the table
  std::vector<Submission> submissions;
  bool all_valid() const;
  bool all_ranked() const;  // of the valid ones, none incomparable or incomplete
  Json to_json() const;
};

/// Every file of the folder with bundle_extension, by name, read and verified. Throws InputError if there is none.
std::vector<Submission> read_submissions(const std::filesystem::path& folder, const Catalogue& catalogue);

/// Why the two cannot stand in one ranking; empty if they can. Their suites' studies must be equal but for methods and
/// what these search: seed, data sets with options and splits, and the whole protocol; so must the images and splits
/// behind them, by digest. Both must be valid.
std::vector<std::string> incomparable(const Submission& one, const Submission& base);

/// Ranks by average over data sets. The bundle that most others can be compared with decides what is comparable; among
/// equals the first. Its suite says how the table is made: metric (unless `metric` names another), spread, level,
/// correction, and its reference row is the ranking's.
Board make_board(std::vector<Submission> submissions, const std::string& metric = "");

enum class BoardFormat { md, csv, json, html };
/// md, csv, json or html; throws InputError otherwise.
BoardFormat board_format_from(const std::string& name);
/// md and html: ranking, the table behind it, submissions. csv: the ranking in full precision. json: everything.
std::string render(const Board& board, BoardFormat format);

}  // namespace scant
