// Training a registered method on a few small images, for tests of what is special to it.
#pragma once
#include <map>
#include <memory>
#include <numeric>
#include <string>
#include <vector>

#include "harness/learn/gradient_method.hpp"
#include "tests/learn/tiny_data.hpp"

namespace scant::test {

constexpr int tiny_classes = 4;

/// 32 images of 8 x 8 pixels, or the first `n` of them.
inline Samples tiny_samples(int n = 32) {
  const auto data = tiny_dataset(tiny_classes, 12, 8);
  auto bank = std::make_shared<ImageBank>(data->bank);
  std::vector<std::int64_t> indices(static_cast<std::size_t>(n));
  std::iota(indices.begin(), indices.end(), 0);
  Augment augment;
  augment.kind = Augment::Kind::shift;
  augment.pad = 1;
  return {bank, indices, augment, normalisation_of(*bank, indices, augment), torch::kCPU};
}

inline std::unique_ptr<GradientMethod> tiny_method(const std::string& name, const Json& params, int epochs = 4) {
  std::unique_ptr<Method> made = methods().at(name).make(params);
  std::unique_ptr<GradientMethod> method(dynamic_cast<GradientMethod*>(made.release()));
  Task task;
  task.trial.dataset = "tiny";
  task.trial.method = name;
  task.trial.params = params;
  task.trial.backbone = "wrn-10-1";
  task.trial.precision = "fp32";
  task.trial.compat = "fixed";
  task.trial.epochs = epochs;
  task.classes = tiny_classes;
  task.side = 8;
  method->build(task);
  return method;
}

/// Trains up to `until` epochs.
inline Progress train(Method& method, const Samples& samples, int until, Progress progress = {}) {
  FitContext context{.train = samples, .until = until, .progress = progress};
  method.fit(context);
  return progress;
}

/// Copies of a method's tensors by name.
inline std::map<std::string, torch::Tensor> tensors_of(Method& method) {
  std::map<std::string, torch::Tensor> result;
  for (const auto& [name, tensor] : method.state()) result.emplace(name, tensor.detach().clone());
  return result;
}

}  // namespace scant::test
