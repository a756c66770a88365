// How well a score separates two groups: ROC and precision-recall, and the rates that papers on out-of-distribution
// (OOD) detection report.
#pragma once
#include <vector>

namespace scant {

/// Counts of scores at or above each distinct score, from the highest threshold down.
struct RocCurve {
  struct Point {
    double threshold = 0;
    long true_positives = 0, false_positives = 0;
  };
  std::vector<Point> points;
  long positives = 0, negatives = 0;
};
/// Scores of the group to be found (larger = more likely) and of the other. Throws std::invalid_argument if a group is
/// empty or a score is NaN.
RocCurve roc_curve(const std::vector<double>& positive, const std::vector<double>& negative);
/// The two ways to ask a confidence for in-distribution (ID) samples and one for OOD samples: ID is found by a high
/// confidence, or OOD by a low one (its thresholds are then negated confidences).
RocCurve id_positive(const std::vector<double>& id, const std::vector<double>& ood);
RocCurve ood_positive(const std::vector<double>& id, const std::vector<double>& ood);
/// Leaves out points between two equal steps, as scikit-learn's roc_curve does (drop_intermediate). For drawing, and to
/// explain others' thresholds: a threshold read from it may be lower than the first that reaches a recall.
RocCurve without_collinear(const RocCurve& curve);

/// Chance that a positive scores above a negative, ties counting half, in [0,1] (Hanley and McNeil, Radiology 143,
/// 1982).
double auroc(const RocCurve& curve);
/// Area under precision over recall by trapezoids, from (recall 0, precision 1): what OpenOOD prints. Too favourable
/// (Davis and Goadrich, ICML 2006); average_precision is not.
double aupr(const RocCurve& curve);
/// Sum over thresholds of precision times the step in recall.
double average_precision(const RocCurve& curve);

/// The highest threshold that finds at least the share `recall` (in (0,1]) of the positives.
RocCurve::Point at_recall(const RocCurve& curve, double recall);
/// Share of negatives at or above that threshold. "FPR95" of id_positive (Liang et al., "ODIN", ICLR 2018; OpenOOD 1.0)
/// and of ood_positive (OpenOOD 1.5) differ: name the one that is printed.
double false_positive_rate(const RocCurve& curve, double recall = 0.95);

/// Correct classification rate at a false positive rate: share of all ID samples that are classified rightly
/// (`id_right` 1, else 0) and score above the ceil(rate x n)-th highest of the n OOD scores (Dhamija et al., "Reducing
/// network agnostophobia", NeurIPS 2018). `rate` in (0,1].
double correct_classification_rate(const std::vector<double>& id, const std::vector<int>& id_right,
                                   const std::vector<double>& ood, double rate);

}  // namespace scant
