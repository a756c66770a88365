// What the benchmarks of training train.
#pragma once
#include <string>

#include "harness/learn/session.hpp"
#include "tests/learn/tiny_data.hpp"

namespace scant {

/// Without an end, on tiny_dataset, shifted and flipped; a final trial trains on trainval.
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
  trial.epochs = 1 << 20;
  trial.augment = {.kind = Augment::Kind::shift, .pad = 4, .hflip = true};
  return trial;
}

}  // namespace scant
