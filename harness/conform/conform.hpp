// Compares scant's own parts with reference implementations' numbers: golden files in, a line per case out.
#pragma once
#include <filesystem>
#include <functional>
#include <initializer_list>
#include <string>
#include <vector>

#include "harness/core/json.hpp"
#include "harness/learn/compat.hpp"

namespace scant {

/// A number of a golden file; null, "NaN" and "nan" are NaN, "Infinity", "inf" and their negatives what they say; a
/// boolean is 0 or 1.
double number_of(const Json& value);

/// A pair is equal when |a-b| <= abs + rel*|b|; NaN equals only NaN, an infinity only itself.
struct Tolerance {
  double abs = 0, rel = 0;
};

/// One golden file. A case is called by its "case" or "id". `cases` holds the entries of "cases" or "rows"; or of the
/// objects "models" or "facts", each as
/// {"case": key, "rows" or "files": value}; or, where there is none of these, the whole content.
struct GoldenFile {
  std::filesystem::path path;
  Json content;
  std::string stem;  // content["file"]
  std::vector<Json> cases;
};

/// Collects the differences of one case.
class Comparison {
 public:
  explicit Comparison(Tolerance tolerance) : tolerance_(tolerance) {}
  Tolerance tolerance() const { return tolerance_; }
  void set_tolerance(Tolerance tolerance) { tolerance_ = tolerance; }
  /// `expected` may be nested lists; shapes must agree.
  void tensor(const std::string& what, const torch::Tensor& got, const Json& expected);
  void number(const std::string& what, double got, const Json& expected);
  /// A list of numbers, whose lengths must agree.
  void numbers(const std::string& what, const std::vector<double>& got, const Json& expected);
  void exact(const std::string& what, const Json& got, const Json& expected);
  /// A key of `object` that is not among `keys` is a difference: a parameter that no check obeys, an output that none
  /// compares.
  void known(const std::string& what, const Json& object, std::initializer_list<const char*> keys);
  /// Marks that at least `what` was compared, and failed if not `ok`.
  void check(const std::string& what, bool ok, const std::string& detail = {});
  const std::vector<std::string>& differences() const { return differences_; }
  int compared() const { return compared_; }

 private:
  Tolerance tolerance_;
  std::vector<std::string> differences_;
  int compared_ = 0;
};

/// How one kind of case is recognised (by the file's stem and the structure of the case, never by a case's values) and
/// checked.
struct Kind {
  std::string name;
  std::function<bool(const GoldenFile&, const Json& golden_case)> matches;
  std::function<void(const GoldenFile&, const Json& golden_case, Comparison&)> check;
};
/// `const RegisterKind registered{{...}};` on the last line of the kind's file.
struct RegisterKind {
  explicit RegisterKind(Kind kind);
};

/// Reads every file (folders: *.json below, sorted), prints a line per case and a total to stdout (JSON if `json`).
/// Returns 0, 1 on a mismatch, 3 if a case's kind is not implemented (listed by name). Throws InputError for a file
/// that is no golden file.
int conform(const std::vector<std::filesystem::path>& paths, bool json);

/// The golden files' integer hash (FORMAT.md): u(seed, tensor, i) in [0,1), and tensors filled with it (float64).
double hash_uniform(std::uint64_t seed, std::uint64_t tensor, std::uint64_t index);
torch::Tensor hash_fill(std::uint64_t seed, std::uint64_t tensor, const std::vector<std::int64_t>& shape, double center,
                        double scale);
/// A list or a {"hash": ...} object to a float64 tensor.
torch::Tensor tensor_of(const Json& value);

}  // namespace scant
