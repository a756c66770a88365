// One configuration named on the command line, checked as a suite is.
#pragma once
#include <CLI/CLI.hpp>
#include <string>
#include <vector>

#include "harness/core/plan.hpp"

namespace scant {

struct SingleFlags {
  std::string method, dataset, backbone, augment;  // empty: the data set's own
  int split = 0, epochs = 0;                       // epochs 0: the data set's own
  std::uint64_t seed = 0;
  std::vector<std::string> set;  // key=value of the method's parameters
};

/// "key=value" pairs as an object; a value that is no JSON is a string. Throws InputError for a pair without "=".
Json assignments(const std::vector<std::string>& pairs);

/// The one study that the flags name; its method's `params` hold what --set says and nothing else. Throws InputError
/// that lists every error at once.
Study single_study(const SingleFlags& flags);

/// An augmentation as suites write it, e.g. { kind = "shift", pad = 4 }, checked; the data set's own for "". Throws
/// InputError.
Augment augment_of(const std::string& text, const std::string& dataset);

}  // namespace scant
