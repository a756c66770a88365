// Checks of blur pooling, selective kernels, dual blocks and the composite loss.
#include "harness/conform/dsk.hpp"
#include "harness/conform/golden_inputs.hpp"

#include <algorithm>
#include <regex>

#include "harness/core/error.hpp"
#include "harness/learn/schedule.hpp"
#include "harness/learn/sgd.hpp"
#include "methods/parts/class_centres.hpp"
#include "methods/parts/dual_block.hpp"

namespace scant {
namespace {

ClassCentres centres_of(const Json& values) {
  ClassCentres centres;
  centres.values = leaf(values);
  return centres;
}

std::vector<std::int64_t> image_shape(const Json& golden) {
  return tensor_of(golden.at("inputs").at("x")).sizes().vec();
}

int stride_of(const Json& golden) {
  const std::int64_t before = image_shape(golden).at(2), after = golden.at("expected").at("out_shape").at(2);
  return static_cast<int>((before + after - 1) / after);
}

/// Shape of the first tensor whose name ends so.
std::vector<std::int64_t> shape_of(const Json& tensors, const std::string& ending) {
  for (const Json& tensor : tensors) {
    if (std::string(tensor.at("name")).ends_with(ending)) return tensor.at("shape");
  }
  return {};
}

bool has_ending(const Json& tensors, const std::string& ending) {
  return !shape_of(tensors, ending).empty();
}

/// Groups and squeezed width as the weights' shapes say; `in`: channels that the first selective kernel sees.
SelectiveOptions selective_options(const Json& tensors, std::int64_t in) {
  SelectiveOptions options;
  options.groups = static_cast<int>(in / shape_of(tensors, "convs.0.0.weight").at(1));
  const auto squeezed = shape_of(tensors, "fc.0.weight");
  options.least = static_cast<int>(squeezed.at(0));
  options.reduction = static_cast<int>(squeezed.at(1));
  return options;
}

void check_blur(const GoldenFile&, const Json& golden, Comparison& compare) {
  const Json &inputs = golden.at("inputs"), &expected = golden.at("expected");
  const torch::Tensor x = tensor_of(inputs.at("x"));
  BlurPool blur(static_cast<int>(x.size(1)), inputs.at("filt_size").get<int>(), inputs.at("stride").get<int>());
  to_double(*blur);
  compare.exact("pads_lrtb", Json(blur->padding()), expected.at("pads_lrtb"));
  compare.tensor("kernel", blur->filt[0][0], expected.at("kernel"));
  const torch::Tensor out = blur->forward(x);
  compare.exact("out_shape", Json(out.sizes().vec()), expected.at("out_shape"));
  compare.tensor("out", out, expected.at("out"));
}

void check_selective(const GoldenFile&, const Json& golden, Comparison& compare) {
  const Json& tensors = golden.at("inputs").at("tensors");
  const auto x = image_shape(golden);
  const auto in = static_cast<int>(x.at(1)), out = golden.at("expected").at("out_shape").at(1).get<int>();
  Random random(0);
  LayerMaker maker;
  SelectiveKernel block(in, out, stride_of(golden), selective_options(tensors, in), random, maker);
  check_module(
      golden, *block, [&](const torch::Tensor& images) { return block->forward(images); }, compare);
}

void check_dual(const GoldenFile&, const Json& golden, Comparison& compare) {
  const Json& tensors = golden.at("inputs").at("tensors");
  const auto x = image_shape(golden);
  BlockSpec spec{.kind = BlockSpec::Kind::basic, .in = static_cast<int>(x.at(1))};
  std::int64_t seen = spec.in;  // by the first selective kernel
  spec.stride = stride_of(golden);
  spec.width = golden.at("expected").at("out_shape").at(1);
  if (has_ending(tensors, "branch1.conv3.0.weight")) {
    spec.kind = BlockSpec::Kind::bottleneck;
    spec.width /= 4;
    seen = shape_of(tensors, "branch1.conv1.0.weight").at(0);
  } else if (shape_of(tensors, "branch1.bn1.weight").at(0) == spec.in && !has_ending(tensors, "downsample.1.weight")) {
    // Normalised first, and the shortcut never is.
    const auto first = std::find_if(tensors.begin(), tensors.end(), [](const Json& tensor) {
      return std::string(tensor.at("name")).starts_with("branch1.");
    });
    if (first->at("name") == "branch1.bn1.weight") spec.kind = BlockSpec::Kind::wide;
  }
  Random random(0);
  LayerMaker maker;
  DualBlock block(spec, selective_options(tensors, seen), random, maker);
  block.keep_first = golden.at("inputs").at("branch_draws").at(0) == 1;
  check_module(
      golden, block, [&](const torch::Tensor& images) { return block.forward(images); }, compare);
}

/// Steps of a linear classifier on fixed features, and of the centres, with what training uses for both.
void check_training_steps(const Json& inputs, const Json& expected, Comparison& compare) {
  const torch::Tensor features = tensor_of(inputs.at("features")), labels = labels_in(inputs);
  const torch::Tensor weights = leaf(inputs.at("W0"));
  const double weight = inputs.at("centerloss_weight"), lr = inputs.at("lr");
  ClassCentres centres = centres_of(inputs.at("centers0"));
  Sgd sgd({weights}, {.weight_decay = inputs.at("weight_decay"), .momentum = inputs.at("momentum")});
  std::int64_t number = 0;
  for (const Json& step : expected.at("steps")) {
    const torch::Tensor loss =
        positive_class_loss(at::linear(features, weights), labels) + weight * centres.loss(features, labels);
    sgd.zero_grad();
    loss.backward();
    sgd.step(cosine_rate(lr, number++, inputs.at("cosine_T_max")));
    centres.step(weight);
    compare.number("loss", loss.item<double>(), step.at("loss"));
    compare.tensor("W_after", weights, step.at("W_after"));
    compare.tensor("centers_after", centres.values, step.at("centers_after"));
    compare.number("lr_after", cosine_rate(lr, number, inputs.at("cosine_T_max")), step.at("lr_after"));
    compare.number("center_lr_after", ClassCentres::rate, step.at("center_lr_after"));
  }
}

void check_selective_losses(const GoldenFile&, const Json& golden, Comparison& compare) {
  const Json &inputs = golden.at("inputs"), &expected = golden.at("expected");
  if (expected.contains("steps")) {
    check_training_steps(inputs, expected, compare);
    return;
  }
  const torch::Tensor labels = labels_in(inputs);
  torch::Tensor pred, features, loss;
  ClassCentres centres;
  if (inputs.contains("pred")) {
    pred = leaf(inputs.at("pred"));
    loss = positive_class_loss(pred, labels);
  }
  if (inputs.contains("centers")) {
    features = leaf(inputs.at("features"));
    centres = centres_of(inputs.at("centers"));
    const torch::Tensor around = inputs.value("centerloss_weight", 1.0) * centres.loss(features, labels);
    loss = loss.defined() ? loss + around : around;
  }
  loss.backward();
  compare.number("loss", loss.item<double>(), expected.at("loss"));
  for (const auto& [key, tensor] :
       {std::pair{"grad_pred", pred}, std::pair{"grad_features", features}, std::pair{"grad_centers", centres.values},
        std::pair{"grad_centers_before_rescaling", centres.values}}) {
    if (expected.contains(key)) compare.tensor(key, tensor.grad(), expected.at(key));
  }
}

}  // namespace

Json dsk_params(const Json& golden) {
  const std::string words = golden.value("loss", "composite");
  const Json& tensors = golden.at("inputs").at("tensors");
  Json params{{"composite_loss", words.find("composite") != std::string::npos}};
  std::smatch match;
  if (std::regex_search(words, match, std::regex("weight *=? *([0-9.]+)"))) {
    params["centre_weight"] = std::stod(match[1]);
  }
  if (has_ending(tensors, "base.fc.weight")) params["centre_dim"] = shape_of(tensors, "base.fc.weight").at(0);
  return params;
}

void prepare_dsk(GradientMethod& method, const Json& golden) {
  auto& network = dynamic_cast<DualNetwork&>(method.network());
  if (golden.contains("branch_draws_in_block_order")) {
    network.keep(golden.at("branch_draws_in_block_order").get<std::vector<int>>());
  }
  if (!golden.contains("centers")) return;
  for (auto& [name, tensor] : method.state()) {
    if (name == "centres") tensor.set_data(tensor_of(golden.at("centers")));
  }
}

const RegisterKind blur_kind{
    {"blur pooling", [](const GoldenFile& file, const Json&) { return file.stem == "blurpool"; }, check_blur}};
const RegisterKind selective_kind{{"selective kernel",
                                   [](const GoldenFile& file, const Json&) { return file.stem == "dsk_sk_block"; },
                                   check_selective}};
const RegisterKind dual_kind{
    {"dual block", [](const GoldenFile& file, const Json&) { return file.stem == "dsk_blocks"; }, check_dual}};
const RegisterKind dual_losses_kind{{"composite loss",
                                     [](const GoldenFile& file, const Json&) { return file.stem == "dsk_losses"; },
                                     check_selective_losses}};

}  // namespace scant
