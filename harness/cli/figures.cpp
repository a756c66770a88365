// `scant figures SUITE`: the charts of what a store holds, as files.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "harness/cli/command.hpp"
#include "harness/core/error.hpp"
#include "harness/core/store.hpp"
#include "results/figures/figures.hpp"
#include "results/statistics/friedman.hpp"

namespace scant {
namespace {

struct Flags {
  std::string suite, metric, reference;
  std::filesystem::path out, folder;
  std::vector<std::string> kinds, formats{"svg"};
  bool csv = false, nemenyi = false;
  int replicates = 2000;
};

/// What charts are made of.
struct Input {
  Suite suite;
  Plan plan;
  std::vector<Record> records;
  Table table;
};

Figures rank_figures(const Input& input, bool nemenyi) {
  constexpr int replicates = 1;  // ranks and their tests need no bootstrap
  try {
    const Comparison comparison = compare(input.table, input.plan, input.records, input.suite.seed, replicates, 1);
    const Friedman& ranks = comparison.friedman;
    if (!nemenyi) return critical_difference(comparison);
    return critical_difference(comparison,
                               nemenyi_critical_difference(comparison.alpha, ranks.datasets, ranks.methods));
  } catch (const InputError& error) {
    return {{}, {fmt::format("critical-difference: {}", error.what())}};
  }
}

using Maker = std::function<Figures(const Input&, const Flags&)>;

const std::vector<std::pair<std::string, Maker>>& makers() {
  static const std::vector<std::pair<std::string, Maker>> all{
      {"critical-difference", [](const Input& in, const Flags& flags) { return rank_figures(in, flags.nemenyi); }},
      {"profiles",
       [](const Input& in, const Flags& flags) {
         constexpr int every_core = 0;
         return performance_profiles(in.table, in.plan, in.records, in.suite.seed, flags.replicates, every_core);
       }},
      {"runs", [](const Input& in, const Flags&) { return run_strips(in.table); }},
      {"cost", [](const Input& in, const Flags&) { return cost_charts(in.table); }},
      {"anytime",
       [](const Input& in, const Flags&) { return anytime_charts(in.plan, in.records, in.table.reference); }},
      {"learning-curves",
       [](const Input& in, const Flags&) { return learning_curves(in.plan, in.records, Curve::loss); }},
      {"train-accuracy",
       [](const Input& in, const Flags&) { return learning_curves(in.plan, in.records, Curve::accuracy); }},
      {"confusion", [](const Input& in, const Flags&) { return confusion_matrices(in.plan, in.records); }}};
  return all;
}

std::vector<std::string> kind_names() {
  std::vector<std::string> names;
  for (const auto& maker : makers()) names.push_back(maker.first);
  return names;
}

/// Data sets whose labels differ in signs only would share a file.
void make_names_unique(std::vector<Chart>& charts) {
  std::set<std::string> taken;
  for (Chart& chart : charts) {
    const std::string name = chart.name;
    for (int n = 2; !taken.insert(chart.name).second; ++n) chart.name = fmt::format("{}-{}", name, n);
  }
}

std::string write(const Chart& chart, const std::string& format, const std::filesystem::path& folder) {
  static const std::map<std::string, std::string> endings{
      {"svg", ".svg"}, {"pgf", ".tex"}, {"vega", ".vl.json"}, {"csv", ".csv"}};
  const std::filesystem::path file = folder / (chart.name + endings.at(format));
  if (format == "svg") write_file_atomically(file, render_svg(chart));
  if (format == "vega") write_file_atomically(file, render_vega_lite(chart).dump(1) + "\n");
  if (format == "csv") write_file_atomically(file, render_csv(chart));
  return file.string();
}

int figures(const Flags& flags, const Globals& globals) {
  Input input{read_suite(flags.suite, catalogue()), {}, {}, {}};
  if (!flags.metric.empty()) input.suite.table.metric = flags.metric;
  if (!flags.reference.empty()) input.suite.table.reference = flags.reference;
  const Store store(flags.out.empty() ? std::filesystem::path("runs") / input.suite.name : flags.out,
                    Store::Mode::read);
  input.plan = make_plan(input.suite, catalogue());
  input.records = store.records();
  input.table = make_table(input.suite, input.plan, input.records);
  Figures all;
  for (const auto& [kind, make] : makers()) {
    if (!flags.kinds.empty() && std::find(flags.kinds.begin(), flags.kinds.end(), kind) == flags.kinds.end()) continue;
    Figures some = make(input, flags);
    std::move(some.charts.begin(), some.charts.end(), std::back_inserter(all.charts));
    all.left_out.insert(all.left_out.end(), some.left_out.begin(), some.left_out.end());
  }
  make_names_unique(all.charts);
  std::filesystem::create_directories(flags.folder);
  std::vector<std::string> formats = flags.formats;
  if (flags.csv) formats.push_back("csv");
  Json listed = Json::array();
  for (const Chart& chart : all.charts) {
    Json files = Json::array();
    for (const std::string& format : formats) {
      files.push_back(write(chart, format, flags.folder));
      if (!globals.json) fmt::print("{}\n", files.back().get<std::string>());
    }
    listed.push_back({{"name", chart.name}, {"title", chart.title}, {"caption", chart.caption}, {"files", files}});
  }
  if (globals.json) fmt::print("{}\n", Json{{"figures", listed}, {"left_out", all.left_out}}.dump(2));
  for (const std::string& reason : all.left_out) fmt::print(stderr, "left out: {}\n", reason);
  return input.table.complete() ? exit_done : exit_incomplete;
}

}  // namespace

void add_figures(CLI::App& app, const Globals& globals, Action& action) {
  auto* command = app.add_subcommand(
      "figures", "Write the charts of a suite's store into a folder; exit code 3 if runs are missing");
  auto flags = std::make_shared<Flags>();
  command->add_option("SUITE", flags->suite, "Suite file (TOML)")->required()->check(CLI::ExistingFile);
  command->add_option("--out-dir", flags->folder, "Folder that the files are written to")->required();
  command->add_option("--out", flags->out, "Folder of the suite's store; default runs/<suite>");
  command->add_option("--kind", flags->kinds, fmt::format("Default all of {}", fmt::join(kind_names(), ", ")))
      ->delimiter(',')
      ->check(CLI::IsMember(kind_names()));
  command->add_option("--format", flags->formats, "svg, pgf (pgfplots) and vega (Vega-Lite)")
      ->delimiter(',')
      ->check(CLI::IsMember({"svg", "pgf", "vega"}))
      ->capture_default_str();
  command->add_flag("--csv", flags->csv, "Also the numbers behind each chart");
  command->add_flag("--nemenyi", flags->nemenyi, "Draw Nemenyi's critical difference beside the mean ranks");
  command->add_option("--replicates", flags->replicates, "Of the bootstrap behind the profiles' bands")
      ->check(CLI::Range(100, 1'000'000))
      ->capture_default_str();
  command->add_option("--metric", flags->metric, "balanced_accuracy or accuracy; default as the suite says")
      ->check(CLI::IsMember({"balanced_accuracy", "accuracy"}));
  command->add_option("--reference", flags->reference, "Label of the method that others are compared with");
  command->callback([flags, &globals, &action] { action = [flags, &globals] { return figures(*flags, globals); }; });
}

}  // namespace scant
