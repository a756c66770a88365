// A run that is killed, again and again, ends with the records of a run that was not.
#include <gtest/gtest.h>

#include <set>

#include "harness/core/random.hpp"
#include "tests/support/program.hpp"

namespace scant {
namespace {

using test::Process;
using test::program;

/// Small enough for a few seconds, large enough to be hit in tuning, in final runs and in between.
const char* const resumed_suite = R"(
name = "resume"
[protocol]
backbone = "rn20"
epochs = 6
trials = 4
grace = 2
average_last = 2
virtual_workers = 3
final_runs = 2
augment = { kind = "shift", pad = 4, hflip = true }
space = { batch_size = { choice = [25] }, lr = { log_uniform = [1e-3, 0.1] } }
[[datasets]]
name = "synthetic-natural"
splits = [0]
[[methods]]
name = "xent"
[[methods]]
name = "knn"
)";

class Resume : public test::ProgramTest {
 protected:
  void SetUp() override { std::ofstream(suite()) << resumed_suite; }
  std::string suite() const { return (folder_.path() / "resume.toml").string(); }

  std::vector<std::string> command(const std::string& out) const {
    return {program,
            "run",
            suite(),
            "--out",
            (folder_.path() / out).string(),
            "--cache",
            (folder_.path() / "cache").string(),
            "--data",
            folder_.path().string(),
            "--jobs",
            "2",
            "--threads",
            "1",
            "--checkpoint-every",
            "0"};
  }
  /// What an interrupted and an uninterrupted run must share, one record a line, ordered by trial id.
  std::string outcome(const std::string& out) {
    EXPECT_EQ(scant({"records", suite(), "--out", file(out), "--outcome"}), 0) << err_;
    return out_;
  }
  std::string uninterrupted() {
    const auto start = std::chrono::steady_clock::now();
    Process process(command("whole"), folder_.path());
    EXPECT_EQ(process.wait(), 0) << process.err();
    whole_ = std::chrono::steady_clock::now() - start;
    return outcome("whole");
  }
  /// A share of the uninterrupted run's time, so that a busy machine is hit at the same places as a quiet one.
  std::chrono::milliseconds life_time(double share) const {
    return std::chrono::milliseconds(static_cast<int>(1e3 * share * whole_.count()));
  }

  std::chrono::duration<double> whole_{};
};

TEST_F(Resume, KillMinusNineAtRandomMomentsChangesNoRecord) {
  const std::string whole = uninterrupted();
  ASSERT_GT(std::count(whole.begin(), whole.end(), '\n'), 8);
  Random random(7);
  int kills = 0;
  // One run from start to end takes some 25 kills; where the machine got faster meanwhile, a second run makes up for
  // it.
  for (int round = 0; round < 10 && kills < 20; ++round) {
    const std::string out = "killed" + std::to_string(round);
    int code = -1;
    for (int life = 0; life < 400 && code != 0; ++life) {
      Process process(command(out), folder_.path());
      // Lives grow, so that the run comes to its end.
      if (process.ends_within(life_time(random.uniform(0.03, 0.16) * (1 + life / 30.0)))) {
        code = process.wait();
        ASSERT_EQ(code, 0) << process.err();
      } else {
        process.signal(SIGKILL);
        process.wait();
        ++kills;
      }
    }
    EXPECT_EQ(code, 0);
    EXPECT_EQ(outcome(out), whole);
  }
  EXPECT_GE(kills, 20);
}

TEST_F(Resume, InterruptKeepsStateAndExits130) {
  const std::string whole = uninterrupted();
  Random random(11);
  int interrupts = 0, code = -1;
  for (int life = 0; life < 100 && code != 0; ++life) {
    Process process(command("interrupted"), folder_.path());
    if (!process.ends_within(life_time(random.uniform(0.15, 0.4)))) {
      process.signal(SIGINT);
      ++interrupts;
    }
    code = process.wait();
    // Before the handler stands, a SIGINT simply ends the process.
    ASSERT_TRUE(code == 0 || code == 130 || code == 128 + SIGINT) << code << process.err();
  }
  EXPECT_EQ(code, 0);
  EXPECT_GE(interrupts, 1);
  EXPECT_EQ(outcome("interrupted"), whole);
}

TEST_F(Resume, AFinishedRunIsNotRunAgain) {
  const std::string whole = uninterrupted();
  Process again(command("whole"), folder_.path());
  EXPECT_EQ(again.wait(), 0);
  EXPECT_NE(again.out().find("xent"), std::string::npos);
  EXPECT_EQ(outcome("whole"), whole);
}

}  // namespace
}  // namespace scant
