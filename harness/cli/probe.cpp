// `scant probe CHECKPOINT DATASET`: how well a classifier does on an encoder's features, with as few labels as wished.
#include <fmt/format.h>

#include <cmath>

#include "harness/cli/command.hpp"
#include "harness/cli/encoder_bench.hpp"
#include "harness/cli/interrupt.hpp"
#include "harness/cli/single.hpp"
#include "harness/core/error.hpp"
#include "harness/core/metrics.hpp"
#include "harness/core/random.hpp"
#include "harness/learn/embedding.hpp"
#include "harness/learn/probe/diagnostics.hpp"
#include "harness/learn/probe/finetune.hpp"
#include "harness/learn/probe/params.hpp"
#include "harness/learn/probe/subsets.hpp"

namespace scant {
namespace {

struct ProbeFlags {
  EncoderFlags encoder;
  std::string kind = "logistic";
  int per_class = 0;
  double share = 1;
  std::uint64_t seed = 0;
  std::vector<std::string> set;
};

/// The probe's verdict on test: scores M x K, and how it came about.
struct Verdict {
  torch::Tensor scores;
  Json probe;
};

std::vector<std::int64_t> labelled(const ProbeFlags& flags, const torch::Tensor& labels) {
  const std::uint64_t seed = seed_of(fmt::format("probe|{}", flags.seed), "labels");
  return flags.per_class > 0 ? per_class_subset(labels, flags.per_class, seed)
                             : share_subset(labels, flags.share, seed);
}

Verdict judge_features(const ProbeFlags& flags, const EncoderBench& bench, const ProbeData& data,
                       const torch::Tensor& test_features) {
  const std::string name = fmt::format("probe|{}", flags.seed);
  const ProbeOptions options{flags.kind, assignments(flags.set), seed_of(name, "order"), bench.classes()};
  const auto fitted = fit_probe_held_out(options, data, seed_of(name, "holdout"));
  return {fitted->scores(test_features), fitted->chosen()};
}

Verdict judge_finetuned(const ProbeFlags& flags, EncoderBench& bench, const std::vector<std::int64_t>& positions) {
  const auto options = read_params<FinetuneOptions>(assignments(flags.set));
  const std::atomic<bool>& stop = stop_on_signals();
  Backbone& network = bench.encoder().network();
  torch::nn::Linear head =
      fine_tune(network, bench.samples(SplitRole::trainval).subset(positions), bench.classes(), options,
                seed_of(fmt::format("probe|{}", flags.seed), "order"), bench.device(), [&] { return stop.load(); });
  const torch::Tensor scores = over_all(bench.samples(SplitRole::test), bench.device(), [&](const auto& images) {
    return head->forward(network.features(images.contiguous(torch::MemoryFormat::ChannelsLast)));
  });
  return {scores, {{"lr", options.lr}, {"head_lr", options.head_lr}, {"epochs", options.epochs}}};
}

void print_verdict(const Json& out) {
  fmt::print("{} on {}, split {}: {} probe on {} labelled images, {}\n", out.at("checkpoint").get<std::string>(),
             out.at("dataset").get<std::string>(), out.at("split").get<int>(), out.at("kind").get<std::string>(),
             out.at("labelled_images").get<std::int64_t>(), out.at("probe").dump());
  const Json& shape = out.at("diagnostics");
  fmt::print(
      "features of trainval: {} dimensions, effective rank {:.1f}, standard deviation {:.4f} of at most {:.4f}, "
      "mean cosine {:.3f}{}\n",
      shape.at("dim").get<int>(), shape.at("effective_rank").get<double>(), shape.at("feature_std").get<double>(),
      shape.at("feature_std_of_sphere").get<double>(), shape.at("mean_cosine").get<double>(),
      shape.at("collapsed").get<bool>() ? ": COLLAPSED" : "");
  fmt::print("test, opened once, {} images: accuracy {:.2f} %, balanced accuracy {:.2f} %\n",
             out.at("test_images").get<std::int64_t>(), 100 * out.at("accuracy").get<double>(),
             100 * out.at("balanced_accuracy").get<double>());
}

Json shape_of(const torch::Tensor& features) {
  const Diagnostics found = diagnostics_of(features);
  return {{"dim", found.dim},
          {"feature_std", found.feature_std},
          {"feature_std_of_sphere", 1 / std::sqrt(static_cast<double>(found.dim))},
          {"mean_cosine", found.mean_cosine},
          {"effective_rank", found.effective_rank},
          {"collapsed", found.collapsed()}};
}

int probe(const ProbeFlags& flags, const Globals& globals) {
  EncoderBench bench(flags.encoder, default_home(globals.data));
  const ProbeData all = bench.embed(bench.samples(SplitRole::trainval));
  const std::vector<std::int64_t> positions = labelled(flags, all.labels);
  const Samples test = bench.samples(SplitRole::test);
  Verdict verdict;
  if (flags.kind == "finetune") {
    verdict = judge_finetuned(flags, bench, positions);
  } else {
    verdict = judge_features(flags, bench, rows_of(all, positions), bench.embed(test).features);
  }
  const std::vector<int> truth = ints_of(test.labels()), predicted = ints_of(verdict.scores.argmax(1));
  Json out = bench.describe();
  out.update({{"kind", flags.kind},
              {"probe", verdict.probe},
              {"seed", flags.seed},
              {"labelled_images", positions.size()},
              {"diagnostics", shape_of(all.features)},
              {"test_images", truth.size()},
              {"test_openings", 1},
              {"accuracy", accuracy(truth, predicted)},
              {"balanced_accuracy", balanced_accuracy(truth, predicted, bench.classes())}});
  if (globals.json) {
    fmt::print("{}\n", out.dump(2));
  } else {
    print_verdict(out);
  }
  return exit_done;
}

}  // namespace

void add_probe(CLI::App& app, const Globals& globals, Action& action) {
  auto* command = app.add_subcommand(
      "probe", "Fit a classifier on an encoder's features of labelled trainval images and score it once on test");
  auto flags = std::make_shared<ProbeFlags>();
  add_encoder_options(*command, flags->encoder);
  command
      ->add_option("--probe", flags->kind, "knn, logistic (L-BFGS), linear (SGD), or finetune, which trains all layers")
      ->check(CLI::IsMember({"knn", "logistic", "linear", "finetune"}))
      ->capture_default_str();
  auto* count = command->add_option("--labels-per-class", flags->per_class, "Use this many labels of each class")
                    ->check(CLI::PositiveNumber);
  command->add_option("--label-share", flags->share, "Use this share of each class's labels, e.g. 0.01; at least one")
      ->check(CLI::Range(1e-9, 1.0))
      ->excludes(count);
  command->add_option("--seed", flags->seed, "Of the draw of labels and of the batches")->capture_default_str();
  command->add_option("--set", flags->set, "A parameter of the probe, key=value; an unknown one is answered with all");
  command->callback([flags, &globals, &action] { action = [flags, &globals] { return probe(*flags, globals); }; });
}

}  // namespace scant
