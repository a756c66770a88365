// Real images: every layout that is at hand is read as its card describes it. Skipped where the packs are absent.
#include <gmock/gmock.h>

#include <algorithm>
#include <map>
#include <set>

#include "harness/core/json.hpp"
#include "tests/readers/support.hpp"

namespace scant {
namespace {

using ::testing::ElementsAre;

class Packs : public ::testing::Test {
 protected:
  /// The folder of a pack; skips the test where it is absent.
  std::filesystem::path pack(const std::string& name) {
    const auto folder = std::filesystem::path(SCANT_PACKS) / name;
    if (!std::filesystem::is_directory(folder)) skip(folder);
    return folder;
  }
  static void skip(const std::filesystem::path& folder) { GTEST_SKIP() << "no pack at " << folder; }
};

int count(const std::vector<std::int32_t>& labels, int label) {
  return static_cast<int>(std::count(labels.begin(), labels.end(), label));
}

TEST_F(Packs, Cifar10) {
  const auto folder = pack("cifar10");
  if (IsSkipped()) return;
  const Decoded decoded = read(card_of("cifar-binary", R"({"allow_missing": true, "files": {
      "train": ["data_batch_1.bin", "data_batch_2.bin"], "test": ["test_batch.bin"]}})"),
                               folder);
  ASSERT_EQ(decoded.bank.size(), 20000);
  EXPECT_EQ(decoded.bank.class_names[3], "cat");
  EXPECT_EQ(decoded.roles[9999], "train");
  EXPECT_EQ(decoded.roles[10000], "test");
  EXPECT_EQ(decoded.bank.names.back(), "test_09999");
  const std::vector<std::int32_t> test(decoded.bank.labels.begin() + 10000, decoded.bank.labels.end());
  for (int k = 0; k < 10; ++k) EXPECT_EQ(count(test, k), 1000);
  // The pixels are the file's own bytes.
  const std::string bytes = read_file(folder / "cifar-10-batches-bin/test_batch.bin");
  const auto* image = decoded.bank.image<char>(10001);
  EXPECT_EQ(std::string(image, image + 3072), bytes.substr(3073 + 1, 3072));
}

TEST_F(Packs, Cub40) {
  const auto folder = pack("cub200_subset");
  if (IsSkipped()) return;
  const Decoded decoded = read(card_of("list", R"({"image_folder": "CUB_200_2011/images", "extension": ".jpg",
      "images": "CUB_200_2011/images.txt", "labels": "CUB_200_2011/image_class_labels.txt",
      "class_names": "CUB_200_2011/classes.txt", "roles": "CUB_200_2011/train_test_split.txt"})"),
                               folder);
  ASSERT_EQ(decoded.bank.size(), 2000);
  ASSERT_EQ(decoded.bank.class_names.size(), 40);
  for (int k = 0; k < 40; ++k) EXPECT_EQ(count(decoded.bank.labels, k), 50);
  EXPECT_EQ(std::count(decoded.roles.begin(), decoded.roles.end(), "train"), 1200);
  EXPECT_EQ(decoded.bank.shapes[0].height, 227);
  // The pack's split files use the same names and labels.
  const Decoded listed =
      read(card_of("list", R"({"image_folder": "CUB_200_2011/images", "extension": ".jpg"})"), folder);
  ASSERT_EQ(listed.bank.size(), 2000);
  std::map<std::string, int> labels;
  for (std::size_t i = 0; i < 2000; ++i) labels[decoded.bank.names[i]] = decoded.bank.labels[i];
  for (std::size_t i = 0; i < 2000; ++i) EXPECT_EQ(labels.at(listed.bank.names[i]), listed.bank.labels[i]);
}

