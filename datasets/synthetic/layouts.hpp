// The six sets: who is in them, how an image is drawn, and how the real data set of that kind lies on disk.
#pragma once
#include <filesystem>
#include <functional>
#include <vector>

#include "datasets/synthetic/roster.hpp"

namespace scant::synthetic {

/// Draws one sample; the layout writes it.
using Drawer = std::function<Canvas(const Sample&)>;

struct Layout {
  Population population;
  int side;      // default shorter side in pixels
  int min_side;  // below it the structure that tells classes apart is lost
  int max_side;
  int pool;  // default training images per class
  Canvas (*draw)(int label, int domain, const Options& options, Random& random);
  /// Names the samples and writes every file below `folder`.
  void (*write)(const std::filesystem::path& folder, const Population& population, std::vector<Sample>& roster,
                const Options& options, const Drawer& draw);
};

/// In the order of their names.
const std::vector<Layout>& layouts();

}  // namespace scant::synthetic
