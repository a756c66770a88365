// `scant table SUITE`: the table of what a store holds, alone or beside published numbers.
#include <fmt/format.h>

#include "harness/cli/command.hpp"
#include "harness/core/store.hpp"
#include "results/judged.hpp"
#include "results/published.hpp"
#include "results/table.hpp"

namespace scant {
namespace {

struct TableFlags {
  std::string suite, format = "md", published;
  std::string metric, judge, reference, spread, correction;  // empty: as the suite says
  std::vector<std::string> rows, columns;                    // labels; empty: as the suite says
  double alpha = 0;                                          // 0: as the suite says
  std::filesystem::path out;
};

void override_options(const TableFlags& flags, TableOptions& options) {
  if (!flags.metric.empty()) options.metric = flags.metric;
  if (!flags.judge.empty()) options.judge = flags.judge;
  if (!flags.reference.empty()) options.reference = flags.reference;
  if (!flags.spread.empty()) options.spread = flags.spread;
  if (!flags.correction.empty()) options.correction = flags.correction;
  if (!flags.rows.empty()) options.rows = flags.rows;
  if (!flags.columns.empty()) options.columns = flags.columns;
  if (flags.alpha > 0) options.alpha = flags.alpha;
}

int table(const TableFlags& flags, const Globals& globals) {
  const Format format = globals.json ? Format::json : format_from(flags.format);
  Suite suite = read_suite(flags.suite, catalogue());
  std::optional<Published> published;
  if (!flags.published.empty()) {
    published = read_published(flags.published);
    suite = restrict_to(*published, std::move(suite));
    suite.table.metric = published->metric;
  }
  override_options(flags, suite.table);
  const Store store(store_folder(flags.out, suite), Store::Mode::read);
  const Table ours =
      make_table(suite, make_plan(suite, catalogue()), judged_by(store.records(), suite.table.judge, suite));
  fmt::print("{}", published ? render_comparison(ours, *published, format) : render(ours, format));
  return ours.complete() ? exit_done : exit_incomplete;
}

}  // namespace

void add_table(CLI::App& app, const Globals& globals, Action& action) {
  auto* command = app.add_subcommand("table", "Print a suite's table from its store; exit code 3 if runs are missing");
  auto flags = std::make_shared<TableFlags>();
  command->add_option("SUITE", flags->suite, "Suite file (TOML)")->required()->check(CLI::ExistingFile);
  command->add_option("--out", flags->out, "Folder of the suite's store; default runs/<suite>");
  command->add_option("--format", flags->format, "md, csv, csv-wide, tex, json or html")->capture_default_str();
  command->add_option(
      "--published", flags->published,
      "Compare with results/published/<NAME>.toml (or a path; the year may be left out), on the splits it is over");
  command->add_option("--metric", flags->metric, "This and what follows: default as the suite says")
      ->check(CLI::IsMember(table_metrics()));
  command->add_option("--judge", flags->judge, "Label of the judge whose scores are shown");
  command->add_option("--row", flags->rows, "Label of a row to show; repeat it, in the table's order")
      ->allow_extra_args(false);
  command->add_option("--column", flags->columns, "Label of a column to show; repeat it, in the table's order")
      ->allow_extra_args(false);
  command->add_option("--reference", flags->reference, "Label of the row that † compares with");
  command->add_option("--spread", flags->spread, "population, sample (standard deviations) or standard-error")
      ->check(CLI::IsMember({"population", "sample", "standard-error"}));
  command->add_option("--correction", flags->correction, "For the number of tests: none, holm or benjamini-hochberg")
      ->check(CLI::IsMember({"none", "holm", "benjamini-hochberg"}));
  command->add_option("--alpha", flags->alpha, "Level of the tests")->check(CLI::Range(0.0001, 0.5));
  command->callback([flags, &globals, &action] { action = [flags, &globals] { return table(*flags, globals); }; });
}

}  // namespace scant
