// Checks of contrastive losses in two halves, of alignment and uniformity, and of the selection of interactions. A case
// is recognised by what it is given and lists.
#include "harness/conform/metric_case.hpp"
#include "harness/core/error.hpp"
#include "methods/parts/contrastive_pairs.hpp"
#include "methods/parts/interaction_selection.hpp"

namespace scant {
namespace {

PullPush softmax_halves(MetricCase& golden, const PairSets& sets, Comparison& compare) {
  compare.known("param", golden.params, {"temperature", "denominator", "reduction", "grad_through_row_normalisation"});
  const std::map<std::string, Denominator> denominators{{"all other samples", Denominator::all_others},
                                                        {"own positive + negatives", Denominator::own_positive},
                                                        {"negatives", Denominator::negatives}};
  const Denominator below = denominators.at(golden.params.at("denominator"));
  if (golden.has("reduction")) {
    const bool pairs = below == Denominator::own_positive;
    compare.exact("reduction", pairs ? "mean over positive pairs" : "mean over anchors", golden.params.at("reduction"));
  }
  const torch::Tensor rows = golden.rows("embeddings");
  return softmax_terms(pair_table(rows, rows, Measure::cosine), sets, golden.number("temperature"), below);
}

PullPush margin_halves(MetricCase& golden, const PairSets& sets, Comparison& compare) {
  compare.known("param", golden.params,
                {"distance", "pos_margin", "neg_margin", "aggregation", "grad_through_row_normalisation"});
  const Measure measure = measure_of(golden.params.at("distance"));
  const torch::Tensor rows = golden.rows("embeddings");
  return contrastive_pairs(pair_table(rows, rows, measure), sets, measure,
                           {golden.number("pos_margin"), golden.number("neg_margin")},
                           aggregation_in(golden.params.at("aggregation")));
}

/// Outputs are objects, one a pair of weights.
void check_halves(const GoldenFile&, const Json& golden, Comparison& compare) {
  for (const auto& [weights, answer] : golden.at("outputs").items()) {
    Json outputs = answer;
    const double pull = outputs.at("weight_positive"), push = outputs.at("weight_entropy");
    outputs.erase("weight_positive");
    outputs.erase("weight_entropy");
    const Json with_weights{{"params", golden.at("params")}, {"inputs", golden.at("inputs")}, {"outputs", outputs}};
    MetricCase one(with_weights);
    const PairSets sets = pair_sets(one.integers("labels"));
    const PullPush halves =
        one.has("temperature") ? softmax_halves(one, sets, compare) : margin_halves(one, sets, compare);
    compare_outputs(
        one, {{"positive_term", halves.pull}, {"entropy_term", halves.push}, {"loss", halves.weighted(pull, push)}},
        compare);
  }
}

void check_alignment(const GoldenFile&, const Json& golden, Comparison& compare) {
  MetricCase one(golden);
  compare.known("param", one.params, {"alpha", "t", "grad_through_row_normalisation"});
  const torch::Tensor rows = one.rows("embeddings");
  const PullPush halves =
      alignment_and_uniformity(pair_table(rows, rows, Measure::euclidean), pair_sets(one.integers("labels")),
                               one.number("alpha"), one.number("t"));
  compare_outputs(one, {{"alignment", halves.pull}, {"uniformity", halves.push}, {"loss", halves.weighted(1, 1)}},
                  compare);
}

torch::Tensor previous(const MetricCase& golden, const char* name) {
  return tensor_of(golden.inputs.value(name, Json()));  // null: not known yet
}

void check_interactions(const GoldenFile&, const Json& golden, Comparison& compare) {
  MetricCase one(golden);
  compare.known("param", one.params,
                {"keep_fraction_positive", "keep_fraction_negative", "cut_momentum", "quantile", "pos_margin",
                 "neg_margin", "aggregation", "grad_through_row_normalisation"});
  compare.exact("quantile", "linear interpolation over ordered off-diagonal pairs", one.params.at("quantile"));
  compare.exact("aggregation", "mean over kept pairs per sign", one.params.at("aggregation"));
  const torch::Tensor teacher = one.rows("teacher_embeddings"), student = one.stored("student_embeddings");
  const torch::Tensor seen = pair_table(teacher, teacher, Measure::euclidean);
  const PairSets sets = pair_sets(one.integers("noisy_labels"));
  const InteractionCuts batch =
      cuts_of_batch(seen, sets, one.number("keep_fraction_positive"), one.number("keep_fraction_negative"));
  const InteractionCuts before{previous(one, "previous_cut_positive"), previous(one, "previous_cut_negative")};
  const InteractionCuts cuts = moved_cuts(before, batch, one.number("cut_momentum"));
  const PairSets kept = selected(seen, sets, cuts);
  const PullPush halves = contrastive_pairs(pair_table(student, student, Measure::euclidean), kept, Measure::euclidean,
                                            {one.number("pos_margin"), one.number("neg_margin")}, Aggregation::mean);
  compare_outputs(one,
                  {{"batch_cut_positive", batch.positive},
                   {"batch_cut_negative", batch.negative},
                   {"cut_positive", cuts.positive},
                   {"cut_negative", cuts.negative},
                   {"mask_positive", kept.positive},
                   {"mask_negative", kept.negative},
                   {"loss_positive", halves.pull},
                   {"loss_negative", halves.push},
                   {"loss", halves.weighted(1, 1)}},
                  compare);
}

std::function<bool(const GoldenFile&, const Json&)> lists(const char* part, const char* key) {
  return [part, key](const GoldenFile& file, const Json& golden) {
    return file.stem == "balance_tsint" && golden.contains(part) && golden.at(part).contains(key);
  };
}

}  // namespace

const RegisterKind halves_kind{{"contrastive losses in two halves",
                                [](const GoldenFile& file, const Json& golden) {
                                  return lists("outputs", "unit_weights")(file, golden) ||
                                         lists("outputs", "reweighted")(file, golden);
                                },
                                check_halves}};
const RegisterKind alignment_kind{
    {"alignment and uniformity of classes", lists("outputs", "alignment"), check_alignment}};
const RegisterKind interactions_kind{
    {"selection of interactions", lists("inputs", "teacher_embeddings"), check_interactions}};

}  // namespace scant
