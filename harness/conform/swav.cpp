// Checks of Sinkhorn codes and of SwAV's training step.
#include <algorithm>

#include "harness/conform/module_case.hpp"
#include "harness/conform/ranks.hpp"
#include "methods/parts/projector.hpp"
#include "methods/parts/sinkhorn.hpp"
#include "methods/parts/swav_loss.hpp"

namespace scant {
namespace {

SwavOptions swav_options(const Json& params, const char* iterations) {
  SwavOptions options;
  options.epsilon = params.at("epsilon");
  options.iterations = params.at(iterations);
  if (params.contains("temperature")) options.temperature = params.at("temperature");
  return options;
}

void check_codes(const GoldenFile&, const Json& golden, Comparison& compare) {
  const Json &params = golden.at("params"), &in = golden.at("inputs"), &out = golden.at("outputs");
  compare.known("parameter", params, {"epsilon", "iterations"});
  compare.known("input", in, {"scores", "queue_scores", "batch_scores"});
  compare.known("output", out,
                {"codes", "codes_expected", "row_sums", "prototype_mass", "reference_direct_exp_float64",
                 "reference_direct_exp_float32_scores_plus_5"});
  const SwavOptions options = swav_options(params, "iterations");
  const torch::Tensor scores = tensor_of(in.contains("scores") ? in.at("scores") : in.at("batch_scores"));
  const torch::Tensor earlier = in.contains("queue_scores") ? tensor_of(in.at("queue_scores")) : torch::Tensor();
  const torch::Tensor codes = assigned_codes(scores, earlier, options);
  for (const char* key : {"codes", "codes_expected"}) {
    if (out.contains(key)) compare.tensor(key, codes, out.at(key));
  }
  if (out.contains("row_sums")) compare.tensor("row_sums", codes.sum(1), out.at("row_sums"));
  if (out.contains("prototype_mass")) compare.tensor("prototype_mass", codes.sum(0), out.at("prototype_mass"));
  // What the reference gives where its exponentials overflow is listed as a warning, not as a target.
  if (out.contains("reference_direct_exp_float32_scores_plus_5")) {
    const torch::Tensor single = assigned_codes((scores + 5).to(torch::kFloat32), {}, options);
    compare.check("codes in single precision", torch::allclose(single.to(torch::kFloat64), codes, 1e-3, 1e-3));
  }
}

/// Ranks hold equal parts of the samples.
void check_gathered_codes(const GoldenFile&, const Json& golden, Comparison& compare) {
  const Json &params = golden.at("params"), &out = golden.at("outputs");
  compare.known("parameter", params, {"epsilon", "iterations", "world_size"});
  compare.known("input", golden.at("inputs"), {"scores"});
  compare.known("output", out, {"codes_rank", "codes_single_process"});
  const SwavOptions options = swav_options(params, "iterations");
  const torch::Tensor scores = tensor_of(golden.at("inputs").at("scores"));
  const int ranks = params.at("world_size");
  const std::vector<torch::Tensor> own = scores.chunk(ranks);
  std::vector<torch::Tensor> codes(own.size());
  run_ranks(ranks, [&](Gather& gather) {
    const auto rank = static_cast<std::size_t>(gather.rank());
    codes[rank] = sinkhorn_codes(own[rank], options.epsilon, options.iterations, gather);
  });
  compare.exact("ranks", codes.size(), out.at("codes_rank").size());
  for (std::size_t rank = 0; rank < std::min(codes.size(), out.at("codes_rank").size()); ++rank) {
    compare.tensor("codes_rank", codes[rank], out.at("codes_rank")[rank]);
  }
  compare.tensor("codes_single_process", assigned_codes(scores, {}, options), out.at("codes_single_process"));
}

/// One step: loss and gradients, plain gradient descent of the prototypes.
void check_step(const Json& crops, const Json& params, bool frozen, PrototypesImpl& prototypes, FeatureQueueImpl* queue,
                const Json& expected, Comparison& compare) {
  compare.known("output", expected, {"loss", "grad_projections", "prototypes_after", "grad_prototypes", "queue_after"});
  const torch::Tensor projections = tensor_of(crops).requires_grad_(true);
  std::vector<torch::Tensor> embeddings;
  for (const torch::Tensor& crop : projections.unbind(0)) embeddings.push_back(unit_rows(crop));
  const torch::Tensor loss = swav_loss(embeddings, params.at("crops_for_assign"), prototypes, frozen, queue,
                                       swav_options(params, "sinkhorn_iterations"));
  prototypes.weight.mutable_grad() = torch::Tensor();
  loss.backward();
  const torch::Tensor gradient = prototypes.weight.grad();
  if (gradient.defined()) {
    const torch::NoGradGuard no_grad;
    prototypes.weight.sub_(gradient, params.at("lr").get<double>());
  }
  compare.number("loss", loss.item<double>(), expected.at("loss"));
  compare.tensor("grad_projections", projections.grad(), expected.at("grad_projections"));
  compare.tensor("prototypes_after", prototypes.weight, expected.at("prototypes_after"));
  if (expected.at("grad_prototypes").is_string()) {
    compare.check("frozen prototypes have no gradient", !gradient.defined());
  } else if (gradient.defined()) {
    compare.tensor("grad_prototypes", gradient, expected.at("grad_prototypes"));
  } else {
    compare.check("grad_prototypes", false, "there is none");
  }
  if (expected.contains("queue_after")) {
    compare.check("there is a queue", queue != nullptr);
    if (queue != nullptr) compare.tensor("queue_after", queue->features, expected.at("queue_after"));
  }
}

void check_swav_steps(const GoldenFile&, const Json& golden, Comparison& compare) {
  const Json &params = golden.at("params"), &in = golden.at("inputs"), &steps = golden.at("outputs").at("steps");
  compare.known("parameter", params,
                {"temperature", "epsilon", "sinkhorn_iterations", "nmb_crops", "crops_for_assign", "lr",
                 "freeze_prototypes_niters", "queue_length"});
  compare.known("input", in, {"prototypes_before", "projections_per_step"});
  compare.known("output", golden.at("outputs"), {"steps"});
  const torch::Tensor before = tensor_of(in.at("prototypes_before"));
  Random random(0);
  Prototypes prototypes(static_cast<int>(before.size(0)), static_cast<int>(before.size(1)), random);
  prototypes->weight.set_data(before);
  const int length = params.at("queue_length");
  FeatureQueue queue(static_cast<int>(params.at("crops_for_assign").size()), std::max(length, 1),
                     static_cast<int>(before.size(1)));
  to_double(*queue);
  const Json& projections = in.at("projections_per_step");
  compare.exact("steps", projections.size(), steps.size());
  for (std::size_t t = 0; t < std::min(projections.size(), steps.size()); ++t) {
    std::size_t crops = 0;
    for (const Json& part : params.at("nmb_crops")) crops += part.get<std::size_t>();
    compare.exact("crops", projections[t].size(), crops);
    const bool frozen = t < params.at("freeze_prototypes_niters").get<std::size_t>();
    check_step(projections[t], params, frozen, *prototypes, length > 0 ? queue.get() : nullptr, steps[t], compare);
  }
}

}  // namespace

const RegisterKind sinkhorn_kind{
    {"Sinkhorn codes", [](const GoldenFile& file, const Json&) { return file.stem == "sinkhorn"; }, check_codes}};
const RegisterKind gathered_codes_kind{{"Sinkhorn codes of several ranks",
                                        [](const GoldenFile& file, const Json& golden) {
                                          return file.stem == "gather" && golden.at("inputs").contains("scores");
                                        },
                                        check_gathered_codes}};
const RegisterKind swav_kind{
    {"SwAV steps", [](const GoldenFile& file, const Json&) { return file.stem == "swav_loss"; }, check_swav_steps}};

}  // namespace scant
