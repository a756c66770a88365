// Loading once, and the check that a store's data has not changed under it.
#include "harness/run/data_shelf.hpp"

#include <fmt/format.h>

namespace scant {
namespace {

std::string key_of(const DatasetEntry& entry) {
  return "data/" + entry.name + "/" + canonical(entry.options);
}

}  // namespace

std::shared_ptr<DataPool> DataShelf::pool(const DatasetEntry& entry) {
  std::promise<std::shared_ptr<DataPool>> mine;
  std::shared_future<std::shared_ptr<DataPool>> shared;
  bool first = false;
  {
    const std::scoped_lock lock(mutex_);
    auto found = pools_.find(key_of(entry));
    if (found == pools_.end()) {
      first = true;
      found = pools_.emplace(key_of(entry), mine.get_future().share()).first;
    }
    shared = found->second;
  }
  if (first) {
    try {
      mine.set_value(load(entry));
    } catch (...) {
      mine.set_exception(std::current_exception());
    }
  }
  return shared.get();
}

TransferPools DataShelf::transfers(const Trial& trial) {
  TransferPools pools;
  for (const Judge& judge : trial.judges) {
    if (trial.stage != Stage::final || !judge.transfers()) continue;
    DatasetEntry entry;
    entry.name = judge.on.at("dataset");
    entry.options = judge.on.at("options");
    pools[judge.label] = pool(entry);
  }
  return pools;
}

std::shared_ptr<DataPool> DataShelf::load(const DatasetEntry& entry) {
  auto dataset = std::make_shared<const Dataset>(load_dataset(entry.name, entry.options, home_, threads_));
  const std::string key = key_of(entry);
  if (const auto before = store_.meta(key); before && *before != dataset->bank.digest) {
    throw InputError(fmt::format("the images of {} changed since this store's first run (digest {} then, {} now): "
                                 "use another --out, or bring the old data back",
                                 entry.name, before->substr(0, 12), dataset->bank.digest.substr(0, 12)),
                     {dataset->folder.string()});
  }
  store_.set_meta(key, dataset->bank.digest);
  return make_data_pool(std::move(dataset), device_);
}

void DataShelf::release(const DatasetEntry& entry, int open) {
  if (open > 0) return;
  const std::scoped_lock lock(mutex_);
  pools_.erase(key_of(entry));
}

}  // namespace scant
