// Curves as CSV and as event files: an independent reading of the bytes finds what the record says.
#include <gtest/gtest.h>

#include <cstring>

#include "results/logs/tensorboard.hpp"
#include "tests/core/sample_record.hpp"

namespace scant {
namespace {

/// Reads numbers and fields off the front of a string.
struct Bytes {
  std::string_view rest;
  template <class T>
  T take() {
    T value;
    std::memcpy(&value, rest.data(), sizeof value);
    rest.remove_prefix(sizeof value);
    return value;
  }
  std::string_view take(std::size_t size) {
    const std::string_view part = rest.substr(0, size);
    rest.remove_prefix(size);
    return part;
  }
};

std::uint32_t unmasked(std::uint32_t crc) {
  const std::uint32_t turned = crc - 0xa282ead8U;
  return turned << 15 | turned >> 17;
}

/// The records of a TFRecord file whose checksums are right.
std::vector<std::string> frames(const std::string& file) {
  std::vector<std::string> found;
  for (Bytes bytes{file}; !bytes.rest.empty();) {
    const std::string_view length = bytes.rest.substr(0, 8);
    const auto size = bytes.take<std::uint64_t>();
    EXPECT_EQ(unmasked(bytes.take<std::uint32_t>()), crc32c(length));
    found.emplace_back(bytes.take(size));
    EXPECT_EQ(unmasked(bytes.take<std::uint32_t>()), crc32c(found.back()));
  }
  return found;
}

TEST(Logs, ChecksumIsCastagnolis) {
  EXPECT_EQ(crc32c("123456789"), 0xe3069283U);
  EXPECT_EQ(crc32c(std::string(32, '\0')), 0x8a9136aaU);  // RFC 3720, B.4
}

TEST(Logs, EventFilesHoldTheRecordsCurves) {
  Record record = sample_record(0);
  record.cost.wall_seconds = 20;  // of 10 epochs
  const std::vector<std::string> events = frames(event_file(record));
  std::size_t points = 0;
  for (const CurveOfRun& curve : curves_of(record)) points += curve.points.size();
  ASSERT_EQ(events.size(), 1 + points);
  EXPECT_EQ(events[0].substr(9),
            "\x1a\x0d"
            "brain.Event:2");
  // The first point of the first curve: wall time 2 s, step 1, summary {value {tag, simple_value}}.
  Bytes event{events[1]};
  EXPECT_EQ(event.take(1), "\x09");
  EXPECT_EQ(event.take<double>(), 2.0);
  EXPECT_EQ(event.take(2), (std::string_view("\x10\x01", 2)));
  EXPECT_EQ(event.take(2), "\x2a\x13");
  EXPECT_EQ(event.take(2), "\x0a\x11");
  EXPECT_EQ(event.take(2), "\x0a\x0a");
  EXPECT_EQ(event.take(10), "loss/train");
  EXPECT_EQ(event.take(1), "\x15");
  EXPECT_EQ(event.take<float>(), 2.3F);
  EXPECT_TRUE(event.rest.empty());
  EXPECT_EQ(event_file(record), event_file(record)) << "the same record gives the same bytes";
}

TEST(Logs, CsvHasALineAPoint) {
  Plan plan;
  Study& study = plan.studies.emplace_back();
  study.dataset.label = "A, or B";
  study.method.label = "x/y";
  Record record = sample_record(0);
  record.study = study.id();
  record.train_loss = {2.5};
  record.train_accuracy.clear();
  record.validation.clear();
  record.diagnostics.clear();
  record.test.reset();
  const std::string csv = curves_csv(plan, {record});
  EXPECT_EQ(csv, "run,trial,status,curve,epoch,value\nA_ or B/split0/x_y/tune0," + record.trial.id() +
                     ",stopped,loss/train,1,2.5\n");
}

}  // namespace
}  // namespace scant
