// MoCHi: momentum contrast with synthetic negatives, mixed from those that are hardest to tell from the query.
#include <fmt/format.h>

#include "harness/core/error.hpp"
#include "methods/parts/mochi_negatives.hpp"
#include "methods/parts/momentum_contrast.hpp"

namespace scant {
namespace {

class Mochi : public MomentumContrast {
 public:
  template <class V>
  void visit(V& p) {
    MomentumContrast::visit(p);
    p("hardest", mixing.hardest, "keys of the queue, those closest to the query, that negatives are mixed from",
      Interval{1, 1 << 24}, choice({64, 256, 1024}));
    p("pair_mixtures", mixing.pairs, "synthetic negatives of two hard keys, for every query", Interval{0, 1 << 16},
      choice({0, 64, 128, 256}));
    p("query_mixtures", mixing.with_query, "synthetic negatives of a hard key and the query itself, likewise",
      Interval{0, 1 << 16}, choice({0, 32, 64, 128}));
    p("warm_up", warm_up, "share of the epochs, from the first, without synthetic negatives", Interval{0, 1});
  }
  MochiOptions mixing;
  double warm_up = 0.05;

  void add_heads(torch::nn::Module& root, int features, Random& random) override {
    if (mixing.hardest > queue) {
      throw InputError(fmt::format("hardest = {} cannot be more than queue = {}", mixing.hardest, queue));
    }
    if (mixing.pairs > 0 && mixing.hardest < 2) {
      throw InputError("hardest must be at least 2 where pair_mixtures are made of two different keys");
    }
    MomentumContrast::add_heads(root, features, random);
  }

 protected:
  torch::Tensor logits(const Batch& batch, const torch::Tensor& queries, const torch::Tensor& own, int view) override {
    const torch::Tensor real = MomentumContrast::logits(batch, queries, own, view);
    if (batch.epoch < warm_up * task().trial.epochs) return real;
    Random random = step_random(batch, fmt::format("mixtures-{}", view));
    const MochiDraws draws = draw_mixtures(queries.size(0), mixing, random, queries.options());
    const torch::Tensor hardest = hardest_keys(queries, keys().keys, mixing.hardest, keys().own(batch.indices));
    const MochiNegatives negatives = mix_negatives(queries, keys().keys, hardest, draws);
    return torch::cat({real, mochi_logits(queries, negatives, temperature)}, 1);
  }
};

const Register<Mochi> registered_mochi{
    {.name = "mochi",
     .summary = "momentum contrast with synthetic negatives mixed from each query's hardest ones",
     .citation = "Kalantidis, Sariyildiz, Pion, Weinzaepfel & Larlus, \"Hard Negative Mixing for Contrastive "
                 "Learning\", NeurIPS 2020",
     .unlabelled = true}};

}  // namespace
}  // namespace scant
