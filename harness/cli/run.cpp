// `scant run SUITE`: the main job. Trains what the store lacks, then prints the table.
#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <map>

#include "harness/cli/command.hpp"
#include "harness/cli/interrupt.hpp"
#include "harness/run/runner.hpp"
#include "results/judged.hpp"
#include "results/logs/tensorboard.hpp"
#include "results/table.hpp"

namespace scant {
namespace {

struct Flags {
  std::string suite, format = "md";
  std::filesystem::path out, cache, tensorboard;
  RunOptions run;
};

/// The progress line overwrites itself on a terminal and is left out elsewhere.
class Screen {
 public:
  explicit Screen(bool quiet) : live_(!quiet && ::isatty(STDERR_FILENO) != 0) {}
  void say(const std::string& line) {
    clear();
    fmt::print(stderr, "{}\n", line);
  }
  void progress(const std::string& line) {
    if (!live_) return;
    clear();
    fmt::print(stderr, "{}", line);
    std::fflush(stderr);
    shown_ = true;
  }
  void clear() {
    if (shown_) fmt::print(stderr, "\r\033[K");
    shown_ = false;
  }

 private:
  bool live_, shown_ = false;
};

/// Writes a training's event file as soon as it has ended; files of earlier ones first. `store` must not outlive
/// `plan`.
void log_events(Store& store, const Plan& plan, const std::filesystem::path& folder) {
  std::map<std::string, const Study*> studies;
  for (const Study& study : plan.studies) studies[study.id()] = &study;
  const auto write = [studies, folder](const Record& record) {
    if (const auto study = studies.find(record.study); study != studies.end()) {
      write_events(folder, *study->second, record);
    }
  };
  for (const Record& record : store.records()) write(record);
  store.on_put(write);
}

int run(const Flags& flags, const Globals& globals) {
  const Suite suite = read_suite(flags.suite, catalogue());
  const Plan plan = make_plan(suite, catalogue());
  Store store(flags.out.empty() ? std::filesystem::path("runs") / suite.name : flags.out);
  if (!flags.tensorboard.empty()) log_events(store, plan, flags.tensorboard);
  RunOptions options = flags.run;
  options.home = default_home(globals.data);
  if (!flags.cache.empty()) options.home.cache = flags.cache;
  Screen screen(globals.json);
  options.say = [&](const std::string& line) { screen.say(line); };
  options.progress = [&](const std::string& line) { screen.progress(line); };
  const RunSummary summary = run_plan(suite, plan, store, options, stop_on_signals());
  screen.clear();
  if (summary.interrupted) {
    screen.say(fmt::format("interrupted; the same command goes on from {}", store.folder().string()));
    return summary.exit_code();
  }
  const Table table = make_table(suite, plan, judged_by(store.records(), suite.table.judge, suite));
  fmt::print("{}", render(table, globals.json ? Format::json : format_from(flags.format)));
  return summary.exit_code();
}

}  // namespace

void add_run(CLI::App& app, const Globals& globals, Action& action) {
  auto* command = app.add_subcommand("run", "Tune, train and score what a suite names, then print its table");
  auto flags = std::make_shared<Flags>();
  command->add_option("SUITE", flags->suite, "Suite file (TOML)")->required()->check(CLI::ExistingFile);
  command->add_option("--out", flags->out, "Folder of this suite's store; default runs/<suite>");
  command->add_option("--cache", flags->cache,
                      "Folder of decoded images; default <data>/.scant if writable, else $XDG_CACHE_HOME/scant/banks");
  command->add_option("--jobs", flags->run.jobs, "Trials side by side; default one per core, 4 on a GPU")
      ->check(CLI::Range(1, 1024));
  command->add_option("--threads", flags->run.threads, "Threads inside one trial; default cores / jobs")
      ->check(CLI::Range(1, 1024));
  command->add_option("--device", flags->run.device, "cpu, cuda or cuda:N")->capture_default_str();
  command
      ->add_option("--checkpoint-every", flags->run.checkpoint_seconds,
                   "Seconds between a trial's checkpoints; 0: every epoch")
      ->capture_default_str();
  command->add_option("--tensorboard", flags->tensorboard,
                      "Write an event file for TensorBoard below this folder when a training ends");
  command->add_flag("--retry-failed", flags->run.retry_failed, "Run trials again that failed before");
  command->add_option("--format", flags->format, "md, csv, tex or json")->capture_default_str();
  command->callback([flags, &globals, &action] { action = [flags, &globals] { return run(*flags, globals); }; });
}

}  // namespace scant
