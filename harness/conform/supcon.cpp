// Checks of supervised contrastive losses in the forms, and under the names, of several reference codes.
#include <map>

#include "harness/conform/conform.hpp"
#include "harness/conform/golden_inputs.hpp"
#include "harness/core/error.hpp"
#include "methods/parts/projector.hpp"
#include "methods/parts/supcon_loss.hpp"

namespace scant {
namespace {

using Form = SupConOptions::Form;
using Denominator = SupConOptions::Denominator;

/// Two views apart and raw; L_out and the form of solo-learn.
void check_two_views(const GoldenFile&, const Json& golden, Comparison& compare) {
  const Json &in = golden.at("inputs"), &out = golden.at("outputs"), &params = golden.at("params");
  compare.known("parameter", params, {"temperature"});
  compare.known("output", out, {"loss", "grad_z1", "grad_z2", "loss_solo_learn_form"});
  const torch::Tensor z1 = leaf(in.at("z1")), z2 = leaf(in.at("z2"));
  const torch::Tensor z = torch::stack({unit_rows(z1), unit_rows(z2)}, 1), same = same_class(labels_in(in));
  SupConOptions options{.temperature = params.at("temperature")};
  const torch::Tensor loss = supcon_anchors(z, same, options).values.mean();
  loss.backward();
  compare.number("loss", loss.item<double>(), out.at("loss"));
  compare.tensor("grad_z1", z1.grad(), out.at("grad_z1"));
  compare.tensor("grad_z2", z2.grad(), out.at("grad_z2"));
  options.form = Form::pooled;
  const torch::Tensor pooled = supcon_anchors(z.detach(), same, options).values.mean();
  compare.number("loss_solo_learn_form", pooled.item<double>(), out.at("loss_solo_learn_form"));
}

template <class T>
T choice_of(const Json& value, const std::map<std::string, T>& choices) {
  const auto found = choices.find(value.get<std::string>());
  if (found == choices.end()) throw InputError("no check knows " + value.dump());
  return found->second;
}

SupConOptions supcon_options(const Json& params) {
  SupConOptions options;
  options.temperature = params.at("temperature");
  options.form = choice_of<Form>(params.at("variant"), {{"out", Form::out}, {"in", Form::in}});
  if (params.contains("denominator")) {
    options.denominator =
        choice_of<Denominator>(params.at("denominator"), {{"all", Denominator::all},
                                                          {"one_positive", Denominator::one_positive},
                                                          {"only_negatives", Denominator::only_negatives}});
  }
  if (params.contains("anchors")) {
    options.first_view_anchors = choice_of<bool>(params.at("anchors"), {{"all_views", false}, {"one_view", true}});
  } else {
    options.first_view_anchors = choice_of<bool>(params.at("contrast_mode"), {{"all", false}, {"one", true}});
  }
  options.positives_cap = params.value("positives_cap", -1);
  return options;
}

/// The rows of `x`, or of unit length where the case says that its function makes them so.
torch::Tensor as_compared(const torch::Tensor& x, const char* name, const Json& params) {
  for (const Json& listed : params.at("grad_through_row_normalisation")) {
    if (listed == name) return unit_rows(x.flatten(0, -2)).view_as(x);
  }
  return x;
}

void check_views(const GoldenFile&, const Json& golden, Comparison& compare) {
  const Json &in = golden.at("inputs"), &out = golden.at("outputs"), &params = golden.at("params");
  compare.known("parameter", params,
                {"temperature", "base_temperature", "contrast_mode", "variant", "reduction", "denominator", "anchors",
                 "positives_cap", "scale_by_temperature", "grad_through_row_normalisation"});
  compare.known("input", in, {"features", "labels", "mask"});
  compare.known("output", out, {"loss", "per_sample", "grad_features"});
  const torch::Tensor features = leaf(in.at("features")), z = as_compared(features, "features", params);
  torch::Tensor same = same_image(z);
  if (!in.at("labels").is_null()) same = same_class(labels_in(in));
  if (in.contains("mask") && !in.at("mask").is_null()) same = tensor_of(in.at("mask")).to(torch::kBool);
  const SupConOptions options = supcon_options(params);
  double scale = 1;
  if (params.value("scale_by_temperature", false)) scale = options.temperature;
  if (params.contains("base_temperature")) scale = options.temperature / params.at("base_temperature").get<double>();
  const torch::Tensor anchors = scale * supcon_anchors(z, same, options).values;
  const torch::Tensor loss = anchors.mean();
  loss.backward();
  compare.number("loss", loss.item<double>(), out.at("loss"));
  compare.tensor("grad_features", features.grad(), out.at("grad_features"));
  if (out.contains("per_sample")) {
    compare.tensor("per_sample", anchors.view({-1, z.size(0)}).mean(0), out.at("per_sample"));
  }
}

/// One view an image; which loss and which mean a case is about is said by its label and its "reduction" alone.
void check_embeddings(const GoldenFile& file, const Json& golden, Comparison& compare) {
  const Json &in = golden.at("inputs"), &out = golden.at("outputs"), &params = golden.at("params");
  compare.known("parameter", params,
                {"temperature", "normalises_inside", "reduction", "grad_through_row_normalisation"});
  compare.known("output", out, {"loss", "grad_embeddings"});
  const torch::Tensor embeddings = leaf(in.at("embeddings")), z = as_compared(embeddings, "embeddings", params);
  const std::string reduction = params.at("reduction");
  SupConOptions options{.temperature = params.at("temperature")};
  torch::Tensor loss;
  const torch::Tensor rows = z.unsqueeze(1), same = same_class(labels_in(in));
  if (reduction.starts_with("mean over anchors with loss>0")) {
    loss = mean_of_losing(supcon_anchors(rows, same, options));
  } else if (reduction.starts_with("mean over positive pairs")) {
    options.denominator = Denominator::one_positive;
    loss = mean_of_pairs(supcon_anchors(rows, same, options));
  } else {
    throw InputError("no check knows the reduction \"" + reduction + "\"", {file.path.string()});
  }
  loss.backward();
  compare.number("loss", loss.item<double>(), out.at("loss"));
  compare.tensor("grad_embeddings", embeddings.grad(), out.at("grad_embeddings"));
}

bool takes(const Json& golden, const char* input) {
  return golden.contains("inputs") && golden.at("inputs").contains(input);
}

}  // namespace

const RegisterKind two_views_kind{
    {"supervised contrastive loss of two views",
     [](const GoldenFile& file, const Json& golden) { return file.stem == "ntxent" && takes(golden, "labels"); },
     check_two_views}};
const RegisterKind views_kind{{"supervised contrastive losses",
                               [](const GoldenFile& file, const Json& golden) {
                                 return file.stem == "losses_supcon" && takes(golden, "features");
                               },
                               check_views}};
const RegisterKind embeddings_kind{{"supervised contrastive losses of embeddings",
                                    [](const GoldenFile& file, const Json& golden) {
                                      return file.stem == "losses_supcon" && takes(golden, "embeddings");
                                    },
                                    check_embeddings}};

}  // namespace scant
