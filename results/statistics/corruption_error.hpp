// Errors on corrupted images, by corruption and severity (Hendrycks and Dietterich, "Benchmarking neural network
// robustness to common corruptions and perturbations", ICLR 2019).
#pragma once
#include <array>
#include <string_view>
#include <vector>

namespace scant {

/// AlexNet's error on ImageNet-C, mean over five severities, in [0,1]: the published yardstick of mCE.
struct CorruptionBaseline {
  std::string_view corruption;
  double mean_error;
};
inline constexpr std::array<CorruptionBaseline, 15> kAlexNetErrors{{{"gaussian_noise", 0.886428},
                                                                    {"shot_noise", 0.894468},
                                                                    {"impulse_noise", 0.922640},
                                                                    {"defocus_blur", 0.819880},
                                                                    {"glass_blur", 0.826268},
                                                                    {"motion_blur", 0.785948},
                                                                    {"zoom_blur", 0.798360},
                                                                    {"snow", 0.866816},
                                                                    {"frost", 0.826572},
                                                                    {"fog", 0.819324},
                                                                    {"brightness", 0.564592},
                                                                    {"contrast", 0.853204},
                                                                    {"elastic_transform", 0.646056},
                                                                    {"pixelate", 0.717840},
                                                                    {"jpeg_compression", 0.606500}}};
inline constexpr double kAlexNetCleanError = 0.4348;
/// Throws std::invalid_argument for a corruption that has no published AlexNet error (the four extra ones).
double alexnet_error(std::string_view corruption);

/// Means of `errors` (C corruptions x S severities, in [0,1]) over severities and over corruptions. Without a baseline
/// the mean of all is what CIFAR-10-C and CIFAR-100-C report. Throw std::invalid_argument for empty or ragged lists.
std::vector<double> error_by_corruption(const std::vector<std::vector<double>>& errors);
std::vector<double> error_by_severity(const std::vector<std::vector<double>>& errors);

/// Ratios to the baseline: 1 = as bad as it; papers print them times 100.
struct CorruptionError {
  std::vector<double> ce, relative_ce;  // C
  double mce = 0, relative_mce = 0;     // their means
};
/// CE = mean error / the baseline's mean error; relative CE = the same of the rise above the error on clean images.
/// `baseline`: its mean errors, C, in the order of `errors`. Throws std::invalid_argument for lists that do not fit and
/// where a denominator is zero.
CorruptionError corruption_error(const std::vector<std::vector<double>>& errors, double clean_error,
                                 const std::vector<double>& baseline, double baseline_clean_error);

}  // namespace scant
