// The two-loop recursion and a bisecting line search.
#include "harness/learn/probe/lbfgs.hpp"

#include <algorithm>
#include <cmath>
#include <deque>
#include <limits>
#include <ranges>
#include <vector>

namespace scant {
namespace {

double product_of(const torch::Tensor& a, const torch::Tensor& b) {
  return a.dot(b).item<double>();
}

double largest(const torch::Tensor& gradient) {
  return gradient.numel() == 0 ? 0 : gradient.abs().max().item<double>();
}

/// One remembered step: s = change of the point, y = change of the gradient, rho = 1 / (s y).
struct Pair {
  torch::Tensor s, y;
  double rho;
};

/// Minus the approximate inverse Hessian times the gradient.
torch::Tensor direction(const std::deque<Pair>& pairs, const torch::Tensor& gradient) {
  torch::Tensor q = -gradient;
  std::vector<double> alpha;
  for (const Pair& pair : std::views::reverse(pairs)) {
    alpha.push_back(pair.rho * product_of(pair.s, q));
    q.add_(pair.y, -alpha.back());
  }
  if (!pairs.empty()) q.mul_(1 / (pairs.back().rho * product_of(pairs.back().y, pairs.back().y)));
  for (const Pair& pair : pairs) {
    q.add_(pair.s, alpha.back() - pair.rho * product_of(pair.y, q));
    alpha.pop_back();
  }
  return q;
}

struct Point {
  torch::Tensor x, gradient;
  double value = 0;
};

/// A point along `way` with sufficient decrease and a slope that has flattened; false if rounding hides any decrease.
bool line_search(const Objective& objective, const Point& from, const torch::Tensor& way, double first, Point& to) {
  constexpr double decrease = 1e-4, flattening = 0.9;
  constexpr int most = 60;
  const double slope = product_of(from.gradient, way);
  // Near a minimum values differ by less than their rounding; there the slopes decide.
  const double slack = 1e-12 * std::abs(from.value);
  double low = 0, high = std::numeric_limits<double>::infinity(), step = first;
  for (int i = 0; i < most; ++i) {
    to.x = from.x + step * way;
    to.gradient = torch::empty_like(from.x);
    to.value = objective(to.x, to.gradient);
    const double slope_there = product_of(to.gradient, way);
    if (!(to.value <= from.value + decrease * step * slope + slack) || slope_there > -flattening * slope) {
      high = step;
    } else if (slope_there < flattening * slope) {
      low = step;
    } else {
      return true;
    }
    step = std::isinf(high) ? 2 * low : (low + high) / 2;
  }
  return false;
}

}  // namespace

Minimum lbfgs(const Objective& objective, const torch::Tensor& start, const LbfgsOptions& options) {
  const torch::NoGradGuard no_grad;
  Point now{start.clone(), torch::empty_like(start), 0};
  now.value = objective(now.x, now.gradient);
  std::deque<Pair> pairs;
  Minimum result;
  while (largest(now.gradient) > options.gradient_tolerance && result.iterations < options.max_iterations) {
    torch::Tensor way = direction(pairs, now.gradient);
    if (product_of(way, now.gradient) >= 0) {
      pairs.clear();
      way = -now.gradient;
    }
    const double length = now.gradient.norm().item<double>();
    Point next;
    if (!line_search(objective, now, way, pairs.empty() ? std::min(1.0, 1 / length) : 1, next)) {
      if (pairs.empty()) break;
      pairs.clear();  // the remembered curvature misled; try steepest descent once
      continue;
    }
    const torch::Tensor s = next.x - now.x, y = next.gradient - now.gradient;
    if (const double curvature = product_of(s, y); curvature > 0) {
      pairs.push_back({s, y, 1 / curvature});
      if (std::ssize(pairs) > options.memory) pairs.pop_front();
    }
    now = std::move(next);
    ++result.iterations;
  }
  result.at = now.x;
  result.value = now.value;
  result.largest_gradient = largest(now.gradient);
  result.converged = result.largest_gradient <= options.gradient_tolerance;
  return result;
}

}  // namespace scant
