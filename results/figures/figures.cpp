// Names and titles that all charts share.
#include "results/figures/figures.hpp"

namespace scant {

std::string chart_name(const std::string& kind, const std::string& subject) {
  std::string name = kind;
  bool apart = true;  // something stands between the last letter and the next
  for (const char c : subject) {
    const bool upper = c >= 'A' && c <= 'Z';
    if (!upper && !(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9')) {
      apart = true;
      continue;
    }
    if (apart) name += '-';
    apart = false;
    name += upper ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return name;
}

std::string metric_title(const std::string& metric) {
  return metric == "accuracy" ? "Accuracy (%)" : "Balanced accuracy (%)";
}

ChartLayer layer_of(Mark mark, const std::string& series, double weight) {
  ChartLayer layer;
  layer.mark = mark;
  layer.series = series;
  layer.weight = weight;
  return layer;
}

}  // namespace scant
