// A record with every field set, for tests.
#pragma once
#include "harness/core/record.hpp"

namespace scant {

/// `index` tells the trials apart.
inline Record sample_record(int index) {
  Record record;
  record.trial.dataset = "cifair10";
  record.trial.dataset_options = {{"difficulty", 0.5}};
  record.trial.split = 1;
  record.trial.method = "xent";
  record.trial.params = {{"lr", 4.55e-3}, {"batch_size", 10}};
  record.trial.backbone = "rn20";
  record.trial.precision = "fp32";
  record.trial.compat = "fixed";
  record.trial.epochs = 20;
  record.trial.augment = {Augment::Kind::shift, 4, 0, 1.0, true, false};
  record.trial.seed_base = 3;
  record.trial.index = index;
  record.study = "study-" + std::to_string(index % 2);
  record.status = Status::stopped;
  record.reason = "below the rung's median";
  record.epochs_done = 10;
  record.validation = {{5, 0.25}, {10, 1.0 / 3}};
  record.train_loss = {2.3, 2.1};
  record.train_accuracy = {0.1, 0.2};
  record.test = TestScore{0.5, 0.45, {0, 1, 1}, {0, 1, 2}, Calibration{0.125, 0.5, 1.25}};
  record.trial.judges = {{"linear", "linear", {{"epochs", 50}}}, {"5-NN", "knn", {{"k", 5}}}};
  record.trial.unlabelled = true;
  record.test_by = {{"5-NN", TestScore{0.25, 0.2, {1, 1, 1}, {0, 1, 2}, {}}}};
  record.diagnostics = {{"relative_std", {0.5, 0.01}}};
  record.collapsed = true;
  record.data_digest = "d";
  record.split_digest = "s";
  record.parameters_digest = "p";
  record.cost = {.train_seconds = 1.5,
                 .data_seconds = 0.5,
                 .evaluation_seconds = 0.25,
                 .test_seconds = 0.125,
                 .wall_seconds = 2.5,
                 .images = 300,
                 .peak_bytes = 1 << 20,
                 .reference_speed = 1.75};
  record.environment = {{"threads", 1}};
  return record;
}

}  // namespace scant
