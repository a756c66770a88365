// What the benchmarks of training train.
#pragma once
#include <string>

#include "harness/learn/session.hpp"
#include "tests/learn/tiny_data.hpp"
#include "tests/learn/tiny_trial.hpp"

namespace scant {

/// Without an end, shifted and flipped.
inline Trial tiny_trial(const std::string& method, const Json& params, const std::string& backbone,
                        Stage stage = Stage::tune) {
  Trial trial = test::tiny_trial(method, params, backbone, stage);
  trial.epochs = 1 << 20;
  trial.augment = {.kind = Augment::Kind::shift, .pad = 4, .hflip = true};
  return trial;
}

}  // namespace scant
