// Sections of the golden file of statistical tests.
#pragma once
#include "harness/conform/conform.hpp"

namespace scant {

/// Lists of records with inputs "x" and "y", and the Bayesian signed-rank test.
void check_two_samples(const Json& golden, Comparison& compare);
void check_pairs(const Json& golden, Comparison& compare);
void check_bayes_signed_rank(const Json& golden, Comparison& compare);

/// Records with "scores" of methods on data sets; quantiles {alpha: {methods: q}}.
void check_many_methods(const Json& golden, Comparison& compare);
void check_range_quantiles(const Json& golden, Comparison& compare);

}  // namespace scant
