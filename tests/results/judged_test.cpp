// Records through the eyes of one of their judges.
#include "results/judged.hpp"

#include <gtest/gtest.h>

#include "harness/core/error.hpp"
#include "tests/core/sample_record.hpp"

namespace scant {
namespace {

Suite judged_suite() {
  Suite suite;
  suite.datasets.emplace_back().protocol.judges = sample_record(0).trial.judges;
  return suite;
}

TEST(Judged, TheNamedJudgesScoreTakesThePlaceOfTheFirsts) {
  const Record record = sample_record(0);
  EXPECT_EQ(judged_by({record}, "", judged_suite())[0].test->accuracy, 0.5);
  EXPECT_EQ(judged_by({record}, "linear", judged_suite())[0].test->accuracy, 0.5);
  EXPECT_EQ(judged_by({record}, "5-NN", judged_suite())[0].test->accuracy, 0.25);
}

TEST(Judged, ARecordThatTheJudgeDidNotScoreHasNoScore) {
  Record record = sample_record(0);
  record.test_by.clear();
  EXPECT_FALSE(judged_by({record}, "5-NN", judged_suite())[0].test);
}

TEST(Judged, UnknownJudgesAreRefused) {
  EXPECT_THROW(judged_by({sample_record(0)}, "6-NN", judged_suite()), InputError);
}

}  // namespace
}  // namespace scant
