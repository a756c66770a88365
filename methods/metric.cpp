// Deep metric learning: unit vectors whose distances mirror the classes, and a linear classifier beside them that reads
// the features without shaping them.
#include <algorithm>
#include <cmath>
#include <map>

#include "harness/learn/gradient_method.hpp"
#include "methods/parts/contrastive_pairs.hpp"
#include "methods/parts/cross_batch_memory.hpp"
#include "methods/parts/fast_ap.hpp"
#include "methods/parts/grouped_order.hpp"
#include "methods/parts/multi_similarity.hpp"
#include "methods/parts/projector.hpp"
#include "methods/parts/proxy_losses.hpp"
#include "methods/parts/triplet_loss.hpp"

namespace scant {
namespace {

class Metric : public GradientMethod {
 public:
  Metric() {
    batch_size = 32;
    batch_sizes = choice({16, 32, 64});  // smaller ones hold too few pairs
  }
  template <class V>
  void visit(V& p) {
    GradientMethod::visit(p);
    p("loss", loss_name, "what shapes the embedding; cross-batch is the pair loss with a memory of earlier batches",
      names_of({"contrastive", "triplet", "multi-similarity", "nt-xent", "supcon", "proxy-nca", "proxy-anchor",
                "fast-ap", "cross-batch"}));
    p("dim", dim, "length of the embedding vectors", Interval{1, 1 << 16});
    p("per_class", per_class, "images of a class that follow each other in an epoch's order; 0: a random order",
      Interval{0, 1 << 16});
    p("pull_weight", pull_weight, "weight of what draws positives together; contrastive, nt-xent, supcon",
      Interval{0, 1e6});
    p("push_weight", push_weight, "weight of what keeps the rest apart; contrastive, nt-xent, supcon",
      Interval{0, 1e6});
    p("aggregation", aggregation, "from pairs or triplets to one number; contrastive, triplet",
      names_of(aggregation_names()));
    p("positive_margin", margins.positive, "contrastive: distance (0 to 2) up to which positives cost nothing",
      Interval{0, 2});
    p("negative_margin", margins.negative, "contrastive: distance (0 to 2) from which negatives cost nothing",
      Interval{0, 2});
    p("triplets", triplets, "triplet: which triplets count; hardest is the farthest positive and nearest negative",
      names_of({"all", "violating", "semihard", "hard", "hardest"}));
    p("triplet_margin", triplet.margin, "triplet: by how much the negative must be farther away", Interval{0, 2});
    p("triplet_smooth", triplet.smooth, "triplet: log(1 + exp) instead of the hinge", std::vector<Json>{true, false});
    p("temperature", temperature, "nt-xent, supcon: divides the cosines before the softmax", Interval{1e-4, 1e3});
    p("alpha", similarity.alpha, "multi-similarity: sharpness for positives", Interval{1e-3, 1e4});
    p("beta", similarity.beta, "multi-similarity: sharpness for negatives", Interval{1e-3, 1e4});
    p("base", similarity.base, "multi-similarity: cosine that all are compared with", Interval{-1, 1});
    p("slack", slack, "multi-similarity: pairs easier by this than the hardest of the other kind are left out",
      Interval{0, 2});
    p("proxy_scale", proxy_nca.scale, "proxy-nca: of the squared distances before the softmax", Interval{1e-3, 1e4});
    p("proxy_margin", proxy_anchor.margin, "proxy-anchor: cosine beyond 0 that is asked for on either side",
      Interval{0, 1});
    p("proxy_alpha", proxy_anchor.alpha, "proxy-anchor: sharpness", Interval{1e-3, 1e4});
    p("bins", bins, "fast-ap: of the histogram of squared distances", Interval{1, 4096});
    p("memory", memory, "cross-batch: embeddings of earlier batches that are kept", Interval{1, 1 << 24});
    p("memory_margin", pairs.negative_margin, "cross-batch: cosine up to which negatives cost nothing",
      Interval{-1, 1});
  }
  std::string loss_name = "contrastive", aggregation = "mean-nonzero", triplets = "violating";
  int dim = 128, per_class = 4, bins = 10, memory = 1024;
  double pull_weight = 1, push_weight = 1, temperature = 0.1, slack = 0.1;
  PairMargins margins{0, 0.7};
  TripletOptions triplet;
  MultiSimilarityOptions similarity;
  ProxyNcaOptions proxy_nca;
  ProxyAnchorOptions proxy_anchor;
  SummedPairsOptions pairs;

