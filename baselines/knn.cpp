// k nearest neighbours on the normalised pixels of un-augmented training images.
#include <algorithm>

#include "harness/learn/method.hpp"

namespace scant {
namespace {

class NearestNeighbours : public Method {
 public:
  template <class V>
  void visit(V& p) {
    p("k", k, "neighbours that vote; all images where there are fewer", Interval{1, 1e6}, choice({1, 3, 5, 11}));
    p("metric", metric, "distance between images", std::vector<Json>{"euclidean", "cosine"},
      choice({"euclidean", "cosine"}));
  }
  int k = 5;
  std::string metric = "euclidean";

  void build(const Task& task) override {
    classes_ = task.classes;
    const auto options = torch::TensorOptions().device(task.device);
    images_ = torch::empty({0}, options.dtype(torch::kFloat32));
    labels_ = torch::empty({0}, options.dtype(torch::kInt64));
  }

  void fit(FitContext& context) override {
    const Batch all = context.train.plain(0, context.train.size());
    images_ = embed(all.images);
    labels_ = all.labels;
    context.progress.images += context.train.size();
    context.progress.epochs_done = context.until;
  }

  /// Votes; a tie goes to the class with the nearest member among the neighbours: its rank r adds 1/(2+r) < 1.
  torch::Tensor predict(const torch::Tensor& images) override {
    const torch::NoGradGuard no_grad;
    const torch::Tensor queries = embed(images);  // M x D
    // Squared distance without |query|^2, which does not change the order: M x N. For unit vectors: 1 - 2 cos.
    const torch::Tensor distance = images_.square().sum(1).unsqueeze(0) - 2 * queries.matmul(images_.t());
    const std::int64_t voters = std::min<std::int64_t>(k, labels_.numel());
    const torch::Tensor nearest = std::get<1>(distance.topk(voters, 1, /*largest=*/false, /*sorted=*/true));
    const torch::Tensor one_hot = torch::one_hot(labels_.index_select(0, nearest.flatten()), classes_)
                                      .to(torch::kFloat32)
                                      .view({images.size(0), voters, classes_});
    const torch::Tensor tie_break = 1 / (2 + torch::arange(voters, images_.options()));
    return one_hot.sum(1) + (one_hot * tie_break.view({1, voters, 1})).amax(1);
  }

  torch::Tensor embed(const torch::Tensor& images) override {
    const torch::Tensor flat = images.flatten(1);
    return metric == "cosine" ? flat / flat.norm(2, 1, true).clamp_min(1e-12) : flat;
  }

  State state() override { return {{"images", images_}, {"labels", labels_}}; }

 private:
  int classes_ = 0;
  torch::Tensor images_, labels_;  // N x D, N
};

const Register<NearestNeighbours> registered_knn{
    {.name = "knn",
     .summary = "k nearest neighbours on normalised pixels",
     .citation = "T. M. Cover, P. E. Hart: Nearest neighbor pattern classification. IEEE Trans. Inf. Theory 13, 1967",
     .baseline = true}};

}  // namespace
}  // namespace scant
