// Scores of predictions against labels.
#pragma once
#include <vector>

namespace scant {

/// Rows: true class; columns: predicted class. Throws std::out_of_range for a label outside 0..classes-1.
std::vector<std::vector<long>> confusion(const std::vector<int>& truth, const std::vector<int>& predicted, int classes);
/// Share of right predictions, in [0,1].
double accuracy(const std::vector<int>& truth, const std::vector<int>& predicted);
/// Mean over the classes present in `truth` of their recall, in [0,1].
double balanced_accuracy(const std::vector<int>& truth, const std::vector<int>& predicted, int classes);

/// Mean over the classes that are true or predicted anywhere of the harmonic mean of precision and recall, in [0,1].
double macro_f1(const std::vector<int>& truth, const std::vector<int>& predicted, int classes);

}  // namespace scant
