// A submission as a file: the same store gives the same bytes, reading gives back what was written, and no byte changes
// unseen.
#include "results/leaderboard/bundle.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/results/submission.hpp"

namespace scant {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const std::string suite = submission::protocol + submission::xent + submission::knn;

TEST(Bundle, TheOrderOfRecordsDoesNotReachTheBytes) {
  std::vector<Record> records = submission::honest(submission::plan_of(suite));
  const std::string text = submission::bundle(suite, records);
  std::reverse(records.begin(), records.end());
  EXPECT_EQ(submission::bundle(suite, records), text);
  EXPECT_NE(submission::bundle(suite, records, "Bob"), text);
}

TEST(Bundle, ReadsWhatWasWritten) {
  const Plan plan = submission::plan_of(suite);
  const std::vector<Record> records = submission::honest(plan);
  const Bundle bundle = parse_bundle(submission::bundle(suite, records), "tiny.bundle");
  EXPECT_THAT(bundle.damage, IsEmpty());
  EXPECT_EQ(bundle.by, "Ann");
  EXPECT_EQ(bundle.statement, submitters_statement());
  EXPECT_EQ(bundle.suite.text, suite);
  EXPECT_EQ(bundle.suite.file, "tiny.toml") << "of the path only the last part";
  EXPECT_EQ(bundle.plan, planned_studies(plan));
  EXPECT_THAT(bundle.holes, IsEmpty());
  EXPECT_EQ(bundle.environment, (Json{{"code", "c0de"}, {"threads", 1}}));
  ASSERT_EQ(bundle.records.size(), records.size());
  std::multiset<std::string> written, read;
  for (const Record& record : records) written.insert(canonical(record.to_json()));
  for (const Record& record : bundle.records) read.insert(canonical(record.to_json()));
  EXPECT_EQ(read, written);
}

TEST(Bundle, RecordsOfOtherStudiesAreCountedAndLeftOut) {
  std::vector<Record> records = submission::honest(submission::plan_of(suite + submission::majority));
  const Bundle bundle = parse_bundle(submission::bundle(suite, records), "tiny.bundle");
  EXPECT_EQ(bundle.other_records, 4);
  EXPECT_EQ(bundle.records.size(), records.size() - 4);
}

TEST(Bundle, HolesNameTrialsAndRunsWithTheirReasons) {
  const Plan plan = submission::plan_of(submission::protocol + submission::xent);
  std::vector<Record> records = submission::honest(plan);
  records[4].status = Status::failed;  // final run 1 of split 0
  records[4].reason = "out of memory\n  at frame 1";
  records[4].test.reset();
  records.erase(records.begin() + 5, records.begin() + 6);  // tuning trial 0 of split 1
  EXPECT_THAT(holes_of(plan, records), ElementsAre("ciFAIR/0/Cross-entropy: final run 1: failed: out of memory",
                                                   "ciFAIR/1/Cross-entropy: tuning trial 0: no record"));
  EXPECT_THAT(parse_bundle(submission::bundle(submission::protocol + submission::xent, records), "x").holes,
              ElementsAre(HasSubstr("final run 1"), HasSubstr("tuning trial 0")));
}

TEST(Bundle, AChangedByteIsSeenWhereverItIs) {
  const std::string text = submission::bundle(suite, submission::honest(submission::plan_of(suite)));
  ASSERT_THAT(parse_bundle(text, "x").damage, IsEmpty());
  const std::size_t head = text.find('\n'), step = text.size() / 97;
  int seen = 0;
  for (std::size_t at = step; at < text.size() - 1; at += step) {
    std::string changed = text;
    changed[at] = changed[at] == '1' ? '2' : '1';
    try {
      EXPECT_THAT(parse_bundle(changed, "x").damage, testing::Not(IsEmpty())) << "byte " << at;
    } catch (const InputError&) {
      EXPECT_LT(at, head) << "only without its head a file is no bundle";
    }
    ++seen;
  }
  EXPECT_GT(seen, 90);
}

TEST(Bundle, MissingAndSurplusLinesAreNamed) {
  const std::string text = submission::bundle(suite, submission::honest(submission::plan_of(suite)));
  const std::size_t first = text.find('\n') + 1, second = text.find('\n', first) + 1;
  const std::string line = text.substr(first, second - first);
  const auto damage = [](const std::string& changed) { return parse_bundle(changed, "x").damage; };
  EXPECT_THAT(damage(text.substr(0, first) + text.substr(second)),
              Contains(HasSubstr("is listed in the head and not")));
  EXPECT_THAT(damage(text.substr(0, text.rfind('\n', text.size() - 2) + 1)), Contains(HasSubstr("last line")));
  const std::size_t last = text.rfind('\n', text.size() - 2) + 1;
  EXPECT_THAT(damage(text.substr(0, last) + line + text.substr(last)), Contains(HasSubstr("the head does not list")));
  EXPECT_THAT(damage(text.substr(0, first) + "{}\n" + text.substr(second)), Contains(HasSubstr("cannot be read")));
}

TEST(Bundle, RefusesWhatIsNoneAndWhatIsNewer) {
  EXPECT_THROW(parse_bundle("", "x"), InputError);
  EXPECT_THROW(parse_bundle("# a table\n", "x"), InputError);
  EXPECT_THROW(parse_bundle("{\"format\":\"zip\"}\n", "x"), InputError);
  const std::string text = submission::bundle(suite, submission::honest(submission::plan_of(suite)));
  const std::string newer = submission::forged(text, [](Json& head, auto&) { head["version"] = 2; });
  try {
    parse_bundle(newer, "x");
    FAIL() << "a later format";
  } catch (const InputError& error) {
    EXPECT_THAT(error.what(), HasSubstr("update the program"));
  }
}

}  // namespace
}  // namespace scant
