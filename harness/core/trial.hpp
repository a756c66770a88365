// One training: everything that decides its outcome, as canonical JSON. Its hash is its name and the root of its random
// streams.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "harness/core/suite.hpp"

namespace scant {

enum class Stage { tune, final };  // tune: train on train, score on val. final: train on trainval, score once on test.

struct Trial {
  Stage stage = Stage::tune;
  std::string dataset;
  Json dataset_options;
  int split = 0;
  std::string method;
  Json params;  // every parameter the suite or the search set
  std::string backbone, precision, compat;
  int epochs = 0;  // planned; the cosine schedule is laid out for this many
  Augment augment;
  std::vector<Judge> judges{Judge{}};
  bool unlabelled = false;      // trains on the images outside the split as well
  std::uint64_t seed_base = 0;  // the suite's seed
  int index = 0;                // configuration number (tune) or repetition (final)
  /// Study::id() of a tuning trial, whose end the study's decisions decide; empty for a final run, which is the same
  /// training whichever study chose it.
  std::string study;

  Json to_json() const;
  static Trial from_json(const Json&);
  /// SHA-256 of canonical(to_json()), hexadecimal.
  std::string id() const;
  /// Seed of one random stream of this trial: "init", "order", "augment", ...
  std::uint64_t seed(std::string_view stream) const;
};

}  // namespace scant
