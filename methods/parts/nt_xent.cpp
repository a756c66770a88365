// NT-Xent as cross-entropy over one row of candidates for each anchor.
#include "methods/parts/nt_xent.hpp"

#include <limits>

#include "methods/parts/projector.hpp"

namespace scant {

torch::Tensor view_logits(const torch::Tensor& a, const torch::Tensor& b, const NtXentOptions& options) {
  const auto rows = [&](const torch::Tensor& x) { return options.normalise ? unit_rows(x) : x; };
  return rows(a).matmul(rows(b).t()) / options.temperature;
}

torch::Tensor nt_xent_anchors(const torch::Tensor& z1, const torch::Tensor& z2, const NtXentOptions& options,
                              Gather& gather) {
  const torch::Tensor all1 = gather.rows(z1), all2 = gather.rows(z2);
  const std::int64_t n = z1.size(0), first = gather.rank() * n;
  const torch::Tensor places = torch::arange(first, first + n, torch::TensorOptions(torch::kInt64).device(z1.device()));
  const torch::Tensor itself = torch::arange(all1.size(0), places.options()).unsqueeze(0).eq(places.unsqueeze(1));
  const auto anchors = [&](const torch::Tensor& own, const torch::Tensor& same_view, const torch::Tensor& other_view) {
    const torch::Tensor others =
        view_logits(own, same_view, options).masked_fill(itself, -std::numeric_limits<double>::infinity());
    // The other view's columns come first, so an image's own place is the right class.
    return torch::nn::functional::cross_entropy(
        torch::cat({view_logits(own, other_view, options), others}, 1), places,
        torch::nn::functional::CrossEntropyFuncOptions().reduction(torch::kNone));
  };
  return torch::cat({anchors(z1, all1, all2), anchors(z2, all2, all1)});
}

torch::Tensor contrast_accuracy(const torch::Tensor& logits) {
  const torch::Tensor own = torch::arange(logits.size(0), torch::TensorOptions(torch::kInt64).device(logits.device()));
  return logits.argmax(1).eq(own).to(torch::kFloat64).mean();
}

}  // namespace scant
