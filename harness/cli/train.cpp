// `scant train METHOD DATASET`: one configuration on trainval, without opening test; its encoder goes into a file.
#include <fmt/format.h>

#include <chrono>
#include <cstdio>
#include <thread>

#include "harness/cli/command.hpp"
#include "harness/cli/interrupt.hpp"
#include "harness/cli/single.hpp"
#include "harness/core/error.hpp"
#include "harness/learn/data_pool.hpp"
#include "harness/learn/encoder.hpp"
#include "harness/learn/session.hpp"

namespace scant {
namespace {

namespace fs = std::filesystem;

struct TrainFlags {
  SingleFlags one;
  fs::path save;
  std::string device = "cpu";
  int threads = 0, checkpoint_seconds = 60;
};

/// Trains epoch by epoch, with a checkpoint beside the result. False if a signal stopped it.
bool train_all(Session& session, const Trial& trial, const TrainFlags& flags, const fs::path& unfinished, bool quiet) {
  const std::atomic<bool>& stop = stop_on_signals();
  if (session.restore(unfinished)) fmt::print(stderr, "going on after epoch {}\n", session.epochs_done());
  auto saved = std::chrono::steady_clock::now();
  while (session.epochs_done() < trial.epochs) {
    if (!session.train_until(session.epochs_done() + 1, [&] { return stop.load(); })) return false;
    const Progress& progress = session.progress();
    // A method without gradients has no losses.
    const std::string loss = progress.loss.empty() ? ""
                                                   : fmt::format(", loss {:.4f}, accuracy {:.1f} %",
                                                                 progress.loss.back(), 100 * progress.accuracy.back());
    if (!quiet) fmt::print(stderr, "epoch {} of {}{}\n", progress.epochs_done, trial.epochs, loss);
    const auto now = std::chrono::steady_clock::now();
    if (now - saved < std::chrono::seconds(flags.checkpoint_seconds) && !stop) continue;
    session.save(unfinished);
    saved = now;
  }
  return true;
}

Json about_of(const Trial& trial, const Session& session, const Samples& samples, const Json& environment) {
  const Normalisation& normalisation = samples.normalisation();
  return {{"trial", trial.to_json()},
          {"trial_id", trial.id()},
          {"channels", samples.channels()},
          {"side", samples.side()},
          {"normalisation", {{"mean", normalisation.mean}, {"std", normalisation.std}}},
          {"data_digest", session.data_digest()},
          {"split_digest", session.split_digest()},
          {"loss", session.progress().loss},
          {"train_seconds", session.cost().train_seconds},
          {"environment", environment}};
}

int train(const TrainFlags& flags, const Globals& globals) {
  const Study study = single_study(flags.one);
  if (study.baseline) {
    throw InputError(fmt::format("{} has no network whose weights could be saved", flags.one.method));
  }
  const Trial trial = study.final_trial(study.method.params, 0);
  const torch::Device device(flags.device);
  const int threads = flags.threads > 0 ? flags.threads : static_cast<int>(std::thread::hardware_concurrency());
  set_compute_threads(threads);
  const auto pool = make_data_pool(
      std::make_shared<const Dataset>(load_dataset(trial.dataset, trial.dataset_options, default_home(globals.data))),
      device);
  Session session(trial, pool, device);
  fs::path unfinished = flags.save;
  unfinished += ".unfinished";
  if (flags.save.has_parent_path()) fs::create_directories(flags.save.parent_path());
  if (!train_all(session, trial, flags, unfinished, globals.json)) {
    const bool kept = fs::exists(unfinished);
    fmt::print(stderr, "interrupted; {}\n",
               kept ? "the same command goes on from " + unfinished.string() : "no epoch was saved yet");
    return exit_interrupted;
  }
  const Samples& samples = pool->samples(trial.split, SplitRole::trainval, SplitRole::trainval, trial.augment);
  save_encoder(flags.save, session.method(), about_of(trial, session, samples, describe_environment(device, threads)));
  std::error_code ignored;  // there is none where training was short
  fs::remove(unfinished, ignored);
  const EncoderFile written = read_encoder(flags.save);
  if (globals.json) {
    Json out = written.about;
    out["file"] = flags.save.string();
    out["tensors"] = written.tensors.size();
    fmt::print("{}\n", out.dump(2));
  } else {
    fmt::print("{}: {} tensors of {} ({}), trained on {} images of {}, split {}; test was not opened\n",
               flags.save.string(), written.tensors.size(), trial.backbone, trial.method, samples.size(), trial.dataset,
               trial.split);
  }
  return exit_done;
}

}  // namespace

void add_train(CLI::App& app, const Globals& globals, Action& action) {
  auto* command = app.add_subcommand(
      "train", "Train one configuration on the trainval images of a split and save its encoder; test stays closed");
  auto flags = std::make_shared<TrainFlags>();
  SingleFlags& one = flags->one;
  command->add_option("METHOD", one.method, "Method, `scant list` names them")->required();
  command->add_option("DATASET", one.dataset, "Data set, `scant list` names them")->required();
  command
      ->add_option("--save", flags->save,
                   "File for the encoder's weights: safetensors with torchvision's names and the run's description")
      ->required();
  command->add_option("--split", one.split, "Split of the data set")->check(CLI::NonNegativeNumber);
  command->add_option("--epochs", one.epochs, "Default as the data set's card says, else 100")
      ->check(CLI::PositiveNumber);
  command->add_option("--backbone", one.backbone, "Default as the data set's card says, else rn20");
  command->add_option("--set", one.set, "A parameter of the method, key=value; `scant show METHOD` lists them");
  command->add_option("--seed", one.seed, "Root of all random draws")->capture_default_str();
  command->add_option("--augment", one.augment,
                      "As in suites, e.g. '{ kind = \"shift\", pad = 4, hflip = true }'; default the data set's");
  command->add_option("--device", flags->device, "cpu, cuda or cuda:N")->capture_default_str();
  command->add_option("--threads", flags->threads, "Default one for each core")->check(CLI::Range(1, 1024));
  command
      ->add_option("--checkpoint-every", flags->checkpoint_seconds,
                   "Seconds between checkpoints, beside the result; 0: every epoch")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str();
  command->callback([flags, &globals, &action] { action = [flags, &globals] { return train(*flags, globals); }; });
}

}  // namespace scant
