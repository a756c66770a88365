// `scant doctor`: what this program and machine can do, and what is wrong with them.
#include <fmt/format.h>
#include <torch/cuda.h>
#include <unistd.h>

#include "harness/cli/command.hpp"
#include "harness/cli/known_device.hpp"
#include "harness/data/dataset.hpp"
#include "harness/learn/device.hpp"
#include "harness/learn/reference_speed.hpp"
#include "harness/learn/session.hpp"

namespace scant {
namespace {

struct Finding {
  std::string what, detail;
  bool ok = true;
};

/// Seconds of one 512 x 512 float product, the best of five: the reference BLAS needs some 20 times as long as
/// OpenBLAS.
double product_seconds() {
  const auto a = torch::ones({512, 512});
  double best = 1e9;
  for (int i = 0; i < 5; ++i) {
    const auto start = std::chrono::steady_clock::now();
    const auto product = at::mm(a, a);
    best = std::min(best, std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
  }
  return best;
}

Finding folder_finding(const std::string& what, const std::filesystem::path& folder) {
  std::error_code error;
  if (!std::filesystem::exists(folder, error)) return {what, folder.string() + " (does not exist yet)"};
  const bool writable = ::access(folder.c_str(), W_OK) == 0;
  return {what, folder.string() + (writable ? "" : " (not writable)"), true};
}

/// With as many trainings side by side as a run has by itself.
Finding speed_finding(const std::string& device_name) {
  const torch::Device device(device_name);
  const int jobs = usual_jobs(device);
  const double speed = reference_speed(device, jobs, 1);
  return {"reference speed", fmt::format("{:.2f} reference devices ({:.0f} images/s of rn20, {} side by side)", speed,
                                         speed * reference_images_per_second, jobs)};
}

int doctor(const Globals& globals, const std::string& speed_of) {
  std::vector<Finding> findings;
  const Json environment = describe_environment(torch::kCPU, at::get_num_threads());
  for (const auto& [key, value] : environment.items()) {
    findings.push_back({key, value.is_string() ? value.get<std::string>() : value.dump()});
  }
  const double gflops = 2.0 * 512 * 512 * 512 / product_seconds() / 1e9;
  // Below this a machine of this century is running Debian's reference BLAS.
  const bool fast = gflops > 8;
  findings.push_back(
      {"matrix product",
       fmt::format("{:.0f} GFLOP/s{}", gflops,
                   fast ? "" : ": slow; install libopenblas0 (Debian's default BLAS is the reference one)"),
       fast});
  findings.push_back(
      {"cuda", torch::cuda::is_available() ? fmt::format("{} device(s)", torch::cuda::device_count()) : "none"});
  findings.push_back({"readers", SCANT_WITH_IO ? "OpenCV, GDAL, libarchive, libcurl"
                                               : "none (SCANT_WITH_IO=OFF): prepared banks only"});
  if (!speed_of.empty()) findings.push_back(speed_finding(speed_of));
  const DataHome home = default_home(globals.data);
  findings.push_back(folder_finding("data folder", home.data));
  findings.push_back(folder_finding("bank cache", home.cache));
  bool ok = true;
  Json out = Json::array();
  for (const Finding& finding : findings) {
    ok = ok && finding.ok;
    if (globals.json) {
      out.push_back({{"what", finding.what}, {"detail", finding.detail}, {"ok", finding.ok}});
    } else {
      fmt::print("{} {:<18} {}\n", finding.ok ? "ok  " : "FIX ", finding.what, finding.detail);
    }
  }
  if (globals.json) fmt::print("{}\n", out.dump(2));
  return ok ? exit_done : exit_failed;
}

}  // namespace

void add_doctor(CLI::App& app, const Globals& globals, Action& action) {
  auto* command = app.add_subcommand("doctor", "What this program and machine can do");
  auto speed_of = std::make_shared<std::string>();
  command
      ->add_option("--speed", *speed_of,
                   "Measure a device (cpu, cuda, cuda:N) with the workload that reference seconds are defined by; "
                   "takes six seconds")
      ->check(known_device());
  command->callback(
      [speed_of, &globals, &action] { action = [speed_of, &globals] { return doctor(globals, *speed_of); }; });
}

}  // namespace scant
