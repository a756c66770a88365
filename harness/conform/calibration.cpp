// Calibration and out-of-distribution detection against reference numbers.
#include "harness/core/calibration.hpp"

#include "harness/conform/lists.hpp"
#include "harness/core/metrics.hpp"
#include "results/statistics/detection.hpp"
#include "results/statistics/groups.hpp"
#include "results/statistics/temperature.hpp"

namespace scant {
namespace {

// The reference is float32.
constexpr Tolerance kSingle{.abs = 1e-5, .rel = 0};
// The reference minimised the likelihood itself, which is flat at its minimum: that gives the place to about half the
// digits. The likelihood there is compared with T9.
constexpr Tolerance kMinimum{.abs = 0, .rel = 1e-6};

std::vector<int> matches(const std::vector<int>& a, const std::vector<int>& b) {
  std::vector<int> equal;
  for (std::size_t i = 0; i < a.size(); ++i) equal.push_back(a[i] == b.at(i));
  return equal;
}

void check_errors(const Json& golden, const std::vector<double>& confidence, const std::vector<int>& right,
                  Comparison& compare) {
  const Reliability of15 = reliability(confidence, right, 15), of10 = reliability(confidence, right, 10);
  const double ece = expected_calibration_error(of15);
  compare.number("ece15", ece, golden.at("ece15_left_open_right_closed"));
  compare.number("mce15", maximum_calibration_error(of15), golden.at("mce15"));
  compare.number("ece10", expected_calibration_error(of10), golden.at("ece10"));
  compare.number("ece15_l2_squared", squared_calibration_error(of15), golden.at("ece15_l2_squared"));
  compare.number("ece15_openood", expected_calibration_error(reliability(confidence, right, 15, BinEdges::left_closed)),
                 golden.at("ece15_openood_left_closed"));
  compare.number("adaptive_ece15", expected_calibration_error(equal_count_reliability(confidence, right, 15)),
                 golden.at("adaptive_ece15_equal_count"));
  compare.set_tolerance(kSingle);
  compare.number("ece15_reference_float32", ece, golden.at("ece15_reference_float32"));
  compare.set_tolerance(kNineDigits);
}

void check_classification(const Json& golden, Comparison& compare) {
  const auto logits = matrix_of(golden.at("logits"));
  const auto labels = golden.at("labels").get<std::vector<int>>();
  const auto probabilities = softmax(logits);
  const TopClass top = top_class(probabilities);
  const auto classes = static_cast<int>(logits.at(0).size());
  compare.number("accuracy", accuracy(labels, top.predicted), golden.at("accuracy"));
  compare.number("balanced_accuracy", balanced_accuracy(labels, top.predicted, classes),
                 golden.at("balanced_accuracy"));
  compare.number("macro_f1", macro_f1(labels, top.predicted, AveragedClasses::in_truth_or_predictions),
                 golden.at("macro_f1"));
  check_errors(golden, top.confidence, matches(top.predicted, labels), compare);
  compare.number("classwise_ece15", classwise_calibration_error(probabilities, labels, 15),
                 golden.at("classwise_ece15"));
  compare.number("nll", negative_log_likelihood(logits, labels), golden.at("nll"));
  compare.number("brier", brier_score(probabilities, labels), golden.at("brier_sum_over_classes"));
  const Temperature fit = fit_temperature(logits, labels);
  compare.number("nll_at_optimum", fit.negative_log_likelihood, golden.at("nll_at_optimum"));
  compare.set_tolerance(kMinimum);
  compare.number("optimal_temperature", fit.temperature, golden.at("optimal_temperature"));
  compare.set_tolerance(kNineDigits);
}

void check_boundary(const Json& golden, Comparison& compare) {
  const std::vector<double> confidence = doubles_of(golden.at("confidence"));
  std::vector<int> right;
  for (const double value : doubles_of(golden.at("correct"))) right.push_back(value != 0);
  compare.number("boundary left open", expected_calibration_error(reliability(confidence, right, 15)),
                 golden.at("ece15_left_open_right_closed"));
  compare.number("boundary left closed",
                 expected_calibration_error(reliability(confidence, right, 15, BinEdges::left_closed)),
                 golden.at("ece15_left_closed_right_open"));
}

void check_detection(const Json& golden, Comparison& compare) {
  const std::vector<double> id = doubles_of(golden.at("conf_id")), ood = doubles_of(golden.at("conf_ood"));
  const auto label = golden.at("label_id").get<std::vector<int>>();
  const auto predicted = golden.at("pred_id").get<std::vector<int>>();
  const RocCurve find_id = id_positive(id, ood), find_ood = ood_positive(id, ood);
  compare.number("auroc", auroc(find_id), golden.at("auroc"));
  compare.number("auroc of OOD", auroc(find_ood), golden.at("auroc"));
  compare.number("aupr_in", aupr(find_id), golden.at("aupr_in"));
  compare.number("aupr_out", aupr(find_ood), golden.at("aupr_out"));
  compare.number("average_precision", average_precision(find_id), golden.at("average_precision_step_id_positive"));
  compare.number("fpr95 OOD positive", false_positive_rate(find_ood), golden.at("fpr95_ood_positive_openood_v15"));
  compare.number("fpr95 ID positive", false_positive_rate(find_id), golden.at("fpr95_id_positive_odin"));
  compare.number("threshold", at_recall(find_id, 0.95).threshold, golden.at("threshold_id_positive"));
  compare.number("threshold of scikit-learn", at_recall(without_collinear(find_id), 0.95).threshold,
                 golden.at("threshold_after_sklearn_drop_intermediate"));
  compare.number("ccr", correct_classification_rate(id, matches(label, predicted), ood, 0.1),
                 golden.at("ccr_at_fpr_0p1"));
  compare.number("id_accuracy", accuracy(label, predicted), golden.at("id_accuracy"));
}

void check_calibration(const GoldenFile&, const Json& golden, Comparison& compare) {
  compare.set_tolerance(kNineDigits);
  check_classification(golden.at("classification"), compare);
  check_boundary(golden.at("ece_boundary"), compare);
  check_detection(golden.at("ood"), compare);
}

}  // namespace

const RegisterKind calibration_kind{{"calibration and detection",
                                     [](const GoldenFile& file, const Json& golden) {
                                       return file.stem == "calibration_ood" && golden.contains("classification") &&
                                              golden.contains("ood");
                                     },
                                     check_calibration}};

}  // namespace scant
