// Checks of residual blocks, harmonic layers and cosine filter banks.
#include <fmt/format.h>

#include "harness/conform/golden_inputs.hpp"
#include "harness/conform/module_case.hpp"
#include "harness/core/error.hpp"
#include "harness/learn/backbones/cifar_resnet.hpp"
#include "harness/learn/backbones/resnet.hpp"
#include "harness/learn/backbones/wide_resnet.hpp"
#include "methods/parts/harmonic_layer.hpp"

namespace scant {
namespace {

/// Shape of the named tensor in a golden list, or an empty one.
void check_block(const GoldenFile&, const Json& golden, Comparison& compare) {
  const Json& tensors = golden.at("inputs").at("tensors");
  const auto x = tensor_of(golden.at("inputs").at("x")).sizes().vec();
  const std::vector<std::int64_t> out_shape = golden.at("expected").at("out_shape");
  const auto in = static_cast<int>(x.at(1)), out = static_cast<int>(out_shape.at(1));
  const auto stride = static_cast<int>((x.at(2) + out_shape.at(2) - 1) / out_shape.at(2));
  Random random(0);
  LayerMaker maker;
  std::shared_ptr<Block> block;
  if (tensors.at(0).at("name") == "bn1.weight") {
    block = std::make_shared<WideBlock>(in, out, stride, random, maker);
  } else if (!shape_in(tensors, "conv3.weight").empty()) {
    block = std::make_shared<Bottleneck>(in, static_cast<int>(shape_in(tensors, "conv1.weight").at(0)), stride, random,
                                         maker);
  } else if (!shape_in(tensors, "downsample.0.weight").empty()) {
    block = std::make_shared<BasicBlock>(in, out, stride, random, maker);
  } else {
    block = std::make_shared<CifarBlock>(in, out, stride, random, maker);
  }
  check_module(
      golden, *block, [&](const torch::Tensor& images) { return block->forward(images); }, compare);
}

void check_harmonic(const GoldenFile&, const Json& golden, Comparison& compare) {
  const Json& tensors = golden.at("inputs").at("tensors");
  const auto x = tensor_of(golden.at("inputs").at("x"));
  const std::vector<std::int64_t> out = golden.at("expected").at("out_shape");
  const auto dct = shape_in(tensors, "dct"), weight = shape_in(tensors, "weight");
  ConvSpec spec{.in = static_cast<int>(x.size(1)), .out = static_cast<int>(weight.at(0))};
  spec.kernel = static_cast<int>(dct.at(3));
  spec.padding = spec.kernel / 2;
  spec.stride = static_cast<int>((x.size(2) + out.at(2) - 1) / out.at(2));
  Random random(0);
  if (shape_in(tensors, "bn.running_mean").empty()) {
    HarmonicConv layer(spec, random);
    check_module(
        golden, *layer, [&](const torch::Tensor& images) { return layer->forward(images); }, compare);
    return;
  }
  HarmonicStem layer(spec, random);
  check_module(
      golden, *layer, [&](const torch::Tensor& images) { return layer->forward(images); }, compare);
  // The same numbers by the path that training takes, where the images carry no gradient.
  const torch::NoGradGuard no_grad;
  layer->train();
  compare_output("train_out (one convolution)", layer->forward_folded(x), golden.at("expected").at("train_out"),
                 compare);
}

/// The bank is known by its shape: 1 x F x k x k, or groups*F x 1 x k x k laid out for a depthwise convolution.
void check_dct(const GoldenFile&, const Json& golden, Comparison& compare) {
  const Json& expected = golden.at("expected");
  const std::vector<std::int64_t> shape = expected.at("shape");
  const auto k = static_cast<int>(shape.at(3));
  const bool depthwise = shape.at(1) == 1 && shape.at(0) > 1;
  int level = 0;
  if (!depthwise && shape.at(1) != k * k) {
    for (level = 1; level < 2 * k && dct_filters(k, level).size(0) != shape.at(1);) ++level;
  }
  const torch::Tensor bank = dct_filters(k, level);
  const torch::Tensor got = depthwise ? bank.unsqueeze(1).repeat({shape.at(0) / (k * k), 1, 1, 1}) : bank.unsqueeze(0);
  compare.exact("shape", Json(got.sizes().vec()), shape);
  for (const auto& [key, value] : expected.items()) {
    if (key == "shape") continue;
    const torch::Tensor want = tensor_of(value);
    compare.tensor(key, want.dim() == 3 ? got.squeeze(0) : got, value);
  }
}

}  // namespace

const RegisterKind blocks_kind{
    {"residual block", [](const GoldenFile& file, const Json&) { return file.stem == "plain_blocks"; }, check_block}};
const RegisterKind harmonic_kind{{"harmonic layer",
                                  [](const GoldenFile& file, const Json&) { return file.stem == "harmonic_layers"; },
                                  check_harmonic}};
const RegisterKind dct_kind{
    {"cosine filters", [](const GoldenFile& file, const Json&) { return file.stem == "harmonic_dct"; }, check_dct}};

}  // namespace scant
