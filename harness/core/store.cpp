// The store: SQLite in WAL mode, one writing process, records as canonical JSON.
#include "harness/core/store.hpp"

#include <fmt/format.h>

#include <mutex>

#include "harness/core/folder_lock.hpp"
#include "harness/core/sqlite.hpp"

namespace scant {
namespace {

constexpr int schema_version = 2;

constexpr const char* schema = R"(
BEGIN IMMEDIATE;
CREATE TABLE IF NOT EXISTS records (
  trial TEXT PRIMARY KEY, study TEXT NOT NULL, openings INTEGER NOT NULL, body TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS claims (study TEXT NOT NULL, trial TEXT NOT NULL, PRIMARY KEY (study, trial)) WITHOUT ROWID;
INSERT OR IGNORE INTO claims (study, trial) SELECT study, trial FROM records;
CREATE TABLE IF NOT EXISTS reports (
  trial TEXT NOT NULL, epoch INTEGER NOT NULL, accuracy REAL, PRIMARY KEY (trial, epoch)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS spending (trial TEXT PRIMARY KEY, study TEXT NOT NULL, cost TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
PRAGMA user_version = 2;
COMMIT;
)";

std::unique_ptr<FolderLock> lock_for(const std::filesystem::path& folder, Store::Mode mode) {
  if (mode == Store::Mode::read) {
    if (std::filesystem::exists(folder / "store.sqlite")) return nullptr;
    throw InputError("holds no results yet: run a suite into it first", {folder.string()});
  }
  std::error_code error;
  std::filesystem::create_directories(folder / "checkpoints", error);
  if (error) throw InputError(fmt::format("cannot be created: {}", error.message()), {folder.string()});
  return std::make_unique<FolderLock>(folder / "lock");
}

Database& prepared(Database& database, const std::filesystem::path& folder, Store::Mode mode) {
  const auto version = database.integer("PRAGMA user_version");
  const Place place{(folder / "store.sqlite").string()};
  if (version > schema_version) {
    throw InputError(fmt::format("was written by a newer scant (schema {}, this program knows {}): update the program",
                                 version, schema_version),
                     place);
  }
  if (mode == Store::Mode::read) {
    if (version == 0) throw InputError("holds no results yet: run a suite into it first", place);
    if (version < schema_version) {
      throw InputError("was written by an older scant: `scant run` with its suite brings it up to date", place);
    }
    return database;
  }
  database.execute("PRAGMA journal_mode = WAL");
  // A commit survives kill -9 at any level, since the kernel has the bytes. FULL also syncs each commit to disk: after
  // a power cut a lost commit could hide that test data was opened. Commits are seconds apart, so it costs nothing.
  database.execute("PRAGMA synchronous = FULL");
  if (version < schema_version) database.execute(schema);
  return database;
}

}  // namespace

struct Store::State {
  State(const std::filesystem::path& where, Mode mode)
      : folder(where),
        lock(lock_for(folder, mode)),
        file(folder / "store.sqlite", mode == Mode::write),
        database(prepared(file, folder, mode)) {}

  Record record_of(const std::string& body, std::int64_t openings, const std::string& study) const {
    try {
      Record record = Record::from_json(Json::parse(body));
      if (!study.empty()) record.study = study;
      record.test_openings = static_cast<int>(openings);
      return record;
    } catch (const Json::exception& error) {
      throw InputError(fmt::format("holds a record that cannot be read: {}", error.what()),
                       {(folder / "store.sqlite").string()});
    }
  }

  const std::filesystem::path folder;
  std::unique_ptr<FolderLock> lock;
  Database file;
  Database& database;  // the same, with its schema checked; the statements below need the tables
  std::mutex mutex;    // guards all statements
  std::function<void(const Record&)> told;
  Statement find{database, "SELECT body, openings FROM records WHERE trial = ?"};
  Statement all{database,
                "SELECT body, openings, claims.study FROM claims JOIN records USING (trial) "
                "ORDER BY trial, claims.study"};
  Statement of_study{database,
                     "SELECT body, openings, claims.study FROM claims JOIN records USING (trial) "
                     "WHERE claims.study = ? ORDER BY trial"};
  Statement claim{database, "INSERT OR IGNORE INTO claims (study, trial) VALUES (?, ?)"};
  // Openings only ever grow: replacing a record, even by one without a test score, does not unsee test data.
  Statement put{database,
                "INSERT INTO records (trial, study, openings, body) VALUES (?, ?, ?, ?) ON CONFLICT (trial) DO UPDATE "
                "SET study = excluded.study, openings = openings + excluded.openings, body = excluded.body "
                "RETURNING openings"};
  Statement report{database, "INSERT INTO reports (trial, epoch, accuracy) VALUES (?, ?, ?) ON CONFLICT DO NOTHING"};
  Statement reports{database, "SELECT epoch, accuracy FROM reports WHERE trial = ? ORDER BY epoch"};
  Statement spend{database, "INSERT OR REPLACE INTO spending (trial, study, cost) VALUES (?, ?, ?)"};
  Statement spent{database, "SELECT cost FROM spending WHERE trial = ?"};
  Statement set_meta{database, "INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)"};
  Statement meta{database, "SELECT value FROM meta WHERE key = ?"};
};

Store::Store(const std::filesystem::path& folder, Mode mode) : state_(std::make_unique<State>(folder, mode)) {}
Store::~Store() = default;

std::optional<Record> Store::find(const std::string& trial_id) const {
  const std::lock_guard guard(state_->mutex);
  auto use = state_->find.use();
  if (!use.bind(trial_id).step()) return std::nullopt;
  return state_->record_of(use.text(0), use.integer(1), "");
}

std::vector<Record> Store::records(const std::string& study) const {
  const std::lock_guard guard(state_->mutex);
  auto use = study.empty() ? state_->all.use() : state_->of_study.use();
  if (!study.empty()) use.bind(study);
  std::vector<Record> records;
  while (use.step()) records.push_back(state_->record_of(use.text(0), use.integer(1), use.text(2)));
  return records;
}

int Store::put(const Record& record) {
  const std::string trial = record.trial.id(), body = canonical(record.to_json());
  const std::lock_guard guard(state_->mutex);
  // Before the record, so that no moment has a record without a claim; a claim without a record is seen by nobody.
  state_->claim.use().bind(record.study).bind(trial).step();
  auto use = state_->put.use();
  use.bind(trial).bind(record.study).bind(std::int64_t{record.test ? 1 : 0}).bind(body).step();
  const auto openings = static_cast<int>(use.integer(0));
  // A statement with RETURNING commits when it is stepped to its end.
  use.step();
  if (state_->told) state_->told(record);
  return openings;
}

void Store::on_put(std::function<void(const Record&)> told) {
  state_->told = std::move(told);
}

void Store::claim(const std::string& trial_id, const std::string& study) {
  const std::lock_guard guard(state_->mutex);
  state_->claim.use().bind(study).bind(trial_id).step();
}

void Store::report(const std::string& trial_id, const Evaluation& evaluation) {
  const std::lock_guard guard(state_->mutex);
  state_->report.use().bind(trial_id).bind(std::int64_t{evaluation.epoch}).bind(evaluation.accuracy).step();
}

std::vector<Evaluation> Store::reports(const std::string& trial_id) const {
  const std::lock_guard guard(state_->mutex);
  auto use = state_->reports.use();
  use.bind(trial_id);
  std::vector<Evaluation> evaluations;
  while (use.step()) evaluations.push_back({static_cast<int>(use.integer(0)), use.number(1)});
  return evaluations;
}

void Store::spend(const std::string& trial_id, const std::string& study, const Cost& cost) {
  const std::string text = canonical(cost.to_json());
  const std::lock_guard guard(state_->mutex);
  state_->spend.use().bind(trial_id).bind(study).bind(text).step();
}

std::optional<Cost> Store::spent(const std::string& trial_id) const {
  const std::lock_guard guard(state_->mutex);
  auto use = state_->spent.use();
  if (!use.bind(trial_id).step()) return std::nullopt;
  return Cost::from_json(Json::parse(use.text(0)));
}

void Store::set_meta(const std::string& key, const std::string& value) {
  const std::lock_guard guard(state_->mutex);
  state_->set_meta.use().bind(key).bind(value).step();
}

std::optional<std::string> Store::meta(const std::string& key) const {
  const std::lock_guard guard(state_->mutex);
  auto use = state_->meta.use();
  if (!use.bind(key).step()) return std::nullopt;
  return use.text(0);
}

std::filesystem::path Store::checkpoint(const std::string& trial_id) const {
  return state_->folder / "checkpoints" / (trial_id + ".safetensors");
}

const std::filesystem::path& Store::folder() const {
  return state_->folder;
}

}  // namespace scant
