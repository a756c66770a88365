// Where readers of array files (all images in one file) put their images: names, roles, channels and domains.
#pragma once
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "harness/data/io/pixels.hpp"
#include "harness/data/io/reader.hpp"

namespace scant {

/// Options that every array reader knows, joined with its own.
std::vector<std::string> array_options(std::vector<std::string> own);

/// Collects images of one size from several files. Names are `<role>_00000`, counted within the role.
class ArraySink {
 public:
  explicit ArraySink(const ReadTask& task);
  /// `pixels` gets the channels that the card states. `file` is for messages. Throws InputError for a label outside
  /// the card's classes or channels that do not fit.
  void add(const std::string& role, Pixels& pixels, std::int64_t label, const std::filesystem::path& file);
  /// `found`: class names that the files state. Throws InputError where there is no image at all.
  Decoded finish(const std::vector<std::string>& found = {});

 private:
  const ReadTask& task_;
  std::optional<BankBuilder> builder_;
  std::map<std::string, int> domains_;
  std::map<std::string, std::int64_t> count_;
  Decoded decoded_;
};

}  // namespace scant
