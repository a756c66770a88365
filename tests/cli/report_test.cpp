// The report as its reader meets it: in a browser.
#include <gtest/gtest.h>

#include <cstdlib>
#include <nlohmann/json.hpp>

#include "tests/support/program.hpp"

namespace scant {
namespace {

using nlohmann::json;
using test::content;
using test::Process;

/// Notes every error before anything of the page runs.
constexpr const char* listener = R"(<script>
  window.noted = [];
  window.addEventListener("error", event => noted.push(event.message));
  window.addEventListener("unhandledrejection", event => noted.push(String(event.reason)));
  for (const kind of ["error", "warn"]) console[kind] = (...words) => noted.push(words.join(" "));
</script>)";

/// Does what a reader does, and tells the console what it saw as JSON on one line.
constexpr const char* visitor = R"(<script>
(async () => {
  const seen = {};
  const $ = selector => document.querySelector(selector);
  const names = () => [...document.querySelectorAll("#board tbody th")].map(cell => cell.textContent);
  const settle = () => new Promise(done => setTimeout(done, 200));
  const until = async found => { for (let tries = 0; tries < 100 && !found(); ++tries) await settle(); };
  await until(() => names().length > 0);
  seen.title = document.title;
  seen.state = $("#state").textContent;
  seen.by_rank = names();
  $("[data-sort=method]").click();
  seen.by_name = names();
  $("[data-sort=method]").click();
  seen.by_name_descending = names();
  seen.sorted = $("[data-sort=method]").closest("th").getAttribute("aria-sort");
  seen.focus = document.activeElement.dataset.sort;
  $("#query").value = "ridge";
  $("#query").dispatchEvent(new Event("input"));
  seen.filtered = names();
  $("#query").value = "";
  $("#query").dispatchEvent(new Event("input"));
  const box = $("#columns input");
  box.click();
  seen.columns = document.querySelectorAll("#board thead th").length;
  box.click();
  $("#view").value = "interval";
  $("#view").dispatchEvent(new Event("change"));
  seen.interval = $("#board").textContent.includes("[");
  $("[data-cell]").focus();
  document.activeElement.click();
  seen.opened = $("#cell").open;
  seen.cell = $("#cell-title").textContent;
  seen.cell_rows = document.querySelectorAll("#cell-body tr").length;
  seen.configuration = $("#cell-body").textContent.includes("Configuration");
  $("#close").click();
  seen.closed = !$("#cell").open;
  const saved = [];
  URL.createObjectURL = blob => { saved.push(blob); return "#"; };
  $("#save-csv").click();
  $("#save-tex").click();
  seen.csv = await saved[0].text();
  seen.tex = await saved[1].text();
  seen.compared = [...document.querySelectorAll("#compared tbody th")].map(cell => cell.textContent).sort();
  seen.images = document.querySelectorAll("#samples img").length;
  seen.pictures_loaded = [...document.querySelectorAll("#samples img")].every(image => image.src.startsWith("data:image/png"));
  for (const figure of document.querySelectorAll("#charts figure")) {
    figure.scrollIntoView();
    await until(() => figure.querySelector("svg"));
  }
  seen.figures = document.querySelectorAll("#charts figure").length;
  seen.drawn = document.querySelectorAll("#charts figure svg").length;
  seen.wider_than_page = document.documentElement.scrollWidth > document.documentElement.clientWidth;
  seen.errors = noted;
  console.info(`seen:${JSON.stringify(seen)}:seen`);
})();
</script>)";

class Report : public test::ProgramTest {
 protected:
  void run(const std::string& methods) {
    std::ofstream(file("suite.toml")) << R"(
name = "page"
description = "two <sets> & three methods"
[protocol]
backbone = "rn20"
final_runs = 2
epochs = 2
trials = 2
grace = 1
[[datasets]]
name = "synthetic-natural"
label = "Natural"
splits = [0]
[[datasets]]
name = "synthetic-spectral"
label = "Spectra"
splits = [0]
)" << methods;
    ASSERT_EQ(
        scant({"--data", file("data"), "run", file("suite.toml"), "--out", file("store"), "--cache", file("cache")}), 0)
        << err_;
  }

  /// What the visitor saw in headless Chromium with a window of this width. Chromium stays until the console has it:
  /// its virtual time would run out before what other processes answer (blobs, frames) on a busy machine.
  json visit(const std::string& page, int width) {
    std::string text = content(page);
    text.insert(text.find("<head>") + 6, listener);
    text.insert(text.rfind("</body>"), visitor);
    std::ofstream(file("visited.html")) << text;
    Process browser({"/usr/bin/chromium", "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
                     "--user-data-dir=" + file("profile"), "--window-size=" + std::to_string(width) + ",900",
                     "--enable-logging=stderr", "file://" + file("visited.html")},
                    folder_.path());
    const auto heard = [&] { return browser.err().find(":seen\"") != std::string::npos; };
    for (int looks = 0; looks < 240 && !heard() && !browser.ends_within(std::chrono::milliseconds(500)); ++looks) {
    }
    browser.signal(SIGTERM);
    browser.wait();
    const std::string console = browser.err();
    const auto begin = console.find("\"seen:"), end = console.rfind(":seen\"");
    if (begin == std::string::npos || end == std::string::npos) {
      ADD_FAILURE() << "the visitor did not finish:\n" << console;
      return {};
    }
    return json::parse(console.substr(begin + 6, end - begin - 6));
  }
};

