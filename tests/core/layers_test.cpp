// The direction of includes is part of the design: cli -> run -> learn -> data -> core, results -> core, plug-ins ->
// learn.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <string>
#include <vector>

namespace {

namespace fs = std::filesystem;

/// What a folder may include besides itself.
const std::map<std::string, std::vector<std::string>> allowed = {
    {"harness/core", {}},
    {"harness/data", {"harness/core"}},
    {"harness/learn", {"harness/core", "harness/data"}},
    {"harness/run", {"harness/core", "harness/data", "harness/learn"}},
    {"harness/conform", {"harness/core", "harness/data", "harness/learn", "harness/run", "results", "methods/parts"}},
    {"harness/cli", {"harness/core", "harness/data", "harness/learn", "harness/run", "harness/conform", "results"}},
    {"results", {"harness/core"}},
    {"methods", {"harness/core", "harness/learn", "methods/parts"}},
    {"baselines", {"harness/core", "harness/learn"}},
    {"datasets", {"harness/core", "harness/data"}},
};

std::string layer_of(const std::string& path) {
  std::string best;
  for (const auto& [layer, below] : allowed) {
    if (path.starts_with(layer + "/") && layer.size() > best.size()) best = layer;
  }
  return best;
}

bool may_include(const std::string& layer, const std::string& included) {
  if (included.starts_with(layer + "/")) return layer != "methods" || included.starts_with("methods/parts/");
  for (const std::string& below : allowed.at(layer)) {
    if (included.starts_with(below + "/")) return true;
  }
  return false;
}

template <class Visit>
void for_each_source(Visit visit) {
  const fs::path root = SCANT_SOURCE_DIR;
  for (const char* top : {"harness", "results", "methods", "baselines", "datasets"}) {
    for (const auto& entry : fs::recursive_directory_iterator(root / top)) {
      const std::string extension = entry.path().extension();
      if (extension == ".cpp" || extension == ".hpp") visit(entry.path(), fs::relative(entry.path(), root).string());
    }
  }
}

TEST(Layers, IncludesPointOneWay) {
  const std::regex include("^\\s*#include \"([^\"]+)\"");
  int seen = 0;
  for_each_source([&](const fs::path& file, const std::string& name) {
    const std::string layer = layer_of(name);
    ASSERT_FALSE(layer.empty()) << name << " belongs to no layer";
    std::ifstream in(file);
    for (std::string line; std::getline(in, line);) {
      std::smatch match;
      if (!std::regex_search(line, match, include)) continue;
      ++seen;
      EXPECT_TRUE(may_include(layer, match[1])) << name << " includes " << match[1];
    }
  });
  EXPECT_GT(seen, 50);
}

TEST(Layers, CoreAndResultsAndDataKnowNoTorch) {
  for_each_source([&](const fs::path& file, const std::string& name) {
    if (!name.starts_with("harness/core/") && !name.starts_with("harness/data/") && !name.starts_with("results/"))
      return;
    std::ifstream in(file);
    for (std::string line; std::getline(in, line);) {
      EXPECT_EQ(line.find("#include <torch"), std::string::npos) << name;
      EXPECT_EQ(line.find("#include <ATen"), std::string::npos) << name;
    }
  });
}

/// One program may hold all files: two types of one name would share their constructors, whichever the linker sees
/// first (the one-definition rule, which no compiler checks).
TEST(Layers, ATypeHasOneHome) {
  const std::regex opens("^namespace ([\\w:]+) \\{"), type("^(?:struct|class|enum class|enum) (\\w+)(?!\\w|::)[^;]*$");
  std::map<std::string, std::string> homes;
  for_each_source([&](const fs::path& file, const std::string& name) {
    std::ifstream in(file);
    std::string space;
    bool hidden = false;  // in a namespace without a name
    for (std::string line; std::getline(in, line);) {
      std::smatch match;
      if (std::regex_search(line, match, opens)) space = match[1];
      if (line.starts_with("namespace {")) hidden = true;
      if (line.starts_with("}  // namespace") && line.size() == 15) hidden = false;
      if (hidden || !std::regex_search(line, match, type)) continue;
      const auto [home, first] = homes.emplace(space + "::" + std::string(match[1]), name);
      EXPECT_TRUE(first) << home->first << " is declared in " << home->second << " and in " << name;
    }
  });
  EXPECT_GT(homes.size(), 100u);
}

/// A file above 300 lines needs a reason; the reasons stand here.
TEST(Layers, FilesStayReadable) {
  const std::map<std::string, std::string> reasons = {};
  for_each_source([&](const fs::path& file, const std::string& name) {
    std::ifstream in(file);
    const auto lines = std::count(std::istreambuf_iterator<char>(in), {}, '\n');
    EXPECT_TRUE(lines <= 300 || reasons.contains(name)) << name << " has " << lines << " lines";
  });
}

}  // namespace
