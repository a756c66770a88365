// Test images for the report, with every method's answer.
#pragma once
#include <string>
#include <vector>

#include "harness/data/dataset.hpp"
#include "results/report/report.hpp"

namespace scant {

/// `count` images of each data set, from those that most methods get wrong to those that most get right, spread evenly.
/// Answers are of each method's first scored final run on the first split that every scored method has. A data set that
/// cannot be shown leaves its reason in `left_out`.
std::vector<Sample> sample_images(const Suite& suite, const Plan& plan, const std::vector<Record>& records,
                                  const Table& table, const DataHome& home, int count,
                                  std::vector<std::string>& left_out);

}  // namespace scant
