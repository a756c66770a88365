// Auxiliary learning: a second network invents a second task for the first, and learns from held-out images which
// invention helps.
#include <fmt/format.h>

#include <algorithm>

#include "harness/learn/gradient_method.hpp"
#include "methods/parts/auxiliary_learner.hpp"
#include "methods/parts/focal_loss.hpp"
#include "methods/parts/stratified_split.hpp"

namespace scant {
namespace {

class Auxilearn : public GradientMethod {
 public:
  template <class V>
  void visit(V& p) {
    GradientMethod::visit(p);
    p("auxiliary_classes", per_class, "auxiliary classes of every class", Interval{1, 100});
    p("auxiliary_scale", scale, "factor of the auxiliary loss before the combiner", Interval{0, 1e3});
    p("combiner", combiner, "how the two losses are combined", std::vector<Json>{"linear", "nonlinear"});
    p("update_interval", interval,
      "training steps from one step of generator and combiner to the next; the paper has 30", Interval{1, 1e6});
    p("auxiliary_fraction", fraction,
      "share of the training images that only those steps see, at least one a class; the paper has 0.0084",
      Interval{0, 0.5});
  }
  int per_class = 5, interval = 15;
  double scale = 0.25, fraction = 0.015;
  std::string combiner = "linear";

  std::shared_ptr<torch::nn::Module> build_network(Random& random) override {
    constexpr int width = 1000, hidden = 512;  // the reference keeps ImageNet's classifier below its heads
    const int classes = task().classes, slots = classes * per_class;
    BackboneSpec spec = backbone_spec();
    spec.classes = width;
    const auto head = [&](int out) {
      return Layer(torch::nn::AnyModule(Head(std::vector{width, hidden, out}, random)));
    };
    AuxiliaryLearner::Parts parts;
    parts.per_class = per_class;
    parts.auxiliary_scale = scale;
    backbone_ = make_backbone(spec, random);
    parts.trunk = Layer(torch::nn::AnyModule(backbone_));
    parts.main_head = head(classes);
    parts.auxiliary_head = head(slots);
    parts.generator_trunk = Layer(torch::nn::AnyModule(make_backbone(spec, random)));
    parts.generator_head = head(slots);
    if (combiner == "linear") {
      parts.combiner = std::make_shared<LinearCombiner>();
    } else {
      parts.combiner = std::make_shared<NonlinearCombiner>(std::vector{10, 10}, random);
    }
    learner_ = std::make_shared<AuxiliaryLearner>(std::move(parts));
    return learner_;
  }
  std::vector<torch::Tensor> trainable() override { return learner_->main_parameters(); }

  /// {logits, probabilities of the auxiliary classes}.
  std::vector<torch::Tensor> outputs(const torch::Tensor& images) override { return learner_->outputs(images); }
  /// The main loss alone: the auxiliary one needs the images.
  torch::Tensor loss(const std::vector<torch::Tensor>& outputs, const torch::Tensor& labels) override {
    return focal_loss_of_logits(outputs.front(), labels).mean();
  }
  /// Generator and combiner have their own step, so no gradient is computed for them here.
  torch::Tensor training_loss(const Batch& batch, const std::vector<torch::Tensor>& outputs) override {
    set_generator_mode(batch.epoch);
    const Frozen frozen(learner_->outer());
    torch::Tensor targets;
    {
      const Autocast autocast(batch.images.device().type(), task().trial.precision == "bf16");
      targets = learner_->soft_labels(batch.images.contiguous(torch::MemoryFormat::ChannelsLast), batch.labels);
    }
    return learner_->combined(learner_->losses(outputs, targets, batch.labels));
  }

  std::vector<std::int64_t> trained_on(const Samples& train) const override {
    const std::vector<std::int64_t> apart = held_out(train);
    std::vector<std::int64_t> kept;
    for (std::int64_t i = 0; i < train.size(); ++i) {
      if (!std::binary_search(apart.begin(), apart.end(), i)) kept.push_back(i);
    }
    return kept;
  }
  void after_step(const Step& step) override {
    if ((step.number + 1) % interval != 0) return;
    set_generator_mode(step.epoch);
    const auto held = draw_for(step, "held-out", held_out(step.train));
    const auto training = draw_for(step, "hyper-step", trained_on(step.train));
    // In full precision also where training is not: second derivatives lose too many digits.
    const auto gradient = learner_->hyper_gradient(held, training, {.lr = lr});
    learner_->update(gradient, outer_optimiser(), lr);
    if (!like_reference()) learner_->combiner().clamp();
  }

  State state() override {
    State state = GradientMethod::state();
    for (std::size_t i = 0; i < outer_optimiser().buffers().size(); ++i) {
      state.emplace_back(fmt::format("outer_momentum.{}", i), outer_optimiser().buffers()[i]);
    }
    return state;
  }

 private:
  bool like_reference() const { return task().trial.compat == "gem"; }
  /// The reference evaluates after the first epoch and forgets to switch the generator back.
  void set_generator_mode(int epoch) { learner_->generator().train(!like_reference() || epoch == 0); }

  /// Positions in `train` kept apart, ascending: the same for every trial on these images.
  std::vector<std::int64_t> held_out(const Samples& train) const {
    const std::int64_t n = train.size(), apart = auxiliary_set_size(n, task().classes, fraction);
    if (apart >= n) {
      throw TrialFailure(
          fmt::format("{} of {} training images would be kept apart, one a class at least; none are left", apart, n));
    }
    const torch::Tensor labels = train.labels();
    const auto* first = labels.data_ptr<std::int64_t>();
    constexpr std::uint32_t reference_seed = 42;
    std::vector<std::int64_t> positions = stratified_test_part({first, first + n}, apart, reference_seed);
    std::sort(positions.begin(), positions.end());
    return positions;
  }
  /// A batch of `positions`, or all where they are fewer, that follows from the trial and the step's number.
  AuxiliaryLearner::Images draw_for(const Step& step, const std::string& name, std::vector<std::int64_t> positions) {
    const std::uint64_t seed = task().trial.seed(name);
    Random(seed, static_cast<std::uint64_t>(step.number)).shuffle(positions);
    if (std::ssize(positions) > batch_size) positions.resize(static_cast<std::size_t>(batch_size));
    const Batch batch = step.train.augmented(positions, seed, static_cast<int>(step.number));
    return {batch.images.contiguous(torch::MemoryFormat::ChannelsLast), batch.labels};
  }
  /// Made on first use: the network has its device and its type by then.
  Sgd& outer_optimiser() {
    if (!outer_) {
      outer_ = std::make_unique<Sgd>(learner_->outer(), optimiser_options());
    }
    return *outer_;
  }

  std::shared_ptr<AuxiliaryLearner> learner_;
  std::unique_ptr<Sgd> outer_;
};

const Register<Auxilearn> registered_auxilearn{
    {.name = "auxilearn",
     .summary = "a generated auxiliary classification, learned on images kept apart by implicit differentiation",
     .citation = "Navon, Achituve, Maron, Chechik & Fetaya, \"Auxiliary Learning by Implicit Differentiation\", ICLR "
                 "2021",
     .differences = {"the combiner's weights may become negative",
                     "from the second epoch on the generator runs in evaluation mode"}}};

}  // namespace
}  // namespace scant
