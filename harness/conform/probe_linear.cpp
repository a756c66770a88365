// Logistic regression on features and feature normalisers against reference numbers.
#include "harness/conform/conform.hpp"
#include "harness/learn/probe/feature_norm.hpp"
#include "harness/learn/probe/logistic.hpp"

namespace scant {
namespace {

// What FORMAT.md recommends: the reference's own optimiser reached about 1e-5 in the coefficients.
constexpr Tolerance kObjective{.abs = 1e-8, .rel = 1e-8}, kCoefficient{.abs = 1e-4, .rel = 0};

void check_regression(const Json& golden, Comparison& compare) {
  const Json &inputs = golden.at("inputs"), &params = golden.at("params"), &outputs = golden.at("outputs");
  compare.known("param", params, {"features_norm", "C", "penalty"});
  compare.known("output", outputs, {"objective", "coef", "intercept_centred", "pred", "proba"});
  if (params.contains("penalty")) {
    compare.exact("penalty", "l2 on weights, free intercept", params.at("penalty"));
  }
  const torch::Tensor train = tensor_of(inputs.at("train_x"));
  const torch::Tensor labels = tensor_of(inputs.at("train_y")).to(torch::kInt64);
  const FeatureNorm norm(params.at("features_norm"), train);
  const auto classes = static_cast<int>(outputs.at("coef").size());
  const LogisticFit fit = fit_logistic(norm(train), labels, classes, params.at("C"));
  const torch::Tensor probabilities = fit.model.logits(norm(tensor_of(inputs.at("test_x")))).softmax(1);
  compare.check("converged", fit.converged);
  compare.tensor("pred", probabilities.argmax(1), outputs.at("pred"));
  compare.set_tolerance(kObjective);
  compare.number("objective", fit.objective, outputs.at("objective"));
  compare.set_tolerance(kCoefficient);
  compare.tensor("coef", fit.model.weight, outputs.at("coef"));
  compare.tensor("intercept_centred", fit.model.bias, outputs.at("intercept_centred"));
  compare.tensor("proba", probabilities, outputs.at("proba"));
}

void check_norm(const Json& golden, Comparison& compare) {
  const Json& outputs = golden.at("outputs");
  compare.known("param", golden.at("params"), {});
  compare.known("output", outputs, {"mean", "var", "test_normalised"});
  const FeatureNorm norm("l2-standard", tensor_of(golden.at("inputs").at("train_x")));
  compare.tensor("mean", norm.mean(), outputs.at("mean"));
  compare.tensor("var", norm.variance(), outputs.at("var"));
  compare.tensor("test_normalised", norm(tensor_of(golden.at("inputs").at("test_x"))), outputs.at("test_normalised"));
}

bool has_output(const GoldenFile& file, const Json& golden, const char* output) {
  return file.stem == "linear_probe" && golden.contains("outputs") && golden.at("outputs").contains(output);
}

}  // namespace

const RegisterKind regression_kind{
    {"logistic regression", [](const GoldenFile& file, const Json& golden) { return has_output(file, golden, "coef"); },
     [](const GoldenFile&, const Json& golden, Comparison& compare) { check_regression(golden, compare); }}};
const RegisterKind norm_kind{
    {"feature normaliser",
     [](const GoldenFile& file, const Json& golden) { return has_output(file, golden, "test_normalised"); },
     [](const GoldenFile&, const Json& golden, Comparison& compare) { check_norm(golden, compare); }}};

}  // namespace scant
