// Supervised contrastive losses: every view of the same class is a positive. Khosla et al., "Supervised Contrastive
// Learning", NeurIPS 2020: L_out (equation 2) and L_in (equation 3), and variants that reference codes offer.
#pragma once
#include "harness/learn/compat.hpp"

namespace scant {

/// s_p: product of an anchor with a positive, divided by the temperature; S the sum of exp over `denominator`.
struct SupConOptions {
  enum class Form {
    out,    // -mean over positives of log(exp s_p / S)
    in,     // -log of the mean over positives of exp s_p / S
    pooled  // -log of the sum over positives of exp s_p / S: the gradient of `in`
  };
  enum class Denominator {
    all,           // positives and negatives
    one_positive,  // the positive at hand and all negatives
    only_negatives
  };
  double temperature = 0.1;
  Form form = Form::out;
  Denominator denominator = Denominator::all;
  bool first_view_anchors = false;  // anchors are the images' first views alone
  /// Positives of other images than the anchor's that are kept, those of the first images first, all views of an image
  /// or none; the rest count neither as positives nor as negatives. Negative: all.
  int positives_cap = -1;
};

/// Losses of anchors, A*N view by view, and the number of positives of each. An anchor without positives (or, if these
/// alone are the denominator, without negatives) has loss 0.
struct AnchorLosses {
  torch::Tensor values, positives;
};

/// z: N x V x D, the rows as they are to be compared, usually of unit length. `same`: N x N bool, same[i][j]: images i
/// and j are of one class; an image's own views are positives of each other where same[i][i]. A is V, or 1.
AnchorLosses supcon_anchors(const torch::Tensor& z, const torch::Tensor& same, const SupConOptions& options);

/// N labels -> N x N bool: equal ones. A negative label, which no image is known by, is of its own image's class alone.
torch::Tensor same_class(const torch::Tensor& labels);
/// N x N bool: an image is of its own class alone; with it the losses are NT-Xent.
torch::Tensor same_image(const torch::Tensor& z);

/// Scalars: the mean over anchors with a positive loss (0 if there is none), and over pairs of an anchor and a
/// positive, given losses of the form `out`.
torch::Tensor mean_of_losing(const AnchorLosses& losses);
torch::Tensor mean_of_pairs(const AnchorLosses& losses);

}  // namespace scant
