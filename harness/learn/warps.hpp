// Distortions of tissue patches: a grid whose stripes become wider and narrower, and fields of a grid that change
// places. Stacke et al., "Learning Representations with Contrastive Self-Supervised Learning for Histopathology
// Applications", MELBA 2022.
#pragma once
#include <vector>

#include "harness/learn/compat.hpp"

namespace scant {

/// Where the pixels of one axis come from: stripes of size / factors.size() output pixels (a narrower one for the
/// rest), each showing factors[i] times as many input pixels; beyond the border the border pixel repeats. Returns
/// `size` positions in pixels.
std::vector<double> stripe_positions(int size, const std::vector<double>& factors);

/// Pixels N x C x H x W sampled bilinearly at columns `across[i]` and rows `down[i]` of image i (stripe factors; see
/// stripe_positions).
torch::Tensor distort_grid(const torch::Tensor& pixels, const std::vector<std::vector<double>>& across,
                           const std::vector<std::vector<double>>& down);

/// The fields of a `fields` x `fields` grid of each image: field f (row by row) shows what order[i][f] showed. Fields
/// are side / fields pixels wide and high; the rest at the right and at the bottom stays. `order` holds a permutation
/// of fields * fields for each image.
torch::Tensor shuffle_grid(const torch::Tensor& pixels, int fields,
                           const std::vector<std::vector<std::int64_t>>& order);

}  // namespace scant
