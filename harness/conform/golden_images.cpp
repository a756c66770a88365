// Nested lists to banks.
#include "harness/conform/golden_images.hpp"

#include "harness/conform/conform.hpp"

namespace scant {

torch::Tensor image_of(const Json& rows) {
  torch::Tensor image = tensor_of(rows);
  if (image.dim() == 2) image = image.unsqueeze(2);
  return image.permute({2, 0, 1}).contiguous();
}

torch::Tensor listed_like(const torch::Tensor& image, const Json& rows) {
  const torch::Tensor listed = image.permute({1, 2, 0});
  return rows.at(0).at(0).is_array() ? listed : listed.squeeze(2);
}

ImageBank bank_of(const std::vector<torch::Tensor>& images, PixelType type) {
  BankBuilder builder(type, static_cast<int>(images.at(0).size(0)));
  for (const torch::Tensor& image : images) {
    const torch::Tensor stored = image.to(type == PixelType::u8 ? torch::kUInt8 : torch::kFloat32).contiguous();
    builder.add({static_cast<const std::byte*>(stored.data_ptr()), static_cast<std::size_t>(stored.nbytes())},
                static_cast<int>(image.size(1)), static_cast<int>(image.size(2)), 0);
  }
  return builder.finish();
}

}  // namespace scant
