// Reader "idx": the MNIST family's array files, raw or gzip.
#include <fmt/format.h>

#include "harness/core/error.hpp"
#include "harness/data/io/archive_file.hpp"
#include "harness/data/io/array_parts.hpp"
#include "harness/data/io/array_sink.hpp"

namespace scant {
namespace {

/// Extents of an idx file of unsigned bytes; the stream stands at its first value afterwards.
std::vector<std::int64_t> read_extents(ArchiveFile& stream, std::size_t rank) {
  std::string name;
  if (!stream.next(name)) throw InputError("the file is empty; fetch it again", {stream.file().string()});
  unsigned char bytes[4];
  stream.read(bytes, 4);
  constexpr unsigned unsigned_bytes = 0x08;
  if (bytes[0] != 0 || bytes[1] != 0 || bytes[2] != unsigned_bytes || bytes[3] != rank) {
    throw InputError(fmt::format("starts with {:02x}{:02x}{:02x}{:02x}; an idx file of bytes with {} axes starts with "
                                 "000008{:02x}",
                                 bytes[0], bytes[1], bytes[2], bytes[3], rank, rank),
                     {stream.file().string()});
  }
  std::vector<std::int64_t> extents;
  for (std::size_t axis = 0; axis < rank; ++axis) {
    stream.read(bytes, 4);
    extents.push_back(static_cast<std::int64_t>(bytes[0]) << 24 | bytes[1] << 16 | bytes[2] << 8 | bytes[3]);
  }
  return extents;
}

void read_part(const ArrayPart& part, ArraySink& sink) {
  ArchiveFile label_stream(part.labels, ArchiveFile::Kind::stream);
  std::vector<std::uint8_t> labels(static_cast<std::size_t>(read_extents(label_stream, 1)[0]));
  label_stream.read(labels.data(), labels.size());
  label_stream.expect_end();

  ArchiveFile stream(part.images, ArchiveFile::Kind::stream);
  const auto extents = read_extents(stream, 3);
  if (extents[0] != static_cast<std::int64_t>(labels.size())) {
    throw InputError(fmt::format("{} images, but {} has {} labels", extents[0], part.labels.string(), labels.size()),
                     {part.images.string()});
  }
  if (extents[1] <= 0 || extents[2] <= 0 || extents[1] * extents[2] > std::int64_t{1} << 30) {
    throw InputError(fmt::format("images of {} x {} pixels are not possible", extents[1], extents[2]),
                     {part.images.string()});
  }
  for (const std::uint8_t label : labels) {
    Pixels pixels;
    pixels.height = static_cast<int>(extents[1]);
    pixels.width = static_cast<int>(extents[2]);
    pixels.channels = 1;
    pixels.planar.resize(static_cast<std::size_t>(extents[1] * extents[2]));
    stream.read(pixels.planar.data(), pixels.planar.size());
    sink.add(part.role, pixels, label, part.images);
  }
  stream.expect_end();
}

Decoded decode(const ReadTask& task) {
  ArraySink sink(task);
  for (const ArrayPart& part : array_parts(task, true)) read_part(part, sink);
  return sink.finish();
}

}  // namespace

const Reader idx_reader{array_options({"parts"}),
                        [](const ReadTask& task) { return files_of(task, array_parts(task, true)); }, decode};

}  // namespace scant
