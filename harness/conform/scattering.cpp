// Checks of the scattering transform and its filters.
#include <cstdio>

#include "harness/conform/module_case.hpp"
#include "harness/core/error.hpp"
#include "methods/parts/scattering_transform.hpp"

namespace scant {
namespace {

/// Golden statistics of one channel of one image leave out the dimensions of size 1.
torch::Tensor shaped_as(const torch::Tensor& got, const Json& expected) {
  const auto sizes = tensor_of(expected).sizes();
  return at::multiply_integers(sizes) == got.numel() ? got.reshape(sizes) : got;
}

/// "sum", "l2" and single values as "value[row][column]".
void compare_filter(const std::string& what, const torch::Tensor& filter, const Json& expected, Comparison& compare) {
  for (const auto& [key, value] : expected.items()) {
    int row = 0, col = 0;
    if (key == "shape") compare.exact(what + ".shape", Json(filter.sizes().vec()), value);
    if (key == "sum") compare.number(what + ".sum", filter.sum().item<double>(), value);
    if (key == "l2") compare.number(what + ".l2", filter.norm().item<double>(), value);
    if (std::sscanf(key.c_str(), "value[%d][%d]", &row, &col) == 2) {
      compare.number(what + "." + key, filter[row][col].item<double>(), value);
    }
  }
}

void compare_filters(const ScatteringShape& shape, const Json& expected, Comparison& compare) {
  const auto filters = scattering_filters(shape);
  for (const Json& level : expected.at("phi_levels")) {
    const std::size_t r = level.at("res");
    compare_filter("phi level " + std::to_string(r), filters->low_pass.at(r), level, compare);
  }
  compare.exact("number of wavelets", filters->wavelets.size(), expected.at("psi").size());
  for (const Json& golden : expected.at("psi")) {
    const int j = golden.at("j"), angle = golden.at("theta");
    const auto& wavelet = filters->wavelets.at(static_cast<std::size_t>(j * shape.angles + angle));
    for (const Json& level : golden.at("levels")) {
      const std::size_t r = level.at("res");
      compare_filter("psi " + std::to_string(j) + " " + std::to_string(angle) + " level " + std::to_string(r),
                     wavelet.levels.at(r), level, compare);
    }
  }
}

void check_scattering(const GoldenFile& file, const Json& golden, Comparison& compare) {
  const Json &inputs = golden.at("inputs"), &expected = golden.at("expected");
  if (inputs.value("max_order", 2) != 2) throw InputError("the transform has two orders");
  torch::Tensor x = tensor_of(inputs.at("x"));
  const ScatteringShape shape{.side = static_cast<int>(x.size(2)), .scale = inputs.at("J"), .angles = inputs.at("L")};
  Scattering transform(shape);
  if (file.content.value("dtype", "") == "float32") {
    x = x.to(torch::kFloat32);
  } else {
    to_double(*transform);
  }
  const int size = shape.padded(), before = shape.pad_before(), after = size - shape.side - before;
  compare.exact("padded_size", {size, size}, expected.at("padded_size"));
  compare.exact("padding", {before, after, before, after}, expected.at("pad_top_bottom_left_right"));
  const torch::Tensor out = transform->forward(x);
  compare.exact("out_shape", Json(out.sizes().vec()), expected.at("out_shape"));
  const torch::Tensor pixels = out.flatten(3);
  const std::pair<const char*, torch::Tensor> parts[] = {{"out", out},
                                                         {"out_first_row_of_each_channel", out.select(3, 0)},
                                                         {"channel_sums", pixels.sum(3)},
                                                         {"channel_abs_max", pixels.abs().amax(3)}};
  for (const auto& [key, got] : parts) {
    if (expected.contains(key)) compare.tensor(key, shaped_as(got, expected.at(key)), expected.at(key));
  }
  Json order = Json::array();
  for (const ScatteringPath& path : scattering_paths(shape)) {
    order.push_back({path.order, path.j1, path.angle1, path.j2, path.angle2});
  }
  compare.exact("channel_order", order, expected.at("channel_order"));
  compare_filters(shape, expected.at("fourier_filters(real)"), compare);
}

}  // namespace

const RegisterKind scattering_kind{{"scattering transform",
                                    [](const GoldenFile& file, const Json& golden) {
                                      return file.stem == "scattering" && golden.contains("inputs") &&
                                             golden.at("inputs").contains("J");
                                    },
                                    check_scattering}};

}  // namespace scant
