// Fetches a card's files one after the other: keeps what is right, tries the mirrors, publishes what passes its checks.
#include "harness/data/fetch.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <optional>

#include "harness/core/error.hpp"
#include "harness/core/hash.hpp"
#include "harness/data/fetch/checks.hpp"
#include "harness/data/fetch/transfer.hpp"
#include "harness/data/fetch/unpack.hpp"

namespace scant {
namespace {

namespace fs = std::filesystem;

std::int64_t size_of(const fs::path& file) {
  std::error_code error;
  const auto size = fs::file_size(file, error);
  return error ? 0 : static_cast<std::int64_t>(size);
}

/// Makes the names in a folder (or all of its file system) survive a power cut.
void sync_folder(const fs::path& folder, bool whole_file_system) {
  const int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return;
  whole_file_system ? ::syncfs(descriptor) : ::fsync(descriptor);
  ::close(descriptor);
}

/// Says a line each time another tenth has come (or, of unknown totals, another 64 MiB).
class ProgressLines {
 public:
  ProgressLines(std::string file, const std::function<void(const std::string&)>& say)
      : file_(std::move(file)), say_(say) {}
  void operator()(std::int64_t have, std::int64_t total) {
    constexpr std::int64_t quiet_below = 1 << 22, unknown_step = 1 << 26;
    if (!say_ || (total > 0 && total < quiet_below)) return;
    const std::int64_t step = total > 0 ? have * 10 / total : have / unknown_step;
    if (step <= last_) return;
    last_ = step;
    constexpr double mib = 1 << 20;
    if (total > 0) {
      say_(fmt::format("{}: {:.1f} of {:.1f} MiB", file_, static_cast<double>(have) / mib,
                       static_cast<double>(total) / mib));
    } else {
      say_(fmt::format("{}: {:.1f} MiB", file_, static_cast<double>(have) / mib));
    }
  }

 private:
  std::string file_;
  const std::function<void(const std::string&)>& say_;
  std::int64_t last_ = 0;
};

/// One download of a card: where it goes, and how it is got.
class FileFetch {
 public:
  FileFetch(const Card& card, const Download& download, const fs::path& folder, const FetchOptions& options)
      : card_(card),
        download_(download),
        options_(options),
        notes_(folder),
        folder_(folder),
        target_(folder / download.file),
        part_(target_.string() + ".part") {}

  /// Compares what is there. Adds what is wrong to `problems`; connects to nothing, writes nothing.
  std::optional<FetchedFile> verify(std::vector<std::string>& problems) const {
    if (unpacked_and_removed()) return result(FetchedFile::Outcome::archive_removed, {}, "");
    if (!fs::is_regular_file(target_)) {
      problems.push_back(fmt::format("{} is missing (expected: {})", target_.string(), expectation(download_)));
      return std::nullopt;
    }
    const FileCheck check = check_file(target_, download_, notes_.get("digest", download_.file));
    if (!check.right) {
      problems.push_back(fmt::format("{} {}", target_.string(), check.problem));
      return std::nullopt;
    }
    if (download_.unpack && notes_.get("unpacked", download_.file) != check.digest) {
      problems.push_back(fmt::format("{} has not been unpacked", target_.string()));
    }
    return result(FetchedFile::Outcome::present, check, "");
  }

  FetchedFile run() {
    if (unpacked_and_removed()) return result(FetchedFile::Outcome::archive_removed, {}, "");
    fs::create_directories(target_.parent_path());
    FetchedFile fetched = from_disk() ? result(FetchedFile::Outcome::present, check_, "") : from_mirrors();
    if (download_.unpack) fetched.unpacked = unpack_once();
    return fetched;
  }

 private:
  void say(const std::string& line) const {
    if (options_.say) options_.say(line);
  }

  FetchedFile result(FetchedFile::Outcome outcome, const FileCheck& check, const std::string& url) const {
    return {target_, outcome, url, check.bytes, check.digest, check.published, false};
  }

