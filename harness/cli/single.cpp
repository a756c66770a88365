// Flags to the text of a suite, so that names, ranges and suggestions are the suite reader's.
#include "harness/cli/single.hpp"

#include <fmt/format.h>

#include "harness/cli/command.hpp"
#include "harness/core/error.hpp"

namespace scant {
namespace {

/// A TOML string; JSON's escapes are among TOML's.
std::string quoted(const std::string& text) {
  return Json(text).dump();
}

}  // namespace

Json assignments(const std::vector<std::string>& pairs) {
  Json values = Json::object();
  for (const std::string& pair : pairs) {
    const std::size_t equals = pair.find('=');
    if (equals == std::string::npos || equals == 0) {
      throw InputError(fmt::format("--set takes key=value, not \"{}\"", pair));
    }
    const std::string text = pair.substr(equals + 1);
    const Json value = Json::parse(text, nullptr, /*allow_exceptions=*/false);
    values[pair.substr(0, equals)] = value.is_discarded() ? Json(text) : value;
  }
  return values;
}

Study single_study(const SingleFlags& flags) {
  std::string text = fmt::format("name = \"command-line\"\nseed = {}\n[[datasets]]\nname = {}\nsplits = [{}]\n",
                                 flags.seed, quoted(flags.dataset), flags.split);
  if (!flags.backbone.empty()) text += fmt::format("backbone = {}\n", quoted(flags.backbone));
  if (flags.epochs > 0) text += fmt::format("epochs = {}\n", flags.epochs);
  if (!flags.augment.empty()) text += fmt::format("augment = {}\n", flags.augment);
  text += fmt::format("[[methods]]\nname = {}\n", quoted(flags.method));
  const Json params = assignments(flags.set);
  if (!params.empty()) text += "[methods.params]\n";
  for (const auto& [key, value] : params.items()) text += fmt::format("{} = {}\n", quoted(key), value.dump());
  const Suite suite = parse_suite(text, "command line", catalogue());
  return make_plan(suite, catalogue()).studies.at(0);
}

Augment augment_of(const std::string& text, const std::string& dataset) {
  SingleFlags flags{.method = "majority", .dataset = dataset, .backbone = {}, .augment = text, .set = {}};
  return single_study(flags).dataset.protocol.augment;
}

}  // namespace scant
