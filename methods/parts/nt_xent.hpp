// NT-Xent: each view of an image is to be recognised among all other views of the batch. Chen, Kornblith, Norouzi &
// Hinton, "A Simple Framework for Contrastive Learning of Visual Representations", ICML 2020.
#pragma once
#include "methods/parts/gather.hpp"

namespace scant {

struct NtXentOptions {
  double temperature = 0.5;
  bool normalise = true;  // rows to unit length first; false: they are compared as they are
};

/// A x D and B x D -> A x B: products of rows (of unit length, if the options say so) divided by the temperature.
torch::Tensor view_logits(const torch::Tensor& a, const torch::Tensor& b, const NtXentOptions& options);

/// z1, z2: projections of an image's two views, N x D of this rank. The loss of every anchor, 2N: view 1 of all images,
/// then view 2. An anchor's candidates are all views of all ranks but itself; the right one is the image's other view.
torch::Tensor nt_xent_anchors(const torch::Tensor& z1, const torch::Tensor& z2, const NtXentOptions& options,
                              Gather& gather = alone());

/// Share of images whose view 1 is closest to their own view 2 among the batch's; `logits`: view_logits(z1, z2), N x N.
torch::Tensor contrast_accuracy(const torch::Tensor& logits);

}  // namespace scant
