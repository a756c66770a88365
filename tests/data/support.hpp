// What the data tests share: the message of an error, and small banks with pixels that follow from the position.
#pragma once
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "harness/core/error.hpp"
#include "harness/data/bank.hpp"
#include "tests/support/temporary_folder.hpp"

namespace scant {

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
