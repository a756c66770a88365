// What `--format tex` prints is set by a real LaTeX, where there is one.
#include <gtest/gtest.h>

#include <cstdlib>

#include "results/published.hpp"
#include "tests/results/example.hpp"
#include "tests/support/temporary_folder.hpp"

namespace scant {
namespace {

void expect_to_compile(const std::string& body) {
  if (std::system("command -v pdflatex >/dev/null") != 0) GTEST_SKIP() << "there is no pdflatex here";
  const test::TemporaryFolder folder;
  folder.write("table.tex",
               "\\documentclass{article}\n\\usepackage[utf8]{inputenc}\n\\usepackage{booktabs}\n\\begin{document}\n" +
                   body + "\\end{document}\n");
  const std::string command = "cd '" + folder.path().string() +
                              "' && pdflatex -interaction=nonstopmode -halt-on-error table.tex > log.txt 2>&1";
  EXPECT_EQ(std::system(command.c_str()), 0) << read_file(folder.path() / "log.txt");
  EXPECT_TRUE(std::filesystem::exists(folder.path() / "table.pdf"));
}

TEST(Latex, TheTableCompilesAsItStands) {
  expect_to_compile(render(example::table(), Format::tex));
}

TEST(Latex, TheComparisonWithPublishedNumbersCompilesAsItStands) {
  Suite suite = example::suite();
  suite.datasets.front().name = "cub";
  const Plan plan = example::plan(suite);
  expect_to_compile(render_comparison(make_table(suite, plan, {}), read_published("gem"), Format::tex));
}

}  // namespace
}  // namespace scant
