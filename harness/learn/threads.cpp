// Who may use how many cores: torch's threads belong to the calling thread, OpenBLAS's to the process.
#include <ATen/Parallel.h>
#include <dlfcn.h>

#include <mutex>

#include "harness/learn/session.hpp"

namespace scant {

void set_compute_threads(int threads) {
  static std::once_flag once;
  // First, because OpenBLAS's OpenMP variant sets OpenMP's number for the calling thread, which torch then sets again.
  std::call_once(once, [] {
    using SetThreads = void (*)(int);
    if (const auto set = reinterpret_cast<SetThreads>(dlsym(RTLD_DEFAULT, "openblas_set_num_threads"))) set(1);
  });
  at::set_num_threads(threads);
}

}  // namespace scant
