// Typed access to a card's read_options.
#include "harness/data/io/options.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "harness/core/error.hpp"

namespace scant {
namespace {

void check_keys(const Json& table, const std::vector<std::string>& known, const std::string& where,
                const std::string& card_file) {
  for (const auto& item : table.items()) {
    if (std::find(known.begin(), known.end(), item.key()) != known.end()) continue;
    const std::string near = nearest_name(item.key(), known);
    throw InputError(fmt::format("{}: the reader knows no option \"{}\"{}", where, item.key(),
                                 near.empty() ? "" : fmt::format("; did you mean \"{}\"?", near)),
                     {card_file});
  }
}

}  // namespace

ReadOptions::ReadOptions(const Card& card, const std::vector<std::string>& known)
    : card_file_(card.file.string()),
      name_(card.spec.name),
      options_(card.read_options.is_null() ? Json::object() : card.read_options) {
  if (!options_.is_object()) throw InputError("read_options must be a table", {card_file_});
  check_keys(options_, known, fmt::format("{}: read_options", name_), card_file_);
}

void ReadOptions::fail(const std::string& key, const std::string& message) const {
  throw InputError(fmt::format("{}: read_options.{}: {}", name_, key, message), {card_file_});
}

const Json* ReadOptions::find(const std::string& key) const {
  const auto found = options_.find(key);
  return found == options_.end() ? nullptr : &*found;
}

std::string ReadOptions::text(const std::string& key, const std::string& fallback) const {
  const Json* value = find(key);
  if (!value) return fallback;
  if (!value->is_string()) fail(key, "must be a text");
  return value->get<std::string>();
}

std::string ReadOptions::text(const std::string& key) const {
  if (!has(key)) fail(key, "is needed by this reader");
  return text(key, "");
}

bool ReadOptions::flag(const std::string& key, bool fallback) const {
  const Json* value = find(key);
  if (!value) return fallback;
  if (!value->is_boolean()) fail(key, "must be true or false");
  return value->get<bool>();
}

int ReadOptions::number(const std::string& key, int fallback) const {
  const Json* value = find(key);
  if (!value) return fallback;
  if (!value->is_number_integer()) fail(key, "must be an integer");
  return value->get<int>();
}

std::vector<std::string> ReadOptions::texts(const std::string& key, const std::vector<std::string>& fallback) const {
  const Json* value = find(key);
  if (!value) return fallback;
  if (value->is_string()) return {value->get<std::string>()};
  if (!value->is_array() || !std::all_of(value->begin(), value->end(), [](const Json& v) { return v.is_string(); })) {
    fail(key, "must be a text or a list of texts");
  }
  return value->get<std::vector<std::string>>();
}

std::vector<int> ReadOptions::numbers(const std::string& key) const {
  const Json* value = find(key);
  if (!value) return {};
  if (!value->is_array() ||
      !std::all_of(value->begin(), value->end(), [](const Json& v) { return v.is_number_integer(); })) {
    fail(key, "must be a list of integers");
  }
  return value->get<std::vector<int>>();
}

const Json& ReadOptions::table(const std::string& key) const {
  static const Json empty = Json::object();
  const Json* value = find(key);
  if (!value) return empty;
  const auto text_or_texts = [](const Json& v) {
    return v.is_string() ||
           (v.is_array() && std::all_of(v.begin(), v.end(), [](const Json& t) { return t.is_string(); }));
  };
  if (!value->is_object() || !std::all_of(value->begin(), value->end(), text_or_texts)) {
    fail(key, "must be a table of texts");
  }
  return *value;
}

std::vector<std::map<std::string, std::string>> ReadOptions::tables(const std::string& key,
                                                                    const std::vector<std::string>& known) const {
  const Json* value = find(key);
  if (!value || !value->is_array() || value->empty()) fail(key, "must be a list of tables, at least one");
  std::vector<std::map<std::string, std::string>> result;
  for (const Json& part : *value) {
    if (!part.is_object()) fail(key, "must be a list of tables");
    check_keys(part, known, fmt::format("{}: read_options.{}", name_, key), card_file_);
    auto& row = result.emplace_back();
    for (const auto& item : part.items()) {
      if (!item.value().is_string()) fail(key, fmt::format("\"{}\" must be a text", item.key()));
      row[item.key()] = item.value().get<std::string>();
    }
  }
  return result;
}

std::string ReadOptions::checked_role(const std::string& key, const std::string& role) const {
  for (const char* known : {"train", "val", "test", "unlabelled", ""}) {
    if (role == known) return role;
  }
  fail(key, fmt::format("the role \"{}\" is none of train, val, test, unlabelled", role));
}

}  // namespace scant
