// The page: a skeleton, the style, the data and the scripts, all in one file.
#include <fmt/format.h>

#include "results/report/assets.hpp"
#include "results/report/report.hpp"
#include "results/text.hpp"

namespace scant {
namespace {

/// JSON that may stand inside a script element: nothing in it ends the element or opens a comment.
std::string script_safe(const Json& data) {
  std::string safe;
  for (const char c : canonical(data)) {
    if (c == '<') {
      safe += "\\u003c";
    } else {
      safe += c;
    }
  }
  return safe;
}

std::string script(std::string_view source) {
  return fmt::format("<script>\n{}\n</script>\n", source);
}

}  // namespace

bool report_has_vega() {
  return !assets::vega().empty();
}

std::string render_report(const Json& data) {
  const std::string title = html_escape(data.at("table").at("title").get<std::string>());
  std::string page = fmt::format(
      "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
      "<meta name=\"generator\" content=\"scant {}\">\n<title>{}</title>\n<style>\n{}\n</style>\n</head>\n<body>\n"
      "<noscript>This page needs its own script: sorting, cells and figures are drawn by it. `scant table --format "
      "html` "
      "writes a page without.</noscript>\n{}\n",
      SCANT_VERSION, title, assets::style(), assets::skeleton());
  page += fmt::format("<script type=\"application/json\" id=\"data\">{}</script>\n", script_safe(data));
  if (report_has_vega()) {
    page += fmt::format("<!-- Vega and Vega-Lite:\n{}-->\n", assets::vega_licence());
    page += script(assets::vega()) + script(assets::vega_lite());
  }
  page += script(assets::behaviour());
  return page + "</body>\n</html>\n";
}

}  // namespace scant
