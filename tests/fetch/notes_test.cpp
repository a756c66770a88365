// What fetch remembers: digests nobody published, entity tags, licences; --verify; two fetchers in one folder.
#include <atomic>
#include <thread>

#include "tests/fetch/support.hpp"

namespace scant::test {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Not;
using Outcome = FetchedFile::Outcome;

const std::string bytes = noise(3000);

TEST_F(FetchTest, WithoutADigestTheFirstDownloadIsRemembered) {
  const Server server([](const Request& request) { return serve(request, bytes); });
  add("data.bin", {server.url("/x")});
  const auto files = run();
  EXPECT_FALSE(files[0].published);
  EXPECT_EQ(files[0].digest, "sha256:" + sha256_hex(bytes));
  EXPECT_EQ(run(true)[0].outcome, Outcome::present);
  put(folder() / "data.bin", "rotten");
  EXPECT_THAT(error(true), HasSubstr("when it was fetched it was sha256:" + sha256_hex(bytes)));
  run();
  EXPECT_EQ(stored("data.bin"), bytes);
}

TEST_F(FetchTest, WithoutADigestAPartOfUnknownOriginIsNotContinued) {
  const Server server([](const Request& request) { return serve(request, bytes); });
  add("data.bin", {server.url("/x")});
  put(folder() / "data.bin.part", noise(1000, 9));
  run();
  EXPECT_EQ(server.requests().at(0).range, -1);
  EXPECT_EQ(stored("data.bin"), bytes);
}

TEST_F(FetchTest, WithoutADigestTheEntityTagDecides) {
  std::atomic<int> calls = 0;
  const std::string newer = noise(3000, 5);
  // Cut off once, then replaced by another file: the tag tells, and the download starts over.
  const Server server([&](const Request& request) {
    const bool first = calls++ == 0;
    Reply reply = serve(request, first ? bytes : newer, first ? "\"one\"" : "\"two\"");
    if (first) reply.sent = 1000;
    return reply;
  });
  add("data.bin", {server.url("/x")});
  run();
  ASSERT_EQ(server.requests().size(), 2u);
  EXPECT_EQ(server.requests()[1].range, 1000);
  EXPECT_EQ(server.requests()[1].if_range, "\"one\"");
  EXPECT_EQ(stored("data.bin"), newer);
}

TEST_F(FetchTest, WithoutADigestTheSameEntityIsContinued) {
  const Server server([](const Request& request) {
    Reply reply = serve(request, bytes, "\"one\"");
    if (request.range < 0) reply.sent = 1000;
    return reply;
  });
  add("data.bin", {server.url("/x")});
  run();
  EXPECT_EQ(server.requests().at(1).range, 1000);
  EXPECT_EQ(stored("data.bin"), bytes);
}

TEST_F(FetchTest, VerifyListsEverythingAndConnectsToNothing) {
  const Server server([](const Request& request) { return serve(request, bytes); });
  add("right.bin", {server.url("/x")}, bytes);
  add("missing.bin", {server.url("/x")}, bytes);
  add("short.bin", {server.url("/x")}, bytes);
  add("wrong.bin", {server.url("/x")}, bytes);
  put(folder() / "right.bin", bytes);
  put(folder() / "short.bin", "short");
  put(folder() / "wrong.bin", noise(bytes.size(), 2));
  const std::string text = error(true);
  EXPECT_THAT(text, HasSubstr("3 of the 4 files of toy"));
  EXPECT_THAT(text, HasSubstr("missing.bin is missing (expected: 3000 bytes, SHA-256 " + sha256_hex(bytes) + ")"));
  EXPECT_THAT(text, HasSubstr("short.bin has 5 bytes, expected 3000"));
  EXPECT_THAT(text, HasSubstr("wrong.bin SHA-256 is " + sha256_hex(noise(bytes.size(), 2))));
  EXPECT_THAT(text, HasSubstr("`scant fetch toy`"));
  EXPECT_THAT(text, Not(HasSubstr("right.bin")));
  EXPECT_TRUE(server.requests().empty());
  EXPECT_FALSE(has(".scant-fetch"));
}

TEST_F(FetchTest, TheLicenceIsShownOnceAndAgainWhenItChanges) {
  add("data.bin", {"http://127.0.0.1:1/x"}, bytes);
  put(folder() / "data.bin", bytes);
  run();
  EXPECT_THAT(said_, Contains("licence of toy: CC0 1.0"));
  said_.clear();
  run();
  EXPECT_THAT(said_, Not(Contains(HasSubstr("licence"))));
  card_.spec.licence = "CC BY 4.0";
  run();
  EXPECT_THAT(said_, Contains("licence of toy: CC BY 4.0"));
}

TEST_F(FetchTest, TwoFetchersInOneFolderTakeTurns) {
  const Server server([](const Request& request) { return serve(request, bytes); });
  add("data.bin", {server.url("/x")}, bytes);
  FetchOptions options;
  options.data = data_.path();
  std::vector<Outcome> outcomes(2);
  std::thread first([&] { outcomes[0] = fetch(card_, options)[0].outcome; });
  std::thread second([&] { outcomes[1] = fetch(card_, options)[0].outcome; });
  first.join();
  second.join();
  EXPECT_THAT(outcomes, ::testing::UnorderedElementsAre(Outcome::downloaded, Outcome::present));
  EXPECT_EQ(server.requests().size(), 1u);
}

TEST_F(FetchTest, AFolderThatCannotBeMadeIsNamed) {
  add("data.bin", {"http://127.0.0.1:1/x"}, bytes);
  put(folder(), "a file where the folder should be");
  EXPECT_THAT(error(), HasSubstr("--data"));
}

}  // namespace
}  // namespace scant::test
