// Strategies that shorten contrastive pre-training, around any method that learns from views: a learning rate in
// cycles, after each of which training may stop or go on; small, tame views when a cycle begins; and hard positives.
// Kocyigit, Hospedales & Bilen, "Accelerating Self-Supervised Learning via Efficient Training Strategies", WACV 2023.
// Only its abstract was at hand: shapes and numbers are our reading of it (specs: ssl, section 8).
#pragma once
#include <torch/types.h>

#include <cstdint>
#include <vector>

#include "harness/core/params.hpp"
#include "harness/learn/schedule.hpp"
#include "harness/learn/view_recipe.hpp"

namespace scant {

/// The defaults change nothing: one cycle, full views, no choice among them.
struct EfficientTraining {
  template <class V>
  void visit(V& p) {
    p("cycle_epochs", cycle_epochs,
      "epochs of the first cycle, in which the learning rate rises and falls; 0: one for the whole training",
      Interval{0, 1 << 20});
    p("cycle_growth", cycle_growth, "epochs of a cycle over those of the one before: 1 equal, 2 doubling",
      Interval{1, 16});
    p("cycle_rise", cycle_rise, "share of a cycle in which the rate rises", Interval{0, 0.99});
    p("cycle_floor", cycle_floor, "share of lr that a cycle starts from and falls to", Interval{0, 1});
    p("first_resolution", first_resolution,
      "side of the views when a cycle begins, as a share of the full side, which three quarters of the cycle reach",
      Interval{0.1, 1});
    p("first_magnitude", first_magnitude,
      "strength of crops and colour changes when a cycle begins, as a share of the recipe's", Interval{0, 1});
    p("candidates", candidates, "whole views drawn of an image, of which two unlike ones are trained on; 2: no choice",
      Interval{2, 64});
    p("hardness", hardness, "quantile of the pairs of candidates by unlikeness that is taken; 1: the least alike",
      Interval{0, 1});
    p("candidates_from", candidates_from, "first epoch with a choice among candidates", Interval{0, 1 << 20});
  }
  int cycle_epochs = 0, candidates = 2, candidates_from = 1;
  double cycle_growth = 1, cycle_rise = 0.2, cycle_floor = 0.01, first_resolution = 1, first_magnitude = 1;
  double hardness = 0.9;  // the last tenth are crops that show nothing of the object

  bool cyclic() const { return cycle_epochs > 0; }
  bool progressive() const { return first_resolution < 1 || first_magnitude < 1; }
  bool chooses(int epoch) const { return candidates > 2 && epoch >= candidates_from; }

  /// The cycle that an epoch of a training of `epochs` lies in; all counts in epochs. A later epoch (statistics of an
  /// average) counts as the last.
  Cycle cycle_of(int epoch, int epochs) const;
  /// The rate of a step of a cycle that is counted in steps.
  double rate(double lr, std::int64_t step, const Cycle& cycle) const;
  /// The recipes of an epoch, for whole views of `side` pixels: sides in steps of 32 from 96 pixels on, else of 4.
  std::vector<ViewRecipe> at(int epoch, int epochs, int side, std::vector<ViewRecipe> recipes) const;
  /// `candidates` whole views, which the recipe's take turns in, then its small ones.
  std::vector<ViewRecipe> with_candidates(const std::vector<ViewRecipe>& recipes) const;
  /// Rows of two views of each of n images, first views first, among the features of the candidates (M*n x D, view by
  /// view): a pair whose first comes from the recipe's first view and whose second from its second.
  torch::Tensor chosen(const torch::Tensor& features, std::int64_t n) const;
};

}  // namespace scant
