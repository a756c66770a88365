// Reader "csv": a table states path, label, domain and role of every image (ISIC, HAM10000, Camelyon17-WILDS).
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <set>

#include "harness/core/error.hpp"
#include "harness/data/io/decode_files.hpp"
#include "harness/data/io/listing.hpp"
#include "harness/data/io/table_file.hpp"

namespace scant {
namespace fs = std::filesystem;
namespace {

/// The number that a field states ("1" or "1.0"), or nothing.
std::optional<double> number_in(const std::string& field) {
  double value = 0;
  const char* end = field.data() + field.size();
  const auto [rest, error] = std::from_chars(field.data(), end, value);
  if (field.empty() || error != std::errc() || rest != end) return std::nullopt;
  return value;
}

/// Turns a row into a label: one-hot columns, a class name, or a number.
class LabelColumns {
 public:
  LabelColumns(const ReadTask& task, const TableFile& table, std::vector<std::string>& classes) : table_(table) {
    if (task.options.has("label") == task.options.has("one_hot")) {
      task.options.fail("label", "state either label or one_hot");
    }
    for (const std::string& name : task.options.texts("one_hot")) one_hot_.push_back(table.column(name));
    classes = known_classes(task);
    if (!one_hot_.empty()) {
      if (classes.size() != one_hot_.size()) classes = task.options.texts("one_hot");
    } else {
      column_ = table.column(task.options.text("label"));
      std::set<std::string> texts;
      for (const auto& row : table.rows) texts.insert(row[column_]);
      const bool numbers = std::all_of(texts.begin(), texts.end(), [](const auto& text) { return number_in(text); });
      if (classes.empty() && !numbers) classes.assign(texts.begin(), texts.end());
    }
    classes_ = classes;
  }

  int of(std::size_t row) const {
    const auto& fields = table_.rows[row];
    if (one_hot_.empty()) return by_name(fields[column_], row);
    int label = -1;
    for (std::size_t k = 0; k < one_hot_.size(); ++k) {
      const auto value = number_in(fields[one_hot_[k]]);
      if (!value || (*value != 0 && *value != 1)) fail(row, fmt::format("\"{}\" is not 0 or 1", fields[one_hot_[k]]));
      if (*value == 0) continue;
      if (label >= 0) fail(row, "more than one class is set");
      label = static_cast<int>(k);
    }
    if (label < 0) fail(row, "no class is set");
    return label;
  }

 private:
  int by_name(const std::string& text, std::size_t row) const {
    const auto named = std::find(classes_.begin(), classes_.end(), text);
    if (named != classes_.end()) return static_cast<int>(named - classes_.begin());
    const auto value = number_in(text);
    if (!value || *value < 0 || *value > 1e9 || *value != static_cast<int>(*value)) {
      fail(row,
           fmt::format("the label \"{}\" is neither a number from 0 nor one of {}", text, fmt::join(classes_, ", ")));
    }
    return static_cast<int>(*value);
  }
  [[noreturn]] void fail(std::size_t row, const std::string& message) const {
    throw InputError(message, {table_.file.string(), table_.lines[row]});
  }

  const TableFile& table_;
  std::vector<std::size_t> one_hot_;
  std::size_t column_ = 0;
  std::vector<std::string> classes_;
};

/// The role that role_values gives to a value; a key may end in * to match any rest.
std::string role_of(const ReadTask& task, const std::string& value, const Place& place) {
  const Json& roles = task.options.table("role_values");
  const auto exact = roles.find(value);
  if (exact != roles.end()) return exact->get<std::string>();
  for (const auto& item : roles.items()) {
    const std::string& key = item.key();
    if (key.ends_with('*') && value.starts_with(key.substr(0, key.size() - 1))) return item.value().get<std::string>();
  }
  throw InputError(fmt::format("the card's role_values say nothing about \"{}\"", value), place);
}

void number_domains(const TableFile& table, const std::string& column, const std::vector<std::size_t>& rows,
                    std::vector<ListedImage>& images) {
  const std::size_t at = table.column(column);
  std::map<std::string, int> numbers;
  for (const auto& row : table.rows) numbers.emplace(row[at], 0);
  int next = 0;
  for (auto& [text, number] : numbers) number = next++;
  for (std::size_t i = 0; i < rows.size(); ++i) images[i].domain = numbers.at(table.rows[rows[i]][at]);
}

}  // namespace

Listing list_table(const ReadTask& task) {
  Listing listing;
  const TableFile table = read_table(task.folder / task.options.text("table"));
  listing.index.push_back(table.file);
  const LabelColumns labels(task, table, listing.classes);
  const RowTemplate path(table, task.options.text("path"));
  const RowTemplate role(table, task.options.text("role", ""));
  const bool has_roles = task.options.has("role");
  const fs::path root = image_folder(task);
  const auto extensions = image_extensions(task);
  const bool allow_missing = task.options.flag("allow_missing", false);
  std::set<std::string> wanted;
  const bool only_listed = task.options.flag("only_listed", false);
  if (only_listed) {
    // Before looking for files: an index of 10,015 images need not be complete where the splits name 4,249.
    for (const auto& [name, label] : listed_names(task, listing.index)) wanted.insert(name);
    listing.index.resize(1);
  }

  std::vector<std::size_t> rows;
  for (std::size_t i = 0; i < table.rows.size(); ++i) {
    const Place place{table.file.string(), table.lines[i]};
    const std::string name = without_extension(path.fill(table.rows[i]), extensions);
    if (only_listed && !wanted.contains(name)) continue;
    std::string stated = has_roles ? role_of(task, role.fill(table.rows[i]), place) : "";
    if (stated == "skip") continue;
    task.options.checked_role("role_values", stated);
    const auto file = find_image(root, name, extensions);
    if (file) {
      listing.images.push_back({*file, name, labels.of(i), -1, stated});
      rows.push_back(i);
    } else if (!allow_missing) {
      throw InputError(
          fmt::format("the image {} is absent (looked for {})", (root / name).string(), fmt::join(extensions, " ")),
          place);
    }
  }
  if (task.options.has("domain_column")) {
    number_domains(table, task.options.text("domain_column"), rows, listing.images);
  }
  return finish_listing(task, std::move(listing));
}

const Reader csv_reader{
    listing_options({"table", "path", "label", "one_hot", "domain_column", "role", "role_values"}),
    [](const ReadTask& task) { return files_of(list_table(task)); },
    [](const ReadTask& task) { return decode_pictures(task, list_table(task)); },
};

}  // namespace scant
