// Lists of golden files as the suite's own types, and the tolerance that most of golden/tuning states.
#pragma once
#include <vector>

#include "harness/conform/conform.hpp"

namespace scant {

/// "T9" of golden/tuning/FORMAT.md.
inline constexpr Tolerance kNineDigits{.abs = 1e-11, .rel = 1e-9};

inline std::vector<double> doubles_of(const Json& list) {
  std::vector<double> values;
  for (const Json& item : list) values.push_back(number_of(item));
  return values;
}

inline std::vector<int> ints_of(const Json& golden, const char* key) {
  return golden.at(key).get<std::vector<int>>();
}

inline std::vector<std::vector<double>> matrix_of(const Json& rows) {
  std::vector<std::vector<double>> matrix;
  for (const Json& row : rows) matrix.push_back(doubles_of(row));
  return matrix;
}

}  // namespace scant
