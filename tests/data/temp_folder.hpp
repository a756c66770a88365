// A folder of its own for one test, removed at the end; and small banks with pixels that follow from the position.
#pragma once
#include <gtest/gtest.h>
#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "harness/core/error.hpp"
#include "harness/data/bank.hpp"

namespace scant {

class TempFolder {
 public:
  TempFolder() {
    static std::atomic<int> count = 0;
    path_ = std::filesystem::temp_directory_path() /
            ("scant-data-test-" + std::to_string(::getpid()) + "-" + std::to_string(count++));
    std::filesystem::create_directories(path_);
  }
  ~TempFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TempFolder(const TempFolder&) = delete;
  TempFolder& operator=(const TempFolder&) = delete;

  const std::filesystem::path& path() const { return path_; }
  std::filesystem::path write(const std::string& name, const std::string& content) const {
    const std::filesystem::path file = path_ / name;
    std::filesystem::create_directories(file.parent_path());
    std::ofstream(file, std::ios::binary) << content;
    return file;
  }

 private:
  std::filesystem::path path_;
};

/// What `call` throws as InputError; fails the test if it does not.
template <class Call>
std::string input_error(Call&& call) {
  try {
    call();
  } catch (const InputError& error) {
    return error.what();
  }
  ADD_FAILURE() << "no InputError was thrown";
  return {};
}

/// One 1 x 1 x 1 image for each label, named "img0", "img1", ...
inline ImageBank labelled_bank(const std::vector<int>& labels, std::vector<std::string> class_names = {}) {
  BankBuilder builder(PixelType::u8, 1);
  for (std::size_t i = 0; i < labels.size(); ++i) {
    const std::byte pixel{static_cast<unsigned char>(i)};
    builder.add({&pixel, 1}, 1, 1, labels[i], "img" + std::to_string(i));
  }
  return builder.finish(std::move(class_names));
}

}  // namespace scant
