// Benchmarks against a committed baseline: bench_ratios BASELINE RESULT... [--update]
// BASELINE: {"machine": what it was measured on, "benchmarks": {program: {benchmark: nanoseconds}}}; a result is what a
// Google Benchmark program writes with --benchmark_out, named after the program. --update puts the results into the
// baseline instead of comparing.
#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace {

using Json = nlohmann::ordered_json;

Json read(const std::string& file) {
  std::ifstream in(file);
  if (!in) throw std::runtime_error("cannot be read: " + file);
  return Json::parse(in);
}

double nanoseconds(const Json& benchmark) {
  const std::string unit = benchmark.at("time_unit");
  const double factor = unit == "ns" ? 1 : unit == "us" ? 1e3 : unit == "ms" ? 1e6 : 1e9;
  return factor * benchmark.at("real_time").get<double>();
}

std::string machine_of(const Json& result) {
  const Json& context = result.at("context");
  return fmt::format("{} cores of {} MHz", context.at("num_cpus").get<int>(), context.at("mhz_per_cpu").get<int>());
}

std::string readable(double ns) {
  if (ns < 1e3) return fmt::format("{:.0f} ns", ns);
  if (ns < 1e6) return fmt::format("{:.1f} us", ns / 1e3);
  return ns < 1e9 ? fmt::format("{:.2f} ms", ns / 1e6) : fmt::format("{:.2f} s", ns / 1e9);
}

/// One program's results. `known`: its part of the baseline.
void compare(const std::string& program, const Json& result, const Json& known) {
  for (const Json& benchmark : result.at("benchmarks")) {
    const std::string name = benchmark.at("name");
    if (!known.contains(name)) continue;
    const double before = known.at(name), now = nanoseconds(benchmark);
    fmt::print("{:<16} {:<44} {:>10} {:>10}   {:.2f}\n", program, name, readable(before), readable(now), before / now);
  }
}

void update(Json& known, const Json& result) {
  for (const Json& benchmark : result.at("benchmarks")) {
    known[benchmark.at("name").get<std::string>()] = nanoseconds(benchmark);
  }
}

int ratios(std::vector<std::string> words) {
  const bool updates = std::erase(words, "--update") > 0;
  if (words.size() < 2) throw std::runtime_error("usage: bench_ratios BASELINE RESULT... [--update]");
  Json baseline = read(words.front());
  std::string machine;
  for (std::size_t i = 1; i < words.size(); ++i) {
    const std::string program = std::filesystem::path(words[i]).stem();
    const Json result = read(words[i]);
    if (machine.empty()) {
      machine = machine_of(result);
      if (!updates) {
        fmt::print("baseline: {}; now: {}. Ratio: how many times as fast as the baseline.\n",
                   baseline.at("machine").get<std::string>(), machine);
        fmt::print("{:<16} {:<44} {:>10} {:>10}   {}\n", "program", "benchmark", "baseline", "now", "ratio");
      }
    }
    Json& known = baseline["benchmarks"][program];
    if (updates) {
      update(known, result);
    } else {
      compare(program, result, known);
    }
  }
  if (!updates) return 0;
  baseline["machine"] = machine;
  std::ofstream(words.front()) << baseline.dump(2) << "\n";
  return 0;
}

}  // namespace

int main(int count, char** words) {
  try {
    return ratios({words + 1, words + count});
  } catch (const std::exception& error) {
    fmt::print(stderr, "bench_ratios: {}\n", error.what());
    return 1;
  }
}
