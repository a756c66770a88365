// The cards: strict reading with all errors at once, and what every card of the program must state.
#include "harness/data/card.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <set>

#include "harness/core/error.hpp"
#include "harness/data/dataset.hpp"
#include "tests/support/temporary_folder.hpp"

namespace scant {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
namespace fs = std::filesystem;

constexpr const char* good = R"(title = "Toy"
domain = "natural"
licence = "CC0"
citation = "nobody"
classes = ["a", "b"]
bands = 1
splits = 3
augment = { kind = "shift", pad = 4, hflip = true }
backbone = "rn20"
epochs = 5
folders = ["toy", "old-toy"]
reader = "list"
[read_options]
extension = ".png"
[split]
kind = "files"
test_split_fixed = true
[[downloads]]
file = "toy.zip"
urls = ["https://example.org/toy.zip", "http://example.com/toy.zip"]
bytes = 12
md5 = "0123456789abcdef0123456789abcdef"
unpack = true
unpack_to = "images"
strip = "top/deep"
[[downloads]]
file = "splits/train0.txt"
urls = ["https://example.org/train0.txt"]
sha256 = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
)";

class CardTest : public ::testing::Test {
 protected:
  Card read(const std::string& text) {
    const fs::path file = folder_.path() / "toy" / "card.toml";
    fs::create_directories(file.parent_path());
    std::ofstream(file) << text;
    return read_card(file);
  }
  std::string error(const std::string& text) {
    try {
      read(text);
    } catch (const InputError& error) {
      return error.what();
    }
    return "no error";
  }
  static std::string with(const std::string& from, const std::string& to) {
    std::string text = good;
    return text.replace(text.find(from), from.size(), to);
  }
  test::TemporaryFolder folder_;
};

TEST_F(CardTest, ReadsEverything) {
  const Card card = read(good);
  EXPECT_EQ(card.spec.name, "toy");
  EXPECT_EQ(card.spec.title, "Toy");
  EXPECT_EQ(card.spec.num_classes, 2);
  EXPECT_EQ(card.spec.bands, 1);
  EXPECT_EQ(card.spec.splits, 3);
  EXPECT_EQ(card.spec.augment.kind, Augment::Kind::shift);
  EXPECT_EQ(card.spec.augment.pad, 4);
  EXPECT_TRUE(card.spec.augment.hflip);
  EXPECT_EQ(card.folders, (std::vector<std::string>{"toy", "old-toy"}));
  EXPECT_EQ(card.read_options, (Json{{"extension", ".png"}}));
  ASSERT_EQ(card.downloads.size(), 2u);
  EXPECT_EQ(card.downloads[0].urls.size(), 2u);
  EXPECT_EQ(card.downloads[0].bytes, 12);
  EXPECT_EQ(card.downloads[0].unpack_to, "images");
  EXPECT_EQ(card.downloads[0].strip, "top/deep");
  EXPECT_EQ(card.split.kind, "files");
  EXPECT_EQ(card.split.options.at("test_split_fixed"), true);
  EXPECT_EQ(card.split.options.at("sha256"), (Json{{"train0.txt", card.downloads[1].sha256}}))
      << "listed split files are checked whenever they are read";
}

TEST_F(CardTest, ReportsAllErrorsAtOnceWithTheirLines) {
  const std::string text =
      error(with("bands = 1", "band = 1") + "[[downloads]]\nfile = \"../x\"\nurls = [\"ftp://x/y\"]\nsha265 = \"1\"\n");
  EXPECT_THAT(text, HasSubstr("card.toml:6:1: unknown key \"band\" in the card; did you mean \"bands\"?"));
  EXPECT_THAT(text, HasSubstr("file must be a path inside the data set's folder"));
  EXPECT_THAT(text, HasSubstr("\"ftp://x/y\" is neither an http:// nor an https:// address"));
  EXPECT_THAT(text, HasSubstr("unknown key \"sha265\" in downloads; did you mean \"sha256\"?"));
}

