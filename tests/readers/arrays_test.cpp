// Readers of array files: CIFAR's binary records and pickles, idx, npz, hdf5.
#include <archive.h>
#include <archive_entry.h>
#include <fmt/format.h>
#include <gdal_priv.h>
#include <gmock/gmock.h>

#include "harness/data/io/npy.hpp"
#include "tests/readers/support.hpp"

namespace scant {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

/// One CIFAR image: pixel i of channel c is (first + 3c + i) mod 256.
std::string cifar_pixels(int first) {
  std::string bytes;
  for (int c = 0; c < 3; ++c) {
    for (int i = 0; i < 1024; ++i) bytes += static_cast<char>(first + 3 * c + i);
  }
  return bytes;
}

std::string record(int label, int first) {
  return static_cast<char>(label) + cifar_pixels(first);
}

const char* const cifar_options = R"({"files": {"train": ["b1.bin", "b2.bin"], "test": "t.bin"})";

TEST(CifarBinary, RecordsRolesAndNames) {
  const test::TemporaryFolder folder;
  const std::string root = "cifar-10-batches-bin/";
  folder.write(root + "b1.bin", record(3, 0) + record(1, 100));
  folder.write(root + "b2.bin", record(9, 50));
  folder.write(root + "t.bin", record(0, 7));
  folder.write(root + "batches.meta.txt", "a\nb\nc\nd\ne\nf\ng\nh\ni\nj\n\n");
  const Decoded decoded = read(card_of("cifar-binary", std::string(cifar_options) + "}"), folder.path());
  EXPECT_THAT(decoded.bank.labels, ElementsAre(3, 1, 9, 0));
  EXPECT_THAT(decoded.bank.names, ElementsAre("train_00000", "train_00001", "train_00002", "test_00000"));
  EXPECT_THAT(decoded.roles, ElementsAre("train", "train", "train", "test"));
  EXPECT_EQ(decoded.bank.class_names.size(), 10);
  EXPECT_TRUE(decoded.bank.fixed());
  EXPECT_EQ(pixel(decoded.bank, 1, 0, 0, 0), 100);
  EXPECT_EQ(pixel(decoded.bank, 1, 2, 1, 3), (100 + 6 + 35) % 256);

  folder.write("domains.csv", "name,domain\ntrain_00000,0\ntrain_00001,1\ntrain_00002,0\ntest_00000,1\n");
  EXPECT_THAT(
      read(card_of("cifar-binary", std::string(cifar_options) + R"(, "domains_file": "domains.csv"})"), folder.path())
          .bank.domains,
      ElementsAre(0, 1, 0, 1));
}

TEST(CifarBinary, AbsentAndDamagedBatches) {
  const test::TemporaryFolder folder;
  const std::string root = "cifar-10-batches-bin/";
  folder.write(root + "b1.bin", record(3, 0));
  folder.write(root + "t.bin", record(0, 7));
  EXPECT_THAT(error_of([&] { read(card_of("cifar-binary", std::string(cifar_options) + "}"), folder.path()); }),
              HasSubstr("b2.bin"));
  const Card lenient = card_of("cifar-binary", std::string(cifar_options) + R"(, "allow_missing": true})");
  EXPECT_EQ(read(lenient, folder.path()).bank.size(), 2);
  folder.write(root + "t.bin", record(0, 7).substr(0, 3000));
  EXPECT_THAT(error_of([&] { read(lenient, folder.path()); }), AllOf(HasSubstr("t.bin"), HasSubstr("3000 bytes")));
  folder.write(root + "t.bin", record(10, 7));
  Card ten = lenient;
  ten.spec.num_classes = 10;
  EXPECT_THAT(error_of([&] { read(ten, folder.path()); }), AllOf(HasSubstr("t.bin"), HasSubstr("label 10")));
  EXPECT_THAT(error_of([&] { read(lenient, folder.path() / "elsewhere"); }), HasSubstr("no batch file"));
}

TEST(CifarBinary, FineLabelsOfCifar100) {
  const test::TemporaryFolder folder;
  folder.write("b/train.bin", static_cast<char>(4) + record(42, 0));
  const std::string base = R"({"image_folder": "b", "files": {"train": "train.bin"}, "label_bytes": 2)";
  EXPECT_THAT(read(card_of("cifar-binary", base + "}"), folder.path()).bank.labels, ElementsAre(42));
  EXPECT_THAT(read(card_of("cifar-binary", base + R"(, "label_byte": 0})"), folder.path()).bank.labels, ElementsAre(4));
}

std::string little(std::uint32_t value, int bytes) {
  std::string text;
  for (int i = 0; i < bytes; ++i) text += static_cast<char>(value >> (8 * i));
  return text;
}

/// The opcodes that Python 2 wrote into CIFAR-10's batches: protocol 2, byte strings, a reconstructed array.
std::string cifar_pickle(const std::vector<int>& labels,
                         const std::string& function = "numpy.core.multiarray\n_reconstruct") {
  std::string pixels;
  for (const int label : labels) pixels += cifar_pixels(label);
  std::string text = std::string(
      "\x80\x02}q\x01(U\x0b"
      "batch_labelq\x02U\x04testq\x03U\x06labelsq\x04]q\x05(",
      43);
  for (const int label : labels) text += std::string("K") + static_cast<char>(label);
  text += std::string(
              "eU\x04"
              "dataq\x06"
              "c") +
          function +
          "\nq\x07"
          "cnumpy\nndarray\nq\x08K" +
          std::string(1, '\0') +
          "\x85U\x01"
          "b\x87Rq\x09(K\x01M" +
          little(static_cast<std::uint32_t>(labels.size()), 2) + "M" + little(3072, 2) +
          "\x86"
          "cnumpy\ndtype\nq\x0aU\x02u1K" +
          std::string(1, '\0') + "K\x01\x87Rq\x0b(K\x03U\x01|NNNJ\xff\xff\xff\xff" + "J\xff\xff\xff\xffK" +
          std::string(1, '\0') + "tb\x89T" + little(static_cast<std::uint32_t>(pixels.size()), 4) + pixels + "tbu.";
  return text;
}

TEST(CifarPickle, BatchesOfPythonTwo) {
  const test::TemporaryFolder folder;
  folder.write("ciFAIR-10/data_batch_1", cifar_pickle({6, 9}));
  folder.write("ciFAIR-10/test_batch", cifar_pickle({2}));
  const Card card = card_of("cifar-pickle", R"({"image_folder": "ciFAIR-10",
                                                "files": {"train": ["data_batch_1"], "test": ["test_batch"]}})");
  const Decoded decoded = read(card, folder.path());
  EXPECT_THAT(decoded.bank.labels, ElementsAre(6, 9, 2));
  EXPECT_THAT(decoded.roles, ElementsAre("train", "train", "test"));
  EXPECT_EQ(pixel(decoded.bank, 1, 1, 0, 5), 9 + 3 + 5);
}

