// The scattering transform by its definition, what it does not do, and the networks around it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/core/error.hpp"
#include "harness/learn/gradient_method.hpp"
#include "methods/parts/scattering_backbone.hpp"
#include "tests/support/tensors.hpp"

namespace scant {
namespace {

using test::noise;

/// A transform in double precision with the filters as computed.
Scattering exact_transform(const ScatteringShape& shape) {
  Scattering transform(shape);
  transform->to(torch::kFloat64);
  const auto filters = scattering_filters(shape);
  auto buffers = transform->named_buffers();
  std::size_t next = 0;
  const auto put = [&](const torch::Tensor& filter) {
    buffers["tensor" + std::to_string(next++)].copy_(filter.unsqueeze(2));
  };
  for (const torch::Tensor& level : filters->low_pass) put(level);
  for (const auto& wavelet : filters->wavelets) {
    for (const torch::Tensor& level : wavelet.levels) put(level);
  }
  return transform;
}

/// Circular convolution at full resolution, then every step-th pixel: what filtering in Fourier space stands for.
torch::Tensor convolved(const torch::Tensor& x, const torch::Tensor& filter, std::int64_t step) {
  using torch::indexing::None, torch::indexing::Slice;
  const torch::Tensor full = at::fft_ifft2(at::fft_fft2(x) * filter);
  return full.index({Slice(None, None, step), Slice(None, None, step)});
}

torch::Tensor cropped(const torch::Tensor& x) {
  return at::real(x).narrow(0, 1, x.size(0) - 2).narrow(1, 1, x.size(1) - 2);
}

TEST(Scattering, EqualsTheDefinitionPathByPath) {
  const ScatteringShape shape{.side = 20, .scale = 3};
  const torch::Tensor image = noise({1, 1, 20, 20});
  const torch::Tensor out = exact_transform(shape)->forward(image)[0][0];
  const auto filters = scattering_filters(shape);
  const int before = shape.pad_before(), after = shape.padded() - shape.side - before;
  const torch::Tensor padded = at::reflection_pad2d(image[0], {before, after, before, after})[0];
  const auto psi = [&](int j, int angle, int level) -> const torch::Tensor& {
    return filters->wavelets.at(static_cast<std::size_t>(j * shape.angles + angle))
        .levels.at(static_cast<std::size_t>(level));
  };
  const auto phi = [&](const torch::Tensor& x, int level) {
    return cropped(convolved(x, filters->low_pass.at(static_cast<std::size_t>(level)), 8 >> level));
  };
  std::int64_t next = 0;
  for (const ScatteringPath& path : scattering_paths(shape)) {
    torch::Tensor x = padded;
    int level = 0;
    if (path.order > 0) {
      x = convolved(x, psi(path.j1, path.angle1, 0), 1 << path.j1).abs();
      level = path.j1;
    }
    if (path.order > 1) {
      x = convolved(x, psi(path.j2, path.angle2, level), 1 << (path.j2 - level)).abs();
      level = path.j2;
    }
    EXPECT_LT((phi(x, level) - out[next]).abs().max().item<double>(), 1e-12) << "path " << next;
    ++next;
  }
  EXPECT_EQ(next, out.size(0));
}

TEST(Scattering, WaveletsHaveNoMeanAndTheLowPassKeepsConstants) {
  const torch::Tensor flat = torch::ones({1, 1, 16, 16}, torch::kFloat64);
  const torch::Tensor out = exact_transform({.side = 16, .scale = 2})->forward(flat)[0][0];
  EXPECT_LT((out[0] - 1).abs().max().item<double>(), 1e-3);
  EXPECT_LT(out.narrow(0, 1, out.size(0) - 1).abs().max().item<double>(), 1e-6);
}

TEST(Scattering, SmallSidesAndSidesThatAreNoMultiple) {
  for (const int side : {4, 5, 12, 13, 33}) {
    Scattering transform(ScatteringShape{.side = side, .scale = 2});
    const torch::Tensor out = transform->forward(noise({2, 3, side, side}).to(torch::kFloat32));
    EXPECT_EQ(out.sizes(), (std::vector<std::int64_t>{2, 3, 81, side / 4, side / 4}));
    EXPECT_TRUE(out.isfinite().all().item<bool>());
  }
}

TEST(Scattering, RecordsNoGraphForImagesWithoutGradient) {
  Scattering transform(ScatteringShape{.side = 12, .scale = 2});
  const torch::Tensor images = noise({1, 1, 12, 12}).to(torch::kFloat32);
  EXPECT_FALSE(transform->forward(images).requires_grad());
  for (const auto& buffer : transform->named_buffers()) EXPECT_FALSE(buffer.value().requires_grad());
  EXPECT_TRUE(transform->parameters().empty());
}

TEST(Scattering, IsComputedInFullPrecisionUnderAutocast) {
  Scattering transform(ScatteringShape{.side = 16, .scale = 2});
  const torch::Tensor images = noise({2, 3, 16, 16}).to(torch::kFloat32);
  const Autocast autocast(torch::kCPU, true);
  const torch::Tensor out = transform->forward(images);
  EXPECT_EQ(out.scalar_type(), torch::kFloat32);
  const Autocast off(torch::kCPU, false);
  EXPECT_TRUE(out.equal(transform->forward(images)));
}

TEST(Scattering, AnImageDoesNotDependOnItsBatch) {
  Scattering transform(ScatteringShape{.side = 32, .scale = 2});
  const torch::Tensor images = noise({40, 3, 32, 32}).to(torch::kFloat32);  // more than one piece
  const torch::Tensor all = transform->forward(images);
  for (const std::int64_t at : {0, 17, 39}) {
    const torch::Tensor alone = transform->forward(images.narrow(0, at, 1));
    EXPECT_LT((all.narrow(0, at, 1) - alone).abs().max().item<double>(), 1e-5);
  }
}

TEST(TransformCache, KeepsTheBitsOfEveryImageItHasRoomFor) {
  Scattering transform(ScatteringShape{.side = 12, .scale = 2});
  const torch::Tensor images = noise({6, 2, 12, 12}).to(torch::kFloat32);
  int computed = 0;
  const auto forward = [&](const torch::Tensor& image) {
    ++computed;
    return transform->forward(image);
  };
  const torch::Tensor direct = forward(images.narrow(0, 4, 1));
  TransformCache cache(4 * static_cast<std::int64_t>(direct.nbytes()));
  computed = 0;
  const torch::Tensor first = cache(images, forward);
  EXPECT_EQ(computed, 6);
  EXPECT_EQ(cache.size(), 4);
  EXPECT_TRUE(first.narrow(0, 4, 1).equal(direct));
  const torch::Tensor order = torch::tensor({3, 5, 0, 2, 4, 1});
  const torch::Tensor again =
      cache(images.index_select(0, order).contiguous(torch::MemoryFormat::ChannelsLast), forward);
  EXPECT_EQ(computed, 8);  // the two without room
  EXPECT_TRUE(again.equal(first.index_select(0, order)));
  torch::Tensor changed = images.narrow(0, 0, 1).clone();
  changed[0][1][11][11] = std::nextafter(changed[0][1][11][11].item<float>(), 9.0F);
  cache(changed, forward);
  EXPECT_EQ(computed, 9) << "one bit makes another image";
}

std::unique_ptr<Method> build_scattering(const std::string& backbone, const std::string& compat, int side, int scale) {
  auto method = methods().at("scattering").make({{"J", scale}});
  Task task;
  task.trial.backbone = backbone;
  task.trial.precision = "fp32";
  task.trial.epochs = 1;
  task.trial.compat = compat;
  task.side = side;
  method->build(task);
  return method;
}

torch::nn::Module& hybrid_network(Method& method) {
  return dynamic_cast<GradientMethod&>(method).network();
}

TEST(ScatteringMethod, EveryFamilyOfBackbonesGivesScores) {
  for (const char* backbone : {"rn20", "rn18", "rn50", "wrn-16-1"}) {
    for (const int scale : {2, 3}) {
      const auto method = build_scattering(backbone, "fixed", 32, scale);
      const torch::Tensor images = noise({3, 3, 32, 32}).to(torch::kFloat32);
      EXPECT_EQ(method->predict(images).sizes(), (std::vector<std::int64_t>{3, 10})) << backbone;
      hybrid_network(*method).train();
      dynamic_cast<GradientMethod&>(*method).outputs(images).front().sum().backward();
      for (const auto& p : hybrid_network(*method).named_parameters()) {
        EXPECT_TRUE(p.value().grad().defined()) << backbone << " " << p.key();
      }
    }
  }
}

TEST(ScatteringMethod, ImagesTooSmallForJAreRefused) {
  try {
    build_scattering("wrn-10-1", "fixed", 12, 4);
    FAIL() << "12 pixels have no 16";
  } catch (const InputError& error) {
    EXPECT_THAT(error.what(), testing::HasSubstr("J = 4"));
    EXPECT_THAT(error.what(), testing::HasSubstr("12"));
  }
  EXPECT_NO_THROW(build_scattering("wrn-10-1", "fixed", 12, 3));
}

TEST(ScatteringMethod, CompatGemStartsTheNewConvolutionUniform) {
  const auto spread = [](const std::string& compat) {
    const auto method = build_scattering("wrn-16-8", compat, 32, 2);
    const torch::Tensor weight = hybrid_network(*method).named_parameters()["base.block1.2.weight"].detach();
    return std::pair{weight.std().item<double>(), weight.abs().max().item<double>()};
  };
  const double fan_in = 243 * 9, fan_out = 128 * 9;
  const auto [gem, bound] = spread("gem");
  EXPECT_NEAR(gem, 1 / std::sqrt(3 * fan_in), 2e-4);
  EXPECT_LE(bound, 1 / std::sqrt(fan_in) + 1e-7);
  EXPECT_NEAR(spread("fixed").first, std::sqrt(2 / fan_out), 2e-4);
}

}  // namespace
}  // namespace scant