TEST_F(CardTest, RefusesWhatCannotBeMeant) {
  EXPECT_THAT(error(with("licence = \"CC0\"", "")), HasSubstr("the card lacks licence"));
  EXPECT_THAT(error(with("citation = \"nobody\"", "citation = \"\"")), HasSubstr("citation must not be empty"));
  EXPECT_THAT(error(with("[\"a\", \"b\"]", "[\"a\", \"a\"]")), HasSubstr("class \"a\" is listed twice"));
  EXPECT_THAT(error(with("bands = 1", "num_classes = 3")), HasSubstr("num_classes is 3, but 2 classes are listed"));
  EXPECT_THAT(error(with("classes = [\"a\", \"b\"]", "")), HasSubstr("at least two classes"));
  EXPECT_THAT(error(with("kind = \"files\"", "kind = \"file\"")), HasSubstr("did you mean \"files\"?"));
  EXPECT_THAT(error(with("test_split_fixed", "train_per_class")), HasSubstr("unknown key \"train_per_class\""));
  EXPECT_THAT(error(with("test_split_fixed = true", "test_split_fixed = 1")), HasSubstr("must be true or false"));
  EXPECT_THAT(error(with("reader = \"list\"", "reader = \"lst\"")), HasSubstr("did you mean \"list\"?"));
  EXPECT_THAT(error(with("md5 = \"0123", "md5 = \"X123")), HasSubstr("32 lower-case hexadecimal digits"));
  EXPECT_THAT(error(with("unpack = true\n", "")), HasSubstr("mean nothing without unpack = true"));
  EXPECT_THAT(error(with("folders = [\"toy\", \"old-toy\"]", "")), HasSubstr("the card needs folders"));
  EXPECT_THAT(error(with("pad = 4", "size = 4, min_scale = 0.5")), HasSubstr("min_scale belongs to"));
  EXPECT_THAT(error(with("title = \"Toy\"", "title = ")), HasSubstr("card.toml:1:"));
}

TEST_F(CardTest, ASetThatCannotBeFetchedSaysHowToGetIt) {
  const std::string text = std::string(good).substr(0, std::string(good).find("[[downloads]]"));
  EXPECT_THAT(error(text), HasSubstr("needs a note"));
  EXPECT_EQ(read("note = \"by hand\"\n" + text).note, "by hand");
}

TEST(Cards, AreAllReadAndConsistent) {
  ASSERT_GE(cards().size(), 35u);
  for (const auto& [name, card] : cards()) {
    SCOPED_TRACE(name);
    EXPECT_EQ(name, card.spec.name);
    EXPECT_FALSE(card.spec.licence.empty());
    EXPECT_FALSE(card.spec.citation.empty());
    EXPECT_GE(card.spec.num_classes, 2);
    EXPECT_GT(card.spec.epochs, 0);
    EXPECT_FALSE(card.spec.backbone.empty());
    EXPECT_EQ(card.spec.embedded, name.starts_with("synthetic-"));
    std::set<std::string> files;
    for (const Download& download : card.downloads) {
      EXPECT_FALSE(download.urls.empty());
      EXPECT_TRUE(files.insert(download.file).second) << download.file << " is listed twice";
    }
  }
}

TEST(Cards, TheBenchmarkIsAsPublished) {
  struct Row {
    const char* name;
    int bands, classes, epochs, split_files;
    const char* backbone;
  };
  for (const Row& row : {Row{"cifair10", 3, 10, 500, 0, "wrn-16-8"}, Row{"cub", 3, 200, 200, 10, "rn50"},
                         Row{"isic2018", 3, 7, 500, 12, "rn50"}, Row{"eurosat", 13, 10, 500, 12, "rn50"},
                         Row{"clamm", 1, 12, 500, 10, "rn50"}}) {
    SCOPED_TRACE(row.name);
    const Card& card = cards().at(row.name);
    EXPECT_EQ(card.spec.bands, row.bands);
    EXPECT_EQ(card.spec.num_classes, row.classes);
    EXPECT_EQ(card.spec.epochs, row.epochs);
    EXPECT_EQ(card.spec.backbone, row.backbone);
    EXPECT_EQ(card.spec.splits, 3);
    EXPECT_EQ(card.split.options.value("sha256", Json::object()).size(), static_cast<std::size_t>(row.split_files));
  }
  EXPECT_EQ(cards().at("cub").split.options.at("test_split_fixed"), true);
  EXPECT_FALSE(cards().at("eurosat").split.options.contains("test_split_fixed"));
  EXPECT_FALSE(cards().at("clamm").spec.augment.hflip);
}

