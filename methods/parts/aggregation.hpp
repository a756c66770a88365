// From the terms of many pairs to one number. Which way is taken changes results more than most losses do: how hard
// the few violating negatives push, and how that depends on the batch's size.
#pragma once
#include <string>
#include <vector>

#include "harness/learn/compat.hpp"

namespace scant {

enum class Aggregation {
  mean,          // over all pairs of the set
  mean_nonzero,  // over those whose term is above 0
  sum,           // of all
  row_sum_mean,  // sum of every anchor's terms, mean over all anchors
  row_mean_mean  // mean of every anchor's terms, mean over the anchors that have a pair
};

/// One number from terms N x M where `mask` (N x M bool) holds; 0 with gradient 0 if it holds nowhere.
torch::Tensor aggregate(const torch::Tensor& terms, const torch::Tensor& mask, Aggregation how);

/// "mean", "mean-nonzero", "sum", "row-sum-mean", "row-mean-mean". Throws InputError for another name.
Aggregation aggregation_of(const std::string& name);
std::vector<std::string> aggregation_names();

}  // namespace scant
