// Supervised contrastive losses, with logarithms of sums instead of sums.
#include "methods/parts/supcon_loss.hpp"

#include <limits>

namespace scant {
namespace {

using Form = SupConOptions::Form;
using Denominator = SupConOptions::Denominator;

constexpr double nothing = -std::numeric_limits<double>::infinity();  // the logarithm of an empty sum

/// log sum exp over the columns that the mask chooses; `nothing` where it chooses none.
torch::Tensor log_sum(const torch::Tensor& logits, const torch::Tensor& mask) {
  return logits.masked_fill(mask.logical_not(), nothing).logsumexp(1);
}

/// Of other images of the class the first ones alone, so many that their views are not more than the cap.
torch::Tensor capped(const torch::Tensor& same, std::int64_t views, int cap) {
  if (cap < 0) return same;
  const torch::Tensor own = same_image(same);
  const torch::Tensor others = same.logical_and(own.logical_not());
  const torch::Tensor first = others.to(torch::kInt64).cumsum(1).le(cap / views);
  return others.logical_and(first).logical_or(same.logical_and(own));
}

}  // namespace

torch::Tensor same_class(const torch::Tensor& labels) {
  const torch::Tensor equal = labels.unsqueeze(0).eq(labels.unsqueeze(1));
  return equal.logical_and(labels.ge(0).unsqueeze(0)).logical_or(same_image(labels));
}

torch::Tensor same_image(const torch::Tensor& z) {
  return torch::eye(z.size(0), torch::TensorOptions(torch::kBool).device(z.device()));
}

AnchorLosses supcon_anchors(const torch::Tensor& z, const torch::Tensor& same, const SupConOptions& options) {
  const std::int64_t n = z.size(0), views = z.size(1), anchors = options.first_view_anchors ? 1 : views;
  const torch::Tensor all = z.transpose(0, 1).reshape({views * n, z.size(2)});  // view by view
  const torch::Tensor logits = all.narrow(0, 0, anchors * n).matmul(all.t()) / options.temperature;
  const torch::Tensor other = same_image(all).narrow(0, 0, anchors * n).logical_not();
  const torch::Tensor positive = capped(same, views, options.positives_cap).repeat({anchors, views}).logical_and(other);
  const torch::Tensor negative = same.logical_not().repeat({anchors, views});
  const torch::Tensor count = positive.sum(1), from_negatives = log_sum(logits, negative).unsqueeze(1);

  torch::Tensor denominator = from_negatives;
  if (options.denominator == Denominator::all) {
    denominator = log_sum(logits, positive.logical_or(negative)).unsqueeze(1);
  } else if (options.denominator == Denominator::one_positive) {
    denominator = torch::logaddexp(logits, from_negatives);
  }
  torch::Tensor usable = count.gt(0);
  if (options.denominator == Denominator::only_negatives) usable = usable.logical_and(negative.any(1));
  // What an unusable anchor's row would hold is infinite: no gradient may come from there.
  const torch::Tensor safe = denominator.masked_fill(usable.logical_not().unsqueeze(1), 0);
  const torch::Tensor probabilities = logits - safe;  // logarithms
  const torch::Tensor many = count.clamp_min(1).to(z.scalar_type());
  torch::Tensor loss;
  if (options.form == Form::out) {
    loss = -probabilities.masked_fill(positive.logical_not(), 0).sum(1) / many;
  } else {
    loss = -log_sum(probabilities, positive);
    if (options.form == Form::in) loss = loss + many.log();
  }
  return {loss.masked_fill(usable.logical_not(), 0), count};
}

torch::Tensor mean_of_losing(const AnchorLosses& losses) {
  return losses.values.clamp_min(0).sum() / losses.values.gt(0).sum().clamp_min(1);
}

torch::Tensor mean_of_pairs(const AnchorLosses& losses) {
  return (losses.values * losses.positives).sum() / losses.positives.sum().clamp_min(1);
}

}  // namespace scant
