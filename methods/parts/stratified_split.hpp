// scikit-learn's stratified split, draw for draw, so that a method that keeps images apart keeps the reference's.
#pragma once
#include <cstdint>
#include <vector>

namespace scant {

/// The test part of train_test_split(test_size = n, stratify = labels, random_state = seed): 0-based positions in its
/// order, with the classes' shares as even as they can be. 0 <= n <= labels.size(). Unlike the original it takes
/// classes of one image and parts smaller than the number of classes.
std::vector<std::int64_t> stratified_test_part(const std::vector<std::int64_t>& labels, std::int64_t n,
                                               std::uint32_t seed);

}  // namespace scant