  std::shared_ptr<torch::nn::Module> build_network(Random& random) override;
  /// Images without a label have no pairs.
  std::vector<std::int64_t> trained_on(const Samples& train) const override;
  Batch draw(const Samples& train, const std::vector<std::int64_t>& positions, int epoch) const override;
  /// {logits, unit embeddings N x dim}.
  std::vector<torch::Tensor> outputs(const torch::Tensor& images) override;
  torch::Tensor loss(const std::vector<torch::Tensor>& outputs, const torch::Tensor& labels) override;
  void after_step(const Step& step) override;
  bool takes_parts() const override { return false; }
  /// The unit vectors.
  torch::Tensor embed(const torch::Tensor& images) override;

 private:
  torch::Tensor embedding_loss(const torch::Tensor& rows, const torch::Tensor& labels);
  torch::Tensor pair_loss(const torch::Tensor& rows, const PairSets& sets) const;
  torch::Tensor triplet_part(const torch::Tensor& rows, const PairSets& sets) const;
  torch::Tensor proxy_loss(const torch::Tensor& rows, const torch::Tensor& labels) const;
  torch::Tensor cross_batch_loss(const torch::Tensor& rows, const torch::Tensor& labels);

  torch::nn::Linear head_{nullptr};
  torch::Tensor proxies_;  // classes x dim
  CrossBatchMemory memory_{nullptr};
  torch::Tensor fresh_, fresh_labels_;  // of the step under way
};

std::shared_ptr<torch::nn::Module> Metric::build_network(Random& random) {
  backbone_ = make_backbone(backbone_spec(), random);
  head_ = make_linear(backbone_->dim(), dim, random);
  auto root = std::make_shared<torch::nn::Module>("Metric");
  root->register_module("backbone", backbone_);
  root->register_module("head", head_);
  if (loss_name.starts_with("proxy-")) {
    proxies_ = root->register_parameter("proxies", torch::empty({task().classes, dim}));
    const torch::NoGradGuard no_grad;
    fill_normal(proxies_, 1 / std::sqrt(static_cast<double>(dim)), random);  // about unit length
  }
  if (loss_name == "cross-batch") memory_ = root->register_module("memory", CrossBatchMemory(memory, dim));
  return root;
}

std::vector<std::int64_t> Metric::trained_on(const Samples& train) const {
  const torch::Tensor labelled = train.labels().ge(0).nonzero().squeeze(1).contiguous();
  return {labelled.data_ptr<std::int64_t>(), labelled.data_ptr<std::int64_t>() + labelled.numel()};
}

/// The shared loop cuts the epoch's random order into batches. The n-th place of that order becomes the n-th of the
/// grouped order, so that every image still comes once.
Batch Metric::draw(const Samples& train, const std::vector<std::int64_t>& positions, int epoch) const {
  if (per_class == 0) return GradientMethod::draw(train, positions, epoch);
  const std::vector<std::int64_t> kept = trained_on(train);
  std::vector<std::int64_t> order = train.order(task().trial.seed("order"), epoch);
  std::erase_if(order, [&](std::int64_t at) { return !std::binary_search(kept.begin(), kept.end(), at); });
  const auto first = std::find(order.begin(), order.end(), positions.front()) - order.begin();
  const torch::Tensor labels = train.labels().contiguous();
  std::vector<std::int64_t> kept_labels;
  for (const std::int64_t at : kept) kept_labels.push_back(labels.data_ptr<std::int64_t>()[at]);
  Random random(task().trial.seed("groups"), static_cast<std::uint64_t>(epoch));
  const std::vector<std::int64_t> grouped = grouped_order(kept, kept_labels, per_class, random);
  const auto begin = grouped.begin() + first;
  return GradientMethod::draw(train, {begin, begin + std::ssize(positions)}, epoch);
}

std::vector<torch::Tensor> Metric::outputs(const torch::Tensor& images) {
  const torch::Tensor features = full_precision(backbone_->features(images));
  const Autocast off(images.device().type(), false);
  return {watched(*backbone_->fc, backbone_->fc->forward(features.detach())), unit_rows(head_->forward(features))};
}

torch::Tensor Metric::loss(const std::vector<torch::Tensor>& outputs, const torch::Tensor& labels) {
  return GradientMethod::loss(outputs, labels) + embedding_loss(outputs[1], labels);
}

torch::Tensor Metric::embedding_loss(const torch::Tensor& rows, const torch::Tensor& labels) {
  if (proxies_.defined()) return proxy_loss(rows, labels);
  if (memory_) return cross_batch_loss(rows, labels);
  return pair_loss(rows, pair_sets(labels));
}

torch::Tensor Metric::pair_loss(const torch::Tensor& rows, const PairSets& sets) const {
  if (loss_name == "triplet") return triplet_part(rows, sets);
  if (loss_name == "contrastive") {
    const torch::Tensor distances = pair_table(rows, rows, Measure::euclidean);
    return contrastive_pairs(distances, sets, Measure::euclidean, margins, aggregation_of(aggregation))
        .weighted(pull_weight, push_weight);
  }
  if (loss_name == "fast-ap") return fast_ap_loss(pair_table(rows, rows, Measure::squared_euclidean), sets, bins);
  const torch::Tensor cosines = pair_table(rows, rows, Measure::cosine);
  if (loss_name == "multi-similarity") {
    return multi_similarity_loss(cosines, informative_pairs(cosines, sets, slack), similarity);
  }
  const Denominator below = loss_name == "supcon" ? Denominator::all_others : Denominator::own_positive;
  return softmax_terms(cosines, sets, temperature, below).weighted(pull_weight, push_weight);
}

torch::Tensor Metric::triplet_part(const torch::Tensor& rows, const PairSets& sets) const {
  const std::map<std::string, TripletKind> kinds{{"all", TripletKind::all},
                                                 {"violating", TripletKind::violating},
                                                 {"semihard", TripletKind::semihard},
                                                 {"hard", TripletKind::hard}};
  constexpr Measure measure = Measure::euclidean;
  const torch::Tensor distances = pair_table(rows, rows, measure);
  const Triplets chosen = triplets == "hardest"
                              ? hardest_triplets(distances, sets, measure)
                              : all_triplets(distances, sets, measure, kinds.at(triplets), triplet.margin);
  return triplet_loss(distances, chosen, measure, triplet, aggregation_of(aggregation));
}

torch::Tensor Metric::proxy_loss(const torch::Tensor& rows, const torch::Tensor& labels) const {
  const torch::Tensor proxies = unit_rows(proxies_);
  if (loss_name == "proxy-nca") {
    return proxy_nca_loss(pair_table(rows, proxies, Measure::squared_euclidean), labels, proxy_nca);
  }
  return proxy_anchor_loss(pair_table(rows, proxies, Measure::cosine), labels, proxy_anchor);
}

torch::Tensor Metric::cross_batch_loss(const torch::Tensor& rows, const torch::Tensor& labels) {
  fresh_ = rows.detach();
  fresh_labels_ = labels;
  const torch::Tensor own = pair_table(rows, rows, Measure::cosine),
                      others = pair_table(rows, memory_->rows, Measure::cosine);
  return summed_pairs(own, pair_sets(labels), pairs).loss +
         summed_pairs(others, pair_sets(labels, memory_->labels), pairs).loss;
}

void Metric::after_step(const Step&) {
  if (memory_) memory_->add(fresh_, fresh_labels_);
}

torch::Tensor Metric::embed(const torch::Tensor& images) {
  const torch::Tensor features = GradientMethod::embed(images);
  const torch::NoGradGuard no_grad;
  return unit_rows(head_->forward(features));
}

const Register<Metric> registered_metric{
    {.name = "metric",
     .summary =
         "metric learning: pair, triplet, ranking or proxy losses on unit vectors, a linear classifier beside them",
     .citation = "Musgrave, Belongie & Lim, \"A Metric Learning Reality Check\", ECCV 2020; the losses: Hadsell et al. "
                 "2006, Schroff et al. 2015, Wang et al. 2019 and 2020, Khosla et al. 2020, Teh et al. 2020, Kim et "
                 "al. 2020, Cakir et al. 2019"}};

}  // namespace
}  // namespace scant
