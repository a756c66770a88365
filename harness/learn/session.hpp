// One training from start to any epoch: it owns the method, evaluates on validation data where asked, saves and
// restores itself. It can be parked and continued by another thread.
#pragma once
#include <filesystem>
#include <functional>
#include <map>
#include <memory>

#include "harness/core/record.hpp"
#include "harness/data/dataset.hpp"
#include "harness/learn/method.hpp"

namespace scant {

/// Bank, splits and prepared views of one dataset on one device, shared by all trials. Thread-safe.
class DataPool;
std::shared_ptr<DataPool> make_data_pool(std::shared_ptr<const Dataset> dataset, torch::Device device);

/// By judges' labels, in the trial's order.
using TestScores = std::vector<std::pair<std::string, TestScore>>;

/// Pools of the data sets that a trial's judges transfer to, by their labels.
using TransferPools = std::map<std::string, std::shared_ptr<DataPool>>;

/// What a trial is charged for.
struct Tariff {
  double share = 1;            // of the device, in (0,1]: 1/J where J trials run side by side
  double reference_speed = 0;  // of the whole device; 0: not measured
};

class Session {
 public:
  /// Builds the method; training data is `train` (tune) or `trainval` (final). Throws InputError for a bad parameter or
  /// combination. `transfers`: for final trials whose judges look on other data sets; InputError where those have other
  /// channels.
  Session(const Trial& trial, std::shared_ptr<DataPool> pool, torch::Device device, const Tariff& tariff = {},
          const TransferPools& transfers = {});
  ~Session();

  /// Trains up to `epoch` epochs. Returns false if `interrupted` said so; then state is that of the last whole epoch
  /// only after restore(). Throws TrialFailure on a loss that is not finite or on memory exhaustion.
  bool train_until(int epoch, const std::function<bool()>& interrupted);
  int epochs_done() const;

  /// Validation accuracy in [0,1] of the model as it stands, by the trial's first judge.
  double validate();
  /// Opens test and scores by every judge; final trials only, once. Throws std::logic_error otherwise. A method whose
  /// embedding cannot be had gets no score from judges that transfer it.
  TestScores test();

  /// Checkpoint at a whole epoch: every tensor of the method plus progress and cost, as safetensors.
  void save(const std::filesystem::path& file) const;
  /// False if there is no file, or it does not fit this trial (a message says so); then the session is as new.
  bool restore(const std::filesystem::path& file);

  /// The method as it stands.
  Method& method();
  const Progress& progress() const;
  const Cost& cost() const;
  /// SHA-256 over the method's tensors.
  std::string parameters_digest() const;
  std::string data_digest() const;
  std::string split_digest() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// Threads inside one torch operation of the calling thread, and one OpenBLAS thread for the whole process: OpenBLAS's
/// own threads are shared by all callers, and two trainings that meet in them run at a small part of their speed.
/// Backward on the CPU runs in the thread that calls it, so the limit holds there too. Called once by every thread that
/// trains.
void set_compute_threads(int threads);

/// Hardware, LibTorch and BLAS versions, threads, precision: what a record's environment says.
Json describe_environment(torch::Device device, int threads);

}  // namespace scant
