// The floor: every image gets the most frequent training class.
#include "harness/learn/method.hpp"

namespace scant {
namespace {

class Majority : public Method {
 public:
  template <class V>
  void visit(V&) {}

  void build(const Task& task) override {
    // Shares of the training classes, K float32.
    shares_ = torch::zeros({task.classes}, torch::TensorOptions().device(task.device));
  }

  void fit(FitContext& context) override {
    const torch::Tensor counts = torch::bincount(context.train.labels(), {}, shares_.numel());
    shares_.copy_(counts.to(torch::kFloat32) / static_cast<double>(context.train.size()));
    context.progress.images += context.train.size();
    context.progress.epochs_done = context.until;
  }

  torch::Tensor predict(const torch::Tensor& images) override { return shares_.expand({images.size(0), -1}); }

  State state() override { return {{"shares", shares_}}; }

 private:
  torch::Tensor shares_;
};

const Register<Majority> registered_majority{{.name = "majority",
                                              .summary = "most frequent training class; the first of several",
                                              .citation = "",
                                              .baseline = true}};

}  // namespace
}  // namespace scant