TEST(Cards, NoPackPassesForTheRealSet) {
  EXPECT_THAT(cards().at("cifar10-dedup").note, HasSubstr("no ciFAIR-10 score"));
  for (const std::string& folder : cards().at("isic2018").folders) EXPECT_NE(folder, "isic2018");
  for (const std::string& folder : cards().at("cub").folders) EXPECT_NE(folder, "cub200_subset");
}

TEST(Cards, EmbeddedSetsLoadWithAllTheirSplits) {
  if (!SCANT_WITH_IO) GTEST_SKIP() << "built without readers";
  const test::TemporaryFolder folder;
  const DataHome home{folder.path(), folder.path() / "cache"};
  for (const auto& [name, card] : cards()) {
    if (!card.spec.embedded) continue;
    SCOPED_TRACE(name);
    const Dataset dataset = load_dataset(name, Json::object(), home, 2);
    EXPECT_EQ(dataset.bank.num_classes(), card.spec.num_classes);
    const auto per_class = static_cast<std::size_t>(card.spec.num_classes);
    for (int index = 0; index < card.spec.splits; ++index) {
      const Split split = dataset.split(index);
      EXPECT_EQ(split.train.size(), 20 * per_class);
      EXPECT_EQ(split.val.size(), 10 * per_class);
      EXPECT_FALSE(split.test.empty());
    }
  }
}

struct PackCase {
  const char* name;
  int images, bands, classes, train, val, test;
};

class PackCards : public ::testing::TestWithParam<PackCase> {};

/// The cards of the real image packs against what is in them; where split lists are the source of names, the bank holds
/// the listed images only.
TEST_P(PackCards, Load) {
  const PackCase& expected = GetParam();
  if (!SCANT_WITH_IO) GTEST_SKIP() << "built without readers";
  if (!fs::is_directory(SCANT_PACKS)) GTEST_SKIP() << "no packs in " << SCANT_PACKS;
  const test::TemporaryFolder cache;
  DataHome home{SCANT_PACKS, cache.path()};
  const Dataset dataset = load_dataset(expected.name, Json::object(), home, 2);
  EXPECT_EQ(dataset.bank.size(), expected.images);
  EXPECT_EQ(dataset.bank.num_classes(), expected.classes);
  EXPECT_EQ(dataset.card.spec.bands, expected.bands);
  for (int index = 0; index < dataset.card.spec.splits; ++index) {
    const Split split = dataset.split(index);
    EXPECT_EQ(split.train.size(), static_cast<std::size_t>(expected.train));
    EXPECT_EQ(split.val.size(), static_cast<std::size_t>(expected.val));
    EXPECT_EQ(split.trainval.size(), static_cast<std::size_t>(expected.train + expected.val));
    EXPECT_EQ(split.test.size(), static_cast<std::size_t>(expected.test));
  }
}

std::string pack_name(const ::testing::TestParamInfo<PackCase>& info) {
  std::string name = info.param.name;
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
}

INSTANTIATE_TEST_SUITE_P(Packs, PackCards,
                         ::testing::Values(PackCase{"cifar10-dedup", 20000, 3, 10, 300, 200, 9692},
                                           PackCase{"cub40", 2000, 3, 40, 800, 400, 800},
                                           PackCase{"isic2018-small", 4249, 3, 7, 350, 210, 1944},
                                           PackCase{"s2-scenes", 160, 12, 10, 40, 40, 80},
                                           PackCase{"omniglot-scripts", 1040, 1, 8, 240, 160, 640},
                                           PackCase{"lc25000-lung", 750, 3, 3, 90, 60, 600},
                                           PackCase{"pneumoniamnist-reassembled", 5856, 1, 2, 4708, 524, 624},
                                           PackCase{"mnist-t10k", 10000, 1, 10, 300, 200, 9500}),
                         pack_name);

}  // namespace
}  // namespace scant
