// Split rules that draw from labels and roles, and the check that every split passes.
#include "harness/data/splits.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "harness/core/error.hpp"
#include "harness/core/hash.hpp"
#include "harness/core/random.hpp"
#include "harness/data/split_files.hpp"

namespace scant {
namespace {

using Indices = std::vector<std::int64_t>;

/// The indices of `from` by label, each list in order.
std::vector<Indices> by_class(std::span<const std::int32_t> labels, const Indices& from, int num_classes) {
  std::vector<Indices> classes(static_cast<std::size_t>(num_classes));
  for (const std::int64_t index : from) {
    classes[static_cast<std::size_t>(labels[static_cast<std::size_t>(index)])].push_back(index);
  }
  return classes;
}

Indices with_role(const SplitSource& source, const std::string& role) {
  Indices found;
  for (std::size_t i = 0; i < source.roles.size(); ++i) {
    if (source.roles[i] == role) found.push_back(static_cast<std::int64_t>(i));
  }
  return found;
}

Indices all_of(const ImageBank& bank) {
  Indices all(static_cast<std::size_t>(bank.size()));
  for (std::size_t i = 0; i < all.size(); ++i) all[i] = static_cast<std::int64_t>(i);
  return all;
}

/// A count per class from the rule's options; -1 where it is absent.
int count_option(const SplitSource& source, const char* name) {
  if (!source.rule.options.contains(name)) return -1;
  const Json& value = source.rule.options.at(name);
  if (!value.is_number_integer() || value.get<std::int64_t>() < 1) {
    throw InputError(
        fmt::format("split option \"{}\" must be a whole number of at least 1, not {}", name, value.dump()),
        {source.card.string()});
  }
  return value.get<int>();
}

[[noreturn]] void too_few(const SplitSource& source, int label, std::size_t have, std::int64_t need,
                          const std::string& what) {
  const std::string name = static_cast<std::size_t>(label) < source.bank.class_names.size()
                               ? fmt::format(" (\"{}\")", source.bank.class_names[static_cast<std::size_t>(label)])
                               : "";
  throw InputError(fmt::format("{}: class {}{} has {} images for {}, but the split rule needs {}", source.name, label,
                               name, have, what, need),
                   {source.card.string()});
}

/// Draws per class: `wanted[r]` images into list r, one list after the other; -1 takes all that are left. What remains
/// goes to the last, extra list. Within a class each list is in the bank's order.
std::vector<Indices> draw(const SplitSource& source, const Indices& from, const std::vector<int>& wanted,
                          const std::string& key, const std::string& what) {
  std::vector<Indices> drawn(wanted.size() + 1);
  const std::uint64_t seed = seed_of(source.name, key);
  const std::vector<Indices> classes = by_class(source.bank.labels, from, source.bank.num_classes());
  for (std::size_t label = 0; label < classes.size(); ++label) {
    Indices pool = classes[label];
    Random random(seed, label);
    random.shuffle(pool);
    auto next = pool.begin();
    std::int64_t asked = 0;
    for (std::size_t list = 0; list < drawn.size(); ++list) {
      const std::int64_t left = pool.end() - next;
      const std::int64_t count = list < wanted.size() && wanted[list] >= 0 ? wanted[list] : left;
      asked += count;
      if (count > left) too_few(source, static_cast<int>(label), pool.size(), asked, what);
      std::sort(next, next + count);
      drawn[list].insert(drawn[list].end(), next, next + count);
      next += count;
    }
  }
  return drawn;
}

/// train and val, class by class: per class its training images, then its validation images.
Indices class_by_class(const ImageBank& bank, const Indices& train, const Indices& val) {
  const std::vector<Indices> a = by_class(bank.labels, train, bank.num_classes());
  const std::vector<Indices> b = by_class(bank.labels, val, bank.num_classes());
  Indices both;
  for (std::size_t label = 0; label < a.size(); ++label) {
    both.insert(both.end(), a[label].begin(), a[label].end());
    both.insert(both.end(), b[label].begin(), b[label].end());
  }
  return both;
}

Split per_class_rule(const SplitSource& source, int split) {
  const Indices part = source.roles.empty() ? all_of(source.bank) : with_role(source, "train");
  std::vector<std::int32_t> labels;
  for (const std::int64_t index : part) labels.push_back(source.bank.labels[static_cast<std::size_t>(index)]);
  const int train = count_option(source, "train_per_class"), val = count_option(source, "val_per_class");
  Split result = per_class_split(labels, source.bank.num_classes(), split, train < 0 ? 30 : train, val < 0 ? 20 : val);
  for (Indices* list : {&result.train, &result.val, &result.trainval, &result.unlabelled}) {
    for (std::int64_t& index : *list) index = part[static_cast<std::size_t>(index)];
  }
  result.test = with_role(source, "test");
  const Json excluded = source.rule.options.value("exclude_test", Json());
  if (!excluded.is_null()) {
    const std::filesystem::path file = source.folder / excluded.get<std::string>();
    const Indices out = read_positions(file, static_cast<std::int64_t>(result.test.size()));
    Indices kept;
    for (std::size_t i = 0; i < result.test.size(); ++i) {
      if (!std::binary_search(out.begin(), out.end(), static_cast<std::int64_t>(i))) kept.push_back(result.test[i]);
    }
    result.test = std::move(kept);
  }
  return result;
}

Split stored_rule(const SplitSource& source, int split) {
  const Indices train = with_role(source, "train"), val = with_role(source, "val"), test = with_role(source, "test");
  const int train_count = count_option(source, "train_per_class"), val_count = count_option(source, "val_per_class");
  const std::string key = fmt::format("split {}", split);
  Split result;
  if (val.empty()) {
    if (val_count < 0) {
      throw InputError(fmt::format("{}: the files name no validation images: give the split option val_per_class, "
                                   "which draws them from the training images",
                                   source.name),
                       {source.card.string()});
    }
    std::vector<Indices> lists = draw(source, train, {val_count, train_count}, key, "training and validation");
    result.val = std::move(lists[0]);
    result.train = std::move(lists[1]);
    result.unlabelled = std::move(lists[2]);
  } else {
    std::vector<Indices> lists = draw(source, train, {train_count}, key, "training");
    result.train = std::move(lists[0]);
    result.unlabelled = std::move(lists[1]);
    lists = draw(source, val, {val_count}, key + " val", "validation");
    result.val = std::move(lists[0]);
    result.unlabelled.insert(result.unlabelled.end(), lists[1].begin(), lists[1].end());
  }
  const Indices extra = with_role(source, "unlabelled");
  result.unlabelled.insert(result.unlabelled.end(), extra.begin(), extra.end());
  std::sort(result.unlabelled.begin(), result.unlabelled.end());
  result.trainval = class_by_class(source.bank, result.train, result.val);

  // One test set for all splits, and a class that is rare in it counts with all it has.
  const int test_count = count_option(source, "test_per_class");
  for (Indices& pool : by_class(source.bank.labels, test, source.bank.num_classes())) {
    if (test_count >= 0 && static_cast<std::size_t>(test_count) < pool.size()) {
      const auto label = source.bank.labels[static_cast<std::size_t>(pool[0])];
      Random random(seed_of(source.name, "test"), static_cast<std::uint64_t>(label));
      random.shuffle(pool);
      pool.resize(static_cast<std::size_t>(test_count));
      std::sort(pool.begin(), pool.end());
    }
    result.test.insert(result.test.end(), pool.begin(), pool.end());
  }
  return result;
}

Split stratified_rule(const SplitSource& source, int split) {
  const int train = count_option(source, "train_per_class"), val = count_option(source, "val_per_class");
  if (train < 0 || val < 0) {
    throw InputError(
        fmt::format("{}: a stratified split needs the options train_per_class and val_per_class", source.name),
        {source.card.string()});
  }
  std::vector<Indices> lists = draw(source, all_of(source.bank), {train, val, count_option(source, "test_per_class")},
                                    fmt::format("split {}", split), "training, validation and test");
  Split result;
  result.train = std::move(lists[0]);
  result.val = std::move(lists[1]);
  result.test = std::move(lists[2]);
  result.unlabelled = std::move(lists[3]);
  result.trainval = class_by_class(source.bank, result.train, result.val);
  return result;
}

}  // namespace

Split per_class_split(std::span<const std::int32_t> labels, int num_classes, int split, int train_per_class,
                      int val_per_class) {
  std::vector<Indices> classes(static_cast<std::size_t>(num_classes));
  for (std::size_t i = 0; i < labels.size(); ++i) {
    if (labels[i] < 0 || labels[i] >= num_classes) {
      throw InputError(fmt::format("label {} of image {} is not within 0..{}", labels[i], i, num_classes - 1));
    }
    classes[static_cast<std::size_t>(labels[i])].push_back(static_cast<std::int64_t>(i));
  }
  const std::int64_t size = train_per_class + val_per_class, offset = size * split;
  Split result;
  std::vector<bool> taken(labels.size(), false);
  for (std::size_t label = 0; label < classes.size(); ++label) {
    const Indices& all = classes[label];
    if (static_cast<std::int64_t>(all.size()) < offset + size) {
      throw InputError(fmt::format("class {} has {} images, but split {} of the per-class rule needs {}", label,
                                   all.size(), split, offset + size));
    }
    for (std::int64_t k = 0; k < size; ++k) {
      const std::int64_t index = all[static_cast<std::size_t>(offset + k)];
      (k < train_per_class ? result.train : result.val).push_back(index);
      result.trainval.push_back(index);
      taken[static_cast<std::size_t>(index)] = true;
    }
  }
  for (std::size_t i = 0; i < labels.size(); ++i) {
    if (!taken[i]) result.unlabelled.push_back(static_cast<std::int64_t>(i));
  }
  return result;
}

Split make_split(const SplitSource& source, int split) {
  if (source.rule.options.is_null()) {
    const SplitRule without_options{source.rule.kind, Json::object()};
    return make_split(
        {source.name, without_options, source.bank, source.roles, source.folder, source.data, source.card}, split);
  }
  const std::string& kind = source.rule.kind;
  if (kind == "files") return split_from_files(source, split);
  if (kind == "stratified") return stratified_rule(source, split);
  const bool stored = kind == "stored" || kind == "column";
  if (!stored && kind != "per-class") {
    throw InputError(fmt::format("{}: there is no split rule \"{}\" (files, per-class, stored, column, stratified)",
                                 source.name, kind),
                     {source.card.string()});
  }
  if (source.roles.empty() && stored) {
    throw InputError(fmt::format("{}: the split rule \"{}\" needs files that state train and test, and these do not",
                                 source.name, kind),
                     {source.card.string()});
  }
  return stored ? stored_rule(source, split) : per_class_rule(source, split);
}

void check_split(const Split& split, std::int64_t images, const std::string& what) {
  enum : unsigned char { none, train, val, test, unlabelled };
  const char* const names[] = {"nothing", "train", "val", "test", "unlabelled"};
  std::vector<unsigned char> role(static_cast<std::size_t>(images), none);
  const auto mark = [&](const Indices& list, unsigned char as) {
    for (const std::int64_t index : list) {
      if (index < 0 || index >= images) {
        throw InputError(fmt::format("{}: {} names image {} of {}", what, names[as], index, images));
      }
      unsigned char& is = role[static_cast<std::size_t>(index)];
      if (is == as) throw InputError(fmt::format("{}: image {} occurs twice in {}", what, index, names[as]));
      if (is != none) {
        throw InputError(fmt::format("{}: image {} is in {} and in {}", what, index, names[is], names[as]));
      }
      is = as;
    }
  };
  mark(split.train, train);
  mark(split.val, val);
  mark(split.test, test);
  mark(split.unlabelled, unlabelled);
  for (const auto& [list, name] : {std::pair{&split.train, "train"}, {&split.val, "val"}, {&split.test, "test"}}) {
    if (list->empty()) throw InputError(fmt::format("{}: there are no {} images", what, name));
  }
  std::vector<bool> seen(static_cast<std::size_t>(images), false);
  for (const std::int64_t index : split.trainval) {
    const bool known = index >= 0 && index < images;
    if (!known || (role[static_cast<std::size_t>(index)] != train && role[static_cast<std::size_t>(index)] != val)) {
      throw InputError(fmt::format("{}: image {} is in trainval, but neither in train nor in val", what, index));
    }
    if (seen[static_cast<std::size_t>(index)]) {
      throw InputError(fmt::format("{}: image {} occurs twice in trainval", what, index));
    }
    seen[static_cast<std::size_t>(index)] = true;
  }
  if (split.trainval.size() != split.train.size() + split.val.size()) {
    throw InputError(fmt::format("{}: trainval has {} images, but train and val have {} together", what,
                                 split.trainval.size(), split.train.size() + split.val.size()));
  }
}

}  // namespace scant
