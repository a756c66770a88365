// Tensors to safetensors and back.
#include "harness/learn/checkpoint.hpp"

#include <fmt/format.h>

#include <array>
#include <cstring>
#include <utility>

#include "harness/core/error.hpp"
#include "harness/core/hash.hpp"

namespace scant {
namespace {

constexpr std::array dtypes{std::pair{"F32", torch::kFloat32},   std::pair{"F64", torch::kFloat64},
                            std::pair{"BF16", torch::kBFloat16}, std::pair{"F16", torch::kFloat16},
                            std::pair{"I64", torch::kInt64},     std::pair{"I32", torch::kInt32},
                            std::pair{"I16", torch::kInt16},     std::pair{"I8", torch::kInt8},
                            std::pair{"U8", torch::kUInt8},      std::pair{"BOOL", torch::kBool}};

const char* dtype_name(torch::ScalarType type) {
  for (const auto& [name, known] : dtypes) {
    if (known == type) return name;
  }
  throw std::logic_error(fmt::format("a checkpoint has no name for tensors of type {}", toString(type)));
}

std::span<const std::byte> bytes_of_tensor(const torch::Tensor& tensor) {
  return {static_cast<const std::byte*>(tensor.data_ptr()), tensor.nbytes()};
}

void add_to_digest(Digest& digest, const std::string& name, const std::string& dtype,
                   const std::vector<std::int64_t>& shape, std::span<const std::byte> bytes) {
  digest.add(fmt::format("{}|{}|{}|", name, dtype, fmt::join(shape, ",")));
  digest.add({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
}

}  // namespace

std::string digest_of(const State& state) {
  Digest digest;
  for (const auto& [name, tensor] : state) {
    const torch::Tensor host = tensor.detach().cpu().contiguous();
    add_to_digest(digest, name, dtype_name(host.scalar_type()), host.sizes().vec(), bytes_of_tensor(host));
  }
  return digest.hex();
}

void save_tensors(const std::filesystem::path& file, const State& state,
                  const std::map<std::string, std::string>& metadata) {
  std::vector<torch::Tensor> hosts;  // owns what `raw` points to
  std::map<std::string, RawTensor> raw;
  for (const auto& [name, tensor] : state) {
    const torch::Tensor& host = hosts.emplace_back(tensor.detach().cpu().contiguous());
    raw[name] = {dtype_name(host.scalar_type()), host.sizes().vec(), bytes_of_tensor(host)};
  }
  if (raw.size() != state.size()) throw std::logic_error("two tensors of a method's state have the same name");
  write_safetensors(file, raw, metadata);
}

torch::Tensor tensor_from(const RawTensor& raw) {
  for (const auto& [name, type] : dtypes) {
    if (raw.dtype != name) continue;
    torch::Tensor host = torch::empty(raw.shape, type);
    if (!raw.bytes.empty()) std::memcpy(host.data_ptr(), raw.bytes.data(), raw.bytes.size());
    return host;
  }
  throw InputError(fmt::format("torch has no tensors of type {}", raw.dtype));
}

void save_checkpoint(const std::filesystem::path& file, const State& state, const Json& about) {
  save_tensors(file, state, {{"scant.checkpoint", canonical(about)}, {"scant.digest", digest_of(state)}});
}

Json load_checkpoint(const std::filesystem::path& file, const State& state,
                     const std::function<void(const Json& about)>& accept) {
  const SafetensorsFile stored = map_safetensors(file);
  const Place place{file.string()};
  const auto about_text = stored.metadata.find("scant.checkpoint"), digest_text = stored.metadata.find("scant.digest");
  if (about_text == stored.metadata.end() || digest_text == stored.metadata.end()) {
    throw InputError("not a checkpoint of scant", place);
  }
  const Json about = Json::parse(about_text->second, nullptr, /*allow_exceptions=*/false);
  if (about.is_discarded()) throw InputError("the checkpoint's description is damaged", place);
  accept(about);
  if (stored.tensors.size() != state.size()) {
    throw InputError(fmt::format("{} tensors stored, the method has {}", stored.tensors.size(), state.size()), place);
  }
  Digest digest;
  for (const auto& [name, tensor] : state) {
    const auto found = stored.tensors.find(name);
    if (found == stored.tensors.end()) throw InputError(fmt::format("tensor {} is missing", name), place);
    const RawTensor& raw = found->second;
    const bool fits = raw.shape == tensor.sizes().vec() || tensor.numel() == 0;
    if (raw.dtype != dtype_name(tensor.scalar_type()) || !fits) {
      throw InputError(
          fmt::format("tensor {} is {} [{}], the method's is {} [{}]", name, raw.dtype, fmt::join(raw.shape, ","),
                      dtype_name(tensor.scalar_type()), fmt::join(tensor.sizes().vec(), ",")),
          place);
    }
    add_to_digest(digest, name, raw.dtype, raw.shape, raw.bytes);
  }
  if (digest.hex() != digest_text->second) throw InputError("the tensors' digest is wrong: the file is damaged", place);
  const torch::NoGradGuard no_grad;
  for (const auto& [name, tensor] : state) {
    const torch::Tensor host = tensor_from(stored.tensors.at(name));
    torch::Tensor target = tensor;  // a second handle on the same tensor
    if (target.sizes() != host.sizes()) target.resize_(host.sizes());
    target.copy_(host);
  }
  return about;
}

}  // namespace scant
