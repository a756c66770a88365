// Binning by confidence, the errors of the bins, and proper scores.
#include "harness/core/calibration.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <stdexcept>

namespace scant {
namespace {

using Rows = std::vector<std::vector<double>>;

void require_rows(const Rows& rows) {
  if (rows.empty() || rows.front().empty()) throw std::invalid_argument("scores need at least one row and one class");
  for (const auto& row : rows) {
    if (row.size() != rows.front().size()) throw std::invalid_argument("rows of scores differ in length");
    if (!std::all_of(row.begin(), row.end(), [](double v) { return std::isfinite(v); })) {
      throw std::invalid_argument("a score is not finite");
    }
  }
}

void require_labels(const Rows& rows, const std::vector<int>& labels) {
  require_rows(rows);
  if (labels.size() != rows.size()) throw std::invalid_argument("there must be as many labels as rows of scores");
  const auto classes = static_cast<int>(rows.front().size());
  if (!std::all_of(labels.begin(), labels.end(), [classes](int label) { return label >= 0 && label < classes; })) {
    throw std::invalid_argument("a label is outside the classes scored");
  }
}

void require_samples(const std::vector<double>& confidence, const std::vector<int>& right, int bins) {
  if (bins < 1) throw std::invalid_argument("calibration needs at least one bin");
  if (confidence.empty() || confidence.size() != right.size()) {
    throw std::invalid_argument("calibration needs a confidence and a verdict for each of at least one sample");
  }
}

std::vector<double> probabilities_of(const std::vector<double>& logits, double inverse_temperature) {
  const double largest = *std::max_element(logits.begin(), logits.end());
  std::vector<double> row;
  double sum = 0;
  for (const double logit : logits) sum += row.emplace_back(std::exp((logit - largest) * inverse_temperature));
  for (double& p : row) p /= sum;
  return row;
}

double score_of(const std::vector<double>& row, int label) {
  return row[static_cast<std::size_t>(label)];
}

/// Sums turned into means; empty bins left out.
Reliability closed(std::vector<Reliability::Bin> sums, long samples) {
  Reliability result{{}, samples};
  for (auto& bin : sums) {
    if (bin.members == 0) continue;
    bin.confidence /= static_cast<double>(bin.members);
    bin.accuracy /= static_cast<double>(bin.members);
    result.bins.push_back(bin);
  }
  return result;
}

void put(Reliability::Bin& bin, double confidence, int right) {
  ++bin.members;
  bin.confidence += confidence;
  bin.accuracy += right;
}

template <class Error>
double weighted(const Reliability& reliability, const Error& error) {
  double sum = 0;
  for (const auto& bin : reliability.bins) sum += static_cast<double>(bin.members) * error(bin);
  return reliability.samples > 0 ? sum / static_cast<double>(reliability.samples) : 0;
}

double gap(const Reliability::Bin& bin) {
  return std::abs(bin.accuracy - bin.confidence);
}

}  // namespace

Rows softmax(const Rows& logits, double temperature) {
  require_rows(logits);
  if (!(temperature > 0)) throw std::invalid_argument("a temperature must be positive");
  Rows probabilities;
  for (const auto& row : logits) probabilities.push_back(probabilities_of(row, 1 / temperature));
  return probabilities;
}

TopClass top_class(const Rows& probabilities) {
  require_rows(probabilities);
  TopClass top;
  for (const auto& row : probabilities) {
    const auto best = std::max_element(row.begin(), row.end());
    top.predicted.push_back(static_cast<int>(best - row.begin()));
    top.confidence.push_back(*best);
  }
  return top;
}

Reliability reliability(const std::vector<double>& confidence, const std::vector<int>& right, int bins,
                        BinEdges edges) {
  require_samples(confidence, right, bins);
  std::vector<double> edge;
  for (int b = 0; b <= bins; ++b) edge.push_back(static_cast<double>(b) / bins);
  std::vector<Reliability::Bin> sums(static_cast<std::size_t>(bins));
  long binned = 0;
  for (std::size_t i = 0; i < confidence.size(); ++i) {
    const double c = confidence[i];
    if (!(c >= 0 && c <= 1)) throw std::invalid_argument("a confidence lies outside [0,1]");
    // Edges are searched, not computed from the confidence: a confidence on an edge must fall on the named side.
    const auto above = edges == BinEdges::left_open ? std::lower_bound(edge.begin(), edge.end(), c)
                                                    : std::upper_bound(edge.begin(), edge.end(), c);
    if (above == edge.begin() || above == edge.end()) continue;
    put(sums[static_cast<std::size_t>(above - edge.begin() - 1)], c, right[i]);
    ++binned;
  }
  return closed(std::move(sums), edges == BinEdges::left_open ? static_cast<long>(confidence.size()) : binned);
}

Reliability equal_count_reliability(const std::vector<double>& confidence, const std::vector<int>& right, int bins) {
  require_samples(confidence, right, bins);
  std::vector<std::size_t> order(confidence.size());
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return confidence[a] < confidence[b]; });
  const auto count = static_cast<std::size_t>(bins), size = order.size() / count, larger = order.size() % count;
  std::vector<Reliability::Bin> sums(count);
  std::size_t next = 0;
  for (std::size_t b = 0; b < count; ++b) {
    for (const std::size_t end = next + size + (b < larger ? 1 : 0); next < end; ++next) {
      put(sums[b], confidence[order[next]], right[order[next]]);
    }
  }
  return closed(std::move(sums), static_cast<long>(confidence.size()));
}

