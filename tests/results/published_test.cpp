// The published tables as stored, errors in such a file, and the comparison with ours.
#include "results/published.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "harness/core/error.hpp"
#include "results/statistics.hpp"
#include "tests/results/example.hpp"
#include "tests/support/temporary_folder.hpp"

namespace scant {
namespace {

using testing::HasSubstr;

TEST(Published, ColumnAveragesOfGemAreThoseItPrints) {
  const Published gem = read_published("gem-2022");
  EXPECT_EQ(gem.columns.size(), 5u);
  EXPECT_EQ(gem.splits, (std::vector<int>{0, 1, 2}));
  const std::map<std::string, double> averages{{"xent", 70.24},     {"scattering", 64.76}, {"ole", 69.82},
                                               {"gradl2", 62.13},   {"cosine", 67.83},     {"cosine-xent", 69.33},
                                               {"harmonic", 74.00}, {"fconv", 66.85},      {"dsk", 68.70},
                                               {"dvp", 69.81},      {"auxilearn", 59.65},  {"tvmf", 69.47}};
  ASSERT_EQ(gem.rows.size(), averages.size());
  for (const auto& row : gem.rows) EXPECT_NEAR(mean(row.means), averages.at(row.method), 0.0051) << row.method;
}

TEST(Published, DeicIsOverSplitZero) {
  const Published deic = read_published("deic-2021");
  EXPECT_EQ(deic.splits, std::vector<int>{0});
  ASSERT_EQ(deic.rows.size(), 1u);
  EXPECT_EQ(deic.rows[0].means.size(), deic.columns.size());
}

TEST(Published, ANameWithoutItsYearMeansTheLatest) {
  EXPECT_EQ(read_published("gem").title, read_published("gem-2022").title);
}

TEST(Published, AnUnknownNameListsTheKnownOnes) {
  try {
    read_published("gam");
    FAIL();
  } catch (const InputError& error) {
    EXPECT_THAT(error.what(), HasSubstr("gem-2022, deic-2021"));
  }
}

const std::string kHead =
    "title = \"t\"\nsource = \"s\"\nmetric = \"balanced_accuracy\"\nruns = 2\nsplits = [0]\nnote = \"n\"\n";

/// What reading this text complains about; "" if nothing.
std::string message_of(const std::string& text) {
  const test::TemporaryFolder folder;
  const auto file = folder.path() / "p.toml";
  write_file_atomically(file, text);
  std::string message;
  try {
    read_published(file.string());
  } catch (const InputError& error) {
    message = error.what();
  }
  return message;
}

TEST(Published, ErrorsNameTheLine) {
  const std::string columns = "columns = [{ dataset = \"alpha\", label = \"A\" }]\n";
  EXPECT_EQ(message_of(kHead + columns + "rows = []\n"), "");
  EXPECT_THAT(message_of(kHead + columns + "rows = [{ method = \"m\", label = \"M\", means = [1, 2] }]\n"),
              testing::AllOf(HasSubstr("p.toml:8:"), HasSubstr("2 means for 1 columns")));
  EXPECT_THAT(message_of(kHead + columns + "rows = [{ method = \"m\", label = \"M\", means = [120] }]\n"),
              HasSubstr("per cent"));
  EXPECT_THAT(message_of(kHead + "colums = []\n"), testing::AllOf(HasSubstr("p.toml:7:"), HasSubstr("colums")));
  EXPECT_THAT(message_of(kHead + "columns = [1]\nrows = []\n"), HasSubstr("p.toml:7:"));
  EXPECT_THAT(message_of("title = "), HasSubstr("p.toml:1:"));
  EXPECT_THAT(message_of("title = 1"), HasSubstr("title"));
}

Published example_published() {
  Published published;
  published.title = "Paper";
  published.source = "Somebody 2020";
  published.note = "Nothing";
  published.metric = "balanced_accuracy";
  published.runs = 3;
  published.splits = {1};
  published.columns = {{"other", "Other"}, {"alpha", "Alpha"}};
  published.rows = {{"cosine", "Cos", {1, 82.5}}, {"absent", "Absent", {2, 3}}};
  return published;
}

TEST(Published, OursAreRestrictedToTheirSplits) {
  const Suite suite = restrict_to(example_published(), example::suite());
  ASSERT_EQ(suite.datasets.size(), 1u) << "beta_1 has split 0 only";
  EXPECT_EQ(suite.datasets[0].splits, std::vector<int>{1});
  const Plan plan = example::plan(suite);
  const Table table = make_table(suite, plan, example::records(example::plan(example::suite())));
  EXPECT_EQ(table.rows[1].cells[0].expected, 2);
  EXPECT_NEAR(*table.rows[1].cells[0].mean, 81.5, 1e-9) << "split 1 alone";
}

TEST(Published, PairsByNamesAndSubtracts) {
  const auto pairs = pair_up(example::table(), example_published());
  ASSERT_EQ(pairs.size(), 1u);
  EXPECT_EQ(pairs[0].dataset, "Alpha");
  EXPECT_EQ(pairs[0].method, "Cosine");
  EXPECT_DOUBLE_EQ(pairs[0].published, 82.5);
  EXPECT_NEAR(*pairs[0].difference, 80.5 - 82.5, 1e-9);
  Published nothing = example_published();
  nothing.columns[1].dataset = "gamma";
  EXPECT_THROW(pair_up(example::table(), nothing), InputError);
}

TEST(Published, ComparisonInEveryFormat) {
  const Table ours = example::table();
  const Published published = example_published();
  EXPECT_THAT(render_comparison(ours, published, Format::md), HasSubstr("80.50 ± 1.12 |     82.50 |      -2.00 |"));
  EXPECT_THAT(render_comparison(ours, published, Format::csv), HasSubstr("\nAlpha,Cosine,80.5"));
  EXPECT_THAT(render_comparison(ours, published, Format::tex),
              HasSubstr("Alpha & Cosine & 80.50 \\ensuremath{\\pm} 1.12"));
  const Json json = Json::parse(render_comparison(ours, published, Format::json));
  EXPECT_NEAR(json.at("pairs")[0].at("difference").get<double>(), -2, 1e-9);
}

TEST(Published, AHoleOfOursHasNoDifference) {
  Published published = example_published();
  published.columns[1].dataset = "beta_1";
  const auto pairs = pair_up(example::table(), published);
  ASSERT_EQ(pairs.size(), 1u);
  EXPECT_FALSE(pairs[0].difference);
  EXPECT_THAT(render_comparison(example::table(), published, Format::md), HasSubstr("– (0/2)"));
}

}  // namespace
}  // namespace scant
