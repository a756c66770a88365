// Do a classifier's probabilities mean what they say: binned calibration errors and likelihood.
#pragma once
#include <vector>

#include "harness/core/record.hpp"

namespace scant {

/// N x K probabilities: softmax of each row of `logits` (N x K) over `temperature`. Throws std::invalid_argument for no
/// rows, rows of different length, a value that is not finite, or a temperature that is not positive.
std::vector<std::vector<double>> softmax(const std::vector<std::vector<double>>& logits, double temperature = 1);

/// The most probable class of each row, the first among equals, and its probability.
struct TopClass {
  std::vector<int> predicted;
  std::vector<double> confidence;
};
TopClass top_class(const std::vector<std::vector<double>>& probabilities);

/// Which end of an interval of confidence belongs to it: (low, high] as Guo et al. count, or [low, high) as OpenOOD
/// does.
enum class BinEdges { left_open, left_closed };

/// Samples sorted into bins by their confidence.
struct Reliability {
  struct Bin {
    long members = 0;
    double confidence = 0, accuracy = 0;  // means over the members, in [0,1]
  };
  std::vector<Bin> bins;  // those with members, by rising confidence
  long samples = 0;       // what the bins' weights refer to
};
/// `confidence` in [0,1]; `right`: 1 where the prediction was right, else 0; `bins` equal intervals of [0,1]. Left
/// open, a confidence of 0 is in no bin but counts as a sample; left closed, one of 1 is in no bin and counts nowhere.
/// Throws std::invalid_argument for empty lists, different lengths or no bins.
Reliability reliability(const std::vector<double>& confidence, const std::vector<int>& right, int bins,
                        BinEdges edges = BinEdges::left_open);
/// Bins of equal size instead: samples by rising confidence (ties in their order), the first bins one larger (Nixon et
/// al., "Measuring calibration in deep learning", CVPR Workshops 2019).
Reliability equal_count_reliability(const std::vector<double>& confidence, const std::vector<int>& right, int bins);

/// Mean over samples of their bin's |accuracy - confidence|, in [0,1] (Guo et al., "On calibration of modern neural
/// networks", ICML 2017). Too large in expectation for few samples: see debiased_squared_calibration_error.
double expected_calibration_error(const Reliability& reliability);
/// The largest bin's gap, in [0,1] (Guo et al. 2017).
double maximum_calibration_error(const Reliability& reliability);
/// Mean over samples of their bin's squared gap.
double squared_calibration_error(const Reliability& reliability);
/// The same less what sampling noise adds in expectation; may be negative. A bin of one member counts as zero (Kumar,
/// Liang, Ma, "Verified uncertainty calibration", NeurIPS 2019).
double debiased_squared_calibration_error(const Reliability& reliability);
/// Mean over classes of the calibration error of that class's probability as a forecast of its label (Kull et al.,
/// "Beyond temperature scaling", NeurIPS 2019). `probabilities` N x K, labels in 0..K-1.
double classwise_calibration_error(const std::vector<std::vector<double>>& probabilities,
                                   const std::vector<int>& labels, int bins);

/// Mean over samples of -log p(label), in nats; labels in 0..K-1.
double negative_log_likelihood(const std::vector<std::vector<double>>& logits, const std::vector<int>& labels,
                               double temperature = 1);
/// Mean over samples of the squared distance between probabilities and the one-hot label, in [0,2] (Brier, Monthly
/// Weather Review 78, 1950: the sum over classes, not their mean).
double brier_score(const std::vector<std::vector<double>>& probabilities, const std::vector<int>& labels);

/// The three numbers that a record keeps, from N x K log-probabilities: expected calibration error of 15 bins, Brier
/// score, negative log-likelihood.
Calibration calibration_of(const std::vector<std::vector<double>>& log_probabilities, const std::vector<int>& labels);

}  // namespace scant
