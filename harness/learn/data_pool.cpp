// The lookups of DataPool.
#include "harness/learn/data_pool.hpp"

#include <fmt/format.h>

#include "harness/core/error.hpp"
#include "harness/learn/device.hpp"
#include "harness/learn/session.hpp"

namespace scant {
namespace {

const char* name_of(SplitRole role) {
  switch (role) {
    case SplitRole::train:
      return "train";
    case SplitRole::val:
      return "val";
    case SplitRole::trainval:
      return "trainval";
    case SplitRole::test:
      return "test";
    case SplitRole::unlabelled:
      return "unlabelled";
  }
  return "";
}

}  // namespace

std::shared_ptr<DataPool> make_data_pool(std::shared_ptr<const Dataset> dataset, torch::Device device) {
  return std::make_shared<DataPool>(std::move(dataset), device);
}

DataPool::DataPool(std::shared_ptr<const Dataset> dataset, torch::Device device)
    : dataset_(std::move(dataset)), device_(device) {}

int DataPool::classes() const {
  const int stated = dataset_->card.spec.num_classes;
  return stated > 0 ? stated : dataset_->bank.num_classes();
}

const Split& DataPool::split(int index) {
  const auto found = splits_.find(index);
  return found != splits_.end() ? found->second : splits_.emplace(index, dataset_->split(index)).first->second;
}

std::string DataPool::split_digest(int index) {
  const std::lock_guard lock(mutex_);
  return split(index).digest();
}

const Normalisation& DataPool::normalisation(int index, SplitRole role, const Augment& augment) {
  const std::string key = fmt::format("{}|{}|{}", index, name_of(role), augment.size);
  const auto found = normalisations_.find(key);
  if (found != normalisations_.end()) return found->second;
  return normalisations_.emplace(key, normalisation_of(dataset_->bank, split(index).of(role), augment)).first->second;
}

const Samples& DataPool::samples(int index, SplitRole role, SplitRole fitted_on, const Augment& augment) {
  const std::lock_guard lock(mutex_);
  const std::string key =
      fmt::format("{}|{}|{}|{}", index, name_of(role), name_of(fitted_on), canonical(augment.to_json()));
  const auto found = samples_.find(key);
  if (found != samples_.end()) return found->second;
  Samples made(shared_bank(), images_of(index, role), augment, normalisation(index, fitted_on, augment), device_);
  return shared(key, std::move(made));
}

const Samples& DataPool::shared(const std::string& key, Samples samples) {
  synchronise(device_);  // other trials' queues do not wait for the one that made them
  return samples_.emplace(key, std::move(samples)).first->second;
}

const std::vector<std::int64_t>& DataPool::images_of(int index, SplitRole role) {
  const std::vector<std::int64_t>& indices = split(index).of(role);
  if (indices.empty()) {
    throw InputError(fmt::format("split {} of {} has no {} images", index, dataset_->card.spec.name, name_of(role)));
  }
  return indices;
}

Samples DataPool::as_seen_by(const Normalisation& normalisation, int index, SplitRole role, const Augment& augment) {
  const std::lock_guard lock(mutex_);
  const auto channels = static_cast<std::size_t>(dataset_->bank.channels);
  if (normalisation.mean.size() != channels) {
    throw InputError(fmt::format("{} has images of {} channels; the encoder sees {}", dataset_->card.spec.name,
                                 channels, normalisation.mean.size()));
  }
  return {shared_bank(), images_of(index, role), augment, normalisation, device_};
}

const Samples& DataPool::with_unlabelled(int index, SplitRole role, const Augment& augment) {
  const std::lock_guard lock(mutex_);
  const std::string key = fmt::format("{}|{}+unlabelled|{}", index, name_of(role), canonical(augment.to_json()));
  const auto found = samples_.find(key);
  if (found != samples_.end()) return found->second;
  std::vector<std::int64_t> indices = split(index).of(role);
  const auto labelled = static_cast<std::int64_t>(indices.size());
  const std::vector<std::int64_t>& more = split(index).unlabelled;
  indices.insert(indices.end(), more.begin(), more.end());
  Samples made(shared_bank(), std::move(indices), labelled, augment, normalisation(index, role, augment), device_);
  return shared(key, std::move(made));
}

std::shared_ptr<const ImageBank> DataPool::shared_bank() const {
  return {dataset_, &dataset_->bank};  // the bank lives in the data set
}

}  // namespace scant
