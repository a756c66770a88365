// Readers "list", "class-folders" and "csv" on small data sets in the real layouts.
#include <fmt/format.h>
#include <gmock/gmock.h>

#include <opencv2/imgcodecs.hpp>

#include "tests/readers/support.hpp"

namespace scant {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

/// A 2 x 3 picture (height x width) of one value.
void picture(const test::TemporaryFolder& folder, const std::string& name, int value) {
  const auto file = folder.path() / name;
  std::filesystem::create_directories(file.parent_path());
  ASSERT_TRUE(cv::imwrite(file.string(), cv::Mat(2, 3, CV_8UC3, cv::Scalar::all(value))));
}

std::vector<int> values(const ImageBank& bank) {
  std::vector<int> result;
  for (std::int64_t i = 0; i < bank.size(); ++i) result.push_back(pixel(bank, i, 0, 0, 0));
  return result;
}

class CubLayout : public ::testing::Test {
 protected:
  void SetUp() override {
    picture(folder_, "CUB/images/001.Auk/Auk_1_d1.png", 10);
    picture(folder_, "CUB/images/001.Auk/Auk_2_d0.png", 20);
    picture(folder_, "CUB/images/010.Bee/Bee_1_d1.png", 30);
    folder_.write("CUB/images.txt", "1 001.Auk/Auk_1_d1.png\n2 001.Auk/Auk_2_d0.png\r\n3 010.Bee/Bee_1_d1.png\n");
    folder_.write("CUB/image_class_labels.txt", "1 1\n2 1\n3 10\n");
    folder_.write("CUB/classes.txt", "1 001.Auk\n10 010.Bee\n");
    folder_.write("CUB/train_test_split.txt", "1 1\n2 0\n3 1\n");
  }
  Card card(const std::string& more = "") const {
    return card_of("list", R"({"image_folder": "CUB/images", "images": "CUB/images.txt",
      "labels": "CUB/image_class_labels.txt", "class_names": "CUB/classes.txt", "roles": "CUB/train_test_split.txt",
      "extension": ".png")" + more +
                               "}");
  }
  test::TemporaryFolder folder_;
};

TEST_F(CubLayout, NamesLabelsAndRoles) {
  const Decoded decoded = read(card(), folder_.path());
  EXPECT_THAT(decoded.bank.names, ElementsAre("001.Auk/Auk_1_d1", "001.Auk/Auk_2_d0", "010.Bee/Bee_1_d1"));
  EXPECT_THAT(decoded.bank.labels, ElementsAre(0, 0, 1));  // ids 1 and 10 have positions 0 and 1
  EXPECT_THAT(decoded.bank.class_names, ElementsAre("001.Auk", "010.Bee"));
  EXPECT_THAT(decoded.roles, ElementsAre("train", "test", "train"));
  EXPECT_THAT(values(decoded.bank), ElementsAre(10, 20, 30));
  EXPECT_EQ(decoded.bank.shapes[0].height, 2);
  EXPECT_EQ(decoded.bank.shapes[0].width, 3);
  EXPECT_TRUE(decoded.bank.domains.empty());
}

