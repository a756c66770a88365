// Golden files: reading, the integer hash that defines large tensors, and comparison within a tolerance.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "harness/conform/conform.hpp"
#include "harness/core/error.hpp"

namespace scant {
namespace {

void flatten(const Json& value, std::size_t depth, std::vector<std::int64_t>& shape, std::vector<double>& numbers) {
  if (!value.is_array()) {
    if (depth != shape.size()) throw InputError("a nested list is ragged");
    numbers.push_back(number_of(value));
    return;
  }
  const auto size = static_cast<std::int64_t>(value.size());
  if (numbers.empty() && depth == shape.size()) {
    shape.push_back(size);
  } else if (depth >= shape.size() || shape[depth] != size) {
    throw InputError("a nested list is ragged");
  }
  for (const Json& item : value) flatten(item, depth + 1, shape, numbers);
}

bool close(double a, double b, Tolerance tolerance) {
  if (std::isnan(a) || std::isnan(b)) return std::isnan(a) && std::isnan(b);
  if (std::isinf(a) || std::isinf(b)) return a == b;
  return std::abs(a - b) <= tolerance.abs + tolerance.rel * std::abs(b);
}

}  // namespace

double number_of(const Json& value) {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  if (value.is_null() || value == "NaN" || value == "nan") return std::numeric_limits<double>::quiet_NaN();
  if (value == "Infinity" || value == "inf") return infinity;
  if (value == "-Infinity" || value == "-inf") return -infinity;
  return value.is_boolean() ? static_cast<double>(value.get<bool>()) : value.get<double>();
}

double hash_uniform(std::uint64_t seed, std::uint64_t tensor, std::uint64_t index) {
  std::uint64_t z = ((seed << 48) + (tensor << 32) + index + 1) * 0x9E3779B97F4A7C15ULL;
  z ^= z >> 30;
  z *= 0xBF58476D1CE4E5B9ULL;
  z ^= z >> 27;
  z *= 0x94D049BB133111EBULL;
  z ^= z >> 31;
  return static_cast<double>(z >> 11) * 0x1.0p-53;
}

torch::Tensor hash_fill(std::uint64_t seed, std::uint64_t tensor, const std::vector<std::int64_t>& shape, double center,
                        double scale) {
  torch::Tensor result = torch::empty(shape, torch::kFloat64);
  auto* values = result.data_ptr<double>();
  const auto n = static_cast<std::uint64_t>(result.numel());
  for (std::uint64_t i = 0; i < n; ++i) values[i] = center + scale * (2 * hash_uniform(seed, tensor, i) - 1);
  return result;
}

torch::Tensor tensor_of(const Json& value) {
  if (value.is_object()) {
    return hash_fill(value.at("hash").at(0), value.at("hash").at(1), value.at("shape"), value.at("center"),
                     value.at("scale"));
  }
  std::vector<std::int64_t> shape;
  std::vector<double> numbers;
  flatten(value, 0, shape, numbers);
  return torch::tensor(numbers, torch::kFloat64).view(shape);
}

void Comparison::tensor(const std::string& what, const torch::Tensor& got, const Json& expected) {
  compared_ += static_cast<int>(got.numel());
  const torch::Tensor want = tensor_of(expected), have = got.detach().to(torch::kCPU, torch::kFloat64).contiguous();
  if (have.sizes() != want.sizes()) {
    differences_.push_back(
        fmt::format("{}: shape {} instead of {}", what, fmt::join(have.sizes(), "x"), fmt::join(want.sizes(), "x")));
    return;
  }
  const double *a = have.data_ptr<double>(), *b = want.data_ptr<double>();
  std::int64_t bad = 0, first = -1;
  for (std::int64_t i = 0; i < want.numel(); ++i) {
    if (close(a[i], b[i], tolerance_)) continue;
    if (bad++ == 0) first = i;
  }
  if (bad > 0) {
    differences_.push_back(fmt::format("{}: {} of {} values differ, the first at {}: {:.12g} instead of {:.12g}", what,
                                       bad, want.numel(), first, a[first], b[first]));
  }
}

void Comparison::number(const std::string& what, double got, const Json& expected) {
  ++compared_;
  const double want = number_of(expected);
  if (!close(got, want, tolerance_)) {
    differences_.push_back(fmt::format("{}: {:.12g} instead of {:.12g}", what, got, want));
  }
}

void Comparison::numbers(const std::string& what, const std::vector<double>& got, const Json& expected) {
  exact(what + " length", got.size(), expected.size());
  for (std::size_t i = 0; i < std::min(got.size(), expected.size()); ++i) {
    number(fmt::format("{}[{}]", what, i), got[i], expected[i]);
  }
}

void Comparison::exact(const std::string& what, const Json& got, const Json& expected) {
  ++compared_;
  if (got != expected) {
    differences_.push_back(fmt::format("{}: {} instead of {}", what, got.dump(), expected.dump()));
  }
}

void Comparison::known(const std::string& what, const Json& object, std::initializer_list<const char*> keys) {
  for (const auto& [key, value] : object.items()) {
    const bool listed = std::any_of(keys.begin(), keys.end(), [&](const char* known) { return key == known; });
    if (!listed) differences_.push_back(fmt::format("{} \"{}\": no check knows it", what, key));
  }
}

void Comparison::check(const std::string& what, bool ok, const std::string& detail) {
  ++compared_;
  if (!ok) differences_.push_back(detail.empty() ? what : what + ": " + detail);
}

}  // namespace scant
