// Reading comma-separated tables.
#include "harness/data/io/table_file.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "harness/core/error.hpp"
#include "harness/core/json.hpp"

namespace scant {
namespace {

/// Takes one record from `text` at `at`; false at the end of the file.
bool next_record(const std::string& text, std::size_t& at, int& line, const std::string& file,
                 std::vector<std::string>& record) {
  record.clear();
  if (at >= text.size()) return false;
  const int first_line = line;
  std::string field;
  bool quoted = false;
  for (; at < text.size(); ++at) {
    const char c = text[at];
    if (c == '\n') ++line;
    if (quoted) {
      if (c == '"' && at + 1 < text.size() && text[at + 1] == '"') {
        field += text[++at];
      } else if (c == '"') {
        quoted = false;
      } else {
        field += c;
      }
    } else if (c == '"' && field.empty()) {
      quoted = true;
    } else if (c == ',') {
      record.push_back(std::move(field));
      field.clear();
    } else if (c == '\n') {
      ++at;
      break;
    } else if (c != '\r') {
      field += c;
    }
  }
  if (quoted) throw InputError("a quoted field is never closed", {file, first_line});
  record.push_back(std::move(field));
  return true;
}

}  // namespace

std::size_t TableFile::column(const std::string& name) const {
  const auto found = std::find(header.begin(), header.end(), name);
  if (found == header.end()) {
    throw InputError(fmt::format("no column \"{}\"; the columns are {}", name, fmt::join(header, ", ")),
                     {file.string(), 1});
  }
  return static_cast<std::size_t>(found - header.begin());
}

TableFile read_table(const std::filesystem::path& file) {
  TableFile table;
  table.file = file;
  const std::string text = read_file(file);
  std::size_t at = text.starts_with("\xEF\xBB\xBF") ? 3 : 0;
  int line = 1;
  std::vector<std::string> record;
  for (int first = line; next_record(text, at, line, file.string(), record); first = line) {
    if (record.size() == 1 && record[0].empty()) continue;
    if (table.header.empty()) {
      table.header = record;
      continue;
    }
    if (record.size() != table.header.size()) {
      throw InputError(fmt::format("{} fields where the header has {}", record.size(), table.header.size()),
                       {file.string(), first});
    }
    table.rows.push_back(record);
    table.lines.push_back(first);
  }
  if (table.header.empty()) throw InputError("the table is empty", {file.string()});
  return table;
}

RowTemplate::RowTemplate(const TableFile& table, const std::string& pattern) {
  std::size_t at = 0;
  for (;;) {
    const std::size_t open = pattern.find('{', at);
    texts_.push_back(pattern.substr(at, open == std::string::npos ? open : open - at));
    if (open == std::string::npos) break;
    const std::size_t close = pattern.find('}', open);
    if (close == std::string::npos) throw InputError(fmt::format("\"{}\" has a {{ without a }}", pattern));
    columns_.push_back(table.column(pattern.substr(open + 1, close - open - 1)));
    at = close + 1;
  }
}

std::string RowTemplate::fill(const std::vector<std::string>& row) const {
  std::string text = texts_[0];
  for (std::size_t i = 0; i < columns_.size(); ++i) text += row[columns_[i]] + texts_[i + 1];
  return text;
}

}  // namespace scant
