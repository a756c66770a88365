// The per-class split rule of the CIFAR family against reference index lists.
#include <cmath>
#include <regex>

#include "harness/conform/conform.hpp"
#include "harness/core/error.hpp"
#include "harness/data/splits.hpp"

namespace scant {
namespace {

struct Golden {
  std::vector<std::int32_t> labels;
  int classes = 0;
};

/// The labels as the file states them in words, "floor(C*u), u = hash tensor T, n=N, ...": seed 1 in dev, 2 in holdout.
Golden golden_labels(const GoldenFile& file) {
  const std::string rule = file.content.at("inputs").at("labels").get<std::string>();
  static const std::regex pattern(R"(floor\((\d+)\*u\), u = hash tensor (\d+), n=(\d+).*)");
  std::smatch parts;
  if (!std::regex_match(rule, parts, pattern)) {
    throw InputError("cannot read the rule of the labels: " + rule, {file.path.string()});
  }
  const std::uint64_t seed = file.content.at("split") == "dev" ? 1 : 2;
  const std::uint64_t tensor = std::stoull(parts[2]), samples = std::stoull(parts[3]);
  Golden golden{{}, std::stoi(parts[1])};
  for (std::uint64_t i = 0; i < samples; ++i) {
    golden.labels.push_back(static_cast<std::int32_t>(std::floor(golden.classes * hash_uniform(seed, tensor, i))));
  }
  return golden;
}

void check_rule(const GoldenFile& file, const Json&, Comparison& compare) {
  const auto [labels, classes] = golden_labels(file);
  const Json& first = file.content.at("inputs").at("labels_first20");
  compare.exact("labels", std::vector<std::int32_t>(labels.begin(), labels.begin() + static_cast<long>(first.size())),
                first);
  const Json& expected = file.content.at("expected");
  for (int index = 0; expected.contains("train" + std::to_string(index)); ++index) {
    const std::string number = std::to_string(index);
    const Split split = per_class_split(labels, classes, index);
    compare.exact("train" + number, split.train, expected.at("train" + number));
    compare.exact("val" + number, split.val, expected.at("val" + number));
    compare.exact("trainval" + number, split.trainval, expected.at("trainval" + number));
    const std::string targets = "expected_targets_of_trainval" + number;
    if (!file.content.contains(targets)) continue;
    std::vector<std::int32_t> of_trainval;
    for (const auto i : split.trainval) of_trainval.push_back(labels.at(static_cast<std::size_t>(i)));
    compare.exact("targets of trainval" + number, of_trainval, file.content.at(targets));
  }
}

}  // namespace

const RegisterKind split_rule{{"cifair split rule",
                               [](const GoldenFile& file, const Json&) { return file.stem == "cifair_split_rule"; },
                               check_rule}};

}  // namespace scant
