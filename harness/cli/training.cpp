// Options and progress line of the commands that train.
#include "harness/cli/training.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>

#include "harness/cli/known_device.hpp"

namespace scant {

void add_training_options(CLI::App& command, TrainingFlags& flags) {
  command.add_option("--cache", flags.cache,
                     "Folder of decoded images; default <data>/.scant if writable, else $XDG_CACHE_HOME/scant/banks");
  command.add_option("--jobs", flags.run.jobs, "Trials side by side; default one per core, 4 on a GPU")
      ->check(CLI::Range(1, 1024));
  command.add_option("--threads", flags.run.threads, "Threads inside one trial; default cores / jobs")
      ->check(CLI::Range(1, 1024));
  command.add_option("--device", flags.run.device, "cpu, cuda or cuda:N")->capture_default_str()->check(known_device());
  command
      .add_option("--checkpoint-every", flags.run.checkpoint_seconds,
                  "Seconds between a trial's checkpoints; 0: every epoch")
      ->capture_default_str();
  command.add_flag("--retry-failed", flags.run.retry_failed, "Run trials again that failed before");
}

Screen::Screen(bool quiet) : live_(!quiet && ::isatty(STDERR_FILENO) != 0) {}

void Screen::say(const std::string& line) {
  clear();
  fmt::print(stderr, "{}\n", line);
}

void Screen::progress(const std::string& line) {
  if (!live_) return;
  clear();
  fmt::print(stderr, "{}", line);
  std::fflush(stderr);
  shown_ = true;
}

void Screen::clear() {
  if (shown_) fmt::print(stderr, "\r\033[K");
  shown_ = false;
}

RunOptions training_options(const TrainingFlags& flags, const Globals& globals, Screen& screen) {
  RunOptions options = flags.run;
  options.home = default_home(globals.data);
  if (!flags.cache.empty()) options.home.cache = flags.cache;
  options.say = [&screen](const std::string& line) { screen.say(line); };
  options.progress = [&screen](const std::string& line) { screen.progress(line); };
  return options;
}

}  // namespace scant
