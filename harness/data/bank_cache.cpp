// Reading and writing cached and prepared banks.
#include "harness/data/bank_cache.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>

#include "harness/core/error.hpp"
#include "harness/data/splits.hpp"

namespace scant {
namespace {

Json to_json(const Split& split) {
  return {{"train", split.train},
          {"val", split.val},
          {"trainval", split.trainval},
          {"test", split.test},
          {"unlabelled", split.unlabelled}};
}

Split split_from(const Json& json) {
  Split split;
  json.at("train").get_to(split.train);
  json.at("val").get_to(split.val);
  json.at("trainval").get_to(split.trainval);
  json.at("test").get_to(split.test);
  json.at("unlabelled").get_to(split.unlabelled);
  return split;
}

/// A suite without options writes null, one with an empty table {}: they mean the same.
Json settled(const Json& options) {
  return options.is_null() ? Json::object() : options;
}

}  // namespace

std::optional<CachedBank> read_cached(const std::filesystem::path& file, const std::string& key) {
  std::error_code error;
  if (!std::filesystem::exists(file, error)) return {};
  try {
    Json extra;
    CachedBank cached{load_bank(file, &extra), {}};
    cached.roles = extra.at("roles").get<std::vector<std::string>>();
    if (extra.at("key") != key) throw InputError("was made from other files or settings", {file.string()});
    if (!cached.roles.empty() && cached.roles.size() != cached.bank.shapes.size()) {
      throw InputError("has roles for another number of images", {file.string()});
    }
    return cached;
  } catch (const InputError& broken) {
    fmt::print(stderr, "{}; it is made anew\n", broken.what());
  } catch (const Json::exception& broken) {
    fmt::print(stderr, "{}: is no cached bank ({}); it is made anew\n", file.string(), broken.what());
  }
  return {};
}

bool write_cached(const std::filesystem::path& file, const std::string& key, const CachedBank& cached) {
  try {
    std::filesystem::create_directories(file.parent_path());
    save_bank(cached.bank, file, {{"key", key}, {"roles", cached.roles}});
    return true;
  } catch (const std::filesystem::filesystem_error& error) {
    fmt::print(stderr, "{}: decoded images cannot be kept there ({})\n", file.string(), error.code().message());
  } catch (const InputError& error) {
    fmt::print(stderr, "{}; decoded images are not kept\n", error.what());
  }
  return false;
}

void save_prepared(const Dataset& dataset, const Json& options, const std::filesystem::path& file) {
  Json splits = Json::array();
  for (int i = 0; i < std::max(1, dataset.card.spec.splits); ++i) splits.push_back(to_json(dataset.split(i)));
  save_bank(dataset.bank, file,
            {{"dataset", dataset.card.spec.name},
             {"options", settled(options)},
             {"roles", dataset.stored_roles},
             {"splits", splits}});
}

Dataset read_prepared(const Card& card, const Json& options, const std::filesystem::path& file) {
  Dataset dataset;
  dataset.card = card;
  try {
    Json extra;
    dataset.bank = load_bank(file, &extra);
    if (extra.at("dataset") != card.spec.name || extra.at("options") != settled(options)) {
      throw InputError(
          fmt::format("was prepared for {} with options {}, not for {} with options {}: run `scant bank {}` "
                      "anew",
                      extra.at("dataset").dump(), extra.at("options").dump(), card.spec.name, settled(options).dump(),
                      card.spec.name),
          {file.string()});
    }
    extra.at("roles").get_to(dataset.stored_roles);
    for (const Json& split : extra.at("splits")) dataset.stored.push_back(split_from(split));
  } catch (const Json::exception& error) {
    throw InputError(fmt::format("is no prepared bank ({}): run `scant bank {}`", error.what(), card.spec.name),
                     {file.string()});
  }
  for (std::size_t i = 0; i < dataset.stored.size(); ++i) {
    check_split(dataset.stored[i], dataset.bank.size(), fmt::format("{}: split {}", file.string(), i));
  }
  return dataset;
}

}  // namespace scant
