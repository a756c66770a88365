// Data sets in use, each loaded once, by whichever worker asks first, and dropped when its last study is done.
#pragma once
#include <future>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "harness/core/store.hpp"
#include "harness/core/suite.hpp"
#include "harness/data/dataset.hpp"
#include "harness/learn/session.hpp"

namespace scant {

/// Thread-safe.
class DataShelf {
 public:
  DataShelf(Store& store, DataHome home, torch::Device device, int threads)
      : store_(store), home_(std::move(home)), device_(device), threads_(threads) {}

  /// Loads or waits for another worker's load. Throws InputError if the data cannot be loaded, or is not what this
  /// store's records came from.
  std::shared_ptr<DataPool> pool(const DatasetEntry& entry);

  /// What a final run's judges look on beside its own images.
  TransferPools transfers(const Trial& trial);

  /// Called when a study ends, with the number of studies of that data set that are still open.
  void release(const DatasetEntry& entry, int open);

 private:
  std::shared_ptr<DataPool> load(const DatasetEntry& entry);

  Store& store_;
  DataHome home_;
  torch::Device device_;
  int threads_;
  std::mutex mutex_;
  std::map<std::string, std::shared_future<std::shared_ptr<DataPool>>> pools_;  // by name and options
};

}  // namespace scant
