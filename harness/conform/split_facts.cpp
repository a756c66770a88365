// Checks of data set cards against what is known of the published split files.
#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "harness/conform/conform.hpp"
#include "harness/data/card.hpp"

namespace scant {
namespace {

void check_file(const Card& card, const std::string& name, const Json& facts, Comparison& compare) {
  const auto download = std::find_if(card.downloads.begin(), card.downloads.end(), [&](const Download& candidate) {
    return std::filesystem::path(candidate.file).filename() == name;
  });
  compare.check("split file " + name, download != card.downloads.end(), "the card does not fetch it");
  if (download != card.downloads.end()) compare.exact(name + ".sha256", download->sha256, facts.at("sha256"));
  const Json& counts = facts.at("class_counts");
  if (!counts.is_array()) return;
  compare.exact(name + ": classes", card.spec.num_classes, counts.size());
  const std::vector<std::int64_t> numbers = counts;
  compare.exact(name + ".lines", std::accumulate(numbers.begin(), numbers.end(), std::int64_t{0}), facts.at("lines"));
}

void check_facts(const GoldenFile&, const Json& golden, Comparison& compare) {
  const Card& card = cards().at(golden.at("case"));
  const Json& files = golden.at("files");
  // A data set without split files makes its splits by a rule.
  compare.check("split rule", (card.split.kind == "files") == !files.empty(), "\"" + card.split.kind + "\"");
  for (const auto& [name, facts] : files.items()) check_file(card, name, facts, compare);
}

}  // namespace

const RegisterKind split_facts_kind{{"split files",
                                     [](const GoldenFile& file, const Json& golden) {
                                       return file.stem == "dataset_split_facts" && golden.contains("case") &&
                                              cards().contains(golden.at("case"));
                                     },
                                     check_facts}};

}  // namespace scant
