// Every embedded card walks through the real path: generated, decoded by the real reader, cached, split.
#include <gtest/gtest.h>

#include <set>

#include "harness/data/card.hpp"
#include "harness/data/dataset.hpp"
#include "tests/support/temporary_folder.hpp"

namespace scant {
namespace {

std::vector<std::string> embedded_cards() {
  std::vector<std::string> names;
  for (const auto& [name, card] : cards())
    if (card.spec.embedded) names.push_back(name);
  return names;
}

class EmbeddedCard : public testing::TestWithParam<std::string> {};

TEST_P(EmbeddedCard, LoadsSplitsAndKnowsItsDomains) {
  const test::TemporaryFolder home;
  const DataHome where{home.path() / "data", home.path() / "cache"};
  const Json options{{"pool", 90}, {"test", 4}};
  const Dataset set = load_dataset(GetParam(), options, where, 1);
  const auto& spec = set.card.spec;
  EXPECT_EQ(set.bank.channels, spec.bands);
  EXPECT_EQ(set.bank.num_classes(), static_cast<int>(spec.classes.size()));
  EXPECT_EQ(set.bank.type, spec.bands == 13 ? PixelType::u16 : PixelType::u8);
  ASSERT_EQ(set.bank.domains.size(), static_cast<std::size_t>(set.bank.size()));
  EXPECT_EQ(std::set<std::int32_t>(set.bank.domains.begin(), set.bank.domains.end()), (std::set<std::int32_t>{0, 1}));
  for (int split = 0; split < spec.splits; ++split) {
    const Split lists = set.split(split);
    EXPECT_EQ(lists.train.size(), 20 * spec.classes.size());
    EXPECT_EQ(lists.val.size(), 10 * spec.classes.size());
    EXPECT_EQ(lists.trainval.size(), 30 * spec.classes.size());
    std::set<std::int32_t> tested;
    for (auto index : lists.test) tested.insert(set.bank.labels[static_cast<std::size_t>(index)]);
    EXPECT_EQ(tested.size(), spec.classes.size());
  }
  // A second load comes from the cache and is the same set.
  EXPECT_EQ(load_dataset(GetParam(), options, where, 1).bank.digest, set.bank.digest);
}

INSTANTIATE_TEST_SUITE_P(All, EmbeddedCard, testing::ValuesIn(embedded_cards()), [](const auto& info) {
  std::string name = info.param;
  for (auto& letter : name)
    if (letter == '-') letter = '_';
  return name;
});

}  // namespace
}  // namespace scant
