// Numbers and cells as text: the same in every locale.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace scant {

/// Fixed digits after the point; "-0.00" is printed as "0.00".
std::string decimal(double value, int digits);
/// The same with "+" before what is above zero.
std::string signed_decimal(double value, int digits);
/// As few digits as give the same double back; "" for nothing.
std::string shortest(const std::optional<double>& value);

/// Device time in hours with two significant digits, for columns of tables: "0.013", "1.3", "130".
std::string hours_text(double seconds);

/// What tuning took of its budget.
struct Spending {
  double seconds = 0;      // of the device, stopped and failed trials included
  double charged = 0;      // the same in the budget's seconds
  double granted = 0;      // 0: no limit
  bool reference = false;  // the budget's seconds are of the reference device
  /// "3.2", "3.2 of 5.0" or "3.2 (5.8 of 9.0 reference-s)".
  std::string text() const;
};

/// Memory in MiB; "–" for 0, which means that nothing was measured.
std::string mebibytes_text(std::int64_t bytes);

/// A field of an RFC 4180 line: quoted where it holds a comma, quote or line break.
std::string csv_field(const std::string& text);
/// Fields joined by commas, with a line break.
std::string csv_line(const std::vector<std::string>& fields);

/// &, <, > and quotes as entities.
std::string html_escape(const std::string& text);

/// For attributes and text of XML 1.0: html_escape, line breaks as references, and U+FFFD for what XML cannot hold:
/// control characters and bytes that are no UTF-8.
std::string xml_escape(const std::string& text);

/// LaTeX's special characters escaped, and the few signs that captions use as macros.
std::string tex_escape(const std::string& text);

/// A Markdown table with padded columns, the first aligned left, the others right. Pipes in cells are escaped.
std::string markdown_grid(const std::vector<std::string>& header, const std::vector<std::vector<std::string>>& rows);
/// A booktabs tabular, first column left, the others right. The cells are TeX already.
std::string tex_tabular(const std::vector<std::string>& header, const std::vector<std::vector<std::string>>& rows);

}  // namespace scant
