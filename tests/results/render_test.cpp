// Every format against a golden file (SCANT_UPDATE_GOLDEN=1 rewrites them), and the rules that a golden file hides.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <clocale>
#include <cstdlib>
#include <locale>

#include "harness/core/error.hpp"
#include "results/table.hpp"
#include "results/text.hpp"
#include "tests/results/example.hpp"

namespace scant {
namespace {

using testing::HasSubstr;

class Golden : public testing::TestWithParam<std::string> {};

TEST_P(Golden, TableRendersAsStored) {
  const std::filesystem::path file = std::filesystem::path(SCANT_SOURCE_DIR) / "tests/golden" / ("table." + GetParam());
  const std::string text = render(example::table(), format_from(GetParam()));
  if (const char* update = std::getenv("SCANT_UPDATE_GOLDEN"); update && std::string(update) == "1") {
    write_file_atomically(file, text);
  }
  EXPECT_EQ(text, read_file(file)) << "SCANT_UPDATE_GOLDEN=1 rewrites " << file;
}

INSTANTIATE_TEST_SUITE_P(Formats, Golden, testing::Values("md", "csv", "csv-wide", "tex", "json", "html"),
                         [](const auto& info) {
                           return info.param == "csv-wide" ? std::string("csv_wide") : info.param;
                         });

TEST(Render, UnknownFormatIsAnError) {
  EXPECT_THROW(format_from("pdf"), InputError);
}

TEST(Render, JsonHoldsEveryRun) {
  const Json json = Json::parse(render(example::table(), Format::json));
  EXPECT_FALSE(json.at("complete").get<bool>());
  EXPECT_EQ(json.at("rows")[0].at("cells")[0].at("runs").size(), 4u);
  EXPECT_TRUE(json.at("rows")[1].at("cells")[1].at("mean").is_null());
}

TEST(Render, CsvHasOneLineACellAndParsesBack) {
  const std::string csv = render(example::table(), Format::csv);
  EXPECT_EQ(std::count(csv.begin(), csv.end(), '\n'), 1 + 3 * 2);
  EXPECT_THAT(csv, HasSubstr("\nAlpha,alpha,Cross-entropy,xent,,balanced_accuracy,60.5,"));
}

TEST(Render, WideCsvHasOneLineARow) {
  const std::string csv = render(example::table(), Format::csv_wide);
  EXPECT_EQ(std::count(csv.begin(), csv.end(), '\n'), 1 + 3);
  EXPECT_THAT(csv, HasSubstr("\nCross-entropy,xent,,60.5,"));
}

TEST(Render, HtmlStandsByItselfAndEscapesLabels) {
  const std::string html = render(example::table(), Format::html);
  EXPECT_THAT(html, HasSubstr("Beta_1 &amp; 5 %|x"));
  for (const char* foreign : {"<script", "http", "src=", "@import"}) {
    EXPECT_EQ(html.find(foreign), std::string::npos) << foreign;
  }
}

/// Comma for the point and dots between thousands, as a German locale has them.
struct Commas : std::numpunct<char> {
  char do_decimal_point() const override { return ','; }
  char do_thousands_sep() const override { return '.'; }
  std::string do_grouping() const override { return "\3"; }
};

TEST(Render, NoLocaleChangesANumber) {
  const Table table = example::table();
  std::vector<std::string> expected;
  for (const Format format : {Format::md, Format::csv, Format::csv_wide, Format::tex, Format::json, Format::html})
    expected.push_back(render(table, format));
  const std::locale before = std::locale::global(std::locale(std::locale(), new Commas));
  std::setlocale(LC_ALL, "de_DE.UTF-8");  // where it is installed
  std::vector<std::string> got;
  for (const Format format : {Format::md, Format::csv, Format::csv_wide, Format::tex, Format::json, Format::html})
    got.push_back(render(table, format));
  std::locale::global(before);
  std::setlocale(LC_ALL, "C");
  EXPECT_EQ(got, expected);
}

TEST(Text, NumbersHaveFixedDigitsAndNoNegativeZero) {
  EXPECT_EQ(decimal(55.185, 2), "55.19") << "55.185 in binary lies above the half";
  EXPECT_EQ(decimal(-0.001, 2), "0.00");
  EXPECT_EQ(decimal(-0.01, 2), "-0.01");
  EXPECT_EQ(decimal(1234567.5, 1), "1234567.5");
  EXPECT_EQ(shortest(0.1), "0.1");
  EXPECT_EQ(shortest(std::nullopt), "");
}

TEST(Text, CsvQuotesWhatNeedsIt) {
  EXPECT_EQ(csv_line({"a", "b,c", "d\"e", "f\ng", ""}), "a,\"b,c\",\"d\"\"e\",\"f\ng\",\n");
}

TEST(Text, TexEscapesEverySpecialCharacter) {
  EXPECT_EQ(tex_escape("50% & $x_1^2$ #~{\\}"),
            "50\\% \\& \\$x\\_1\\textasciicircum{}2\\$ \\#\\textasciitilde{}\\{\\textbackslash{}\\}");
  EXPECT_EQ(tex_escape("1 ± 2 [a] – <b>"), "1 \\ensuremath{\\pm} 2 {[}a{]} -- \\textless{}b\\textgreater{}");
}

TEST(Text, MarkdownAlignsByCharactersNotBytes) {
  EXPECT_EQ(markdown_grid({"a", "b"}, {{"x|y", "1 ± 2"}, {"z", "3"}}),
            "| a    |     b |\n"
            "|------|------:|\n"
            "| x\\|y | 1 ± 2 |\n"
            "| z    |     3 |\n");
}

}  // namespace
}  // namespace scant
