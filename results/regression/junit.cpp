// A regression comparison as JUnit XML, the form in which CI systems show tests.
#include <fmt/format.h>

#include <algorithm>

#include "results/regression/regression.hpp"
#include "results/text.hpp"

namespace scant {
namespace {

/// The cell's outcome as the element that CI systems look for; "" where all is well.
std::string outcome(const GuardedCell& cell, int digits) {
  const std::string message = xml_escape(guard_summary(cell, digits));
  if (cell.verdict == GuardVerdict::worse) {
    return fmt::format("      <failure type=\"worse\" message=\"{0}\">{0}</failure>\n", message);
  }
  if (cell.incomplete) return fmt::format("      <error type=\"incomplete\" message=\"{0}\">{0}</error>\n", message);
  if (cell.verdict == GuardVerdict::undecided) return fmt::format("      <skipped message=\"{}\"/>\n", message);
  return {};
}

std::string test_case(const Regression& regression, const GuardedCell& cell) {
  return fmt::format(
      "    <testcase classname=\"{}\" name=\"{}\" time=\"{}\">\n{}      <system-out>{}: {}</system-out>\n"
      "    </testcase>\n",
      xml_escape(regression.title + "." + cell.dataset), xml_escape(cell.method), decimal(cell.device_seconds, 3),
      outcome(cell, regression.decimals), to_string(cell.verdict),
      xml_escape(guard_summary(cell, regression.decimals)));
}

}  // namespace

std::string Regression::junit() const {
  double seconds = 0;
  std::string body;
  for (const GuardedCell& cell : cells) {
    seconds += cell.device_seconds;
    body += test_case(*this, cell);
  }
  const auto incomplete = std::count_if(cells.begin(), cells.end(), [](const auto& cell) { return cell.incomplete; });
  const std::string totals =
      fmt::format("name=\"{}\" tests=\"{}\" failures=\"{}\" errors=\"{}\" skipped=\"{}\" time=\"{}\"",
                  xml_escape("scant regress " + title), cells.size(), count(GuardVerdict::worse), incomplete,
                  count(GuardVerdict::undecided) - incomplete, decimal(seconds, 3));
  // `skipped` is an attribute of a suite only: the outer element's schema does not know it.
  const std::string outer = totals.substr(0, totals.find(" skipped="));
  return fmt::format(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites {} time=\"{}\">\n  <testsuite {}>\n{}  </testsuite>\n"
      "</testsuites>\n",
      outer, decimal(seconds, 3), totals, body);
}

}  // namespace scant
