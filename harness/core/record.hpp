// What is kept of a trial: outcome, cost, environment.
#pragma once
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "harness/core/trial.hpp"

namespace scant {

enum class Status { ok, skipped, failed, stopped };  // stopped: by the tuner, a normal end
std::string to_string(Status status);
Status status_from(const std::string& text);

/// Seconds are of the device that trained; one CPU process counts as one device, split evenly between the trials that
/// share it.
struct Cost {
  double train_seconds = 0;       // device time of training steps, augmentation included: charged
  double data_seconds = 0;        // of them, the host's time for drawing and augmenting batches
  double evaluation_seconds = 0;  // validation passes: charged in tuning
  double test_seconds = 0;        // test passes: reported, never charged
  double wall_seconds = 0;
  std::int64_t images = 0;      // training images seen
  std::int64_t peak_bytes = 0;  // peak resident memory of the process (CPU) or the allocator (GPU) when the trial ended
  double reference_speed = 0;   // of the device that was charged, in reference devices; 0: not measured
  double charged() const { return train_seconds + evaluation_seconds; }
  /// In the seconds that the budget is stated in.
  double charged_to(const Budget& budget) const {
    return charged() * (budget.reference_seconds > 0 ? reference_speed : 1.0);
  }
  Cost& operator+=(const Cost& other);
  /// What was added to `earlier`; the peak stays.
  Cost since(const Cost& earlier) const;
  Json to_json() const;
  static Cost from_json(const Json&);
};

/// A validation accuracy in [0,1] after `epoch` epochs (1-based).
struct Evaluation {
  int epoch = 0;
  double accuracy = 0;
};

/// How far a method's probabilities are right on the test samples, see core/calibration.hpp.
struct Calibration {
  double expected_error = 0;  // in [0,1], 15 bins of equal width
  double brier = 0;           // in [0,2]
  double log_loss = 0;        // mean negative log-likelihood in nats
};

/// The one opening of test data of a final run.
struct TestScore {
  double accuracy = 0, balanced_accuracy = 0;  // in [0,1]
  std::vector<int> predicted, truth;           // per test sample, in the split's order: for paired tests
  std::optional<Calibration> calibration;      // nothing where the method's scores are no probabilities
};

/// What a representation looks like after each epoch, by the names of learn/probe's diagnostics.
using EmbeddingCurves = std::map<std::string, std::vector<double>>;

/// Whether the last epoch's embedding points in one direction for all images: "relative_std", the standard deviation of
/// its unit vectors over what vectors spread over the sphere have, is below 2 %, or no number.
bool collapsed(const EmbeddingCurves& diagnostics);
/// The same of one standard deviation, in units of that of vectors spread over the sphere.
bool collapsed(double relative_std);

struct Record {
  Trial trial;
  std::string study;  // Study::id()
  Status status = Status::ok;
  std::string reason;  // why skipped, failed or stopped
  int epochs_done = 0;
  std::vector<Evaluation> validation;              // only where a decision needed one
  std::vector<double> train_loss, train_accuracy;  // per epoch, running averages in training mode
  std::optional<TestScore> test;                   // by the trial's first judge
  std::map<std::string, TestScore> test_by;        // by its other judges' labels, from the same opening
  EmbeddingCurves diagnostics;                     // per epoch; empty for methods without
  bool collapsed = false;                          // the embedding is the same for all images
  int test_openings = 0;
  std::string data_digest, split_digest;  // SHA-256 of the bank's pixels and labels, and of the split's indices
  std::string parameters_digest;          // SHA-256 of the trained tensors: what "bit for bit" is checked by
  Cost cost;
  Json environment;  // hardware, versions, threads, code digest

  Json to_json() const;
  static Record from_json(const Json&);
  /// The part that an interrupted and an uninterrupted run must share: everything but cost and environment.
  Json outcome() const;
};

}  // namespace scant
