// CMSF: mean shift whose neighbours satisfy a constraint, so that they are related without being near. Where the
// paper's code stops to train the head that guesses labels on what it has cached, twice an epoch, this one trains it at
// every step; the fine-tuning that follows in the paper is a suite's business.
#include <algorithm>

#include "methods/parts/cosine_classifier.hpp"
#include "methods/parts/k_means.hpp"
#include "methods/parts/mean_shift_method.hpp"
#include "methods/parts/pseudo_labels.hpp"

namespace scant {
namespace {

class Cmsf : public MeanShiftMethod {
 public:
  template <class V>
  void visit(V& p) {
    MeanShiftMethod::visit(p);
    p("constraint", constraint,
      "what neighbours must share: supervised, the label; semi, the label or a sure guess of it; 2q, nearness in an "
      "earlier view; km, the cluster in the epoch before",
      std::vector<Json>{"supervised", "semi", "2q", "km"});
    p("related", related, "2q: entries near in the earlier view that neighbours are chosen from", Interval{1, 1 << 20});
    p("cluster_size", cluster_size, "km: images a cluster, on average", Interval{1, 1 << 24});
    p("cluster_iterations", cluster_iterations, "km: iterations of k-means", Interval{1, 1000});
    p("confidence", confidence, "semi: least probability of a guessed label", Interval{0, 1});
  }
  std::string constraint = "supervised";
  int related = 10, cluster_size = 25, cluster_iterations = 20;
  double confidence = 0.85;

  void add_heads(torch::nn::Module& root, int features, Random& random) override;
  torch::Tensor contrast(const Batch& batch, const torch::Tensor& features) override;
  void after_step(const Step& step) override;

 protected:
  torch::Tensor shift(const ShiftBatch& batch) override;

 private:
  torch::Tensor shift_by_guesses(const ShiftBatch& batch);
  void find_clusters(int epoch);

  MlpHead guesser_{nullptr};
  ViewPool pool_{nullptr};
  torch::Tensor clusters_;  // a buffer: of every image, int64, -1: in none yet
};

void Cmsf::add_heads(torch::nn::Module& root, int features, Random& random) {
  MeanShiftMethod::add_heads(root, features, random);
  if (constraint == "semi") {
    const MlpSpec spec{.hidden = 2 * dim, .out = task().classes, .hidden_bias = true};
    guesser_ = root.register_module("guesser", MlpHead(dim, spec, random));
  } else if (constraint != "supervised") {
    pool_ = root.register_module("pool", ViewPool(dim));
    clusters_ = root.register_buffer("clusters", torch::zeros({0}, torch::kInt64));
  }
}

torch::Tensor Cmsf::contrast(const Batch& batch, const torch::Tensor& features) {
  if (pool_) {
    const std::int64_t images = *std::max_element(batch.indices.begin(), batch.indices.end()) + 1;
    pool_->reserve(images);
    grow(clusters_, images, -1);
  }
  return MeanShiftMethod::contrast(batch, features);
}

torch::Tensor Cmsf::shift(const ShiftBatch& batch) {
  if (constraint == "supervised") return class_shift(batch, bank(), Unlabelled::left_out, neighbours).loss;
  if (constraint == "semi") return shift_by_guesses(batch);
  if (constraint == "2q") return two_query_shift(batch, bank(), *pool_, neighbours, related).loss;
  pool_->write(batch.images, batch.targets);
  return cluster_shift(batch, bank(), clusters_, neighbours).loss;
}

torch::Tensor Cmsf::shift_by_guesses(const ShiftBatch& batch) {
  const torch::Tensor logits = guesser_->forward(batch.targets);
  ShiftBatch guessed = batch;
  guessed.labels = pseudo_labels(logits, batch.labels, confidence).labels;
  return class_shift(guessed, bank(), Unlabelled::unconstrained, neighbours).loss +
         crop_cross_entropy(logits, batch.labels);
}

void Cmsf::find_clusters(int epoch) {
  const torch::Tensor images = pool_->seen.gt(0).nonzero().squeeze(1);
  const std::int64_t count = std::max<std::int64_t>(1, images.size(0) / cluster_size);
  Random random(task().trial.seed("k-means"), static_cast<std::uint64_t>(epoch));
  const torch::Tensor clusters = k_means(pool_->latest(images), count, cluster_iterations, random);
  clusters_.fill_(-1).index_copy_(0, images, clusters);
}

void Cmsf::after_step(const Step& step) {
  MeanShiftMethod::after_step(step);
  const std::int64_t steps_an_epoch = step.total / task().trial.epochs;
  if (constraint == "km" && (step.number + 1) % steps_an_epoch == 0) find_clusters(step.epoch);
}

const Register<Cmsf> registered_cmsf{
    {.name = "cmsf",
     .summary = "constrained mean shift: neighbours share the label, a guess of it, an earlier view or a cluster",
     .citation =
         "Navaneet, Koohpayegani, Tejankar, Pourahmadi, Subramanya & Pirsiavash, \"Constrained Mean Shift Using "
         "Distant Yet Related Neighbors for Representation Learning\", ECCV 2022",
     .unlabelled = true}};

}  // namespace
}  // namespace scant
