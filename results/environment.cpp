// Agreement and disagreement of records' environments.
#include "results/environment.hpp"

#include <fmt/format.h>

#include <map>
#include <set>

namespace scant {
namespace {

constexpr std::size_t kShown = 4;    // values of a mixed entry that a note lists
constexpr std::size_t kDigits = 12;  // of a digest

/// A value as people read it: strings without quotes, SHA-256 digests by their first digits.
std::string plain(const Json& value) {
  const std::string text = value.is_string() ? value.get<std::string>() : canonical(value);
  const bool digest = text.size() == 64 && text.find_first_not_of("0123456789abcdef") == std::string::npos;
  return digest ? text.substr(0, kDigits) : text;
}

std::map<std::string, std::set<Json>> values_by_key(const std::vector<const Record*>& records) {
  std::map<std::string, std::set<Json>> values;
  for (const Record* record : records) {
    if (!record->environment.is_object()) continue;
    for (const auto& [key, value] : record->environment.items()) values[key].insert(value);
  }
  for (auto& [key, seen] : values) {  // an entry that a record lacks differs too
    for (const Record* record : records) {
      if (!record->environment.contains(key)) seen.insert(Json());
    }
  }
  return values;
}

}  // namespace

Json common_environment(const std::vector<const Record*>& records) {
  Json common = Json::object();
  for (const auto& [key, values] : values_by_key(records)) {
    if (values.size() == 1) common[key] = *values.begin();
  }
  return common;
}

std::vector<std::string> mixed_environment(const std::vector<const Record*>& records) {
  std::vector<std::string> notes;
  for (const auto& [key, values] : values_by_key(records)) {
    if (values.size() < 2 || key == "suite_digest") continue;
    std::vector<std::string> shown;
    for (const Json& value : values) {
      if (shown.size() == kShown) break;
      shown.push_back(value.is_null() ? "(not recorded)" : plain(value));
    }
    notes.push_back(fmt::format("Records differ in {}: {}{}", key, fmt::join(shown, " | "),
                                values.size() > kShown ? fmt::format(" and {} more", values.size() - kShown) : ""));
  }
  return notes;
}

std::string environment_text(const Json& environment) {
  std::vector<std::string> entries;
  for (const auto& [key, value] : environment.items()) {
    if (key != "suite_digest") entries.push_back(key + " " + plain(value));
  }
  return fmt::format("{}", fmt::join(entries, ", "));
}

}  // namespace scant
