// Reader "class-folders": the class is a folder of the image's path (EuroSAT, NCT-CRC-HE, Kather, BreakHis, LC25000).
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "harness/core/error.hpp"
#include "harness/data/io/decode_files.hpp"
#include "harness/data/io/listing.hpp"

namespace scant {
namespace fs = std::filesystem;
namespace {

/// The folder `depth` levels into a relative path, or "" if the path has none there.
std::string folder_at(const std::string& path, int depth) {
  std::size_t begin = 0;
  for (int level = 0;; ++level) {
    const std::size_t end = path.find('/', begin);
    if (end == std::string::npos) return {};
    if (level == depth) return path.substr(begin, end - begin);
    begin = end + 1;
  }
}

struct Found {
  std::string path, role, folder;  // relative to the image folder; class folder
};

std::vector<Found> scan_roles(const ReadTask& task, const fs::path& root) {
  const auto extensions = image_extensions(task);
  const int depth = task.options.number("class_depth", 0);
  if (depth < 0) task.options.fail("class_depth", "must not be negative");
  std::vector<Found> found;
  const auto scan = [&](const std::string& below, const std::string& role) {
    for (const std::string& path : scan_images(root / below, extensions)) {
      found.push_back({below.empty() ? path : below + "/" + path, role, folder_at(path, depth)});
      if (!found.back().folder.empty()) continue;
      throw InputError(fmt::format("lies in no class folder at class_depth = {}", depth),
                       {(root / found.back().path).string()});
    }
  };
  const Json& roles = task.options.table("roles");
  if (roles.empty()) scan("", "");
  for (const auto& item : roles.items()) {
    if (!item.value().is_string()) task.options.fail("roles", "each folder has one role");
    if (fs::is_directory(root / item.key())) {
      scan(item.key(), task.options.checked_role("roles", item.value().get<std::string>()));
    } else if (!task.options.flag("allow_missing", false)) {
      throw InputError(fmt::format("the folder of the role \"{}\" is absent", item.value().get<std::string>()),
                       {(root / item.key()).string()});
    }
  }
  return found;
}

}  // namespace

Listing list_class_folders(const ReadTask& task) {
  Listing listing;
  const fs::path root = image_folder(task);
  const std::vector<Found> found = scan_roles(task, root);
  std::set<std::string> folders;
  for (const Found& image : found) folders.insert(image.folder);
  listing.classes = known_classes(task);
  if (listing.classes.empty()) listing.classes.assign(folders.begin(), folders.end());
  const bool ignore_others = task.options.flag("ignore_other_folders", false);
  const auto extensions = image_extensions(task);
  for (const Found& image : found) {
    const auto label = std::find(listing.classes.begin(), listing.classes.end(), image.folder);
    if (label != listing.classes.end()) {
      listing.images.push_back({root / image.path, without_extension(image.path, extensions),
                                static_cast<int>(label - listing.classes.begin()), -1, image.role});
    } else if (!ignore_others) {
      const std::string near = nearest_name(image.folder, listing.classes);
      throw InputError(fmt::format("the folder \"{}\" is none of the card's classes{}", image.folder,
                                   near.empty() ? "" : fmt::format(" (nearest: \"{}\")", near)),
                       {(root / image.path).string()});
    }
  }
  if (!task.options.flag("allow_missing", false)) {
    for (const std::string& name : listing.classes) {
      if (!folders.contains(name)) {
        throw InputError(fmt::format("no image {} of the class \"{}\"", fmt::join(extensions, " "), name),
                         {root.string()});
      }
    }
  }
  return finish_listing(task, std::move(listing));
}

const Reader class_folders_reader{
    listing_options({"class_depth", "roles", "ignore_other_folders"}),
    [](const ReadTask& task) { return files_of(list_class_folders(task)); },
    [](const ReadTask& task) { return decode_pictures(task, list_class_folders(task)); },
};

}  // namespace scant