TEST(CifarPickle, WhatIsNoBatchIsRefused) {
  const test::TemporaryFolder folder;
  const Card card = card_of("cifar-pickle", R"({"image_folder": ".", "files": {"train": "b"}})");
  folder.write("b", cifar_pickle({6}, "os\nsystem"));
  EXPECT_THAT(error_of([&] { read(card, folder.path()); }), AllOf(HasSubstr("os system"), HasSubstr("not known")));
  const std::string whole = cifar_pickle({6, 9});
  for (const std::size_t size : {std::size_t{0}, std::size_t{30}, whole.size() / 2, whole.size() - 1}) {
    folder.write("b", whole.substr(0, size));
    EXPECT_THAT(error_of([&] { read(card, folder.path()); }), HasSubstr("breaks off")) << size;
  }
  folder.write("b", "\x80\x02}.");
  EXPECT_THAT(error_of([&] { read(card, folder.path()); }), HasSubstr("no CIFAR batch"));
  folder.write("b", "\x80\x02i");
  EXPECT_THAT(error_of([&] { read(card, folder.path()); }), HasSubstr("opcode 0x69"));
}

std::string big(std::uint32_t value) {
  return {static_cast<char>(value >> 24), static_cast<char>(value >> 16), static_cast<char>(value >> 8),
          static_cast<char>(value)};
}

