// What may stand behind --device.
#pragma once
#include <CLI/CLI.hpp>
#include <algorithm>
#include <string>

namespace scant {

/// Accepts "cpu", "cuda" and "cuda:N".
inline CLI::Validator known_device() {
  const auto problem = [](const std::string& text) {
    const std::string number = text.starts_with("cuda:") ? text.substr(5) : "";
    const bool numbered = !number.empty() && std::ranges::all_of(number, [](char c) { return c >= '0' && c <= '9'; });
    return text == "cpu" || text == "cuda" || numbered ? "" : text + " is no device: use cpu, cuda or cuda:N";
  };
  return {problem, "DEVICE"};
}

}  // namespace scant