TEST_F(CubLayout, DomainFromTheName) {
  EXPECT_THAT(read(card(R"(, "domain": "_d([01])$")"), folder_.path()).bank.domains, ElementsAre(1, 0, 1));
  EXPECT_THAT(error_of([&] { read(card(R"(, "domain": "_x([01])$")"), folder_.path()); }),
              AllOf(HasSubstr("Auk_1_d1"), HasSubstr("does not state a domain")));
  EXPECT_THAT(error_of([&] { read(card(R"(, "domain": "_d[01]$")"), folder_.path()); }), HasSubstr("capture"));
  EXPECT_THAT(error_of([&] { read(card(R"x(, "domain": "(")x"), folder_.path()); }), HasSubstr("regular expression"));
}

TEST_F(CubLayout, DomainFromAFile) {
  folder_.write("domains.csv", "name,domain\n001.Auk/Auk_1_d1,b\n001.Auk/Auk_2_d0,a\n010.Bee/Bee_1_d1,b\n");
  EXPECT_THAT(read(card(R"(, "domains_file": "domains.csv")"), folder_.path()).bank.domains, ElementsAre(1, 0, 1));
  folder_.write("domains.csv", "name,domain\n001.Auk/Auk_1_d1,b\n");
  EXPECT_THAT(error_of([&] { read(card(R"(, "domains_file": "domains.csv")"), folder_.path()); }),
              AllOf(HasSubstr("domains.csv"), HasSubstr("Auk_2_d0")));
}

TEST_F(CubLayout, AbsentFilesAreErrorsUnlessAllowed) {
  std::filesystem::remove(folder_.path() / "CUB/images/001.Auk/Auk_2_d0.png");
  EXPECT_THAT(error_of([&] { read(card(), folder_.path()); }), AllOf(HasSubstr("Auk_2_d0.png"), HasSubstr("absent")));
  EXPECT_THAT(values(read(card(R"(, "allow_missing": true)"), folder_.path()).bank), ElementsAre(10, 30));
  std::filesystem::remove_all(folder_.path() / "CUB/images");
  std::filesystem::create_directories(folder_.path() / "CUB/images");
  EXPECT_THAT(error_of([&] { read(card(R"(, "allow_missing": true)"), folder_.path()); }), HasSubstr("no image"));
}

TEST_F(CubLayout, OnlyAndOnlyListed) {
  EXPECT_THAT(values(read(card(R"(, "only": "^010")"), folder_.path()).bank), ElementsAre(30));
  folder_.write("splits/train0.txt", "001.Auk/Auk_2_d0 0\n");
  folder_.write("splits/test0.txt", "\n010.Bee/Bee_1_d1.png\t1\n");
  folder_.write("splits/classes.txt", "001.Auk\n");
  EXPECT_THAT(values(read(card(R"(, "only_listed": true)"), folder_.path()).bank), ElementsAre(20, 30));
}

TEST_F(CubLayout, DamagedIndexFiles) {
  folder_.write("CUB/image_class_labels.txt", "1 1\n2 one\n3 10\n");
  EXPECT_THAT(error_of([&] { read(card(), folder_.path()); }), HasSubstr("image_class_labels.txt"));
  folder_.write("CUB/image_class_labels.txt", "1 1\n2 1\n3 7\n");
  EXPECT_THAT(error_of([&] { read(card(), folder_.path()); }), HasSubstr("class 7"));
  folder_.write("CUB/image_class_labels.txt", "1 1\n2 1\n");
  EXPECT_THAT(error_of([&] { read(card(), folder_.path()); }), HasSubstr("no line for id 3"));
  folder_.write("CUB/image_class_labels.txt", "1 1\nwhat\n");
  EXPECT_THAT(error_of([&] { read(card(), folder_.path()); }), HasSubstr("image_class_labels.txt:2"));
}

TEST_F(CubLayout, SourceKeyFollowsFilesAndSettings) {
  const std::string key = source_key(card(), folder_.path(), {});
  EXPECT_EQ(key, source_key(card(), folder_.path(), {}));
  EXPECT_NE(key, source_key(card(), folder_.path(), {{"difficulty", 0.5}}));
  EXPECT_NE(key, source_key(card(R"(, "grayscale": true)"), folder_.path(), {}));
  const auto file = folder_.path() / "CUB/images/001.Auk/Auk_1_d1.png";
  const auto before = std::filesystem::last_write_time(file);
  std::filesystem::last_write_time(file, before + std::chrono::seconds(5));
  EXPECT_NE(key, source_key(card(), folder_.path(), {}));
  std::filesystem::last_write_time(file, before);
  EXPECT_EQ(key, source_key(card(), folder_.path(), {}));
  folder_.write("CUB/train_test_split.txt", "1 1\n2 1\n3 1\n\n");
  EXPECT_NE(key, source_key(card(), folder_.path(), {}));
}

TEST_F(CubLayout, UnknownOptionIsNamedWithTheNearest) {
  EXPECT_THAT(error_of([&] { read(card(R"(, "extention": ".jpg")"), folder_.path()); }),
              AllOf(HasSubstr("extention"), HasSubstr("\"extension\"")));
  EXPECT_THAT(error_of([&] { read(card(R"(, "grayscale": "yes")"), folder_.path()); }), HasSubstr("true or false"));
}

TEST(ListReader, SplitFilesNameImagesAndLabels) {
  const test::TemporaryFolder folder;
  for (int i = 1; i <= 4; ++i) picture(folder, fmt::format("set/images/MS_{}.tif", i), 10 * i);
  // Beside the data set's folder, as a pack keeps the lists of several sets.
  folder.write("lists/set/train0.txt", "MS_3 1\nMS_1 0\n");
  folder.write("lists/set/trainval0.txt", "MS_3 1\nMS_1 0\nMS_2 0\n");
  const Card card = card_of("list", R"({"image_folder": "images", "extension": ".tif", "grayscale": true,
                                        "list_folders": ["splits", "lists/set"]})",
                            1, {"A", "B"});
  const Decoded decoded = read(card, folder.path() / "set");
  EXPECT_THAT(decoded.bank.names, ElementsAre("MS_3", "MS_1", "MS_2"));
  EXPECT_THAT(decoded.bank.labels, ElementsAre(1, 0, 0));
  EXPECT_THAT(decoded.bank.class_names, ElementsAre("A", "B"));
  EXPECT_EQ(decoded.bank.channels, 1);
  EXPECT_THAT(values(decoded.bank), ElementsAre(30, 10, 20));
  EXPECT_TRUE(decoded.roles.empty());

  folder.write("lists/set/val0.txt", "MS_2 1\n");
  EXPECT_THAT(error_of([&] { read(card, folder.path() / "set"); }), AllOf(HasSubstr("val0.txt:1"), HasSubstr("MS_2")));
  folder.write("lists/set/val0.txt", "MS_2 0\nMS_4 2\n");
  EXPECT_THAT(error_of([&] { read(card, folder.path() / "set"); }), HasSubstr("label 2 is outside the 2 classes"));
  folder.write("lists/set/val0.txt", "MS_2\n");
  EXPECT_THAT(error_of([&] { read(card, folder.path() / "set"); }), HasSubstr("val0.txt:1"));
  std::filesystem::remove_all(folder.path() / "lists");
  EXPECT_THAT(error_of([&] { read(card, folder.path() / "set"); }),
              AllOf(HasSubstr("lists/set"), HasSubstr("scant fetch toy")));
}

