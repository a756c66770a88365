// What mean shift and its constrained variants share: a query of one view, a target of the other view from a network
// that follows, and a bank of targets. Two things differ from the papers: one device normalises a batch of targets as a
// whole, so nothing is shuffled; and entries of the bank that were never written are not searched, where the papers
// start with random ones.
#pragma once
#include "methods/parts/constrained_shift.hpp"
#include "methods/parts/contrastive_method.hpp"
#include "methods/parts/mlp_head.hpp"
#include "methods/parts/momentum_network.hpp"

namespace scant {

class MeanShiftMethod : public ContrastiveMethod {
 public:
  MeanShiftMethod() { recipe = "msf"; }  // the query's view is strong, the target's weak
  template <class V>
  void visit(V& p) {
    ContrastiveMethod::visit(p);
    p("neighbours", neighbours, "bank entries that an image is drawn to, itself among them; 1 is BYOL in one direction",
      Interval{1, 1 << 20}, choice({1, 5, 10}));
    p("bank", bank_size,
      "targets of earlier images that neighbours are looked for in; at least a batch, and whatever it says no more "
      "than "
      "half of the training images, so that hardly an image meets its own past (the paper has 128k of 1.3M images)",
      Interval{1, 1 << 24});
    p("target_momentum", target_momentum, "share of itself that the target network keeps each step", Interval{0, 1},
      choice({0.9, 0.99, 0.996}));
    p("dim", dim, "of the space that neighbours are looked for in", Interval{1, 65536});
    p("hidden", hidden, "width of the hidden layers of projector and predictor", Interval{1, 65536});
  }
  int neighbours = 5, bank_size = 4096, dim = 128, hidden = 512;
  double target_momentum = 0.99;

  /// batch.images: the queries' view; batch.local: the targets' view, of the same size.
  Batch draw(const Samples& train, const std::vector<std::int64_t>& positions, int epoch) const override;
  /// The query's view alone, the first of the recipe's.
  std::vector<ViewRecipe> recipes() const override;
  void add_heads(torch::nn::Module& root, int features, Random& random) override;
  torch::Tensor contrast(const Batch& batch, const torch::Tensor& features) override;
  void after_step(const Step& step) override;
  /// As ever, and neighbour_purity: how many of the neighbours of up to 512 labelled bank entries have their label, the
  /// entries themselves among them.
  std::map<std::string, double> diagnose(const Samples& train) override;
  State state() override;

 protected:
  /// The loss of a step, which writes the targets to the bank.
  virtual torch::Tensor shift(const ShiftBatch& batch) = 0;
  NeighbourBankImpl& bank() { return *bank_; }

 private:
  torch::Tensor targets(const torch::Tensor& images);

  std::shared_ptr<Backbone> target_encoder_;
  MlpHead projector_{nullptr}, predictor_{nullptr}, target_projector_{nullptr};
  Follower follower_;
  NeighbourBank bank_{nullptr};
};

}  // namespace scant
