// Encoders in files of their own: a backbone's weights as safetensors under torchvision's names, with how they came
// about.
#pragma once
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "harness/core/json.hpp"
#include "harness/learn/gradient_method.hpp"

namespace scant {

/// Writes the encoder's tensors atomically; Python's safetensors reads them, and torchvision's network of that name
/// takes them. `about`: the trial and its data, see load_encoder. Throws InputError for a method that has no network.
void save_encoder(const std::filesystem::path& file, Method& method, const Json& about);

/// Weights and what is known of them.
struct EncoderFile {
  std::filesystem::path path;
  std::vector<std::pair<std::string, torch::Tensor>> tensors;  // by name, on the host
  Json about;  // what save_encoder was given; null for weights from elsewhere
};
/// Throws InputError if the file is no whole safetensors file, or if tensors that scant wrote have changed.
EncoderFile read_encoder(const std::filesystem::path& file);

/// Copies weights into a network, whatever floating type they are stored in. The classifier "fc" is left as it is where
/// the file has none or one of another shape, or where the network has none; counters of batches may be absent. Returns
/// the names that were left out. Throws InputError, before anything is written, that names every tensor that is
/// missing, unknown to the network or of another shape.
std::vector<std::string> load_weights(const EncoderFile& file, Backbone& network);

/// A method whose encoder has the file's weights and whose embed() is as it was when they were saved. For weights from
/// elsewhere a plain network of the name `backbone`.
struct LoadedEncoder {
  std::unique_ptr<Method> method;
  std::vector<std::string> left_out;  // see load_weights
  Backbone& network() const;
};
/// Throws InputError where the file was trained on other channels, does not fit, or where `backbone` is needed and
/// empty or contradicts the file.
LoadedEncoder load_encoder(const EncoderFile& file, const std::string& backbone, int channels, int classes, int side,
                           torch::Device device);

}  // namespace scant