TEST(ClassFolders, ClassesRolesAndForeignFolders) {
  const test::TemporaryFolder folder;
  picture(folder, "train/ADI/b.png", 1);
  picture(folder, "train/ADI/a.png", 2);
  picture(folder, "train/TUM/c.png", 3);
  picture(folder, "test/TUM/c.png", 4);
  folder.write("train/TUM/._c.png", "left by macOS");
  folder.write("train/TUM/notes.txt", "no picture");
  const std::string roles = R"("roles": {"train": "train", "test": "test"})";
  const Decoded decoded = read(card_of("class-folders", "{" + roles + "}"), folder.path());
  EXPECT_THAT(decoded.bank.names, ElementsAre("test/TUM/c", "train/ADI/a", "train/ADI/b", "train/TUM/c"));
  EXPECT_THAT(decoded.bank.labels, ElementsAre(1, 0, 0, 1));
  EXPECT_THAT(decoded.bank.class_names, ElementsAre("ADI", "TUM"));
  EXPECT_THAT(decoded.roles, ElementsAre("test", "train", "train", "train"));
  EXPECT_THAT(values(decoded.bank), ElementsAre(4, 2, 1, 3));

  // The card's order decides over the alphabet's; its display names stay.
  Card card = card_of("class-folders", "{" + roles + R"(, "classes": ["TUM", "ADI"]})", 3, {"tumour", "fat"});
  EXPECT_THAT(read(card, folder.path()).bank.labels, ElementsAre(0, 1, 1, 0));
  EXPECT_THAT(read(card, folder.path()).bank.class_names, ElementsAre("tumour", "fat"));

  card = card_of("class-folders", "{" + roles + R"(, "classes": ["ADI"]})");
  EXPECT_THAT(error_of([&] { read(card, folder.path()); }), AllOf(HasSubstr("\"TUM\""), HasSubstr("c.png")));
  card = card_of("class-folders", "{" + roles + R"(, "classes": ["ADI"], "ignore_other_folders": true})");
  EXPECT_EQ(read(card, folder.path()).bank.size(), 2);
  card = card_of("class-folders", "{" + roles + R"(, "classes": ["ADI", "TUM", "STR"]})");
  EXPECT_THAT(error_of([&] { read(card, folder.path()); }), HasSubstr("\"STR\""));
  card = card_of("class-folders", R"({"roles": {"train": "practice"}})");
  EXPECT_THAT(error_of([&] { read(card, folder.path()); }), HasSubstr("practice"));
}