TEST_F(Packs, Isic2018) {
  const auto folder = pack("isic2018");
  if (IsSkipped()) return;
  const Decoded decoded = read(card_of("csv", R"({"table": "ISIC2018_Task3_Training_GroundTruth.csv", "path": "{image}",
      "one_hot": ["MEL", "NV", "BCC", "AKIEC", "BKL", "DF", "VASC"], "extension": ".jpg",
      "image_folder": "ISIC2018_Task3_Training_Input", "allow_missing": true})"),
                               folder);
  ASSERT_EQ(decoded.bank.size(), 4249);
  EXPECT_TRUE(decoded.bank.fixed());
  EXPECT_EQ(decoded.bank.shapes[0].height, 150);
  EXPECT_EQ(decoded.bank.shapes[0].width, 200);
  EXPECT_THAT(decoded.bank.class_names, ElementsAre("MEL", "NV", "BCC", "AKIEC", "BKL", "DF", "VASC"));
  // Every label agrees with the benchmark's split files.
  if (!std::filesystem::is_directory(folder / "../../gem-splits/isic2018")) return;
  std::map<std::string, int> labels;
  for (std::size_t i = 0; i < 4249; ++i) labels[decoded.bank.names[i]] = decoded.bank.labels[i];
  const Decoded listed = read(card_of("list", R"({"image_folder": "ISIC2018_Task3_Training_Input", "extension": ".jpg",
      "list_folders": "../gem-splits/isic2018", "lists": "*0.txt"})"),
                              folder);
  EXPECT_EQ(listed.bank.size(), 560 + 1944);
  for (std::size_t i = 0; i < listed.bank.names.size(); ++i) {
    EXPECT_EQ(labels.at(listed.bank.names[i]), listed.bank.labels[i]) << listed.bank.names[i];
  }
}

TEST_F(Packs, HamMetadata) {
  const auto folder = pack("isic2018");
  if (IsSkipped()) return;
  const Decoded decoded = read(card_of("csv", R"({"table": "HAM10000_metadata.csv", "path": "{image_id}", "label": "dx",
      "classes": ["mel", "nv", "bcc", "akiec", "bkl", "df", "vasc"], "image_folder": "fullsize_samples",
      "extension": ".jpg", "allow_missing": true, "domain_column": "localization"})"),
                               folder);
  ASSERT_EQ(decoded.bank.size(), 17);
  EXPECT_EQ(count(decoded.bank.labels, 0), 6);
  EXPECT_EQ(count(decoded.bank.labels, 1), 6);
  EXPECT_EQ(count(decoded.bank.labels, 2), 5);
  EXPECT_EQ(decoded.bank.domains.size(), 17);
  EXPECT_EQ(decoded.bank.shapes[0].width, 600);
}

TEST_F(Packs, EurosatOriginals) {
  const auto folder = pack("eurosat_ms");
  if (IsSkipped()) return;
  const Decoded decoded = read(card_of("geotiff", R"({"image_folder": "allBands", "extension": ".tif",
                                                      "classes": ["AnnualCrop", "Pasture", "SeaLake"]})",
                                       13),
                               folder);
  ASSERT_EQ(decoded.bank.size(), 3);
  EXPECT_EQ(decoded.bank.type, PixelType::u16);
  EXPECT_EQ(decoded.bank.names[0], "AnnualCrop/AnnualCrop_1");
  // Band 9 of the files is the nearly empty cirrus band, not B09.
  double means[13] = {};
  for (int b = 0; b < 13; ++b) {
    for (int i = 0; i < 64 * 64; ++i) means[b] += pixel(decoded.bank, 0, b, i / 64, i % 64) / 4096.0;
  }
  EXPECT_LT(means[9], 50);
  EXPECT_GT(means[12], 500);
  const Decoded rgb = read(card_of("class-folders", R"({"image_folder": "RGB", "extension": ".jpg"})"), folder);
  EXPECT_THAT(rgb.bank.class_names, ElementsAre("AnnualCrop", "Pasture", "SeaLake"));
  EXPECT_EQ(rgb.bank.type, PixelType::u8);
}

TEST_F(Packs, SceneTiles) {
  const auto folder = pack("s2_scene_tiles");
  if (IsSkipped()) return;
  const std::string base = R"({"image_folder": "allBands", "extension": ".tif")";
  const Decoded decoded = read(card_of("geotiff", base + "}", 12), folder);
  ASSERT_EQ(decoded.bank.size(), 160);
  ASSERT_EQ(decoded.bank.class_names.size(), 10);
  const Decoded listed = read(card_of("geotiff", base + R"(, "lists": ["train0.txt", "val0.txt"]})", 12), folder);
  EXPECT_EQ(listed.bank.size(), 80);
  for (std::size_t i = 0; i < 80; ++i) {
    const auto found = std::find(decoded.bank.names.begin(), decoded.bank.names.end(), listed.bank.names[i]);
    ASSERT_NE(found, decoded.bank.names.end());
    EXPECT_EQ(decoded.bank.labels[static_cast<std::size_t>(found - decoded.bank.names.begin())], listed.bank.labels[i]);
  }
}

