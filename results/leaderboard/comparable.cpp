// Which submissions can stand in one ranking.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "results/leaderboard/board.hpp"
#include "results/leaderboard/entries.hpp"

namespace scant {
namespace {

std::vector<int> sorted_splits(const DatasetEntry& entry) {
  std::vector<int> splits = entry.splits;
  std::sort(splits.begin(), splits.end());
  return splits;
}

std::vector<std::string> names_of(const std::vector<const DatasetEntry*>& entries) {
  std::vector<std::string> names;
  for (const DatasetEntry* entry : entries) names.push_back(entry->name);
  return names;
}

void compare_entries(const DatasetEntry& one, const DatasetEntry& base, std::vector<std::string>& reasons) {
  const auto options = [](const DatasetEntry& entry) {
    return entry.options.is_null() ? Json::object() : entry.options;
  };
  if (options(one) != options(base)) {
    reasons.push_back(
        fmt::format("{}: options {} instead of {}", base.name, canonical(options(one)), canonical(options(base))));
  }
  if (sorted_splits(one) != sorted_splits(base)) {
    reasons.push_back(fmt::format("{}: splits {} instead of {}", base.name, fmt::join(sorted_splits(one), ", "),
                                  fmt::join(sorted_splits(base), ", ")));
  }
  const Json ours = shared_protocol(one), theirs = shared_protocol(base);
  for (const auto& [key, value] : theirs.items()) {
    if (ours.at(key) == value) continue;
    reasons.push_back(
        fmt::format("{}: {} {} instead of {}", base.name, key, canonical(ours.at(key)), canonical(value)));
  }
}

using Digests = std::map<std::tuple<std::string, std::string, int>, std::pair<std::string, std::string>>;

/// Of images and split, by data set, options and split; a valid bundle has one each.
Digests digests_of(const Bundle& bundle) {
  Digests digests;
  for (const Record& record : bundle.records) {
    if (!record.test) continue;
    const Trial& trial = record.trial;
    digests[{trial.dataset, canonical(trial.dataset_options), trial.split}] = {record.data_digest, record.split_digest};
  }
  return digests;
}

void compare_data(const Bundle& one, const Bundle& base, std::vector<std::string>& reasons) {
  const Digests theirs = digests_of(base);
  for (const auto& entry : digests_of(one)) {
    const auto found = theirs.find(entry.first);
    if (found == theirs.end()) continue;
    const std::string split = fmt::format("{}/{}", std::get<0>(entry.first), std::get<2>(entry.first));
    const auto compare = [&](const char* what, const std::string& a, const std::string& b) {
      if (a == b) return;
      reasons.push_back(
          fmt::format("{}: other {}, digest {} instead of {}", split, what, a.substr(0, 12), b.substr(0, 12)));
    };
    compare("images", entry.second.first, found->second.first);
    compare("split", entry.second.second, found->second.second);
  }
}

}  // namespace

Json shared_protocol(const DatasetEntry& entry) {
  Json protocol = entry.protocol.to_json();
  protocol.erase("space");  // a method's own business, as [[methods]] space is
  return protocol;
}

std::vector<const DatasetEntry*> entries_in_order(const Suite& suite) {
  std::vector<std::pair<std::string, const DatasetEntry*>> keyed;
  for (const DatasetEntry& entry : suite.datasets) {
    keyed.emplace_back(canonical({entry.name, entry.options, shared_protocol(entry), sorted_splits(entry)}), &entry);
  }
  std::stable_sort(keyed.begin(), keyed.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<const DatasetEntry*> entries;
  for (const auto& [key, entry] : keyed) entries.push_back(entry);
  return entries;
}

std::vector<std::string> incomparable(const Submission& one, const Submission& base) {
  std::vector<std::string> reasons;
  const Suite &ours = one.verification.suite.value(), &theirs = base.verification.suite.value();
  if (ours.seed != theirs.seed) reasons.push_back(fmt::format("seed {} instead of {}", ours.seed, theirs.seed));
  const auto entries = entries_in_order(ours), base_entries = entries_in_order(theirs);
  if (names_of(entries) != names_of(base_entries)) {
    reasons.push_back(fmt::format("data sets {} instead of {}", fmt::join(names_of(entries), ", "),
                                  fmt::join(names_of(base_entries), ", ")));
    return reasons;
  }
  for (std::size_t d = 0; d < entries.size(); ++d) compare_entries(*entries[d], *base_entries[d], reasons);
  compare_data(one.bundle.value(), base.bundle.value(), reasons);
  return reasons;
}

}  // namespace scant
