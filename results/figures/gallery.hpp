// All kinds of charts that a suite's results have, by name.
#pragma once
#include <string>
#include <vector>

#include "results/figures/figures.hpp"

namespace scant {

/// What charts are made of.
struct GalleryInput {
  const Suite& suite;
  const Plan& plan;
  const std::vector<Record>& records;
  const Table& table;  // of the same suite, plan and records
};

struct GalleryOptions {
  std::vector<std::string> kinds;  // of gallery_kinds(); empty: all
  bool nemenyi = false;            // its critical difference beside the mean ranks
  int replicates = 2000;           // of bootstrap bands
};

/// "critical-difference", "profiles", "runs", ...
std::vector<std::string> gallery_kinds();

/// Charts with different names, kind after kind, and what is left out with its reason.
Figures gallery(const GalleryInput& input, const GalleryOptions& options);

}  // namespace scant
