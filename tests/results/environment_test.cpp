// What records agree and disagree on.
#include "results/environment.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace scant {
namespace {

std::vector<Record> records(const std::vector<Json>& environments) {
  std::vector<Record> records(environments.size());
  for (std::size_t i = 0; i < environments.size(); ++i) records[i].environment = environments[i];
  return records;
}

std::vector<const Record*> pointers(const std::vector<Record>& records) {
  std::vector<const Record*> pointers;
  for (const Record& record : records) pointers.push_back(&record);
  return pointers;
}

TEST(Environment, SeparatesWhatAllShareFromWhatDiffers) {
  const auto kept = records({{{"cpu", "a"}, {"threads", 1}}, {{"cpu", "a"}, {"threads", 2}}});
  EXPECT_EQ(common_environment(pointers(kept)), (Json{{"cpu", "a"}}));
  EXPECT_THAT(mixed_environment(pointers(kept)), testing::ElementsAre("Records differ in threads: 1 | 2"));
}

TEST(Environment, AnEntryThatOneRecordLacksDiffers) {
  const auto kept = records({{{"cpu", "a"}}, Json::object(), Json()});
  EXPECT_EQ(common_environment(pointers(kept)), Json::object());
  EXPECT_THAT(mixed_environment(pointers(kept)), testing::ElementsAre("Records differ in cpu: (not recorded) | a"));
}

TEST(Environment, LongListsAndDigestsAreShortened) {
  std::vector<Json> six;
  for (int i = 0; i < 6; ++i) six.push_back({{"host", i}});
  const auto kept = records(six);
  EXPECT_THAT(mixed_environment(pointers(kept)).front(), testing::EndsWith("0 | 1 | 2 | 3 and 2 more"));
  EXPECT_EQ(environment_text({{"code", std::string(64, 'a')}, {"cores", 2}}), "code aaaaaaaaaaaa, cores 2");
}

TEST(Environment, ASuiteThatGrewIsNoDifference) {
  const auto kept = records({{{"suite_digest", "a"}}, {{"suite_digest", "b"}}});
  EXPECT_TRUE(mixed_environment(pointers(kept)).empty());
  EXPECT_EQ(environment_text({{"suite_digest", "a"}}), "");
}

TEST(Environment, NoRecordsSayNothing) {
  EXPECT_EQ(common_environment({}), Json::object());
  EXPECT_TRUE(mixed_environment({}).empty());
}

}  // namespace
}  // namespace scant
