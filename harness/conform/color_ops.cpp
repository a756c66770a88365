// Checks of the pixel operations of contrastive views: Pillow's, torchvision's on tensors, BYOL's, and stains.
#include <functional>
#include <map>

#include "harness/conform/conform.hpp"
#include "harness/conform/golden_images.hpp"
#include "harness/core/error.hpp"
#include "harness/learn/augment.hpp"
#include "harness/learn/colour_change.hpp"
#include "harness/learn/float_colours.hpp"
#include "harness/learn/views.hpp"

namespace scant {
namespace {

/// What computes each output, by its name, of 1 x 3 x H x W.
using Outputs = std::map<std::string, std::function<torch::Tensor(const torch::Tensor& image)>>;

/// One of the jitter's operations, as a view runs it.
auto jitter(ColourRules rules, std::size_t which, double value) {
  return [=](const torch::Tensor& image) {
    const ColourOperations operations = colour_operations(rules);
    return changed(operations, operations.jitter[which], image, {value});
  };
}

auto oriented(const Orientation& orientation) {
  return [=](const torch::Tensor& image) {
    const auto height = image.size(2), width = image.size(3);
    const bool lies = orientation.turns % 2 != 0;
    torch::Tensor result = torch::empty({1, image.size(1), lies ? width : height, lies ? height : width});
    write_oriented(image.contiguous().data_ptr<float>(), static_cast<int>(image.size(1)), static_cast<int>(height),
                   static_cast<int>(width), orientation, result.data_ptr<float>());
    return result;
  };
}

Outputs byol_outputs(const Json& params) {
  const auto value = [&](const char* key) { return params.at(key).get<double>(); };
  const double threshold = value("solarize_threshold");
  return {{"hsv", hsv_of_rgb},
          {"hsv_roundtrip", [](const torch::Tensor& image) { return rgb_of_hsv(hsv_of_rgb(image)); }},
          {"brightness", jitter(ColourRules::byol, 0, 1 + value("brightness_delta"))},
          {"contrast", jitter(ColourRules::byol, 1, value("contrast_factor"))},
          {"saturation", jitter(ColourRules::byol, 2, value("saturation_factor"))},
          {"hue", jitter(ColourRules::byol, 3, value("hue_delta"))},
          {"grayscale", float_grey},
          {"solarize", [=](const torch::Tensor& image) { return solarise(image, threshold, 1); }}};
}

Outputs byol_blur_outputs(const Json& params) {
  const int radius = params.at("kernel_size").get<int>() / 2;
  const double sigma = params.at("sigma");
  return {{"blurred",
           [=](const torch::Tensor& image) { return true_gaussian_blur(image, {sigma}, radius, Border::zero); }}};
}

Outputs pillow_outputs(const Json& params) {
  const auto value = [&](const char* key) { return params.at(key).get<double>(); };
  const double threshold = value("solarize_threshold"), radius = value("blur_radius");
  return {{"brightness", jitter(ColourRules::pillow, 0, value("brightness"))},
          {"contrast", jitter(ColourRules::pillow, 1, value("contrast"))},
          {"saturation", jitter(ColourRules::pillow, 2, value("saturation"))},
          {"hue", jitter(ColourRules::pillow, 3, value("hue"))},
          {"gray3", to_grey},
          {"solarize", [=](const torch::Tensor& image) { return solarise(image, threshold, 255); }},
          {"gaussian_blur_pil", [=](const torch::Tensor& image) { return gaussian_blur(image, {radius}); }},
          {"hflip", oriented({.hflip = true})},
          {"vflip", oriented({.vflip = true})},
          {"rot90", oriented({.turns = 1})}};
}

Outputs torchvision_outputs(const Json& params) {
  const auto value = [&](const char* key) { return params.at(key).get<double>(); };
  const int radius = params.at("kernel").get<int>() / 2;
  const double sigma = value("sigma");
  return {{"brightness", jitter(ColourRules::torchvision, 0, value("brightness"))},
          {"contrast", jitter(ColourRules::torchvision, 1, value("contrast"))},
          {"saturation", jitter(ColourRules::torchvision, 2, value("saturation"))},
          {"hue", jitter(ColourRules::torchvision, 3, value("hue"))},
          {"gray3", float_grey},
          {"gaussian_blur_reflect",
           [=](const torch::Tensor& image) { return true_gaussian_blur(image, {sigma}, radius, Border::reflect); }}};
}

Outputs stain_outputs(const Json& params) {
  const StainChange change{params.at("alpha").get<std::array<double, 3>>(),
                           params.at("beta").get<std::array<double, 3>>()};
  return {{"hed", stains_of},
          {"roundtrip", [](const torch::Tensor& image) { return colours_of_stains(stains_of(image)); }},
          {"jittered", [=](const torch::Tensor& image) { return change_stains(image, {change}); }}};
}

void check_operations(const GoldenFile&, const Json& golden, Comparison& compare) {
  const Json &params = golden.at("params"), &inputs = golden.at("inputs");
  compare.known("input", inputs, {"image", "image_0_1"});
  const bool on_tensors = inputs.contains("image_0_1");
  torch::Tensor image = image_of(inputs.at(on_tensors ? "image_0_1" : "image")).unsqueeze(0);
  Outputs outputs;
  if (params.contains("rgb_from_hed")) {
    compare.known("parameter", params, {"alpha", "beta", "hed_from_rgb", "rgb_from_hed"});
    compare.tensor("rgb_from_hed", rgb_of_stains(), params.at("rgb_from_hed"));
    compare.tensor("hed_from_rgb", stains_of_rgb(), params.at("hed_from_rgb"));
    outputs = stain_outputs(params);
  } else if (params.contains("brightness_delta")) {
    compare.known("parameter", params,
                  {"brightness_delta", "contrast_factor", "saturation_factor", "hue_delta", "solarize_threshold"});
    outputs = byol_outputs(params);
  } else if (params.contains("kernel_size")) {
    compare.known("parameter", params, {"kernel_size", "sigma"});
    outputs = byol_blur_outputs(params);
  } else if (on_tensors) {
    compare.known("parameter", params, {"brightness", "contrast", "saturation", "hue", "kernel", "sigma"});
    outputs = torchvision_outputs(params);
  } else {
    compare.known("parameter", params,
                  {"brightness", "contrast", "saturation", "hue", "solarize_threshold", "blur_radius"});
    outputs = pillow_outputs(params);
    compare.set_tolerance({0, 0});
    image = image.to(torch::kFloat32);  // whole numbers, exactly
  }
  for (const auto& [name, expected] : golden.at("outputs").items()) {
    const auto output = outputs.find(name);
    if (output == outputs.end()) {
      compare.check("output \"" + name + "\"", false, "no check knows it");
      continue;
    }
    compare.tensor(name, listed_like(output->second(image)[0], expected), expected);
  }
}

}  // namespace

const RegisterKind color_ops_kind{{"pixel operations of views",
                                   [](const GoldenFile& file, const Json&) { return file.stem == "color_ops"; },
                                   check_operations}};

}  // namespace scant
