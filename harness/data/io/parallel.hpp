// A bounded parallel loop for decoding: results go into slots, so their order never depends on timing.
#pragma once
#include <cstddef>
#include <functional>

namespace scant {

/// Calls work(0) ... work(count - 1) on up to `threads` threads, this one included. After a failure no new index
/// starts; the exception of the lowest failed index is thrown, so the same input always gives the same message.
void parallel_for(std::size_t count, int threads, const std::function<void(std::size_t)>& work);

}  // namespace scant
