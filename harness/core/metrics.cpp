// Confusion matrix, accuracy and balanced accuracy.
#include "harness/core/metrics.hpp"

#include <numeric>
#include <stdexcept>

namespace scant {

std::vector<std::vector<long>> confusion(const std::vector<int>& truth, const std::vector<int>& predicted,
                                         int classes) {
  if (truth.size() != predicted.size()) throw std::invalid_argument("truth and predictions differ in length");
  std::vector<std::vector<long>> counts(static_cast<std::size_t>(classes),
                                        std::vector<long>(static_cast<std::size_t>(classes)));
  for (std::size_t i = 0; i < truth.size(); ++i) {
    ++counts.at(static_cast<std::size_t>(truth[i])).at(static_cast<std::size_t>(predicted[i]));
  }
  return counts;
}

double accuracy(const std::vector<int>& truth, const std::vector<int>& predicted) {
  if (truth.empty() || truth.size() != predicted.size()) {
    throw std::invalid_argument("accuracy needs as many predictions as labels, and at least one");
  }
  long right = 0;
  for (std::size_t i = 0; i < truth.size(); ++i) right += truth[i] == predicted[i];
  return static_cast<double>(right) / static_cast<double>(truth.size());
}

double balanced_accuracy(const std::vector<int>& truth, const std::vector<int>& predicted, int classes) {
  if (truth.empty()) throw std::invalid_argument("balanced accuracy needs at least one label");
  double recalls = 0;
  int present = 0;
  const auto counts = confusion(truth, predicted, classes);
  for (std::size_t c = 0; c < counts.size(); ++c) {
    const long members = std::accumulate(counts[c].begin(), counts[c].end(), 0L);
    if (members == 0) continue;
    recalls += static_cast<double>(counts[c][c]) / static_cast<double>(members);
    ++present;
  }
  return recalls / present;
}

double macro_f1(const std::vector<int>& truth, const std::vector<int>& predicted, int classes) {
  if (truth.empty()) throw std::invalid_argument("macro F1 needs at least one label");
  const auto counts = confusion(truth, predicted, classes);
  double sum = 0;
  int present = 0;
  for (std::size_t c = 0; c < counts.size(); ++c) {
    const long members = std::accumulate(counts[c].begin(), counts[c].end(), 0L);
    long named = 0;
    for (const auto& row : counts) named += row[c];
    if (members + named == 0) continue;
    sum += 2.0 * static_cast<double>(counts[c][c]) / static_cast<double>(members + named);
    ++present;
  }
  return sum / present;
}

}  // namespace scant