/// Packs files into an archive: gzip of one stream, or a zip.
void write_archive(const std::filesystem::path& file, bool zip,
                   const std::vector<std::pair<std::string, std::string>>& entries) {
  archive* out = archive_write_new();
  if (zip) {
    archive_write_set_format_zip(out);
  } else {
    archive_write_add_filter_gzip(out);
    archive_write_set_format_raw(out);
  }
  ASSERT_EQ(archive_write_open_filename(out, file.c_str()), ARCHIVE_OK);
  for (const auto& [name, bytes] : entries) {
    archive_entry* entry = archive_entry_new();
    archive_entry_set_pathname(entry, name.c_str());
    archive_entry_set_filetype(entry, AE_IFREG);
    archive_entry_set_size(entry, static_cast<la_int64_t>(bytes.size()));
    ASSERT_EQ(archive_write_header(out, entry), ARCHIVE_OK);
    ASSERT_EQ(archive_write_data(out, bytes.data(), bytes.size()), static_cast<la_ssize_t>(bytes.size()));
    archive_entry_free(entry);
  }
  archive_write_close(out);
  archive_write_free(out);
}

class IdxFiles : public ::testing::Test {
 protected:
  std::string images_ = std::string("\0\0\x08\x03", 4) + big(2) + big(2) + big(3) + "abcdefABCDEF";
  std::string labels_ = std::string("\0\0\x08\x01", 4) + big(2) + "\x07\x02";
  Card card_ =
      card_of("idx", R"({"parts": [{"role": "test", "images": "i-idx3-ubyte.gz", "labels": "l-idx1-ubyte"}]})", 1);
  test::TemporaryFolder folder_;
};

TEST_F(IdxFiles, PackedAndPlain) {
  write_archive(folder_.path() / "i-idx3-ubyte.gz", false, {{"i", images_}});
  folder_.write("l-idx1-ubyte", labels_);
  const Decoded packed = read(card_, folder_.path());
  EXPECT_THAT(packed.bank.labels, ElementsAre(7, 2));
  EXPECT_THAT(packed.bank.names, ElementsAre("test_00000", "test_00001"));
  EXPECT_EQ(pixel(packed.bank, 0, 0, 1, 2), 'f');
  EXPECT_EQ(pixel(packed.bank, 1, 0, 0, 0), 'A');

  std::filesystem::remove(folder_.path() / "i-idx3-ubyte.gz");
  folder_.write("i-idx3-ubyte", images_);
  EXPECT_EQ(read(card_, folder_.path()).bank.digest, packed.bank.digest);

  // In a set of three bands the gray values fill all of them.
  card_.spec.bands = 3;
  EXPECT_EQ(pixel(read(card_, folder_.path()).bank, 0, 2, 1, 2), 'f');
}

