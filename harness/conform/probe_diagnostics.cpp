// Diagnostics of representations against reference numbers.
#include "harness/learn/probe/diagnostics.hpp"

#include <cmath>

#include "harness/conform/conform.hpp"

namespace scant {
namespace {

void check_std(const Json& golden, Comparison& compare) {
  const Json& outputs = golden.at("outputs");
  compare.known("param", golden.at("params"), {});
  compare.known("output", outputs, {"std_lightly", "std_solo_learn", "ideal"});
  const torch::Tensor z = tensor_of(golden.at("inputs").at("z"));
  const double spread = feature_std(z).item<double>();
  compare.number("std_lightly", spread, outputs.at("std_lightly"));
  if (outputs.contains("std_solo_learn")) compare.number("std_solo_learn", spread, outputs.at("std_solo_learn"));
  if (outputs.contains("ideal")) {
    compare.number("ideal", 1 / std::sqrt(static_cast<double>(z.size(1))), outputs.at("ideal"));
  }
}

void check_sphere(const Json& golden, Comparison& compare) {
  const Json &params = golden.at("params"), &outputs = golden.at("outputs");
  compare.known("param", params, {"alpha", "t", "lam"});
  compare.known("output", outputs, {"loss", "alignment", "uniformity_z1", "uniformity_z2", "grad_z1", "grad_z2"});
  const torch::Tensor z1 = tensor_of(golden.at("inputs").at("z1")).requires_grad_(true);
  const torch::Tensor z2 = tensor_of(golden.at("inputs").at("z2")).requires_grad_(true);
  const torch::Tensor aligned = alignment(z1, z2, params.at("alpha"));
  const torch::Tensor uniform1 = uniformity(z1, params.at("t")), uniform2 = uniformity(z2, params.at("t"));
  const torch::Tensor loss = aligned + params.at("lam").get<double>() * (uniform1 + uniform2) / 2;
  loss.backward();
  compare.tensor("loss", loss, outputs.at("loss"));
  compare.tensor("alignment", aligned, outputs.at("alignment"));
  compare.tensor("uniformity_z1", uniform1, outputs.at("uniformity_z1"));
  compare.tensor("uniformity_z2", uniform2, outputs.at("uniformity_z2"));
  compare.tensor("grad_z1", z1.grad(), outputs.at("grad_z1"));
  compare.tensor("grad_z2", z2.grad(), outputs.at("grad_z2"));
}

void check_rank(const Json& golden, Comparison& compare) {
  const Json &params = golden.at("params"), &outputs = golden.at("outputs");
  compare.known("param", params, {"eps"});
  compare.known("output", outputs, {"rankme"});
  compare.tensor("rankme", effective_rank(tensor_of(golden.at("inputs").at("features")), params.at("eps")),
                 outputs.at("rankme"));
}

void check_lidar(const Json& golden, Comparison& compare) {
  const Json &params = golden.at("params"), &outputs = golden.at("outputs");
  compare.known("param", params, {"n_classes", "views_per_image", "delta", "epsilon"});
  compare.known("output", outputs, {"lidar", "entropy", "top_eigenvalue"});
  const torch::Tensor features = tensor_of(golden.at("inputs").at("features"));
  const int views = params.at("views_per_image");
  compare.exact("n_classes", features.size(0) / views, params.at("n_classes"));
  const Lidar got = lidar(features, views, params.at("delta"), params.at("epsilon"));
  compare.number("lidar", got.value, outputs.at("lidar"));
  compare.number("entropy", got.entropy, outputs.at("entropy"));
  compare.number("top_eigenvalue", got.top_eigenvalue, outputs.at("top_eigenvalue"));
}

/// A kind of the file "diagnostics" whose cases have this output.
Kind kind(const char* name, const std::string& output, void (*check)(const Json&, Comparison&)) {
  return {name,
          [output](const GoldenFile& file, const Json& golden) {
            return file.stem == "diagnostics" && golden.contains("outputs") && golden.at("outputs").contains(output);
          },
          [check](const GoldenFile&, const Json& golden, Comparison& compare) { check(golden, compare); }};
}

}  // namespace

const RegisterKind std_kind{kind("feature standard deviation", "std_lightly", check_std)};
const RegisterKind sphere_kind{kind("alignment and uniformity", "alignment", check_sphere)};
const RegisterKind rank_kind{kind("effective rank", "rankme", check_rank)};
const RegisterKind lidar_kind{kind("LiDAR", "lidar", check_lidar)};

}  // namespace scant
