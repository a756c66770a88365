// `scant report SUITE`: one page with the leaderboard, every run behind it, figures and sample images.
#include <fmt/format.h>

#include <chrono>
#include <thread>

#include "harness/cli/command.hpp"
#include "harness/cli/interrupt.hpp"
#include "harness/cli/samples.hpp"
#include "harness/core/store.hpp"
#include "results/judged.hpp"
#include "results/report/report.hpp"

namespace scant {
namespace {

struct ReportFlags {
  std::string suite;
  std::filesystem::path page = "report.html", store, against;
  int images = 8;  // of each data set
  int watch = 0;   // seconds between looks at the store; 0: once
};

struct Written {
  bool complete = false;
  std::size_t records = 0;
};

Written write_page(const ReportFlags& flags, const Globals& globals, const Suite& suite, const Plan& plan) {
  const Store store(store_folder(flags.store, suite), Store::Mode::read);
  const std::vector<Record> records = judged_by(store.records(), suite.table.judge, suite);
  const Table table = make_table(suite, plan, records);
  ReportParts parts;
  Figures figures = report_figures(suite, plan, records, table);
  parts.charts = std::move(figures.charts);
  parts.left_out = std::move(figures.left_out);
  parts.live = flags.watch > 0 && !table.complete();
  if (flags.images > 0) {
    parts.samples =
        sample_images(suite, plan, records, table, default_home(globals.data), flags.images, parts.left_out);
  } else {
    parts.left_out.emplace_back("images: left out as asked (--images 0)");
  }
  if (!flags.against.empty()) {
    parts.against =
        make_table(suite, plan, judged_by(Store(flags.against, Store::Mode::read).records(), suite.table.judge, suite));
    parts.against_name = flags.against.filename().string();
  }
  write_file_atomically(flags.page, render_report(report_data(suite, plan, records, table, parts)));
  return {table.complete(), records.size()};
}

std::size_t records_in(const std::filesystem::path& folder) {
  return Store(folder, Store::Mode::read).records().size();
}

int report(const ReportFlags& flags, const Globals& globals) {
  const Suite suite = read_suite(flags.suite, catalogue());
  const Plan plan = make_plan(suite, catalogue());
  Written written = write_page(flags, globals, suite, plan);
  if (globals.json) {
    fmt::print("{}\n", Json{{"page", flags.page.string()}, {"complete", written.complete}}.dump(2));
  } else {
    fmt::print("{}\n", flags.page.string());
  }
  std::fflush(stdout);
  const std::atomic<bool>& stop = stop_on_signals();
  auto next = std::chrono::steady_clock::now();
  while (flags.watch > 0 && !written.complete && !stop) {
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    if (std::chrono::steady_clock::now() < next + std::chrono::seconds(flags.watch)) continue;
    next = std::chrono::steady_clock::now();
    if (records_in(store_folder(flags.store, suite)) != written.records)
      written = write_page(flags, globals, suite, plan);
  }
  return written.complete ? exit_done : exit_incomplete;
}

}  // namespace

void add_report(CLI::App& app, const Globals& globals, Action& action) {
  auto* command = app.add_subcommand(
      "report",
      "One self-contained page: leaderboard, runs behind it, figures, images; exit code 3 if runs are missing");
  auto flags = std::make_shared<ReportFlags>();
  command->add_option("SUITE", flags->suite, "Suite file (TOML)")->required()->check(CLI::ExistingFile);
  command->add_option("--out", flags->page, "The page to write")->capture_default_str();
  command->add_option("--store", flags->store, "Folder of the suite's store; default runs/<suite>");
  command->add_option("--against", flags->against, "Folder of another store of the suite to compare every cell with");
  command->add_option("--images", flags->images, "Test images shown of each data set; 0: none")
      ->check(CLI::Range(0, 100))
      ->capture_default_str();
  command
      ->add_option("--watch", flags->watch,
                   "Look at the store every so many seconds and write the page again, until the suite is complete or "
                   "Ctrl-C; the open page loads itself again")
      ->check(CLI::Range(1, 3600));
  command->callback([flags, &globals, &action] { action = [flags, &globals] { return report(*flags, globals); }; });
}

}  // namespace scant
