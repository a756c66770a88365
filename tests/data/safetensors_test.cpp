// The container: round trips, the format's exact layout, and every way a file can be broken.
#include "harness/data/safetensors.hpp"

#include <gmock/gmock.h>

#include "harness/core/json.hpp"
#include "tests/data/support.hpp"

namespace scant {
namespace {

using ::testing::HasSubstr;

std::span<const std::byte> bytes_of(const auto& values) {
  return std::as_bytes(std::span(values));
}

/// A file from a header text and data, as another program might write it.
std::string file_of(const std::string& header, const std::string& data) {
  std::string file(8, '\0');
  for (int i = 0; i < 8; ++i) file[static_cast<std::size_t>(i)] = static_cast<char>(header.size() >> (8 * i) & 0xff);
  return file + header + data;
}

TEST(Safetensors, RoundTripKeepsTensorsAndMetadata) {
  const test::TemporaryFolder folder;
  const std::vector<float> floats = {1.5F, -2.0F, 3.25F, 0.0F, 1e-30F, 7.0F};
  const std::vector<std::uint8_t> bytes = {1, 2, 255};
  const std::vector<std::int64_t> wide = {-5};
  const auto file = folder.path() / "x.safetensors";
  write_safetensors(file,
                    {{"a", {"U8", {3}, bytes_of(bytes)}},
                     {"b", {"F32", {2, 3}, bytes_of(floats)}},
                     {"c", {"I64", {1}, bytes_of(wide)}},
                     {"none", {"F32", {0, 4}, {}}},
                     {"scalar", {"I64", {}, bytes_of(wide)}}},
                    {{"key", "value with \"quotes\" and \n"}});
  const SafetensorsFile read = map_safetensors(file);
  ASSERT_EQ(read.tensors.size(), 5U);
  EXPECT_EQ(read.metadata.at("key"), "value with \"quotes\" and \n");
  EXPECT_EQ(read.tensors.at("b").shape, (std::vector<std::int64_t>{2, 3}));
  EXPECT_EQ(read.tensors.at("b").dtype, "F32");
  const auto* stored = reinterpret_cast<const float*>(read.tensors.at("b").bytes.data());
  EXPECT_EQ(std::vector<float>(stored, stored + 6), floats);
  EXPECT_TRUE(read.tensors.at("none").bytes.empty());
  EXPECT_EQ(read.tensors.at("scalar").bytes.size(), 8U);
}

TEST(Safetensors, EveryTensorIsAlignedAndTheHeaderIsPadded) {
  const test::TemporaryFolder folder;
  const std::vector<std::uint8_t> odd(3, 9);
  const std::vector<std::uint16_t> pair(1, 7);
  const std::vector<double> wide(2, 1.0);
  const auto file = folder.path() / "x.safetensors";
  write_safetensors(
      file,
      {{"a", {"U8", {3}, bytes_of(odd)}}, {"b", {"U16", {1}, bytes_of(pair)}}, {"c", {"F64", {2}, bytes_of(wide)}}});
  const SafetensorsFile read = map_safetensors(file);
  EXPECT_EQ(reinterpret_cast<std::uintptr_t>(read.tensors.at("c").bytes.data()) % 8, 0U);
  EXPECT_EQ(reinterpret_cast<std::uintptr_t>(read.tensors.at("b").bytes.data()) % 2, 0U);
  const std::string raw = read_file(file);
  EXPECT_EQ(static_cast<unsigned char>(raw[0]) % 8, 0);
  EXPECT_EQ(raw[8], '{');
}

TEST(Safetensors, ReadsWhatOtherProgramsWrite) {
  const test::TemporaryFolder folder;
  // Keys in any order, data in another, no padding.
  const auto file = folder.write(
      "x", file_of(R"({"z":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},)"
                   R"("a":{"dtype":"I16","shape":[1],"data_offsets":[2,4]},"__metadata__":{"format":"pt"}})",
                   "abcd"));
  const SafetensorsFile read = map_safetensors(file);
  EXPECT_EQ(std::to_integer<char>(read.tensors.at("z").bytes[1]), 'b');
  EXPECT_EQ(std::to_integer<char>(read.tensors.at("a").bytes[0]), 'c');
  EXPECT_EQ(read.metadata.at("format"), "pt");
}

TEST(Safetensors, TruncationAtAnyByteIsAnError) {
  const test::TemporaryFolder folder;
  const std::vector<std::uint8_t> bytes(10, 1);
  const auto file = folder.path() / "whole";
  write_safetensors(file, {{"a", {"U8", {10}, bytes_of(bytes)}}}, {{"k", "v"}});
  const std::string whole = read_file(file);
  for (std::size_t size = 0; size < whole.size(); ++size) {
    const auto cut = folder.write("cut", whole.substr(0, size));
    EXPECT_THROW(map_safetensors(cut), InputError) << size;
  }
  EXPECT_THROW(map_safetensors(folder.write("long", whole + "x")), InputError);
}

TEST(Safetensors, BrokenHeadersAreNamed) {
  const test::TemporaryFolder folder;
  const auto error = [&](const std::string& header, const std::string& data) {
    const auto file = folder.write("broken", file_of(header, data));
    const std::string text = input_error([&] { map_safetensors(file); });
    EXPECT_THAT(text, HasSubstr(file.string()));
    return text;
  };
  EXPECT_THAT(error("[]", ""), HasSubstr("no JSON object"));
  EXPECT_THAT(error("{nonsense", ""), HasSubstr("cannot be read"));
  EXPECT_THAT(error(R"({"a":{"dtype":"U8","shape":[2],"data_offsets":[0,3]}})", "abc"), HasSubstr("shape needs 2"));
  EXPECT_THAT(error(R"({"a":{"dtype":"U9","shape":[2],"data_offsets":[0,2]}})", "ab"), HasSubstr("impossible"));
  EXPECT_THAT(error(R"({"a":{"dtype":"U8","shape":[-2],"data_offsets":[0,2]}})", "ab"), HasSubstr("impossible"));
  EXPECT_THAT(error(R"({"a":{"dtype":"F64","shape":[4611686018427387904,4],"data_offsets":[0,2]}})", "ab"),
              HasSubstr("impossible"));
  EXPECT_THAT(error(R"({"a":{"dtype":"U8","shape":[1.5],"data_offsets":[0,1]}})", "a"), HasSubstr("no integer"));
  EXPECT_THAT(error(R"({"a":{"dtype":"U8","shape":[2]}})", "ab"), HasSubstr("data_offsets"));
  EXPECT_THAT(error(R"({"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},)"
                    R"("b":{"dtype":"U8","shape":[1],"data_offsets":[2,3]}})",
                    "abc"),
              HasSubstr("gap"));
  EXPECT_THAT(error(R"({"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},)"
                    R"("b":{"dtype":"U8","shape":[2],"data_offsets":[1,3]}})",
                    "abc"),
              HasSubstr("overlap"));
  EXPECT_THAT(error(R"({"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}})", "abc"), HasSubstr("2 bytes"));
  EXPECT_THAT(error(R"({"a":{"dtype":"U8","shape":[1],"data_offsets":[-1,0]}})", "abc"), HasSubstr("truncated"));
}

TEST(Safetensors, AbsentFilesAndWrongSizesAreRefused) {
  const test::TemporaryFolder folder;
  EXPECT_THROW(map_safetensors(folder.path() / "absent"), InputError);
  const std::vector<std::uint8_t> bytes(10, 1);
  const auto file = folder.path() / "never";
  EXPECT_THROW(write_safetensors(file, {{"a", {"F32", {10}, bytes_of(bytes)}}}), InputError);
  EXPECT_FALSE(std::filesystem::exists(file));
}

}  // namespace
}  // namespace scant
