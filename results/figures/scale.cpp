// End points, ticks and text widths of charts.
#include "results/figures/scale.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>

#include "results/text.hpp"

namespace scant {
namespace {

void require(bool condition, const Chart& chart, const char* what) {
  if (!condition) throw std::invalid_argument(fmt::format("chart \"{}\": {}", chart.name, what));
}

void require_fitting(const ChartLayer& layer, const Chart& chart) {
  const std::size_t size = layer.x.size();
  const auto fits = [size](const auto& list, bool needed) { return list.size() == size || (!needed && list.empty()); };
  require(fits(layer.y, true) && fits(layer.x2, false) && fits(layer.y2, layer.mark == Mark::band) &&
              fits(layer.values, layer.mark == Mark::cell) && fits(layer.texts, layer.mark == Mark::text),
          chart, "the lists of a layer have different lengths");
  for (const auto* list : {&layer.x, &layer.y, &layer.x2, &layer.y2, &layer.values}) {
    require(std::all_of(list->begin(), list->end(), [](double v) { return std::isfinite(v); }), chart,
            "a number is not finite");
  }
}

struct Range {
  double low = std::numeric_limits<double>::infinity(), high = -std::numeric_limits<double>::infinity();
  void add(double value) {
    low = std::min(low, value);
    high = std::max(high, value);
  }
};

Range range_of(const Chart& chart, std::vector<double> ChartLayer::*first, std::vector<double> ChartLayer::*second) {
  const bool vertical = first == &ChartLayer::y;
  Range range;
  for (const ChartLayer& layer : chart.layers) {
    double margin = layer.mark == Mark::cell ? 0.5 : 0;
    if (layer.mark == Mark::bar && !vertical) margin = bar_half_width(layer);
    for (const auto* list : {&(layer.*first), &(layer.*second)}) {
      for (const double value : *list) {
        range.add(value - margin);
        range.add(value + margin);
      }
    }
    if (layer.mark == Mark::bar && vertical && layer.y2.empty()) range.add(0);
  }
  return range;
}

constexpr double share_around = 0.04;  // of the span, left free on either side of the marks

Scale scale_of(const Axis& axis, const Range& range) {
  Scale scale{range.low, range.high, axis.logarithmic, axis.reversed};
  if (!axis.categories.empty()) {
    scale.low = -0.5;
    scale.high = static_cast<double>(axis.categories.size()) - 0.5;
  } else if (axis.logarithmic) {
    const double around = range.high > range.low ? std::pow(range.high / range.low, share_around) : 2;
    scale.low /= around;
    scale.high *= around;
  } else {
    const double span = range.high - range.low;
    const double around = span > 0 ? share_around * span : std::max(1e-3, 0.05 * std::abs(range.high));
    scale.low -= around;
    scale.high += around;
  }
  if (axis.low) scale.low = *axis.low;
  if (axis.high) scale.high = *axis.high;
  return scale;
}

/// digit x 10^exponent as the nearest double: dividing by a power of ten rounds once.
double scaled(double digit, int exponent) {
  return exponent < 0 ? digit / std::pow(10.0, -exponent) : digit * std::pow(10.0, exponent);
}

std::vector<Tick> linear_ticks(const Scale& scale, int count, bool whole) {
  const double wanted = std::max((scale.high - scale.low) / std::max(count, 1), whole ? 1.0 : 0.0);
  int exponent = static_cast<int>(std::floor(std::log10(wanted)));
  const double lead = wanted / scaled(1, exponent);
  int digit = lead > 5 ? 10 : lead > 2 ? 5 : lead > 1 ? 2 : 1;
  if (digit == 10) {
    digit = 1;
    ++exponent;
  }
  const double step = scaled(digit, exponent), slack = 1e-9 * step;
  std::vector<Tick> result;
  for (double i = std::ceil((scale.low - slack) / step); i * step <= scale.high + slack; ++i) {
    result.push_back({scaled(i * digit, exponent), decimal(i * step, std::max(0, -exponent))});
  }
  return result;
}

std::vector<Tick> logarithmic_ticks(const Scale& scale, int count) {
  const double decades = std::log10(scale.high / scale.low);
  const int every = std::max(1, static_cast<int>(std::ceil(decades / std::max(count, 1))));
  std::vector<Tick> result;
  for (int e = static_cast<int>(std::floor(std::log10(scale.low))); e <= std::log10(scale.high) + 1e-9; ++e) {
    for (const int digit : {1, 2, 5}) {
      if (digit > 1 && decades > 2.5) continue;
      if (((e % every) + every) % every != 0) continue;
      const double value = scaled(digit, e);
      if (value < scale.low * (1 - 1e-9) || value > scale.high * (1 + 1e-9)) continue;
      const bool plain = e >= -3 && e <= 4;
      result.push_back({value, plain ? shortest(value) : fmt::format("{}e{}", digit, e)});
    }
  }
  return result.size() < 2 ? linear_ticks(scale, count, false) : result;
}

/// Of a font's size, for Latin letters in common sans-serif fonts.
double character_width(char c) {
  if (std::string("iljtfrI.,:;|'!()[]/ ").find(c) != std::string::npos) return 0.36;
  if (std::string("mwMW%@").find(c) != std::string::npos) return 0.93;
  return c >= 'A' && c <= 'Z' ? 0.7 : 0.61;
}

}  // namespace

double Scale::at(double value) const {
  const double share = logarithmic ? std::log(value / low) / std::log(high / low) : (value - low) / (high - low);
  return reversed ? 1 - share : share;
}

void require_drawable(const Chart& chart) {
  bool marks = false;
  for (const ChartLayer& layer : chart.layers) {
    require_fitting(layer, chart);
    marks = marks || !layer.x.empty();
  }
  require(marks, chart, "there is nothing to draw");
  for (const Axis* axis : {&chart.x, &chart.y}) {
    const Scale scale = axis == &chart.x ? x_scale(chart) : y_scale(chart);
    require(!axis->logarithmic || scale.low > 0, chart, "a logarithmic axis needs values above 0");
    require(scale.low < scale.high, chart, "an axis ends before it begins");
  }
}

Scale x_scale(const Chart& chart) {
  return scale_of(chart.x, range_of(chart, &ChartLayer::x, &ChartLayer::x2));
}

Scale y_scale(const Chart& chart) {
  return scale_of(chart.y, range_of(chart, &ChartLayer::y, &ChartLayer::y2));
}

std::vector<Tick> ticks(const Axis& axis, const Scale& scale, int count) {
  if (axis.categories.empty()) {
    return axis.logarithmic ? logarithmic_ticks(scale, count) : linear_ticks(scale, count, axis.whole);
  }
  std::vector<Tick> result;
  for (const std::string& name : axis.categories) result.push_back({static_cast<double>(result.size()), name});
  return result;
}

double bar_half_width(const ChartLayer& layer) {
  std::vector<double> sorted = layer.x;
  std::sort(sorted.begin(), sorted.end());
  double distance = 1;
  for (std::size_t i = 1; i < sorted.size(); ++i) {
    if (sorted[i] > sorted[i - 1]) distance = std::min(distance, sorted[i] - sorted[i - 1]);
  }
  return 0.35 * distance;
}

double text_width(const std::string& text, double font_size) {
  double width = 0;
  for (const char c : text) {
    const bool continues = (static_cast<unsigned char>(c) & 0xC0) == 0x80;  // within a UTF-8 character
    width += continues ? 0 : character_width(c);
  }
  return width * font_size;
}

std::vector<std::string> wrapped(const std::string& text, double font_size, double width) {
  std::vector<std::string> lines(1);
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find(' ', at), text.size());
    const std::string word = text.substr(at, end - at);
    std::string& line = lines.back();
    if (!line.empty() && text_width(line + " " + word, font_size) > width) {
      lines.push_back(word);
    } else {
      line += (line.empty() ? "" : " ") + word;
    }
    at = end + 1;
  }
  return lines;
}

std::string short_decimal(double value, int digits) {
  std::string text = decimal(value, digits);
  if (digits == 0) return text;
  text.erase(text.find_last_not_of('0') + 1);
  if (text.back() == '.') text.pop_back();
  return text;
}

}  // namespace scant
