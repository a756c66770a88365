// Comma-separated tables with a header line.
#pragma once
#include <filesystem>
#include <string>
#include <vector>

namespace scant {

struct TableFile {
  std::filesystem::path file;
  std::vector<std::string> header;
  std::vector<std::vector<std::string>> rows;  // each as long as the header
  std::vector<int> lines;                      // of every row, from 1

  /// Index of a column. Throws InputError listing the columns that are there.
  std::size_t column(const std::string& name) const;
};

/// Reads RFC 4180 text: quoted fields with doubled quotes and line breaks, LF or CRLF, a UTF-8 byte order mark, blank
/// lines skipped. Throws InputError naming file and line.
TableFile read_table(const std::filesystem::path& file);

/// Replaces every {column} of `pattern` by the row's value.
class RowTemplate {
 public:
  RowTemplate(const TableFile& table, const std::string& pattern);
  std::string fill(const std::vector<std::string>& row) const;

 private:
  std::vector<std::string> texts_;    // one more than columns_
  std::vector<std::size_t> columns_;  // between the texts
};

}  // namespace scant
