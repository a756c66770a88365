// Reader "npz": numpy arrays in a zip, as MedMNIST is published.
#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "harness/core/error.hpp"
#include "harness/data/io/archive_file.hpp"
#include "harness/data/io/array_sink.hpp"
#include "harness/data/io/npy.hpp"

namespace scant {
namespace fs = std::filesystem;
namespace {

/// `pattern` with {role} replaced.
std::string with_role(std::string pattern, const std::string& role) {
  for (std::size_t at; (at = pattern.find("{role}")) != std::string::npos;) pattern.replace(at, 6, role);
  return pattern;
}

/// Goes to the array `key` of the zip.
void open_array(ArchiveFile& zip, const std::string& key) {
  std::string name, names;
  while (zip.next(name)) {
    if (name == key + ".npy") return;
    names += (names.empty() ? "" : ", ") + name;
  }
  throw InputError(fmt::format("has no array \"{}\"; it has {}", key, names), {zip.file().string()});
}

/// How a row of the label array becomes one label.
struct LabelRule {
  enum class Kind { single, any, column } kind = Kind::single;
  std::int64_t column = 0;
};

LabelRule label_rule(const ReadTask& task) {
  const std::string text = task.options.text("label_rule", "single");
  if (text == "single") return {};
  if (text == "any") return {LabelRule::Kind::any, 0};
  LabelRule rule{LabelRule::Kind::column, 0};
  const char* end = text.data() + text.size();
  if (!text.starts_with("column:") || std::from_chars(text.data() + 7, end, rule.column).ptr != end) {
    task.options.fail("label_rule", "must be \"single\", \"any\" or \"column:K\"");
  }
  return rule;
}

std::vector<std::int64_t> read_labels(const fs::path& file, const std::string& key, const LabelRule& rule) {
  const std::string where = fmt::format("{}[{}]", file.string(), key);
  ArchiveFile zip(file, ArchiveFile::Kind::zip);
  open_array(zip, key);
  const NpyHeader header = read_npy_header(zip, where);
  const std::int64_t columns = header.shape.size() == 2 ? header.shape[1] : 1;
  if (header.shape.empty() || header.shape.size() > 2 || columns < 1) {
    throw InputError("labels must be N or N x columns", {where});
  }
  if (rule.kind == LabelRule::Kind::single && columns != 1) {
    throw InputError(fmt::format("{} label columns: set read_options.label_rule", columns), {where});
  }
  if (rule.column < 0 || rule.column >= columns) {
    throw InputError(fmt::format("label_rule names column {} of {}", rule.column, columns), {where});
  }
  std::vector<std::byte> row(static_cast<std::size_t>(columns) * header.value_bytes());
  std::vector<std::int64_t> labels;
  for (std::int64_t i = 0; i < header.shape[0]; ++i) {
    zip.read(row.data(), row.size());
    std::int64_t label = 0;
    for (std::int64_t c = 0; c < columns; ++c) {
      const std::int64_t value =
          whole_number(row.data() + static_cast<std::size_t>(c) * header.value_bytes(), header, where);
      if (rule.kind == LabelRule::Kind::any) label |= value != 0;
      if (rule.kind != LabelRule::Kind::any && c == rule.column) label = value;
    }
    labels.push_back(label);
  }
  zip.expect_end();
  return labels;
}

PixelType pixel_type(const NpyHeader& header, const std::string& where) {
  if (header.dtype == "u1") return PixelType::u8;
  if (header.dtype == "u2") return PixelType::u16;
  if (header.dtype == "f4") return PixelType::f32;
  throw InputError(fmt::format("images of type {} are not read (u1, u2 and f4 are)", header.dtype), {where});
}

void read_images(const ReadTask& task, const fs::path& file, const std::string& role, const LabelRule& rule,
                 ArraySink& sink) {
  const std::string key = with_role(task.options.text("images", "{role}_images"), role);
  const std::string where = fmt::format("{}[{}]", file.string(), key);
  const auto labels = read_labels(file, with_role(task.options.text("labels", "{role}_labels"), role), rule);
  ArchiveFile zip(file, ArchiveFile::Kind::zip);
  open_array(zip, key);
  const NpyHeader header = read_npy_header(zip, where);
  if (header.shape.size() != 3 && header.shape.size() != 4) {
    throw InputError("images must be N x H x W or N x H x W x C", {where});
  }
  if (header.shape[0] != static_cast<std::int64_t>(labels.size())) {
    throw InputError(fmt::format("{} images but {} labels", header.shape[0], labels.size()), {where});
  }
  const PixelType type = pixel_type(header, where);
  const std::int64_t area = header.shape[1] * header.shape[2];
  const std::int64_t channels = header.shape.size() == 4 ? header.shape[3] : 1;
  std::vector<std::byte> interleaved(static_cast<std::size_t>(area * channels) * header.value_bytes());
  for (const std::int64_t label : labels) {
    zip.read(interleaved.data(), interleaved.size());
    Pixels pixels;
    pixels.type = type;
    pixels.height = static_cast<int>(header.shape[1]);
    pixels.width = static_cast<int>(header.shape[2]);
    pixels.channels = static_cast<int>(channels);
    pixels.planar.resize(interleaved.size());
    to_planar(interleaved.data(), area, pixels.channels, type, pixels.planar.data());
    sink.add(role, pixels, label, where);
  }
  zip.expect_end();
}

Decoded decode(const ReadTask& task) {
  const fs::path file = task.folder / task.options.text("file");
  const LabelRule rule = label_rule(task);
  ArraySink sink(task);
  for (const std::string& role : task.options.texts("roles", {"train", "val", "test"})) {
    read_images(task, file, task.options.checked_role("roles", role), rule, sink);
  }
  return sink.finish();
}

}  // namespace

const Reader npz_reader{
    array_options({"file", "roles", "images", "labels", "label_rule"}),
    [](const ReadTask& task) { return std::vector<fs::path>{task.folder / task.options.text("file")}; },
    decode,
};

}  // namespace scant
