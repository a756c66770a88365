// Checks of mean shift and its constraints: loss, gradient, neighbours, bank.
#include "harness/conform/golden_inputs.hpp"
#include "harness/conform/module_case.hpp"
#include "methods/parts/constrained_shift.hpp"
#include "methods/parts/projector.hpp"
#include "methods/parts/pseudo_labels.hpp"

namespace scant {
namespace {

/// One case's state and the step's batch; `labels` are those that the neighbours' purity is measured by.
struct ShiftCase {
  ShiftCase(const Json& golden, Comparison& comparison)
      : params(golden.at("params")),
        in(golden.at("inputs")),
        out(golden.at("outputs")),
        compare(comparison),
        bank(static_cast<int>(in.at("bank_before").size()), static_cast<int>(in.at("bank_before").at(0).size())),
        labels(integers(in.contains("labels") ? in.at("labels") : in.at("gt_labels"))),
        bank_labels(integers(in.contains("labels") ? in.at("bank_labels_before") : in.at("bank_gt_labels_before"))),
        k(params.at("topk")) {
    compare.known(
        "parameter", params,
        {"topk", "topkp", "mem_bank_size", "dataset_size", "queue_ptr_before", "use_conf", "conf_th", "topk_lbl"});
    compare.known("input", in,
                  {"im_q", "im_t", "bank_before", "bank_labels_before", "labels", "bank_index_before", "pool_before",
                   "pool_slot_before", "indices", "cluster_of_sample", "bank_pseudo_labels_before",
                   "bank_gt_labels_before", "gt_labels", "is_unsup", "head_W", "head_b"});
    compare.known("output", out,
                  {"loss", "grad_im_q", "bank_after", "bank_labels_after", "queue_ptr_after", "nn_index", "purity",
                   "purity_percent", "purity_msf_percent", "pool_after", "pool_slot_after", "bank_index_after",
                   "nn_unconstrained", "nn_prime", "nn_constrained", "pseudo_acc_percent", "prob",
                   "bank_pseudo_labels_after", "confident"});
    compare.exact("mem_bank_size", in.at("bank_before").size(), params.at("mem_bank_size"));
    to_double(*bank);
    bank->features.copy_(tensor_of(in.at("bank_before")));
    bank->all_labels.copy_(bank_labels);
    if (in.contains("bank_index_before")) bank->all_images.copy_(integers(in.at("bank_index_before")));
    bank->ring.resume(params.value("queue_ptr_before", 0));
    raw_queries = tensor_of(in.at("im_q")).requires_grad_(true);
    const torch::Tensor images = in.contains("indices") ? integers(in.at("indices")) : torch::zeros_like(labels);
    batch = {unit_rows(raw_queries), unit_rows(tensor_of(in.at("im_t"))), labels, images};
  }

