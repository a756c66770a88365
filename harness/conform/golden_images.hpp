// Images as golden files list them (rows of pixels of channels), and banks made of them.
#pragma once
#include <vector>

#include "harness/core/json.hpp"
#include "harness/data/bank.hpp"
#include "harness/learn/compat.hpp"

namespace scant {

/// H x W x C or H x W nested lists to C x H x W float64.
torch::Tensor image_of(const Json& rows);

/// C x H x W in the layout in which `rows` lists its image.
torch::Tensor listed_like(const torch::Tensor& image, const Json& rows);

/// A bank of such images, 8-bit or float; every label is 0.
ImageBank bank_of(const std::vector<torch::Tensor>& images, PixelType type);

}  // namespace scant
