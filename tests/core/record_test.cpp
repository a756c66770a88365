// Trials and records as JSON and back, and what an outcome leaves out.
#include "harness/core/record.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <set>

#include "harness/core/hash.hpp"
#include "tests/core/sample_record.hpp"

namespace scant {
namespace {

TEST(Trial, JsonRoundTripKeepsTheName) {
  const Trial trial = sample_record(3).trial;
  const Trial back = Trial::from_json(Json::parse(canonical(trial.to_json())));
  EXPECT_EQ(back.to_json(), trial.to_json());
  EXPECT_EQ(back.id(), trial.id());
  EXPECT_EQ(trial.id(), sha256_hex(canonical(trial.to_json())));
}

TEST(Trial, LargeSeedsSurvive) {
  Trial trial = sample_record(0).trial;
  trial.seed_base = std::numeric_limits<std::uint64_t>::max();
  EXPECT_EQ(Trial::from_json(Json::parse(canonical(trial.to_json()))).seed_base, trial.seed_base);
}

TEST(Trial, EveryFieldChangesTheName) {
  const Trial base = sample_record(0).trial;
  std::set<std::string> ids{base.id()};
  const auto changed = [&](auto change) {
    Trial trial = base;
    change(trial);
    return ids.insert(trial.id()).second;
  };
  EXPECT_TRUE(changed([](Trial& t) { t.stage = Stage::final; }));
  EXPECT_TRUE(changed([](Trial& t) { t.dataset = "x"; }));
  EXPECT_TRUE(changed([](Trial& t) { t.dataset_options["x"] = 1; }));
  EXPECT_TRUE(changed([](Trial& t) { ++t.split; }));
  EXPECT_TRUE(changed([](Trial& t) { t.method = "x"; }));
  EXPECT_TRUE(changed([](Trial& t) { t.params["lr"] = 0.5; }));
  EXPECT_TRUE(changed([](Trial& t) { t.backbone = "x"; }));
  EXPECT_TRUE(changed([](Trial& t) { t.precision = "bf16"; }));
  EXPECT_TRUE(changed([](Trial& t) { t.compat = "gem"; }));
  EXPECT_TRUE(changed([](Trial& t) { ++t.epochs; }));
  EXPECT_TRUE(changed([](Trial& t) { ++t.augment.pad; }));
  EXPECT_TRUE(changed([](Trial& t) { t.augment.kind = Augment::Kind::resized_crop; }));
  EXPECT_TRUE(changed([](Trial& t) { ++t.augment.size; }));
  EXPECT_TRUE(changed([](Trial& t) { t.augment.min_scale = 0.5; }));
  EXPECT_TRUE(changed([](Trial& t) { t.augment.hflip = !t.augment.hflip; }));
  EXPECT_TRUE(changed([](Trial& t) { t.augment.vflip = !t.augment.vflip; }));
  EXPECT_TRUE(changed([](Trial& t) { ++t.seed_base; }));
  EXPECT_TRUE(changed([](Trial& t) { ++t.index; }));
}

TEST(Trial, AbsentOptionsAreEmptyOptions) {
  Trial absent, empty;
  empty.dataset_options = Json::object();
  empty.params = Json::object();
  EXPECT_EQ(absent.id(), empty.id());
}

TEST(Trial, StreamsAreIndependent) {
  const Trial trial = sample_record(0).trial;
  EXPECT_NE(trial.seed("init"), trial.seed("order"));
  EXPECT_EQ(trial.seed("init"), sample_record(0).trial.seed("init"));
}

TEST(Record, JsonRoundTrip) {
  const Record record = sample_record(1);
  const Record back = Record::from_json(Json::parse(canonical(record.to_json())));
  EXPECT_EQ(canonical(back.to_json()), canonical(record.to_json()));
  EXPECT_EQ(back.test->predicted, record.test->predicted);
  EXPECT_EQ(back.validation.at(1).accuracy, record.validation.at(1).accuracy);
  EXPECT_EQ(back.environment, record.environment);

  Record untested = record;
  untested.test.reset();
  EXPECT_FALSE(Record::from_json(untested.to_json()).test);
}

TEST(Record, DivergedNumbersSurviveAsNan) {
  Record record = sample_record(1);
  record.train_loss = {1.5, std::nan(""), std::numeric_limits<double>::infinity()};
  record.validation.push_back({9, std::nan("")});
  const Record back = Record::from_json(Json::parse(canonical(record.to_json())));
  ASSERT_EQ(back.train_loss.size(), 3u);
  EXPECT_EQ(back.train_loss[0], 1.5);
  EXPECT_TRUE(std::isnan(back.train_loss[1]));
  EXPECT_TRUE(std::isnan(back.train_loss[2]));
  EXPECT_TRUE(std::isnan(back.validation.back().accuracy));
  EXPECT_EQ(record.outcome(), back.outcome());  // NaN must not make equal outcomes differ
}

TEST(Record, OutcomeIsAllButCostAndEnvironment) {
  const Record record = sample_record(1);
  Record other = record;
  other.cost.train_seconds += 1;
  other.environment = {{"threads", 64}};
  EXPECT_EQ(record.outcome(), other.outcome());
  other.parameters_digest = "else";
  EXPECT_NE(record.outcome(), other.outcome());
}

TEST(Status, HasNames) {
  for (const Status status : {Status::ok, Status::skipped, Status::failed, Status::stopped}) {
    EXPECT_EQ(status_from(to_string(status)), status);
  }
  EXPECT_THROW(status_from("fine"), InputError);
}

TEST(Cost, AddsSpendingAndKeepsTheHighestPeak) {
  const Cost first{.train_seconds = 1,
                   .data_seconds = 0.5,
                   .evaluation_seconds = 2,
                   .test_seconds = 4,
                   .wall_seconds = 8,
                   .images = 16,
                   .peak_bytes = 100};
  const Cost second{.train_seconds = 10,
                    .data_seconds = 5,
                    .evaluation_seconds = 20,
                    .test_seconds = 40,
                    .wall_seconds = 80,
                    .images = 160,
                    .peak_bytes = 50};
  Cost a = first;
  a += second;
  EXPECT_EQ(a.train_seconds, 11);
  EXPECT_EQ(a.data_seconds, 5.5);
  EXPECT_EQ(a.wall_seconds, 88);
  EXPECT_EQ(a.images, 176);
  EXPECT_EQ(a.peak_bytes, 100);
  EXPECT_EQ(a.charged(), 33);  // the test pass is never charged
  Cost again = second;
  again.peak_bytes = 100;
  EXPECT_EQ(a.since(first).to_json(), again.to_json());
  EXPECT_EQ(Cost::from_json(a.to_json()).to_json(), a.to_json());
  Json older = a.to_json();
  older.erase("data_seconds");
  EXPECT_EQ(Cost::from_json(older).data_seconds, 0) << "records of earlier versions";
}

}  // namespace
}  // namespace scant