  /// The archive was unpacked earlier and somebody made room. A card that now states another digest wants another
  /// archive.
  bool unpacked_and_removed() const {
    if (!download_.unpack || fs::exists(target_)) return false;
    const std::string note = notes_.get("unpacked", download_.file);
    if (note.empty()) return false;
    if (!download_.sha256.empty()) return note == "sha256:" + download_.sha256;
    return download_.md5.empty() || note == "md5:" + download_.md5;
  }

  /// True if the file, or a part that only lacks its name, is there and right.
  bool from_disk() {
    if (fs::is_regular_file(target_)) {
      check_ = check_file(target_, download_, notes_.get("digest", download_.file));
      if (check_.right) {
        remember();
        return true;
      }
      troubles_.push_back(fmt::format("the file that is there {}", check_.problem));
      say(fmt::format("{} {}: fetching it again", target_.string(), check_.problem));
    }
    if (!has_digest() || download_.bytes == 0 || size_of(part_) != download_.bytes) return false;
    check_ = check_file(part_, download_, "");
    if (check_.right) publish();
    return check_.right;
  }

  bool has_digest() const { return !download_.sha256.empty() || !download_.md5.empty(); }

  /// Without a digest only the same entity of the same address can be continued.
  std::string resumable_etag(const std::string& url) const {
    const std::string note = notes_.get("part", download_.file);
    const auto space = note.find(' ');
    return space != std::string::npos && note.substr(0, space) == url ? note.substr(space + 1) : "";
  }

  /// True if the part is now whole and right. Otherwise `troubles_` says why not.
  bool try_mirror(const std::string& url) {
    for (bool anew : {false, true}) {
      const std::string etag = resumable_etag(url);
      const bool resume = !anew && !tainted_ && size_of(part_) > 0 && (has_digest() || !etag.empty());
      TransferOptions options;
      options.offset = resume ? size_of(part_) : 0;
      options.if_range = etag;
      options.expected_bytes = download_.bytes;
      options.stall_seconds = options_.stall_seconds;
      options.on_progress = ProgressLines(download_.file, options_.say);
      options.on_start = [&](const std::string& tag) {
        tainted_ = false;
        // A weak tag (W/...) does not promise the same bytes.
        const bool strong = tag.starts_with('"') && tag.find_first_of(" \r\n") == std::string::npos;
        notes_.set("part", download_.file, url + (strong ? " " + tag : ""));
      };
      say(resume ? fmt::format("{}: going on after {} bytes from {}", download_.file, options.offset, url)
                 : fmt::format("{}: fetching {}", download_.file, url));
      const Transfer got = transfer(url, part_, options);
      // 416: there is nothing behind the part's end, so it is whole, or wrong.
      const bool whole = got.complete || (resume && got.status == 416);
      if (!got.complete) {
        troubles_.push_back(fmt::format("{}: {}", url, got.problem));
        if (!whole) return false;
      }
      check_ = check_file(part_, download_, "");
      if (check_.right && (has_digest() || got.complete)) return true;
      tainted_ = true;
      troubles_.push_back(fmt::format("{}: what came {}", url, check_.right ? "cannot be checked" : check_.problem));
      if (!resume) return false;
    }
    return false;
  }

  FetchedFile from_mirrors() {
    tainted_ = false;
    for (;;) {
      // Another round over the mirrors is worth it only while the part grows.
      const std::int64_t before = size_of(part_);
      for (const std::string& url : download_.urls) {
        if (try_mirror(url)) {
          publish();
          return result(FetchedFile::Outcome::downloaded, check_, url);
        }
      }
      if (tainted_ || size_of(part_) <= before || !can_continue()) fail();
    }
  }

  bool can_continue() const {
    return has_digest() || std::any_of(download_.urls.begin(), download_.urls.end(),
                                       [&](const std::string& url) { return !resumable_etag(url).empty(); });
  }

