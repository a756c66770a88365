// What a reader is inside harness/data/io, and the table of them.
#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "harness/data/io/options.hpp"
#include "harness/data/readers.hpp"

namespace scant {

/// One call of decode: the card, the data set's folder, the card's checked options.
struct ReadTask {
  const Card& card;
  std::filesystem::path folder;
  ReadOptions options;
  int threads = 1;
};

/// A reader of one file layout. `files` names every file that `decode` would open, without opening any image.
struct Reader {
  std::vector<std::string> options;  // the read_options that it knows
  std::vector<std::filesystem::path> (*files)(const ReadTask&);
  Decoded (*decode)(const ReadTask&);
};

extern const Reader cifar_binary_reader, cifar_pickle_reader, class_folders_reader, csv_reader, geotiff_reader,
    hdf5_reader, idx_reader, list_reader, npz_reader;

}  // namespace scant
