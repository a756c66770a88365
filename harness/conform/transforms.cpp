// Resizing, cropping and padding against Pillow's and torchvision's numbers.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <regex>

#include "harness/conform/conform.hpp"
#include "harness/conform/golden_images.hpp"
#include "harness/data/resize.hpp"
#include "harness/learn/augment.hpp"

namespace scant {
namespace {

torch::Tensor resized(const torch::Tensor& image, const Box& box, int height, int width) {
  const torch::Tensor bytes = image.to(torch::kUInt8).contiguous();
  torch::Tensor out = torch::empty({image.size(0), height, width}, torch::kUInt8);
  std::vector<std::uint8_t> scratch;
  resize_u8(bytes.data_ptr<std::uint8_t>(), static_cast<int>(image.size(0)), static_cast<int>(image.size(1)),
            static_cast<int>(image.size(2)), box, height, width, out.data_ptr<std::uint8_t>(), scratch);
  return out.to(torch::kFloat64);
}

/// A window of the image's own size at (top, left) of the padded image, through the kernel that training uses. That
/// writes squares; other shapes are tiled with them.
torch::Tensor shifted(const torch::Tensor& image, PixelType type, int pad, int top, int left) {
  const ImageBank bank = bank_of({image}, type);
  const int height = static_cast<int>(image.size(1)), width = static_cast<int>(image.size(2));
  const int side = std::min(height, width);
  const std::vector<float> zeros(static_cast<std::size_t>(bank.channels), 0.0F), ones(zeros.size(), 1.0F);
  torch::Tensor out = torch::empty({image.size(0), height, width}, torch::kFloat32);
  torch::Tensor tile = torch::empty({image.size(0), side, side}, torch::kFloat32);
  for (int y = 0; y < height; y += side) {
    for (int x = 0; x < width; x += side) {
      const int row = std::min(y, height - side), column = std::min(x, width - side);
      write_window(bank, 0, {top - pad + row, left - pad + column}, side, {zeros, ones}, tile.data_ptr<float>());
      out.narrow(1, row, side).narrow(2, column, side).copy_(tile);
    }
  }
  return out.to(torch::kFloat64);
}

void compare_image(Comparison& compare, const torch::Tensor& got, const Json& rows) {
  compare.tensor("pixels", listed_like(got, rows), rows);
}

void check_shorter_side(const Json& in, const Json& out, Comparison& compare) {
  const torch::Tensor image = image_of(in.at("pixels"));
  const int height = static_cast<int>(image.size(1)), width = static_cast<int>(image.size(2));
  const auto [to_height, to_width] = shorter_side(height, width, in.at("size").get<int>());
  compare.exact("out_HW", Json{to_height, to_width}, out.at("out_HW"));
  compare_image(compare, resized(image, {0, 0, height, width}, to_height, to_width), out.at("pixels"));
}

void check_size_rule(const Json& in, const Json& out, Comparison& compare) {
  for (std::size_t i = 0; i < in.at("HW").size(); ++i) {
    const auto size = in.at("HW").at(i).get<std::array<int, 2>>();
    const auto [height, width] = shorter_side(size[0], size[1], in.at("size").get<int>());
    compare.exact(fmt::format("out_HW of {} x {}", size[0], size[1]), Json{height, width}, out.at("out_HW").at(i));
  }
}

void check_center_crop(const Json& in, const Json& out, Comparison& compare) {
  const torch::Tensor image = image_of(in.at("pixels"));
  const Box box =
      center_box(static_cast<int>(image.size(1)), static_cast<int>(image.size(2)), in.at("size").get<int>());
  compare.exact("top", box.top, out.at("top"));
  compare.exact("left", box.left, out.at("left"));
  compare_image(compare, image.narrow(1, box.top, box.height).narrow(2, box.left, box.width), out.at("pixels"));
}

void check_resized_crop(const Json& in, const Json& out, Comparison& compare) {
  const auto box = in.at("top_left_h_w").get<std::array<int, 4>>();
  const int size = in.at("size").get<int>();
  compare_image(compare, resized(image_of(in.at("pixels")), {box[0], box[1], box[2], box[3]}, size, size),
                out.at("pixels"));
}

void check_candidates(const Json&, const Json& out, Comparison& compare) {
  for (const Json& row : out.at("rows")) {
    const auto size = row.at("HW").get<std::array<int, 2>>();
    int height = 0, width = 0;
    const bool accepted = crop_candidate(size[0], size[1], row.at("area_fraction").get<double>(),
                                         row.at("aspect_w_over_h").get<double>(), height, width);
    compare.exact("h", height, row.at("h"));
    compare.exact("w", width, row.at("w"));
    compare.exact("accepted", accepted, row.at("accepted"));
  }
}

void check_fallback(const Json&, const Json& out, Comparison& compare) {
  for (const Json& row : out.at("rows")) {
    const auto size = row.at("HW").get<std::array<int, 2>>();
    const Box box = crop_fallback(size[0], size[1]);
    compare.exact("box", Json{box.top, box.left, box.height, box.width}, row.at("box_top_left_h_w"));
  }
}

/// One image size of the Monte-Carlo case: as many boxes as the reference drew, their moments and quantiles.
void check_distribution(const Json& row, std::uint64_t stream, Comparison& compare) {
  const auto size = row.at("HW").get<std::array<int, 2>>();
  const auto scale = row.at("scale").get<std::array<double, 2>>();
  const auto n = row.at("n").get<std::size_t>();
  std::map<std::string, std::vector<double>> drawn;
  Random random(seed_of("conform", "random resized crop"), stream);
  for (std::size_t i = 0; i < n; ++i) {
    const Box box = random_resized_crop(size[0], size[1], scale[0], scale[1], random);
    drawn["top"].push_back(box.top);
    drawn["left"].push_back(box.left);
    drawn["h"].push_back(box.height);
    drawn["w"].push_back(box.width);
    drawn["area_fraction"].push_back(static_cast<double>(box.height) * box.width / size[0] / size[1]);
    drawn["log_aspect"].push_back(std::log(static_cast<double>(box.width) / box.height));
  }
  const std::string where = fmt::format(" of {} x {}", size[0], size[1]);
  for (const auto& [name, moments] : row.at("mean_std").items()) {
    const std::vector<double>& values = drawn.at(name);
    double sum = 0, squares = 0;
    for (const double value : values) sum += value;
    const double mean = sum / static_cast<double>(n);
    for (const double value : values) squares += (value - mean) * (value - mean);
    const double deviation = std::sqrt(squares / static_cast<double>(n));
    const auto reference = moments.get<std::array<double, 2>>();
    const double error = std::hypot(deviation, reference[1]) / std::sqrt(static_cast<double>(n));
    compare.check("mean of " + name + where, std::abs(mean - reference[0]) <= 4 * error,
                  fmt::format("{} for {}, standard error {}", mean, reference[0], error));
    // 40000 draws give a deviation to about half a per cent.
    compare.check("deviation of " + name + where, std::abs(deviation / reference[1] - 1) <= 0.03,
                  fmt::format("{} for {}", deviation, reference[1]));
  }
  std::vector<double>& areas = drawn.at("area_fraction");
  std::sort(areas.begin(), areas.end());
  const std::array<double, 5> at = {0.05, 0.25, 0.5, 0.75, 0.95};
  const auto quantiles = row.at("area_fraction_quantiles_5_25_50_75_95").get<std::array<double, 5>>();
  for (std::size_t i = 0; i < at.size(); ++i) {
    const double got = areas[static_cast<std::size_t>(at[i] * static_cast<double>(n - 1))];
    compare.check(fmt::format("quantile {} of area_fraction{}", at[i], where), std::abs(got - quantiles[i]) <= 0.01,
                  fmt::format("{} for {}", got, quantiles[i]));
  }
}

void check_monte_carlo(const Json&, const Json& out, Comparison& compare) {
  for (std::size_t i = 0; i < out.at("rows").size(); ++i) check_distribution(out.at("rows").at(i), i, compare);
}

void check_reflect_pad(const Json& in, const Json& out, Comparison& compare) {
  const torch::Tensor image = image_of(in.at("pixels"));
  const int pad = in.at("pad").get<int>();
  const auto offset = in.at("offset_top_left").get<std::array<int, 2>>();
  compare.exact("padded_HW", Json{image.size(1) + 2 * pad, image.size(2) + 2 * pad}, out.at("padded_HW"));
  compare_image(compare, shifted(image, PixelType::u8, pad, offset[0], offset[1]), out.at("pixels"));
}

/// The case gives offsets (in its keys, "crop_at_TOP_LEFT") but no padding: one that those offsets allow must fit.
void check_reflect_pad_tensor(const Json& in, const Json& out, Comparison& compare) {
  const torch::Tensor image = tensor_of(in.at("x"));
  for (const auto& [key, rows] : out.items()) {
    std::smatch numbers;
    if (!std::regex_match(key, numbers, std::regex(R"(crop_at_(\d+)_(\d+))"))) continue;
    const int top = std::stoi(numbers[1]), left = std::stoi(numbers[2]);
    const int most = static_cast<int>(std::min(image.size(1), image.size(2))) - 1;
    Comparison best(compare.tolerance());
    int pad = std::max(1, (std::max(top, left) + 1) / 2);
    for (bool fits = false; pad <= most && !fits; ++pad) {
      Comparison attempt({1e-6, 1e-6});  // the file lists float32 values
      attempt.tensor(key, shifted(image, PixelType::f32, pad, top, left), rows);
      fits = attempt.differences().empty();
      if (fits) best = attempt;
    }
    compare.check(key, best.compared() > 0, "no padding gives these values");
  }
}

/// A kind of transforms_geometry, recognised by the keys of its inputs and expectations.
RegisterKind geometry(const std::string& name, bool (*matches)(const Json& in, const Json& out),
                      void (*check)(const Json& in, const Json& out, Comparison& compare)) {
  return RegisterKind({name,
                       [matches](const GoldenFile& file, const Json& golden) {
                         return file.stem == "transforms_geometry" &&
                                matches(golden.at("inputs"), golden.at("expected"));
                       },
                       [check](const GoldenFile& file, const Json& golden, Comparison& compare) {
                         compare.set_tolerance({file.content.at("tol").value("uint8_abs", 0.0), 0});
                         check(golden.at("inputs"), golden.at("expected"), compare);
                       }});
}

bool first_row_has(const Json& out, const char* key) {
  return out.contains("rows") && out.at("rows").at(0).contains(key);
}

}  // namespace

const RegisterKind shorter_side_kind = geometry(
    "resize to a shorter side",
    [](const Json& in, const Json& out) { return in.contains("pixels") && out.contains("out_HW"); },
    check_shorter_side);
const RegisterKind size_rule_kind = geometry(
    "size rule", [](const Json& in, const Json&) { return in.contains("HW"); }, check_size_rule);
const RegisterKind center_crop_kind = geometry(
    "centre crop", [](const Json&, const Json& out) { return out.contains("top") && out.contains("left"); },
    check_center_crop);
const RegisterKind resized_crop_kind = geometry(
    "resized crop", [](const Json& in, const Json&) { return in.contains("top_left_h_w"); }, check_resized_crop);
const RegisterKind candidate_kind = geometry(
    "crop candidate", [](const Json&, const Json& out) { return first_row_has(out, "accepted"); }, check_candidates);
const RegisterKind fallback_kind = geometry(
    "crop fallback", [](const Json&, const Json& out) { return first_row_has(out, "box_top_left_h_w"); },
    check_fallback);
const RegisterKind monte_carlo_kind = geometry(
    "crop distribution", [](const Json&, const Json& out) { return first_row_has(out, "mean_std"); },
    check_monte_carlo);
const RegisterKind reflect_pad_kind = geometry(
    "reflect padding", [](const Json& in, const Json&) { return in.contains("pad"); }, check_reflect_pad);
const RegisterKind reflect_pad_tensor_kind = geometry(
    "reflect padding of floats", [](const Json& in, const Json&) { return in.contains("x"); },
    check_reflect_pad_tensor);

}  // namespace scant
