// Checks of the t-vMF head.
#include "harness/conform/module_case.hpp"
#include "methods/parts/tvmf_head.hpp"

namespace scant {
namespace {

void check_tvmf(const GoldenFile&, const Json& golden, Comparison& compare) {
  const Json &inputs = golden.at("inputs"), &expected = golden.at("expected");
  const torch::Tensor features = tensor_of(inputs.at("features")).requires_grad_(true);
  const torch::Tensor weight = tensor_of(inputs.at("weight"));
  const torch::Tensor labels = tensor_of(inputs.at("labels")).to(torch::kInt64);
  const double kappa = inputs.value("kappa", 0.0);  // a case without one is the plain cosine
  Random random(0);
  TvmfHead head(static_cast<int>(weight.size(1)), static_cast<int>(weight.size(0)), kappa, random);
  to_double(*head);
  {
    const torch::NoGradGuard no_grad;
    head->weight.copy_(weight);
    head->s_.fill_(inputs.at("s_raw").get<double>());
    head->kappa.fill_(kappa);  // again, now in double precision
  }
  const torch::Tensor similarity = head->forward(features), loss = head->loss(similarity, labels);
  loss.backward();
  if (expected.contains("scale")) compare.number("scale", head->scale().item<double>(), expected.at("scale"));
  compare.tensor("similarity", similarity, expected.at("similarity"));
  compare.number("loss", loss.item<double>(), expected.at("loss"));
  compare.tensor("grad_features", features.grad(), expected.at("grad_features"));
  compare.tensor("grad_weight", head->weight.grad(), expected.at("grad_weight"));
  compare.number("grad_s_raw", head->s_.grad().item<double>(), expected.at("grad_s_raw"));
}

}  // namespace

const RegisterKind tvmf_kind{
    {"t-vMF head", [](const GoldenFile& file, const Json&) { return file.stem == "tvmf_head"; }, check_tvmf}};

}  // namespace scant
