// Channel statistics and the test-time pipeline against the reference's numbers.
#include <numeric>
#include <regex>

#include "harness/conform/conform.hpp"
#include "harness/conform/golden_images.hpp"
#include "harness/core/error.hpp"
#include "harness/learn/batches.hpp"

namespace scant {
namespace {

/// The images of a statistics case and how they are brought to one size.
struct Subset {
  ImageBank bank;
  std::vector<std::int64_t> indices;
  Augment augment;
  Normalisation normalisation() const { return normalisation_of(bank, indices, augment); }
};

Subset subset_of(const Json& golden) {
  const Json& in = golden.at("inputs");
  const bool eight_bit = in.contains("images");
  std::vector<torch::Tensor> images;
  for (const Json& rows : in.at(eight_bit ? "images" : "images_HWC")) images.push_back(image_of(rows));
  Subset subset{bank_of(images, eight_bit ? PixelType::u8 : PixelType::f32), {}, {}};
  subset.indices.resize(images.size());
  std::iota(subset.indices.begin(), subset.indices.end(), 0);
  subset.augment.size = in.value("target_size", 0);
  return subset;
}

void check_statistics(const GoldenFile&, const Json& golden, Comparison& compare) {
  const Normalisation got = subset_of(golden).normalisation();
  compare.tensor("mean", torch::tensor(got.mean, torch::kFloat64), golden.at("expected").at("mean"));
  compare.tensor("std", torch::tensor(got.std, torch::kFloat64), golden.at("expected").at("std"));
}

/// A pipeline case names an image of a statistics case; its own name says "_targetS" and "_shiftP" where they apply.
void check_pipeline(const GoldenFile& file, const Json& golden, Comparison& compare) {
  const Json& in = golden.at("inputs");
  const bool multiband = in.contains("image_index_in_multiband_case");
  const auto source = std::find_if(file.cases.begin(), file.cases.end(), [&](const Json& other) {
    return other.at("inputs").contains(multiband ? "images_HWC" : "images");
  });
  if (source == file.cases.end()) throw InputError("has no case with the images", {file.path.string()});
  Subset subset = subset_of(*source);
  const std::string name = golden.at("case").get<std::string>();
  std::smatch number;
  if (std::regex_search(name, number, std::regex("^[a-z_]*_target(\\d+)"))) {
    subset.augment.size = std::stoi(number[1]);
  }
  const Normalisation normalisation = subset.normalisation();
  if (std::regex_search(name, number, std::regex("^[a-z_0-9]*_shift(\\d+)"))) {
    subset.augment.kind = Augment::Kind::shift;
    subset.augment.pad = std::stoi(number[1]);
  }
  const auto image =
      in.at(multiband ? "image_index_in_multiband_case" : "image_index_in_first_case").get<std::int64_t>();
  const Samples samples(std::make_shared<const ImageBank>(subset.bank), {image}, subset.augment, normalisation,
                        torch::kCPU);
  compare.tensor("tensor", samples.plain(0, 1).images[0].to(torch::kFloat64), golden.at("expected").at("tensor_CHW"));
}

bool of_file(const GoldenFile& file, const Json& golden, const char* key) {
  return file.stem == "transforms_normalisation" && golden.at("expected").contains(key);
}

}  // namespace

const RegisterKind statistics_kind{
    {"channel statistics", [](const GoldenFile& file, const Json& golden) { return of_file(file, golden, "mean"); },
     check_statistics}};
const RegisterKind pipeline_kind{
    {"test pipeline", [](const GoldenFile& file, const Json& golden) { return of_file(file, golden, "tensor_CHW"); },
     check_pipeline}};

}  // namespace scant
