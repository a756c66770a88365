// Reads baselines; turns undecided cells into plans with more final runs.
#include "harness/cli/guard.hpp"

#include <fmt/format.h>

#include <fstream>
#include <map>

namespace scant {
namespace {

using CellName = std::pair<std::string, std::string>;  // labels of data set and method

std::vector<Record> read_lines(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::vector<Record> records;
  int number = 0;
  for (std::string line; std::getline(in, line);) {
    ++number;
    if (line.empty()) continue;
    try {
      records.push_back(Record::from_json(Json::parse(line)));
    } catch (const std::exception& error) {
      throw InputError(fmt::format("is no record as `scant records` prints it without --outcome: {}", error.what()),
                       {file.string(), number});
    }
  }
  if (!in.eof()) throw InputError("cannot be read", {file.string()});
  return records;
}

/// The studies of the cells that want runs, with as many final runs as they want. A cell is asked once for each size:
/// what did not come then will not come, and the cell's notes say why.
Plan wanted(const Plan& plan, const Regression& regression, std::map<CellName, int>& asked) {
  std::map<CellName, int> sizes;
  for (const GuardedCell& cell : regression.cells) {
    int& before = asked[{cell.dataset, cell.method}];
    if (cell.wanted <= before) continue;
    before = cell.wanted;
    sizes[{cell.dataset, cell.method}] = cell.wanted;
  }
  Plan more{plan.suite, {}};
  for (const Study& study : plan.studies) {
    const auto size = sizes.find({study.dataset.label, study.method.label});
    if (size == sizes.end()) continue;
    more.studies.push_back(study);
    more.studies.back().dataset.protocol.final_runs = size->second;
  }
  return more;
}

}  // namespace

std::vector<Record> read_baseline(const std::filesystem::path& path) {
  if (std::filesystem::is_directory(path)) return Store(path, Store::Mode::read).records();
  if (!std::filesystem::exists(path)) throw InputError("does not exist", {path.string()});
  return read_lines(path);
}

Guarded guard(const Suite& suite, const Plan& plan, Store& store, const std::vector<Record>& baseline,
              const GuardDesign& design, double extra_seconds, const RunOptions& options,
              const std::atomic<bool>& stop) {
  std::map<CellName, int> asked;
  for (;;) {
    Guarded guarded{regress(suite, plan, store.records(), baseline, design)};
    const Plan more = wanted(plan, guarded.regression, asked);
    if (more.studies.empty()) return guarded;
    if (extra_seconds > 0 && guarded.regression.extra_seconds() >= extra_seconds) {
      guarded.regression.notes.push_back(
          fmt::format("the {} device-seconds for seeds beyond the plan are spent", extra_seconds));
      return guarded;
    }
    if (run_plan(suite, more, store, options, stop).interrupted) {
      guarded.interrupted = true;
      return guarded;
    }
  }
}

}  // namespace scant
