// What `probe` and `embed` share: an encoder from a file, a data set, and the features of one by the other.
#pragma once
#include <CLI/CLI.hpp>
#include <memory>
#include <string>
#include <vector>

#include "harness/data/dataset.hpp"
#include "harness/learn/encoder.hpp"
#include "harness/learn/probe/probe.hpp"

namespace scant {

struct EncoderFlags {
  std::filesystem::path checkpoint;
  std::string dataset, backbone, augment, normalise, device = "cpu";
  int split = 0, threads = 0;  // threads 0: one for each core
};
void add_encoder_options(CLI::App& command, EncoderFlags& flags);

/// The encoder on one split of a data set.
class EncoderBench {
 public:
  /// Throws InputError where file, network and data do not fit.
  EncoderBench(const EncoderFlags& flags, const DataHome& home);
  /// Images of a role, as the encoder wants them.
  Samples samples(SplitRole role) const;
  /// Features M x D float32 and labels, on the host.
  ProbeData embed(const Samples& samples) const;

  int classes() const { return classes_; }
  torch::Device device() const { return device_; }
  const Dataset& dataset() const { return *dataset_; }
  const EncoderFile& file() const { return file_; }
  const LoadedEncoder& encoder() const { return encoder_; }
  /// Checkpoint, data and digests, for what is printed and written.
  Json describe() const;

 private:
  EncoderFlags flags_;
  torch::Device device_;
  EncoderFile file_;
  std::shared_ptr<const Dataset> dataset_;
  Split split_;
  Augment augment_;
  Normalisation normalisation_;
  int classes_ = 0;
  LoadedEncoder encoder_;
};

}  // namespace scant