TEST_F(IdxFiles, DamagedFilesAreNamed) {
  folder_.write("l-idx1-ubyte", labels_);
  folder_.write("i-idx3-ubyte", images_.substr(0, 20));
  EXPECT_THAT(error_of([&] { read(card_, folder_.path()); }), AllOf(HasSubstr("i-idx3-ubyte"), HasSubstr("early")));
  folder_.write("i-idx3-ubyte", images_ + "x");
  EXPECT_THAT(error_of([&] { read(card_, folder_.path()); }), HasSubstr("longer"));
  folder_.write("i-idx3-ubyte", labels_);
  EXPECT_THAT(error_of([&] { read(card_, folder_.path()); }), HasSubstr("00000801"));
  folder_.write("i-idx3-ubyte", "");
  EXPECT_THAT(error_of([&] { read(card_, folder_.path()); }), HasSubstr("i-idx3-ubyte"));
  folder_.write("i-idx3-ubyte", images_);
  folder_.write("l-idx1-ubyte", std::string("\0\0\x08\x01", 4) + big(1) + "\x07");
  EXPECT_THAT(error_of([&] { read(card_, folder_.path()); }), HasSubstr("2 images"));
  std::filesystem::remove(folder_.path() / "i-idx3-ubyte");
  EXPECT_THAT(error_of([&] { read(card_, folder_.path()); }), AllOf(HasSubstr("absent"), HasSubstr("scant fetch toy")));
  write_archive(folder_.path() / "i-idx3-ubyte.gz", false, {{"i", images_}});
  const auto size = std::filesystem::file_size(folder_.path() / "i-idx3-ubyte.gz");
  std::filesystem::resize_file(folder_.path() / "i-idx3-ubyte.gz", size / 2);
  EXPECT_THAT(error_of([&] { read(card_, folder_.path()); }), HasSubstr("i-idx3-ubyte.gz"));
}

std::string npy(const std::string& descr, const std::string& shape, const std::string& data, int version = 1,
                const std::string& fortran = "False") {
  std::string header = fmt::format("{{'descr': '{}', 'fortran_order': {}, 'shape': {}, }}", descr, fortran, shape);
  while ((header.size() + (version == 1 ? 11 : 13)) % 64 != 0) header += ' ';
  header += '\n';
  return std::string("\x93NUMPY") + static_cast<char>(version) + std::string(1, '\0') +
         little(static_cast<std::uint32_t>(header.size()), version == 1 ? 2 : 4) + header + data;
}

class NpzFiles : public ::testing::Test {
 protected:
  Decoded decode_with(const std::string& images, const std::string& labels, const std::string& more = "",
                      int bands = 1) {
    write_archive(folder_.path() / "m.npz", true, {{"train_images.npy", images}, {"train_labels.npy", labels}});
    return read(card_of("npz", R"({"file": "m.npz", "roles": "train")" + more + "}", bands), folder_.path());
  }
  std::string message(const std::string& images, const std::string& labels, const std::string& more = "") {
    return error_of([&] { decode_with(images, labels, more); });
  }
  const std::string images_ = npy("|u1", "(2, 2, 3)", "abcdefABCDEF");
  test::TemporaryFolder folder_;
};

TEST_F(NpzFiles, GrayAndColour) {
  const Decoded gray = decode_with(images_, npy("|u1", "(2, 1)", "\x01\x04"));
  EXPECT_THAT(gray.bank.labels, ElementsAre(1, 4));
  EXPECT_EQ(pixel(gray.bank, 1, 0, 1, 0), 'D');
  EXPECT_THAT(gray.roles, ElementsAre("train", "train"));
  const Decoded colour = decode_with(npy("|u1", "(1, 2, 2, 3)", "rgbRGBsthSTH", 2),
                                     npy("<i8", "(1,)", little(5, 4) + little(0, 4)), "", 3);
  EXPECT_THAT(colour.bank.labels, ElementsAre(5));
  EXPECT_EQ(pixel(colour.bank, 0, 0, 0, 1), 'R');
  EXPECT_EQ(pixel(colour.bank, 0, 1, 1, 0), 't');
  EXPECT_EQ(pixel(colour.bank, 0, 2, 1, 1), 'H');
  const Decoded wide = decode_with(npy("<u2", "(1, 1, 2)", little(700, 2) + little(65535, 2), 3),
                                   npy("<f4", "(1,)", std::string("\0\0\x40\x40", 4)));
  EXPECT_EQ(wide.bank.type, PixelType::u16);
  EXPECT_EQ(pixel(wide.bank, 0, 0, 0, 1), 65535);
  EXPECT_THAT(wide.bank.labels, ElementsAre(3));
}

