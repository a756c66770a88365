// Banks as safetensors files.
#include <fmt/format.h>

#include <algorithm>
#include <cstring>

#include "harness/core/error.hpp"
#include "harness/data/bank.hpp"
#include "harness/data/safetensors.hpp"

namespace scant {
namespace {

constexpr int kFormat = 1;
const char* const kDtypes[] = {"U8", "U16", "F32"};  // by PixelType

std::span<const std::byte> bytes_of_values(const auto& values) {
  return std::as_bytes(std::span(values));
}

std::vector<std::int32_t> integers(const RawTensor& tensor) {
  std::vector<std::int32_t> values(tensor.bytes.size() / sizeof(std::int32_t));
  std::memcpy(values.data(), tensor.bytes.data(), values.size() * sizeof(std::int32_t));
  return values;
}

/// Throws InputError naming what does not fit.
void check(bool fits, const char* what, const std::filesystem::path& file) {
  if (!fits) throw InputError(fmt::format("is no sound image bank: {}", what), {file.string()});
}

const RawTensor& tensor_named(const SafetensorsFile& content, const std::string& name, const std::string& dtype,
                              std::size_t dims, const std::filesystem::path& file) {
  const auto found = content.tensors.find(name);
  if (found == content.tensors.end() || found->second.dtype != dtype || found->second.shape.size() != dims) {
    throw InputError(fmt::format("is no sound image bank: tensor \"{}\" is absent or of another kind", name),
                     {file.string()});
  }
  return found->second;
}

}  // namespace

void save_bank(const ImageBank& bank, const std::filesystem::path& file, const Json& extra) {
  std::vector<std::int32_t> sides;
  std::int64_t offset = 0;
  for (const ImageShape& shape : bank.shapes) {
    check(shape.offset == offset, "its images do not lie one after the other", file);
    offset += static_cast<std::int64_t>(bank.channels) * shape.height * shape.width;
    sides.insert(sides.end(), {shape.height, shape.width});
  }
  const std::string dtype = kDtypes[static_cast<int>(bank.type)];
  const std::size_t pixel_bytes =
      static_cast<std::size_t>(bank.elements) * static_cast<std::size_t>(bytes_of(bank.type));
  std::map<std::string, RawTensor> tensors;
  tensors["pixels"] = {dtype, {bank.elements}, {bank.pixels.get(), pixel_bytes}};
  tensors["shapes"] = {"I32", {bank.size(), 2}, bytes_of_values(sides)};
  tensors["labels"] = {"I32", {bank.size()}, bytes_of_values(bank.labels)};
  tensors["domains"] = {"I32", {static_cast<std::int64_t>(bank.domains.size())}, bytes_of_values(bank.domains)};
  const Json about = {{"format", kFormat},
                      {"channels", bank.channels},
                      {"digest", bank.digest},
                      {"names", bank.names},
                      {"class_names", bank.class_names}};
  write_safetensors(file, tensors, {{"scant_bank", canonical(about)}, {"extra", canonical(extra)}});
}

ImageBank load_bank(const std::filesystem::path& file, Json* extra) {
  const SafetensorsFile content = map_safetensors(file);
  ImageBank bank;
  try {
    const Json about = Json::parse(content.metadata.at("scant_bank"));
    check(about.at("format") == kFormat, "it is of another format version", file);
    bank.channels = about.at("channels").get<int>();
    bank.digest = about.at("digest").get<std::string>();
    bank.names = about.at("names").get<std::vector<std::string>>();
    bank.class_names = about.at("class_names").get<std::vector<std::string>>();
    if (extra != nullptr) *extra = Json::parse(content.metadata.at("extra"));
  } catch (const std::out_of_range&) {
    throw InputError("is no image bank: it lacks the metadata of one", {file.string()});
  } catch (const Json::exception& error) {
    throw InputError(fmt::format("is no sound image bank: {}", error.what()), {file.string()});
  }
  check(bank.digest.size() == 64, "it carries no digest", file);
  check(bank.channels > 0, "it has no channels", file);

  const auto pixels = content.tensors.find("pixels");
  check(pixels != content.tensors.end(), "it has no pixels", file);
  const auto* dtype = std::find(std::begin(kDtypes), std::end(kDtypes), pixels->second.dtype);
  check(dtype != std::end(kDtypes), "its pixels are of an unknown type", file);
  bank.type = static_cast<PixelType>(dtype - std::begin(kDtypes));

  const RawTensor& shapes = tensor_named(content, "shapes", "I32", 2, file);
  check(shapes.shape[1] == 2, "shapes are not pairs", file);
  bank.labels = integers(tensor_named(content, "labels", "I32", 1, file));
  bank.domains = integers(tensor_named(content, "domains", "I32", 1, file));
  const std::vector<std::int32_t> sides = integers(shapes);
  for (std::size_t i = 0; i < sides.size(); i += 2) {
    check(sides[i] > 0 && sides[i + 1] > 0, "an image has no pixels", file);
    bank.shapes.push_back({sides[i], sides[i + 1], bank.elements});
    bank.elements += static_cast<std::int64_t>(bank.channels) * sides[i] * sides[i + 1];
  }
  const auto fits = [&](std::size_t count) { return count == bank.shapes.size(); };
  check(static_cast<std::int64_t>(pixels->second.bytes.size()) == bank.elements * bytes_of(bank.type),
        "pixels and shapes disagree", file);
  check(fits(bank.labels.size()), "labels and images differ in number", file);
  check(bank.domains.empty() || fits(bank.domains.size()), "domains and images differ in number", file);
  check(bank.names.empty() || fits(bank.names.size()), "names and images differ in number", file);
  check(std::all_of(bank.labels.begin(), bank.labels.end(), [](int label) { return label >= 0; }), "a label is below 0",
        file);
  check(bank.class_names.empty() || bank.num_classes() == static_cast<int>(bank.class_names.size()),
        "a label has no class name", file);
  bank.pixels = {content.mapping, pixels->second.bytes.data()};
  return bank;
}

}  // namespace scant
