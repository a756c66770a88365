// Residual blocks with two selective-kernel branches.
#include "methods/parts/dual_block.hpp"

namespace scant {
namespace {

using Kind = BlockSpec::Kind;

/// conv1-bn1-relu-conv2-bn2-relu with selective kernels.
class BasicBranch : public Block {
 public:
  BasicBranch(const BlockSpec& spec, const SelectiveOptions& options, Random& random, LayerMaker& maker)
      : conv1_(register_module("conv1", SelectiveKernel(spec.in, spec.width, spec.stride, options, random, maker))),
        bn1_(maker.norm(spec.width)) {
    register_module("bn1", bn1_.ptr());
    conv2_ = register_module("conv2", SelectiveKernel(spec.width, spec.width, 1, options, random, maker));
    bn2_ = Layer(maker.norm(spec.width));
    register_module("bn2", bn2_.ptr());
  }
  torch::Tensor forward(const torch::Tensor& x) override {
    return bn2_(conv2_->forward(bn1_(conv1_->forward(x)).relu_())).relu_();
  }

 private:
  SelectiveKernel conv1_{nullptr}, conv2_{nullptr};
  Layer bn1_, bn2_;
};

/// 1x1, selective kernel, 1x1, each with a ReLU, also the last.
class BottleneckBranch : public Block {
 public:
  BottleneckBranch(const BlockSpec& spec, const SelectiveOptions& options, Random& random, LayerMaker& maker) {
    const int mid = 2 * spec.width;
    const auto point = [&](int in, int out, Layer& conv, Layer& norm) {
      conv = Layer(maker.conv({.in = in, .out = out, .kernel = 1, .padding = 0, .init = options.init}, random));
      norm = Layer(maker.norm(out));
      return list_of({conv.ptr(), norm.ptr()});
    };
    register_module("conv1", point(spec.in, mid, conv1_, bn1_));
    conv2_ = register_module("conv2_sk", SelectiveKernel(mid, mid, spec.stride, options, random, maker));
    register_module("conv3", point(mid, spec.out(), conv3_, bn3_));
  }
  torch::Tensor forward(const torch::Tensor& x) override {
    return bn3_(conv3_(conv2_->forward(bn1_(conv1_(x)).relu_()))).relu_();
  }

 private:
  Layer conv1_, bn1_, conv3_, bn3_;
  SelectiveKernel conv2_{nullptr};
};

/// bn1-relu-conv1-bn2-relu-conv2 with selective kernels.
class WideBranch : public Block {
 public:
  WideBranch(const BlockSpec& spec, const SelectiveOptions& options, Random& random, LayerMaker& maker)
      : bn1_(maker.norm(spec.in)), bn2_(maker.norm(spec.width)) {
    register_module("bn1", bn1_.ptr());
    conv1_ = register_module("conv1", SelectiveKernel(spec.in, spec.width, spec.stride, options, random, maker));
    register_module("bn2", bn2_.ptr());
    conv2_ = register_module("conv2", SelectiveKernel(spec.width, spec.width, 1, options, random, maker));
  }
  torch::Tensor forward(const torch::Tensor& x) override {
    return conv2_->forward(bn2_(conv1_->forward(bn1_(x).relu_())).relu_());
  }

