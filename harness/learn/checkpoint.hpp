// A method's tensors as bytes: checkpoints in safetensors and the digest that "bit for bit" is checked by.
#pragma once
#include <filesystem>
#include <map>
#include <string>

#include "harness/core/json.hpp"
#include "harness/data/safetensors.hpp"
#include "harness/learn/method.hpp"

namespace scant {

/// SHA-256 over names, types, shapes and values, in the state's order.
std::string digest_of(const State& state);

/// Writes named tensors atomically. Throws InputError if that fails.
void save_tensors(const std::filesystem::path& file, const State& state,
                  const std::map<std::string, std::string>& metadata);

/// A stored tensor on the host, in its own type. Throws InputError for a type that torch does not have.
torch::Tensor tensor_from(const RawTensor& raw);

/// Writes the tensors and `about` (what the caller needs besides) atomically, together with their digest.
void save_checkpoint(const std::filesystem::path& file, const State& state, const Json& about);

/// Copies a checkpoint's tensors into `state` and returns `about`, provided accept(about) says so by not throwing.
/// Throws InputError, before anything is written, if the file is not a whole checkpoint of exactly these tensors (an
/// empty tensor of `state` takes any shape), or if the values' digest is wrong.
Json load_checkpoint(const std::filesystem::path& file, const State& state,
                     const std::function<void(const Json& about)>& accept);

}  // namespace scant
