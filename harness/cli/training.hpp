// What the commands that train share: their options and the progress line.
#pragma once
#include <CLI/CLI.hpp>
#include <filesystem>
#include <string>

#include "harness/cli/command.hpp"
#include "harness/run/runner.hpp"

namespace scant {

struct TrainingFlags {
  std::filesystem::path cache;
  RunOptions run;
};

/// --cache, --jobs, --threads, --device, --checkpoint-every and --retry-failed.
void add_training_options(CLI::App& command, TrainingFlags& flags);

/// The progress line overwrites itself on a terminal and is left out elsewhere.
class Screen {
 public:
  explicit Screen(bool quiet);
  void say(const std::string& line);
  void progress(const std::string& line);
  void clear();

 private:
  bool live_, shown_ = false;
};

/// The flags with the data's places, speaking through `screen`, which must outlive them.
RunOptions training_options(const TrainingFlags& flags, const Globals& globals, Screen& screen);

}  // namespace scant