TEST(ClassFolders, BreakHisTree) {
  const test::TemporaryFolder folder;
  const std::string root = "BreaKHis_v1/histology_slides/breast/";
  picture(folder, root + "benign/SOB/adenosis/SOB_B_A_14-22549AB/100X/SOB_B_A-14-22549AB-100-001.png", 1);
  picture(folder, root + "benign/SOB/adenosis/SOB_B_A_14-22549AB/40X/SOB_B_A-14-22549AB-40-001.png", 2);
  picture(folder, root + "malignant/SOB/ductal_carcinoma/SOB_M_DC_14-10926/40X/SOB_M_DC-14-10926-40-001.png", 3);
  const std::string base = R"({"image_folder": "BreaKHis_v1/histology_slides/breast", "extension": ".png")";
  const Decoded two = read(card_of("class-folders", base + R"x(, "domain": "/([0-9]+X)/"})x"), folder.path());
  EXPECT_THAT(two.bank.class_names, ElementsAre("benign", "malignant"));
  EXPECT_THAT(two.bank.labels, ElementsAre(0, 0, 1));
  EXPECT_THAT(two.bank.domains, ElementsAre(0, 1, 1));  // 100X, 40X
  const Decoded subtypes =
      read(card_of("class-folders", base + R"x(, "class_depth": 2, "domain": "/SOB_[BM]_[A-Z]+_([^/]+)/[0-9]+X/"})x"),
           folder.path());
  EXPECT_THAT(subtypes.bank.class_names, ElementsAre("adenosis", "ductal_carcinoma"));
  EXPECT_THAT(subtypes.bank.domains, ElementsAre(1, 1, 0));  // patients 14-10926, 14-22549AB
  const Decoded magnified = read(card_of("class-folders", base + R"(, "only": "/40X/"})"), folder.path());
  EXPECT_THAT(values(magnified.bank), ElementsAre(2, 3));
  EXPECT_THAT(error_of([&] { read(card_of("class-folders", base + R"(, "class_depth": 9})"), folder.path()); }),
              HasSubstr("class_depth = 9"));
}

TEST(CsvReader, OneHotTruth) {
  const test::TemporaryFolder folder;
  picture(folder, "input/ISIC_1.jpg", 10);
  picture(folder, "input/ISIC_2.jpg", 20);
  folder.write("truth.csv", "\xEF\xBB\xBFimage,MEL,NV\r\nISIC_2,1.0,0.0\r\nISIC_1,0.0,1.0\r\n");
  const Card card = card_of("csv", R"({"table": "truth.csv", "path": "{image}", "one_hot": ["MEL", "NV"],
                                       "image_folder": "input", "extension": ".jpg"})");
  const Decoded decoded = read(card, folder.path());
  EXPECT_THAT(decoded.bank.names, ElementsAre("ISIC_2", "ISIC_1"));
  EXPECT_THAT(decoded.bank.labels, ElementsAre(0, 1));
  EXPECT_THAT(decoded.bank.class_names, ElementsAre("MEL", "NV"));
  folder.write("truth.csv", "image,MEL,NV\nISIC_2,1.0,1.0\n");
  EXPECT_THAT(error_of([&] { read(card, folder.path()); }),
              AllOf(HasSubstr("truth.csv:2"), HasSubstr("more than one")));
  folder.write("truth.csv", "image,MEL,NV\nISIC_2,0,0\n");
  EXPECT_THAT(error_of([&] { read(card, folder.path()); }), HasSubstr("no class is set"));
  folder.write("truth.csv", "image,MEL\nISIC_2,1\n");
  EXPECT_THAT(error_of([&] { read(card, folder.path()); }), AllOf(HasSubstr("\"NV\""), HasSubstr("image, MEL")));
  folder.write("truth.csv", "image,MEL,NV\nISIC_1,0,1\n\nISIC_2,1\n");
  EXPECT_THAT(error_of([&] { read(card, folder.path()); }), HasSubstr("truth.csv:4"));
  folder.write("truth.csv", "image,MEL,NV\nISIC_3,1,0\n");
  EXPECT_THAT(error_of([&] { read(card, folder.path()); }), AllOf(HasSubstr("ISIC_3"), HasSubstr("absent")));
}

