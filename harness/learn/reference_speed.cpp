// The reference workload, side by side as trials are.
#include "harness/learn/reference_speed.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <thread>
#include <vector>

#include "harness/learn/backbone.hpp"
#include "harness/learn/device.hpp"
#include "harness/learn/optimiser.hpp"
#include "harness/learn/session.hpp"

namespace scant {
namespace {

/// A training of random images that never ends by itself.
class ReferenceTraining {
 public:
  static constexpr std::int64_t batch = 25;

  explicit ReferenceTraining(torch::Device device) {
    Random random(1);
    const BackboneSpec spec{.name = "rn20"};
    network_ = make_backbone(spec, random);
    for (torch::Tensor& p : network_->parameters()) {
      if (p.dim() == 4) p.set_data(p.contiguous(torch::MemoryFormat::ChannelsLast));
    }
    network_->to(device);
    images_ = torch::empty({batch, spec.channels, 32, 32});
    fill_normal(images_, 1, random);
    images_ = images_.contiguous(torch::MemoryFormat::ChannelsLast).to(device);
    labels_ = torch::arange(batch).remainder(spec.classes).to(device);
    std::vector<NamedParameter> parameters;
    for (const auto& entry : network_->named_parameters()) parameters.push_back({entry.key(), entry.value()});
    optimiser_ = make_optimiser(parameters, {.kind = "sgd", .weight_decay = 1e-3, .momentum = 0.9});
  }

  void step() {
    optimiser_->zero_grad();
    torch::nn::functional::cross_entropy(network_->forward(images_), labels_).backward();
    optimiser_->step(0.01);
  }

 private:
  std::shared_ptr<Backbone> network_;
  torch::Tensor images_, labels_;
  std::unique_ptr<Optimiser> optimiser_;
};

}  // namespace

double reference_speed(torch::Device device, int jobs, int threads, const SpeedMeasurement& measurement) {
  using Clock = std::chrono::steady_clock;
  std::atomic<std::int64_t> images = 0;
  std::atomic<bool> over = false;
  std::vector<double> rates;
  {
    std::vector<std::jthread> trainings;
    for (int job = 0; job < jobs; ++job) {
      trainings.emplace_back([&] {
        set_compute_threads(threads);
        const WorkQueue queue(device);
        const WorkQueue::Use use(queue);
        ReferenceTraining training(device);
        while (!over) {
          training.step();
          synchronise(device);
          images += ReferenceTraining::batch;
        }
      });
    }
    const std::chrono::duration<double> slice(measurement.slice_seconds);
    std::this_thread::sleep_for(slice);
    for (int i = 0; i < measurement.slices; ++i) {
      const std::int64_t before = images;
      const Clock::time_point start = Clock::now();
      std::this_thread::sleep_for(slice);
      const double seconds = std::chrono::duration<double>(Clock::now() - start).count();
      rates.push_back(static_cast<double>(images - before) / seconds);
    }
    over = true;
  }
  const auto middle = rates.begin() + static_cast<std::ptrdiff_t>(rates.size() / 2);
  std::nth_element(rates.begin(), middle, rates.end());
  return *middle / reference_images_per_second;
}

}  // namespace scant
