// Finds the kind of every golden case, runs its check, and prints a line per case and a total.
#include "harness/conform/conform.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <exception>

#include "harness/core/error.hpp"

namespace scant {
namespace {

namespace fs = std::filesystem;

std::vector<Kind>& kinds() {
  static std::vector<Kind> all;
  return all;
}

struct Verdict {
  std::string file, name, kind, status;  // status: "equal" | "different" | "not implemented"
  int compared = 0;
  std::vector<std::string> differences;
};

std::vector<Json> cases_of(const Json& content) {
  for (const char* list : {"cases", "rows"}) {
    if (content.contains(list) && content.at(list).is_array()) return content.at(list);
  }
  for (const auto& [object, member] : {std::pair{"models", "rows"}, std::pair{"facts", "files"}}) {
    if (!content.contains(object) || !content.at(object).is_object()) continue;
    std::vector<Json> cases;
    for (const auto& [key, value] : content.at(object).items()) cases.push_back({{"case", key}, {member, value}});
    return cases;
  }
  return {content};
}

GoldenFile read_golden(const fs::path& path) {
  GoldenFile file{path, read_json(path), path.stem().string(), {}};
  if (!file.content.is_object()) {
    throw InputError("not a golden file: its content is no JSON object", {path.string()});
  }
  for (const char* key : {"file", "name"}) {
    if (file.content.contains(key) && file.content.at(key).is_string()) {
      file.stem = file.content.at(key);
      break;
    }
  }
  file.cases = cases_of(file.content);
  return file;
}

/// What a line calls a case: its own label, or what tells rows of a table apart.
std::string name_of(const GoldenFile& file, const Json& golden, std::size_t index) {
  for (const char* key : {"case", "id"}) {
    if (golden.contains(key) && golden.at(key).is_string()) return file.stem + "/" + std::string(golden.at(key));
  }
  if (file.cases.size() == 1) return file.stem;
  std::string label;
  for (const char* key : {"dataset", "arch", "method", "split"}) {
    if (!golden.contains(key)) continue;
    label +=
        (label.empty() ? "" : " ") + (golden.at(key).is_string() ? std::string(golden.at(key)) : golden.at(key).dump());
  }
  return fmt::format("{}/{}", file.stem, label.empty() ? std::to_string(index) : label);
}

/// The case's, else the file's. Files that state none but were computed in double precision: what their FORMAT.md
/// recommends for losses (rel) with room for values that are zero but for rounding (abs).
Tolerance tolerance_of(const GoldenFile& file, const Json& golden) {
  const Json& holder = golden.contains("tol") && golden.at("tol").is_object() ? golden : file.content;
  if (!holder.contains("tol") || !holder.at("tol").is_object()) {
    const Json& typed = golden.contains("dtype") ? golden : file.content;
    return typed.contains("dtype") && typed.at("dtype") == "float64" ? Tolerance{1e-10, 1e-9} : Tolerance{};
  }
  return {holder.at("tol").value("abs", 0.0), holder.at("tol").value("rel", 0.0)};
}

Verdict judge(const GoldenFile& file, const Json& golden, std::size_t index) {
  Verdict verdict{file.path.string(), name_of(file, golden, index), "", "not implemented", 0, {}};
  const auto kind = std::find_if(kinds().begin(), kinds().end(),
                                 [&](const Kind& candidate) { return candidate.matches(file, golden); });
  if (kind == kinds().end()) return verdict;
  verdict.kind = kind->name;
  Comparison comparison(tolerance_of(file, golden));
  try {
    kind->check(file, golden, comparison);
  } catch (const std::exception& error) {
    // The case fails; the others are still worth knowing. LibTorch appends its call stack to the first line.
    const std::string text = error.what();
    comparison.check("the check ended with an error", false, text.substr(0, text.find('\n')));
  }
  if (comparison.compared() == 0) comparison.check("nothing was compared", false);
  verdict.compared = comparison.compared();
  verdict.differences = comparison.differences();
  verdict.status = verdict.differences.empty() ? "equal" : "different";
  return verdict;
}

std::vector<fs::path> files_below(const std::vector<fs::path>& paths) {
  std::vector<fs::path> files;
  for (const fs::path& path : paths) {
    if (!fs::exists(path)) throw InputError("there is no such file or folder", {path.string()});
    if (!fs::is_directory(path)) {
      files.push_back(path);
      continue;
    }
    std::vector<fs::path> found;
    for (const auto& entry : fs::recursive_directory_iterator(path)) {
      if (entry.is_regular_file() && entry.path().extension() == ".json") found.push_back(entry.path());
    }
    if (found.empty()) throw InputError("the folder holds no golden files (*.json)", {path.string()});
    std::sort(found.begin(), found.end());
    files.insert(files.end(), found.begin(), found.end());
  }
  return files;
}

void print_line(const Verdict& verdict) {
  if (verdict.status == "equal") {
    fmt::print("ok    {} ({} values)\n", verdict.name, verdict.compared);
  } else if (verdict.status == "not implemented") {
    fmt::print("todo  {}: no check for this kind of case\n", verdict.name);
  } else {
    fmt::print("FAIL  {} ({}; {} values)\n", verdict.name, verdict.kind, verdict.compared);
    constexpr std::size_t shown = 8;
    for (std::size_t i = 0; i < std::min(shown, verdict.differences.size()); ++i) {
      fmt::print("        {}\n", verdict.differences[i]);
    }
    if (verdict.differences.size() > shown) fmt::print("        and {} more\n", verdict.differences.size() - shown);
  }
  std::fflush(stdout);
}

}  // namespace

RegisterKind::RegisterKind(Kind kind) {
  kinds().push_back(std::move(kind));
}

int conform(const std::vector<fs::path>& paths, bool json) {
  int equal = 0, different = 0, missing = 0;
  Json list = Json::array();
  for (const fs::path& path : files_below(paths)) {
    const GoldenFile file = read_golden(path);
    for (std::size_t i = 0; i < file.cases.size(); ++i) {
      const Verdict verdict = judge(file, file.cases[i], i);
      (verdict.status == "equal" ? equal : verdict.status == "different" ? different : missing) += 1;
      if (!json) print_line(verdict);
      list.push_back({{"file", verdict.file},
                      {"case", verdict.name},
                      {"kind", verdict.kind},
                      {"status", verdict.status},
                      {"compared", verdict.compared},
                      {"differences", verdict.differences}});
    }
  }
  if (json) {
    const Json total{{"equal", equal}, {"different", different}, {"not_implemented", missing}};
    fmt::print("{}\n", Json{{"cases", list}, {"total", total}}.dump(2));
  } else {
    fmt::print("{} cases: {} equal, {} different, {} not implemented\n", list.size(), equal, different, missing);
  }
  return different > 0 ? 1 : missing > 0 ? 3 : 0;
}

}  // namespace scant
