// Checks of the colour operations of contrastive views.
#include "harness/conform/conform.hpp"
#include "harness/conform/golden_images.hpp"
#include "harness/core/error.hpp"
#include "harness/learn/views.hpp"

namespace scant {
namespace {

/// The image of a case: its own, or where it says "same" the one listed last before it.
const Json& rows_of(const GoldenFile& file, const Json& golden, const std::string& key) {
  const Json* listed = nullptr;
  for (const Json& other : file.cases) {
    const Json& in = other.at("inputs");
    if (in.contains(key) && in.at(key).is_array()) listed = &in.at(key);
    if (other.at("case") == golden.at("case")) break;
  }
  if (listed == nullptr) throw InputError("the case has no image", {file.path.string()});
  return *listed;
}

using ColourAdjustment = torch::Tensor (*)(const torch::Tensor&, const std::vector<double>&);

/// Which operation a case is about is said by its name alone.
torch::Tensor changed(const std::string& name, const torch::Tensor& pixels, const Json& in) {
  if (in.contains("radius")) return gaussian_blur(pixels, {in.at("radius").get<double>()});
  if (!in.contains("factor")) return to_grey(pixels);
  for (const auto& [word, adjust] : {std::pair<const char*, ColourAdjustment>{"brightness", adjust_brightness},
                                     {"contrast", adjust_contrast},
                                     {"saturation", adjust_saturation},
                                     {"hue", adjust_hue}}) {
    if (name.find(word) != std::string::npos) return adjust(pixels, {in.at("factor").get<double>()});
  }
  throw InputError("no operation is called \"" + name + "\"");
}

void check_colours(const GoldenFile& file, const Json& golden, Comparison& compare) {
  compare.set_tolerance({file.content.at("tol").value("uint8_abs", 0.0), 0});
  const Json &in = golden.at("inputs"), &out = golden.at("expected");
  const std::string name = golden.at("case");
  const Json& rows = rows_of(file, golden, in.contains("rgb") ? "rgb" : "gray");
  const torch::Tensor image = image_of(rows).to(torch::kFloat32);
  const torch::Tensor got = changed(name, image.unsqueeze(0), in)[0];
  compare.tensor("pixels", listed_like(got, out.at("pixels")), out.at("pixels"));
  if (out.value("gray_is_unchanged", false)) {
    const torch::Tensor grey = image.narrow(0, 0, 1).unsqueeze(0);
    compare.check("one channel is left alone", changed(name, grey, in).equal(grey));
  }
}

}  // namespace

const RegisterKind colours_kind{
    {"colour operations", [](const GoldenFile& file, const Json&) { return file.stem == "transforms_contrastive"; },
     check_colours}};

}  // namespace scant
