// `scant figures SUITE`: the charts of what a store holds, as files.
#include <fmt/format.h>

#include <map>

#include "harness/cli/command.hpp"
#include "harness/core/store.hpp"
#include "results/figures/gallery.hpp"
#include "results/judged.hpp"

namespace scant {
namespace {

struct FiguresFlags {
  std::string suite, metric, reference;
  std::filesystem::path out, folder;
  std::vector<std::string> formats{"svg"};
  bool csv = false;
  GalleryOptions gallery;
};

std::string write(const Chart& chart, const std::string& format, const std::filesystem::path& folder) {
  static const std::map<std::string, std::string> endings{
      {"svg", ".svg"}, {"pgf", ".tex"}, {"vega", ".vl.json"}, {"csv", ".csv"}};
  const std::filesystem::path file = folder / (chart.name + endings.at(format));
  if (format == "svg") write_file_atomically(file, render_svg(chart));
  if (format == "vega") write_file_atomically(file, render_vega_lite(chart).dump(1) + "\n");
  if (format == "csv") write_file_atomically(file, render_csv(chart));
  return file.string();
}

int figures(const FiguresFlags& flags, const Globals& globals) {
  Suite suite = read_suite(flags.suite, catalogue());
  if (!flags.metric.empty()) suite.table.metric = flags.metric;
  if (!flags.reference.empty()) suite.table.reference = flags.reference;
  const Store store(store_folder(flags.out, suite), Store::Mode::read);
  const Plan plan = make_plan(suite, catalogue());
  const std::vector<Record> records = judged_by(store.records(), suite.table.judge, suite);
  const Table table = make_table(suite, plan, records);
  const Figures all = gallery({suite, plan, records, table}, flags.gallery);
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
  return table.complete() ? exit_done : exit_incomplete;
}

}  // namespace

void add_figures(CLI::App& app, const Globals& globals, Action& action) {
  auto* command = app.add_subcommand(
      "figures", "Write the charts of a suite's store into a folder; exit code 3 if runs are missing");
  auto flags = std::make_shared<FiguresFlags>();
  command->add_option("SUITE", flags->suite, "Suite file (TOML)")->required()->check(CLI::ExistingFile);
  command->add_option("--out-dir", flags->folder, "Folder that the files are written to")->required();
  command->add_option("--out", flags->out, "Folder of the suite's store; default runs/<suite>");
  command
      ->add_option("--kind", flags->gallery.kinds, fmt::format("Default all of {}", fmt::join(gallery_kinds(), ", ")))
      ->delimiter(',')
      ->check(CLI::IsMember(gallery_kinds()));
  command->add_option("--format", flags->formats, "svg, pgf (pgfplots) and vega (Vega-Lite)")
      ->delimiter(',')
      ->check(CLI::IsMember({"svg", "pgf", "vega"}))
      ->capture_default_str();
  command->add_flag("--csv", flags->csv, "Also the numbers behind each chart");
  command->add_flag("--nemenyi", flags->gallery.nemenyi, "Draw Nemenyi's critical difference beside the mean ranks");
  command->add_option("--replicates", flags->gallery.replicates, "Of the bootstrap behind the profiles' bands")
      ->check(CLI::Range(100, 1'000'000))
      ->capture_default_str();
  command->add_option("--metric", flags->metric, "Default as the suite says")->check(CLI::IsMember(table_metrics()));
  command->add_option("--reference", flags->reference, "Label of the method that others are compared with");
  command->callback([flags, &globals, &action] { action = [flags, &globals] { return figures(*flags, globals); }; });
}

}  // namespace scant
