// Every split rule on small banks: what it picks, and what it refuses.
#include "harness/data/splits.hpp"

#include <gmock/gmock.h>

#include <numeric>

#include "harness/core/hash.hpp"
#include "tests/data/support.hpp"

namespace scant {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

/// A bank, a rule and a folder of lists.
struct Fixture {
  std::string name = "toy";
  SplitRule rule = {};
  ImageBank bank = {};
  std::vector<std::string> roles = {};
  test::TemporaryFolder folder = {};

  Split split(int index = 0) const {
    const SplitSource source{name, rule, bank, roles, folder.path() / "set", folder.path(), "card.toml"};
    Split result = make_split(source, index);
    check_split(result, bank.size(), name);
    return result;
  }
};

/// `per_class` images of each of `classes` classes, labels in rotation.
ImageBank rotating_bank(int classes, int per_class) {
  std::vector<int> labels(static_cast<std::size_t>(classes * per_class));
  for (std::size_t i = 0; i < labels.size(); ++i) labels[i] = static_cast<int>(i) % classes;
  return labelled_bank(labels);
}

std::vector<int> class_counts(const ImageBank& bank, const std::vector<std::int64_t>& indices) {
  std::vector<int> counts(static_cast<std::size_t>(bank.num_classes()));
  for (const auto i : indices) ++counts[static_cast<std::size_t>(bank.labels[static_cast<std::size_t>(i)])];
  return counts;
}

TEST(PerClassSplit, TakesPositionsOfEachClassInOrder) {
  const std::vector<std::int32_t> labels = {1, 0, 0, 1, 1, 0, 0, 1, 0, 1, 0, 1};
  const Split first = per_class_split(labels, 2, 0, 2, 1);
  EXPECT_THAT(first.train, ElementsAre(1, 2, 0, 3));
  EXPECT_THAT(first.val, ElementsAre(5, 4));
  EXPECT_THAT(first.trainval, ElementsAre(1, 2, 5, 0, 3, 4));
  EXPECT_THAT(first.unlabelled, ElementsAre(6, 7, 8, 9, 10, 11));
  const Split second = per_class_split(labels, 2, 1, 2, 1);
  EXPECT_THAT(second.train, ElementsAre(6, 8, 7, 9));
  EXPECT_THAT(second.val, ElementsAre(10, 11));
  EXPECT_THAT(input_error([&] { per_class_split(labels, 2, 2, 2, 1); }), HasSubstr("class 0 has 6"));
  EXPECT_THROW(per_class_split(labels, 1, 0, 2, 1), InputError);
}

TEST(PerClassRule, UsesTheTrainingPartAndLeavesListedTestImagesOut) {
  Fixture toy{.rule = {"per-class", {{"train_per_class", 2}, {"val_per_class", 1}, {"exclude_test", "meta/out.txt"}}}};
  toy.bank = rotating_bank(2, 6);
  toy.roles = {"test", "test", "test", "test", "train", "train", "train", "train", "train", "train", "train", "train"};
  toy.folder.write("set/meta/out.txt", "3\n\n0\n");
  const Split split = toy.split();
  EXPECT_THAT(split.train, ElementsAre(4, 6, 5, 7));
  EXPECT_THAT(split.val, ElementsAre(8, 9));
  EXPECT_THAT(split.unlabelled, ElementsAre(10, 11));
  EXPECT_THAT(split.test, ElementsAre(1, 2));
  toy.folder.write("set/meta/out.txt", "1\n4\n");
  EXPECT_THAT(input_error([&] { toy.split(); }), AllOf(HasSubstr("out.txt:2"), HasSubstr("among 4")));
}

TEST(StoredRule, TakesTheFilesRoles) {
  Fixture toy{.rule = {"stored", {}}};
  toy.bank = rotating_bank(2, 4);
  toy.roles = {"train", "train", "val", "val", "train", "test", "test", "unlabelled"};
  const Split split = toy.split();
  EXPECT_THAT(split.train, ElementsAre(0, 4, 1));
  EXPECT_THAT(split.val, ElementsAre(2, 3));
  EXPECT_THAT(split.trainval, ElementsAre(0, 4, 2, 1, 3));
  EXPECT_THAT(split.test, ElementsAre(6, 5));
  EXPECT_THAT(split.unlabelled, ElementsAre(7));
}

TEST(StoredRule, DrawsPerClassAndDiffersBetweenSplitsButNotInTest) {
  Fixture toy{.rule = {"column", {{"train_per_class", 5}, {"val_per_class", 3}, {"test_per_class", 4}}}};
  toy.bank = rotating_bank(3, 40);
  toy.roles.assign(90, "train");
  toy.roles.resize(120, "test");
  const Split first = toy.split(0), again = toy.split(0), second = toy.split(1);
  EXPECT_EQ(first.digest(), again.digest());
  EXPECT_NE(first.train, second.train);
  EXPECT_EQ(first.test, second.test);
  EXPECT_THAT(class_counts(toy.bank, first.train), ElementsAre(5, 5, 5));
  EXPECT_THAT(class_counts(toy.bank, first.val), ElementsAre(3, 3, 3));
  EXPECT_THAT(class_counts(toy.bank, first.test), ElementsAre(4, 4, 4));
  EXPECT_EQ(first.unlabelled.size(), 90U - 24U);
  toy.name = "another";
  EXPECT_NE(toy.split(0).train, first.train);
}

TEST(StoredRule, SaysWhatItLacks) {
  Fixture toy{.rule = {"stored", {}}};
  toy.bank = rotating_bank(2, 2);
  EXPECT_THAT(input_error([&] { toy.split(); }), HasSubstr("state train and test"));
  toy.roles = {"train", "train", "test", "test"};
  EXPECT_THAT(input_error([&] { toy.split(); }), HasSubstr("val_per_class"));
  toy.rule.options = {{"val_per_class", 2}};
  EXPECT_THAT(input_error([&] { toy.split(); }), AllOf(HasSubstr("class 0"), HasSubstr("1 images")));
  toy.rule.options = {{"val_per_class", "x"}};
  EXPECT_THAT(input_error([&] { toy.split(); }), HasSubstr("val_per_class"));
}

TEST(StratifiedRule, DrawsDisjointRolesWithGivenCounts) {
  Fixture toy{.rule = {"stratified", {{"train_per_class", 6}, {"val_per_class", 2}, {"test_per_class", 10}}}};
  toy.bank = rotating_bank(4, 25);
  const Split split = toy.split();
  EXPECT_THAT(class_counts(toy.bank, split.train), ElementsAre(6, 6, 6, 6));
  EXPECT_THAT(class_counts(toy.bank, split.val), ElementsAre(2, 2, 2, 2));
  EXPECT_THAT(class_counts(toy.bank, split.test), ElementsAre(10, 10, 10, 10));
  EXPECT_THAT(class_counts(toy.bank, split.unlabelled), ElementsAre(7, 7, 7, 7));
  toy.rule.options.erase("test_per_class");
  EXPECT_EQ(toy.split().test.size(), 4U * 17U);
  EXPECT_TRUE(toy.split().unlabelled.empty());
  toy.rule.options.erase("val_per_class");
  EXPECT_THAT(input_error([&] { toy.split(); }), HasSubstr("val_per_class"));
}

TEST(FileRule, ReadsListsInTheirOrder) {
  Fixture toy{.rule = {"files", Json::object()}, .bank = labelled_bank({0, 1, 0, 1, 0, 1})};
  toy.folder.write("set/splits/train0.txt", "img2 0\n\n  img1.JPG\t1\r\n");
  toy.folder.write("set/splits/val0.txt", "img0.png 0\n");
  toy.folder.write("set/splits/trainval0.txt", "img0 0\nimg1 1\nimg2 0\n");
  toy.folder.write("set/splits/test0.txt", "img5 1\nimg4 0");
  const Split split = toy.split();
  EXPECT_THAT(split.train, ElementsAre(2, 1));
  EXPECT_THAT(split.trainval, ElementsAre(0, 1, 2));
  EXPECT_THAT(split.test, ElementsAre(5, 4));
  EXPECT_TRUE(split.unlabelled.empty());
}

TEST(FileRule, FindsListsBelowTheDataRootAndSharesTheTest) {
  Fixture toy{.rule = {"files",
                       {{"folders", {"lists", "../elsewhere/toy"}},
                        {"test_split_fixed", true},
                        {"pattern", "{split}-{role}.lst"}}},
              .bank = labelled_bank({0, 1, 0, 1, 0, 1})};
  toy.folder.write("elsewhere/toy/1-train.lst", "img0 0\n");
  toy.folder.write("elsewhere/toy/1-val.lst", "img1 1\n");
  toy.folder.write("lists/0-test.lst", "img2 0\n");
  const Split split = toy.split(1);
  EXPECT_THAT(split.trainval, ElementsAre(0, 1));
  EXPECT_THAT(split.test, ElementsAre(2));
  const std::string missing = input_error([&] { toy.split(0); });
  EXPECT_THAT(missing, AllOf(HasSubstr("0-train.lst"), HasSubstr("lists"), HasSubstr("elsewhere/toy"),
                             HasSubstr("scant fetch toy"), HasSubstr("card.toml")));
}

TEST(FileRule, NamesTheLineThatIsWrong) {
  Fixture toy{.rule = {"files", Json::object()}, .bank = labelled_bank({0, 1, 0, 1})};
  toy.folder.write("set/val0.txt", "img1 1\n");
  toy.folder.write("set/test0.txt", "img2 0\n");
  const auto error = [&](const std::string& train) {
    toy.folder.write("set/train0.txt", train);
    return input_error([&] { toy.split(); });
  };
  EXPECT_THAT(error("img0 0\nimg3 0\n"), AllOf(HasSubstr("train0.txt:2"), HasSubstr("label 0 here, but 1")));
  EXPECT_THAT(error("img9 0\n"), AllOf(HasSubstr("train0.txt:1"), HasSubstr("img9")));
  EXPECT_THAT(error("img0\n"), HasSubstr("train0.txt:1"));
  EXPECT_THAT(error("img0 0 x\n"), HasSubstr("train0.txt:1"));
  EXPECT_THAT(error("img0 zero\n"), HasSubstr("train0.txt:1"));
  EXPECT_THAT(error("\n"), HasSubstr("no image"));
  EXPECT_THAT(error("img1 1\n"), HasSubstr("in train and in val"));
  EXPECT_THAT(error("img2 0\n"), HasSubstr("in train and in test"));
  EXPECT_THAT(error("img0 0\nimg0 0\n"), HasSubstr("twice in train"));
}

TEST(FileRule, ChecksPublishedDigests) {
  Fixture toy{.rule = {"files", {{"sha256", {{"train0.txt", sha256_hex("img0 0\n")}}}}},
              .bank = labelled_bank({0, 1, 0, 1})};
  toy.folder.write("set/train0.txt", "img0 0\n");
  toy.folder.write("set/val0.txt", "img1 1\n");
  toy.folder.write("set/test0.txt", "img2 0\n");
  EXPECT_THAT(toy.split().train, ElementsAre(0));
  toy.folder.write("set/train0.txt", "img0 0\n\n");
  EXPECT_THAT(input_error([&] { toy.split(); }), AllOf(HasSubstr("train0.txt"), HasSubstr("SHA-256")));
}

TEST(SplitCheck, FindsEveryInconsistency) {
  const Split good{.train = {0}, .val = {1}, .trainval = {0, 1}, .test = {2}, .unlabelled = {3}};
  EXPECT_NO_THROW(check_split(good, 4, "x"));
  const auto error = [&](auto change) {
    Split bad = good;
    change(bad);
    return input_error([&] { check_split(bad, 4, "x"); });
  };
  EXPECT_THAT(error([](Split& s) { s.test = {4}; }), HasSubstr("image 4 of 4"));
  EXPECT_THAT(error([](Split& s) { s.unlabelled = {2}; }), HasSubstr("in test and in unlabelled"));
  EXPECT_THAT(error([](Split& s) { s.trainval = {0}; }), HasSubstr("trainval has 1"));
  EXPECT_THAT(error([](Split& s) { s.trainval = {0, 0}; }), HasSubstr("twice in trainval"));
  EXPECT_THAT(error([](Split& s) { s.trainval = {0, 2}; }), HasSubstr("neither"));
  EXPECT_THAT(error([](Split& s) { s.test = {}; }), HasSubstr("no test"));
}

TEST(MakeSplit, RefusesUnknownKinds) {
  Fixture toy{.rule = {"magic", {}}, .bank = labelled_bank({0, 1})};
  EXPECT_THAT(input_error([&] { toy.split(); }), HasSubstr("\"magic\""));
}

TEST(RealLists, IsicSplitsHaveThePublishedSizes) {
  const std::filesystem::path packs = SCANT_PACKS;
  const auto table = packs / "isic2018/ISIC2018_Task3_Training_GroundTruth.csv";
  if (!std::filesystem::exists(table)) GTEST_SKIP() << table << " is not here";
  std::ifstream lines(table);
  std::string line;
  std::getline(lines, line);
  BankBuilder builder(PixelType::u8, 1);
  while (std::getline(lines, line)) {
    const auto comma = line.find(',');
    const auto columns = line.substr(comma);
    const auto set = columns.find(",1");
    const auto label = std::count(columns.begin(), columns.begin() + static_cast<std::ptrdiff_t>(set), ',');
    const std::byte pixel{};
    builder.add({&pixel, 1}, 1, 1, static_cast<int>(label), line.substr(0, comma));
  }
  const ImageBank bank = builder.finish();
  const SplitRule rule{"files", {{"folders", {"../gem-splits/isic2018"}}}};
  const std::vector<std::string> no_roles;
  const std::string name = "isic";
  for (int index = 0; index < 3; ++index) {
    const Split split = make_split({name, rule, bank, no_roles, packs / "isic2018", packs, ""}, index);
    check_split(split, bank.size(), name);
    EXPECT_EQ(split.train.size(), 350U);
    EXPECT_EQ(split.val.size(), 210U);
    EXPECT_EQ(split.trainval.size(), 560U);
    EXPECT_EQ(split.test.size(), 1944U);
    EXPECT_THAT(class_counts(bank, split.train), ::testing::Each(50));
  }
}

}  // namespace
}  // namespace scant
