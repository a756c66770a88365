// What checks of layers, blocks and networks share: building through the registry, filling tensors by hash, comparing
// gradients and buffers.
#pragma once
#include <functional>
#include <memory>
#include <string>

#include "harness/conform/conform.hpp"
#include "harness/learn/gradient_method.hpp"

namespace scant {

/// The registered method, in its form that reproduces the reference (compat "gem"), built on the CPU for one task.
/// Throws InputError if there is no such method or if it is not trained by gradient descent.
std::unique_ptr<GradientMethod> build_for_conformance(const std::string& method, const Json& params,
                                                      const std::string& backbone, int channels, int classes, int side);

/// What a golden label calls a method: "cosine+xent", "scattering J=2" (a parameter), "gradl2(no bn)" (a switch of the
/// method), "dvp-distill" (one phase of a method whose network holds a child of that name for it).
struct Variant {
  std::string method;
  Json params = Json::object();
  std::string stage;  // empty: the whole method
};
/// Of no known method, if no method is called so.
Variant variant_of(std::string label);
/// Enters the stage's phase, where there is one, and returns the part of the network that belongs to it.
torch::nn::Module& enter_stage(GradientMethod& method, const std::string& stage);

/// A backbone's name within `text` ("wrn-16-8", "rn50"), or "".
std::string backbone_in(const std::string& text);

/// Every floating-point tensor of the module becomes float64, in place.
void to_double(torch::nn::Module& module);

/// Fills a module from a golden list of tensors: names, order, shapes and frozen flags must be the reference's.
void fill_module(torch::nn::Module& module, const Json& tensors, std::uint64_t seed, Comparison& compare);

/// The statistics of one tensor: whichever of "shape", "sum", "abs_sum", "l2", "first" and "last" are listed.
void compare_statistics(const std::string& name, const torch::Tensor& got, const Json& expected, Comparison& compare);

/// Golden "param_grads": whole gradients, their statistics, or null for "none reached it".
void compare_gradients(torch::nn::Module& module, const Json& expected, Comparison& compare);

/// A golden list of named tensors: whole ("value") or their statistics.
void compare_tensors(torch::nn::Module& module, const Json& expected, Comparison& compare);

/// `expected`: nested lists, or {"first16_per_row", "row_sums", "row_l2"} of a large output.
void compare_output(const std::string& what, const torch::Tensor& got, const Json& expected, Comparison& compare);

/// A golden layer or block, from "inputs" {x, tensors, fill_seed} and "expected": evaluation, training, the loss
/// sum(out * hash) and its gradients, buffers. `forward` runs `module`.
void check_module(const Json& golden, torch::nn::Module& module,
                  const std::function<torch::Tensor(const torch::Tensor&)>& forward, Comparison& compare);

}  // namespace scant
