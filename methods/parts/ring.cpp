// Places of a ring of rows.
#include "methods/parts/ring.hpp"

#include <algorithm>

namespace scant {
namespace {

void set(torch::Tensor& state, std::int64_t position, std::int64_t filled, std::int64_t length) {
  state.copy_(torch::tensor({position, filled, length}, torch::kInt64));
}

}  // namespace

Ring::Ring(std::int64_t length) : state(torch::tensor({std::int64_t{0}, std::int64_t{0}, length}, torch::kInt64)) {}

torch::Tensor Ring::advance(std::int64_t n) {
  const std::int64_t at = position();
  const torch::Tensor places = torch::arange(at, at + n, torch::kInt64).remainder(length());
  set(state, (at + n) % length(), std::min(filled() + n, length()), length());
  return places;
}

void Ring::shorten(std::int64_t wanted) {
  if (length() <= wanted) return;
  const std::int64_t shorter = std::max(wanted, filled());
  set(state, position() % shorter, filled(), shorter);
}

void Ring::resume(std::int64_t at) {
  set(state, at, length(), length());
}

}  // namespace scant
