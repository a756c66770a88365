// A suite's memory: records, and the validation reports that a tuner decides from. SQLite in WAL mode; kill -9 at any
// moment loses nothing that was written.
#pragma once
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "harness/core/record.hpp"

namespace scant {

/// Safe to use from several threads of one process; a second process that opens the same folder for writing gets an
/// InputError that names the first.
class Store {
 public:
  enum class Mode { read, write };
  /// Opens or creates <folder>/store.sqlite. Throws InputError if it is locked, from a newer schema, or absent (read
  /// mode).
  explicit Store(const std::filesystem::path& folder, Mode mode = Mode::write);
  ~Store();

  std::optional<Record> find(const std::string& trial_id) const;
  /// Every record, ordered by trial id; one that several studies claim comes once for each, with that study's id.
  /// `study` = "" means all studies.
  std::vector<Record> records(const std::string& study = "") const;
  /// Writes the record and, if it carries a test score, counts the opening, in one transaction. Returns the openings so
  /// far.
  int put(const Record& record);
  /// Called after every put with its record, in the thread that put it and under the store's lock, so it must not use
  /// the store. Set before other threads do.
  void on_put(std::function<void(const Record&)> told);
  /// Says that a trial, trained for another study, is one of this study's as well: its record is the study's too.
  void claim(const std::string& trial_id, const std::string& study);

  /// Validation reports of a trial, ordered by epoch. Reporting the same epoch twice keeps the first value (it is the
  /// same, by determinism).
  void report(const std::string& trial_id, const Evaluation& evaluation);
  std::vector<Evaluation> reports(const std::string& trial_id) const;

  /// Spending of a trial so far, for the ledger of a study that goes on after a crash. Replaces the earlier value.
  void spend(const std::string& trial_id, const std::string& study, const Cost& cost);
  std::optional<Cost> spent(const std::string& trial_id) const;

  void set_meta(const std::string& key, const std::string& value);
  std::optional<std::string> meta(const std::string& key) const;

  /// Where a trial's checkpoint lives (safetensors); the file may not exist.
  std::filesystem::path checkpoint(const std::string& trial_id) const;
  const std::filesystem::path& folder() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace scant
