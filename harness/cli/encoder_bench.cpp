// Puts encoder and data set together.
#include "harness/cli/encoder_bench.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <thread>

#include "harness/cli/known_device.hpp"
#include "harness/cli/single.hpp"
#include "harness/core/error.hpp"
#include "harness/learn/checkpoint.hpp"
#include "harness/learn/embedding.hpp"
#include "harness/learn/session.hpp"

namespace scant {
namespace {

/// The file's own where it was trained on this data set, else the card's; a flag overrides both.
Augment geometry(const EncoderFlags& flags, const EncoderFile& file) {
  if (flags.augment.empty() && file.about.contains("trial")) {
    const Trial trial = Trial::from_json(file.about.at("trial"));
    if (trial.dataset == flags.dataset) return trial.augment;
  }
  return augment_of(flags.augment, flags.dataset);
}

/// What the network's inputs were normalised by in training, unless a flag says otherwise.
Normalisation normalisation_for(const std::string& flag, const EncoderFile& file, const Dataset& dataset,
                                const Split& split, const Augment& augment) {
  const bool stored = file.about.contains("normalisation");
  if (flag == "checkpoint" && !stored) {
    throw InputError("these weights do not say how images are normalised: choose --normalise data or imagenet",
                     {file.path.string()});
  }
  if (flag == "imagenet") {
    if (dataset.bank.channels != 3) throw InputError("ImageNet's statistics are of 3 channels");
    return {{0.485F, 0.456F, 0.406F}, {0.229F, 0.224F, 0.225F}};
  }
  if (flag == "data" || !stored) return normalisation_of(dataset.bank, split.trainval, augment);
  const Json& values = file.about.at("normalisation");
  return {values.at("mean").get<std::vector<float>>(), values.at("std").get<std::vector<float>>()};
}

}  // namespace

void add_encoder_options(CLI::App& command, EncoderFlags& flags) {
  command.add_option("CHECKPOINT", flags.checkpoint, "Weights of `scant train --save`, or of torchvision's networks")
      ->required()
      ->check(CLI::ExistingFile);
  command.add_option("DATASET", flags.dataset, "Data set, `scant list` names them")->required();
  command.add_option("--split", flags.split, "Split of the data set")->check(CLI::NonNegativeNumber);
  command.add_option("--backbone", flags.backbone, "Network of weights that do not say it themselves, e.g. rn50");
  command.add_option("--augment", flags.augment,
                     "Geometry as in suites, e.g. '{ kind = \"shift\", size = 64 }'; default the checkpoint's on its "
                     "own data set, else the data set's");
  command
      .add_option("--normalise", flags.normalise,
                  "Statistics that images are normalised by: checkpoint (default where it has them), data or imagenet")
      ->check(CLI::IsMember({"checkpoint", "data", "imagenet"}));
  command.add_option("--device", flags.device, "cpu, cuda or cuda:N")->capture_default_str()->check(known_device());
  command.add_option("--threads", flags.threads, "Default one for each core")->check(CLI::Range(1, 1024));
}

EncoderBench::EncoderBench(const EncoderFlags& flags, const DataHome& home)
    : flags_(flags), device_(flags.device), file_(read_encoder(flags.checkpoint)) {
  set_compute_threads(flags.threads > 0 ? flags.threads : static_cast<int>(std::thread::hardware_concurrency()));
  augment_ = geometry(flags, file_);
  dataset_ = std::make_shared<const Dataset>(load_dataset(flags.dataset, Json::object(), home));
  split_ = dataset_->split(flags.split);
  const int stated = dataset_->card.spec.num_classes;
  classes_ = stated > 0 ? stated : dataset_->bank.num_classes();
  normalisation_ = normalisation_for(flags.normalise, file_, *dataset_, split_, augment_);
  if (std::ssize(normalisation_.mean) != dataset_->bank.channels) {
    throw InputError(fmt::format("the encoder was trained on images of {} channels; these have {}",
                                 normalisation_.mean.size(), dataset_->bank.channels),
                     {flags.checkpoint.string()});
  }
  const Samples seen = samples(SplitRole::trainval);
  encoder_ = load_encoder(file_, flags.backbone, seen.channels(), classes_, seen.side(), device_);
  if (!encoder_.left_out.empty()) {
    fmt::print(stderr, "not loaded, for features do not need them: {}\n", fmt::join(encoder_.left_out, ", "));
  }
}

Samples EncoderBench::samples(SplitRole role) const {
  const std::vector<std::int64_t>& indices = split_.of(role);
  if (indices.empty()) throw InputError(fmt::format("this split of {} has no such images", flags_.dataset));
  const std::shared_ptr<const ImageBank> bank(dataset_, &dataset_->bank);
  return {bank, indices, augment_, normalisation_, device_};
}

ProbeData EncoderBench::embed(const Samples& samples) const {
  const torch::Tensor features =
      over_all(samples, device_, [&](const torch::Tensor& images) { return encoder_.method->embed(images); });
  return {features, samples.labels()};
}

Json EncoderBench::describe() const {
  Json about{{"checkpoint", flags_.checkpoint.string()},
             {"weights_digest", digest_of(file_.tensors)},
             {"dataset", flags_.dataset},
             {"split", flags_.split},
             {"data_digest", dataset_->bank.digest},
             {"split_digest", split_.digest()},
             {"augment", augment_.to_json()}};
  if (file_.about.contains("trial")) about["trained_by"] = file_.about.at("trial");
  return about;
}

}  // namespace scant
