// Archives of every kind, once each; names that climb out; damage.
#include "tests/fetch/support.hpp"

namespace scant::test {
namespace {

using ::testing::HasSubstr;
using Outcome = FetchedFile::Outcome;
namespace fs = std::filesystem;

class UnpackTest : public FetchTest, public ::testing::WithParamInterface<Format> {};

/// Puts an archive in place, so that no server is needed.
void place(Download& download, const fs::path& folder, const std::string& content) {
  download.unpack = true;
  put(folder / download.file, content);
}

TEST_P(UnpackTest, UnpacksOnceAndMergesWithWhatIsThere) {
  const std::string content =
      make_archive(GetParam(), {{"top/a.txt", "aaa", ""}, {"./top/deep/b.txt", "bb", ""}, {"__MACOSX/junk", "x", ""}});
  Download& download = add("archive", {"http://127.0.0.1:1/x"}, content);
  download.strip = "top";
  download.unpack_to = "images";
  place(download, folder(), content);
  put(folder() / "images/mine.txt", "mine");
  put(folder() / "images/deep/b.txt", "old");
  EXPECT_TRUE(run()[0].unpacked);
  EXPECT_EQ(stored("images/a.txt"), "aaa");
  EXPECT_EQ(stored("images/deep/b.txt"), "bb");
  EXPECT_EQ(stored("images/mine.txt"), "mine");
  EXPECT_FALSE(has("images/junk"));
  EXPECT_FALSE(has(".scant-fetch/unpacking"));

  put(folder() / "images/a.txt", "edited");
  EXPECT_FALSE(run()[0].unpacked);
  EXPECT_EQ(stored("images/a.txt"), "edited");
}

TEST_P(UnpackTest, RefusesNamesThatLeaveTheFolder) {
  for (const std::string name : {"../evil", "a/../../evil", "/tmp/scant-evil"}) {
    const std::string content = make_archive(GetParam(), {{"good.txt", "good", ""}, {name, "evil", ""}});
    card_.downloads.clear();
    place(add("archive", {"http://127.0.0.1:1/x"}, content), folder(), content);
    EXPECT_THAT(error(), HasSubstr("points outside the folder: nothing was unpacked")) << name;
    EXPECT_FALSE(has("good.txt"));
    EXPECT_FALSE(fs::exists(data_.path() / "evil"));
    EXPECT_FALSE(fs::exists("/tmp/scant-evil"));
  }
}

std::string format_name(const ::testing::TestParamInfo<Format>& info) {
  if (info.param == Format::zip) return "zip";
  return info.param == Format::tar_gz ? "tar_gz" : "seven_zip";
}

INSTANTIATE_TEST_SUITE_P(Formats, UnpackTest, ::testing::Values(Format::zip, Format::tar_gz, Format::seven_zip),
                         format_name);

TEST_F(FetchTest, LinksAreRefused) {
  const std::string content = make_archive(Format::tar_gz, {{"door", "", "/etc"}, {"door/passwd", "evil", ""}});
  place(add("a.tar.gz", {"http://127.0.0.1:1/x"}, content), folder(), content);
  EXPECT_THAT(error(), HasSubstr("neither a file nor a folder"));
  EXPECT_FALSE(has("door"));
}

TEST_F(FetchTest, ALoneCompressedFileLosesItsEnding) {
  // gzip of "hello\n", stored block.
  const std::string gz(
      "\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03\x01\x06\x00\xf9\xffhello\n\x20\x30\x3a\x36\x06\x00\x00\x00", 29);
  place(add("x.h5.gz", {"http://127.0.0.1:1/x"}, gz), folder(), gz);
  run();
  EXPECT_EQ(stored("x.h5"), "hello\n");
}

TEST_F(FetchTest, TheArchiveMayBeRemovedAfterwards) {
  const std::string content = make_archive(Format::zip, {{"a.txt", "aaa", ""}});
  place(add("a.zip", {"http://127.0.0.1:1/x"}, content), folder(), content);
  EXPECT_THAT(error(true), HasSubstr("has not been unpacked"));
  run();
  fs::remove(folder() / "a.zip");
  EXPECT_EQ(run()[0].outcome, Outcome::archive_removed);
  EXPECT_EQ(run(true)[0].outcome, Outcome::archive_removed);
  // A card that states another archive wants that one.
  card_.downloads[0].sha256 = sha256_hex("newer");
  EXPECT_THAT(error(), HasSubstr("could not be fetched"));
}

TEST_F(FetchTest, DamageLeavesNothingUnpacked) {
  const std::string whole = make_archive(Format::tar_gz, {{"a.txt", "aaa", ""}, {"b.bin", noise(100000), ""}});
  const std::string cut = whole.substr(0, whole.size() / 2);
  place(add("a.tar.gz", {"http://127.0.0.1:1/x"}, cut), folder(), cut);
  EXPECT_THAT(error(), HasSubstr("truncated gzip input"));
  EXPECT_FALSE(has("a.txt"));
  EXPECT_FALSE(has(".scant-fetch/unpacking"));
}

TEST_F(FetchTest, ADamagedArchiveThatNoDigestVouchesForLosesItsName) {
  const Server server([](const Request& request) { return serve(request, "no archive at all"); });
  add("a.zip", {server.url("/x")}).unpack = true;
  EXPECT_THAT(error(), HasSubstr("a.zip"));
  EXPECT_FALSE(has("a.zip"));
  EXPECT_THAT(error(), HasSubstr("a.zip"));
  EXPECT_EQ(server.requests().size(), 2u);
}

TEST_F(FetchTest, AStripFolderThatIsNotThereIsNamed) {
  const std::string content = make_archive(Format::zip, {{"other/a.txt", "aaa", ""}});
  Download& download = add("a.zip", {"http://127.0.0.1:1/x"}, content);
  download.strip = "top";
  place(download, folder(), content);
  EXPECT_THAT(error(), HasSubstr("holds no file below \"top\""));
}

}  // namespace
}  // namespace scant::test
