// `scant bank NAME...`: decodes data sets and writes them as self-contained banks, splits included.
#include <fmt/format.h>

#include <filesystem>
#include <string>
#include <thread>
#include <vector>

#include "harness/cli/command.hpp"
#include "harness/core/error.hpp"
#include "harness/data/dataset.hpp"

namespace scant {
namespace {

struct BankOptions {
  std::vector<std::string> names;
  std::filesystem::path out;  // empty: <data>/banks, where load_dataset looks
  int threads = 0;            // 0: one for each core
};

std::string shape_text(const ImageBank& bank) {
  if (bank.shapes.empty()) return "no images";
  if (!bank.fixed()) return fmt::format("{} x various", bank.channels);
  return fmt::format("{} x {} x {}", bank.channels, bank.shapes[0].height, bank.shapes[0].width);
}

Json prepare(const std::string& name, const BankOptions& options, const Globals& globals) {
  const DataHome home = default_home(globals.data);
  const std::filesystem::path folder = options.out.empty() ? home.data / "banks" : options.out;
  const int threads = options.threads > 0 ? options.threads : static_cast<int>(std::thread::hardware_concurrency());
  const Dataset dataset = load_dataset(name, Json::object(), home, threads);
  std::filesystem::create_directories(folder);
  const std::filesystem::path file = folder / (name + ".safetensors");
  save_prepared(dataset, Json::object(), file);

  const ImageBank& bank = dataset.bank;
  Json line{{"dataset", name},           {"file", file.string()},         {"images", bank.size()},
            {"shape", shape_text(bank)}, {"classes", bank.num_classes()}, {"bytes", std::filesystem::file_size(file)},
            {"digest", bank.digest}};
  // Absent where the bank came from the cache: nothing was decoded then.
  if (dataset.decode_seconds > 0) {
    line["decode_images_per_second"] = static_cast<double>(bank.size()) / dataset.decode_seconds;
  }
  return line;
}

void print(const Json& line) {
  const std::string rate =
      line.contains("decode_images_per_second")
          ? fmt::format("decoded at {:.0f} images/s", line.at("decode_images_per_second").get<double>())
          : "from the cache";
  fmt::print("{}: {} images, {}, {:.1f} MB, {}: {}\n", line.at("dataset").get<std::string>(),
             line.at("images").get<std::int64_t>(), line.at("shape").get<std::string>(),
             line.at("bytes").get<double>() / 1e6, rate, line.at("file").get<std::string>());
}

int bank(const BankOptions& options, const Globals& globals) {
  Json lines = Json::array();
  bool failed = false;
  for (const std::string& name : options.names) {
    try {
      lines.push_back(prepare(name, options, globals));
      if (!globals.json) print(lines.back());
    } catch (const InputError& error) {
      fmt::print(stderr, "{}\n", error.what());
      failed = true;
    } catch (const std::filesystem::filesystem_error& error) {
      fmt::print(stderr, "{}\n", error.what());
      failed = true;
    }
  }
  if (globals.json) fmt::print("{}\n", lines.dump(2));
  return failed ? exit_failed : exit_done;
}

}  // namespace

void add_bank(CLI::App& app, const Globals& globals, Action& action) {
  auto options = std::make_shared<BankOptions>();
  auto* command = app.add_subcommand("bank", "Decode data sets into self-contained banks");
  command->add_option("name", options->names, "Data sets")->required();
  command->add_option("--out", options->out, "Folder for the banks (default: banks below the data folder)");
  command->add_option("--threads", options->threads, "Decoding threads (default: all cores)");
  command->callback([options, &globals, &action] { action = [options, &globals] { return bank(*options, globals); }; });
}

}  // namespace scant
