// One sweep over thresholds gives every rate and area.
#include "results/statistics/detection.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <utility>

namespace scant {
namespace {

void require_scores(const std::vector<double>& scores) {
  if (scores.empty()) throw std::invalid_argument("detection needs scores of both groups");
  if (std::any_of(scores.begin(), scores.end(), [](double s) { return std::isnan(s); })) {
    throw std::invalid_argument("a score is not a number");
  }
}

std::vector<double> negated(std::vector<double> scores) {
  for (double& score : scores) score = -score;
  return scores;
}

double share(long part, long whole) {
  return static_cast<double>(part) / static_cast<double>(whole);
}

double precision(const RocCurve::Point& point) {
  return share(point.true_positives, point.true_positives + point.false_positives);
}

void require_share(double value) {
  if (!(value > 0 && value <= 1)) throw std::invalid_argument("a rate must lie in (0,1]");
}

}  // namespace

RocCurve roc_curve(const std::vector<double>& positive, const std::vector<double>& negative) {
  require_scores(positive);
  require_scores(negative);
  std::vector<std::pair<double, bool>> scores;
  for (const double s : positive) scores.emplace_back(s, true);
  for (const double s : negative) scores.emplace_back(s, false);
  std::sort(scores.begin(), scores.end(), [](const auto& a, const auto& b) { return a.first > b.first; });
  RocCurve curve{{}, static_cast<long>(positive.size()), static_cast<long>(negative.size())};
  RocCurve::Point point;
  for (std::size_t i = 0; i < scores.size(); ++i) {
    (scores[i].second ? point.true_positives : point.false_positives) += 1;
    if (i + 1 < scores.size() && scores[i + 1].first == scores[i].first) continue;
    point.threshold = scores[i].first;
    curve.points.push_back(point);
  }
  return curve;
}

RocCurve id_positive(const std::vector<double>& id, const std::vector<double>& ood) {
  return roc_curve(id, ood);
}

RocCurve ood_positive(const std::vector<double>& id, const std::vector<double>& ood) {
  return roc_curve(negated(ood), negated(id));
}

RocCurve without_collinear(const RocCurve& curve) {
  RocCurve kept{{}, curve.positives, curve.negatives};
  const auto& all = curve.points;
  for (std::size_t i = 0; i < all.size(); ++i) {
    const bool end = i == 0 || i + 1 == all.size();
    const auto bends = [&](long RocCurve::Point::*count) {
      return all[i - 1].*count - 2 * (all[i].*count) + all[i + 1].*count != 0;
    };
    if (end || bends(&RocCurve::Point::true_positives) || bends(&RocCurve::Point::false_positives)) {
      kept.points.push_back(all[i]);
    }
  }
  return kept;
}

double auroc(const RocCurve& curve) {
  double twice_area = 0;
  RocCurve::Point last;
  for (const auto& point : curve.points) {
    twice_area += static_cast<double>(point.false_positives - last.false_positives) *
                  static_cast<double>(point.true_positives + last.true_positives);
    last = point;
  }
  return twice_area / 2 / static_cast<double>(curve.positives) / static_cast<double>(curve.negatives);
}

double aupr(const RocCurve& curve) {
  double area = 0, last_precision = 1;
  long last_found = 0;
  for (const auto& point : curve.points) {
    area += share(point.true_positives - last_found, curve.positives) * (precision(point) + last_precision) / 2;
    last_precision = precision(point);
    last_found = point.true_positives;
  }
  return area;
}

double average_precision(const RocCurve& curve) {
  double sum = 0;
  long last_found = 0;
  for (const auto& point : curve.points) {
    sum += share(point.true_positives - last_found, curve.positives) * precision(point);
    last_found = point.true_positives;
  }
  return sum;
}

RocCurve::Point at_recall(const RocCurve& curve, double recall) {
  require_share(recall);
  for (const auto& point : curve.points) {
    if (share(point.true_positives, curve.positives) >= recall) return point;
  }
  throw std::invalid_argument("a curve without points has no threshold");
}

double false_positive_rate(const RocCurve& curve, double recall) {
  return share(at_recall(curve, recall).false_positives, curve.negatives);
}

double correct_classification_rate(const std::vector<double>& id, const std::vector<int>& id_right,
                                   const std::vector<double>& ood, double rate) {
  require_scores(id);
  require_scores(ood);
  require_share(rate);
  if (id.size() != id_right.size()) throw std::invalid_argument("every ID score needs a verdict on its class");
  std::vector<double> falling = ood;
  std::sort(falling.begin(), falling.end(), [](double a, double b) { return a > b; });
  const double threshold = falling[static_cast<std::size_t>(std::ceil(rate * static_cast<double>(ood.size()))) - 1];
  long found = 0;
  for (std::size_t i = 0; i < id.size(); ++i) found += id[i] > threshold && id_right[i] != 0;
  return share(found, static_cast<long>(id.size()));
}

}  // namespace scant
