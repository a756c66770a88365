// Parallel decoding of a listing with bounded memory.
#include "harness/data/io/decode_files.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <set>

#include "harness/core/error.hpp"
#include "harness/data/io/parallel.hpp"
#include "harness/data/io/picture.hpp"

namespace scant {

Decoded decode_listing(const ReadTask& task, const Listing& listing,
                       const std::function<Pixels(const std::filesystem::path&)>& decode_one) {
  const auto& images = listing.images;
  // Enough work for a start of all threads, few enough images that large scans fit into memory beside the bank.
  const std::size_t chunk = 64 * static_cast<std::size_t>(std::max(task.threads, 1));
  std::optional<BankBuilder> builder;
  PixelType type = PixelType::u8;
  int channels = 0;
  Decoded decoded;
  for (std::size_t begin = 0; begin < images.size(); begin += chunk) {
    std::vector<Pixels> slots(std::min(chunk, images.size() - begin));
    parallel_for(slots.size(), task.threads, [&](std::size_t i) { slots[i] = decode_one(images[begin + i].file); });
    for (std::size_t i = 0; i < slots.size(); ++i) {
      const ListedImage& image = images[begin + i];
      const Pixels& pixels = slots[i];
      if (!builder) {
        type = pixels.type;
        channels = pixels.channels;
        builder.emplace(type, channels);
      }
      if (pixels.type != type || pixels.channels != channels) {
        throw InputError(fmt::format("{} x {}, but {} is {} x {}", pixels.channels, name_of(pixels.type),
                                     images[0].file.string(), channels, name_of(type)),
                         {image.file.string()});
      }
      builder->add(pixels.planar, pixels.height, pixels.width, image.label, image.name, image.domain);
      decoded.roles.push_back(image.role);
    }
  }
  const bool any_role =
      std::any_of(decoded.roles.begin(), decoded.roles.end(), [](const auto& r) { return !r.empty(); });
  if (!any_role) decoded.roles.clear();
  decoded.bank = builder->finish(bank_classes(task, listing.classes));
  return decoded;
}

Decoded decode_pictures(const ReadTask& task, const Listing& listing) {
  const int channels = task.options.flag("grayscale", false) ? 1 : task.card.spec.bands;
  if (channels != 1 && channels != 3) {
    throw InputError(fmt::format("the card of {} states {} bands; pictures have 1 or 3, other files need the reader "
                                 "\"geotiff\"",
                                 task.card.spec.name, channels),
                     {task.card.file.string()});
  }
  return decode_listing(task, listing,
                        [&](const std::filesystem::path& file) { return decode_picture(file, channels); });
}

}  // namespace scant
