// Reads and verifies submissions, chooses those that can be compared, merges and ranks them.
#include "results/leaderboard/board.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <deque>
#include <map>
#include <utility>

#include "results/leaderboard/entries.hpp"

namespace scant {
namespace {

using State = Submission::State;

Submission submission_of(const std::filesystem::path& file, const Catalogue& catalogue) {
  Submission submission;
  submission.file = file.filename().string();
  try {
    submission.bundle = read_bundle(file);
  } catch (const InputError& error) {
    submission.reasons.emplace_back(error.what());
    return submission;
  }
  submission.verification = verify(*submission.bundle, catalogue);
  for (const Check& check : submission.verification.checks) {
    for (const std::string& violation : check.violations) {
      submission.reasons.push_back(fmt::format("{}: {}", check.name, violation));
    }
  }
  if (submission.reasons.empty()) {
    submission.state = submission.verification.complete() ? State::ranked : State::incomplete;
  }
  return submission;
}

/// The valid submission that most others can be compared with, the first among equals.
const Submission* base_of(const std::vector<Submission>& submissions) {
  const Submission* best = nullptr;
  std::ptrdiff_t most = -1;
  for (const Submission& base : submissions) {
    if (base.state == State::refused) continue;
    const auto friends = std::count_if(submissions.begin(), submissions.end(), [&](const Submission& one) {
      return one.state != State::refused && incomparable(one, base).empty();
    });
    if (friends <= most) continue;
    most = friends;
    best = &base;
  }
  return best;
}

/// All methods of the ranked submissions as one suite, and their studies.
struct Merged {
  Suite suite;
  std::deque<Study> studies;  // with the labels of the merged suite; a deque, because records point at them
  std::vector<StudyRecords> records;
  std::vector<Standing> standings;
};

/// "Cosine (Ann)", with the file's name where that is not unique.
std::string row_label(const std::string& method, const Submission& submission, bool unique) {
  return unique ? fmt::format("{} ({})", method, submission.bundle->by)
                : fmt::format("{} ({}, {})", method, submission.bundle->by, submission.file);
}

void merge(const Submission& submission, const Suite& base, const std::map<std::string, std::string>& labels,
           Merged& merged) {
  const auto entries = entries_in_order(*submission.verification.suite), base_entries = entries_in_order(base);
  std::map<std::string, std::string> columns;  // from the submission's labels to the base's
  for (std::size_t d = 0; d < entries.size(); ++d) columns[entries[d]->label] = base_entries[d]->label;
  for (const auto& [study, records] : records_by_study(submission.verification.plan, submission.bundle->records)) {
    Study& copy = merged.studies.emplace_back(*study);
    copy.dataset.label = columns.at(study->dataset.label);
    copy.method.label = labels.at(study->method.label);
    merged.records.push_back({&copy, records});
  }
}

Merged merge_all(const std::vector<Submission>& submissions, const Submission& base, const std::string& metric) {
  Merged merged;
  merged.suite = *base.verification.suite;
  merged.suite.methods.clear();
  merged.suite.table.rows.clear();
  merged.suite.table.columns.clear();
  merged.suite.table.groups.clear();
  if (!metric.empty()) merged.suite.table.metric = metric;
  const std::string& reference = base.verification.suite->table.reference;
  const std::string reference_method = reference.empty() ? base.verification.suite->methods.front().label : reference;
  std::map<std::pair<std::string, std::string>, int> times;  // by method's label and submitter
  for (const Submission& one : submissions) {
    if (one.state != State::ranked && one.state != State::incomplete) continue;
    for (const MethodEntry& method : one.verification.suite->methods) ++times[{method.label, one.bundle->by}];
  }
  for (const Submission& one : submissions) {
    if (one.state != State::ranked && one.state != State::incomplete) continue;
    std::map<std::string, std::string> labels;
    for (const MethodEntry& method : one.verification.suite->methods) {
      const bool unique = times[{method.label, one.bundle->by}] == 1;
      MethodEntry& row = merged.suite.methods.emplace_back(method);
      row.label = labels[method.label] = row_label(method.label, one, unique);
      merged.standings.push_back({{}, method.label, one.bundle->by, one.file, 0, 0});
      if (&one == &base && method.label == reference_method) merged.suite.table.reference = row.label;
    }
    merge(one, *base.verification.suite, labels, merged);
  }
  return merged;
}

/// Rows from the best average to the worst, then those without one; their standings likewise.
void rank(Board& board) {
  Table& table = *board.table;
  std::vector<std::size_t> order(table.rows.size());
  for (std::size_t r = 0; r < order.size(); ++r) order[r] = r;
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    const auto &x = table.rows[a].average, &y = table.rows[b].average;
    if (!x || !y) return x.has_value() && !y;
    return table.better(*x, *y);
  });
  std::vector<Row> rows;
  std::vector<Standing> standings;
  for (const std::size_t r : order) {
    const Row& row = rows.emplace_back(std::move(table.rows[r]));
    Standing& standing = standings.emplace_back(std::move(board.standings[r]));
    for (const Cell& cell : row.cells) {
      standing.n += cell.n;
      standing.expected += cell.expected;
    }
    if (!row.average) continue;
    const auto place = static_cast<int>(rows.size());
    const bool tied = place > 1 && *rows[rows.size() - 2].average == *row.average;
    standing.rank = tied ? standings[standings.size() - 2].rank : place;
  }
  table.rows = std::move(rows);
  board.standings = std::move(standings);
}

}  // namespace

std::string to_string(Submission::State state) {
  switch (state) {
    case State::ranked:
      return "ranked";
    case State::incomplete:
      return "incomplete";
    case State::incomparable:
      return "incomparable";
    case State::refused:
      return "refused";
  }
  throw std::logic_error("state out of range");
}

bool Board::all_valid() const {
  return std::none_of(submissions.begin(), submissions.end(),
                      [](const Submission& one) { return one.state == State::refused; });
}

bool Board::all_ranked() const {
  return std::all_of(submissions.begin(), submissions.end(),
                     [](const Submission& one) { return one.state == State::ranked || one.state == State::refused; });
}

std::vector<Submission> read_submissions(const std::filesystem::path& folder, const Catalogue& catalogue) {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.is_regular_file() && entry.path().extension() == bundle_extension) files.push_back(entry.path());
  }
  if (files.empty()) {
    throw InputError(
        fmt::format("holds no bundle: `scant submit` writes them, their names end in {}", bundle_extension),
        {folder.string()});
  }
  std::sort(files.begin(), files.end());
  std::vector<Submission> submissions;
  submissions.reserve(files.size());
  for (const auto& file : files) submissions.push_back(submission_of(file, catalogue));
  return submissions;
}

Board make_board(std::vector<Submission> submissions, const std::string& metric) {
  Board board;
  board.submissions = std::move(submissions);
  const Submission* base = base_of(board.submissions);
  if (!base) return board;
  for (Submission& one : board.submissions) {
    if (one.state == State::refused) continue;
    for (const std::string& reason : incomparable(one, *base)) {
      one.reasons.push_back(fmt::format("against {}: {}", base->file, reason));
    }
    if (!one.reasons.empty()) one.state = State::incomparable;
  }
  Merged merged = merge_all(board.submissions, *base, metric);
  board.standings = std::move(merged.standings);
  board.table = make_table(merged.suite, merged.records);
  rank(board);
  return board;
}

}  // namespace scant
