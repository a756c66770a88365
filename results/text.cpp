// Escaping, padding and number formatting for the renderers.
#include "results/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "harness/core/json.hpp"

namespace scant {
namespace {

/// Characters on screen, not bytes: continuation bytes of UTF-8 do not count.
std::size_t width(const std::string& text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

std::string replace_all(std::string text, const std::string& from, const std::string& to) {
  for (std::size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size()) {
    text.replace(at, from.size(), to);
  }
  return text;
}

}  // namespace

std::string decimal(double value, int digits) {
  std::string text = fmt::format("{:.{}f}", value, digits);
  const bool zero = text.find_first_not_of("-0.") == std::string::npos;
  return zero && text.front() == '-' ? text.substr(1) : text;
}

std::string signed_decimal(double value, int digits) {
  const std::string text = decimal(value, digits);
  return text.front() == '-' || value == 0 ? text : "+" + text;
}

std::string shortest(const std::optional<double>& value) {
  return value ? fmt::format("{}", *value) : "";
}

std::string hours_text(double seconds) {
  const double hours = seconds / 3600;
  int digits = 1;
  for (double level = 1; digits < 5 && hours > 0 && hours < level; level /= 10) ++digits;
  return decimal(hours, hours >= 10 ? 0 : digits);
}

std::string Spending::text() const {
  if (granted <= 0) return decimal(seconds, 1);
  if (!reference) return decimal(seconds, 1) + " of " + decimal(granted, 1);
  return fmt::format("{} ({} of {} reference-s)", decimal(seconds, 1), decimal(charged, 1), decimal(granted, 1));
}

std::string mebibytes_text(std::int64_t bytes) {
  return bytes == 0 ? "–" : decimal(static_cast<double>(bytes) / (1 << 20), 0);
}

std::string csv_field(const std::string& text) {
  if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
  return '"' + replace_all(text, "\"", "\"\"") + '"';
}

std::string csv_line(const std::vector<std::string>& fields) {
  std::string line;
  for (const std::string& field : fields) line += (&field == &fields.front() ? "" : ",") + csv_field(field);
  return line + "\n";
}

std::string html_escape(const std::string& text) {
  std::string escaped;
  for (const char c : text) {
    switch (c) {
      case '&':
        escaped += "&amp;";
        break;
      case '<':
        escaped += "&lt;";
        break;
      case '>':
        escaped += "&gt;";
        break;
      case '"':
        escaped += "&quot;";
        break;
      default:
        escaped += c;
    }
  }
  return escaped;
}

std::string xml_escape(const std::string& text) {
  // nlohmann's dump knows which bytes are UTF-8 and puts U+FFFD in place of the others.
  const Json repaired = Json::parse(Json(text).dump(-1, ' ', false, Json::error_handler_t::replace));
  std::string escaped;
  for (const char c : html_escape(repaired.get<std::string>())) {
    if (c == '\n' || c == '\r' || c == '\t') {
      escaped += fmt::format("&#{};", static_cast<int>(c));
    } else if (static_cast<unsigned char>(c) < 0x20) {
      escaped += "\uFFFD";
    } else {
      escaped += c;
    }
  }
  return escaped;
}

std::string tex_escape(const std::string& text) {
  static const std::map<char, std::string> special{
      {'\\', "\\textbackslash{}"},
      {'{', "\\{"},
      {'}', "\\}"},
      {'&', "\\&"},
      {'%', "\\%"},
      {'$', "\\$"},
      {'#', "\\#"},
      {'_', "\\_"},
      {'~', "\\textasciitilde{}"},
      {'^', "\\textasciicircum{}"},
      {'<', "\\textless{}"},
      {'>', "\\textgreater{}"},
      {'|', "\\textbar{}"},
      {'[', "{[}"},  // a bracket after a line's end would be its optional argument
      {']', "{]}"}};
  std::string escaped;
  for (const char c : text) {
    const auto found = special.find(c);
    escaped += found == special.end() ? std::string(1, c) : found->second;
  }
  escaped = replace_all(escaped, "±", "\\ensuremath{\\pm}");
  escaped = replace_all(escaped, "†", "\\ensuremath{\\dagger}");
  return replace_all(escaped, "–", "--");
}

std::string markdown_grid(const std::vector<std::string>& header, const std::vector<std::vector<std::string>>& rows) {
  std::vector<std::vector<std::string>> lines{header};
  lines.insert(lines.end(), rows.begin(), rows.end());
  std::vector<std::size_t> widths(header.size(), 3);  // "---" is the shortest rule
  for (auto& line : lines) {
    for (std::size_t c = 0; c < header.size(); ++c) {
      line.at(c) = replace_all(line[c], "|", "\\|");
      widths[c] = std::max(widths[c], width(line[c]));
    }
  }
  std::string text;
  for (std::size_t l = 0; l < lines.size(); ++l) {
    for (std::size_t c = 0; c < header.size(); ++c) {
      const std::string padding(widths[c] - width(lines[l][c]), ' ');
      text += c == 0 ? "| " + lines[l][c] + padding : " | " + padding + lines[l][c];
    }
    text += " |\n";
    if (l > 0) continue;
    for (std::size_t c = 0; c < header.size(); ++c) {
      text += c == 0 ? "|" + std::string(widths[c] + 2, '-') : "|" + std::string(widths[c] + 1, '-') + ":";
    }
    text += "|\n";
  }
  return text;
}

std::string tex_tabular(const std::vector<std::string>& header, const std::vector<std::vector<std::string>>& rows) {
  const auto line = [](const std::vector<std::string>& cells) {
    return fmt::format("    {} \\\\\n", fmt::join(cells, " & "));
  };
  std::string text = fmt::format("  \\begin{{tabular}}{{l{}}}\n    \\toprule\n", std::string(header.size() - 1, 'r'));
  text += line(header) + "    \\midrule\n";
  for (const auto& row : rows) text += line(row);
  return text + "    \\bottomrule\n  \\end{tabular}\n";
}

}  // namespace scant
