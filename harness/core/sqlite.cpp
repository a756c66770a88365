// The few SQLite calls that the store is made of.
#include "harness/core/sqlite.hpp"

#include <fmt/format.h>

#include <limits>

#include "harness/core/error.hpp"

namespace scant {

Database::Database(const std::filesystem::path& file, bool writable) : file_(file) {
  const int flags = writable ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READONLY;
  const int code = sqlite3_open_v2(file.c_str(), &handle_, flags | SQLITE_OPEN_NOMUTEX, nullptr);
  if (code != SQLITE_OK) {
    const std::string reason = handle_ ? sqlite3_errmsg(handle_) : "out of memory";
    sqlite3_close_v2(handle_);
    throw InputError(fmt::format("cannot be opened: {}", reason), {file.string()});
  }
  // A reader (`scant show` during a run) may hold the file for a moment, never for long.
  sqlite3_busy_timeout(handle_, 10'000);
}

Database::~Database() {
  sqlite3_close_v2(handle_);
}

void Database::check(int code) const {
  if (code == SQLITE_OK || code == SQLITE_ROW || code == SQLITE_DONE) return;
  throw InputError(sqlite3_errmsg(handle_), {file_.string()});
}

void Database::execute(const char* sql) {
  check(sqlite3_exec(handle_, sql, nullptr, nullptr, nullptr));
}

std::int64_t Database::integer(const char* sql) {
  Statement statement(*this, sql);
  auto use = statement.use();
  use.step();
  return use.integer(0);
}

Statement::Statement(Database& database, const char* sql) : database_(database) {
  database_.check(sqlite3_prepare_v3(database_.handle(), sql, -1, SQLITE_PREPARE_PERSISTENT, &handle_, nullptr));
}

Statement::~Statement() {
  sqlite3_finalize(handle_);
}

Statement::Use::~Use() {
  sqlite3_reset(statement_.handle_);
  sqlite3_clear_bindings(statement_.handle_);
}

Statement::Use& Statement::Use::bind(std::string_view text) {
  // TRANSIENT: SQLite copies the text, so a caller's temporary may go.
  statement_.database_.check(
      sqlite3_bind_text64(statement_.handle_, next_++, text.data(), text.size(), SQLITE_TRANSIENT, SQLITE_UTF8));
  return *this;
}

Statement::Use& Statement::Use::bind(std::int64_t value) {
  statement_.database_.check(sqlite3_bind_int64(statement_.handle_, next_++, value));
  return *this;
}

Statement::Use& Statement::Use::bind(double value) {
  statement_.database_.check(sqlite3_bind_double(statement_.handle_, next_++, value));
  return *this;
}

bool Statement::Use::step() {
  const int code = sqlite3_step(statement_.handle_);
  statement_.database_.check(code);
  return code == SQLITE_ROW;
}

std::string Statement::Use::text(int column) const {
  const auto* bytes = reinterpret_cast<const char*>(sqlite3_column_text(statement_.handle_, column));
  return bytes ? std::string(bytes, static_cast<std::size_t>(sqlite3_column_bytes(statement_.handle_, column))) : "";
}

std::int64_t Statement::Use::integer(int column) const {
  return sqlite3_column_int64(statement_.handle_, column);
}

double Statement::Use::number(int column) const {
  if (sqlite3_column_type(statement_.handle_, column) == SQLITE_NULL) return std::numeric_limits<double>::quiet_NaN();
  return sqlite3_column_double(statement_.handle_, column);
}

}  // namespace scant
