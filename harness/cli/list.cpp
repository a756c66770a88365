// `scant list`: methods, datasets and backbones by name. `scant show NAME`: everything about one of them.
#include <fmt/format.h>

#include <ranges>

#include "harness/cli/command.hpp"
#include "harness/core/error.hpp"
#include "harness/data/card.hpp"

namespace scant {
namespace {

Json params_json(const std::vector<ParamSpec>& params) {
  Json list = Json::array();
  for (const ParamSpec& param : params) {
    Json entry{{"name", param.name}, {"default", param.default_value}, {"meaning", param.meaning}};
    if (param.legal) entry["legal"] = {param.legal->low, param.legal->high};
    if (!param.one_of.empty()) entry["one_of"] = param.one_of;
    if (param.search) entry["search"] = param.search->to_json();
    list.push_back(entry);
  }
  return list;
}

Json method_json(const MethodSpec& spec) {
  return {{"name", spec.name},
          {"summary", spec.summary},
          {"citation", spec.citation},
          {"baseline", spec.baseline},
          {"unlabelled", spec.unlabelled},
          {"params", params_json(spec.params)},
          {"gem_differences", spec.differences}};
}

Json dataset_json(const Card& card) {
  const DatasetSpec& spec = card.spec;
  Json downloads = Json::array();
  for (const Download& file : card.downloads) {
    downloads.push_back(
        {{"file", file.file}, {"urls", file.urls}, {"bytes", file.bytes}, {"sha256", file.sha256}, {"md5", file.md5}});
  }
  return {{"name", spec.name},
          {"title", spec.title},
          {"domain", spec.domain},
          {"licence", spec.licence},
          {"citation", spec.citation},
          {"classes", spec.classes},
          {"num_classes", spec.num_classes},
          {"bands", spec.bands},
          {"splits", spec.splits},
          {"augment", spec.augment.to_json()},
          {"backbone", spec.backbone},
          {"epochs", spec.epochs},
          {"embedded", spec.embedded},
          {"folders", card.folders},
          {"split_rule", {{"kind", card.split.kind}, {"options", card.split.options}}},
          {"downloads", downloads},
          {"note", card.note}};
}

void print_params(const std::vector<ParamSpec>& params) {
  if (!params.empty()) fmt::print("\nparameters\n");
  for (const ParamSpec& param : params) {
    std::string range;
    if (param.legal) range = fmt::format(", within [{}, {}]", param.legal->low, param.legal->high);
    if (!param.one_of.empty()) range = ", one of " + Json(param.one_of).dump();
    fmt::print("  {} = {}: {}{}\n", param.name, param.default_value.dump(), param.meaning, range);
    if (param.search) fmt::print("      searched: {}\n", param.search->to_json().dump());
  }
}

void print_method(const MethodSpec& spec) {
  fmt::print("{}: {}\n{}\n", spec.name, spec.summary, spec.citation);
  if (spec.unlabelled) fmt::print("learns from images without labels too, where a suite says unlabelled = true\n");
  print_params(spec.params);
  if (!spec.differences.empty()) fmt::print("\ncompat = \"gem\" differs\n");
  for (const std::string& line : spec.differences) fmt::print("  {}\n", line);
}

void print_dataset(const Card& card) {
  const DatasetSpec& spec = card.spec;
  fmt::print("{}: {}\n{} domain, {} classes, {} band(s), {} split(s)\nlicence: {}\ncitation: {}\n", spec.name,
             spec.title, spec.domain, spec.num_classes, spec.bands, spec.splits, spec.licence, spec.citation);
  if (spec.embedded) fmt::print("embedded: generated when first used, never fetched\n");
  fmt::print("folder below --data: {}\nsplit rule: {} {}\ntraining geometry: {}\n", fmt::join(card.folders, " or "),
             card.split.kind, card.split.options.dump(), spec.augment.to_json().dump());
  if (!card.note.empty()) fmt::print("note: {}\n", card.note);
  for (const Download& file : card.downloads) {
    fmt::print("file {}{}\n", file.file, file.bytes > 0 ? fmt::format(" ({} bytes)", file.bytes) : "");
    for (const std::string& url : file.urls) fmt::print("  {}\n", url);
    if (!file.sha256.empty()) fmt::print("  sha256 {}\n", file.sha256);
    if (!file.md5.empty()) fmt::print("  md5 {}\n", file.md5);
  }
}

int list(const Globals& globals) {
  const Catalogue& all = catalogue();
  if (globals.json) {
    Json out{{"methods", Json::array()}, {"datasets", Json::array()}, {"backbones", all.backbones}};
    for (const auto& [kind, params] : all.judges) out["judges"][kind] = params_json(params);
    for (const auto& [name, spec] : all.methods) out["methods"].push_back(method_json(spec));
    for (const auto& [name, card] : cards()) out["datasets"].push_back(dataset_json(card));
    fmt::print("{}\n", out.dump(2));
    return exit_done;
  }
  fmt::print("methods\n");
  for (const auto& [name, spec] : all.methods)
    fmt::print("  {:<28} {}{}\n", name, spec.baseline ? "baseline: " : "", spec.summary);
  fmt::print("\ndatasets\n");
  for (const auto& [name, spec] : all.datasets)
    fmt::print("  {:<28} {} ({} classes, {} band(s))\n", name, spec.title, spec.num_classes, spec.bands);
  fmt::print("\njudges\n  {}\n", fmt::join(std::views::keys(all.judges), ", "));
  fmt::print("\nbackbones\n  {}\n", fmt::join(all.backbones, ", "));
  return exit_done;
}

/// A method, a judge, or both: k-NN is a baseline on pixels and a judge of embeddings.
void show_trained(const MethodSpec* method, const std::vector<ParamSpec>* judge, const Globals& globals) {
  if (globals.json) {
    Json out = method != nullptr ? method_json(*method) : Json::object();
    if (judge != nullptr) out["judge"] = params_json(*judge);
    fmt::print("{}\n", out.dump(2));
    return;
  }
  if (method != nullptr) print_method(*method);
  if (judge == nullptr) return;
  fmt::print("{}as a judge of trained methods, in a suite's `judges`\n", method != nullptr ? "\n" : "");
  print_params(*judge);
}

int show(const std::string& name, const Globals& globals) {
  const Catalogue& all = catalogue();
  const auto method = all.methods.find(name);
  const auto judge = all.judges.find(name);
  if (method != all.methods.end() || judge != all.judges.end()) {
    show_trained(method != all.methods.end() ? &method->second : nullptr,
                 judge != all.judges.end() ? &judge->second : nullptr, globals);
    return exit_done;
  }
  if (const auto card = cards().find(name); card != cards().end()) {
    if (globals.json) {
      fmt::print("{}\n", dataset_json(card->second).dump(2));
    } else {
      print_dataset(card->second);
    }
    return exit_done;
  }
  std::vector<std::string> names;
  for (const auto& [known, spec] : all.methods) names.push_back(known);
  for (const auto& [known, spec] : all.datasets) names.push_back(known);
  for (const auto& [known, params] : all.judges) names.push_back(known);
  const std::string near = nearest_name(name, names);
  throw InputError(fmt::format("no method, data set or judge is called \"{}\"{}; `scant list` names them all", name,
                               near.empty() ? "" : fmt::format("; did you mean \"{}\"?", near)));
}

}  // namespace

void add_list(CLI::App& app, const Globals& globals, Action& action) {
  auto* command = app.add_subcommand("list", "Methods, data sets, judges and backbones by name");
  command->callback([&] { action = [&] { return list(globals); }; });
}

void add_show(CLI::App& app, const Globals& globals, Action& action) {
  auto* command = app.add_subcommand("show", "Everything about one method, data set or judge");
  auto name = std::make_shared<std::string>();
  command->add_option("NAME", *name, "A name that `scant list` prints")->required();
  command->callback([name, &globals, &action] { action = [name, &globals] { return show(*name, globals); }; });
}

}  // namespace scant
