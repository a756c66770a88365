// Writes and reads bundles. Digests are over the lines' bytes, so that no change to a file goes unseen.
#include "results/leaderboard/bundle.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

#include "harness/core/hash.hpp"
#include "results/environment.hpp"
#include "results/select.hpp"
#include "results/table.hpp"

namespace scant {
namespace {

constexpr const char* format_name = "scant bundle";
constexpr int format_version = 1;

Json to_json(const PlannedStudy& study) {
  return {{"name", study.name}, {"id", study.id}, {"trials", study.trials}, {"final_runs", study.final_runs}};
}

PlannedStudy planned_from(const Json& json) {
  return {json.at("name").get<std::string>(), json.at("id").get<std::string>(), json.at("trials").get<std::string>(),
          json.at("final_runs").get<int>()};
}

/// The records of the plan's studies, by trial id, then study.
std::vector<const Record*> sorted(const Plan& plan, const std::vector<Record>& records) {
  std::set<std::string> planned;
  for (const Study& study : plan.studies) planned.insert(study.id());
  std::vector<std::pair<std::string, const Record*>> keyed;
  for (const Record& record : records) {
    if (planned.contains(record.study)) keyed.emplace_back(record.trial.id() + record.study, &record);
  }
  std::sort(keyed.begin(), keyed.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<const Record*> ordered;
  ordered.reserve(keyed.size());
  for (const auto& [key, record] : keyed) ordered.push_back(record);
  return ordered;
}

/// The file's lines without their breaks; a last line that is not ended counts too.
std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    lines.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return lines;
}

void read_head(const std::string& line, const std::string& file, Bundle& bundle) {
  try {
    const Json head = Json::parse(line);
    if (head.at("format") != format_name) throw InputError("is no bundle of scant", {file});
    if (head.at("version").get<int>() > format_version) {
      throw InputError(fmt::format("is a bundle of format {}, this program knows {}: update the program",
                                   head.at("version").get<int>(), format_version),
                       {file});
    }
    head.at("by").get_to(bundle.by);
    head.at("statement").get_to(bundle.statement);
    head.at("suite").at("file").get_to(bundle.suite.file);
    head.at("suite").at("text").get_to(bundle.suite.text);
    head.at("suite").at("sha256").get_to(bundle.suite_digest);
    for (const Json& study : head.at("plan")) bundle.plan.push_back(planned_from(study));
    head.at("holes").get_to(bundle.holes);
    head.at("scant").get_to(bundle.version);
    bundle.environment = head.at("environment");
    head.at("other_records").get_to(bundle.other_records);
    head.at("records").get_to(bundle.record_digests);
  } catch (const Json::exception& error) {
    throw InputError(fmt::format("is no bundle of scant: {}", error.what()), {file, 1});
  }
}

void read_record(const std::string& line, std::size_t number, Bundle& bundle) {
  if (number > bundle.record_digests.size()) {
    bundle.damage.push_back(fmt::format("line {}: a record that the head does not list", number + 1));
  } else if (sha256_hex(line) != bundle.record_digests[number - 1]) {
    bundle.damage.push_back(fmt::format("line {}: record {} is not the one that the head lists", number + 1, number));
  }
  try {
    bundle.records.push_back(Record::from_json(Json::parse(line)));
  } catch (const std::exception& error) {  // Json's and the record's own
    bundle.damage.push_back(fmt::format("line {}: record {} cannot be read: {}", number + 1, number, error.what()));
  }
}

/// The digest in the last line, or "".
std::string stated_digest(const std::string& line) {
  const Json last = Json::parse(line, nullptr, false);
  return last.is_object() && last.size() == 1 && last.contains("sha256") && last["sha256"].is_string()
             ? last["sha256"].get<std::string>()
             : "";
}

}  // namespace

const std::string& submitters_statement() {
  static const std::string text =
      "These records come from running the suite in this file with the program that they name. Nothing in them was "
      "changed. Configurations were chosen by validation data alone, within the suite's budget. Test data were opened "
      "for nothing but the final runs in this file. No other outcome of these studies was left out.";
  return text;
}

std::vector<PlannedStudy> planned_studies(const Plan& plan) {
  std::vector<PlannedStudy> studies;
  for (const Study& study : plan.studies) {
    Json trials = Json::array();
    for (const Trial& trial : study.tuning) trials.push_back(trial.id());
    studies.push_back({study.name(), study.id(), sha256_hex(canonical(trials)), study.dataset.protocol.final_runs});
  }
  return studies;
}

std::vector<std::string> holes_of(const Plan& plan, const std::vector<Record>& records) {
  std::vector<std::string> holes;
  for (const auto& [study, own] : records_by_study(plan, records)) {
    const Selection selection = select(*study, own);
    std::set<int> known;
    for (const Record* record : selection.tuning) known.insert(record->trial.index);
    for (int trial = 0; trial < selection.tuning_planned; ++trial) {
      if (!known.contains(trial)) holes.push_back(fmt::format("{}: tuning trial {}: no record", study->name(), trial));
    }
    for (std::size_t run = 0; run < selection.finals.size(); ++run) {
      if (selection.finals[run].hole.empty()) continue;
      holes.push_back(fmt::format("{}: final run {}: {}", study->name(), run, selection.finals[run].hole));
    }
  }
  return holes;
}

std::string bundle_text(const SuiteText& suite, const Plan& plan, const std::vector<Record>& records,
                        const std::string& by) {
  const std::vector<const Record*> taken = sorted(plan, records);
  Json studies = Json::array(), digests = Json::array();
  for (const PlannedStudy& study : planned_studies(plan)) studies.push_back(to_json(study));
  std::string body;
  for (const Record* record : taken) {
    const std::string line = canonical(record->to_json());
    digests.push_back(sha256_hex(line));
    body += line + "\n";
  }
  const Json head{{"format", format_name},
                  {"version", format_version},
                  {"by", by},
                  {"statement", submitters_statement()},
                  {"suite",
                   {{"file", std::filesystem::path(suite.file).filename().string()},
                    {"text", suite.text},
                    {"sha256", sha256_hex(suite.text)}}},
                  {"plan", studies},
                  {"holes", holes_of(plan, records)},
                  {"scant", SCANT_VERSION},
                  {"environment", common_environment(taken)},
                  {"other_records", records.size() - taken.size()},
                  {"records", digests}};
  std::string text = canonical(head) + "\n" + body;
  return text + canonical(Json{{"sha256", sha256_hex(text)}}) + "\n";
}

Bundle parse_bundle(const std::string& text, const std::string& file) {
  Bundle bundle;
  const std::vector<std::string> lines = lines_of(text);
  if (lines.empty()) throw InputError("is empty", {file});
  read_head(lines.front(), file, bundle);
  const std::string stated = stated_digest(lines.back());
  const std::size_t end = lines.size() - (stated.empty() ? 0 : 1);
  std::string signed_text;
  for (std::size_t l = 0; l < end; ++l) signed_text += lines[l] + "\n";
  bundle.digest = sha256_hex(signed_text);
  if (stated.empty()) {
    bundle.damage.push_back("the last line does not state the whole file's digest");
  } else if (stated != bundle.digest) {
    bundle.damage.push_back(fmt::format("the whole file's digest is {}, not {} as its last line states",
                                        bundle.digest.substr(0, 12), stated.substr(0, 12)));
  }
  for (std::size_t l = 1; l < end; ++l) read_record(lines[l], l, bundle);
  for (std::size_t r = end; r <= bundle.record_digests.size(); ++r) {
    bundle.damage.push_back(fmt::format("record {} is listed in the head and not there", r));
  }
  if (sha256_hex(bundle.suite.text) != bundle.suite_digest) {
    bundle.damage.push_back("the suite's text is not the one that its digest was made of");
  }
  return bundle;
}

Bundle read_bundle(const std::filesystem::path& file) {
  return parse_bundle(read_file(file), file.string());
}

}  // namespace scant
