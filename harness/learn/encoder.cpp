// Saving and loading of encoders, names and shapes checked.
#include "harness/learn/encoder.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>

#include "harness/core/error.hpp"
#include "harness/learn/checkpoint.hpp"

namespace scant {
namespace {

Backbone& backbone_of(Method& method) {
  if (Backbone* network = method.encoder()) return *network;
  throw InputError("this method has no network, so no encoder");
}

bool of_classifier(const std::string& name) {
  return name.starts_with("fc.");
}

/// "missing: a, b and 3 more"; nothing for an empty list.
void add_names(std::string& text, const std::string& what, const std::vector<std::string>& names) {
  if (names.empty()) return;
  constexpr std::ptrdiff_t shown = 6;
  const std::vector<std::string> first(names.begin(),
                                       names.begin() + std::min<std::ptrdiff_t>(shown, std::ssize(names)));
  text += fmt::format("{}{}: {}", text.empty() ? "" : "; ", what, fmt::join(first, ", "));
  if (std::ssize(names) > shown) text += fmt::format(" and {} more", std::ssize(names) - shown);
}

/// How two lists of tensors fit each other.
struct Fit {
  std::vector<std::pair<torch::Tensor, torch::Tensor>> copies;  // to, from
  std::vector<std::string> missing, unknown, other_shape, left_out;
};

Fit fit_of(const EncoderFile& file, Backbone& network) {
  Fit fit;
  std::map<std::string, torch::Tensor> stored(file.tensors.begin(), file.tensors.end());
  for (const auto& [name, target] : module_state(network)) {
    const auto found = stored.find(name);
    if (found == stored.end()) {
      if (of_classifier(name))
        fit.left_out.push_back(name);
      else if (!name.ends_with("num_batches_tracked"))
        fit.missing.push_back(name);
      continue;
    }
    if (found->second.sizes() == target.sizes()) {
      fit.copies.emplace_back(target, found->second);
    } else if (of_classifier(name)) {
      fit.left_out.push_back(name);
    } else {
      fit.other_shape.push_back(fmt::format("{} [{}] instead of [{}]", name, fmt::join(found->second.sizes(), ","),
                                            fmt::join(target.sizes(), ",")));
    }
    stored.erase(found);
  }
  for (const auto& [name, tensor] : stored) (of_classifier(name) ? fit.left_out : fit.unknown).push_back(name);
  return fit;
}

/// What load_encoder builds: the file's own trial, or plain cross-entropy on a plain backbone.
Trial trial_of(const EncoderFile& file, const std::string& backbone) {
  const Place place{file.path.string()};
  if (file.about.is_null()) {
    if (backbone.empty()) throw InputError("these weights do not say which network they are for: name it", place);
    Trial trial;
    trial.method = "xent";
    trial.params = Json::object();
    trial.backbone = backbone;
    trial.precision = "fp32";
    trial.compat = "fixed";
    trial.epochs = 1;
    return trial;
  }
  Trial trial;
  try {
    trial = Trial::from_json(file.about.at("trial"));
  } catch (const Json::exception& error) {
    throw InputError(fmt::format("its description is damaged: {}", error.what()), place);
  }
  if (!backbone.empty() && backbone != trial.backbone) {
    throw InputError(fmt::format("these weights are of {}, not of {}", trial.backbone, backbone), place);
  }
  return trial;
}

}  // namespace

void save_encoder(const std::filesystem::path& file, Method& method, const Json& about) {
  State state = module_state(backbone_of(method));
  std::sort(state.begin(), state.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  // "format" is what Python's libraries look for.
  save_tensors(file, state,
               {{"format", "pt"}, {"scant.encoder", canonical(about)}, {"scant.digest", digest_of(state)}});
}

EncoderFile read_encoder(const std::filesystem::path& path) {
  const SafetensorsFile stored = map_safetensors(path);
  EncoderFile file{path, {}, nullptr};
  for (const auto& [name, raw] : stored.tensors) file.tensors.emplace_back(name, tensor_from(raw));
  const auto about = stored.metadata.find("scant.encoder"), digest = stored.metadata.find("scant.digest");
  if (about == stored.metadata.end()) {
    if (stored.metadata.contains("scant.checkpoint")) {
      throw InputError("is a checkpoint of a trial under way, not an encoder", {path.string()});
    }
    return file;
  }
  file.about = Json::parse(about->second, nullptr, /*allow_exceptions=*/false);
  if (!file.about.is_object()) throw InputError("its description is damaged", {path.string()});
  if (digest == stored.metadata.end() || digest->second != digest_of(file.tensors)) {
    throw InputError("the tensors' digest is wrong: the file is damaged", {path.string()});
  }
  return file;
}

std::vector<std::string> load_weights(const EncoderFile& file, Backbone& network) {
  const Fit fit = fit_of(file, network);
  std::string problems;
  add_names(problems, "missing", fit.missing);
  add_names(problems, "unknown to the network", fit.unknown);
  add_names(problems, "of another shape", fit.other_shape);
  if (!problems.empty()) throw InputError("the weights do not fit the network; " + problems, {file.path.string()});
  const torch::NoGradGuard no_grad;
  for (auto [target, source] : fit.copies) target.copy_(source);
  return fit.left_out;
}

Backbone& LoadedEncoder::network() const {
  return backbone_of(*method);
}

LoadedEncoder load_encoder(const EncoderFile& file, const std::string& backbone, int channels, int classes, int side,
                           torch::Device device) {
  const Trial trial = trial_of(file, backbone);
  if (file.about.contains("channels") && file.about.at("channels") != channels) {
    throw InputError(
        fmt::format("trained on images of {} channels; these have {}", file.about.at("channels").dump(), channels),
        {file.path.string()});
  }
  const auto entry = methods().find(trial.method);
  if (entry == methods().end()) {
    throw InputError(fmt::format("this program has no method \"{}\"", trial.method), {file.path.string()});
  }
  LoadedEncoder loaded{entry->second.make(trial.params), {}};
  loaded.method->build({trial, channels, classes, side, device});
  loaded.left_out = load_weights(file, loaded.network());
  return loaded;
}

}  // namespace scant
