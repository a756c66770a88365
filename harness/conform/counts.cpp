// Checks of the number of parameters and the arithmetic of one forward pass.
#include <ATen/record_function.h>

#include <string_view>

#include "harness/conform/golden_images.hpp"
#include "harness/conform/module_case.hpp"
#include "methods/parts/auxiliary_learner.hpp"

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

/// One image through the network in evaluation, and through the network that only an auxiliary learner's training runs.
/// Where a method has stages, the networks beside the one that ranks are only seen in training: then one step with one
/// image, late enough that every part of the loss is there.
void run_once(GradientMethod& method, bool training, int channels, int side) {
  if (!training) {
    method.network().eval();
    // With a gradient wanted, every layer takes the steps that the reference takes, none folded together.
    const torch::Tensor images = torch::zeros({1, channels, side, side}).requires_grad_(true);
    method.outputs(images);
    if (auto* learner = dynamic_cast<AuxiliaryLearner*>(&method.network())) {
      learner->soft_labels(images, torch::zeros({1}, torch::kInt64));
    }
    return;
  }
  constexpr int late = 1 << 20;  // epoch
  const auto bank = std::make_shared<const ImageBank>(bank_of({torch::zeros({channels, side, side})}, PixelType::f32));
  const std::vector<float> zeros(static_cast<std::size_t>(channels), 0.0F), ones(zeros.size(), 1.0F);
  const Samples samples(bank, {0}, {}, {zeros, ones}, torch::kCPU);
  method.network().train();
  const Batch batch = method.draw(samples, {0}, late);
  method.training_loss(batch, method.outputs(batch.images));
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
    run_once(*method, !variant.stage.empty(), input.at(0), input.at(1));
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
