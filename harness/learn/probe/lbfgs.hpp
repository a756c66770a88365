// Minimisation of smooth functions whose value and gradient are computed over all data at once.
#pragma once
#include <functional>

#include "harness/learn/compat.hpp"

namespace scant {

struct LbfgsOptions {
  int memory = 10;  // pairs of steps and gradient changes that are kept
  int max_iterations = 1000;
  double gradient_tolerance = 1e-9;  // ends when no component of the gradient is larger
};

/// Where a minimisation ended.
struct Minimum {
  torch::Tensor at;  // like the start
  double value = 0, largest_gradient = 0;
  int iterations = 0;
  bool converged = false;  // false: max_iterations, or no step gives a lower value
};

/// Value at a point; fills `gradient`, a tensor like the point.
using Objective = std::function<double(const torch::Tensor& point, torch::Tensor& gradient)>;

/// Limited-memory BFGS (Nocedal, Mathematics of Computation 35, 1980) with a line search that bisects until the strong
/// Wolfe conditions hold. `start`: a float64 vector on the CPU.
Minimum lbfgs(const Objective& objective, const torch::Tensor& start, const LbfgsOptions& options = {});

}  // namespace scant
