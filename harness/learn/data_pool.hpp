// What all trials on one dataset share: the bank, the splits, and every view with its statistics, computed once.
#pragma once
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "harness/data/dataset.hpp"
#include "harness/learn/batches.hpp"

namespace scant {

/// Thread-safe. What it hands out stays valid as long as the pool.
class DataPool {
 public:
  DataPool(std::shared_ptr<const Dataset> dataset, torch::Device device);

  /// The view of `role`, normalised by the statistics of `fitted_on` (train or trainval) of the same split. The first
  /// call for a combination computes it, others wait. Throws InputError for an empty role.
  const Samples& samples(int split, SplitRole role, SplitRole fitted_on, const Augment& augment);
  /// The view of `role` (train or trainval) followed by the split's unlabelled images with their labels hidden, where
  /// they have any; normalised by `role` alone. In no case images of val or test.
  const Samples& with_unlabelled(int split, SplitRole role, const Augment& augment);
  /// The view of `role` for a network that was trained elsewhere, on images with that normalisation.
  Samples as_seen_by(const Normalisation& normalisation, int split, SplitRole role, const Augment& augment);
  /// Class count: the card's, or that of the labels where no card states one.
  int classes() const;
  const std::string& data_digest() const { return dataset_->bank.digest; }
  std::string split_digest(int split);

 private:
  std::shared_ptr<const ImageBank> shared_bank() const;
  /// Keeps them for every trial.
  const Samples& shared(const std::string& key, Samples samples);                         // under the lock
  const Split& split(int index);                                                          // under the lock
  const std::vector<std::int64_t>& images_of(int split, SplitRole role);                  // under the lock
  const Normalisation& normalisation(int split, SplitRole role, const Augment& augment);  // under the lock

  std::shared_ptr<const Dataset> dataset_;
  torch::Device device_;
  std::mutex mutex_;
  std::map<int, Split> splits_;
  std::map<std::string, Normalisation> normalisations_;  // by split, role and the size that statistics depend on
  std::map<std::string, Samples> samples_;               // by split, roles and augmentation
};

}  // namespace scant