constexpr const char* three_methods = R"(
[[methods]]
name = "majority"
label = "Majority"
[[methods]]
name = "ridge"
label = "Ridge"
[[methods]]
name = "xent"
label = "Cross-entropy"
space = { lr = { log_uniform = [0.01, 0.1] }, batch_size = { choice = [50] } }
[table]
reference = "Ridge"
)";

TEST_F(Report, OpensFromDiskSortsFiltersAndShowsACellWithoutErrors) {
  if (!std::filesystem::exists("/usr/bin/chromium")) GTEST_SKIP() << "there is no chromium here";
  run(three_methods);
  ASSERT_EQ(scant({"--data", file("data"), "report", file("suite.toml"), "--store", file("store"), "--against",
                   file("store"), "--out", file("page.html"), "--images", "5"}),
            0)
      << err_;
  EXPECT_EQ(content(file("page.html")).find("src=\"http"), std::string::npos) << "nothing is loaded from a network";
  for (const int width : {1300, 400}) {
    const json seen = visit(file("page.html"), width);
    ASSERT_TRUE(seen.is_object());
    EXPECT_EQ(seen.at("errors"), json::array());
    EXPECT_EQ(seen.at("title"), "page: two <sets> & three methods");
    EXPECT_EQ(seen.at("state"), "Complete: 12 runs.");
    EXPECT_EQ(seen.at("by_rank").size(), 3u);
    EXPECT_EQ(seen.at("by_name"), (json{"Cross-entropy", "Majority", "Ridge"}));
    EXPECT_EQ(seen.at("by_name_descending"), (json{"Ridge", "Majority", "Cross-entropy"}));
    EXPECT_EQ(seen.at("sorted"), "descending");
    EXPECT_EQ(seen.at("focus"), "method") << "the keyboard stays where it was";
    EXPECT_EQ(seen.at("filtered"), (json{"Ridge"}));
    EXPECT_EQ(seen.at("columns"), 6) << "method, the other set, average, rank, hours, memory";
    EXPECT_TRUE(seen.at("interval"));
    EXPECT_TRUE(seen.at("opened"));
    EXPECT_TRUE(seen.at("closed"));
    EXPECT_TRUE(seen.at("configuration"));
    EXPECT_GT(seen.at("cell_rows").get<int>(), 5);
    EXPECT_EQ(seen.at("compared"), (json{"Cross-entropy", "Majority", "Ridge"}));
    EXPECT_EQ(seen.at("images"), 10);
    EXPECT_TRUE(seen.at("pictures_loaded"));
    EXPECT_GE(seen.at("figures").get<int>(), 3);
    EXPECT_EQ(seen.at("drawn"), seen.at("figures"));
    EXPECT_FALSE(seen.at("wider_than_page")) << "at " << width << " pixels";
    EXPECT_NE(seen.at("csv").get<std::string>().find("Natural,Majority,balanced_accuracy,10,"), std::string::npos)
        << seen.at("csv");
    EXPECT_NE(seen.at("tex").get<std::string>().find("\\toprule"), std::string::npos);
    EXPECT_NE(seen.at("tex").get<std::string>().find("two <sets> \\& three methods"), std::string::npos);
  }
}

TEST_F(Report, AHalfDoneStoreGivesAPageThatSaysSo) {
  run("[[methods]]\nname = \"majority\"\nlabel = \"Majority\"\n");
  std::ofstream(file("suite.toml"), std::ios::app) << "[[methods]]\nname = \"ridge\"\nlabel = \"Ridge\"\n";
  EXPECT_EQ(scant({"--data", file("data"), "report", file("suite.toml"), "--store", file("store"), "--out",
                   file("page.html"), "--images", "0"}),
            3)
      << err_;
  EXPECT_NE(content(file("page.html")).find("runs of Ridge are missing"), std::string::npos);
  EXPECT_EQ(scant({"report", file("suite.toml"), "--store", file("nowhere"), "--out", file("page.html")}), 2);
}

TEST_F(Report, WatchWritesThePageAgainUntilTheSuiteIsComplete) {
  run("[[methods]]\nname = \"majority\"\nlabel = \"Majority\"\n");
  std::ofstream(file("suite.toml"), std::ios::app) << "[[methods]]\nname = \"ridge\"\nlabel = \"Ridge\"\n";
  std::filesystem::create_directory(file("watcher"));
  Process watcher({SCANT_BINARY_DIR "/scant", "report", file("suite.toml"), "--store", file("store"), "--out",
                   file("page.html"), "--images", "0", "--watch", "1"},
                  file("watcher"));
  ASSERT_EQ(
      scant({"--data", file("data"), "run", file("suite.toml"), "--out", file("store"), "--cache", file("cache")}), 0)
      << err_;
  EXPECT_EQ(watcher.wait(), 0) << watcher.err();
  EXPECT_NE(content(file("page.html")).find("\"complete\":true"), std::string::npos);
  EXPECT_NE(content(file("page.html")).find("\"live\":false"), std::string::npos);
}

}  // namespace
}  // namespace scant
