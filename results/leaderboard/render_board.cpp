// A leaderboard as Markdown, CSV, JSON and a page of HTML.
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "results/leaderboard/board.hpp"
#include "results/render.hpp"
#include "results/text.hpp"

namespace scant {
namespace {

using Grid = std::vector<std::vector<std::string>>;  // the first line is the heading

std::string title_of(const Board& board) {
  return "Leaderboard: " + (board.table ? board.table->title : "no submission can be ranked");
}

Grid ranking(const Board& board) {
  const Table& table = *board.table;
  Grid grid{{"Method", "Rank", "Submitter", "Average", "Mean rank", "n", "Device-hours"}};
  for (std::size_t r = 0; r < table.rows.size(); ++r) {
    const Row& row = table.rows[r];
    const Standing& standing = board.standings[r];
    const bool whole = standing.n == standing.expected;
    grid.push_back({standing.method, standing.rank ? std::to_string(*standing.rank) : "–", standing.by,
                    row.average ? decimal(*row.average, table.decimals) : "–",
                    row.mean_rank ? decimal(*row.mean_rank, 1) : "–",
                    whole ? std::to_string(standing.n) : fmt::format("{}/{}", standing.n, standing.expected),
                    hours_text(row.device_seconds())});
  }
  return grid;
}

Grid submitted(const Board& board) {
  Grid grid{{"Bundle", "Submitter", "State", "Methods", "Records", "SHA-256"}};
  for (const Submission& one : board.submissions) {
    const auto& suite = one.verification.suite;
    grid.push_back({one.file, one.bundle ? one.bundle->by : "–", to_string(one.state),
                    suite ? std::to_string(suite->methods.size()) : "–",
                    one.bundle ? std::to_string(one.bundle->records.size()) : "–",
                    one.bundle ? one.bundle->digest.substr(0, 12) : "–"});
  }
  return grid;
}

/// What a reader must know of the submissions besides their state.
std::vector<std::string> remarks(const Board& board) {
  std::vector<std::string> lines;
  std::map<std::string, int> times;
  for (const Submission& one : board.submissions) {
    for (const std::string& reason : one.reasons) {
      lines.push_back(fmt::format("{} is {}: {}", one.file, to_string(one.state), reason));
    }
    if (one.state == Submission::State::incomplete) {
      for (const std::string& hole : one.verification.holes)
        lines.push_back(fmt::format("{} lacks {}", one.file, hole));
    }
    if (one.bundle && one.bundle->other_records > 0) {
      lines.push_back(
          fmt::format("{}: its store holds {} records of other studies", one.file, one.bundle->other_records));
    }
    if (one.bundle) ++times[one.bundle->by];
  }
  for (const auto& [by, count] : times) {
    if (count > 1) lines.push_back(fmt::format("{} has {} submissions, each with a budget of its own", by, count));
  }
  return lines;
}

std::string board_md(const Board& board) {
  const auto markdown = [](Grid grid) {
    const std::vector<std::string> header = grid.front();
    grid.erase(grid.begin());
    return markdown_grid(header, grid);
  };
  std::string text = fmt::format("# {}\n\n", title_of(board));
  if (board.table) text += markdown(ranking(board)) + "\n" + render_md(*board.table) + "\n";
  text += "## Submissions\n\n" + markdown(submitted(board));
  const std::vector<std::string> lines = remarks(board);
  if (!lines.empty()) text += "\n";
  for (const std::string& line : lines) text += "- " + line + "\n";
  return text;
}

std::string html_grid(const Grid& grid) {
  std::string text = "<div class=\"scroll\" tabindex=\"0\">\n<table>\n<thead><tr>";
  for (const std::string& head : grid.front()) text += "<th scope=\"col\">" + html_escape(head) + "</th>";
  text += "</tr></thead>\n<tbody>\n";
  for (std::size_t r = 1; r < grid.size(); ++r) {
    text += "<tr><th scope=\"row\">" + html_escape(grid[r].front()) + "</th>";
    for (std::size_t c = 1; c < grid[r].size(); ++c) text += "<td>" + html_escape(grid[r][c]) + "</td>";
    text += "</tr>\n";
  }
  return text + "</tbody>\n</table>\n</div>\n";
}

std::string board_html(const Board& board) {
  std::string body;
  if (board.table) {
    body += "<h2>Ranking</h2>\n" + html_grid(ranking(board));
    body += "<h2>Data sets</h2>\n" + html_part(*board.table);
  }
  body += "<h2>Submissions</h2>\n" + html_grid(submitted(board));
  const std::vector<std::string> lines = remarks(board);
  if (!lines.empty()) body += "<ul class=\"notes\">\n";
  for (const std::string& line : lines) body += "<li>" + html_escape(line) + "</li>\n";
  if (!lines.empty()) body += "</ul>\n";
  return html_page(title_of(board), body);
}

std::string board_csv(const Board& board) {
  std::vector<std::string> header{"rank",      "method", "method_name", "submitter",      "bundle",    "average",
                                  "mean_rank", "n",      "expected",    "device_seconds", "peak_bytes"};
  if (!board.table) return csv_line(header);
  for (const std::string& column : board.table->columns) {
    header.insert(header.end(), {column, column + " spread", column + " n", column + " p_adjusted"});
  }
  std::string text = csv_line(header);
  for (std::size_t r = 0; r < board.standings.size(); ++r) {
    const Row& row = board.table->rows[r];
    const Standing& standing = board.standings[r];
    std::vector<std::string> fields{standing.rank ? std::to_string(*standing.rank) : "",
                                    standing.method,
                                    row.method,
                                    standing.by,
                                    standing.file,
                                    shortest(row.average),
                                    shortest(row.mean_rank),
                                    std::to_string(standing.n),
                                    std::to_string(standing.expected),
                                    shortest(row.device_seconds()),
                                    std::to_string(row.peak_bytes())};
    for (const Cell& cell : row.cells) {
      fields.insert(fields.end(),
                    {shortest(cell.mean), shortest(cell.spread), std::to_string(cell.n), shortest(cell.p_adjusted)});
    }
    text += csv_line(fields);
  }
  return text;
}

}  // namespace

Json Board::to_json() const {
  Json ranks = Json::array(), bundles = Json::array();
  for (const Standing& standing : standings) {
    ranks.push_back({{"rank", standing.rank ? Json(*standing.rank) : Json()},
                     {"method", standing.method},
                     {"submitter", standing.by},
                     {"bundle", standing.file},
                     {"n", standing.n},
                     {"expected", standing.expected}});
  }
  for (const Submission& one : submissions) {
    bundles.push_back({{"bundle", one.file},
                       {"state", to_string(one.state)},
                       {"reasons", one.reasons},
                       {"verification", one.bundle ? one.verification.to_json() : Json()}});
  }
  return {{"ranking", ranks}, {"table", table ? scant::to_json(*table) : Json()}, {"submissions", bundles}};
}

BoardFormat board_format_from(const std::string& name) {
  if (name == "md") return BoardFormat::md;
  if (name == "csv") return BoardFormat::csv;
  if (name == "json") return BoardFormat::json;
  if (name == "html") return BoardFormat::html;
  throw InputError(fmt::format("format \"{}\": use md, csv, json or html", name));
}

std::string render(const Board& board, BoardFormat format) {
  switch (format) {
    case BoardFormat::md:
      return board_md(board);
    case BoardFormat::csv:
      return board_csv(board);
    case BoardFormat::json:
      return board.to_json().dump(2) + "\n";
    case BoardFormat::html:
      return board_html(board);
  }
  throw std::logic_error("format out of range");
}

}  // namespace scant
