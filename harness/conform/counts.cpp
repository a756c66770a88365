// Checks of the number of parameters and the arithmetic of one forward pass.
#include <ATen/record_function.h>

#include <string_view>

#include "harness/conform/module_case.hpp"
#include "methods/parts/auxiliary_learner.hpp"
#include "methods/parts/feature_distillation.hpp"
#include "methods/parts/moco.hpp"

namespace scant {
namespace {

/// What one thread's convolutions and linear layers did.
struct Work {
  std::int64_t multiplies = 0, conv_outputs = 0;
  bool in_linear = false;
};
thread_local Work* counting = nullptr;

/// Multiplications for each output element, known when an operation starts.
struct Started : at::ObserverContext {
  std::int64_t per_output = 0;
  bool conv = false, linear = false;
};

std::unique_ptr<at::ObserverContext> on_start(const at::RecordFunction& call) {
  auto started = std::make_unique<Started>();
  if (counting == nullptr) return started;
  const std::string_view name = call.name();
  started->conv = name == "aten::conv2d";
  started->linear = name == "aten::linear";
  if (started->conv || started->linear) {
    const torch::Tensor weight = call.inputs()[1].toTensor();
    started->per_output = weight.numel() / weight.size(0);
  } else if (name == "aten::addmm" && !counting->in_linear) {
    // A linear layer with a bias, as some LibTorch versions compute it at once.
    started->per_output = call.inputs()[2].toTensor().size(0);
  }
  counting->in_linear = counting->in_linear || started->linear;
  return started;
}

void on_end(const at::RecordFunction& call, at::ObserverContext* context) {
  const auto* started = static_cast<const Started*>(context);
  if (counting == nullptr || started->per_output == 0) return;
  if (started->linear) counting->in_linear = false;
  const std::int64_t outputs = call.outputs()[0].toTensor().numel();
  counting->multiplies += outputs * started->per_output;
  if (started->conv) counting->conv_outputs += outputs;
}

/// Counts what this thread runs while it lives, as LibTorch's own record of operations tells it.
class WorkCounter {
 public:
  explicit WorkCounter(Work& work)
      : handle_(at::addThreadLocalCallback(at::RecordFunctionCallback(on_start, on_end)
                                               .needsInputs(true)
                                               .needsOutputs(true)
                                               .scopes({at::RecordScope::FUNCTION}))) {
    counting = &work;
  }
  ~WorkCounter() {
    counting = nullptr;
    at::removeCallback(handle_);
  }
  WorkCounter(const WorkCounter&) = delete;
  WorkCounter& operator=(const WorkCounter&) = delete;

 private:
  at::CallbackHandle handle_;
};

/// `images` through every network that the method runs in a training step, in evaluation mode, as the table counts
/// them: with the teacher's scores, which nobody uses, and without the projector of the keys.
void run_networks(GradientMethod& method, torch::nn::Module& network, const torch::Tensor& images) {
  network.eval();
  if (auto* pair = dynamic_cast<DistillerImpl*>(&network)) {
    pair->student(images);
    pair->t_net->forward(images);
  } else if (auto* moco = dynamic_cast<MocoImpl*>(&network)) {
    const torch::Tensor features = moco->encoder_q->features(images);
    moco->query(features);
    moco->scores(features);
    moco->encoder_k->features(images);
  } else {
    method.outputs(images);
  }
  if (auto* learner = dynamic_cast<AuxiliaryLearner*>(&network)) {
    learner->soft_labels(images, torch::zeros({1}, torch::kInt64));
  }
}

void check_counts(const GoldenFile&, const Json& golden, Comparison& compare) {
  const std::vector<int> input = golden.at("input");
  const Variant variant = variant_of(golden.at("method"));
  const auto method = build_for_conformance(variant.method, variant.params, golden.at("arch"), input.at(0),
                                            golden.at("classes"), input.at(1));
  torch::nn::Module& network = enter_stage(*method, variant.stage);
  std::int64_t total = 0, trainable = 0;
  for (const torch::Tensor& p : network.parameters()) {
    total += p.numel();
    if (p.requires_grad()) trainable += p.numel();
  }
  compare.exact("params_total", total, golden.at("params_total"));
  compare.exact("params_with_requires_grad", trainable, golden.at("params_with_requires_grad"));
  Work work;
  {
    const WorkCounter counter(work);
    const LayerWatch own_steps([](const torch::nn::Module&, const torch::Tensor&) {});
    // With a gradient wanted, every layer takes the steps that the reference takes, none folded together.
    run_networks(*method, network, torch::zeros({1, input.at(0), input.at(1), input.at(2)}).requires_grad_(true));
  }
  // The table is rounded to 1e-4 GMAC and 1e-3 million elements.
  compare.set_tolerance({.abs = 0.51e-4, .rel = 0});
  compare.number("gmacs_one_forward", static_cast<double>(work.multiplies) * 1e-9, golden.at("gmacs_one_forward"));
  compare.set_tolerance({.abs = 0.51e-3, .rel = 0});
  compare.number("conv_output_elements_M", static_cast<double>(work.conv_outputs) * 1e-6,
                 golden.at("conv_output_elements_M"));
}

}  // namespace

const RegisterKind counts_kind{{"parameters and arithmetic",
                                [](const GoldenFile& file, const Json& golden) {
                                  return file.stem == "param_counts" && golden.contains("method") &&
                                         methods().contains(variant_of(golden.at("method")).method) &&
                                         is_backbone(golden.at("arch"));
                                },
                                check_counts}};

}  // namespace scant
