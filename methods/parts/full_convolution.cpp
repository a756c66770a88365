// Full convolution.
#include "methods/parts/full_convolution.hpp"

namespace scant {

torch::nn::AnyModule FullConvolution::conv(const ConvSpec& spec, Random& random) {
  ConvSpec full = spec;
  if (!spec.shortcut) full.padding = spec.kernel - 1;
  const bool made_once = spec.stem || (spec.shortcut && !wide_);
  if (init_ == Init::uniform && !made_once) full.init = ConvSpec::Init::uniform;
  return LayerMaker::conv(full, random);
}

std::shared_ptr<Block> FullConvolution::block(const BlockSpec& spec, Random& random) {
  wide_ = spec.kind == BlockSpec::Kind::wide;
  return LayerMaker::block(spec, random);
}

torch::nn::MaxPool2d FullConvolution::pool() {
  return torch::nn::MaxPool2d(torch::nn::MaxPool2dOptions(2).stride(2));
}

}  // namespace scant
