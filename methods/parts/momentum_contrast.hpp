// What methods with key network and queue share: queries find their keys among keys of earlier batches. He et al.,
// "Momentum Contrast for Unsupervised Visual Representation Learning", CVPR 2020; projector and recipe: Chen, Fan,
// Girshick & He, "Improved Baselines with Momentum Contrastive Learning", 2020.
#pragma once
#include "methods/parts/contrastive_method.hpp"
#include "methods/parts/info_nce.hpp"
#include "methods/parts/key_queue.hpp"
#include "methods/parts/momentum_network.hpp"
#include "methods/parts/projector.hpp"

namespace scant {

/// Query and key networks normalise a batch in parts and keys are encoded in another order, as on several devices. An
/// image's older keys, which a queue longer than the data set holds, are no negatives of its own.
class MomentumContrast : public ContrastiveMethod {
 public:
  MomentumContrast() { recipe = "moco-v2"; }
  template <class V>
  void visit(V& p) {
    ContrastiveMethod::visit(p);
    p("temperature", temperature, "divides the cosines before the softmax", Interval{1e-3, 1e3},
      choice({0.07, 0.1, 0.2}));
    p("queue", queue, "keys of earlier batches that a view is told apart from; at least those of one step",
      Interval{1, 1 << 24});
    p("key_momentum", key_momentum, "share of itself that the key network keeps each step", Interval{0, 1},
      choice({0.99, 0.996, 0.999}));
    p("dim", dim, "components of queries and keys", Interval{1, 1 << 16});
    p("symmetric", symmetric, "each view is query and key; false: the first is the query, the second the key",
      std::vector<Json>{false, true});
    p("splits", splits, "most parts of a batch that are normalised separately", Interval{1, 1024});
  }
  double temperature = 0.1, key_momentum = 0.99;
  int queue = 4096, dim = 128, splits = 8;
  bool symmetric = true;

  void add_heads(torch::nn::Module& root, int features, Random& random) override;
  torch::Tensor contrast(const Batch& batch, const torch::Tensor& features) override;
  void after_step(const Step& step) override;
  State state() override;

 protected:
  std::shared_ptr<Backbone> make_encoder(Random& random) const override;
  /// N x M logits of queries N x dim, of which the first column is the right one; `view`: whose queries they are, 0 or
  /// 1. Default: the key and the queue, without the image's own older keys.
  virtual torch::Tensor logits(const Batch& batch, const torch::Tensor& queries, const torch::Tensor& keys, int view);
  KeyQueueImpl& keys() { return *queue_; }
  /// Draws of a step: an image comes once an epoch, so the batch's first one names the batch.
  Random step_random(const Batch& batch, const std::string& stream) const;

 private:
  torch::Tensor encode(const Batch& batch, const torch::Tensor& images, int view);

  std::shared_ptr<Backbone> key_encoder_;
  Projector projector_{nullptr}, key_projector_{nullptr};
  KeyQueue queue_{nullptr};
  Follower follower_;
  std::vector<torch::Tensor> fresh_;  // keys of the step under way
  std::vector<std::int64_t> fresh_owners_;
};

}  // namespace scant
