// Counts and costs of `scant status`.
#include "results/progress.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/results/example.hpp"

namespace scant {
namespace {

const StudyProgress& named(const std::vector<StudyProgress>& studies, const Study& study) {
  for (const StudyProgress& progress : studies) {
    if (progress.id == study.id()) return progress;
  }
  throw std::out_of_range(study.name());
}

TEST(Progress, CountsTrialsFinalRunsAndWhatBegunTrialsSpent) {
  const Plan plan = example::plan(example::suite());
  const Study& half = example::study_of(plan, "beta_1", 0, "cosine");
  const std::string begun = half.tuning[1].id();
  const auto studies = progress_of(plan, example::records(plan), [&](const std::string& trial) {
    Cost cost;
    cost.train_seconds = trial == begun ? 3 : 0;
    return cost;
  });
  ASSERT_EQ(studies.size(), plan.studies.size());

  const StudyProgress& full = named(studies, example::study_of(plan, "alpha", 0, "xent"));
  EXPECT_EQ(full.tuning_planned, 2);
  EXPECT_EQ(full.tuned, 1);
  EXPECT_EQ(full.stopped, 1);
  EXPECT_EQ(full.finals, 2);
  EXPECT_EQ(full.finals_expected, 2);
  EXPECT_DOUBLE_EQ(full.tuning.seconds, 20.5 + 5.5);
  EXPECT_DOUBLE_EQ(full.final_seconds, 21);

  EXPECT_EQ(named(studies, example::study_of(plan, "alpha", 0, "cosine")).failed, 1);
  EXPECT_EQ(named(studies, half).begun, 1);
  EXPECT_DOUBLE_EQ(named(studies, half).tuning.seconds, 7.5 + 3);

  const StudyProgress& single = named(studies, example::study_of(plan, "alpha", 0, "knn"));
  EXPECT_EQ(single.tuning_planned, 0) << "one configuration needs no tuning";
  EXPECT_EQ(single.finals, 1);
  EXPECT_EQ(single.finals_failed, 1);
  EXPECT_EQ(named(studies, example::study_of(plan, "beta_1", 0, "knn")).finals_skipped, 2);
  EXPECT_FALSE(finished(studies));

  EXPECT_THAT(progress_text(studies), testing::HasSubstr("2/2 (1 stopped)"));
  EXPECT_THAT(progress_text(studies), testing::HasSubstr("1/2 (1 begun)"));
  const Json json = progress_json("example", studies);
  EXPECT_FALSE(json.at("finished").get<bool>());
  EXPECT_EQ(json.at("studies")[0].at("tuning").at("stopped"), 1);
}

TEST(Progress, AnEmptyPlanIsFinished) {
  EXPECT_TRUE(finished(progress_of({}, {}, [](const auto&) { return Cost{}; })));
}

}  // namespace
}  // namespace scant
