// How a card's split rule becomes index lists into a bank.
#pragma once
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "harness/data/dataset.hpp"

namespace scant {

/// The subset rule of ciFAIR-10: with the indices of every class in their order and m = train_per_class +
/// val_per_class, split s takes positions [m*s, m*s + train_per_class) of each class for train, the rest of [m*s, m*s +
/// m) for val, all of it for trainval (class by class, so not train followed by val). Everything else is unlabelled, in
/// order; test is empty. Throws InputError if a class has fewer than m*(s+1) images.
Split per_class_split(std::span<const std::int32_t> labels, int num_classes, int split, int train_per_class = 30,
                      int val_per_class = 20);

/// What a split rule decides from.
struct SplitSource {
  const std::string& name;                // the data set: keys the random draws and stands in messages
  const SplitRule& rule;                  // of the card
  const ImageBank& bank;                  // labels and names
  const std::vector<std::string>& roles;  // per image "train", "val", "test" or "unlabelled"; empty where unknown
  std::filesystem::path folder;           // the data set's
  std::filesystem::path data;             // the data root
  std::filesystem::path card;             // for messages
};

/// Applies the rule. Its options, by kind:
/// - "files": `folders` (candidates relative to the data set's folder, then to the data root; default "splits", "."),
///   `pattern` (default "{role}{split}.txt"), `test_split_fixed` (the test list of split 0 serves every split),
///   `sha256` (file name to digest; checked where given). Lines are "<name> <label>". An absent trainval list means
///   train followed by val; an "unlabelled" list is optional.
/// - "per-class": `train_per_class` 30, `val_per_class` 20 over the images whose role is "train" (over all images
///   where there are no roles), test = the images whose role is "test" without the positions (0-based among the test
///   images) that the file `exclude_test` (relative to the data set's folder) lists.
/// - "stored" and "column": the files' own roles; `train_per_class`, `val_per_class`, `test_per_class` draw that many
///   per class (test: at most). Without a "val" role val is drawn from "train". The draws are keyed by data set and
///   split, those of test by the data set alone.
/// - "stratified": `train_per_class`, `val_per_class`, `test_per_class` (absent: all the rest) drawn from all images.
/// Throws InputError naming the file or option, what is wrong and where it was looked for.
Split make_split(const SplitSource& source, int split);

/// Throws InputError unless indices are within the bank and not repeated, train and val are disjoint, trainval is their
/// union, test and unlabelled overlap nothing, and train, val and test hold something.
void check_split(const Split& split, std::int64_t images, const std::string& what);

}  // namespace scant
