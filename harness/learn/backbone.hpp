// Named networks: features(x) of shape N x D and the classifier on top. Module names follow torchvision so that its
// weights load.
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "harness/core/random.hpp"
#include "harness/learn/compat.hpp"
#include "harness/learn/layer.hpp"

namespace scant {

/// What a backbone asks for when it needs a convolution.
struct ConvSpec {
  /// normal(0, sqrt(2/fan_out)), normal(0, sqrt(2/fan_in)) (He et al., ICCV 2015) or uniform(+-1/sqrt(fan_in)).
  enum class Init { fan_out, fan_in, uniform };
  int in = 0, out = 0, kernel = 3, stride = 1, padding = 1;
  bool stem = false;  // the layer that sees the images
  Init init = Init::fan_out;
  bool shortcut = false;  // the 1x1 convolution of a block's shortcut
  int dilation = 1, groups = 1;
  bool bias = false;  // uniform(+-1/sqrt(fan_in))
};

/// What a backbone asks for when it needs a residual block.
struct BlockSpec {
  enum class Kind { cifar, basic, bottleneck, wide };  // CifarBlock, BasicBlock, Bottleneck, WideBlock
  Kind kind = Kind::basic;
  int in = 0, width = 0;  // channels of the input and of the 3x3 convolutions
  int stride = 1;
  int out() const { return kind == Kind::bottleneck ? 4 * width : width; }
};

/// How a method changes a backbone's layers: harmonic replaces convolutions, others whole blocks. The default maker
/// builds the plain network with the spec's initialisation. `random` is the trial's "init" stream.
class LayerMaker {
 public:
  virtual ~LayerMaker() = default;
  /// A module N x in x H x W -> N x out x H' x W', initialised.
  virtual torch::nn::AnyModule conv(const ConvSpec& spec, Random& random);
  /// A module N x C x H x W -> the same shape: batch normalisation with eps 1e-5, momentum 0.1, weight 1 and bias 0.
  virtual torch::nn::AnyModule norm(int channels);
  /// A residual block, its layers from this maker.
  virtual std::shared_ptr<Block> block(const BlockSpec& spec, Random& random);
  /// What follows the stem of the ResNet family; default: maximum over 3x3, stride 2, padding 1.
  virtual torch::nn::MaxPool2d pool();
  /// Pixels by which this maker's 3x3 convolutions enlarge a map on every side. Blocks pad their shortcuts to match.
  virtual int growth() const { return 0; }
};

/// A network without its loss.
class Backbone : public torch::nn::Module {
 public:
  /// Features after global average pooling: N x C x H x W -> N x D.
  virtual torch::Tensor features(const torch::Tensor& images) = 0;
  /// features followed by `fc`: N x classes.
  torch::Tensor forward(const torch::Tensor& images);
  int dim() const { return dim_; }

  /// What one network can imitate of another: the map of every group, N x C x H x W, before the ReLU that follows it.
  /// In pre-activation networks that is the group's output behind the next normalisation.
  struct Taps {
    std::vector<torch::Tensor> maps;
    torch::Tensor features;  // as features() returns them
  };
  /// Default: throws std::logic_error.
  virtual Taps tapped(const torch::Tensor& images);
  /// For each map the batch normalisation that it went through last. Throws likewise.
  virtual std::vector<std::shared_ptr<torch::nn::Module>> tap_norms() const;

  /// Takes `fc` away: what remains computes features alone.
  void drop_classifier();

  torch::nn::Linear fc{nullptr};  // registered as "fc", D -> classes

 protected:
  int dim_ = 0;
};

struct BackboneSpec {
  std::string name;  // "rn20", "rn18", "wrn-16-8", ...
  int channels = 3, classes = 10;
  bool stem_relu = true;  // false: the rn20 family as some of the reference's methods have it, without ReLU after the
                          // stem's normalisation
  bool own_kernels = false;  // see OwnKernels
};

/// What a backbone's name says, for methods that build a variation of their own from its blocks.
struct BackboneShape {
  enum class Family { cifar, imagenet, wide };  // CifarResNet, ResNet, WideResNet
  Family family = Family::cifar;
  std::vector<int> blocks;  // of every group
  bool bottleneck = false;  // imagenet
  int factor = 1;           // wide: K of wrn-D-K
};
/// Throws InputError for an unknown name.
BackboneShape backbone_shape(const std::string& name);

/// True for rn20/32/44/56/110/1202, rn18/34/50/101/152 and wrn-D-K with D = 6n+4.
bool is_backbone(const std::string& name);
/// Patterns for messages.
std::vector<std::string> backbone_names();

/// Builds and initialises. Throws InputError for an unknown name.
std::shared_ptr<Backbone> make_backbone(const BackboneSpec& spec, Random& random, LayerMaker& maker);
std::shared_ptr<Backbone> make_backbone(const BackboneSpec& spec, Random& random);

/// Fills a tensor with normal(0, std_dev) or uniform(-bound, bound) draws, row-major: independent of thread count,
/// device and type. Takes two words from `random`, the key of the tensor's own sequence of Philox blocks.
void fill_normal(torch::Tensor tensor, double std_dev, Random& random);
void fill_uniform(torch::Tensor tensor, double bound, Random& random);

/// D -> K with weight and bias uniform(+-1/sqrt(D)): torch's default, from `random`.
torch::nn::Linear make_linear(int in, int out, Random& random);

}  // namespace scant
