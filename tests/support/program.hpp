// The program as a user calls it: words in, exit code and text out.
#pragma once
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tests/support/process.hpp"

namespace scant::test {

inline const std::string program = SCANT_BINARY_DIR "/scant";

/// A test with a folder of its own, in which the program runs.
class ProgramTest : public ::testing::Test {
 protected:
  /// Its exit code; what it printed is in out_ and err_.
  int scant(std::vector<std::string> words) {
    words.insert(words.begin(), program);
    Process process(words, folder_.path());
    const int code = process.wait();
    out_ = process.out();
    err_ = process.err();
    return code;
  }
  std::string file(const std::string& name) const { return (folder_.path() / name).string(); }
  /// `scant run` or `regress` of these words, with data and cache in the folder, on one thread a trial.
  int train(std::vector<std::string> words, const std::string& store, const std::vector<std::string>& more = {}) {
    for (const std::string& word : {std::string("--out"), file(store), std::string("--data"), folder_.path().string(),
                                    std::string("--cache"), file("cache"), std::string("--threads"), std::string("1")})
      words.push_back(word);
    words.insert(words.end(), more.begin(), more.end());
    return scant(words);
  }
  /// A store's records as JSON, `more` e.g. --outcome.
  std::vector<nlohmann::json> records(const std::string& suite, const std::string& store,
                                      const std::vector<std::string>& more = {}) {
    std::vector<std::string> words{"records", suite, "--out", file(store)};
    words.insert(words.end(), more.begin(), more.end());
    EXPECT_EQ(scant(words), 0) << err_;
    std::vector<nlohmann::json> all;
    std::istringstream lines(out_);
    for (std::string line; std::getline(lines, line);) all.push_back(nlohmann::json::parse(line));
    return all;
  }

  TemporaryFolder folder_;
  std::string out_, err_;
};

}  // namespace scant::test
