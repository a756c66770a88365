// A card's [read_options], with types and messages: readers never touch the JSON themselves.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "harness/data/card.hpp"

namespace scant {

/// The options of one card. Every getter throws InputError naming the card, the key and the type that was expected.
class ReadOptions {
 public:
  /// Throws InputError for a key outside `known`, with the nearest known one.
  ReadOptions(const Card& card, const std::vector<std::string>& known);

  bool has(const std::string& key) const { return options_.contains(key); }
  std::string text(const std::string& key, const std::string& fallback) const;
  /// A text that must be there.
  std::string text(const std::string& key) const;
  bool flag(const std::string& key, bool fallback) const;
  int number(const std::string& key, int fallback) const;
  /// A list of texts; a single text counts as a list of one.
  std::vector<std::string> texts(const std::string& key, const std::vector<std::string>& fallback = {}) const;
  std::vector<int> numbers(const std::string& key) const;
  /// A table text -> text or text -> list of texts, as stored (sorted by key); an empty object if absent.
  const Json& table(const std::string& key) const;
  /// A list of tables of texts; each may hold only `known` keys.
  std::vector<std::map<std::string, std::string>> tables(const std::string& key,
                                                         const std::vector<std::string>& known) const;

  /// `role` itself. Throws InputError unless it is "train", "val", "test", "unlabelled" or "" (not stated).
  std::string checked_role(const std::string& key, const std::string& role) const;

  [[noreturn]] void fail(const std::string& key, const std::string& message) const;

 private:
  const Json* find(const std::string& key) const;
  std::string card_file_, name_;
  Json options_;
};

}  // namespace scant
