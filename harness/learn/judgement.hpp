// Judges at work: what a method is scored by, its own predictions or what is read off its embedding.
#pragma once
#include <memory>

#include "harness/core/suite.hpp"
#include "harness/learn/method.hpp"

namespace scant {

/// What a judge learns from. Never test.
struct JudgeData {
  const Task& task;
  const Samples& train;          // labelled images, taken with test-time geometry (finetune: augmented)
  const Samples* val = nullptr;  // in tuning: chooses a probe's own settings. Nothing in final runs, where a fifth of
                                 // the training images does, and the probe is fitted on all of them afterwards
  std::uint64_t seed = 0;
};

/// Scores of images by one judge.
class Judgement {
 public:
  virtual ~Judgement() = default;
  /// N x C x H x W -> N x K.
  virtual torch::Tensor scores(const torch::Tensor& images) const = 0;
  /// Logarithms of class probabilities from scores; undefined where they only rank the classes.
  virtual torch::Tensor log_probabilities(const torch::Tensor& scores) const = 0;
};

/// own: the method's predictions. knn, logistic, linear: probes of the embedding (learn/probe). finetune: all layers,
/// under a new classifier. All but own learn from the labelled training images alone.
const JudgeKinds& judge_kinds();

/// Whether the method has what the judge reads, given images of a size that it can be shown: an embedding, or for
/// "finetune" an encoder.
bool can_judge(const Judge& judge, Method& method, const Samples& images);

/// Fits the judge; the method stays as it is and must outlive the result. A method that lacks
/// what the judge reads, an embedding or an encoder, is judged by its own predictions.
std::unique_ptr<Judgement> make_judgement(const Judge& judge, Method& method, const JudgeData& data);

}  // namespace scant
