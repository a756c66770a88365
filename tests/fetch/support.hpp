// What the fetch tests share: a card with one download, digests, archives with any names in them.
#pragma once
#include <archive.h>
#include <archive_entry.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <map>

#include "harness/core/error.hpp"
#include "harness/core/hash.hpp"
#include "harness/data/fetch.hpp"
#include "tests/fetch/server.hpp"
#include "tests/support/process.hpp"

namespace scant::test {

inline std::string md5_hex(const std::string& bytes) {
  Digest digest(Digest::Kind::md5);
  digest.add(bytes);
  return digest.hex();
}

/// Bytes without a pattern that a shifted copy would share.
inline std::string noise(std::size_t size, unsigned seed = 1) {
  std::string bytes(size, '\0');
  std::uint32_t state = seed;
  for (char& byte : bytes) byte = static_cast<char>((state = state * 1664525u + 1013904223u) >> 24);
  return bytes;
}

inline void put(const std::filesystem::path& file, const std::string& bytes) {
  std::filesystem::create_directories(file.parent_path());
  std::ofstream(file, std::ios::binary) << bytes;
}

/// One download "set/data.bin" into a folder of its own.
class FetchTest : public ::testing::Test {
 protected:
  FetchTest() {
    card_.spec.name = "toy";
    card_.spec.licence = "CC0 1.0";
    card_.spec.citation = "nobody";
    card_.folders = {"set"};
  }

  Download& add(const std::string& file, std::vector<std::string> urls, const std::string& content = "") {
    Download download;
    download.file = file;
    download.urls = std::move(urls);
    if (!content.empty()) {
      download.sha256 = sha256_hex(content);
      download.bytes = static_cast<std::int64_t>(content.size());
    }
    card_.downloads.push_back(download);
    return card_.downloads.back();
  }

  std::vector<FetchedFile> run(bool verify = false) {
    FetchOptions options;
    options.data = data_.path();
    options.verify_only = verify;
    options.stall_seconds = 1;
    options.say = [this](const std::string& line) { said_.push_back(line); };
    return fetch(card_, options);
  }

  std::string error(bool verify = false) {
    try {
      run(verify);
    } catch (const InputError& error) {
      return error.what();
    }
    return "no error";
  }

  std::filesystem::path folder() const { return data_.path() / "set"; }
  std::string stored(const std::string& file) const { return content(folder() / file); }
  bool has(const std::string& file) const { return std::filesystem::exists(folder() / file); }

  TemporaryFolder data_;
  Card card_;
  std::vector<std::string> said_;
};

struct Entry {
  std::string name, content;
  std::string link;  // symbolic link to this
};

enum class Format { zip, tar_gz, seven_zip };

inline std::string make_archive(Format format, const std::vector<Entry>& entries) {
  const TemporaryFolder folder;
  const auto file = folder.path() / "archive";
  archive* out = archive_write_new();
  if (format == Format::zip) archive_write_set_format_zip(out);
  if (format == Format::seven_zip) archive_write_set_format_7zip(out);
  if (format == Format::tar_gz) {
    archive_write_set_format_pax_restricted(out);
    archive_write_add_filter_gzip(out);
  }
  archive_write_open_filename(out, file.c_str());
  for (const Entry& entry : entries) {
    archive_entry* head = archive_entry_new();
    archive_entry_set_pathname(head, entry.name.c_str());
    archive_entry_set_perm(head, 0644);
    if (entry.link.empty()) {
      archive_entry_set_filetype(head, AE_IFREG);
      archive_entry_set_size(head, static_cast<la_int64_t>(entry.content.size()));
    } else {
      archive_entry_set_filetype(head, AE_IFLNK);
      archive_entry_set_symlink(head, entry.link.c_str());
    }
    archive_write_header(out, head);
    archive_write_data(out, entry.content.data(), entry.content.size());
    archive_entry_free(head);
  }
  archive_write_close(out);
  archive_write_free(out);
  return content(file);
}

}  // namespace scant::test
