// The store: what goes in comes out, one writer, many threads, and kill -9 at any moment.
#include "harness/core/store.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmath>
#include <fstream>
#include <thread>

#include "harness/core/random.hpp"
#include "tests/core/sample_record.hpp"
#include "tests/support/temporary_folder.hpp"

namespace scant {
namespace {

using test::TemporaryFolder;
using testing::HasSubstr;

std::string refusal(const std::filesystem::path& folder, Store::Mode mode) {
  try {
    const Store store(folder, mode);
  } catch (const InputError& error) {
    return error.what();
  }
  return "opened";
}

TEST(Store, GivesBackWhatWasPut) {
  const TemporaryFolder folder;
  const Record record = sample_record(0);
  {
    Store store(folder.path() / "new" / "runs");
    EXPECT_FALSE(store.find(record.trial.id()));
    EXPECT_EQ(store.put(record), 1);
  }
  const Store again(folder.path() / "new" / "runs");
  const auto found = again.find(record.trial.id());
  ASSERT_TRUE(found);
  Record expected = record;
  expected.test_openings = 1;
  EXPECT_EQ(canonical(found->to_json()), canonical(expected.to_json()));
}

TEST(Store, CountsEveryOpeningOfTestData) {
  const TemporaryFolder folder;
  Store store(folder.path());
  Record record = sample_record(0);
  EXPECT_EQ(store.put(record), 1);
  EXPECT_EQ(store.put(record), 2);
  record.test.reset();
  EXPECT_EQ(store.put(record), 2);  // a later record without a score does not unsee the data
  EXPECT_EQ(store.find(record.trial.id())->test_openings, 2);
  Record tuning = sample_record(1);
  tuning.test.reset();
  EXPECT_EQ(store.put(tuning), 0);
}

TEST(Store, ListsRecordsByStudyInOrderOfTheirIds) {
  const TemporaryFolder folder;
  Store store(folder.path());
  for (int i = 0; i < 9; ++i) store.put(sample_record(i));
  const auto all = store.records(), even = store.records("study-0");
  EXPECT_EQ(all.size(), 9u);
  EXPECT_EQ(even.size(), 5u);
  EXPECT_TRUE(store.records("study-9").empty());
  for (std::size_t i = 1; i < all.size(); ++i) EXPECT_LT(all[i - 1].trial.id(), all[i].trial.id());
  for (const Record& record : even) EXPECT_EQ(record.trial.index % 2, 0);
}

TEST(Store, KeepsTheFirstReportOfAnEpoch) {
  const TemporaryFolder folder;
  Store store(folder.path());
  store.report("t", {10, 0.5});
  store.report("t", {5, 0.25});
  store.report("t", {10, 0.75});
  store.report("t", {20, std::nan("")});
  store.report("u", {10, 0.125});
  const auto reports = store.reports("t");
  ASSERT_EQ(reports.size(), 3u);
  EXPECT_EQ(reports[0].epoch, 5);
  EXPECT_EQ(reports[1].accuracy, 0.5);
  EXPECT_EQ(reports[2].epoch, 20);
  EXPECT_TRUE(std::isnan(reports[2].accuracy));
  EXPECT_TRUE(store.reports("none").empty());
}

TEST(Store, RemembersSpendingAndMeta) {
  const TemporaryFolder folder;
  Store store(folder.path());
  EXPECT_FALSE(store.spent("t"));
  store.spend("t", "s", Cost{.train_seconds = 1});
  store.spend("t", "s", Cost{.train_seconds = 10});
  EXPECT_EQ(store.spent("t")->train_seconds, 10);
  EXPECT_FALSE(store.meta("suite"));
  store.set_meta("suite", "a");
  store.set_meta("suite", std::string("b\0'\"", 4));
  EXPECT_EQ(store.meta("suite"), std::string("b\0'\"", 4));
}

TEST(Store, HasAFolderForCheckpoints) {
  const TemporaryFolder folder;
  const Store store(folder.path());
  EXPECT_EQ(store.folder(), folder.path());
  EXPECT_TRUE(std::filesystem::is_directory(store.checkpoint("abc").parent_path()));
  EXPECT_EQ(store.checkpoint("abc").filename(), "abc.safetensors");
}

TEST(Store, HasOneWriterAndAnyNumberOfReaders) {
  const TemporaryFolder folder;
  {
    Store writer(folder.path());
    writer.put(sample_record(0));
    EXPECT_THAT(refusal(folder.path(), Store::Mode::write), HasSubstr("process " + std::to_string(::getpid())));
    Store reader(folder.path(), Store::Mode::read), second(folder.path(), Store::Mode::read);
    EXPECT_EQ(reader.records().size(), 1u);
    writer.put(sample_record(1));
    EXPECT_EQ(reader.records().size(), 2u);
    EXPECT_EQ(second.records().size(), 2u);
    EXPECT_THROW(reader.put(sample_record(2)), InputError);
  }
  EXPECT_EQ(refusal(folder.path(), Store::Mode::write), "opened");
}

TEST(Store, SaysWhatIsWrongWithAFolder) {
  const TemporaryFolder folder;
  EXPECT_THAT(refusal(folder.path() / "none", Store::Mode::read), HasSubstr("no results yet"));
  EXPECT_FALSE(std::filesystem::exists(folder.path() / "none"));  // reading creates nothing
  std::ofstream(folder.path() / "store.sqlite") << std::string(4096, 'x');
  EXPECT_THAT(refusal(folder.path(), Store::Mode::write), HasSubstr("store.sqlite"));
  std::ofstream(folder.path() / "file") << "x";
  EXPECT_THAT(refusal(folder.path() / "file", Store::Mode::write), HasSubstr("cannot be created"));
}

TEST(Store, ARecordMayBelongToSeveralStudies) {
  const TemporaryFolder folder;
  Store store(folder.path());
  const Record record = sample_record(0);
  store.put(record);
  store.claim(record.trial.id(), "another study");
  store.claim(record.trial.id(), "another study");
  store.claim("a trial that has no record", "another study");
  const auto theirs = store.records("another study");
  ASSERT_EQ(theirs.size(), 1u);
  EXPECT_EQ(theirs[0].study, "another study");
  EXPECT_EQ(theirs[0].outcome(), [&] {
    Record same = record;
    same.study = "another study";
    same.test_openings = theirs[0].test_openings;
    return same.outcome();
  }());
  EXPECT_EQ(store.records(record.study).size(), 1u);
  EXPECT_EQ(store.records().size(), 2u);
}

TEST(Store, RefusesANewerSchema) {
  const TemporaryFolder folder;
  { Store store(folder.path()); }
  // The user version is a big-endian number at byte 60 of an SQLite file.
  std::fstream file(folder.path() / "store.sqlite", std::ios::in | std::ios::out | std::ios::binary);
  file.seekp(60);
  file.write("\0\0\0\x63", 4);
  file.close();
  EXPECT_THAT(refusal(folder.path(), Store::Mode::write), HasSubstr("schema 99"));
  EXPECT_THAT(refusal(folder.path(), Store::Mode::read), HasSubstr("schema 99"));
}

TEST(Store, ThreadsShareIt) {
  const TemporaryFolder folder;
  Store store(folder.path());
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&store, t] {
      for (int i = 0; i < 10; ++i) {
        const Record record = sample_record(100 * t + i);
        store.report(record.trial.id(), {i + 1, 0.5});
        store.put(record);
        if (!store.find(record.trial.id())) std::abort();
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(store.records().size(), 40u);
}

/// Writes records, reports and spending until killed; says on `out` which record is safely in.
[[noreturn]] void write_until_killed(const std::filesystem::path& folder, int first, int out) {
  Store store(folder);
  for (int i = first;; ++i) {
    const Record record = sample_record(i);
    store.report(record.trial.id(), {1, 0.5});
    store.spend(record.trial.id(), record.study, record.cost);
    store.put(record);
    if (::write(out, &i, sizeof i) != sizeof i) ::_exit(1);
  }
}

TEST(Store, LosesNothingToKillNine) {
  const TemporaryFolder folder;
  Random random(11);
  int written = -1;
  for (int round = 0; round < 8; ++round) {
    int pipe[2];
    ASSERT_EQ(::pipe(pipe), 0);
    const pid_t child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      ::close(pipe[0]);
      write_until_killed(folder.path(), written + 1, pipe[1]);
    }
    ::close(pipe[1]);
    // Let it write at least one record, then kill it somewhere in the middle of a later one.
    int last = written;
    ASSERT_EQ(::read(pipe[0], &last, sizeof last), static_cast<ssize_t>(sizeof last));
    std::this_thread::sleep_for(std::chrono::microseconds(random.below(20'000)));
    ::kill(child, SIGKILL);
    while (::read(pipe[0], &last, sizeof last) == static_cast<ssize_t>(sizeof last)) {
    }
    ::close(pipe[0]);
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    ASSERT_TRUE(WIFSIGNALED(status));
    written = last;

    const Store store(folder.path());  // the dead writer's lock is gone and the file is sound
    for (int i = 0; i <= written; ++i) {
      const Record expected = sample_record(i);
      const auto found = store.find(expected.trial.id());
      ASSERT_TRUE(found) << "record " << i << " of " << written << " was lost in round " << round;
      ASSERT_EQ(found->cost.to_json(), expected.cost.to_json());
      ASSERT_EQ(store.reports(expected.trial.id()).size(), 1u);
      ASSERT_TRUE(store.spent(expected.trial.id()));
    }
    // At most the record under way when the signal came may be there besides.
    ASSERT_LE(store.records().size(), static_cast<std::size_t>(written) + 2);
  }
}

}  // namespace
}  // namespace scant
