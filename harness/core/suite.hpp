// A suite file, parsed and checked: which datasets and methods, under which protocol and budget.
#pragma once
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "harness/core/catalogue.hpp"

namespace scant {

/// What one study may spend; 0 means unlimited. Seconds are of the device that trains or, to be the same work on any
/// machine, of the reference device (see learn/reference_speed.hpp); a suite states one of the two.
struct Budget {
  double device_seconds = 0, reference_seconds = 0;
  std::int64_t epochs = 0;
  int trials = 0;
  /// Seconds of either kind.
  double granted() const { return reference_seconds > 0 ? reference_seconds : device_seconds; }
  Json to_json() const;
};

/// By what a trained method is scored: its own predictions, or what is read off its embedding.
struct Judge {
  std::string label = "own";  // unique in a suite; default: the kind
  std::string kind = "own";   // one of the catalogue's judges
  Json params = Json::object();
  /// Transfer: the images that it learns from and scores instead of the trial's, as {"dataset", "options", "split",
  /// "augment"}; null: the trial's. A suite file says the label of a [[datasets]] entry, whose first split it is.
  Json on = Json();
  bool transfers() const { return !on.is_null(); }
  Json to_json() const;
  static Judge from_json(const Json&);
  bool operator==(const Judge&) const = default;
};

/// fp32, tf32, bf16, and fp32-fast: fp32 that on CPUs takes this program's own convolutions and batch normalisation,
/// which round otherwise than LibTorch's.
const std::vector<std::string>& precisions();

/// Everything that is the same for all methods on one dataset. [protocol] in the suite sets it, a [[datasets]] entry
/// overrides it.
struct Protocol {
  std::string backbone = "rn20";
  int epochs = 100;
  Augment augment;
  std::string precision = "fp32";  // one of precisions()
  std::string compat = "fixed";    // fixed | gem
  // Tuning: random search, stopped early by ASHA (specs: gem (e), tuning 1.2).
  int trials = 20;
  int grace = 10;  // epochs before the first rung
  int reduction = 2;
  bool early_stopping = true;
  int average_last = 5;         // a decision uses the mean of the last (up to) this many validation accuracies
  int virtual_workers = 4;      // trials of a study that are alive at once; part of the protocol, see VirtualOrder
  std::string winner = "last";  // last | max_rung: which report of a trial the winner is chosen by
  int final_runs = 10;
  std::vector<Judge> judges{Judge{}};  // the first decides in tuning; each scores every final run
  bool unlabelled = false;  // methods that can also learn from the training pool's images outside the split, without
                            // their labels
  Budget budget;
  std::map<std::string, Space> space;  // by parameter name; overrides what methods declare
  Json to_json() const;
};

struct DatasetEntry {
  std::string name, label;
  std::vector<int> splits;
  Protocol protocol;
  Json options;  // handed to the dataset, e.g. {"difficulty": 0.5} for the embedded ones
};

struct MethodEntry {
  std::string name, label;  // label: the row's title, unique in a suite
  Json params;              // fixed by the suite
  std::map<std::string, Space> space;
};

/// Rows under one heading.
struct RowGroup {
  std::string title;
  std::vector<std::string> rows;  // labels
};

/// [table] of a suite.
struct TableOptions {
  std::string metric = "balanced_accuracy";  // one of table_metrics()
  std::vector<std::string> rows, columns;    // labels of what is shown, in this order; empty: everything
  std::vector<RowGroup> groups;              // in this order, rows of no group before them
  std::string judge;                         // label of the judge whose scores are shown; "" = the first
  std::string reference;                     // label of the row that others are compared with; "" = the first
  std::string spread = "population";  // of the runs: population or sample (standard deviation), standard-error (of the
                                      // mean, splits as a random effect where there are several)
  double alpha = 0.05;                // level of the table's tests
  std::string correction = "holm";    // for the number of tests: none, holm, benjamini-hochberg
  int decimals = 2;
};

/// Null for the default, own predictions alone: it leaves identities as they were before there were judges.
Json judges_json(const std::vector<Judge>& judges);
std::vector<Judge> judges_from(const Json& json);

/// What a table can be over: balanced_accuracy, accuracy, macro_f1, calibration_error, brier, log_loss.
const std::vector<std::string>& table_metrics();

struct Suite {
  std::string name, description;
  std::uint64_t seed = 0;
  std::vector<DatasetEntry> datasets;
  std::vector<MethodEntry> methods;
  TableOptions table;
  std::string digest;  // SHA-256 of the file's bytes
};

/// Labels of all judges of its data sets, each once, in their order.
std::vector<std::string> judge_labels(const Suite& suite);

/// Parses and checks a suite file. Throws InputError whose message lists every error at once, each with line, column
/// and the nearest known name.
Suite read_suite(const std::filesystem::path& file, const Catalogue& catalogue);

/// The same from text; `file` is only for messages.
Suite parse_suite(const std::string& text, const std::string& file, const Catalogue& catalogue);

}  // namespace scant
