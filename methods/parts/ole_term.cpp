// The OLE term by an eigendecomposition of the N x N inner products, all classes at once.
#include "methods/parts/ole_term.hpp"

#include <limits>
#include <tuple>

namespace scant {
namespace {

struct ValueAndGradient {
  torch::Tensor value, gradient;  // scalar, N x D; float64
};

/// Inner products between different classes are set to 0: the matrix falls into one block a class, and its functions
/// are those of every class's own matrix. Nothing here depends on how many classes a batch holds, so the host never
/// waits for the labels.
ValueAndGradient evaluate(const torch::Tensor& features, const torch::Tensor& labels, const OleOptions& options) {
  const torch::Tensor x = features.to(torch::kFloat64);
  const auto n = x.size(0);
  // A diverged network must end as a loss that is not finite, not as an error of the eigensolver.
  const torch::Tensor gram = x.matmul(x.t()).nan_to_num(0, 0, 0);
  const torch::Tensor same = labels.unsqueeze(0).eq(labels.unsqueeze(1)).to(torch::kFloat64);
  const auto [squares, directions] = at::linalg_eigh(torch::stack({gram * same, gram}));  // 2 x N, 2 x N x N
  const double rounding = static_cast<double>(n) * std::numeric_limits<double>::epsilon();
  const torch::Tensor kept = squares > (squares.amax(1, true) * rounding).clamp_min(1e-12);
  const torch::Tensor zeros = torch::zeros_like(squares);
  const torch::Tensor singular = torch::where(kept, squares.clamp_min(0).sqrt(), zeros);
  const torch::Tensor inverse = torch::where(kept, squares.clamp_min(1e-30).rsqrt(), zeros);
  const torch::Tensor polar =
      (directions * inverse.unsqueeze(1)).matmul(directions.transpose(1, 2).matmul(x));  // U V^T

  const torch::Tensor shares = (directions[0].square() * singular[0]).sum(1);  // of an image in its class's norm
  const torch::Tensor norms = same.matmul(shares), members = same.sum(1);      // of the image's class
  const double scale = options.weight / static_cast<double>(n);
  return {scale * ((norms.clamp_min(options.delta) / members).sum() - singular[1].sum()),
          scale * (polar[0] * (norms > options.delta).unsqueeze(1) - polar[1])};
}

struct OleFunction : torch::autograd::Function<OleFunction> {
  static torch::Tensor forward(torch::autograd::AutogradContext* context, const torch::Tensor& features,
                               const torch::Tensor& labels, double weight, double delta, bool ignores_upstream) {
    const auto result = evaluate(features, labels, {weight, delta, ignores_upstream});
    context->save_for_backward({result.gradient.to(features.scalar_type())});
    context->saved_data["ignores_upstream"] = ignores_upstream;
    return result.value.to(features.scalar_type());
  }
  static torch::autograd::variable_list backward(torch::autograd::AutogradContext* context,
                                                 torch::autograd::variable_list upstream) {
    const torch::Tensor gradient = context->get_saved_variables()[0];
    const bool ignores = context->saved_data["ignores_upstream"].toBool();
    return {ignores ? gradient : gradient * upstream[0], {}, {}, {}, {}};
  }
};

}  // namespace

torch::Tensor ole_term(const torch::Tensor& features, const torch::Tensor& labels, const OleOptions& options) {
  return OleFunction::apply(features, labels, options.weight, options.delta, options.ignores_upstream);
}

}  // namespace scant