TEST_F(NpzFiles, RolesInTheCardsOrder) {
  // numpy writes all images before all labels, in the order of the keywords.
  const std::string one = npy("|u1", "(1, 1, 1)", "x"), label = npy("|u1", "(1, 1)", std::string(1, '\0'));
  write_archive(folder_.path() / "m.npz", true,
                {{"test_images.npy", npy("|u1", "(1, 1, 1)", "t")},
                 {"train_images.npy", one},
                 {"val_images.npy", npy("|u1", "(1, 1, 1)", "v")},
                 {"val_labels.npy", label},
                 {"test_labels.npy", label},
                 {"train_labels.npy", label}});
  const Decoded decoded = read(card_of("npz", R"({"file": "m.npz"})", 1), folder_.path());
  EXPECT_THAT(decoded.bank.names, ElementsAre("train_00000", "val_00000", "test_00000"));
  EXPECT_THAT(decoded.roles, ElementsAre("train", "val", "test"));
  EXPECT_EQ(pixel(decoded.bank, 1, 0, 0, 0), 'v');
}

TEST_F(NpzFiles, SeveralLabelColumns) {
  const std::string labels = npy("|u1", "(2, 3)", std::string("\0\0\1\0\0\0", 6));
  EXPECT_THAT(message(images_, labels), HasSubstr("label_rule"));
  EXPECT_THAT(decode_with(images_, labels, R"(, "label_rule": "any")").bank.labels, ElementsAre(1, 0));
  EXPECT_THAT(decode_with(images_, labels, R"(, "label_rule": "column:1")").bank.labels, ElementsAre(0, 0));
  EXPECT_THAT(message(images_, labels, R"(, "label_rule": "column:3")"), HasSubstr("column 3 of 3"));
  EXPECT_THAT(message(images_, labels, R"(, "label_rule": "some")"), HasSubstr("label_rule"));
}

TEST_F(NpzFiles, WhatIsNotReadSaysWhy) {
  const std::string labels = npy("|u1", "(2, 1)", "\x01\x04");
  EXPECT_THAT(message(npy("|u1", "(2, 2, 3)", "abcdefABCDEF", 1, "True"), labels), HasSubstr("Fortran"));
  EXPECT_THAT(message(npy(">u2", "(1, 1, 1)", "ab"), labels), HasSubstr("big-endian"));
  EXPECT_THAT(message(npy("|O", "(1, 1, 1)", "ab"), labels), HasSubstr("not read"));
  EXPECT_THAT(message(npy("|u1", "(2, 2, 3)", "abc"), labels), AllOf(HasSubstr("m.npz"), HasSubstr("early")));
  EXPECT_THAT(message(npy("|u1", "(2, 2, 3)", "abcdefABCDEF+"), labels), HasSubstr("longer"));
  EXPECT_THAT(message(npy("|u1", "(3, 2, 2)", "abcdefABCDEF"), labels), HasSubstr("3 images but 2 labels"));
  EXPECT_THAT(message(npy("|u1", "(99999999, 99999999, 99999999)", ""), labels), HasSubstr("not possible"));
  EXPECT_THAT(message(images_, npy("<f4", "(2,)", std::string("\0\0\0\x3f\0\0\0\x3f", 8))), HasSubstr("whole"));
  EXPECT_THAT(message(images_, npy("|i1", "(2,)", "\xff\x01")), HasSubstr("label -1"));
  EXPECT_THAT(message("not an array", labels), HasSubstr("npy"));
  write_archive(folder_.path() / "m.npz", true, {{"x.npy", images_}});
  const Card card = card_of("npz", R"({"file": "m.npz"})", 1);
  EXPECT_THAT(error_of([&] { read(card, folder_.path()); }), AllOf(HasSubstr("train_labels"), HasSubstr("x.npy")));
  folder_.write("m.npz", "no zip");
  EXPECT_THAT(error_of([&] { read(card, folder_.path()); }), HasSubstr("m.npz"));
  std::filesystem::remove(folder_.path() / "m.npz");
  EXPECT_THAT(error_of([&] { read(card, folder_.path()); }), HasSubstr("m.npz"));
}

