// The distribution of paths that have not been stopped, carried from look to look by Gaussian quadrature.
#include "results/statistics/group_sequential.hpp"

#include <algorithm>
#include <boost/math/constants/constants.hpp>
#include <boost/math/distributions/normal.hpp>
#include <boost/math/quadrature/gauss.hpp>
#include <cmath>
#include <limits>
#include <stdexcept>

#include "results/statistics/root.hpp"

namespace scant {
namespace {

using Rule = boost::math::quadrature::gauss<double, 20>;

// |Z| beyond this has a chance of 1e-33: no bound needs integration further out.
constexpr double kOutermost = 12;

double upper_tail(double z) {
  return std::erfc(z * boost::math::double_constants::one_div_root_two) / 2;
}

double density(double z) {
  return std::exp(-z * z / 2) * boost::math::double_constants::one_div_root_two_pi;
}

double upper_quantile(double share) {
  return quantile(complement(boost::math::normal(), share));
}

void require_level(double alpha) {
  if (!(alpha > 0 && alpha < 1)) throw std::invalid_argument("a level must lie between 0 and 1");
}

void require_information(const std::vector<double>& information) {
  if (information.empty()) throw std::invalid_argument("a sequential design needs at least one look");
  double last = 0;
  for (const double t : information) {
    if (!(t > last && t <= 1)) throw std::invalid_argument("information must rise within (0,1]");
    last = t;
  }
}

/// Paths of a Brownian motion that no look has stopped: points and their chances.
class Survivors {
 public:
  explicit Survivors(const std::vector<double>& information) : information_(information) {}

  /// Chance of being alive now and stopped at the next look by `bound`.
  double stopped(double bound) const {
    const double edge = bound * std::sqrt(information_[look_]), step = step_to(look_);
    double chance = 0;
    for (const auto& [value, mass] : paths_) {
      chance += mass * (upper_tail((edge - value) / step) + upper_tail((edge + value) / step));
    }
    return chance;
  }

  /// To the next look, leaving out what `bound` stops there.
  void advance(double bound) {
    const std::size_t now = look_++;
    if (look_ == information_.size()) return;
    const double step = step_to(now), edge = std::min(bound, kOutermost) * std::sqrt(information_[now]);
    // The integrand bends on the scale of the step before and the step after; 20 points see two steps exactly.
    const double finest = 2 * std::min(step, step_to(look_));
    const int panels = std::max(1, static_cast<int>(std::ceil(2 * edge / finest)));
    std::vector<std::pair<double, double>> next;
    const double half = edge / panels;
    for (int panel = 0; panel < panels; ++panel) {
      const double centre = -edge + (2 * panel + 1) * half;
      for (std::size_t i = 0; i < Rule::abscissa().size(); ++i) {
        for (const double side : {-1.0, 1.0}) {
          const double value = centre + side * half * Rule::abscissa()[i];
          next.emplace_back(value, half * Rule::weights()[i] * density_at(value, step));
        }
      }
    }
    paths_ = std::move(next);
  }

 private:
  double step_to(std::size_t look) const {
    return std::sqrt(information_[look] - (look == 0 ? 0 : information_[look - 1]));
  }
  double density_at(double value, double step) const {
    double sum = 0;
    for (const auto& [from, mass] : paths_) sum += mass * density((value - from) / step);
    return sum / step;
  }

  const std::vector<double>& information_;
  std::size_t look_ = 0;
  std::vector<std::pair<double, double>> paths_{{0.0, 1.0}};
};

/// The constant for which bounds(constant) stop with chance alpha in all: between one look's quantile and Bonferroni's.
template <class Bounds>
double constant_of(int looks, double alpha, const Bounds& bounds) {
  require_level(alpha);
  const std::vector<double> information = equal_information(looks);
  const double one_look = upper_quantile(alpha / 2);
  if (looks == 1) return one_look;
  const auto excess = [&](double constant) {
    double spent = 0;
    for (const double chance : stopping_chances(bounds(constant), information)) spent += chance;
    return spent - alpha;
  };
  return root_between(excess, one_look, upper_quantile(alpha / 2 / looks));
}

std::vector<double> falling_bounds(int looks, double constant) {
  std::vector<double> bounds;
  for (int k = 1; k <= looks; ++k) bounds.push_back(constant * std::sqrt(static_cast<double>(looks) / k));
  return bounds;
}

}  // namespace

std::vector<double> stopping_chances(const std::vector<double>& bounds, const std::vector<double>& information) {
  require_information(information);
  if (bounds.size() != information.size()) throw std::invalid_argument("every look needs a bound");
  Survivors survivors(information);
  std::vector<double> chances;
  for (const double bound : bounds) {
    if (!(bound >= 0)) throw std::invalid_argument("a bound cannot be negative");
    chances.push_back(survivors.stopped(bound));
    survivors.advance(bound);
  }
  return chances;
}

std::vector<double> equal_information(int looks) {
  if (looks < 1) throw std::invalid_argument("a sequential design needs at least one look");
  std::vector<double> information;
  for (int k = 1; k <= looks; ++k) information.push_back(static_cast<double>(k) / looks);
  return information;
}

double pocock_constant(int looks, double alpha) {
  return constant_of(looks, alpha, [looks](double constant) {
    return std::vector<double>(static_cast<std::size_t>(looks), constant);
  });
}

double obrien_fleming_constant(int looks, double alpha) {
  return constant_of(looks, alpha, [looks](double constant) { return falling_bounds(looks, constant); });
}

std::vector<double> obrien_fleming_bounds(int looks, double alpha) {
  return falling_bounds(looks, obrien_fleming_constant(looks, alpha));
}

double obrien_fleming_spending(double information, double alpha) {
  require_level(alpha);
  require_information({information});
  return 2 * upper_tail(upper_quantile(alpha / 2) / std::sqrt(information));
}

double pocock_spending(double information, double alpha) {
  require_level(alpha);
  require_information({information});
  return alpha * std::log1p(std::expm1(1.0) * information);
}

std::vector<double> spending_bounds(const std::vector<double>& information,
                                    const std::function<double(double)>& spent) {
  require_information(information);
  Survivors survivors(information);
  std::vector<double> bounds;
  double before = 0;
  for (const double t : information) {
    const double now = spent(t), allowed = now - before;
    before = now;
    const bool nothing = allowed <= survivors.stopped(kOutermost);
    bounds.push_back(
        nothing ? std::numeric_limits<double>::infinity()
                : root_between([&](double bound) { return survivors.stopped(bound) - allowed; }, 0.0, kOutermost));
    survivors.advance(bounds.back());
  }
  return bounds;
}

}  // namespace scant
