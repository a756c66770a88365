// Named networks: features(x) of shape N x D and the classifier on top. Module names follow torchvision so that its
// weights load.
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "harness/core/random.hpp"
#include "harness/learn/compat.hpp"

namespace scant {

/// What a backbone asks for when it needs a convolution.
struct ConvSpec {
  int in = 0, out = 0, kernel = 3, stride = 1, padding = 1;
  bool stem = false;
};

/// How a method changes a backbone's layers: harmonic replaces convolutions, others may replace blocks or drop
/// normalisation. The default maker builds the plain network with the spec's initialisation. `random` is the trial's
/// "init" stream.
class LayerMaker {
 public:
  virtual ~LayerMaker() = default;
  /// A module N x in x H x W -> N x out x H' x W', initialised, without bias. `std_dev`: the normal initialisation's
  /// deviation for a plain kernel.
  virtual torch::nn::AnyModule conv(const ConvSpec& spec, Random& random);
};

/// A network without its loss.
class Backbone : public torch::nn::Module {
 public:
  /// Features after global average pooling: N x C x H x W -> N x D.
  virtual torch::Tensor features(const torch::Tensor& images) = 0;
  /// features followed by `fc`.
  torch::Tensor forward(const torch::Tensor& images);
  int dim() const { return dim_; }

  torch::nn::Linear fc{nullptr};  // registered as "fc", D -> classes

 protected:
  int dim_ = 0;
};

struct BackboneSpec {
  std::string name;  // "rn20", "rn18", "wrn-16-8", ...
  int channels = 3, classes = 10;
};

/// True for rn20/32/44/56/110/1202, rn18/34/50/101/152 and wrn-D-K with D = 6n+4.
bool is_backbone(const std::string& name);
/// Patterns for messages.
std::vector<std::string> backbone_names();

/// Builds and initialises. Throws InputError for an unknown name.
std::shared_ptr<Backbone> make_backbone(const BackboneSpec& spec, Random& random, LayerMaker& maker);
std::shared_ptr<Backbone> make_backbone(const BackboneSpec& spec, Random& random);

/// Fills a tensor with normal(0, std_dev) or uniform(-bound, bound) draws, row-major, from `random`: independent of
/// thread count and device.
void fill_normal(torch::Tensor tensor, double std_dev, Random& random);
void fill_uniform(torch::Tensor tensor, double bound, Random& random);

}  // namespace scant
