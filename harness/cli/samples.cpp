// Picks test images by how many methods get them right.
#include "harness/cli/samples.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <numeric>

#include "harness/core/base64.hpp"
#include "harness/core/error.hpp"
#include "harness/core/random.hpp"
#include "harness/data/thumbnail.hpp"
#include "results/select.hpp"

namespace scant {
namespace {

#if SCANT_WITH_IO
constexpr bool draws = true;
/// As a data URL.
std::string picture_of(const ImageBank& bank, std::int64_t index) {
  constexpr int longest_side = 64;
  return "data:image/png;base64," + base64(thumbnail_png(bank, index, longest_side));
}
#else
constexpr bool draws = false;
std::string picture_of(const ImageBank&, std::int64_t) {
  return "";
}
#endif

/// Each row's first scored final run on one data set and split; nothing where there is none.
using Answers = std::vector<const TestScore*>;

std::map<int, Answers> answers_by_split(const std::string& label, const Plan& plan, const std::vector<Record>& records,
                                        const Table& table) {
  std::map<std::string, std::vector<const Record*>> by_study;
  for (const Record& record : records) by_study[record.study].push_back(&record);
  std::map<int, Answers> answers;
  for (const Study& study : plan.studies) {
    if (study.dataset.label != label) continue;
    const auto found = by_study.find(study.id());
    if (found == by_study.end()) continue;
    const Selection selection = select(study, found->second);
    Answers& row_answers = answers[study.split];
    row_answers.resize(table.rows.size());
    for (std::size_t r = 0; r < table.rows.size(); ++r) {
      if (table.rows[r].label != study.method.label) continue;
      for (const auto& run : selection.finals) {
        if (run.hole.empty() && !run.record->test->truth.empty() && !row_answers[r]) {
          row_answers[r] = &*run.record->test;
        }
      }
    }
  }
  return answers;
}

std::size_t answered(const Answers& answers) {
  return static_cast<std::size_t>(std::count_if(answers.begin(), answers.end(), [](const auto* a) { return a; }));
}

/// Positions in the test list, hardest first, evenly spread over difficulty; among equals the order is drawn.
std::vector<std::size_t> spread_by_difficulty(const Answers& answers, std::size_t items, std::size_t count) {
  std::vector<int> right(items);
  for (const TestScore* score : answers) {
    if (!score) continue;
    for (std::size_t i = 0; i < items; ++i) right[i] += score->predicted[i] == score->truth[i];
  }
  std::vector<std::size_t> order(items);
  std::iota(order.begin(), order.end(), 0);
  Random random(0);
  random.shuffle(order);
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return right[a] < right[b]; });
  std::vector<std::size_t> chosen;
  const std::size_t n = std::min(count, items);
  for (std::size_t i = 0; i < n; ++i) chosen.push_back(order[i * (items - 1) / std::max<std::size_t>(1, n - 1)]);
  return chosen;
}

}  // namespace

std::vector<Sample> sample_images(const Suite& suite, const Plan& plan, const std::vector<Record>& records,
                                  const Table& table, const DataHome& home, int count,
                                  std::vector<std::string>& left_out) {
  std::vector<Sample> samples;
  if (!draws) {
    left_out.push_back("images: this program was built without OpenCV");
    return samples;
  }
  for (const DatasetEntry& entry : suite.datasets) {
    const std::map<int, Answers> by_split = answers_by_split(entry.label, plan, records, table);
    const auto best = std::max_element(by_split.begin(), by_split.end(), [](const auto& a, const auto& b) {
      return answered(a.second) < answered(b.second);
    });
    if (best == by_split.end() || answered(best->second) == 0) {
      left_out.push_back(fmt::format("images of {}: no predictions are stored", entry.label));
      continue;
    }
    try {
      const Dataset dataset = load_dataset(entry.name, entry.options, home);
      const std::vector<std::int64_t> test = dataset.split(best->first).test;
      const Answers& answers = best->second;
      const TestScore& first = **std::find_if(answers.begin(), answers.end(), [](const auto* a) { return a; });
      if (first.truth.size() != test.size()) {
        left_out.push_back(fmt::format("images of {}: the data here are not those of the records", entry.label));
        continue;
      }
      const auto name_of = [&](int label) {
        const auto& names = dataset.bank.class_names;
        return static_cast<std::size_t>(label) < names.size() ? names[static_cast<std::size_t>(label)]
                                                              : fmt::format("class {}", label);
      };
      for (const std::size_t i : spread_by_difficulty(answers, test.size(), static_cast<std::size_t>(count))) {
        Sample& sample = samples.emplace_back();
        sample.dataset = entry.label;
        sample.picture = picture_of(dataset.bank, test[i]);
        sample.truth = name_of(first.truth[i]);
        for (const TestScore* score : answers) sample.answers.push_back(score ? name_of(score->predicted[i]) : "");
      }
    } catch (const InputError& error) {
      left_out.push_back(fmt::format("images of {}: {}", entry.label, error.what()));
    }
  }
  return samples;
}

}  // namespace scant
