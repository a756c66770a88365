// From a name to pixels and index lists: finds a data set's files, decodes them once, caches the bank, applies the
// split rule.
#pragma once
#include <filesystem>
#include <vector>

#include "harness/data/bank.hpp"
#include "harness/data/card.hpp"

namespace scant {

enum class SplitRole { train, val, trainval, test, unlabelled };

/// Indices into the bank. train and val are disjoint, trainval is their union in the split's own order, test overlaps
/// none of them (checked).
struct Split {
  std::vector<std::int64_t> train, val, trainval, test, unlabelled;
  const std::vector<std::int64_t>& of(SplitRole role) const;
  std::string digest() const;  // SHA-256 of all lists
};

/// Where data and caches live.
struct DataHome {
  std::filesystem::path data;  // --data, else $SCANT_DATA, else $XDG_CACHE_HOME/scant (or ~/.cache/scant)
  std::filesystem::path
      cache;  // decoded banks: $SCANT_CACHE, else <data>/.scant if writable there, else $XDG_CACHE_HOME/scant/banks
};
DataHome default_home(const std::filesystem::path& data_flag = {});

/// A loaded data set. Splits are read when asked for.
class Dataset {
 public:
  Card card;
  ImageBank bank;
  /// Throws InputError naming the split file (or rule), what it needs and where it was looked for.
  Split split(int index) const;

  std::filesystem::path folder;           // where the files were found; empty for a prepared bank
  std::filesystem::path data;             // the data root that was searched
  std::vector<Split> stored;              // splits that came with a saved bank or inside the files
  std::vector<std::string> stored_roles;  // reader "csv"/"npz"/...: per image "train", "val" or "test"; else empty
  double decode_seconds = 0;              // what decoding took; 0 where the bank came from a cache
};

/// Loads from the bank cache or decodes (in parallel, `threads` of them); embedded sets are generated first. A corrupt
/// cache is rebuilt with a message on stderr. Where the files are not there (or the program was built without readers),
/// a prepared bank, <data>/banks/NAME.safetensors, takes their place. Never connects. Throws InputError naming the
/// folders that were tried and `scant fetch NAME`.
Dataset load_dataset(const std::string& name, const Json& options, const DataHome& home, int threads = 2);
/// The same for a card that is not one of cards().
Dataset load_dataset(const Card& card, const Json& options, const DataHome& home, int threads = 2);

/// Writes a bank with its labels, roles and all splits into one file that load_dataset accepts on a machine without the
/// data set's files. Throws InputError if a split cannot be made or the file not be written.
void save_prepared(const Dataset& dataset, const Json& options, const std::filesystem::path& file);

}  // namespace scant