  [[noreturn]] void fail() const {
    std::string text = fmt::format("{} of {} could not be fetched:", download_.file, card_.spec.name);
    for (const std::string& trouble : troubles_) text += "\n  " + trouble;
    text += fmt::format("\nexpected: {}", expectation(download_));
    if (size_of(part_) > 0) {
      text += fmt::format("\nleft behind: {} ({} bytes{})", part_.string(), size_of(part_), tainted_ ? ", wrong" : "");
    }
    text += fmt::format("\nTry again later, or get it another way and put it there by hand: {}", target_.string());
    throw InputError(text);
  }

  void publish() {
    fs::rename(part_, target_);
    sync_folder(target_.parent_path(), false);
    notes_.set("part", download_.file, "");
    remember();
  }

  void remember() const {
    if (!has_digest() && notes_.get("digest", download_.file) != check_.digest) {
      notes_.set("digest", download_.file, check_.digest);
    }
  }

  bool unpack_once() const {
    if (notes_.get("unpacked", download_.file) == check_.digest) return false;
    say(fmt::format("{}: unpacking", download_.file));
    const fs::path scratch = notes_.folder() / "unpacking";
    try {
      unpack(target_, folder_ / download_.unpack_to, download_.strip, scratch);
    } catch (const InputError&) {
      // No digest has vouched for it: the next call fetches it anew.
      if (!has_digest()) {
        fs::rename(target_, part_);
        notes_.set("digest", download_.file, "");
      }
      throw;
    }
    sync_folder(folder_, true);
    notes_.set("unpacked", download_.file, check_.digest);
    return true;
  }

  const Card& card_;
  const Download& download_;
  const FetchOptions& options_;
  FetchNotes notes_;
  fs::path folder_, target_, part_;
  FileCheck check_;
  std::vector<std::string> troubles_;
  bool tainted_ = false;  // the part is complete and wrong: never to be continued
};

void show_licence(const Card& card, const FetchNotes& notes, const FetchOptions& options) {
  const std::string digest = sha256_hex(card.spec.licence);
  if (!options.say || notes.get("licence", card.spec.name) == digest) return;
  options.say(fmt::format("licence of {}: {}", card.spec.name, card.spec.licence));
  options.say(fmt::format("to be cited: {}", card.spec.citation));
  if (!card.note.empty()) options.say(fmt::format("note: {}", card.note));
  notes.set("licence", card.spec.name, digest);
}

std::vector<FetchedFile> verify_all(const Card& card, const fs::path& folder, const FetchOptions& options) {
  std::vector<FetchedFile> files;
  std::vector<std::string> problems;
  for (const Download& download : card.downloads) {
    if (auto file = FileFetch(card, download, folder, options).verify(problems)) files.push_back(*file);
  }
  if (problems.empty()) return files;
  std::string text = fmt::format("{} of the {} files of {} are not as they should be:", problems.size(),
                                 card.downloads.size(), card.spec.name);
  for (const std::string& problem : problems) text += "\n  " + problem;
  throw InputError(text + fmt::format("\n`scant fetch {}` brings them", card.spec.name));
}

}  // namespace

std::vector<FetchedFile> fetch(const Card& card, const FetchOptions& options) {
  if (card.downloads.empty()) return {};
  const fs::path folder = options.data / card.folders.front();
  if (options.verify_only) return verify_all(card, folder, options);
  try {
    const FetchNotes notes(folder);
    const FetchLock lock(notes.folder(), [&] {
      if (options.say) options.say(fmt::format("waiting for another process that fetches into {}", folder.string()));
    });
    show_licence(card, notes, options);
    std::vector<FetchedFile> files;
    for (const Download& download : card.downloads) files.push_back(FileFetch(card, download, folder, options).run());
    return files;
  } catch (const fs::filesystem_error& error) {
    throw InputError(fmt::format("the files of {} cannot be written: {}", card.spec.name, error.what()),
                     {folder.string()});
  }
}

}  // namespace scant
