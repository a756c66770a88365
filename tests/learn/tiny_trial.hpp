// Trials on tiny_dataset.
#pragma once
#include <string>

#include "harness/core/trial.hpp"

namespace scant::test {

/// Everything but epochs and augmentation; a final trial trains on trainval.
inline Trial tiny_trial(const std::string& method, const Json& params, const std::string& backbone,
                        Stage stage = Stage::tune) {
  Trial trial;
  trial.stage = stage;
  trial.dataset = "tiny";
  trial.method = method;
  trial.params = params;
  trial.backbone = backbone;
  trial.precision = "fp32";
  trial.compat = "fixed";
  return trial;
}

}  // namespace scant::test
