// What a record says about the machine and the program that made it.
#include <dlfcn.h>

#include <filesystem>
#include <thread>

#include "harness/core/hash.hpp"
#include "harness/learn/device.hpp"
#include "harness/learn/session.hpp"

namespace scant {
namespace {

/// File name of the library that provides matrix products, with OpenBLAS's own description where it is that.
std::string blas() {
  std::string result = "unknown";
  Dl_info info{};
  if (void* gemm = dlsym(RTLD_DEFAULT, "sgemm_"); gemm != nullptr && dladdr(gemm, &info) != 0) {
    std::error_code ignored;  // a library that was replaced since the start keeps the name it was loaded by
    const auto real = std::filesystem::canonical(info.dli_fname, ignored);
    result = real.empty() ? info.dli_fname : real.filename().string();
  }
  using Describe = char* (*)();
  if (const auto describe = reinterpret_cast<Describe>(dlsym(RTLD_DEFAULT, "openblas_get_config"))) {
    result = result + " (" + describe() + ")";
  }
  return result;
}

/// Digest of the running program: records of one build share it.
const std::string& code_digest() {
  static const std::string digest = file_digest("/proc/self/exe");
  return digest;
}

}  // namespace

Json describe_environment(torch::Device device, int threads) {
  return {{"scant", SCANT_VERSION},
          {"code", code_digest()},
          {"libtorch", TORCH_VERSION},
          {"blas", blas()},
          {"onednn", at::hasMKLDNN()},
          {"device", device.str()},
          {"device_name", device_name(device)},
          {"cores", static_cast<int>(std::thread::hardware_concurrency())},
          {"threads", threads}};
}

}  // namespace scant
