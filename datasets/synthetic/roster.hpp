// Who is in a generated set: every image's class, domain, role and name, and the lists that state it.
#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "datasets/synthetic/recipes.hpp"

namespace scant::synthetic {

struct Sample {
  std::string name;  // as split files spell it, without extension
  int label = 0, domain = 0;
  bool test = false;
  std::uint64_t key = 0;  // substream of the image's draws: class and number in it, so that counts change no image
};

/// One set's people: class names, and per class the share of the usual count that it gets (empty: all alike).
struct Population {
  std::string name;
  std::vector<std::string> classes;
  std::vector<double> pool_share, test_share;
};

/// Every image of the set, unnamed, training pool first and each part shuffled. Domains alternate within each class
/// and part, so that they say nothing about the class.
std::vector<Sample> make_roster(const Population& population, const Options& options);

/// splits/train{i}.txt, val{i}.txt, trainval{i}.txt (seeded draws from the pool, equally many of every class) and
/// test0.txt, as "<name> <label>" lines sorted by class.
void write_splits(const std::filesystem::path& folder, const Population& population, const std::vector<Sample>& roster,
                  const Options& options);

/// domains.csv: name,domain in the roster's order.
void write_domains(const std::filesystem::path& folder, const std::vector<Sample>& roster);

}  // namespace scant::synthetic