TEST_F(Packs, OmniglotScripts) {
  const auto folder = pack("omniglot_small");
  if (IsSkipped()) return;
  const Decoded decoded = read(card_of("list", R"({"extension": ".png", "grayscale": true})", 1), folder);
  EXPECT_EQ(decoded.bank.size(), 8 * 130);
  EXPECT_EQ(decoded.bank.channels, 1);
  EXPECT_EQ(decoded.bank.names[0].substr(0, 25), "images_background_small1/");
  std::set<int> values;
  for (int i = 0; i < 105 * 105; ++i) values.insert(pixel(decoded.bank, 0, 0, i / 105, i % 105));
  EXPECT_THAT(values, ElementsAre(0, 255));  // 1-bit files
}

TEST_F(Packs, PneumoniaMnist) {
  const auto folder = pack("medmnist");
  if (IsSkipped()) return;
  const Decoded decoded = read(card_of("npz", R"({"file": "pneumoniamnist_reassembled.npz"})", 1), folder);
  EXPECT_EQ(std::count(decoded.roles.begin(), decoded.roles.end(), "train"), 4708);
  EXPECT_EQ(std::count(decoded.roles.begin(), decoded.roles.end(), "val"), 524);
  EXPECT_EQ(std::count(decoded.roles.begin(), decoded.roles.end(), "test"), 624);
  EXPECT_EQ(count(decoded.bank.labels, 0), 1214 + 135 + 234);
  EXPECT_EQ(decoded.bank.shapes[0].height, 28);
}

TEST_F(Packs, MnistTest) {
  const auto folder = pack("mnist_t10k");
  if (IsSkipped()) return;
  const Decoded decoded = read(card_of("idx", R"({"parts": [{"role": "test",
      "images": "raw/t10k-images-idx3-ubyte.gz", "labels": "raw/t10k-labels-idx1-ubyte.gz"}]})",
                                       1),
                               folder);
  ASSERT_EQ(decoded.bank.size(), 10000);
  EXPECT_EQ(count(decoded.bank.labels, 0), 980);  // published class counts of the test set
  EXPECT_EQ(count(decoded.bank.labels, 1), 1135);
  EXPECT_EQ(decoded.bank.labels[0], 7);
}

TEST_F(Packs, Lc25000Lung) {
  const auto folder = pack("lc25000_lung");
  if (IsSkipped()) return;
  const Decoded decoded = read(card_of("class-folders", R"({"image_folder": "lung_image_sets", "extension": ".jpeg",
                                                            "classes": ["lung_aca", "lung_n", "lung_scc"]})"),
                               folder);
  ASSERT_EQ(decoded.bank.size(), 750);
  for (int k = 0; k < 3; ++k) EXPECT_EQ(count(decoded.bank.labels, k), 250);
  EXPECT_EQ(decoded.bank.shapes[0].height, 224);
}

TEST_F(Packs, HistologySamples) {
  const auto folder = pack("histo_samples");
  if (IsSkipped()) return;
  const Decoded colon = read(card_of("class-folders", R"({"roles": {"CRC-HE": "test"}, "extension": ".tif"})"), folder);
  EXPECT_THAT(colon.bank.class_names, ElementsAre("ADI", "BACK", "DEB", "LYM", "MUC", "MUS", "NORM", "STR", "TUM"));
  EXPECT_EQ(colon.bank.size(), 9);
  EXPECT_EQ(colon.roles[0], "test");
  const Decoded breast = read(card_of("class-folders", R"x({"image_folder": "BreaKHis400X", "extension": ".png",
      "roles": {"train": "train", "test": "test"}, "domain": "SOB_[BM]_[A-Z]+-([^-]+-[^-]+)-"})x"),
                              folder);
  EXPECT_EQ(breast.bank.size(), 8);
  EXPECT_EQ(breast.bank.shapes[0].width, 700);
  EXPECT_EQ(count(breast.bank.labels, 1), 4);
  EXPECT_EQ(*std::max_element(breast.bank.domains.begin(), breast.bank.domains.end()), 6);  // 7 patients
}

}  // namespace
}  // namespace scant
