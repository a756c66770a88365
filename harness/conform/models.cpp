// Checks of whole networks: outputs, loss, gradients, buffers, shapes of all layers, number of parameters.
#include <algorithm>
#include <map>
#include <regex>

#include "harness/conform/dsk.hpp"
#include "harness/conform/module_case.hpp"

namespace scant {
namespace {

/// How a golden file says a method's parameters: as fields of its own, or in the text that describes the model.
Json params_of(const std::string& method, const Json& content) {
  const std::string text = content.value("model", "");
  const auto number = [&](const char* field, const std::string& pattern) -> Json {
    std::smatch match;
    if (content.contains(field)) return content.at(field);
    if (std::regex_search(text, match, std::regex(pattern + " *(-?[0-9.]+)"))) return std::stod(match[1]);
    return nullptr;
  };
  Json params = Json::object();
  if (method == "cosine-xent") params["xent_weight"] = number("xent_weight", "weight");
  if (method == "scattering") params["J"] = content.at("J");
  if (method == "dsk") params = dsk_params(content);
  if (method == "tvmf") params["kappa"] = number("kappa", "kappa");
  if (method == "gradl2") {
    params["weight"] = number("gradl2_weight", "weight");
    const Json& tensors = content.at("inputs").at("tensors");
    params["bn"] = std::any_of(tensors.begin(), tensors.end(), [](const Json& tensor) {
      return std::string(tensor.at("name")).ends_with("running_mean");
    });
  }
  for (auto item = params.begin(); item != params.end();) item = item->is_null() ? params.erase(item) : std::next(item);
  return params;
}

/// The methods whose networks need nothing beyond parameters and images to be compared.
const std::vector<std::string> plain_methods{"cosine-xent", "cosine", "dsk",        "fconv", "gradl2",
                                             "harmonic",    "ole",    "scattering", "tvmf",  "xent"};

/// "model_cosine_xent_wrn-16-1" -> "cosine-xent": the longest method name that the stem begins with. "" for others.
std::string method_of(const std::string& stem) {
  std::string best;
  for (const std::string& method : plain_methods) {
    std::string name = method;
    std::replace(name.begin(), name.end(), '-', '_');
    if (stem.starts_with("model_" + name + "_") && method.size() > best.size()) best = method;
  }
  return best;
}

/// The classifier is the last of the layers called so.
std::int64_t classes_of(const Json& tensors) {
  std::int64_t classes = 0;
  for (const Json& tensor : tensors) {
    if (std::string(tensor.at("name")).ends_with("fc.weight")) classes = tensor.at("shape").at(0);
  }
  return classes;
}

/// "torch::nn::LinearImpl" -> "Linear"; the others carry the reference's name already.
std::string type_of(const torch::nn::Module& module) {
  std::string name = module.name();
  if (const auto colon = name.rfind(':'); colon != std::string::npos) name = name.substr(colon + 1);
  if (name.ends_with("Impl")) name.resize(name.size() - 4);
  return name;
}

/// With full convolution the blocks are the plain ones here, classes of their own in the reference.
std::string plain_type(const std::string& type) {
  return type.substr(0, type.find("FConv"));
}

/// A scalar stands for the loss, which some of the reference's networks return beside their scores.
void compare_outputs(const std::string& what, GradientMethod& method, const std::vector<torch::Tensor>& outputs,
                     const torch::Tensor& labels, const Json& expected, Comparison& compare) {
  for (std::size_t i = 0; i < expected.size(); ++i) {
    const std::string name = what + "[" + std::to_string(i) + "]";
    if (expected[i].is_number()) {
      compare.number(name, method.loss(outputs, labels).item<double>(), expected[i]);
    } else {
      compare.check(name, i < outputs.size(), "the network has no such output");
      if (i < outputs.size()) compare_output(name, outputs[i], expected[i], compare);
    }
  }
}

void check_model(const GoldenFile& file, const Json& golden, Comparison& compare) {
  const Json &inputs = golden.at("inputs"), &expected = golden.at("expected");
  const std::string name = method_of(file.stem);
  const torch::Tensor x = tensor_of(inputs.at("x")), labels = tensor_of(inputs.at("labels")).to(torch::kInt64);
  const auto method =
      build_for_conformance(name, params_of(name, golden), backbone_in(file.stem), static_cast<int>(x.size(1)),
                            static_cast<int>(classes_of(inputs.at("tensors"))), static_cast<int>(x.size(2)));
  torch::nn::Module& network = method->network();
  to_double(network);
  fill_module(network, inputs.at("tensors"), inputs.at("fill_seed"), compare);
  if (name == "dsk") prepare_dsk(*method, golden);

  std::int64_t total = 0, trainable = 0;
  for (const torch::Tensor& p : network.parameters()) {
    total += p.numel();
    if (p.requires_grad()) trainable += p.numel();
  }
  if (golden.contains("n_params_total")) compare.exact("n_params_total", total, golden.at("n_params_total"));
  if (golden.contains("n_params_trainable")) {
    compare.exact("n_params_trainable", trainable, golden.at("n_params_trainable"));
  }
  {
    const torch::NoGradGuard no_grad;
    network.eval();
    compare_outputs("eval_outputs", *method, method->outputs(x), labels, expected.at("eval_outputs"), compare);
  }
  network.train();
  std::map<const torch::nn::Module*, std::string> names;
  for (const auto& item : network.named_modules()) names[item.value().get()] = item.key();
  Json shapes = Json::array();
  std::vector<torch::Tensor> outputs;
  {
    const LayerWatch watch([&](const torch::nn::Module& module, const torch::Tensor& output) {
      const auto sizes = output.sizes().vec();
      shapes.push_back({names[&module], type_of(module), std::vector<std::int64_t>(sizes.begin() + 1, sizes.end())});
    });
    outputs = method->outputs(x);
  }
  compare_outputs("train_outputs", *method, outputs, labels, expected.at("train_outputs"), compare);
  // A file of OLE without the weight of its term compares the cross-entropy alone.
  const torch::Tensor loss =
      name == "ole" && !golden.contains("lambda")
          ? method->GradientMethod::loss(outputs, labels)
          : method->training_loss({.images = x, .labels = labels, .local = {}, .indices = {}}, outputs);
  loss.backward();
  compare.number("train_loss", loss.item<double>(), expected.at("train_loss"));
  compare_gradients(network, expected.at("param_grads"), compare);
  compare_tensors(network, expected.at("running_stats_after_train_forward"), compare);
  if (expected.contains("layer_output_shapes_CHW")) {
    const Json& wanted = expected.at("layer_output_shapes_CHW");
    compare.check("number of layers", shapes.size() == wanted.size(),
                  std::to_string(shapes.size()) + " instead of " + std::to_string(wanted.size()));
    for (std::size_t i = 0; i < std::min(shapes.size(), wanted.size()); ++i) {
      Json layer = wanted[i];
      layer[1] = plain_type(layer[1]);
      compare.exact("layer output", shapes[i], layer);
    }
  }
}

}  // namespace

const RegisterKind models_kind{
    {"network", [](const GoldenFile& file, const Json&) { return !method_of(file.stem).empty(); }, check_model}};

}  // namespace scant