/// An HDF5 file with one uint8 array: netCDF-4 files are HDF5 files, and GDAL writes them.
void write_hdf5(const std::filesystem::path& file, const std::string& name, const std::vector<GUInt64>& shape,
                const std::vector<std::uint8_t>& values) {
  GDALAllRegister();
  GDALDriver* driver = GetGDALDriverManager()->GetDriverByName("netCDF");
  if (!driver) GTEST_SKIP() << "this GDAL has no netCDF driver to write HDF5 with";
  const std::string path = file.string() + ".nc";
  {
    const std::unique_ptr<GDALDataset> dataset(driver->CreateMultiDimensional(path.c_str(), nullptr, nullptr));
    ASSERT_TRUE(dataset);
    const auto root = dataset->GetRootGroup();
    std::vector<std::shared_ptr<GDALDimension>> axes;
    for (std::size_t i = 0; i < shape.size(); ++i) {
      axes.push_back(root->CreateDimension(fmt::format("axis{}", i), "", "", shape[i]));
    }
    const auto array = root->CreateMDArray(name, axes, GDALExtendedDataType::Create(GDT_Byte));
    ASSERT_TRUE(array);
    const std::vector<GUInt64> start(shape.size(), 0);
    const std::vector<std::size_t> count(shape.begin(), shape.end());
    ASSERT_TRUE(array->Write(start.data(), count.data(), nullptr, nullptr, array->GetDataType(), values.data()));
  }
  std::filesystem::rename(path, file);
}

TEST(Hdf5, PatchCamelyonLayout) {
  const test::TemporaryFolder folder;
  std::vector<std::uint8_t> images(5 * 2 * 3 * 3);
  for (std::size_t i = 0; i < images.size(); ++i) images[i] = static_cast<std::uint8_t>(i);
  write_hdf5(folder.path() / "x.h5", "x", {5, 2, 3, 3}, images);
  if (IsSkipped()) return;
  write_hdf5(folder.path() / "y.h5", "y", {5, 1, 1, 1}, {0, 1, 1, 0, 1});
  const Card card =
      card_of("hdf5", R"({"parts": [{"role": "val", "images": "x.h5", "labels": "y.h5"}]})", 3, {"normal", "tumor"});
  const Decoded decoded = read(card, folder.path());
  EXPECT_THAT(decoded.bank.labels, ElementsAre(0, 1, 1, 0, 1));
  EXPECT_EQ(decoded.bank.names[4], "val_00004");
  EXPECT_EQ(decoded.roles[0], "val");
  for (int i = 0; i < 5; ++i) {
    for (int c = 0; c < 3; ++c) EXPECT_EQ(pixel(decoded.bank, i, c, 1, 2), ((i * 2 + 1) * 3 + 2) * 3 + c);
  }

  Card other = card;
  other.read_options["image_array"] = "z";
  EXPECT_THAT(error_of([&] { read(other, folder.path()); }), AllOf(HasSubstr("\"z\""), HasSubstr("x")));
  write_hdf5(folder.path() / "y.h5", "y", {4, 1, 1, 1}, {0, 1, 1, 0});
  EXPECT_THAT(error_of([&] { read(card, folder.path()); }), HasSubstr("5 images"));
  folder.write("x.h5", "no HDF5");
  write_hdf5(folder.path() / "y.h5", "y", {5}, {0, 1, 1, 0, 1});
  EXPECT_THAT(error_of([&] { read(card, folder.path()); }), HasSubstr("x.h5"));
  std::filesystem::rename(folder.path() / "x.h5", folder.path() / "x.h5.gz");
  EXPECT_THAT(error_of([&] { read(card, folder.path()); }), HasSubstr("gunzip"));
}

}  // namespace
}  // namespace scant
