// `scant fetch NAME...`: brings data sets to the data folder, or checks what is there.
#include <fmt/format.h>

#include "harness/cli/command.hpp"
#include "harness/core/error.hpp"
#include "harness/data/dataset.hpp"
#include "harness/data/fetch.hpp"

namespace scant {
namespace {

struct FetchArguments {
  std::vector<std::string> names;
  bool verify = false;
  int stall_seconds = 30;
};

const char* outcome_name(FetchedFile::Outcome outcome) {
  switch (outcome) {
    case FetchedFile::Outcome::present:
      return "present";
    case FetchedFile::Outcome::downloaded:
      return "downloaded";
    default:
      return "archive removed";
  }
}

const Card& card_of(const std::string& name) {
  const auto found = cards().find(name);
  if (found != cards().end()) return found->second;
  std::vector<std::string> names;
  for (const auto& [known, card] : cards()) names.push_back(known);
  const std::string near = nearest_name(name, names);
  throw InputError(fmt::format("no data set is called \"{}\"{}; `scant list` names them all", name,
                               near.empty() ? "" : fmt::format("; did you mean \"{}\"?", near)));
}

Json to_json(const FetchedFile& file) {
  return {{"file", file.file.string()},
          {"outcome", outcome_name(file.outcome)},
          {"url", file.url},
          {"bytes", file.bytes},
          {"digest", file.digest},
          {"published_digest", file.published},
          {"unpacked", file.unpacked}};
}

void print_files(const Card& card, const std::vector<FetchedFile>& files, const std::filesystem::path& data) {
  if (card.spec.embedded) fmt::print("{}: embedded, generated when first used\n", card.spec.name);
  if (!card.spec.embedded && card.downloads.empty()) {
    fmt::print("{}: nothing to fetch; its folder is {}\n  {}\n", card.spec.name, (data / card.folders.front()).string(),
               card.note);
  }
  for (const FetchedFile& file : files) {
    fmt::print("{}: {} {}{}{}\n", card.spec.name, file.file.string(), outcome_name(file.outcome),
               file.digest.empty() ? "" : fmt::format(", {}{}", file.digest, file.published ? "" : " (none published)"),
               file.unpacked ? ", unpacked" : "");
  }
}

int run_fetch(const FetchArguments& arguments, const Globals& globals) {
  std::vector<const Card*> wanted;  // a misspelt name must not surface hours later
  for (const std::string& name : arguments.names) wanted.push_back(&card_of(name));
  FetchOptions options;
  options.data = default_home(globals.data).data;
  options.verify_only = arguments.verify;
  options.stall_seconds = arguments.stall_seconds;
  options.say = [](const std::string& line) { fmt::print(stderr, "{}\n", line); };
  Json out = Json::array();
  int code = exit_done;
  for (const Card* card : wanted) {
    Json entry{{"dataset", card->spec.name}, {"licence", card->spec.licence}, {"error", nullptr}};
    std::vector<FetchedFile> files;
    try {
      files = fetch(*card, options);
    } catch (const InputError& error) {
      fmt::print(stderr, "scant: {}\n", error.what());
      entry["error"] = error.what();
      code = exit_failed;
    }
    entry["files"] = Json::array();
    for (const FetchedFile& file : files) entry["files"].push_back(to_json(file));
    out.push_back(std::move(entry));
    if (!globals.json) print_files(*card, files, options.data);
  }
  if (globals.json) fmt::print("{}\n", out.dump(2));
  return code;
}

}  // namespace

void add_fetch(CLI::App& app, const Globals& globals, Action& action) {
  auto* command = app.add_subcommand("fetch", "Bring data sets to the data folder, unpacked and verified");
  auto arguments = std::make_shared<FetchArguments>();
  command->add_option("NAME", arguments->names, "Data sets that `scant list` prints")->required();
  command->add_flag("--verify", arguments->verify, "Check what is there against the digests; connect to nothing");
  command->add_option("--stall", arguments->stall_seconds, "Give up on an address that sends nothing for this long")
      ->type_name("SECONDS")
      ->check(CLI::Range(1, 3600));
  command->callback(
      [arguments, &globals, &action] { action = [arguments, &globals] { return run_fetch(*arguments, globals); }; });
}

}  // namespace scant
