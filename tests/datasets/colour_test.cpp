// Mean colour must tell nothing about the class and a good deal about the domain.
#include <cmath>

#include "tests/datasets/generated.hpp"

namespace scant {
namespace {

/// Share of `queries` whose nearest class centroid (Euclidean, features scaled to unit variance) is their own.
double centroid_accuracy(const std::vector<Seen>& images, int classes, bool by_domain) {
  const std::size_t features = images.front().mean.size();
  std::vector<double> mean(features, 0), deviation(features, 0);
  for (const auto& image : images)
    for (std::size_t f = 0; f < features; ++f) mean[f] += image.mean[f] / static_cast<double>(images.size());
  for (const auto& image : images)
    for (std::size_t f = 0; f < features; ++f)
      deviation[f] += std::pow(image.mean[f] - mean[f], 2) / static_cast<double>(images.size());
  auto key = [&](const Seen& image) { return static_cast<std::size_t>(by_domain ? image.domain : image.label); };
  // Even images make the centroids, odd ones are asked.
  std::vector<std::vector<double>> centroid(static_cast<std::size_t>(classes), std::vector<double>(features, 0));
  std::vector<double> members(static_cast<std::size_t>(classes), 0);
  for (std::size_t i = 0; i < images.size(); i += 2) {
    ++members[key(images[i])];
    for (std::size_t f = 0; f < features; ++f) centroid[key(images[i])][f] += images[i].mean[f];
  }
  int right = 0, asked = 0;
  for (std::size_t i = 1; i < images.size(); i += 2, ++asked) {
    std::size_t best = 0;
    double nearest = 1e300;
    for (std::size_t k = 0; k < centroid.size(); ++k) {
      double distance = 0;
      for (std::size_t f = 0; f < features; ++f)
        distance += std::pow(images[i].mean[f] - centroid[k][f] / members[k], 2) / deviation[f];
      if (distance < nearest) nearest = distance, best = k;
    }
    right += best == key(images[i]);
  }
  return static_cast<double>(right) / asked;
}

class EmbeddedColour : public testing::TestWithParam<std::string> {};

TEST_P(EmbeddedColour, SaysNothingAboutTheClassAndMuchAboutTheDomain) {
  const Generated set(GetParam(), Json{{"pool", 40}, {"test", 20}});
  const auto images = set.images();
  const int classes = static_cast<int>(set.lines("classes.txt").size());
  EXPECT_LT(centroid_accuracy(images, classes, false), 1.7 / classes);
  if (GetParam() != "synthetic-script") {  // gray pages differ in sharpness and contrast
    EXPECT_GT(centroid_accuracy(images, 2, true), 0.75);
  }
}

INSTANTIATE_TEST_SUITE_P(All, EmbeddedColour, testing::ValuesIn(embedded_sets),
                         [](const auto& info) { return info.param.substr(std::string("synthetic-").size()); });

}  // namespace
}  // namespace scant
