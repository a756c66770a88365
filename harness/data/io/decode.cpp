// The table of readers, and the options that a card may give them.
//
// All paths are relative to the data set's folder. Where a list of texts is expected, one text is accepted.
//
// Files of one image each ("list", "class-folders", "csv", "geotiff"; "geotiff-list" is "geotiff"):
//   image_folder  "."; names are relative to it, without extension; a list means the first that exists
//   extension     all of .jpg .jpeg .png .tif .tiff .bmp; tried in order
//   grayscale     false; true reads one luminance channel (otherwise the card's bands decide)
//   classes       the card's; names in label order as folders or tables spell them
//   domain        regex with one capture, searched in the name; domains are numbered in sorted order
//   domains_file  csv with the columns name and domain, instead of `domain`
//   only          regex; images whose name it does not match are left out
//   only_listed   false; true keeps only names that the split files mention
//   list_folders  the split rule's `folders`, else "splits" and "."; below the data set's folder or its parent
//   lists         train*.txt val*.txt trainval*.txt test*.txt; names of split files, * matches anything
//   allow_missing false; true leaves out files that an index names but that are absent
// list: images, labels, class_names, roles (CUB's index files); without them names and labels come from the split files
// class-folders: class_depth (0; which folder of the path is the class), roles (folder = role), ignore_other_folders
// csv: table, path ("{column}" template), label (column) or one_hot (columns), domain_column, role (template) and
//   role_values (value = role, "" = none, "skip"; a key may end in *)
// geotiff: the listing options of csv where `table` is given, of list where `images` or `lists` is, else of
//   class-folders; band_indices (from 0)
//
// Files of many images (names are <role>_00000, counted within the role):
//   domains_file  as above
// cifar-binary: image_folder ("cifar-10-batches-bin"), files (role = batches), allow_missing, label_bytes (1),
//   label_byte (the last), class_file ("batches.meta.txt" where present)
// cifar-pickle: image_folder ("cifar-10-batches-py"), files, allow_missing, label_key ("labels")
// idx, hdf5: parts (list of role, images, labels); idx finds .gz files too; hdf5: image_array ("x"), label_array ("y")
// npz: file, roles (train val test), images ("{role}_images"), labels ("{role}_labels"), label_rule ("single", "any":
//   1 if any column is set, "column:K")
#include <fmt/format.h>

#include <chrono>
#include <map>

#include "harness/core/error.hpp"
#include "harness/core/hash.hpp"
#include "harness/data/io/reader.hpp"

namespace scant {
namespace fs = std::filesystem;
namespace {

const Reader& reader_of(const Card& card) {
  static const std::map<std::string, const Reader*> readers = {
      {"cifar-binary", &cifar_binary_reader},
      {"cifar-pickle", &cifar_pickle_reader},
      {"class-folders", &class_folders_reader},
      {"csv", &csv_reader},
      {"geotiff", &geotiff_reader},
      {"geotiff-list", &geotiff_reader},
      {"hdf5", &hdf5_reader},
      {"idx", &idx_reader},
      {"list", &list_reader},
      {"npz", &npz_reader},
  };
  const auto found = readers.find(card.reader);
  if (found != readers.end()) return *found->second;
  std::vector<std::string> names;
  for (const auto& item : readers) names.push_back(item.first);
  throw InputError(
      fmt::format("{}: no reader \"{}\"; there are {}", card.spec.name, card.reader, fmt::join(names, ", ")),
      {card.file.string()});
}

ReadTask task_for(const Card& card, const Reader& reader, const fs::path& folder, int threads) {
  return {card, folder, ReadOptions(card, reader.options), threads};
}

}  // namespace

Decoded decode(const Card& card, const fs::path& folder, const Json& options, int threads) {
  static_cast<void>(options);  // an embedded set's options shaped its files; no reader depends on them
  const Reader& reader = reader_of(card);
  return reader.decode(task_for(card, reader, folder, threads));
}

std::string source_key(const Card& card, const fs::path& folder, const Json& options) {
  const Reader& reader = reader_of(card);
  Digest digest;
  // Raised when a reader starts to give other pixels, labels or names for the same files.
  constexpr int readers_version = 1;
  digest.add(fmt::format("readers {}\n", readers_version));
  const Json settings = {{"reader", card.reader},
                         {"read_options", card.read_options},
                         {"split_options", card.split.options},
                         {"classes", card.spec.classes},
                         {"num_classes", card.spec.num_classes},
                         {"bands", card.spec.bands},
                         {"options", options}};
  digest.add(canonical(settings));
  for (const fs::path& file : reader.files(task_for(card, reader, folder, 1))) {
    std::error_code error;
    const auto size = fs::file_size(file, error);
    if (error) throw InputError(fmt::format("cannot be read: {}", error.message()), {file.string()});
    const auto time = fs::last_write_time(file).time_since_epoch();
    digest.add(fmt::format("\n{}|{}|{}", file.lexically_relative(folder).generic_string(), size,
                           std::chrono::duration_cast<std::chrono::nanoseconds>(time).count()));
  }
  return digest.hex();
}

}  // namespace scant
