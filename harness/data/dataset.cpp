// Finding a data set's files, and turning them into a bank and splits.
#include "harness/data/dataset.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>

#include "harness/core/error.hpp"
#include "harness/core/hash.hpp"
#include "harness/data/bank_cache.hpp"
#include "harness/data/splits.hpp"
#if SCANT_WITH_IO
#include "harness/data/generate.hpp"
#include "harness/data/readers.hpp"
#endif

namespace scant {
namespace {

namespace fs = std::filesystem;

fs::path environment_path(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? fs::path() : fs::path(value);
}

/// $XDG_CACHE_HOME/scant, or its default.
fs::path user_cache() {
  const fs::path base = environment_path("XDG_CACHE_HOME");
  return (base.empty() ? environment_path("HOME") / ".cache" : base) / "scant";
}

/// Asks the permission bits too: to root access() calls a folder writable that its owner made read-only.
bool writable_folder(const fs::path& folder) {
  std::error_code error;
  const fs::file_status status = fs::status(folder, error);
  return fs::is_directory(status) && (status.permissions() & fs::perms::owner_write) != fs::perms::none &&
         ::access(folder.c_str(), W_OK) == 0;
}

const Card& find_card(const std::string& name) {
  const auto& all = cards();
  if (const auto found = all.find(name); found != all.end()) return found->second;
  std::vector<std::string> names;
  for (const auto& [known, card] : all) names.push_back(known);
  const std::string near = nearest_name(name, names);
  throw InputError(
      fmt::format("there is no data set \"{}\"{}", name,
                  near.empty() ? "; `scant list` names them all" : fmt::format("; did you mean {}?", near)));
}

#if SCANT_WITH_IO
/// The first of the card's folders that exists, or the data folder itself if it bears the name of one; else empty.
fs::path find_folder(const Card& card, const fs::path& data) {
  std::error_code error;
  for (const std::string& folder : card.folders) {
    if (fs::is_directory(data / folder, error)) return (data / folder).lexically_normal();
  }
  for (const std::string& folder : card.folders) {
    const fs::path own = data.has_filename() ? data.filename() : data.parent_path().filename();
    if (own == fs::path(folder).filename() && fs::is_directory(data, error)) return data;
  }
  return {};
}

/// Where an embedded set lies below the cache, generated if it is not there yet.
fs::path embedded_folder(const Card& card, const Json& options, const fs::path& cache) {
  static std::atomic<unsigned> count = 0;
  const std::string key = sha256_hex(fmt::format("{}|{}|{}", card.spec.name, SCANT_VERSION, canonical(options)));
  fs::path folder = cache / "embedded" / fmt::format("{}-{}", card.spec.name, key.substr(0, 16));
  if (fs::is_directory(folder)) return folder;
  const fs::path part = fmt::format("{}.{}.{}.part", folder.string(), ::getpid(), count++);
  try {
    fs::create_directories(part);
    generate(card.spec.name, options, part);
    std::error_code error;
    fs::rename(part, folder, error);
    // Another process may have been first; what it generated has the same bytes.
    if (error && !fs::is_directory(folder)) throw fs::filesystem_error("rename", part, folder, error);
    fs::remove_all(part);
  } catch (const fs::filesystem_error& error) {
    throw InputError(fmt::format("embedded data cannot be written there: {}", error.code().message()), {part.string()});
  } catch (...) {
    fs::remove_all(part);
    throw;
  }
  return folder;
}

Dataset decode_dataset(const Card& card, const Json& options, const fs::path& folder, const DataHome& home,
                       int threads) {
  Dataset dataset;
  dataset.card = card;
  dataset.folder = folder;
  dataset.data = home.data;
  const std::string key = source_key(card, folder, options);
  const fs::path file = home.cache / fmt::format("{}-{}.safetensors", card.spec.name, key.substr(0, 16));
  std::optional<CachedBank> cached = read_cached(file, key);
  if (!cached) {
    const auto start = std::chrono::steady_clock::now();
    Decoded decoded = decode(card, folder, options, threads);
    dataset.decode_seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    cached = CachedBank{std::move(decoded.bank), std::move(decoded.roles)};
    if (write_cached(file, key, *cached)) {
      // The mapped file is shared between processes; the decoded copy would be this one's alone.
      if (auto mapped = read_cached(file, key)) cached = std::move(mapped);
    }
  }
  dataset.bank = std::move(cached->bank);
  dataset.stored_roles = std::move(cached->roles);
  return dataset;
}
#endif

[[noreturn]] void not_found(const Card& card, const DataHome& home, const fs::path& prepared) {
  std::string tried;
  for (const std::string& folder : card.folders) tried += (home.data / folder).lexically_normal().string() + ", ";
  const std::string reason = SCANT_WITH_IO ? "" : " (this program was built without readers and needs a prepared bank)";
  const std::string advice = SCANT_WITH_IO
                                 ? fmt::format("Run `scant fetch {}`, or point --data elsewhere", card.spec.name)
                                 : fmt::format("Run `scant bank {}` where the readers are", card.spec.name);
  throw InputError(fmt::format("the files of {} are not there{}: none of {}{} exists. {}", card.spec.name, reason,
                               tried, prepared.string(), advice),
                   {card.file.string()});
}

}  // namespace

const std::vector<std::int64_t>& Split::of(SplitRole role) const {
  switch (role) {
    case SplitRole::train:
      return train;
    case SplitRole::val:
      return val;
    case SplitRole::trainval:
      return trainval;
    case SplitRole::test:
      return test;
    case SplitRole::unlabelled:
      return unlabelled;
  }
  throw std::logic_error("a split role without a list");
}

std::string Split::digest() const {
  return sha256_hex(canonical(Json{train, val, trainval, test, unlabelled}));
}

DataHome default_home(const fs::path& data_flag) {
  DataHome home;
  home.data = data_flag.empty() ? environment_path("SCANT_DATA") : data_flag;
  if (home.data.empty()) home.data = user_cache();
  home.cache = environment_path("SCANT_CACHE");
  if (home.cache.empty()) home.cache = writable_folder(home.data) ? home.data / ".scant" : user_cache() / "banks";
  return home;
}

Split Dataset::split(int index) const {
  const int count = stored.empty() ? std::max(1, card.spec.splits) : static_cast<int>(stored.size());
  if (index < 0 || index >= count) {
    throw InputError(fmt::format("{} has splits 0 to {}, not {}", card.spec.name, count - 1, index),
                     {card.file.string()});
  }
  if (!stored.empty()) return stored[static_cast<std::size_t>(index)];
  const SplitSource source{card.spec.name, card.split, bank, stored_roles, folder, data, card.file};
  Split result = make_split(source, index);
  check_split(result, bank.size(), fmt::format("{}: split {}", card.spec.name, index));
  return result;
}

Dataset load_dataset(const std::string& name, const Json& options, const DataHome& home, int threads) {
  return load_dataset(find_card(name), options, home, threads);
}

Dataset load_dataset(const Card& card, const Json& given, const DataHome& home, [[maybe_unused]] int threads) {
  // A suite without options hands over null; the caches know one spelling.
  const Json options = given.is_null() ? Json::object() : given;
#if SCANT_WITH_IO
  const fs::path folder =
      card.spec.embedded ? embedded_folder(card, options, home.cache) : find_folder(card, home.data);
  if (!folder.empty()) return decode_dataset(card, options, folder, home, threads);
#endif
  const fs::path prepared = home.data / "banks" / (card.spec.name + ".safetensors");
  std::error_code error;
  if (!fs::exists(prepared, error)) not_found(card, home, prepared);
  Dataset dataset = read_prepared(card, options, prepared);
  dataset.data = home.data;
  return dataset;
}

}  // namespace scant
