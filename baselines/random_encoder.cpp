// What pre-training must beat: the backbone as it was initialised, for judges that read an embedding.
#include <algorithm>

#include "harness/core/random.hpp"
#include "harness/learn/gradient_method.hpp"

namespace scant {
namespace {

/// Only the normalisations' running statistics follow the training images; without them deep features would overflow or
/// vanish, which is no fair floor.
class RandomEncoder : public Method {
 public:
  template <class V>
  void visit(V& p) {
    p("passes", passes, "times that the normalisations' statistics see the training images", Interval{1, 1000});
  }
  int passes = 10;

  void build(const Task& task) override {
    Random random(task.trial.seed("init"));
    backbone_ = make_backbone({.name = task.trial.backbone,
                               .channels = task.channels,
                               .classes = task.classes,
                               .own_kernels = task.trial.precision == "fp32-fast"},
                              random);
    backbone_->to(task.device);
  }

  void fit(FitContext& context) override {
    if (context.progress.epochs_done > 0) return;  // there is nothing to go on with
    constexpr std::int64_t at_once = 128;
    const torch::NoGradGuard no_grad;
    backbone_->train();
    for (int pass = 0; pass < passes; ++pass) {
      for (std::int64_t begin = 0; begin < context.train.size(); begin += at_once) {
        if (context.interrupted()) return;
        backbone_->features(context.train.plain(begin, std::min(begin + at_once, context.train.size())).images);
      }
    }
    context.progress.images += context.train.size();
    context.progress.epochs_done = context.until;
  }

  torch::Tensor predict(const torch::Tensor& images) override {
    const torch::NoGradGuard no_grad;
    backbone_->eval();
    return backbone_->forward(images);
  }

  torch::Tensor embed(const torch::Tensor& images) override {
    const torch::NoGradGuard no_grad;
    backbone_->eval();
    return backbone_->features(images);
  }

  Backbone* encoder() override { return backbone_.get(); }
  State state() override { return module_state(*backbone_); }

 private:
  std::shared_ptr<Backbone> backbone_;
};

const Register<RandomEncoder> registered_random_encoder{
    {.name = "random-encoder",
     .summary = "the backbone with random weights: the floor for judges that read an embedding",
     .citation = "",
     .baseline = true}};

}  // namespace
}  // namespace scant
