// Momentum contrast with a margin: an encoder learns to recognise an image's other view among a queue of other images.
// He et al., "Momentum Contrast for Unsupervised Visual Representation Learning", CVPR 2020; the margin: Zhao & Wen,
// "Distilling Visual Priors from Self-Supervised Learning", ECCV Workshops 2020.
#pragma once
#include <memory>
#include <vector>

#include "harness/learn/backbone.hpp"
#include "methods/parts/momentum_network.hpp"
#include "methods/parts/projector.hpp"

namespace scant {

struct MocoOptions {
  int dim = 128;     // of the space that views are compared in
  int queue = 4096;  // keys of earlier batches
  double key_momentum = 0.999;
  double temperature = 0.07;
  double margin = 0.6;  // taken off the cosine of the two views of an image
};

/// A linear classifier in a module of its own, "fc" within it.
class LinearHeadImpl : public torch::nn::Module {
 public:
  LinearHeadImpl(int in, int classes, Random& random);
  torch::Tensor forward(const torch::Tensor& features) { return fc->forward(features); }

  torch::nn::Linear fc{nullptr};
};
TORCH_MODULE(LinearHead);

class MocoImpl : public torch::nn::Module {
 public:
  /// Encoders without classifier and of the same kind; the key encoder becomes a copy of the query encoder.
  MocoImpl(std::shared_ptr<Backbone> query, std::shared_ptr<Backbone> key, int classes, const MocoOptions& options,
           Random& random);

  /// Unit rows, N x dim, of features N x D.
  torch::Tensor query(const torch::Tensor& features) { return unit_rows(mlp_q->forward(features)); }
  /// N x classes; no gradient reaches the encoder.
  torch::Tensor scores(const torch::Tensor& features) { return lh->forward(features.detach()); }
  /// Moves the key networks towards the query networks (parameters only), then encodes `images` in the order of
  /// `permutation`, so that normalisation by parts groups them otherwise than their queries. Unit rows N x dim in the
  /// images' own order, without gradient.
  torch::Tensor keys(const torch::Tensor& images, const std::vector<std::int64_t>& permutation);
  /// N x (1 + queue): q.k - margin, then q with all of the queue; divided by the temperature. The first is right.
  torch::Tensor logits(const torch::Tensor& queries, const torch::Tensor& keys) const;
  /// Puts keys N x dim in place of the oldest ones; `position` is where the queue stands, 0-based. N <= queue.
  void enqueue(const torch::Tensor& keys, std::int64_t position);

  torch::Tensor queue, queue_ptr;  // dim x queue, 1 (int64)
  std::shared_ptr<Backbone> encoder_q, encoder_k;
  Projector mlp_q{nullptr}, mlp_k{nullptr};
  LinearHead lh{nullptr};

 private:
  MocoOptions options_;
  Follower follower_;
};
TORCH_MODULE(Moco);

}  // namespace scant
