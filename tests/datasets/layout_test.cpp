// The embedded sets as files: same options same bytes, the real formats, honest lists, errors that say what is wrong.
#include <gmock/gmock.h>

#include <set>

#include "harness/core/error.hpp"
#include "tests/datasets/generated.hpp"

namespace scant {
namespace {

const Json tiny{{"pool", 6}, {"train", 3}, {"val", 2}, {"test", 4}, {"splits", 2}};

Json with(Json options, const char* name, const Json& value) {
  options[name] = value;
  return options;
}

class EmbeddedSet : public testing::TestWithParam<std::string> {};

TEST_P(EmbeddedSet, SameOptionsGiveTheSameBytesAndNothingElseDoes) {
  const std::string first = Generated(GetParam(), tiny).digest();
  EXPECT_EQ(first, Generated(GetParam(), tiny).digest());
  EXPECT_NE(first, Generated(GetParam(), with(tiny, "seed", 1)).digest());
  EXPECT_NE(first, Generated(GetParam(), with(tiny, "difficulty", 0.9)).digest());
}

TEST_P(EmbeddedSet, DefaultsAreStatedInFull) {
  const Json stated{{"pool", 6},   {"train", 3}, {"val", 2},         {"test", 4},
                    {"splits", 2}, {"seed", 0},  {"difficulty", 0.3}};
  EXPECT_EQ(Generated(GetParam(), tiny).digest(), Generated(GetParam(), stated).digest());
}

TEST_P(EmbeddedSet, ClassesAndDomainsAreBalanced) {
  const Generated set(GetParam(), with(tiny, "pool", 10));
  std::map<int, std::array<int, 2>> domains;
  for (const auto& image : set.images()) {
    ASSERT_TRUE(image.domain == 0 || image.domain == 1);
    ++domains[image.label][static_cast<std::size_t>(image.domain)];
  }
  EXPECT_EQ(domains.size(), set.lines("classes.txt").size());
  for (const auto& [label, count] : domains) {
    EXPECT_LE(std::abs(count[0] - count[1]), 2) << "class " << label;
    EXPECT_GT(count[1], 0);
    if (GetParam() != "synthetic-lesion") {  // whose classes are unequal
      EXPECT_EQ(count[0] + count[1], 14) << "class " << label;
    }
  }
}

TEST_P(EmbeddedSet, FileNamesStateTheDomain) {
  if (GetParam() == "synthetic-natural") GTEST_SKIP() << "CIFAR's binary files have no names";
  for (const auto& image : Generated(GetParam(), tiny).images())
    EXPECT_TRUE(image.name.ends_with("_d" + std::to_string(image.domain))) << image.name;
}

TEST_P(EmbeddedSet, ImagesDoNotDependOnHowManyThereAre) {
  // Every image of the smaller set is in the larger one; means identify them well enough.
  const auto small = Generated(GetParam(), tiny).images(),
             large = Generated(GetParam(), with(tiny, "pool", 9)).images();
  std::set<std::pair<int, std::vector<double>>> known;
  for (const auto& image : large) known.insert({image.label, image.mean});
  for (const auto& image : small) EXPECT_TRUE(known.contains({image.label, image.mean})) << image.name;
  EXPECT_GT(large.size(), small.size());
}

TEST_P(EmbeddedSet, ErrorsAreListedTogether) {
  try {
    Generated set(GetParam(), Json{{"dificulty", 0.2}, {"seed", -1}, {"test", 2.5}});
    FAIL() << "accepted";
  } catch (const InputError& error) {
    EXPECT_THAT(error.what(), testing::AllOf(testing::HasSubstr(GetParam()), testing::HasSubstr("'dificulty'"),
                                             testing::HasSubstr("'difficulty'"), testing::HasSubstr("seed = -1"),
                                             testing::HasSubstr("test = 2.5")));
  }
  EXPECT_THROW(Generated(GetParam(), Json{{"difficulty", 1.5}}), InputError);
  EXPECT_THROW(Generated(GetParam(), Json{{"train", 50}, {"val", 50}}), InputError);
  EXPECT_THROW(Generated(GetParam(), Json{{"side", 4}}), InputError);
  EXPECT_THROW(Generated(GetParam(), Json::array({1})), InputError);
}

INSTANTIATE_TEST_SUITE_P(All, EmbeddedSet, testing::ValuesIn(embedded_sets),
                         [](const auto& info) { return info.param.substr(std::string("synthetic-").size()); });

TEST(Embedded, UnknownNameListsTheKnownOnes) {
  try {
    Generated set("synthetic-nature", {});
    FAIL() << "accepted";
  } catch (const InputError& error) {
    EXPECT_THAT(error.what(),
                testing::AllOf(testing::HasSubstr("synthetic-nature"), testing::HasSubstr("synthetic-tissue")));
  }
}

TEST(Embedded, FormatsOpenInPlainLibraries) {
  for (const auto& image : Generated("synthetic-natural", tiny).images())
    EXPECT_EQ(image.size, (std::vector{3, 32, 32}));
  for (const auto& image : Generated("synthetic-lesion", tiny).images())
    EXPECT_EQ(image.size, (std::vector{3, 60, 80}));
  for (const auto& image : Generated("synthetic-script", tiny).images())
    EXPECT_EQ(image.size, (std::vector{1, 64, 96}));
  for (const auto& image : Generated("synthetic-tissue", tiny).images())
    EXPECT_EQ(image.size, (std::vector{3, 48, 48}));
  for (const auto& image : Generated("synthetic-tissue", with(tiny, "side", 64)).images())
    EXPECT_EQ(image.size, (std::vector{3, 64, 64}));
  std::set<std::vector<int>> sizes;
  for (const auto& image : Generated("synthetic-fine", tiny).images()) {
    EXPECT_EQ(image.size[0], 3);
    EXPECT_LT(image.size[1], image.size[2]);
    sizes.insert(image.size);
  }
  EXPECT_GT(sizes.size(), 10u) << "photographs are of no common size";
}

TEST(Embedded, SpectralTilesLookLikeSentinel) {
  const Generated set("synthetic-spectral", tiny);
  for (const auto& image : set.images()) {
    ASSERT_EQ(image.size, (std::vector{13, 32, 32}));
    EXPECT_LT(image.mean[9], 300) << "band 10 sees cirrus only";
    EXPECT_GT(image.mean[7], image.mean[3]) << "vegetation: near infrared above red";
  }
  auto* tile = GDALDataset::Open((set.folder / "allBands/RowsDry/RowsDry_1_d0.tif").c_str());
  if (!tile) tile = GDALDataset::Open((set.folder / "allBands/RowsDry/RowsDry_1_d1.tif").c_str());
  ASSERT_NE(tile, nullptr);
  double transform[6];
  EXPECT_EQ(tile->GetGeoTransform(transform), CE_None);
  EXPECT_EQ(transform[1], 10.0);
  ASSERT_NE(tile->GetSpatialRef(), nullptr);
  EXPECT_STREQ(tile->GetMetadataItem("INTERLEAVE", "IMAGE_STRUCTURE"), "PIXEL");
  GDALClose(tile);
}

TEST(Embedded, SplitListsAreDisjointBalancedAndDifferent) {
  for (const std::string name : {"synthetic-fine", "synthetic-lesion", "synthetic-spectral", "synthetic-script"}) {
    SCOPED_TRACE(name);
    const Generated set(name, tiny);
    std::map<std::string, int> truth;
    for (const auto& image : set.images()) truth[image.name] = image.label;
    const auto test = set.lines("splits/test0.txt");
    for (const std::string i : {"0", "1"}) {
      const auto train = set.lines("splits/train" + i + ".txt"), val = set.lines("splits/val" + i + ".txt"),
                 trainval = set.lines("splits/trainval" + i + ".txt");
      std::set<std::string> all(train.begin(), train.end());
      all.insert(val.begin(), val.end());
      EXPECT_EQ(all, std::set<std::string>(trainval.begin(), trainval.end()));
      EXPECT_EQ(all.size(), train.size() + val.size());
      std::map<std::string, int> per_class;
      for (const auto& line : train) {
        const auto space = line.find(' ');
        EXPECT_EQ(truth.at(line.substr(0, space)), std::stoi(line.substr(space))) << line;
        ++per_class[line.substr(space)];
      }
      for (const auto& [label, count] : per_class) EXPECT_EQ(count, 3) << label;
      EXPECT_EQ(per_class.size(), set.lines("classes.txt").size());
      for (const auto& line : test) EXPECT_FALSE(all.contains(line)) << line;
    }
    EXPECT_NE(set.lines("splits/train0.txt"), set.lines("splits/train1.txt"));
  }
}

TEST(Embedded, LesionsAreRareWhereTheRealOnesAre) {
  const Generated set("synthetic-lesion", Json{{"pool", 12}, {"train", 3}, {"val", 2}, {"test", 20}});
  std::map<std::string, int> test;
  for (const auto& line : set.lines("splits/test0.txt")) ++test[line.substr(line.find(' ') + 1)];
  EXPECT_EQ(test,
            (std::map<std::string, int>{{"0", 20}, {"1", 20}, {"2", 20}, {"3", 12}, {"4", 20}, {"5", 6}, {"6", 8}}));
}

}  // namespace
}  // namespace scant
