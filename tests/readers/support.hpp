// What the reader tests share: a folder that goes away, cards in one line, files in the real formats.
#pragma once
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "harness/core/error.hpp"
#include "harness/data/readers.hpp"
#include "tests/support/temporary_folder.hpp"

namespace scant {

inline Card card_of(const std::string& reader, const std::string& options, int bands = 3,
                    std::vector<std::string> classes = {}) {
  Card card;
  card.spec.name = "toy";
  card.spec.bands = bands;
  card.spec.classes = std::move(classes);
  card.spec.num_classes = static_cast<int>(card.spec.classes.size());
  card.reader = reader;
  card.read_options = Json::parse(options);
  card.file = "datasets/toy/card.toml";
  return card;
}

inline Decoded read(const Card& card, const std::filesystem::path& folder, int threads = 2) {
  return decode(card, folder, Json::object(), threads);
}

/// The message of the InputError that `work` throws, or "" if it throws none.
template <class Work>
std::string error_of(Work&& work) {
  try {
    work();
  } catch (const InputError& error) {
    return error.what();
  }
  return "";
}

inline int pixel(const ImageBank& bank, std::int64_t index, int channel, int y, int x) {
  const ImageShape& shape = bank.shapes[static_cast<std::size_t>(index)];
  const std::int64_t at = (static_cast<std::int64_t>(channel) * shape.height + y) * shape.width + x;
  if (bank.type == PixelType::u16) return bank.image<std::uint16_t>(index)[at];
  return bank.image<std::uint8_t>(index)[at];
}

}  // namespace scant
