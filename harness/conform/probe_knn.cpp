// Nearest neighbours and their votes against reference numbers.
#include "harness/learn/probe/knn.hpp"

#include <algorithm>
#include <vector>

#include "harness/conform/conform.hpp"
#include "harness/core/error.hpp"

namespace scant {
namespace {

/// How a case's name says that features are compared and votes counted.
KnnOptions knn_options(const Json& golden) {
  const std::string id = golden.at("id");
  const Json& params = golden.at("params");
  KnnOptions options;
  options.k = params.at("k");
  if (id.starts_with("euclidean")) {
    options.metric = "euclidean";
    options.epsilon = params.at("epsilon");
  } else if (id.starts_with("cosine")) {
    options.temperature = params.at("T");
  } else if (id.starts_with("majority")) {
    options.vote = "majority";
  } else {
    throw InputError("the case is neither cosine, euclidean nor majority");
  }
  return options;
}

struct Data {
  torch::Tensor train, train_labels, test, test_labels;
  int classes = 0;
};

Data data_of(const Json& golden) {
  const Json& inputs = golden.at("inputs");
  Data data{tensor_of(inputs.at("train_features")), tensor_of(inputs.at("train_labels")).to(torch::kInt64),
            tensor_of(inputs.at("test_features")), tensor_of(inputs.at("test_labels")).to(torch::kInt64)};
  const Json& outputs = golden.at("outputs");
  data.classes = static_cast<int>(outputs.at(outputs.contains("scores") ? "scores" : "counts").at(0).size());
  return data;
}

double percent_right(const torch::Tensor& right) {
  return 100 * right.to(torch::kFloat64).mean().item<double>();
}

/// The reference counts a label among the first five classes, or the first k where fewer neighbours vote.
double top5_percent(const torch::Tensor& ranking, const torch::Tensor& labels, int k) {
  const std::int64_t first = std::min<std::int64_t>({5, k, ranking.size(1)});
  return percent_right(ranking.narrow(1, 0, first).eq(labels.unsqueeze(1)).any(1));
}

void check_weighted(const Json& golden, Comparison& compare) {
  const Json& outputs = golden.at("outputs");
  compare.known("param", golden.at("params"), {"k", "T", "epsilon", "num_classes"});
  compare.known("output", outputs, {"pred", "ranking", "scores", "acc1", "acc5", "neighbour_index"});
  const KnnOptions options = knn_options(golden);
  const Data data = data_of(golden);
  const Neighbours found = nearest(data.train, data.test, options.metric, options.k);
  const torch::Tensor scores = knn_scores(found, data.train_labels, data.classes, options);
  const torch::Tensor ranking = scores.argsort(1, /*descending=*/true);
  compare.exact("num_classes", data.classes, golden.at("params").at("num_classes"));
  compare.tensor("scores", scores, outputs.at("scores"));
  compare.tensor("pred", scores.argmax(1), outputs.at("pred"));
  // A text where unseen classes tie at 0 and the order is not unique.
  if (outputs.contains("ranking") && outputs.at("ranking").is_array()) {
    compare.tensor("ranking", ranking, outputs.at("ranking"));
  }
  if (outputs.contains("neighbour_index")) compare.tensor("neighbour_index", found.rows, outputs.at("neighbour_index"));
  if (outputs.contains("acc1")) {
    compare.number("acc1", percent_right(scores.argmax(1).eq(data.test_labels)), outputs.at("acc1"));
  }
  if (outputs.contains("acc5")) {
    compare.number("acc5", top5_percent(ranking, data.test_labels, options.k), outputs.at("acc5"));
  }
}

void check_majority(const Json& golden, Comparison& compare) {
  const Json& outputs = golden.at("outputs");
  compare.known("param", golden.at("params"), {"k", "num_classes"});
  compare.known("output", outputs, {"counts", "tied_rows", "pred_untied", "acc_percent_tie_by_first_seen"});
  const KnnOptions options = knn_options(golden);
  const Data data = data_of(golden);
  const Neighbours found = nearest(data.train, data.test, options.metric, options.k);
  const torch::Tensor counts = votes(found, data.train_labels, data.classes, options);
  const torch::Tensor predicted = knn_scores(found, data.train_labels, data.classes, options).argmax(1);
  const torch::Tensor tied = counts.eq(counts.amax(1, true)).sum(1) > 1;
  compare.tensor("counts", counts, outputs.at("counts"));
  compare.tensor("tied_rows", tied, outputs.at("tied_rows"));
  // The file marks tied rows with -1.
  compare.tensor("pred_untied", predicted.masked_fill(tied, -1), outputs.at("pred_untied"));
  compare.number("acc_percent_tie_by_first_seen", percent_right(predicted.eq(data.test_labels)),
                 outputs.at("acc_percent_tie_by_first_seen"));
}

}  // namespace

const RegisterKind knn_kind{
    {"nearest neighbours",
     [](const GoldenFile& file, const Json& golden) {
       return file.stem == "knn" && golden.contains("outputs") && golden.at("outputs").contains("scores");
     },
     [](const GoldenFile&, const Json& golden, Comparison& compare) { check_weighted(golden, compare); }}};
const RegisterKind majority_kind{
    {"majority vote of neighbours",
     [](const GoldenFile& file, const Json& golden) {
       return file.stem == "knn" && golden.contains("outputs") && golden.at("outputs").contains("counts");
     },
     [](const GoldenFile&, const Json& golden, Comparison& compare) { check_majority(golden, compare); }}};

}  // namespace scant