 private:
  Layer bn1_, bn2_;
  SelectiveKernel conv1_{nullptr}, conv2_{nullptr};
};

std::shared_ptr<Block> make_branch(const BlockSpec& spec, const SelectiveOptions& options, Random& random,
                                   LayerMaker& maker) {
  switch (spec.kind) {
    case Kind::bottleneck:
      return std::make_shared<BottleneckBranch>(spec, options, random, maker);
    case Kind::wide:
      return std::make_shared<WideBranch>(spec, options, random, maker);
    case Kind::basic:
    case Kind::cifar:
      break;
  }
  return std::make_shared<BasicBranch>(spec, options, random, maker);
}

const char* name_of(Kind kind) {
  return kind == Kind::wide ? "DSKWideBlock" : kind == Kind::bottleneck ? "DSKBottleneck" : "DSKBasicBlock";
}

/// Zero gradients for those without one: views of one buffer, laid out as the parameters are.
void give_zero_gradients(const std::vector<torch::Tensor>& parameters) {
  std::int64_t total = 0;
  for (const torch::Tensor& p : parameters) total += p.numel();
  const torch::Tensor zeros = torch::zeros({total}, parameters.front().options().requires_grad(false));
  std::int64_t offset = 0;
  for (const torch::Tensor& p : parameters) {
    if (!p.grad().defined()) p.mutable_grad() = zeros.as_strided(p.sizes(), p.strides(), offset);
    offset += p.numel();
  }
}

}  // namespace

DualBlock::DualBlock(const BlockSpec& spec, const SelectiveOptions& options, Random& random, LayerMaker& maker)
    : Block(name_of(spec.kind)), relu_(spec.kind != Kind::wide) {
  if (spec.stride != 1 || spec.in != spec.out()) {
    const ConvSpec project{
        .in = spec.in, .out = spec.out(), .kernel = 1, .padding = 0, .init = options.init, .shortcut = true};
    project_ = Layer(maker.conv(project, random));
    // The wide block blurs even where it does not stride, and does not normalise.
    const bool wide = spec.kind == Kind::wide, strides = spec.stride > 1;
    std::shared_ptr<torch::nn::Module> made = project_.ptr();
    if (wide || strides) {
      blur_ = Layer(torch::nn::AnyModule(BlurPool(spec.out(), 3, spec.stride)));
      made = list_of({made, blur_.ptr()});
    }
    if (!wide) {
      norm_ = Layer(maker.norm(spec.out()));
      made = list_of({made, norm_.ptr()});
    }
    register_module("downsample", made);
  }
  branch1 = register_module("branch1", make_branch(spec, options, random, maker));
  branch2 = register_module("branch2", make_branch(spec, options, random, maker));
}

torch::Tensor DualBlock::shortcut(const torch::Tensor& x) {
  return norm_(blur_(project_(x)));
}

torch::Tensor DualBlock::finish(torch::Tensor sum) const {
  return relu_ ? sum.relu_() : sum;
}

torch::Tensor DualBlock::kept_branch(const torch::Tensor& x) {
  const auto run = [&](bool first) {
    const torch::AutoGradMode autograd(torch::GradMode::is_enabled() && first == keep_first);
    return (first ? branch1 : branch2)->forward(x);
  };
  const torch::Tensor first = run(true), second = run(false);
  const torch::Tensor& kept = keep_first ? first : second;
  if (kept.requires_grad()) {
    kept.register_hook([dropped = (keep_first ? branch2 : branch1)->parameters()](const torch::Tensor&) {
      give_zero_gradients(dropped);
    });
  }
  return kept;
}

torch::Tensor DualBlock::forward(const torch::Tensor& x) {
  // The branches before the shortcut, as the reference runs them.
  const torch::Tensor branches = is_training() ? kept_branch(x) : (branch1->forward(x) + branch2->forward(x)).mul_(0.5);
  return finish(branches + shortcut(x));
}

DualNetwork::DualNetwork(const std::shared_ptr<Backbone>& base) : Module("DSK") {
  register_module("base", base);
  for (const auto& module : base->modules()) {
    if (auto block = std::dynamic_pointer_cast<DualBlock>(module)) blocks_.push_back(block);
  }
}

void DualNetwork::keep(const std::vector<int>& draws) {
  for (std::size_t i = 0; i < blocks_.size(); ++i) blocks_[i]->keep_first = draws.at(i % draws.size()) == 1;
  chosen_ = true;
}

std::shared_ptr<Block> DualMaker::block(const BlockSpec& spec, Random& random) {
  SelectiveOptions options;
  if (spec.kind == Kind::basic || spec.kind == Kind::bottleneck) options.groups = 32;
  if (spec.kind == Kind::cifar) options.init = ConvSpec::Init::fan_in;
  return std::make_shared<DualBlock>(spec, options, random, *this);
}

}  // namespace scant