TEST(CsvReader, QuotedFieldsAndClassNames) {
  const test::TemporaryFolder folder;
  picture(folder, "a.png", 1);
  picture(folder, "b, c.png", 2);
  folder.write("t.csv", "id,\"the \"\"dx\"\"\",note\n\"b, c\",nv,\"two\nlines\"\na,mel,\n");
  const Card named = card_of("csv", R"({"table": "t.csv", "path": "{id}", "label": "the \"dx\"",
                                        "classes": ["nv", "mel"]})");
  EXPECT_THAT(read(named, folder.path()).bank.labels, ElementsAre(0, 1));
  const Card sorted = card_of("csv", R"({"table": "t.csv", "path": "{id}", "label": "the \"dx\""})");
  EXPECT_THAT(read(sorted, folder.path()).bank.labels, ElementsAre(1, 0));
  EXPECT_THAT(read(sorted, folder.path()).bank.class_names, ElementsAre("mel", "nv"));
  folder.write("t.csv", "id,\"the \"\"dx\"\"\",note\na,bkl,\n");
  EXPECT_THAT(error_of([&] { read(named, folder.path()); }), AllOf(HasSubstr("t.csv:2"), HasSubstr("bkl")));
  folder.write("t.csv", "id,\"dx\na,bkl\n");
  EXPECT_THAT(error_of([&] { read(named, folder.path()); }), HasSubstr("never closed"));
}

TEST(CsvReader, CamelyonTemplatesRolesAndDomains) {
  const test::TemporaryFolder folder;
  std::string table = ",patient,node,x_coord,y_coord,tumor,slide,center,split\n";
  const auto row = [&](int i, const char* patient, int center, int split, int tumor) {
    table += fmt::format("{},{},0,{},7,{},0,{},{}\n", i, patient, i, tumor, center, split);
    picture(folder, fmt::format("patches/patient_{0}_node_0/patch_patient_{0}_node_0_x_{1}_y_7.png", patient, i), i);
  };
  row(1, "004", 0, 0, 1);
  row(2, "004", 0, 1, 0);
  row(3, "020", 1, 0, 0);
  row(4, "042", 2, 0, 1);
  row(5, "099", 3, 0, 1);
  folder.write("metadata.csv", table);
  const Card card = card_of("csv", R"({"table": "metadata.csv", "extension": ".png", "label": "tumor",
    "path": "patches/patient_{patient}_node_{node}/patch_patient_{patient}_node_{node}_x_{x_coord}_y_{y_coord}",
    "domain_column": "center", "role": "{center}/{split}",
    "role_values": {"0/0": "train", "0/1": "", "1/*": "val", "2/*": "test", "3/*": "skip"}})",
                            3, {"normal", "tumor"});
  const Decoded decoded = read(card, folder.path());
  EXPECT_THAT(values(decoded.bank), ElementsAre(1, 2, 3, 4));
  EXPECT_THAT(decoded.bank.labels, ElementsAre(1, 0, 0, 1));
  EXPECT_THAT(decoded.bank.domains, ElementsAre(0, 0, 1, 2));
  EXPECT_THAT(decoded.roles, ElementsAre("train", "", "val", "test"));
  EXPECT_EQ(decoded.bank.names[0], "patches/patient_004_node_0/patch_patient_004_node_0_x_1_y_7");
  Card strict = card;
  strict.read_options["role_values"] = {{"0/0", "train"}};
  EXPECT_THAT(error_of([&] { read(strict, folder.path()); }), AllOf(HasSubstr("metadata.csv:3"), HasSubstr("0/1")));
}

TEST(Readers, OneAndManyThreadsGiveTheSameBank) {
  const test::TemporaryFolder folder;
  for (int i = 0; i < 150; ++i) picture(folder, fmt::format("{}/{:03}.png", i % 2 ? "odd" : "even", i), i);
  const Card card = card_of("class-folders", "{}");
  const Decoded one = read(card, folder.path(), 1), four = read(card, folder.path(), 4);
  EXPECT_EQ(one.bank.digest, four.bank.digest);
  EXPECT_EQ(one.bank.names, four.bank.names);
  // Two damaged files: the message is always about the first.
  folder.write("even/010.png", "damaged");
  folder.write("odd/011.png", "damaged");
  for (const int threads : {1, 4}) {
    EXPECT_THAT(error_of([&] { read(card, folder.path(), threads); }), HasSubstr("even/010.png"));
  }
}

TEST(Readers, UnknownReaderListsThoseThatExist) {
  EXPECT_THAT(error_of([] { read(card_of("tarball", "{}"), "."); }),
              AllOf(HasSubstr("tarball"), HasSubstr("class-folders"), HasSubstr("npz")));
}

}  // namespace
}  // namespace scant
