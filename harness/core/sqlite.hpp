// SQLite with errors as InputError and statements that reset themselves. Private to store.cpp.
#pragma once
#include <sqlite3.h>

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

namespace scant {

/// One connection. Not safe to share between threads without a lock: its statements carry state.
class Database {
 public:
  /// Throws InputError naming the file.
  Database(const std::filesystem::path& file, bool writable);
  ~Database();
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  void execute(const char* sql);
  std::int64_t integer(const char* sql);
  /// Throws InputError with SQLite's message unless `code` is a success.
  void check(int code) const;
  sqlite3* handle() { return handle_; }

 private:
  std::filesystem::path file_;
  sqlite3* handle_ = nullptr;
};

/// A statement prepared once and used many times.
class Statement {
 public:
  Statement(Database& database, const char* sql);
  ~Statement();
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;

  /// One execution; resets the statement when it goes, so that no read transaction stays open.
  class Use {
   public:
    explicit Use(Statement& statement) : statement_(statement) {}
    ~Use();
    Use(const Use&) = delete;
    Use& operator=(const Use&) = delete;
    Use& bind(std::string_view text);
    Use& bind(std::int64_t value);
    Use& bind(double value);
    /// True if there is a row.
    bool step();
    std::string text(int column) const;
    std::int64_t integer(int column) const;
    /// NaN for NULL: SQLite stores NaN as NULL.
    double number(int column) const;

   private:
    Statement& statement_;
    int next_ = 1;
  };
  Use use() { return Use(*this); }

 private:
  Database& database_;
  sqlite3_stmt* handle_ = nullptr;
};

}  // namespace scant
