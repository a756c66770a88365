// Fine-tuning: all layers of an encoder and a new classifier on labelled images.
#pragma once
#include <cstdint>
#include <functional>

#include "harness/core/params.hpp"
#include "harness/learn/backbone.hpp"
#include "harness/learn/batches.hpp"

namespace scant {

/// SwAV's recipe (Caron et al., NeurIPS 2020) with a cosine instead of its two steps: SGD with momentum, no decay, the
/// new classifier at a rate of its own.
struct FinetuneOptions {
  double lr = 0.01, head_lr = 0.2, momentum = 0.9, weight_decay = 0;
  int epochs = 20, batch_size = 32;
  template <class V>
  void visit(V& p) {
    p("lr", lr, "initial learning rate of the encoder's layers", Interval{0, 1e3});
    p("head_lr", head_lr, "initial learning rate of the new classifier", Interval{0, 1e3});
    p("momentum", momentum, "SGD momentum, no Nesterov", Interval{0, 1});
    p("weight_decay", weight_decay, "coupled L2 decay of every tensor", Interval{0, 1e3});
    p("epochs", epochs, "passes over the labelled images, with the training augmentation", Interval{1, 1e6});
    p("batch_size", batch_size, "images a step; a last partial batch of one image is left out", Interval{2, 65536});
  }
};

/// Trains `network` in place and returns a classifier of its features that starts at zero, D -> classes. Order and
/// augmentation are functions of `seed`. Throws TrialFailure if the loss is not finite or `interrupted` says stop.
torch::nn::Linear fine_tune(Backbone& network, const Samples& train, int classes, const FinetuneOptions& options,
                            std::uint64_t seed, torch::Device device, const std::function<bool()>& interrupted);

}  // namespace scant
