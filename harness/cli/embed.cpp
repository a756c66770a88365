// `scant embed CHECKPOINT DATASET`: an encoder's features as a file, and a map of them.
#include <fmt/format.h>

#include <map>

#include "harness/cli/command.hpp"
#include "harness/cli/encoder_bench.hpp"
#include "harness/learn/checkpoint.hpp"
#include "harness/learn/probe/diagnostics.hpp"
#include "results/figures/chart.hpp"

namespace scant {
namespace {

struct EmbedFlags {
  EncoderFlags encoder;
  std::string role = "trainval";
  std::filesystem::path out, map;
};

const std::map<std::string, SplitRole> roles{{"train", SplitRole::train},
                                             {"val", SplitRole::val},
                                             {"trainval", SplitRole::trainval},
                                             {"test", SplitRole::test},
                                             {"unlabelled", SplitRole::unlabelled}};

/// Points on the first two principal components, one series for each class.
Chart map_of(const ProbeData& data, const Samples& samples, const EmbedFlags& flags, const Dataset& dataset) {
  const torch::Tensor places = principal_coordinates(data.features, 2);
  const torch::Tensor labels = data.labels.contiguous();
  std::map<std::int64_t, ChartLayer> layers;
  for (std::int64_t i = 0; i < labels.numel(); ++i) {
    const std::int64_t label = labels.data_ptr<std::int64_t>()[i];
    ChartLayer& layer = layers[label];
    layer.x.push_back(places.data_ptr<double>()[2 * i]);
    layer.y.push_back(places.data_ptr<double>()[2 * i + 1]);
    layer.texts.push_back(fmt::format("image {}", samples.indices()[static_cast<std::size_t>(i)]));
  }
  Chart chart;
  chart.name = "embedding";
  chart.title = fmt::format("{} images of {}", flags.role, dataset.card.spec.title);
  chart.caption = fmt::format("Features of {} on their first two principal components, {} images.",
                              flags.encoder.checkpoint.filename().string(), labels.numel());
  chart.x.title = "first component";
  chart.y.title = "second component";
  const auto& names = dataset.bank.class_names;
  for (auto& [label, layer] : layers) {
    const auto at = static_cast<std::size_t>(label);
    layer.mark = Mark::point;
    layer.series = at < names.size() ? names[at] : fmt::format("class {}", label);
    layer.weight = 0.7;
    chart.layers.push_back(std::move(layer));
  }
  chart.height = 420;
  return chart;
}

int embed(const EmbedFlags& flags, const Globals& globals) {
  const EncoderBench bench(flags.encoder, default_home(globals.data));
  const Samples samples = bench.samples(roles.at(flags.role));
  const ProbeData data = bench.embed(samples);
  Json about = bench.describe();
  about["role"] = flags.role;
  const State tensors{{"features", data.features},
                      {"labels", data.labels},
                      {"indices", torch::tensor(samples.indices(), torch::kInt64)}};
  save_tensors(flags.out, tensors, {{"format", "pt"}, {"scant.features", canonical(about)}});
  about["features"] = flags.out.string();
  about["images"] = data.size();
  about["dim"] = data.features.size(1);
  if (!flags.map.empty()) {
    write_file_atomically(flags.map, render_svg(map_of(data, samples, flags, bench.dataset())));
    about["map"] = flags.map.string();
  }
  if (flags.role == "test") fmt::print(stderr, "this opened the test images\n");
  if (globals.json) {
    fmt::print("{}\n", about.dump(2));
  } else {
    fmt::print("{}: features of {} {} images of {}, {} dimensions\n", flags.out.string(), data.size(), flags.role,
               flags.encoder.dataset, data.features.size(1));
    if (!flags.map.empty()) fmt::print("{}\n", flags.map.string());
  }
  return exit_done;
}

}  // namespace

void add_embed(CLI::App& app, const Globals& globals, Action& action) {
  auto* command = app.add_subcommand("embed", "Write an encoder's features of a split's images as safetensors");
  auto flags = std::make_shared<EmbedFlags>();
  add_encoder_options(*command, flags->encoder);
  command->add_option("--out", flags->out, "File: features N x D, labels N, indices N into the data set")->required();
  command->add_option("--role", flags->role, "train, val, trainval, test or unlabelled")
      ->check(CLI::IsMember({"train", "val", "trainval", "test", "unlabelled"}))
      ->capture_default_str();
  command->add_option("--map", flags->map, "Also a picture (SVG): two principal components, coloured by class");
  command->callback([flags, &globals, &action] { action = [flags, &globals] { return embed(*flags, globals); }; });
}

}  // namespace scant
