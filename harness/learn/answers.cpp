// Batches through a judge, and the metrics of what comes out.
#include "harness/learn/answers.hpp"

#include <algorithm>

#include "harness/core/calibration.hpp"
#include "harness/core/metrics.hpp"
#include "harness/learn/embedding.hpp"

namespace scant {
namespace {

/// N x K float64 on the host as lists.
std::vector<std::vector<double>> lists_of(const torch::Tensor& matrix) {
  std::vector<std::vector<double>> rows;
  const double* values = matrix.data_ptr<double>();
  for (std::int64_t i = 0; i < matrix.size(0); ++i) {
    rows.emplace_back(values + i * matrix.size(1), values + (i + 1) * matrix.size(1));
  }
  return rows;
}

}  // namespace

Answers answers(const Samples& samples, const Judgement& judgement, torch::Device device, bool with_probabilities) {
  const torch::NoGradGuard no_grad;
  const std::int64_t size = samples.size(), step = evaluation_batch(samples.side(), device);
  std::vector<torch::Tensor> predicted, probabilities;
  for (std::int64_t begin = 0; begin < size; begin += step) {
    const Batch batch = samples.plain(begin, std::min(begin + step, size));
    const torch::Tensor scores = judgement.scores(batch.images);
    predicted.push_back(scores.argmax(1));
    if (!with_probabilities) continue;
    const torch::Tensor logarithms = judgement.log_probabilities(scores);
    if (logarithms.defined()) probabilities.push_back(logarithms.to(torch::kCPU, torch::kFloat64));
  }
  return {ints_of(torch::cat(predicted)), ints_of(samples.labels()),
          probabilities.empty() ? torch::Tensor() : torch::cat(probabilities).contiguous()};
}

TestScore score_of(Answers answers, int classes) {
  TestScore score;
  score.predicted = std::move(answers.predicted);
  score.truth = std::move(answers.truth);
  // A network that overflowed has accuracies, but no probabilities.
  if (answers.log_probabilities.defined() && at::isfinite(answers.log_probabilities).all().item<bool>()) {
    score.calibration = calibration_of(lists_of(answers.log_probabilities), score.truth);
  }
  score.accuracy = accuracy(score.truth, score.predicted);
  score.balanced_accuracy = balanced_accuracy(score.truth, score.predicted, classes);
  return score;
}

JudgedImages images_on(const Judge& judge, DataPool& pool, const Normalisation& normalisation) {
  const Augment augment = Augment::from_json(judge.on.at("augment"));
  const int split = judge.on.at("split");
  return {pool.as_seen_by(normalisation, split, SplitRole::trainval, augment),
          pool.as_seen_by(normalisation, split, SplitRole::test, augment), pool.classes()};
}

}  // namespace scant
