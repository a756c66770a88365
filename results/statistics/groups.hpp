// Scores by group of samples (hospital, region, user) and by class: what WILDS reports (Koh et al., ICML 2021).
#pragma once
#include <vector>

namespace scant {

/// Accuracies in [0,1]. A group without members has accuracy 0 and takes no part in `worst`.
struct GroupAccuracy {
  std::vector<double> accuracy;
  std::vector<long> members;
  double overall = 0, worst = 0;
};
/// `group` in 0..groups-1 for each sample. Throws std::invalid_argument for empty lists, different lengths or a group
/// outside.
GroupAccuracy group_accuracy(const std::vector<int>& truth, const std::vector<int>& predicted,
                             const std::vector<int>& group, int groups);
/// Quantile `share` in [0,1] of the accuracies of groups with members: 0.1 for WILDS's Amazon, whose groups are users.
double accuracy_quantile(const GroupAccuracy& groups, double share);

/// Which classes a macro average runs over; both conventions are in use.
enum class AveragedClasses { in_truth, in_truth_or_predictions };
/// Mean over classes of F1 = 2 TP / (2 TP + FP + FN), in [0,1]. WILDS's iWildCam takes the classes in the truth,
/// scikit-learn's default both. Labels from 0. Throws std::invalid_argument for empty lists or different lengths,
/// std::out_of_range for a negative label.
double macro_f1(const std::vector<int>& truth, const std::vector<int>& predicted, AveragedClasses classes);

}  // namespace scant
