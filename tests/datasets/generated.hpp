// Generates an embedded set into a folder that vanishes again, and reads it back without the program's own readers.
#pragma once
#include <gdal_priv.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <opencv2/imgcodecs.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "harness/core/hash.hpp"
#include "harness/data/generate.hpp"
#include "tests/support/temporary_folder.hpp"

namespace scant {

inline const std::vector<std::string> embedded_sets{"synthetic-natural",  "synthetic-fine",   "synthetic-lesion",
                                                    "synthetic-spectral", "synthetic-script", "synthetic-tissue"};

/// One image as it lies on disk. `size` is C, height, width; `mean` one value a channel in the file's order.
struct Seen {
  std::string name;
  int label = -1, domain = -1;
  bool test = false;
  std::vector<int> size;
  std::vector<double> mean;
};

class Generated {
  const test::TemporaryFolder here_;

 public:
  Generated(std::string set, const Json& options) : set_(std::move(set)) { generate(set_, options, folder); }

  std::vector<std::string> lines(const std::string& file) const {
    std::ifstream stream(folder / file);
    EXPECT_TRUE(stream) << file;
    std::vector<std::string> all;
    for (std::string line; std::getline(stream, line);) all.push_back(line);
    return all;
  }

  /// SHA-256 over the sorted relative paths and contents of every file.
  std::string digest() const {
    std::vector<std::filesystem::path> files;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder))
      if (entry.is_regular_file()) files.push_back(entry.path());
    std::sort(files.begin(), files.end());
    Digest all;
    for (const auto& file : files) all.add(file.lexically_relative(folder).string() + file_digest(file));
    return all.hex();
  }

  /// Every image in the order of domains.csv; labels from what the set's own files say.
  std::vector<Seen> images() const {
    const auto labels = labels_by_name();
    std::vector<Seen> all;
    for (const auto& line : lines("domains.csv")) {
      if (line == "name,domain") continue;
      Seen seen;
      seen.name = line.substr(0, line.find(','));
      seen.domain = line.back() - '0';
      EXPECT_TRUE(labels.contains(seen.name)) << seen.name;
      if (!labels.contains(seen.name)) continue;
      std::tie(seen.label, seen.test) = labels.at(seen.name);
      measure(seen);
      all.push_back(seen);
    }
    EXPECT_EQ(all.size(), labels.size());
    return all;
  }

  const std::filesystem::path folder{here_.path() / "set"};

 private:
  using Labels = std::map<std::string, std::pair<int, bool>>;

  Labels labels_by_name() const {
    Labels labels;
    if (set_ == "synthetic-natural") {
      for (const char* role : {"train", "test"}) {
        const auto& records = cifar(role);
        for (std::size_t i = 0; i * 3073 < records.size(); ++i) {
          std::string number = std::to_string(i);
          number.insert(0, 5 - number.size(), '0');
          labels[std::string(role) + "_" + number] = {records[i * 3073], std::string(role) == "test"};
        }
      }
    } else if (set_ == "synthetic-tissue" || set_ == "synthetic-spectral") {
      const auto classes = lines("classes.txt");
      const auto top = set_ == "synthetic-spectral" ? folder / "allBands" : folder;
      for (const auto& entry : std::filesystem::recursive_directory_iterator(top)) {
        if (!entry.is_regular_file() || entry.path().parent_path() == folder || entry.path().extension() == ".txt")
          continue;
        const auto at = std::find(classes.begin(), classes.end(), entry.path().parent_path().filename().string());
        EXPECT_NE(at, classes.end()) << entry.path();
        auto name = entry.path().lexically_relative(top).replace_extension().string();
        labels[name] = {static_cast<int>(at - classes.begin()), name.starts_with("test/")};
      }
    } else if (set_ == "synthetic-fine") {
      const auto names = lines("CUB_200_2011/images.txt"), ids = lines("CUB_200_2011/image_class_labels.txt"),
                 roles = lines("CUB_200_2011/train_test_split.txt");
      for (std::size_t i = 0; i < names.size(); ++i) {
        const auto name = names[i].substr(names[i].find(' ') + 1);
        labels[name.substr(0, name.size() - 4)] = {std::stoi(ids[i].substr(ids[i].find(' '))) - 1,
                                                   roles[i].back() == '0'};
      }
    } else if (set_ == "synthetic-lesion") {
      for (const auto& line : lines("ISIC2018_Task3_Training_GroundTruth.csv")) {
        if (line.starts_with("image,")) continue;
        const auto one = line.find("1.0");
        EXPECT_EQ(line.find("1.0", one + 1), std::string::npos) << line;
        labels[line.substr(0, line.find(','))] = {static_cast<int>(one - line.find(',') - 1) / 4, false};
      }
    } else {
      const auto classes = lines("classes.txt"), test = lines("splits/test0.txt");
      for (const auto& line : lines("labels.csv")) {
        const auto at = std::find(classes.begin(), classes.end(), line.substr(line.find(';') + 1));
        if (line == "FILENAME;SCRIPT_TYPE") continue;
        const auto name = line.substr(0, line.find(".tif"));
        const int label = static_cast<int>(at - classes.begin());
        labels[name] = {label, std::find(test.begin(), test.end(), name + " " + std::to_string(label)) != test.end()};
      }
    }
    return labels;
  }

  const std::string& cifar(const std::string& role) const {
    auto& records = cifar_[role];
    if (records.empty()) {
      std::ifstream stream(folder / "cifar-10-batches-bin" / (role == "train" ? "data_batch_1.bin" : "test_batch.bin"),
                           std::ios::binary);
      std::ostringstream bytes;
      bytes << stream.rdbuf();
      records = bytes.str();
    }
    return records;
  }

  void measure(Seen& seen) const {
    if (set_ == "synthetic-natural") {
      const auto& records = cifar(seen.test ? "test" : "train");
      const auto start = static_cast<std::size_t>(std::stoi(seen.name.substr(seen.name.find('_') + 1))) * 3073 + 1;
      seen.size = {3, 32, 32};
      for (std::size_t c = 0; c < 3; ++c) {
        double sum = 0;
        for (std::size_t i = 0; i < 1024; ++i) sum += static_cast<unsigned char>(records[start + c * 1024 + i]);
        seen.mean.push_back(sum / 1024);
      }
    } else if (set_ == "synthetic-spectral") {
      GDALAllRegister();
      auto* set = GDALDataset::Open((folder / "allBands" / (seen.name + ".tif")).c_str());
      ASSERT_NE(set, nullptr) << seen.name;
      seen.size = {set->GetRasterCount(), set->GetRasterYSize(), set->GetRasterXSize()};
      for (int b = 1; b <= set->GetRasterCount(); ++b) {
        EXPECT_EQ(set->GetRasterBand(b)->GetRasterDataType(), GDT_UInt16);
        std::vector<std::uint16_t> plane(static_cast<std::size_t>(set->GetRasterXSize()) * set->GetRasterYSize());
        ASSERT_EQ(set->GetRasterBand(b)->RasterIO(GF_Read, 0, 0, seen.size[2], seen.size[1], plane.data(), seen.size[2],
                                                  seen.size[1], GDT_UInt16, 0, 0),
                  CE_None);
        double sum = 0;
        for (auto value : plane) sum += value;
        seen.mean.push_back(sum / static_cast<double>(plane.size()));
      }
      GDALClose(set);
    } else {
      const std::map<std::string, std::pair<std::string, std::string>> places{
          {"synthetic-fine", {"CUB_200_2011/images", ".jpg"}},
          {"synthetic-lesion", {"ISIC2018_Task3_Training_Input", ".jpg"}},
          {"synthetic-script", {"images", ".tif"}},
          {"synthetic-tissue", {".", ".png"}}};
      const auto& [place, extension] = places.at(set_);
      const cv::Mat image = cv::imread((folder / place / (seen.name + extension)).string(), cv::IMREAD_UNCHANGED);
      ASSERT_FALSE(image.empty()) << seen.name;
      EXPECT_EQ(image.depth(), CV_8U);
      seen.size = {image.channels(), image.rows, image.cols};
      const cv::Scalar mean = cv::mean(image);
      for (int c = 0; c < image.channels(); ++c) seen.mean.push_back(mean[c]);
    }
  }

  std::string set_;
  mutable std::map<std::string, std::string> cifar_;  // by role
};

}  // namespace scant
