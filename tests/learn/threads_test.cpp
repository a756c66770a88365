// Thread limits hold where the work is done, and the environment names what it should.
#include <dlfcn.h>
#include <gtest/gtest.h>

#include <thread>

#include "harness/learn/session.hpp"

namespace scant {
namespace {

TEST(Threads, LimitBelongsToTheCallingThread) {
  int inner = 0, other = 0;
  std::thread first([&] {
    set_compute_threads(1);
    inner = at::get_num_threads();
  });
  first.join();
  std::thread second([&] {
    set_compute_threads(2);
    other = at::get_num_threads();
  });
  second.join();
  EXPECT_EQ(inner, 1);
  EXPECT_EQ(other, 2);
}

TEST(Threads, OpenBlasUsesOneThread) {
  set_compute_threads(2);
  using Count = int (*)();
  const auto count = reinterpret_cast<Count>(dlsym(RTLD_DEFAULT, "openblas_get_num_threads"));
  if (count == nullptr) GTEST_SKIP() << "the BLAS is not OpenBLAS";
  EXPECT_EQ(count(), 1);
  EXPECT_EQ(at::get_num_threads(), 2);
}

TEST(Threads, BackwardRunsInTheCallingThread) {
  // Otherwise a thread limit set by a trial's worker would not hold for two thirds of its work.
  std::thread::id backward_thread;
  std::thread worker([&] {
    set_compute_threads(1);
    const torch::Tensor x = torch::ones({4}, torch::requires_grad());
    x.register_hook([&](const torch::Tensor&) { backward_thread = std::this_thread::get_id(); });
    (x * 2).sum().backward();
    EXPECT_EQ(backward_thread, std::this_thread::get_id());
  });
  worker.join();
}

TEST(Environment, NamesHardwareAndVersions) {
  const Json environment = describe_environment(torch::kCPU, 2);
  EXPECT_EQ(environment.at("libtorch"), TORCH_VERSION);
  EXPECT_EQ(environment.at("threads"), 2);
  EXPECT_EQ(environment.at("device"), "cpu");
  EXPECT_GE(environment.at("cores").get<int>(), 1);
  EXPECT_FALSE(environment.at("device_name").get<std::string>().empty());
  EXPECT_EQ(environment.at("code").get<std::string>().size(), 64u);
  EXPECT_NE(environment.at("blas"), "unknown");
}

}  // namespace
}  // namespace scant
