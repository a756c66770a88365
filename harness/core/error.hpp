// The one exception type for broken input: it names the place and says what to do about it.
#pragma once
#include <stdexcept>
#include <string>

namespace scant {

/// A position in a file that a user wrote or fetched. Line and column count from 1; 0 means "not known".
struct Place {
  std::string file;
  int line = 0;
  int column = 0;
};

/// Broken input: a suite, a card, a data file, a command line. Expected outcomes (a skipped or stopped trial) are
/// values, not exceptions. what() reads "file:line:column: message".
class InputError : public std::runtime_error {
 public:
  explicit InputError(const std::string& message, const Place& place = {});
  const Place& place() const { return place_; }

 private:
  Place place_;
};

/// Of `known`, the name with the smallest edit distance to `name`, or "" if none is near enough to be meant.
template <class Names>
std::string nearest_name(const std::string& name, const Names& known);

/// Levenshtein distance in characters.
int edit_distance(const std::string& a, const std::string& b);

template <class Names>
std::string nearest_name(const std::string& name, const Names& known) {
  std::string best;
  int best_distance = static_cast<int>(name.size()) / 2 + 1;
  for (const auto& candidate : known) {
    const int distance = edit_distance(name, candidate);
    if (distance < best_distance) {
      best_distance = distance;
      best = candidate;
    }
  }
  return best;
}

}  // namespace scant
