// Fetching over HTTP from servers that misbehave: what lands under a file's own name is right or does not land.
#include <atomic>

#include "tests/fetch/support.hpp"

namespace scant::test {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using Outcome = FetchedFile::Outcome;

const std::string payload = noise(50000);

TEST_F(FetchTest, BringsAFileAndLeavesNothingElse) {
  const Server server([](const Request& request) { return serve(request, payload); });
  add("deep/data.bin", {server.url("/x")}, payload);
  const auto files = run();
  ASSERT_EQ(files.size(), 1u);
  EXPECT_EQ(files[0].outcome, Outcome::downloaded);
  EXPECT_EQ(files[0].url, server.url("/x"));
  EXPECT_EQ(files[0].bytes, 50000);
  EXPECT_EQ(files[0].digest, "sha256:" + sha256_hex(payload));
  EXPECT_TRUE(files[0].published);
  EXPECT_EQ(stored("deep/data.bin"), payload);
  EXPECT_FALSE(has("deep/data.bin.part"));
}

TEST_F(FetchTest, ChecksTheMd5WhereOnlyThatIsPublished) {
  const Server server([](const Request& request) { return serve(request, payload); });
  add("data.bin", {server.url("/x")}).md5 = md5_hex(payload);
  EXPECT_EQ(run()[0].digest, "md5:" + md5_hex(payload));
  card_.downloads[0].md5 = md5_hex("other");
  EXPECT_THAT(error(), HasSubstr("MD5 is " + md5_hex(payload) + ", expected " + md5_hex("other")));
}

TEST_F(FetchTest, AFileThatIsThereIsKeptWithoutConnecting) {
  const Server server([](const Request& request) { return serve(request, payload); });
  add("data.bin", {server.url("/x")}, payload);
  put(folder() / "data.bin", payload);
  EXPECT_EQ(run()[0].outcome, Outcome::present);
  EXPECT_TRUE(server.requests().empty());
}

TEST_F(FetchTest, AWrongFileThatIsThereIsReplaced) {
  const Server server([](const Request& request) { return serve(request, payload); });
  add("data.bin", {server.url("/x")}, payload);
  put(folder() / "data.bin", "wrong");
  EXPECT_EQ(run()[0].outcome, Outcome::downloaded);
  EXPECT_EQ(stored("data.bin"), payload);
}

TEST_F(FetchTest, GoesOnWhereThePartEnds) {
  const Server server([](const Request& request) { return serve(request, payload); });
  add("data.bin", {server.url("/x")}, payload);
  put(folder() / "data.bin.part", payload.substr(0, 20000));
  run();
  ASSERT_EQ(server.requests().size(), 1u);
  EXPECT_EQ(server.requests()[0].range, 20000);
  EXPECT_EQ(stored("data.bin"), payload);
}

TEST_F(FetchTest, AWholePartOnlyLacksItsName) {
  const Server server([](const Request&) { return status(500); });
  add("data.bin", {server.url("/x")}, payload);
  put(folder() / "data.bin.part", payload);
  EXPECT_EQ(run()[0].outcome, Outcome::present);
  EXPECT_TRUE(server.requests().empty());
  EXPECT_EQ(stored("data.bin"), payload);
}

TEST_F(FetchTest, ComesBackAsLongAsThePartGrows) {
  const Server server([](const Request& request) {
    Reply reply = serve(request, payload);
    reply.sent = std::min<std::int64_t>(20000, static_cast<std::int64_t>(reply.body.size()));
    return reply;
  });
  add("data.bin", {server.url("/x")}, payload);
  run();
  ASSERT_EQ(server.requests().size(), 3u);
  EXPECT_EQ(server.requests()[1].range, 20000);
  EXPECT_EQ(server.requests()[2].range, 40000);
  EXPECT_EQ(stored("data.bin"), payload);
}

TEST_F(FetchTest, GivesUpWhenThePartNoLongerGrows) {
  const Server server([](const Request& request) {
    Reply reply = serve(request, payload);
    reply.sent = request.range < 0 ? 100 : 0;
    return reply;
  });
  add("data.bin", {server.url("/x")}, payload);
  EXPECT_THAT(error(), HasSubstr("left behind: " + (folder() / "data.bin.part").string() + " (100 bytes)"));
  EXPECT_EQ(server.requests().size(), 2u);
  EXPECT_FALSE(has("data.bin"));
}

TEST_F(FetchTest, AServerThatIgnoresTheRangeStartsThePartOver) {
  const Server server([](const Request& request) { return serve({request.path, -1, ""}, payload); });
  add("data.bin", {server.url("/x")}, payload);
  put(folder() / "data.bin.part", noise(20000, 7));
  run();
  EXPECT_EQ(server.requests().at(0).range, 20000);
  EXPECT_EQ(stored("data.bin"), payload);
}

TEST_F(FetchTest, AnAnswerWithAnotherRangeIsRefused) {
  const Server server([](const Request&) { return serve({"/x", 5, ""}, payload); });
  add("data.bin", {server.url("/x")}, payload);
  put(folder() / "data.bin.part", payload.substr(0, 20000));
  EXPECT_THAT(error(), HasSubstr("asked for the bytes from 20000, it sent those from 5"));
  EXPECT_EQ(stored("data.bin.part"), payload.substr(0, 20000));
}

TEST_F(FetchTest, AStalePartIsDroppedAndTheSameAddressAskedAgain) {
  const Server server([](const Request& request) { return serve(request, payload); });
  add("data.bin", {server.url("/x")}, payload);
  put(folder() / "data.bin.part", noise(20000, 7));
  run();
  ASSERT_EQ(server.requests().size(), 2u);
  EXPECT_EQ(server.requests()[1].range, -1);
  EXPECT_EQ(stored("data.bin"), payload);
}

TEST_F(FetchTest, WrongContentNeverGetsItsNameAndTheNextMirrorStartsAnew) {
  const std::string wrong = noise(payload.size(), 3);
  const Server liar([&](const Request& request) { return serve(request, wrong); });
  const Server honest([](const Request& request) { return serve(request, payload); });
  add("data.bin", {liar.url("/x"), honest.url("/x")}, payload);
  const auto files = run();
  EXPECT_EQ(files[0].url, honest.url("/x"));
  EXPECT_EQ(honest.requests().at(0).range, -1);
  EXPECT_EQ(stored("data.bin"), payload);
}

TEST_F(FetchTest, TheErrorSaysEverythingThatHelps) {
  const std::string wrong = noise(payload.size(), 3);
  const Server liar([&](const Request& request) { return serve(request, wrong); });
  const Server absent([](const Request&) { return status(404); });
  const Server broken([](const Request&) { return status(503); });
  add("data.bin", {liar.url("/a"), absent.url("/b"), broken.url("/c")}, payload);
  const std::string text = error();
  EXPECT_THAT(text, HasSubstr("data.bin of toy could not be fetched"));
  EXPECT_THAT(text, HasSubstr(liar.url("/a") + ": what came SHA-256 is " + sha256_hex(wrong) + ", expected " +
                              sha256_hex(payload)));
  EXPECT_THAT(text, HasSubstr(absent.url("/b") + ": HTTP status 404"));
  EXPECT_THAT(text, HasSubstr(broken.url("/c") + ": HTTP status 503"));
  EXPECT_THAT(text, HasSubstr("expected: 50000 bytes, SHA-256 " + sha256_hex(payload)));
  EXPECT_THAT(text, HasSubstr("put it there by hand: " + (folder() / "data.bin").string()));
  EXPECT_FALSE(has("data.bin"));
  EXPECT_EQ(stored("data.bin.part"), wrong);
}

TEST_F(FetchTest, AWrongPartOfAnEarlierCallIsNotContinued) {
  std::atomic<bool> lies = true;
  const std::string wrong = noise(payload.size(), 3);
  const Server server([&](const Request& request) { return serve(request, lies ? wrong : payload); });
  add("data.bin", {server.url("/x")}, payload);
  error();
  lies = false;
  run();
  EXPECT_EQ(stored("data.bin"), payload);
}

TEST_F(FetchTest, ErrorPagesAreNotKept) {
  const Server server([](const Request&) { return status(404); });
  add("data.bin", {server.url("/x")}, payload);
  EXPECT_THAT(error(), Not(HasSubstr("left behind")));
  EXPECT_FALSE(has("data.bin.part"));
}

TEST_F(FetchTest, MoreBytesThanStatedAreRefused) {
  const Server server([](const Request& request) { return serve(request, payload + payload); });
  add("data.bin", {server.url("/x")}, payload);
  EXPECT_THAT(error(), HasSubstr("it sends more than the 50000 bytes expected"));
  EXPECT_FALSE(has("data.bin"));
}

TEST_F(FetchTest, FewerBytesThanStatedAreWrong) {
  const Server server([](const Request& request) { return serve(request, payload.substr(0, 100)); });
  add("data.bin", {server.url("/x")}, payload);
  EXPECT_THAT(error(), HasSubstr("has 100 bytes, expected 50000"));
  EXPECT_FALSE(has("data.bin"));
}

TEST_F(FetchTest, ASilentServerIsLeftForTheNextMirrorWhichGoesOn) {
  const Server silent([](const Request& request) {
    Reply reply = serve(request, payload);
    reply.sent = 1000;
    reply.stall = true;
    return reply;
  });
  const Server honest([](const Request& request) { return serve(request, payload); });
  add("data.bin", {silent.url("/x"), honest.url("/x")}, payload);
  EXPECT_EQ(run()[0].url, honest.url("/x"));
  EXPECT_EQ(honest.requests().at(0).range, 1000);
  EXPECT_EQ(stored("data.bin"), payload);
}

TEST_F(FetchTest, NobodyListens) {
  std::string closed;
  {
    const Server server([](const Request&) { return status(500); });
    closed = server.url("/x");
  }
  add("data.bin", {closed}, payload);
  EXPECT_THAT(error(), HasSubstr(closed + ": "));
  EXPECT_FALSE(has("data.bin"));
}

TEST_F(FetchTest, RedirectsAreFollowedToAnEnd) {
  const Server target([](const Request& request) { return serve(request, payload); });
  const Server door([&](const Request& request) {
    if (request.path == "/loop") return redirect("/loop");
    if (request.path == "/file") return redirect("file:///etc/passwd");
    return redirect(target.url("/x"));
  });
  add("data.bin", {door.url("/loop")}, payload);
  EXPECT_THAT(error(), HasSubstr("more than 10 redirects"));
  EXPECT_EQ(door.requests().size(), 11u);
  card_.downloads[0].urls = {door.url("/file")};
  EXPECT_THAT(error(), HasSubstr("could not be fetched"));
  card_.downloads[0].urls = {door.url("/to")};
  put(folder() / "data.bin.part", payload.substr(0, 20000));
  run();
  EXPECT_EQ(target.requests().at(0).range, 20000);
  EXPECT_EQ(stored("data.bin"), payload);
}

TEST_F(FetchTest, OnlyHttpIsSpoken) {
  put(folder() / "elsewhere", payload);
  add("data.bin", {"file://" + (folder() / "elsewhere").string()}, payload);
  EXPECT_THAT(error(), HasSubstr("could not be fetched"));
  EXPECT_FALSE(has("data.bin"));
}

}  // namespace
}  // namespace scant::test
