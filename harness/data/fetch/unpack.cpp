// Unpacking through libarchive: the reader only, files are written here.
#include "harness/data/fetch/unpack.hpp"

#include <archive.h>
#include <archive_entry.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>

#include "harness/core/error.hpp"

namespace scant {
namespace {

namespace fs = std::filesystem;

struct Closer {
  void operator()(archive* reader) const { archive_read_free(reader); }
  void operator()(std::FILE* file) const { std::fclose(file); }
};
using Reader = std::unique_ptr<archive, Closer>;

/// "x.h5.gz" -> "x.h5" for a lone compressed file; "" for archives.
std::string lone_file(const fs::path& file) {
  const std::string ending = file.extension().string();
  const bool compressed = ending == ".gz" || ending == ".bz2" || ending == ".xz";
  return compressed && file.stem().extension() != ".tar" ? file.stem().string() : "";
}

Reader open_archive(const fs::path& file, bool lone) {
  Reader reader(archive_read_new());
  archive_read_support_filter_all(reader.get());
  // "raw" accepts anything, so only where nothing else is meant.
  lone ? archive_read_support_format_raw(reader.get()) : archive_read_support_format_all(reader.get());
  constexpr std::size_t block = 1 << 20;
  if (archive_read_open_filename(reader.get(), file.c_str(), block) != ARCHIVE_OK) {
    throw InputError(fmt::format("is no readable archive: {}", archive_error_string(reader.get())), {file.string()});
  }
  return reader;
}

/// The entry's path, checked; empty for the root.
fs::path checked_name(archive_entry* entry, const fs::path& file) {
  const char* name = archive_entry_pathname(entry);
  if (name == nullptr) name = archive_entry_pathname_utf8(entry);
  if (name == nullptr) throw InputError("holds an entry without a readable name", {file.string()});
  const fs::path path(name);
  const bool climbs = std::any_of(path.begin(), path.end(), [](const fs::path& part) { return part == ".."; });
  if (path.is_absolute() || climbs) {
    throw InputError(fmt::format("holds \"{}\", which points outside the folder: nothing was unpacked", name),
                     {file.string()});
  }
  const auto type = archive_entry_filetype(entry);
  const bool link = archive_entry_hardlink(entry) != nullptr;
  if (link || (type != AE_IFREG && type != AE_IFDIR)) {
    throw InputError(fmt::format("holds \"{}\", which is neither a file nor a folder: nothing was unpacked", name),
                     {file.string()});
  }
  const fs::path clean = path.lexically_normal();
  return clean == "." ? fs::path() : clean;
}

/// What is left of `path` below `strip`, or empty.
fs::path below(const fs::path& path, const fs::path& strip) {
  auto rest = path.begin();
  for (const fs::path& part : strip) {
    if (part.empty() || part == ".") continue;
    if (rest == path.end() || *rest != part) return {};
    ++rest;
  }
  fs::path result;
  for (; rest != path.end(); ++rest) result /= *rest;
  return result;
}

void write_entry(archive* reader, const fs::path& target, const fs::path& file) {
  fs::create_directories(target.parent_path());
  const std::unique_ptr<std::FILE, Closer> out(std::fopen(target.c_str(), "wb"));
  const auto cannot_write = [&] {
    throw InputError(fmt::format("cannot be written: {}", std::strerror(errno)), {target.string()});
  };
  if (!out) cannot_write();
  std::array<char, 1 << 16> buffer;
  for (;;) {
    const la_ssize_t size = archive_read_data(reader, buffer.data(), buffer.size());
    if (size < 0) {
      throw InputError(
          fmt::format("is damaged at \"{}\": {}", target.filename().string(), archive_error_string(reader)),
          {file.string()});
    }
    if (size == 0) break;
    if (std::fwrite(buffer.data(), 1, static_cast<std::size_t>(size), out.get()) != static_cast<std::size_t>(size)) {
      cannot_write();
    }
  }
  if (std::fflush(out.get()) != 0) cannot_write();
}

void read_all(const fs::path& file, const std::string& strip, const fs::path& scratch) {
  const std::string lone = lone_file(file);
  const Reader reader = open_archive(file, !lone.empty());
  std::int64_t files = 0;
  for (;;) {
    archive_entry* entry = nullptr;
    const int code = archive_read_next_header(reader.get(), &entry);
    if (code == ARCHIVE_EOF) break;
    if (code < ARCHIVE_WARN) {
      throw InputError(fmt::format("is damaged: {}", archive_error_string(reader.get())), {file.string()});
    }
    if (!lone.empty()) {
      write_entry(reader.get(), scratch / lone, file);
      ++files;
      continue;
    }
    const fs::path name = below(checked_name(entry, file), strip);
    if (name.empty()) continue;
    if (archive_entry_filetype(entry) == AE_IFDIR) {
      fs::create_directories(scratch / name);
    } else {
      write_entry(reader.get(), scratch / name, file);
      ++files;
    }
  }
  if (files == 0) {
    const std::string where = strip.empty() ? "" : fmt::format(" below \"{}\"", strip);
    throw InputError(fmt::format("holds no file{}", where), {file.string()});
  }
}

/// Moves what is in `from` into `to`, folder by folder where both have one.
void merge(const fs::path& from, const fs::path& to) {
  fs::create_directories(to);
  for (const auto& entry : fs::directory_iterator(from)) {
    const fs::path target = to / entry.path().filename();
    if (entry.is_directory() && fs::is_directory(target)) {
      merge(entry.path(), target);
    } else {
      fs::rename(entry.path(), target);
    }
  }
}

}  // namespace

void unpack(const fs::path& archive, const fs::path& folder, const std::string& strip, const fs::path& scratch) {
  try {
    fs::remove_all(scratch);
    fs::create_directories(scratch);
    read_all(archive, strip, scratch);
    merge(scratch, folder);
    fs::remove_all(scratch);
  } catch (const fs::filesystem_error& error) {
    std::error_code ignored;
    fs::remove_all(scratch, ignored);
    throw InputError(fmt::format("cannot be unpacked: {}", error.what()), {archive.string()});
  } catch (...) {
    std::error_code ignored;
    fs::remove_all(scratch, ignored);
    throw;
  }
}

}  // namespace scant
