// A data set's card (datasets/<name>/card.toml): where it comes from, what is in it, how it is read and split.
#pragma once
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "harness/core/catalogue.hpp"

namespace scant {

/// A file to fetch.
struct Download {
  std::string file;               // name under the data set's folder
  std::vector<std::string> urls;  // mirrors, tried in order
  std::int64_t bytes = 0;         // 0: not published
  std::string sha256, md5;        // "" where not published
  bool unpack = false;            // zip, tar.gz, 7z and the like; a lone .gz becomes the file without that ending
  std::string unpack_to;          // folder under the data set's folder, "" = that folder
  std::string strip;              // leading folder inside the archive that is dropped: "CLaMM_task1"
};

/// How train, val, trainval and test are found.
struct SplitRule {
  std::string kind;  // "files" | "per-class" (ciFAIR rule) | "column" (csv) | "stored" (npz/idx/h5 roles) |
                     // "stratified" (seeded, per class counts)
  Json options;      // as make_split reads them; "files": the digests of listed split files are filled in
};

struct Card {
  DatasetSpec spec;
  std::string reader;  // "cifar-binary" | "list" | "geotiff-list" | "class-folders" | "hdf5" | "npz" | "idx" | "csv" |
                       // "synthetic"
  Json read_options;   // the reader's own: folders, extensions, band count, ...
  std::vector<std::string> folders;  // candidates below the data folder, first that exists is used
  std::vector<Download> downloads;   // archives and split files
  SplitRule split;
  std::string note;            // what a user must know: what the set is not, how to get it where nothing can be fetched
  std::filesystem::path file;  // the card itself
};

/// Reads one card. Throws InputError listing every error (unknown keys too).
Card read_card(const std::filesystem::path& file);

/// All cards, by name: of $SCANT_CARDS if set, else of the source tree the program was built from.
const std::map<std::string, Card>& cards();

}  // namespace scant
