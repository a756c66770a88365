// `scant check SUITE`: is it sound? `scant plan SUITE`: what would run, and what the store still lacks.
#include <fmt/format.h>

#include "harness/cli/command.hpp"
#include "harness/core/plan.hpp"

namespace scant {
namespace {

int check(const std::string& file, const Globals& globals) {
  const Suite suite = read_suite(file, catalogue());
  if (globals.json) {
    fmt::print("{}\n", Json{{"suite", suite.name},
                            {"datasets", suite.datasets.size()},
                            {"methods", suite.methods.size()},
                            {"digest", suite.digest}}
                           .dump(2));
  } else {
    fmt::print("{}: {} data sets, {} methods, no errors\n", suite.name, suite.datasets.size(), suite.methods.size());
  }
  return exit_done;
}

Json study_json(const Study& study) {
  Json trials = Json::array();
  for (const Trial& trial : study.tuning) trials.push_back({{"id", trial.id()}, {"params", trial.params}});
  return {{"id", study.id()},
          {"name", study.name()},
          {"protocol", study.dataset.protocol.to_json()},
          {"trials", trials},
          {"final_runs", study.dataset.protocol.final_runs}};
}

int plan(const std::string& file, bool trials, const Globals& globals) {
  const Plan plan = make_plan(read_suite(file, catalogue()), catalogue());
  if (globals.json) {
    Json studies = Json::array();
    for (const Study& study : plan.studies) studies.push_back(study_json(study));
    fmt::print("{}\n", Json{{"suite", plan.suite}, {"studies", studies}}.dump(2));
    return exit_done;
  }
  std::size_t tuning = 0, finals = 0;
  for (const Study& study : plan.studies) {
    const Protocol& protocol = study.dataset.protocol;
    // One configuration leaves nothing to decide, so it is not trained for tuning.
    const std::size_t searched = study.tuning.size() > 1 ? study.tuning.size() : 0;
    tuning += searched;
    finals += static_cast<std::size_t>(protocol.final_runs);
    fmt::print("{:<52} {} trials, {} final runs, {}\n", study.name(), searched, protocol.final_runs,
               study.baseline ? "no epochs" : fmt::format("{} epochs of {}", protocol.epochs, protocol.backbone));
    if (trials) {
      for (const Trial& trial : study.tuning)
        fmt::print("  {} {}\n", trial.id().substr(0, 12), canonical(trial.params));
    }
  }
  fmt::print("{} studies, {} tuning trials, {} final runs\n", plan.studies.size(), tuning, finals);
  return exit_done;
}

}  // namespace

void add_check(CLI::App& app, const Globals& globals, Action& action) {
  auto* command = app.add_subcommand("check", "Check a suite file; lists every error at once");
  auto file = std::make_shared<std::string>();
  command->add_option("SUITE", *file, "Suite file (TOML)")->required()->check(CLI::ExistingFile);
  command->callback([file, &globals, &action] { action = [file, &globals] { return check(*file, globals); }; });
}

void add_plan(CLI::App& app, const Globals& globals, Action& action) {
  auto* command = app.add_subcommand("plan", "What a suite would run");
  auto file = std::make_shared<std::string>();
  auto trials = std::make_shared<bool>(false);
  command->add_option("SUITE", *file, "Suite file (TOML)")->required()->check(CLI::ExistingFile);
  command->add_flag("--trials", *trials, "List every configuration");
  command->callback([file, trials, &globals, &action] {
    action = [file, trials, &globals] { return plan(*file, *trials, globals); };
  });
}

}  // namespace scant
