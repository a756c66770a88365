// The forms of LARS.
#include "harness/learn/lars.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>

namespace scant {

/// Where a form differs. |w|, |g|: norms of a tensor's weights and gradient; d: weight decay.
struct LarsForm {
  enum class Ratio {
    gradient,   // trust |w| / |g + d w|, 1 where either norm is 0; scales the gradient before momentum
    direction,  // the same of what momentum makes of the gradients; scales the step
    apart,  // trust |w| / (|g| + d |w| + epsilon); where either norm is 0 the gradient stays as it is, without decay
  };
  const char* kind;
  Ratio ratio = Ratio::gradient;
  bool rate_in_velocity = false;  // old gradients keep the learning rate of their own step
  bool only_with_decay = false;   // a weight decay of 0 makes it plain SGD
  bool faulty = false;            // weights of 0 never move, and spared tensors get a ratio all the same
};

namespace {

using Ratio = LarsForm::Ratio;

constexpr std::array forms{
    // Google's SimCLR, and what it calls popular momentum.
    LarsForm{.kind = "lars", .rate_in_velocity = true},
    LarsForm{.kind = "lars-popular", .ratio = Ratio::direction},
    // DeepMind's BYOL.
    LarsForm{.kind = "lars-deepmind"},
    // Apex (SwAV), which spares nothing, and solo-learn, which may spare vectors.
    LarsForm{.kind = "larc", .ratio = Ratio::apart},
    LarsForm{.kind = "lars-lightly", .ratio = Ratio::apart, .only_with_decay = true},
    // A port of the first, kept to reproduce published runs.
    LarsForm{.kind = "lars-ssl-pathology", .rate_in_velocity = true, .faulty = true},
};

const LarsForm& form_of(const std::string& kind) {
  const auto* form = std::find_if(forms.begin(), forms.end(), [&](const LarsForm& f) { return f.kind == kind; });
  if (form == forms.end()) throw std::logic_error("no form of LARS is called " + kind);
  return *form;
}

}  // namespace

std::vector<std::string> lars_kinds() {
  std::vector<std::string> kinds;
  for (const LarsForm& form : forms) kinds.emplace_back(form.kind);
  return kinds;
}

Lars::Lars(std::vector<NamedParameter> parameters, const OptimiserOptions& options)
    : Sgd(std::move(parameters), options), form_(form_of(options.kind)) {}

torch::Tensor Lars::ratios(const std::vector<torch::Tensor>& weights,
                           const std::vector<torch::Tensor>& directions) const {
  const torch::Tensor w = norms_of(weights), g = norms_of(directions), ratio = options().trust * w / g;
  return form_.faulty ? ratio : torch::where((w > 0) & (g > 0), ratio, torch::ones_like(ratio));
}

void Lars::scale_apart(const Group& group, double decay, double lr) const {
  const torch::Tensor w = norms_of(group.parameters), g = norms_of(group.gradients);
  torch::Tensor ratio = options().trust * w / (g + decay * w + options().epsilon.value_or(1e-8));
  if (options().trust_clip) ratio = (ratio / lr).clamp_max(1);
  const torch::Tensor scales = (w > 0) & (g > 0);
  ratio = torch::where(scales, ratio, torch::ones_like(ratio));
  at::_foreach_mul_(group.gradients, ratio.unbind());
  at::_foreach_add_(group.gradients, at::_foreach_mul(group.parameters, (decay * ratio * scales).unbind()), 1);
}

void Lars::move(const Group& group, bool spared, double lr) {
  const double decay = spared ? 0 : options().weight_decay;
  const bool scales = (!spared || form_.faulty) && (decay != 0 || !form_.only_with_decay);
  if (form_.ratio == Ratio::apart) {
    if (scales) scale_apart(group, decay, lr);
  } else {
    if (decay != 0) at::_foreach_add_(group.gradients, group.parameters, decay);
    if (scales && form_.ratio == Ratio::gradient) {
      at::_foreach_mul_(group.gradients, ratios(group.parameters, group.gradients).unbind());
    }
  }
  if (form_.rate_in_velocity) at::_foreach_mul_(group.gradients, lr);
  std::vector<torch::Tensor> way = advance(group);
  if (scales && form_.ratio == Ratio::direction) way = at::_foreach_mul(way, ratios(group.parameters, way).unbind());
  at::_foreach_add_(group.parameters, way, form_.rate_in_velocity ? -1 : -lr);
}

void Lars::step(double lr) {
  const torch::NoGradGuard no_grad;
  for (const bool spared : {false, true}) {
    const Group own = group(spared);
    if (!own.places.empty()) move(own, spared, lr);
  }
}

}  // namespace scant
