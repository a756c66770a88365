// Ridge regression onto one-hot targets, in closed form, on pixels or on the features of one frozen random convolution.
#include <algorithm>
#include <cmath>

#include "harness/learn/backbone.hpp"
#include "harness/learn/method.hpp"

namespace scant {
namespace {

class Ridge : public Method {
 public:
  template <class V>
  void visit(V& p) {
    p("lambda", lambda, "squared penalty on the weights, bias excepted", Interval{1e-12, 1e12}, log_uniform(1e-4, 1e4));
    p("features", features, "what is regressed on", std::vector<Json>{"pixels", "random-conv"});
    p("filters", filters, "random-conv: filters of 5 x 5 pixels", Interval{1, 65536});
    p("grid", grid, "random-conv: responses are averaged over grid x grid cells", Interval{1, 64});
  }
  double lambda = 1;
  std::string features = "pixels";
  int filters = 256, grid = 4;

  void build(const Task& task) override {
    classes_ = task.classes;
    const auto options = torch::TensorOptions().device(task.device);
    kernel_ = torch::empty({0}, options);
    if (features == "random-conv") {
      Random random(task.trial.seed("init"));
      const int fan_in = task.channels * kernel_side * kernel_side;
      torch::Tensor kernel = torch::empty({filters, task.channels, kernel_side, kernel_side});
      fill_normal(kernel, 1 / std::sqrt(static_cast<double>(fan_in)), random);
      kernel_ = kernel.to(task.device);
    }
    weight_ = torch::empty({0}, options);
    bias_ = torch::zeros({task.classes}, options);
  }

  void fit(FitContext& context) override {
    const torch::NoGradGuard no_grad;
    const torch::Tensor x = embed_all(context.train);
    const torch::Tensor y = torch::one_hot(context.train.labels(), classes_).to(x.device(), torch::kFloat64);
    const torch::Tensor x_mean = x.mean(0, true), y_mean = y.mean(0, true);
    // Centred data leave the bias out of the penalty.
    const torch::Tensor centred = x - x_mean, targets = y - y_mean;
    torch::Tensor weight;  // D x K float64
    if (x.size(0) < x.size(1)) {
      // The dual: an N x N system instead of D x D. Summed over blocks of columns so that no second copy in double of
      // all features is needed.
      torch::Tensor gram = torch::zeros({x.size(0), x.size(0)}, targets.options());
      for (const torch::Tensor& block : centred.split(block_columns, 1)) {
        const torch::Tensor exact = block.to(torch::kFloat64);
        gram.addmm_(exact, exact.t());
      }
      const torch::Tensor dual = solve(gram, targets);
      weight = centred.t().matmul(dual.to(torch::kFloat32)).to(torch::kFloat64);
    } else {
      const torch::Tensor exact = centred.to(torch::kFloat64);
      weight = solve(exact.t().matmul(exact), exact.t().matmul(targets));
    }
    weight_ = weight.to(torch::kFloat32).contiguous();
    bias_ = (y_mean - x_mean.to(torch::kFloat64).matmul(weight)).to(torch::kFloat32).squeeze(0);
    context.progress.images += context.train.size();
    context.progress.epochs_done = context.until;
  }

  torch::Tensor predict(const torch::Tensor& images) override {
    const torch::NoGradGuard no_grad;
    return torch::addmm(bias_, embed(images), weight_);
  }

  torch::Tensor embed(const torch::Tensor& images) override {
    const torch::NoGradGuard no_grad;
    if (features == "pixels") return images.flatten(1);
    const torch::Tensor responses = torch::conv2d(images, kernel_, {}, 1, kernel_side / 2).relu();
    return torch::adaptive_avg_pool2d(responses, {grid, grid}).flatten(1);
  }

  State state() override { return {{"kernel", kernel_}, {"weight", weight_}, {"bias", bias_}}; }

 private:
  static constexpr int kernel_side = 5;
  static constexpr std::int64_t block_columns = 8192, batch = 64;

  /// Features of all training images, N x D, a batch at a time: responses of a convolution are large.
  torch::Tensor embed_all(const Samples& train) {
    std::vector<torch::Tensor> parts;
    for (std::int64_t begin = 0; begin < train.size(); begin += batch) {
      parts.push_back(embed(train.plain(begin, std::min(begin + batch, train.size())).images));
    }
    return torch::cat(parts);
  }

  /// (matrix + lambda I)^-1 right, for a symmetric positive semi-definite matrix.
  torch::Tensor solve(torch::Tensor matrix, const torch::Tensor& right) const {
    matrix.diagonal().add_(lambda);
    return at::linalg_solve(matrix, right);
  }

  int classes_ = 0;
  torch::Tensor kernel_, weight_, bias_;  // filters x C x 5 x 5 (or empty), D x K, K
};

const Register<Ridge> registered_ridge{
    {.name = "ridge",
     .summary = "ridge regression onto one-hot targets, closed form",
     .citation = "A. E. Hoerl, R. W. Kennard: Ridge regression: biased estimation for nonorthogonal problems. "
                 "Technometrics 12, 1970",
     .baseline = true}};

}  // namespace
}  // namespace scant
