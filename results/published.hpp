// The papers' own numbers (results/published/*.toml), beside ours.
#pragma once
#include <string>
#include <vector>

#include "results/table.hpp"

namespace scant {

/// A published table. Means are per cent.
struct Published {
  struct Column {
    std::string dataset, label;  // dataset: name as in suites
  };
  struct Row {
    std::string method, label;  // method: name as in suites
    std::vector<double> means;  // one per column
  };
  std::string title, source, metric, note;
  int runs = 0;             // behind each mean
  std::vector<int> splits;  // that the means are over
  std::vector<Column> columns;
  std::vector<Row> rows;
};

/// `name`: of a file in results/published without its ending, or a path that ends in ".toml". Throws InputError with
/// the place of what is wrong, or with the known names.
Published read_published(const std::string& name);

/// The suite with only the splits that the published means are over; datasets without any are dropped.
Suite restrict_to(const Published& published, Suite suite);

/// One mean of ours and theirs.
struct Pair {
  std::string dataset, method;  // our labels
  std::size_t row = 0, column = 0;
  double published = 0;
  std::optional<double> difference;  // ours - published, percentage points
};

/// Cells whose method name and dataset name stand in both tables, by our columns, then rows. Throws InputError if there
/// are none.
std::vector<Pair> pair_up(const Table& ours, const Published& published);

std::string render_comparison(const Table& ours, const Published& published, Format format);

}  // namespace scant
