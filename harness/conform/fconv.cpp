// Checks of residual blocks with full convolution.
#include <algorithm>

#include "harness/conform/module_case.hpp"
#include "methods/parts/full_convolution.hpp"

namespace scant {
namespace {

bool has(const Json& tensors, const std::string& name) {
  return std::any_of(tensors.begin(), tensors.end(), [&](const Json& tensor) { return tensor.at("name") == name; });
}

void check_full(const GoldenFile&, const Json& golden, Comparison& compare) {
  using Kind = BlockSpec::Kind;
  const Json& tensors = golden.at("inputs").at("tensors");
  const torch::Tensor x = tensor_of(golden.at("inputs").at("x"));
  const std::vector<std::int64_t> out = golden.at("expected").at("out_shape");
  BlockSpec spec{.in = static_cast<int>(x.size(1)), .width = static_cast<int>(out.at(1))};
  spec.kind = tensors.at(0).at("name") == "bn1.weight" ? Kind::wide
              : has(tensors, "conv3.weight")           ? Kind::bottleneck
              : has(tensors, "downsample.0.weight")    ? Kind::basic
                                                       : Kind::cifar;
  if (spec.kind == Kind::bottleneck) spec.width /= 4;
  FullConvolution maker(FullConvolution::Init::uniform);
  // Without a stride every 3x3 convolution makes the map wider by 2.
  const std::int64_t grown = x.size(2) + (spec.kind == Kind::bottleneck ? 2 : 4) * maker.growth();
  spec.stride = out.at(2) == grown ? 1 : 2;
  Random random(0);
  const auto block = maker.block(spec, random);
  check_module(
      golden, *block, [&](const torch::Tensor& images) { return block->forward(images); }, compare);
}

}  // namespace

const RegisterKind full_kind{{"residual block with full convolution",
                              [](const GoldenFile& file, const Json&) { return file.stem == "fconv_blocks"; },
                              check_full}};

}  // namespace scant
