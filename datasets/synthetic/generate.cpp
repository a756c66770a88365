// generate(): options checked, roster drawn, images painted one by one in a fixed order.
#include "harness/data/generate.hpp"

#include <fmt/format.h>

#include <limits>

#include "datasets/synthetic/files.hpp"
#include "datasets/synthetic/layouts.hpp"
#include "harness/core/error.hpp"

namespace scant {
namespace {

using synthetic::Layout;
using synthetic::Options;
using synthetic::Sample;

/// Takes numbers out of the options and remembers everything that is wrong with them.
class OptionReader {
 public:
  OptionReader(const std::string& set, const Json& options) : set_(set), options_(options) {
    if (!options.is_null() && !options.is_object()) complain("options must be a table of names and values");
  }

  template <class T>
  void take(const char* name, T& value, double low, double high) {
    known_.push_back(name);
    if (!options_.is_object() || !options_.contains(name)) return;
    const Json& given = options_.at(name);
    const bool fits = std::is_integral_v<T> ? given.is_number_integer() : given.is_number();
    if (fits && given.get<double>() >= low && given.get<double>() <= high)
      value = given.get<T>();
    else
      complain(fmt::format("{} = {} is not {} from {} to {}", name, given.dump(),
                           std::is_integral_v<T> ? "a whole number" : "a number", low, high));
  }

  /// Throws InputError listing every complaint, unknown names among them.
  void finish() {
    if (options_.is_object())
      for (const auto& [name, value] : options_.items()) {
        if (std::find(known_.begin(), known_.end(), name) != known_.end()) continue;
        const std::string meant = nearest_name(name, known_);
        complain(fmt::format("unknown option '{}'{}", name,
                             meant.empty() ? "" : fmt::format(" (did you mean '{}'?)", meant)));
      }
    if (!complaints_.empty())
      throw InputError(
          fmt::format("{}: {}; known options: {}", set_, fmt::join(complaints_, "; "), fmt::join(known_, ", ")));
  }
  void complain(std::string what) { complaints_.push_back(std::move(what)); }

 private:
  const std::string& set_;
  const Json& options_;
  std::vector<std::string> known_, complaints_;
};

Options read_options(const Layout& layout, const Json& json) {
  Options options;
  options.side = layout.side;
  options.pool = layout.pool;
  OptionReader reader(layout.population.name, json);
  constexpr double most = 5000;  // images per class
  reader.take("difficulty", options.difficulty, 0, 1);
  reader.take("seed", options.seed, 0, static_cast<double>(std::numeric_limits<std::int64_t>::max()));
  reader.take("side", options.side, layout.min_side, layout.max_side);
  reader.take("pool", options.pool, 2, most);
  reader.take("test", options.test, 1, most);
  reader.take("train", options.train, 1, most);
  reader.take("val", options.val, 1, most);
  reader.take("splits", options.splits, 1, 100);
  reader.finish();
  if (options.train + options.val > options.pool) {
    reader.complain(
        fmt::format("train {} and val {} do not fit into pool {}", options.train, options.val, options.pool));
    reader.finish();
  }
  return options;
}

const Layout& layout_of(const std::string& name) {
  std::vector<std::string> known;
  for (const auto& layout : synthetic::layouts()) {
    if (layout.population.name == name) return layout;
    known.push_back(layout.population.name);
  }
  throw InputError(fmt::format("no embedded data set is called '{}'; there are {}", name, fmt::join(known, ", ")));
}

}  // namespace

void generate(const std::string& name, const Json& options, const std::filesystem::path& folder) {
  const Layout& layout = layout_of(name);
  const Options read = read_options(layout, options);
  auto roster = synthetic::make_roster(layout.population, read);
  const std::uint64_t seed = seed_of(fmt::format("{}:{}", name, read.seed), "images");
  layout.write(folder, layout.population, roster, read, [&](const Sample& sample) {
    Random random(seed, sample.key);
    return layout.draw(sample.label, sample.domain, read, random);
  });
  std::string classes;
  for (const auto& one : layout.population.classes) classes += one + "\n";
  synthetic::write_bytes(folder / "classes.txt", classes);
  synthetic::write_domains(folder, roster);
}

}  // namespace scant
