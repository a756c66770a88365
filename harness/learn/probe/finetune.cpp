// The loop: augmented views, cross-entropy, two learning rates on one cosine.
#include "harness/learn/probe/finetune.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "harness/learn/method.hpp"
#include "harness/learn/schedule.hpp"
#include "harness/learn/sgd.hpp"

namespace scant {

torch::nn::Linear fine_tune(Backbone& network, const Samples& train, int classes, const FinetuneOptions& options,
                            std::uint64_t seed, torch::Device device, const std::function<bool()>& interrupted) {
  torch::nn::Linear head(network.dim(), classes);
  torch::nn::init::zeros_(head->weight);
  torch::nn::init::zeros_(head->bias);
  head->to(device);
  const OptimiserOptions momentum{.weight_decay = options.weight_decay, .momentum = options.momentum};
  Sgd layers(network.parameters(), momentum), classifier(head->parameters(), momentum);
  // Batch normalisation has nothing to say about one image.
  const std::int64_t n = train.size(), size = options.batch_size;
  const std::int64_t batches = n / size + (n % size > 1 ? 1 : 0), total = batches * options.epochs;
  if (batches == 0) throw TrialFailure("fine-tuning needs at least 2 labelled images");
  network.train();
  for (int epoch = 0; epoch < options.epochs; ++epoch) {
    const std::vector<std::int64_t> order = train.order(seed, epoch);
    double last_loss = 0;
    for (std::int64_t b = 0; b < batches; ++b) {
      if (interrupted()) throw TrialFailure("interrupted");
      const auto begin = order.begin() + b * size;
      const Batch batch = train.augmented({begin, begin + std::min(size, n - b * size)}, seed, epoch);
      const torch::Tensor features = network.features(batch.images.contiguous(torch::MemoryFormat::ChannelsLast));
      const torch::Tensor loss = torch::nn::functional::cross_entropy(head->forward(features), batch.labels);
      layers.zero_grad();
      classifier.zero_grad();
      loss.backward();
      const double share = cosine_rate(1, epoch * batches + b, total);
      layers.step(options.lr * share);
      classifier.step(options.head_lr * share);
      if (b + 1 == batches) last_loss = loss.item<double>();
    }
    if (!std::isfinite(last_loss)) throw TrialFailure(fmt::format("loss is not finite after epoch {}", epoch + 1));
  }
  network.eval();
  return head;
}

}  // namespace scant
