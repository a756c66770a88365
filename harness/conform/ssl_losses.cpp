// Checks of the losses of contrastive and self-supervised learning: NT-Xent on one and several ranks, InfoNCE with a
// queue, hard negative mixing, BYOL, Barlow Twins.
#include "harness/conform/golden_inputs.hpp"
#include "harness/conform/module_case.hpp"
#include "harness/conform/ranks.hpp"
#include "methods/parts/barlow_loss.hpp"
#include "methods/parts/byol_loss.hpp"
#include "methods/parts/info_nce.hpp"
#include "methods/parts/key_queue.hpp"
#include "methods/parts/mochi_negatives.hpp"
#include "methods/parts/momentum_network.hpp"
#include "methods/parts/nt_xent.hpp"
#include "methods/parts/projector.hpp"
#include "methods/parts/split_norm.hpp"

namespace scant {
namespace {

torch::Tensor copied_leaf(const torch::Tensor& values) {
  return values.detach().clone().requires_grad_(true);
}
void check_nt_xent(const GoldenFile&, const Json& golden, Comparison& compare) {
  const Json &in = golden.at("inputs"), &out = golden.at("outputs"), &params = golden.at("params");
  compare.known("parameter", params, {"temperature", "normalize"});
  compare.known("output", out,
                {"loss_mean", "loss_google_sum", "loss_supcontrast_default_base_temp_0_07", "per_anchor",
                 "grad_z1_of_loss_mean", "grad_z2_of_loss_mean", "logits_ab", "argmax", "contrast_acc"});
  const NtXentOptions options{params.at("temperature"), params.at("normalize")};
  const torch::Tensor z1 = leaf(in.at("z1")), z2 = leaf(in.at("z2"));
  const torch::Tensor anchors = nt_xent_anchors(z1, z2, options), loss = anchors.mean();
  const torch::Tensor logits = view_logits(z1, z2, options);
  loss.backward();
  const double mean = loss.item<double>();
  for (const auto& [key, value] : out.items()) {
    if (key == "loss_mean") compare.number(key, mean, value);
    // The sum of two means, one a view, and the mean on the scale of a base temperature.
    if (key == "loss_google_sum") compare.number(key, anchors.view({2, -1}).mean(1).sum().item<double>(), value);
    if (key == "loss_supcontrast_default_base_temp_0_07") compare.number(key, mean * options.temperature / 0.07, value);
    if (key == "per_anchor") compare.tensor(key, anchors, value);
    if (key == "grad_z1_of_loss_mean") compare.tensor(key, z1.grad(), value);
    if (key == "grad_z2_of_loss_mean") compare.tensor(key, z2.grad(), value);
    if (key == "logits_ab") compare.tensor(key, logits, value);
    if (key == "argmax") compare.tensor(key, logits.argmax(1), value);
    if (key == "contrast_acc") compare.number(key, contrast_accuracy(logits).item<double>(), value);
  }
}

void check_gathered_nt_xent(const GoldenFile&, const Json& golden, Comparison& compare) {
  const Json &in = golden.at("inputs"), &out = golden.at("outputs"), &params = golden.at("params");
  compare.known("parameter", params, {"temperature", "world_size"});
  compare.known("output", out,
                {"loss_rank", "loss_single_process", "grad_z1_rank", "grad_z2_rank", "grad_z1_single_process",
                 "grad_z2_single_process"});
  const NtXentOptions options{.temperature = params.at("temperature")};
  const int ranks = params.at("world_size");
  const torch::Tensor z1 = tensor_of(in.at("z1")), z2 = tensor_of(in.at("z2"));
  std::vector<torch::Tensor> losses(static_cast<std::size_t>(ranks)), first = losses, second = losses;
  run_ranks(ranks, [&](Gather& gather) {
    const auto rank = static_cast<std::size_t>(gather.rank());
    first[rank] = copied_leaf(z1.chunk(ranks)[rank]);
    second[rank] = copied_leaf(z2.chunk(ranks)[rank]);
    losses[rank] = nt_xent_anchors(first[rank], second[rank], options, gather).mean();
    losses[rank].backward();
  });
  const auto gradients = [](std::vector<torch::Tensor> leaves) {
    for (torch::Tensor& tensor : leaves) tensor = tensor.grad();
    return torch::stack(leaves);
  };
  compare.tensor("loss_rank", torch::stack(losses), out.at("loss_rank"));
  compare.tensor("grad_z1_rank", gradients(first), out.at("grad_z1_rank"));
  compare.tensor("grad_z2_rank", gradients(second), out.at("grad_z2_rank"));

  const torch::Tensor whole1 = copied_leaf(z1), whole2 = copied_leaf(z2);
  const torch::Tensor loss = nt_xent_anchors(whole1, whole2, options).mean();
  loss.backward();
  compare.number("loss_single_process", loss.item<double>(), out.at("loss_single_process"));
  compare.tensor("grad_z1_single_process", whole1.grad(), out.at("grad_z1_single_process"));
  compare.tensor("grad_z2_single_process", whole2.grad(), out.at("grad_z2_single_process"));
}

torch::nn::Linear linear_encoder(const torch::Tensor& weight) {
  torch::nn::Linear encoder(torch::nn::LinearOptions(weight.size(1), weight.size(0)).bias(false));
  encoder->weight.set_data(weight.clone());
  return encoder;
}

void check_info_nce(const GoldenFile&, const Json& golden, Comparison& compare) {
  const Json &in = golden.at("inputs"), &out = golden.at("outputs"), &params = golden.at("params");
  compare.known("parameter", params, {"temperature", "momentum", "K", "queue_ptr_before"});
  compare.known(
      "output", out,
      {"W_k_after", "q", "k", "logits", "loss", "grad_im_q", "grad_W_q", "queue_rows_after", "queue_ptr_after"});
  auto query = linear_encoder(tensor_of(in.at("W_q"))), key = linear_encoder(tensor_of(in.at("W_k_before")));
  const torch::Tensor queue = tensor_of(in.at("queue_rows_before")).t().contiguous(), images = leaf(in.at("im_q"));
  compare.exact("K", queue.size(1), params.at("K"));
  Follower follower;
  follower.add(*query, *key);
  key->weight.set_data(tensor_of(in.at("W_k_before")));

  const torch::Tensor q = unit_rows(query->forward(images));
  follower.move(params.at("momentum"));
  const torch::Tensor k = unit_rows(key->forward(tensor_of(in.at("im_k"))));
  const torch::Tensor logits = info_nce_logits(q, k, queue, {.temperature = params.at("temperature")});
  const torch::Tensor loss = first_is_right(logits);
  loss.backward();
  const std::int64_t position = replace_oldest(queue, k, params.at("queue_ptr_before"));
  compare.tensor("W_k_after", key->weight, out.at("W_k_after"));
  compare.tensor("q", q, out.at("q"));
  compare.tensor("k", k, out.at("k"));
  compare.tensor("logits", logits, out.at("logits"));
  compare.number("loss", loss.item<double>(), out.at("loss"));
  compare.tensor("grad_im_q", images.grad(), out.at("grad_im_q"));
  compare.tensor("grad_W_q", query->weight.grad(), out.at("grad_W_q"));
  compare.tensor("queue_rows_after", queue.t(), out.at("queue_rows_after"));
  compare.exact("queue_ptr_after", position, out.at("queue_ptr_after"));
}

/// The listed draws; of a kind that is not mixed at all nothing is listed.
MochiDraws listed_draws(const Json& in, std::int64_t queries) {
  const auto table = [&](const char* key, torch::ScalarType type) {
    return in.contains(key) ? tensor_of(in.at(key)).to(type) : torch::empty({queries, 0}, type);
  };
  return {table("pair_i", torch::kInt64), table("pair_j", torch::kInt64), table("alpha", torch::kFloat64),
          table("idx_j", torch::kInt64), table("beta", torch::kFloat64)};
}

void check_mochi(const GoldenFile&, const Json& golden, Comparison& compare) {
  const Json &in = golden.at("inputs"), &out = golden.at("outputs"), &params = golden.at("params");
  compare.known("parameter", params, {"temperature", "N", "s", "s_prime", "K"});
  compare.known("output", out, {"topN_indices", "logits", "loss", "grad_q_raw", "h_type1", "h_type2"});
  const torch::Tensor raw = leaf(in.at("q_raw")), queries = unit_rows(raw), keys = unit_rows(tensor_of(in.at("k_raw")));
  const torch::Tensor queue = tensor_of(in.at("queue")).t();
  const MochiDraws draws = listed_draws(in, queries.size(0));
  compare.exact("K", queue.size(1), params.at("K"));
  compare.exact("s", draws.first.size(1), params.at("s"));
  compare.exact("s_prime", draws.partner.size(1), params.at("s_prime"));
  const InfoNceOptions options{.temperature = params.at("temperature")};
  const torch::Tensor hardest = hardest_keys(queries, queue, params.at("N"));
  const MochiNegatives negatives = mix_negatives(queries, queue, hardest, draws);
  const torch::Tensor logits = torch::cat(
      {info_nce_logits(queries, keys, queue, options), mochi_logits(queries, negatives, options.temperature)}, 1);
  const torch::Tensor loss = first_is_right(logits);
  loss.backward();
  compare.tensor("topN_indices", hardest, out.at("topN_indices"));
  compare.tensor("logits", logits, out.at("logits"));
  compare.number("loss", loss.item<double>(), out.at("loss"));
  compare.tensor("grad_q_raw", raw.grad(), out.at("grad_q_raw"));
  if (out.contains("h_type1")) compare.tensor("h_type1", negatives.pairs, out.at("h_type1"));
  if (out.contains("h_type2")) compare.tensor("h_type2", negatives.with_query, out.at("h_type2"));
}

void check_byol_crops(const Json& golden, Comparison& compare) {
  const Json &in = golden.at("inputs"), &out = golden.at("outputs"), &params = golden.at("params");
  compare.known("parameter", params, {"num_large_crops", "num_crops"});
  compare.known("output", out, {"loss_sum", "grad_p"});
  const torch::Tensor p = leaf(in.at("p")), z = tensor_of(in.at("z_momentum"));
  compare.exact("num_crops", p.size(0), params.at("num_crops"));
  compare.exact("num_large_crops", z.size(0), params.at("num_large_crops"));
  const torch::Tensor loss = byol_loss(p.unbind(0), z.unbind(0));
  loss.backward();
  compare.number("loss_sum", loss.item<double>(), out.at("loss_sum"));
  compare.tensor("grad_p", p.grad(), out.at("grad_p"));
}

void check_byol(const GoldenFile&, const Json& golden, Comparison& compare) {
  const Json &in = golden.at("inputs"), &out = golden.at("outputs");
  if (in.contains("p")) {
    check_byol_crops(golden, compare);
    return;
  }
  compare.known("parameter", golden.at("params"), {});
  compare.known(
      "output", out,
      {"loss", "per_sample_p1_z2", "per_sample_p2_z1", "grad_p1", "grad_p2", "lightly_cifar10_benchmark_loss"});
  const torch::Tensor p1 = leaf(in.at("p1")), p2 = leaf(in.at("p2")), z1 = leaf(in.at("z1")), z2 = leaf(in.at("z2"));
  const torch::Tensor loss = byol_loss({p1, p2}, {z1, z2});
  loss.backward();
  compare.number("loss", loss.item<double>(), out.at("loss"));
  compare.tensor("per_sample_p1_z2", regression_loss(p1, z2), out.at("per_sample_p1_z2"));
  compare.tensor("per_sample_p2_z1", regression_loss(p2, z1), out.at("per_sample_p2_z1"));
  compare.tensor("grad_p1", p1.grad(), out.at("grad_p1"));
  compare.tensor("grad_p2", p2.grad(), out.at("grad_p2"));
  compare.check("no gradient reaches the targets", !z1.grad().defined() && !z2.grad().defined());
  compare.number("lightly_cifar10_benchmark_loss", negative_cosine_loss({p1, p2}, {z1, z2}).item<double>(),
                 out.at("lightly_cifar10_benchmark_loss"));
}

void check_barlow(const GoldenFile&, const Json& golden, Comparison& compare) {
  const Json &in = golden.at("inputs"), &out = golden.at("outputs"), &params = golden.at("params");
  compare.known("parameter", params, {"lambda", "scale_loss", "bn_eps", "grad_through_row_normalisation"});
  compare.known("output", out, {"cross_correlation", "loss", "grad_z1", "grad_z2"});
  const torch::Tensor z1 = leaf(in.at("z1")), z2 = leaf(in.at("z2"));
  const torch::Tensor correlation = cross_correlation(z1, z2, params.at("bn_eps"));
  const torch::Tensor loss =
      barlow_loss(correlation, {.off_diagonal = params.at("lambda"), .scale = params.at("scale_loss")});
  loss.backward();
  if (out.contains("cross_correlation")) {
    compare.tensor("cross_correlation", correlation, out.at("cross_correlation"));
  }
  compare.number("loss", loss.item<double>(), out.at("loss"));
  compare.tensor("grad_z1", z1.grad(), out.at("grad_z1"));
  compare.tensor("grad_z2", z2.grad(), out.at("grad_z2"));
}

void check_split_statistics(const GoldenFile&, const Json& golden, Comparison& compare) {
  const Json &in = golden.at("inputs"), &out = golden.at("outputs"), &params = golden.at("params");
  compare.known("parameter", params, {"num_splits", "eps", "momentum"});
  compare.known("output", out,
                {"train_output", "grad_x", "grad_weight", "grad_bias", "running_mean_after", "running_var_after"});
  const torch::Tensor x = leaf(in.at("x"));
  SplitNorm norm(static_cast<int>(x.size(1)), params.at("num_splits").get<int>(), params.at("momentum").get<double>(),
                 params.at("eps").get<double>());
  to_double(*norm);
  {
    const torch::NoGradGuard no_grad;
    norm->weight.copy_(tensor_of(in.at("weight")));
    norm->bias.copy_(tensor_of(in.at("bias")));
  }
  const torch::Tensor got = norm->forward(x);
  (got * tensor_of(in.at("cotangent"))).sum().backward();
  compare.tensor("train_output", got, out.at("train_output"));
  compare.tensor("grad_x", x.grad(), out.at("grad_x"));
  compare.tensor("grad_weight", norm->weight.grad(), out.at("grad_weight"));
  if (out.contains("grad_bias")) compare.tensor("grad_bias", norm->bias.grad(), out.at("grad_bias"));
  compare.tensor("running_mean_after", norm->running_mean, out.at("running_mean_after"));
  compare.tensor("running_var_after", norm->running_var, out.at("running_var_after"));
}

bool has_views(const Json& golden) {
  return golden.contains("inputs") && golden.at("inputs").contains("z1");
}

std::function<bool(const GoldenFile&, const Json&)> called(const std::string& stem) {
  return [stem](const GoldenFile& file, const Json&) { return file.stem == stem; };
}

}  // namespace

const RegisterKind nt_xent_kind{{"NT-Xent",
                                 [](const GoldenFile& file, const Json& golden) {
                                   return file.stem == "ntxent" && has_views(golden) &&
                                          !golden.at("inputs").contains("labels");
                                 },
                                 check_nt_xent}};
const RegisterKind gathered_kind{
    {"NT-Xent on several ranks",
     [](const GoldenFile& file, const Json& golden) { return file.stem == "gather" && has_views(golden); },
     check_gathered_nt_xent}};
const RegisterKind moco_kind{{"InfoNCE with a queue", called("moco_infonce"), check_info_nce}};
const RegisterKind mochi_kind{{"hard negative mixing", called("mochi"), check_mochi}};
const RegisterKind byol_kind{{"BYOL's loss", called("byol"), check_byol}};
const RegisterKind split_norm_kind{{"normalisation by parts", called("split_bn"), check_split_statistics}};
const RegisterKind barlow_kind{
    {"Barlow Twins' loss",
     [](const GoldenFile& file, const Json& golden) { return file.stem == "losses_tldr" && has_views(golden); },
     check_barlow}};

}  // namespace scant
