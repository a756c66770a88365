// Data sets of one file an image: which files, under which names, with which labels, before any pixel is read.
#pragma once
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "harness/data/io/reader.hpp"

namespace scant {

struct ListedImage {
  std::filesystem::path file;
  std::string name;  // relative to the image folder, no extension
  int label = -1;
  int domain = -1;
  std::string role;  // "train", "val", "test", "unlabelled" or ""
};

struct Listing {
  std::vector<ListedImage> images;           // in the bank's order
  std::vector<std::string> classes;          // as folders or tables spell them; empty where only numbers are known
  std::vector<std::filesystem::path> index;  // files that were read to make the listing
};

/// Options that every file-per-image reader knows, joined with its own.
std::vector<std::string> listing_options(std::vector<std::string> own);

/// The folder that image names are relative to: the first of `image_folder` that exists.
std::filesystem::path image_folder(const ReadTask& task);

/// Extensions to look for, in order.
std::vector<std::string> image_extensions(const ReadTask& task);

/// `name` without one of the extensions, if it ends in one.
std::string without_extension(const std::string& name, const std::vector<std::string>& extensions);

/// The file of `name` below `root`: the first extension that exists, or nothing.
std::optional<std::filesystem::path> find_image(const std::filesystem::path& root, const std::string& name,
                                                const std::vector<std::string>& extensions);

/// Every file below `root` with one of the extensions as a path relative to it, in byte order. Hidden files (macOS
/// leaves "._" twins of images in zips) are left out.
std::vector<std::string> scan_images(const std::filesystem::path& root, const std::vector<std::string>& extensions);

/// Names and labels of all split files of the card, in order of first mention; their paths are appended to `index`.
/// Throws InputError where none is found, a line does not read `<name> <label>`, or two lists disagree on a label.
std::vector<std::pair<std::string, int>> listed_names(const ReadTask& task, std::vector<std::filesystem::path>& index);

/// Class names in label order: read_options.classes, else the card's.
std::vector<std::string> known_classes(const ReadTask& task);

/// Applies `only`, `only_listed` and the domain options, and checks names and labels. Every listing ends here.
Listing finish_listing(const ReadTask& task, Listing listing);

/// domains_file's column "domain" by bank name, numbered in sorted order of the values. Appends to `index`.
std::map<std::string, int> read_domains(const ReadTask& task, std::vector<std::filesystem::path>& index);

Listing list_from_files(const ReadTask& task);     // reader "list"
Listing list_class_folders(const ReadTask& task);  // reader "class-folders"
Listing list_table(const ReadTask& task);          // reader "csv"

/// All files of a listing: index files, then images.
std::vector<std::filesystem::path> files_of(const Listing& listing);

/// Class names of the bank: the card's where their number fits, else those that the files state.
std::vector<std::string> bank_classes(const ReadTask& task, const std::vector<std::string>& found);

}  // namespace scant