double expected_calibration_error(const Reliability& reliability) {
  return weighted(reliability, gap);
}

double maximum_calibration_error(const Reliability& reliability) {
  double largest = 0;
  for (const auto& bin : reliability.bins) largest = std::max(largest, gap(bin));
  return largest;
}

double squared_calibration_error(const Reliability& reliability) {
  return weighted(reliability, [](const auto& bin) { return gap(bin) * gap(bin); });
}

double debiased_squared_calibration_error(const Reliability& reliability) {
  return weighted(reliability, [](const auto& bin) {
    if (bin.members < 2) return 0.0;
    return gap(bin) * gap(bin) - bin.accuracy * (1 - bin.accuracy) / static_cast<double>(bin.members - 1);
  });
}

double classwise_calibration_error(const Rows& probabilities, const std::vector<int>& labels, int bins) {
  require_labels(probabilities, labels);
  const std::size_t classes = probabilities.front().size();
  double sum = 0;
  for (std::size_t c = 0; c < classes; ++c) {
    std::vector<double> forecast;
    std::vector<int> came_true;
    for (std::size_t i = 0; i < labels.size(); ++i) {
      forecast.push_back(probabilities[i][c]);
      came_true.push_back(labels[i] == static_cast<int>(c));
    }
    sum += expected_calibration_error(reliability(forecast, came_true, bins));
  }
  return sum / static_cast<double>(classes);
}

double negative_log_likelihood(const Rows& logits, const std::vector<int>& labels, double temperature) {
  require_labels(logits, labels);
  if (!(temperature > 0)) throw std::invalid_argument("a temperature must be positive");
  double sum = 0;
  for (std::size_t i = 0; i < logits.size(); ++i) {
    const double largest = *std::max_element(logits[i].begin(), logits[i].end());
    double total = 0;
    for (const double logit : logits[i]) total += std::exp((logit - largest) / temperature);
    sum += (largest - score_of(logits[i], labels[i])) / temperature + std::log(total);
  }
  return sum / static_cast<double>(logits.size());
}

double brier_score(const Rows& probabilities, const std::vector<int>& labels) {
  require_labels(probabilities, labels);
  double sum = 0;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    for (std::size_t c = 0; c < probabilities[i].size(); ++c) {
      const double error = probabilities[i][c] - (labels[i] == static_cast<int>(c) ? 1 : 0);
      sum += error * error;
    }
  }
  return sum / static_cast<double>(labels.size());
}

Calibration calibration_of(const Rows& log_probabilities, const std::vector<int>& labels) {
  const Rows probabilities = softmax(log_probabilities);
  const TopClass top = top_class(probabilities);
  std::vector<int> right;
  right.reserve(labels.size());
  for (std::size_t i = 0; i < labels.size(); ++i) right.push_back(top.predicted[i] == labels[i]);
  constexpr int bins = 15;  // Guo et al. 2017
  return {expected_calibration_error(reliability(top.confidence, right, bins)), brier_score(probabilities, labels),
          negative_log_likelihood(log_probabilities, labels)};
}

}  // namespace scant
