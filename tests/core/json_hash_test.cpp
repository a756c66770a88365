// Canonical text, files that are never half written, and digests against published vectors.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <limits>

#include "harness/core/error.hpp"
#include "harness/core/hash.hpp"
#include "harness/core/json.hpp"
#include "tests/support/temporary_folder.hpp"

namespace scant {
namespace {

using test::TemporaryFolder;
using testing::HasSubstr;

TEST(Canonical, EqualValuesHaveEqualText) {
  const Json a = Json::parse(R"({"b": 1, "a": [1.0, 1e-4, true]})"),
             b = Json::parse(R"({"a":[1.0,0.0001,true],"b":1})");
  EXPECT_EQ(canonical(a), R"({"a":[1.0,0.0001,true],"b":1})");
  EXPECT_EQ(canonical(a), canonical(b));
}

TEST(Canonical, DoublesComeBackBitForBit) {
  for (const double value : {0.1, 1.0 / 3, 5e-324, 1.7976931348623157e308, 0.30000000000000004, 4.55e-3}) {
    EXPECT_EQ(Json::parse(canonical(value)).get<double>(), value);
  }
}

TEST(WriteFileAtomically, ReplacesTheFileAndLeavesNothingBeside) {
  const TemporaryFolder folder;
  const auto file = folder.path() / "x.json";
  write_file_atomically(file, "[1]");
  write_file_atomically(file, "[1, 2]");
  EXPECT_EQ(read_file(file), "[1, 2]");
  EXPECT_EQ(read_json(file), Json({1, 2}));
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder.path()), {}), 1);
  EXPECT_THROW(write_file_atomically(folder.path() / "absent" / "x", "1"), InputError);
}

TEST(ReadFile, KeepsEveryByteAndNamesWhatIsMissing) {
  const TemporaryFolder folder;
  const std::string bytes("a\0\r\n\xff", 5);
  write_file_atomically(folder.path() / "b", bytes);
  EXPECT_EQ(read_file(folder.path() / "b"), bytes);
  try {
    read_file(folder.path() / "gone.json");
    FAIL();
  } catch (const InputError& error) {
    EXPECT_THAT(error.what(), HasSubstr("gone.json"));
  }
  write_file_atomically(folder.path() / "broken.json", "{\"a\": ");
  EXPECT_THROW(read_json(folder.path() / "broken.json"), InputError);
}

TEST(InputError, SaysWhere) {
  EXPECT_STREQ(InputError("bad", {"f.toml", 3, 7}).what(), "f.toml:3:7: bad");
  EXPECT_STREQ(InputError("bad", {"f.toml", 3}).what(), "f.toml:3: bad");
  EXPECT_STREQ(InputError("bad", {"f.toml"}).what(), "f.toml: bad");
  EXPECT_STREQ(InputError("bad").what(), "bad");
}

// FIPS 180-4 and RFC 1321.
TEST(Digest, KnownAnswers) {
  EXPECT_EQ(sha256_hex(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(sha256_hex("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  Digest md5(Digest::Kind::md5);
  md5.add("message ");
  md5.add("digest");
  EXPECT_EQ(md5.hex(), "f96b697d7cb7938d525a2f31aaf161d0");
}

TEST(FileDigest, EqualsThatOfTheBytes) {
  const TemporaryFolder folder;
  std::string bytes(3'000'001, 'x');  // more than two of its blocks
  bytes[2'500'000] = '\0';
  write_file_atomically(folder.path() / "big", bytes);
  write_file_atomically(folder.path() / "empty", "");
  EXPECT_EQ(file_digest(folder.path() / "big"), sha256_hex(bytes));
  EXPECT_EQ(file_digest(folder.path() / "empty"), sha256_hex(""));
  EXPECT_THROW(file_digest(folder.path() / "gone"), InputError);
}

}  // namespace
}  // namespace scant
