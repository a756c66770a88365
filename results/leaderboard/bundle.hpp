// A submission to a leaderboard as one file: a suite's text, its plan and every record, each with its digest, and who
// vouches for them.
#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "harness/core/plan.hpp"
#include "harness/core/record.hpp"

namespace scant {

/// What the submitter asserts; a part of every bundle and of its digest.
const std::string& submitters_statement();

/// A suite file as it was read; of its path the last part is kept.
struct SuiteText {
  std::string file, text;
};

/// One study of the plan by its digests.
struct PlannedStudy {
  std::string name, id;  // Study::name() and Study::id()
  std::string trials;    // SHA-256 over the ids of its tuning trials, in creation order
  int final_runs = 0;
  bool operator==(const PlannedStudy&) const = default;
};
std::vector<PlannedStudy> planned_studies(const Plan& plan);

/// What the plan names and `records` lack, one line each in the plan's order: tuning trials without a record, final
/// runs without a score and why.
std::vector<std::string> holes_of(const Plan& plan, const std::vector<Record>& records);

struct Bundle {
  std::string by, statement;
  SuiteText suite;
  std::string suite_digest;
  std::vector<PlannedStudy> plan;
  std::vector<std::string> holes;
  std::string version;                      // of the program that wrote it
  Json environment;                         // what the records agree on
  int other_records = 0;                    // of the store, of studies that are not in the plan
  std::vector<std::string> record_digests;  // as the head states them, one per record
  std::vector<Record> records;              // those that could be read, by trial id, then study
  std::string digest;                       // SHA-256 of all lines but the last, computed
  std::vector<std::string> damage;          // where the file contradicts its own digests or cannot be read
};

/// The file's text, JSON lines: a head, the records as `scant records` prints them, and the SHA-256 of all that. Of
/// `records` those of the plan's studies are taken; their order does not matter, so that the same store gives the same
/// bytes.
std::string bundle_text(const SuiteText& suite, const Plan& plan, const std::vector<Record>& records,
                        const std::string& by);

/// Reads what can be read; what cannot, or has another digest than the file states, is in `damage`. Throws InputError
/// if the head is none of a bundle, or of a later format.
Bundle parse_bundle(const std::string& text, const std::string& file);
Bundle read_bundle(const std::filesystem::path& file);

}  // namespace scant
