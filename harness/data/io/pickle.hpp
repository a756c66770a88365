// Python pickles that hold plain containers and numpy byte arrays, read as data: nothing in them is executed.
#pragma once
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace scant {

/// A value of a pickle.
struct Pickled {
  enum class Kind { none, integer, text, list, tuple, dict, global, array };
  Kind kind = Kind::none;
  std::int64_t integer = 0;                     // also True and False
  std::string text;                             // text or bytes; global: "module name"; array: its bytes in C order
  std::vector<std::shared_ptr<Pickled>> items;  // dict: key, value, key, value; array: its extents

  /// The value of a dict's text key, or nullptr.
  const Pickled* find(const std::string& key) const;
};

/// Reads a pickle of protocol 2 to 5. Arrays must be uint8 in C order. Throws InputError naming the file and the
/// position of whatever is not understood; a pickle may name any Python function, of which only numpy's array
/// constructor, its dtype and the codec of byte strings are known here.
std::shared_ptr<Pickled> read_pickle(const std::filesystem::path& file);

}  // namespace scant
