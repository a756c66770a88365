// Checks of metric-learning losses over pairs, triplets and proxies. Which loss a case is about is said by its id
// alone; how it is computed, by its params.
#include <cmath>

#include "harness/conform/metric_case.hpp"
#include "harness/core/error.hpp"
#include "methods/parts/contrastive_pairs.hpp"
#include "methods/parts/cross_batch_memory.hpp"
#include "methods/parts/fast_ap.hpp"
#include "methods/parts/multi_similarity.hpp"
#include "methods/parts/proxy_losses.hpp"
#include "methods/parts/triplet_loss.hpp"

namespace scant {
namespace {

using Answer = std::map<std::string, torch::Tensor>;

/// Measured as the params say, else by the Euclidean distance.
Measure measure_in(const Json& params) {
  return measure_of(params.value("distance", std::string("euclidean")));
}

torch::Tensor batch_table(MetricCase& golden, Measure measure) {
  const torch::Tensor rows = golden.rows("embeddings");
  return pair_table(rows, rows, measure);
}

Answer contrastive(MetricCase& golden, Comparison& compare) {
  compare.known("param", golden.params,
                {"distance", "pos_margin", "neg_margin", "pairs", "reduction", "grad_through_row_normalisation"});
  if (golden.has("pairs")) compare.exact("pairs", "all ordered pairs i!=j", golden.params.at("pairs"));
  const Measure measure = measure_in(golden.params);
  const PullPush terms = contrastive_pairs(batch_table(golden, measure), pair_sets(golden.integers("labels")), measure,
                                           {golden.number("pos_margin"), golden.number("neg_margin")},
                                           aggregation_in(golden.params.at("reduction")));
  return {{"loss", terms.weighted(1, 1)}};
}

TripletKind kind_of(const std::string& miner) {
  const std::map<std::string, TripletKind> kinds{{"all", TripletKind::violating},
                                                 {"easy", TripletKind::easy},
                                                 {"semihard", TripletKind::semihard},
                                                 {"hard", TripletKind::hard}};
  if (!kinds.contains(miner)) throw InputError("no choice of triplets is called \"" + miner + "\"");
  return kinds.at(miner);
}

Answer triplet(MetricCase& golden, Comparison& compare) {
  compare.known("param", golden.params,
                {"distance", "margin", "triplets", "swap", "smooth", "miner", "miner_margin", "reduction",
                 "grad_through_row_normalisation"});
  const Json& params = golden.params;
  if (golden.has("triplets")) compare.exact("triplets", "all (a,p,n)", params.at("triplets"));
  if (golden.has("smooth")) compare.exact("smooth", "softplus(d_ap - d_an + margin)", params.at("smooth"));
  const Measure measure = measure_in(params);
  const torch::Tensor table = batch_table(golden, measure);
  const PairSets sets = pair_sets(golden.integers("labels"));
  const std::string miner = params.value("miner", std::string());
  Triplets chosen;
  if (miner.empty()) {
    chosen = all_triplets(table, sets, measure, TripletKind::all, 0);
  } else if (miner == "farthest positive and nearest negative per anchor") {
    chosen = hardest_triplets(table, sets, measure);
  } else {
    chosen = all_triplets(table, sets, measure, kind_of(miner), golden.number("miner_margin"));
  }
  const TripletOptions options{golden.number("margin"), params.value("swap", false), golden.has("smooth")};
  return {{"loss", triplet_loss(table, chosen, measure, options, aggregation_in(params.at("reduction")))},
          {"mined_indices", listed(chosen)}};
}

/// {anchor, positive, anchor, negative}, the shorter lists filled up with -1.
torch::Tensor listed_pairs(const PairSets& sets) {
  const torch::Tensor positive = sets.positive.nonzero().t(), negative = sets.negative.nonzero().t();
  torch::Tensor all = torch::full({4, std::max(positive.size(1), negative.size(1))}, -1, torch::kInt64);
  all.narrow(0, 0, 2).narrow(1, 0, positive.size(1)).copy_(positive);
  all.narrow(0, 2, 2).narrow(1, 0, negative.size(1)).copy_(negative);
  return all;
}

Answer multi_similarity(MetricCase& golden, Comparison& compare) {
  compare.known(
      "param", golden.params,
      {"alpha", "beta", "base", "epsilon", "self_pair_filter", "reduction", "grad_through_row_normalisation"});
  const std::string reduction = golden.params.at("reduction");
  const torch::Tensor cosines = batch_table(golden, Measure::cosine);
  PairSets sets = pair_sets(golden.integers("labels"));
  if (golden.has("self_pair_filter")) {
    sets = without_copies(sets, cosines, slack_in(golden.params.at("self_pair_filter")));
  }
  if (golden.has("epsilon")) sets = informative_pairs(cosines, sets, golden.number("epsilon"));
  if (reduction.starts_with("sum over anchors that keep at least one positive AND one negative, divided by B")) {
    sets = two_sided(sets);
  } else if (!reduction.starts_with("mean over anchors") && !reduction.starts_with("mean over all B anchors")) {
    throw InputError("no reduction is called \"" + reduction + "\"");
  }
  const MultiSimilarityOptions options{golden.number("alpha"), golden.number("beta"), golden.number("base")};
  return {{"loss", multi_similarity_loss(cosines, sets, options)}, {"mined_indices", listed_pairs(sets)}};
}

Answer ntxent(MetricCase& golden, Comparison& compare) {
  compare.known("param", golden.params, {"temperature", "grad_through_row_normalisation"});
  const PullPush terms = softmax_terms(batch_table(golden, Measure::cosine), pair_sets(golden.integers("labels")),
                                       golden.number("temperature"), Denominator::own_positive);
  return {{"loss", terms.weighted(1, 1)}};
}

Answer proxy_nca(MetricCase& golden, Comparison& compare) {
  compare.known("param", golden.params,
                {"softmax_scale", "distance", "denominator", "reduction", "grad_through_row_normalisation"});
  compare.exact("reduction", "mean", golden.params.at("reduction"));
  const std::string below = golden.params.at("denominator");
  const bool own = below.starts_with("all proxies, own class included");
  if (!own && !below.starts_with("all proxies, own class excluded")) {
    throw InputError("no denominator is called \"" + below + "\"");
  }
  const torch::Tensor squares =
      pair_table(golden.rows("embeddings"), golden.rows("proxies"), measure_in(golden.params));
  return {{"loss", proxy_nca_loss(squares, golden.integers("labels"), {golden.number("softmax_scale"), own})}};
}

Answer proxy_anchor(MetricCase& golden, Comparison& compare) {
  compare.known("param", golden.params, {"margin", "alpha", "grad_through_row_normalisation"});
  const torch::Tensor cosines = pair_table(golden.rows("embeddings"), golden.rows("proxies"), Measure::cosine);
  return {{"loss",
           proxy_anchor_loss(cosines, golden.integers("labels"), {golden.number("margin"), golden.number("alpha")})}};
}

Answer fast_ap(MetricCase& golden, Comparison& compare) {
  compare.known("param", golden.params, {"num_bins", "distance", "grad_through_row_normalisation"});
  return {{"loss", fast_ap_loss(batch_table(golden, measure_in(golden.params)), pair_sets(golden.integers("labels")),
                                golden.params.at("num_bins"))}};
}

/// Of the cross-batch memory and of InsCLR: with the batch itself, or with a memory.
Answer summed(MetricCase& golden, const SummedPairsOptions& options, bool drops_rejected) {
  const bool memory = golden.inputs.contains("memory") && !golden.inputs.at("memory").is_null();
  torch::Tensor rows = golden.rows("embeddings"), labels = golden.integers("labels");
  if (!memory) {
    const SummedPairs sum = summed_pairs(pair_table(rows, rows, Measure::cosine), pair_sets(labels), options);
    return {{"loss", sum.loss},
            {"avg_negatives", sum.negatives},
            {"avg_positives_rounded2", (sum.positives * 100).round() / 100}};
  }
  if (drops_rejected) {
    const torch::Tensor kept = (labels > 0).nonzero().squeeze(1);
    rows = rows.index_select(0, kept);
    labels = labels.index_select(0, kept);
  }
  const torch::Tensor cosines = pair_table(rows, golden.rows("memory"), Measure::cosine);
  const SummedPairs sum = summed_pairs(cosines, pair_sets(labels, golden.integers("memory_labels")), options);
  return {{"loss", sum.loss}, {"avg_negatives", sum.negatives}};
}

Answer cross_batch(MetricCase& golden, Comparison& compare) {
  compare.known("param", golden.params, {"margin", "positive_filter", "reduction", "grad_through_row_normalisation"});
  compare.exact("reduction", "sum over rows of [sum(1-s_pos) + sum(s_neg where s_neg>margin)] / B",
                golden.params.at("reduction"));
  return summed(golden, {0, golden.number("margin"), slack_in(golden.params.at("positive_filter"))}, false);
}

Answer insclr(MetricCase& golden, Comparison& compare) {
  compare.known("param", golden.params,
                {"neg_margin", "pos_margin", "positive_filter", "grad_through_row_normalisation"});
  // Cases with a memory leave the filter unsaid; it is that of the batch.
  const double slack = golden.has("positive_filter") ? slack_in(golden.params.at("positive_filter")) : 1e-6;
  return summed(golden, {golden.number("pos_margin"), golden.number("neg_margin"), slack}, true);
}

using Check = Answer (*)(MetricCase&, Comparison&);
constexpr std::pair<const char*, Check> checks[] = {{"contrastive_", contrastive},
                                                    {"triplet_", triplet},
                                                    {"ms_", multi_similarity},
                                                    {"ntxent", ntxent},
                                                    {"proxynca_", proxy_nca},
                                                    {"proxy_anchor", proxy_anchor},
                                                    {"fastap", fast_ap},
                                                    {"xbm_pair_", cross_batch},
                                                    {"insclr_contrastive_", insclr}};

Check check_for(const Json& golden) {
  const std::string id = golden.value("id", std::string());
  for (const auto& [prefix, check] : checks) {
    if (id.starts_with(prefix)) return check;
  }
  return nullptr;
}

}  // namespace

const RegisterKind pairwise_kind{{"losses of pairs, triplets and proxies",
                                  [](const GoldenFile& file, const Json& golden) {
                                    return file.stem == "losses_pairwise" && check_for(golden) != nullptr;
                                  },
                                  [](const GoldenFile&, const Json& golden, Comparison& compare) {
                                    MetricCase one(golden);
                                    compare_outputs(one, check_for(golden)(one, compare), compare);
                                  }}};

}  // namespace scant
