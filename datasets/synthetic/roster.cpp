// Draws the roster of a generated set and writes its list files.
#include "datasets/synthetic/roster.hpp"

#include <fmt/format.h>

#include "datasets/synthetic/files.hpp"

namespace scant::synthetic {
namespace {

constexpr std::uint64_t test_keys = 1u << 20;  // test images have their own numbers, whatever the pool's size

int count_of(int usual, const std::vector<double>& shares, std::size_t label) {
  return shares.empty() ? usual : std::max(1, static_cast<int>(std::lround(usual * shares[label])));
}

void append_part(std::vector<Sample>& roster, const Population& population, const Options& options, bool test) {
  std::vector<Sample> part;
  for (std::size_t label = 0; label < population.classes.size(); ++label) {
    const int count = test
                          ? count_of(options.test, population.test_share, label)
                          : std::max(options.train + options.val, count_of(options.pool, population.pool_share, label));
    for (int i = 0; i < count; ++i)
      part.push_back(
          {"", static_cast<int>(label), i % 2, test,
           (static_cast<std::uint64_t>(label) << 32) + (test ? test_keys : 0) + static_cast<std::uint64_t>(i)});
  }
  Random random(seed_of(fmt::format("{}:{}", population.name, options.seed), "roster"), test ? 1 : 0);
  random.shuffle(part);
  roster.insert(roster.end(), part.begin(), part.end());
}

}  // namespace

std::vector<Sample> make_roster(const Population& population, const Options& options) {
  std::vector<Sample> roster;
  append_part(roster, population, options, false);
  append_part(roster, population, options, true);
  return roster;
}

void write_splits(const std::filesystem::path& folder, const Population& population, const std::vector<Sample>& roster,
                  const Options& options) {
  auto line = [](const Sample& sample) { return fmt::format("{} {}\n", sample.name, sample.label); };
  std::string test;
  for (int split = 0; split < options.splits; ++split) {
    Random random(seed_of(fmt::format("{}:{}", population.name, options.seed), "splits"),
                  static_cast<std::uint64_t>(split));
    std::string train, val, trainval;
    for (std::size_t label = 0; label < population.classes.size(); ++label) {
      std::vector<const Sample*> members;
      for (const auto& sample : roster)
        if (!sample.test && sample.label == static_cast<int>(label)) members.push_back(&sample);
      random.shuffle(members);
      for (int i = 0; i < options.train + options.val; ++i) {
        const auto text = line(*members[static_cast<std::size_t>(i)]);
        (i < options.train ? train : val) += text;
        trainval += text;
      }
    }
    write_bytes(folder / fmt::format("splits/train{}.txt", split), train);
    write_bytes(folder / fmt::format("splits/val{}.txt", split), val);
    write_bytes(folder / fmt::format("splits/trainval{}.txt", split), trainval);
  }
  for (std::size_t label = 0; label < population.classes.size(); ++label)
    for (const auto& sample : roster)
      if (sample.test && sample.label == static_cast<int>(label)) test += line(sample);
  write_bytes(folder / "splits/test0.txt", test);
}

void write_domains(const std::filesystem::path& folder, const std::vector<Sample>& roster) {
  std::string text = "name,domain\n";
  for (const auto& sample : roster) text += fmt::format("{},{}\n", sample.name, sample.domain);
  write_bytes(folder / "domains.csv", text);
}

}  // namespace scant::synthetic