  const Json &params, &in, &out;
  Comparison& compare;
  NeighbourBank bank;
  torch::Tensor labels, bank_labels, raw_queries;
  int k;
  ShiftBatch batch;
};

/// The same entries row by row. Entries at the same distance, such as two of one image, may change places.
void compare_neighbours(const char* what, const torch::Tensor& distances, const BankNeighbours& got,
                        const Json& expected, Comparison& compare) {
  const torch::Tensor want = integers(expected);
  compare.exact(what, Json(got.index.sizes().vec()), Json(want.sizes().vec()));
  if (got.index.sizes() != want.sizes()) return;
  compare.check(std::string(what) + " are found", got.found.all().item<bool>());
  compare.check(what, std::get<0>(got.index.sort(1)).equal(std::get<0>(want.sort(1))));
  const torch::Tensor same = got.index.eq(want);
  const torch::Tensor tied = (distances.gather(1, got.index) - distances.gather(1, want)).abs().lt(1e-12);
  compare.check(std::string(what) + " in order", same.logical_or(tied).all().item<bool>());
}

void compare_purity(const char* key, const BankNeighbours& neighbours, double unit, const ShiftCase& one) {
  if (!one.out.contains(key)) return;
  const Tolerance tolerance = one.compare.tolerance();
  one.compare.set_tolerance({2e-6 * unit, 0});  // the reference counts in single precision
  one.compare.number(key, unit * purity(neighbours, one.labels, one.bank_labels).item<double>(), one.out.at(key));
  one.compare.set_tolerance(tolerance);
}

void compare_integers(const char* key, const torch::Tensor& got, const ShiftCase& one) {
  if (one.out.contains(key)) one.compare.tensor(key, got, one.out.at(key));
}

/// What every variant lists.
void compare_shift(const ShiftCase& one, const Shift& shift) {
  one.compare.number("loss", shift.loss.item<double>(), one.out.at("loss"));
  shift.loss.backward();
  one.compare.tensor("grad_im_q", one.raw_queries.grad(), one.out.at("grad_im_q"));
  one.compare.tensor("bank_after", one.bank->features, one.out.at("bank_after"));
  compare_integers("bank_labels_after", one.bank->all_labels, one);
  compare_integers("bank_pseudo_labels_after", one.bank->all_labels, one);
  compare_integers("bank_index_after", one.bank->all_images, one);
  if (one.out.contains("queue_ptr_after")) {
    one.compare.exact("queue_ptr_after", one.bank->ring.position(), one.out.at("queue_ptr_after"));
  }
  const torch::Tensor distances = unit_distances(one.batch.targets, one.bank->features);
  const BankNeighbours& own = shift.constrained.index.defined() ? shift.constrained : shift.plain;
  const auto neighbours = [&](const char* key, const BankNeighbours& got) {
    if (one.out.contains(key)) compare_neighbours(key, distances, got, one.out.at(key), one.compare);
  };
  neighbours("nn_index", own);
  neighbours("nn_constrained", own);
  neighbours("nn_unconstrained", shift.plain);
  compare_purity("purity", shift.plain, 1, one);
  compare_purity("purity_percent", own, 100, one);
  compare_purity("purity_msf_percent", shift.plain, 100, one);
}

/// The true labels of the bank after the step, where it holds others or other images' ones.
void place_labels(ShiftCase& one) {
  Ring ring(one.bank->ring.length());
  ring.resume(one.params.value("queue_ptr_before", 0));
  one.bank_labels.index_copy_(0, ring.advance(one.labels.size(0)), one.labels);
}

void check_two_query(ShiftCase& one) {
  ViewPool pool(static_cast<int>(one.bank->features.size(1)));
  to_double(*pool);
  pool->reserve(one.params.at("dataset_size"));
  pool->pool.copy_(tensor_of(one.in.at("pool_before")).transpose(0, 1));
  pool->slots.copy_(integers(one.in.at("pool_slot_before")));
  pool->seen.fill_(2);
  const int k_prime = one.params.at("topkp");
  const Shift shift = two_query_shift(one.batch, *one.bank, *pool, one.k, k_prime);
  compare_shift(one, shift);
  one.compare.tensor("pool_after", pool->pool.transpose(0, 1), one.out.at("pool_after"));
  compare_integers("pool_slot_after", pool->slots, one);
  if (one.out.contains("nn_prime")) {
    const torch::Tensor images = one.bank->all_images;
    const torch::Tensor distances = unit_distances(pool->previous(one.batch.images), pool->previous(images));
    compare_neighbours("nn_prime", distances, pool->neighbours(one.batch.images, images, k_prime),
                       one.out.at("nn_prime"), one.compare);
  }
}

void check_semi(ShiftCase& one) {
  one.compare.exact("topk_lbl", one.params.at("topk_lbl"), 1);
  const torch::Tensor weight = tensor_of(one.in.at("head_W")), bias = tensor_of(one.in.at("head_b"));
  const torch::Tensor known = one.labels.masked_fill(integers(one.in.at("is_unsup")).eq(1), -1);
  const double threshold = one.params.at("use_conf").get<bool>() ? one.params.at("conf_th").get<double>() : 0;
  const PseudoLabels pseudo = pseudo_labels(at::linear(one.batch.targets, weight, bias), known, threshold);
  one.batch.labels = pseudo.labels;
  one.bank->all_labels.copy_(integers(one.in.at("bank_pseudo_labels_before")));
  compare_shift(one, class_shift(one.batch, *one.bank, Unlabelled::unconstrained, one.k));
  one.compare.tensor("prob", pseudo.probabilities, one.out.at("prob"));
  compare_integers("confident", pseudo.confident, one);
  const Tolerance tolerance = one.compare.tolerance();
  one.compare.set_tolerance({2e-4, 0});  // the reference adds 1e-6 to the number of images
  one.compare.number("pseudo_acc_percent", 100 * pseudo_accuracy(pseudo, known, one.labels).item<double>(),
                     one.out.at("pseudo_acc_percent"));
  one.compare.set_tolerance(tolerance);
}

void check_shift(const GoldenFile&, const Json& golden, Comparison& compare) {
  ShiftCase one(golden, compare);
  place_labels(one);
  if (one.in.contains("pool_before")) {
    check_two_query(one);
  } else if (one.in.contains("head_W")) {
    check_semi(one);
  } else if (one.in.contains("cluster_of_sample")) {
    const torch::Tensor clusters = integers(one.in.at("cluster_of_sample"));
    compare.exact("dataset_size", clusters.size(0), one.params.at("dataset_size"));
    compare_shift(one, cluster_shift(one.batch, *one.bank, clusters, one.k));
  } else if (golden.at("id").get<std::string>().starts_with("cmsf_sup")) {  // the constraint is said by the name alone
    compare_shift(one, class_shift(one.batch, *one.bank, Unlabelled::left_out, one.k));
  } else {
    compare_shift(one, plain_shift(one.batch, *one.bank, one.k));
  }
}

}  // namespace

const RegisterKind mean_shift_kind{
    {"mean shift", [](const GoldenFile& file, const Json&) { return file.stem == "msf_cmsf"; }, check_shift}};

}  // namespace scant
