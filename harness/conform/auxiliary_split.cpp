// Checks of the images that auxiliary learning keeps apart.
#include <set>

#include "harness/conform/conform.hpp"
#include "harness/core/error.hpp"
#include "harness/data/card.hpp"
#include "methods/parts/auxiliary_learner.hpp"
#include "methods/parts/stratified_split.hpp"

namespace scant {
namespace {

/// Images of every class of a data set's training files: equally many, except that CUB's official training part has 29
/// instead of 30 of six birds.
std::vector<std::int64_t> labels_of(const std::string& dataset, std::int64_t n) {
  static const std::set<std::int64_t> smaller{106, 125, 134, 140, 189, 195};
  const std::int64_t classes = cards().at(dataset).spec.num_classes, most = (n + classes - 1) / classes;
  std::vector<std::int64_t> labels;
  for (std::int64_t label = 0; label < classes; ++label) {
    const bool one_less = n % classes != 0 && smaller.contains(label);
    labels.insert(labels.end(), static_cast<std::size_t>(most - (one_less ? 1 : 0)), label);
  }
  if (std::ssize(labels) != n) throw InputError("the classes' sizes in " + dataset + " are not known");
  return labels;
}

void check_split(const GoldenFile&, const Json& golden, Comparison& compare) {
  const std::int64_t n = golden.at("n");
  const std::vector<std::int64_t> labels = labels_of(golden.at("dataset"), n);
  const auto classes = static_cast<int>(labels.back() + 1);
  constexpr double share = 0.015;  // the reference's, and the method's default
  const std::int64_t apart = auxiliary_set_size(n, classes, share);
  compare.exact("n_aux", apart, golden.at("n_aux"));
  compare.exact("n_train_left", n - apart, golden.at("n_train_left"));
  const std::vector<std::int64_t> positions = stratified_test_part(labels, apart, 42);
  compare.exact("aux_indices", positions, golden.at("aux_indices"));
  std::set<std::int64_t> covered;
  for (const std::int64_t position : positions) covered.insert(labels.at(static_cast<std::size_t>(position)));
  compare.exact("aux_classes_covered", covered.size(), golden.at("aux_classes_covered"));
}

}  // namespace

const RegisterKind auxilearn_split_kind{{"images kept apart",
                                         [](const GoldenFile& file, const Json& golden) {
                                           return file.stem == "aux_split" && golden.contains("dataset") &&
                                                  cards().contains(golden.at("dataset"));
                                         },
                                         check_split}};

}  // namespace scant
