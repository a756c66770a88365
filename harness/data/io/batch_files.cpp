// Finding CIFAR batch files.
#include "harness/data/io/batch_files.hpp"

#include <fmt/format.h>

#include "harness/core/error.hpp"
#include "harness/data/io/array_sink.hpp"

namespace scant {
namespace fs = std::filesystem;

std::vector<std::pair<std::string, fs::path>> batch_files(const ReadTask& task, const std::string& default_folder) {
  const Json& files = task.options.table("files");
  for (const auto& item : files.items()) task.options.checked_role("files", item.key());
  const fs::path folder = task.folder / task.options.text("image_folder", default_folder);
  std::vector<std::pair<std::string, fs::path>> result;
  for (const char* role : {"train", "val", "test"}) {
    const auto listed = files.find(role);
    if (listed == files.end()) continue;
    const auto names = listed->is_string() ? std::vector<std::string>{listed->get<std::string>()}
                                           : listed->get<std::vector<std::string>>();
    for (const std::string& name : names) {
      fs::path file = (folder / name).lexically_normal();
      if (fs::is_regular_file(file)) {
        result.emplace_back(role, std::move(file));
      } else if (!task.options.flag("allow_missing", false)) {
        throw InputError(
            fmt::format("batch of {} is absent; `scant fetch {}`", task.card.spec.name, task.card.spec.name),
            {file.string()});
      }
    }
  }
  if (result.empty()) task.options.fail("files", fmt::format("no batch file is in {}", folder.string()));
  return result;
}

}  // namespace scant
