// Suite files: what is accepted, in which order settings override each other, and every error at once with its place.
#include "harness/core/suite.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "harness/core/hash.hpp"
#include "tests/core/fake_catalogue.hpp"

namespace scant {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

Suite parse(const std::string& text) {
  return parse_suite(text, "suites/small.toml", fake_catalogue());
}

/// The lines of the error that parsing gives; empty if it gives none.
std::vector<std::string> errors(const std::string& text) {
  try {
    parse(text);
  } catch (const InputError& error) {
    std::vector<std::string> lines;
    std::istringstream in(error.what());
    for (std::string line; std::getline(in, line);) lines.push_back(line);
    return lines;
  }
  return {};
}

const std::string data = "[[datasets]]\nname = \"cifair10\"\n";
const std::string xent = "[[methods]]\nname = \"xent\"\n";

TEST(Suite, SmallestFileGetsDefaults) {
  const Suite suite = parse(data + xent);
  EXPECT_EQ(suite.name, "small");
  EXPECT_EQ(suite.seed, 0u);
  EXPECT_EQ(suite.digest, sha256_hex(data + xent));
  ASSERT_EQ(suite.datasets.size(), 1u);
  EXPECT_EQ(suite.datasets[0].label, "ciFAIR-10");
  EXPECT_THAT(suite.datasets[0].splits, ElementsAre(0, 1, 2));
  EXPECT_EQ(suite.datasets[0].options, Json::object());
  ASSERT_EQ(suite.methods.size(), 1u);
  EXPECT_EQ(suite.methods[0].label, "xent");
  EXPECT_EQ(suite.methods[0].params, Json::object());
}

TEST(Suite, ReadsEveryKey) {
  const Suite suite = parse(R"(
name = "full"
description = "all keys"
seed = 7
[protocol]
backbone = "wrn-10-1"
epochs = 20
augment = { kind = "resized-crop", size = 64, min_scale = 0.4, hflip = true, vflip = true }
precision = "bf16"
compat = "gem"
trials = 8
grace = 5
reduction = 3
early_stopping = false
average_last = 1
virtual_workers = 2
winner = "max_rung"
final_runs = 3
budget = { device_seconds = 10, epochs = 100, trials = 4 }
space = { lr = { log_uniform = [1e-3, 1] }, kappa = { uniform = [0, 8] } }
[[datasets]]
name = "synthetic-natural"
label = "Natural"
splits = [0]
options = { difficulty = 0.5, domains = ["a", "b"] }
[[methods]]
name = "tvmf"
label = "t-vMF"
params = { mode = "fixed", lr = 1 }
space = { batch_size = { choice = [10, 50] } }
[[methods]]
name = "knn"
[table]
metric = "accuracy"
reference = "t-vMF"
decimals = 1
rows = ["knn", "t-vMF"]
columns = ["Natural"]
[[table.groups]]
title = "Baselines"
rows = ["knn"]
)");
  EXPECT_EQ(suite.name, "full");
  EXPECT_EQ(suite.seed, 7u);
  const DatasetEntry& dataset = suite.datasets.at(0);
  EXPECT_EQ(dataset.options.dump(), R"({"difficulty":0.5,"domains":["a","b"]})");
  EXPECT_EQ(dataset.protocol.to_json().dump(),
            R"({"augment":{"hflip":true,"kind":"resized-crop","min_scale":0.4,"pad":0,"size":64,"vflip":true},)"
            R"("average_last":1,"backbone":"wrn-10-1","budget":{"device_seconds":10.0,"epochs":100,"trials":4},)"
            R"("compat":"gem","early_stopping":false,"epochs":20,"final_runs":3,"grace":5,"precision":"bf16",)"
            R"("reduction":3,"space":{"kappa":{"uniform":[0.0,8.0]},"lr":{"log_uniform":[0.001,1.0]}},"trials":8,)"
            R"("virtual_workers":2,"winner":"max_rung"})");
  const MethodEntry& method = suite.methods.at(0);
  EXPECT_EQ(method.params.dump(), R"({"lr":1.0,"mode":"fixed"})");  // 1 is 1.0: the parameter is no whole number
  EXPECT_EQ(method.space.at("batch_size").to_json().dump(), R"({"choice":[10,50]})");
  EXPECT_EQ(suite.table.metric, "accuracy");
  EXPECT_EQ(suite.table.reference, "t-vMF");
  EXPECT_EQ(suite.table.decimals, 1);
  EXPECT_EQ(suite.table.rows, (std::vector<std::string>{"knn", "t-vMF"}));
  EXPECT_EQ(suite.table.columns, std::vector<std::string>{"Natural"});
  ASSERT_EQ(suite.table.groups.size(), 1u);
  EXPECT_EQ(suite.table.groups[0].title, "Baselines");
  EXPECT_EQ(suite.table.groups[0].rows, std::vector<std::string>{"knn"});
}

TEST(Suite, Judges) {
  const Suite suite =
      parse("[protocol]\nunlabelled = true\njudges = [\"linear\", { kind = \"knn\", k = 5, label = \"5-NN\" }]\n" +
            data + xent + "[table]\njudge = \"5-NN\"\n");
  const Protocol& protocol = suite.datasets[0].protocol;
  EXPECT_TRUE(protocol.unlabelled);
  ASSERT_EQ(protocol.judges.size(), 2u);
  EXPECT_EQ(protocol.judges[0].to_json().dump(), R"({"kind":"linear","label":"linear","params":{}})");
  EXPECT_EQ(protocol.judges[1].to_json().dump(), R"({"kind":"knn","label":"5-NN","params":{"k":5}})");
  EXPECT_EQ(judge_labels(suite), (std::vector<std::string>{"linear", "5-NN"}));
  EXPECT_EQ(suite.table.judge, "5-NN");
  EXPECT_TRUE(protocol.to_json().contains("judges"));
  EXPECT_FALSE(Protocol{}.to_json().contains("judges")) << "the default leaves identities alone";
}

TEST(Suite, AJudgeLooksOnAnotherDataSet) {
  const std::string two = "[[datasets]]\nname = \"cifair10\"\nsplits = [2]\nlabel = \"Source\"\n" +
                          std::string("[[datasets]]\nname = \"synthetic-natural\"\nlabel = \"Target\"\n");
  const auto with = [&](const std::string& judges) {
    return parse("[protocol]\njudges = " + judges + "\n" + two + xent);
  };
  const Suite suite = with(R"(["own", { kind = "knn", on = "Target", label = "moved" }])");
  const Judge& judge = suite.datasets[0].protocol.judges[1];
  EXPECT_TRUE(judge.transfers());
  EXPECT_EQ(judge.on.at("dataset"), "synthetic-natural");
  EXPECT_EQ(judge.on.at("split"), 0);
  EXPECT_EQ(judge.on.at("augment"), suite.datasets[1].protocol.augment.to_json());
  EXPECT_EQ(Judge::from_json(judge.to_json()), judge);
  EXPECT_FALSE(suite.datasets[0].protocol.judges[0].to_json().contains("on")) << "identities stay";
  for (const auto& [judges, complaint] : std::vector<std::pair<std::string, std::string>>{
           {R"(["own", { kind = "knn", on = "Targe" }])", "did you mean \"Target\""},
           {R"([{ kind = "knn", on = "Target" }])", "decides in tuning"},
           {R"(["knn", { kind = "own", label = "o", on = "Target" }])", "their own data set only"}}) {
    try {
      with(judges);
      FAIL() << judges;
    } catch (const InputError& error) {
      EXPECT_NE(std::string(error.what()).find(complaint), std::string::npos) << error.what();
    }
  }
}

TEST(Suite, JudgesAreChecked) {
  for (const auto& [judges, complaint] : std::vector<std::pair<std::string, std::string>>{
           {R"(["linnear"])", "did you mean \"linear\""},
           {R"([{ kind = "knn", c = 1.0 }])", "c"},
           {R"([{ kind = "knn", k = 0 }])", "k"},
           {R"([{ kind = "knn", k = 5 }, "knn"])", "give one of them a label"},
           {R"([{ label = "x" }])", "needs a kind"},
           {"[]", "at least one"},
           {"[1]", "a judge's name"}}) {
    try {
      parse("[protocol]\njudges = " + judges + "\n" + data + xent);
      FAIL() << judges;
    } catch (const InputError& error) {
      EXPECT_NE(std::string(error.what()).find(complaint), std::string::npos) << error.what();
    }
  }
}

TEST(Suite, EntryOverridesProtocolOverridesCardOverridesDefaults) {
  const Protocol built_in = parse("[[datasets]]\nname = \"synthetic-natural\"\n" + xent).datasets[0].protocol;
  EXPECT_EQ(built_in.to_json(), Protocol{}.to_json());

  const Protocol card = parse(data + xent).datasets[0].protocol;
  EXPECT_EQ(card.backbone, "wrn-16-8");
  EXPECT_EQ(card.epochs, 500);
  EXPECT_EQ(card.augment.kind, Augment::Kind::shift);
  EXPECT_EQ(card.trials, Protocol{}.trials);

  const std::string shared = "[protocol]\nepochs = 20\ntrials = 3\nbudget = { epochs = 50 }\n";
  const Protocol mixed = parse(shared + data + xent).datasets[0].protocol;
  EXPECT_EQ(mixed.epochs, 20);
  EXPECT_EQ(mixed.backbone, "wrn-16-8");
  EXPECT_EQ(mixed.augment.pad, 4);

  const Protocol own =
      parse(shared + data + "epochs = 9\nbudget = { trials = 2 }\naugment = { kind = \"none\" }\n" + xent)
          .datasets[0]
          .protocol;
  EXPECT_EQ(own.epochs, 9);
  EXPECT_EQ(own.trials, 3);
  EXPECT_EQ(own.budget.epochs, 50);  // keys of a budget override one by one
  EXPECT_EQ(own.budget.trials, 2);
  EXPECT_EQ(own.augment.kind, Augment::Kind::none);  // an augmentation overrides as a whole
  EXPECT_EQ(own.augment.pad, 0);
  EXPECT_FALSE(own.augment.hflip);
}

TEST(Suite, OverridesHoldForTheirDatasetOnly) {
  const Suite suite = parse("[protocol]\nspace = { lr = { choice = [1.0] } }\n" + data +
                            "epochs = 9\nspace = { lr = { choice = [2.0] } }\n[[datasets]]\nname = "
                            "\"synthetic-natural\"\n" +
                            xent);
  EXPECT_EQ(suite.datasets[0].protocol.space.at("lr").values[0], 2.0);
  EXPECT_EQ(suite.datasets[1].protocol.space.at("lr").values[0], 1.0);
  EXPECT_EQ(suite.datasets[1].protocol.epochs, Protocol{}.epochs);
}

TEST(SuiteErrors, AreListedAtOnceInOrderWithPlaceAndSuggestion) {
  const auto lines = errors(R"(nmae = "x"
[protocol]
epochs = 0
precison = "fp32"
compat = "gen"
[[datasets]]
name = "cifar10"
[[methods]]
name = "xnet"
[table]
decimals = "2"
)");
  EXPECT_THAT(lines,
              ElementsAre("suites/small.toml:1:1: unknown key \"nmae\" in the suite; did you mean \"name\"?",
                          "suites/small.toml:3:10: epochs is 0, but must be at least 1",
                          "suites/small.toml:4:1: unknown key \"precison\" in [protocol]; did you mean \"precision\"?",
                          "suites/small.toml:5:10: compat cannot be \"gen\"; did you mean \"gem\"?",
                          "suites/small.toml:7:8: unknown dataset \"cifar10\"; did you mean \"cifair10\"?",
                          "suites/small.toml:9:8: unknown method \"xnet\"; did you mean \"xent\"?",
                          "suites/small.toml:11:12: decimals must be a whole number, not a string"));
}

TEST(SuiteErrors, CarryThePlaceOfTheFirst) {
  try {
    parse("seed = -1\n" + data + xent);
    FAIL();
  } catch (const InputError& error) {
    EXPECT_EQ(error.place().file, "suites/small.toml");
    EXPECT_EQ(error.place().line, 1);
    EXPECT_EQ(error.place().column, 8);
  }
}

TEST(SuiteErrors, SyntaxHasAPlace) {
  EXPECT_THAT(errors("name = \"a\"\nseed = = 2\n"), ElementsAre(HasSubstr("suites/small.toml:2:8: ")));
}

TEST(SuiteErrors, AnEmptyFileLacksTwoThings) {
  const auto lines = errors("");
  ASSERT_EQ(lines.size(), 2u);
  EXPECT_THAT(lines[0], HasSubstr("[[datasets]]"));
  EXPECT_THAT(lines[1], HasSubstr("[[methods]]"));
}

struct Case {
  std::string name, text;
  int line;
  std::string message;
};

// For test listings: CMake makes test names of it, so it must be a plain word.
void PrintTo(const Case& one, std::ostream* out) {
  *out << one.name;
}

class OneError : public testing::TestWithParam<Case> {};

TEST_P(OneError, IsFoundWhereItStands) {
  SCOPED_TRACE(GetParam().text);
  const auto lines = errors(GetParam().text);
  ASSERT_EQ(lines.size(), 1u) << testing::PrintToString(lines);
  EXPECT_THAT(lines[0],
              AllOf(HasSubstr("small.toml:" + std::to_string(GetParam().line) + ":"), HasSubstr(GetParam().message)));
}

std::vector<Case> one_error_cases() {
  const std::string tvmf = "[[methods]]\nname = \"tvmf\"\n";  // its next line is the suite's fifth, after data
  return {
      {"UnknownParameter", data + tvmf + "params = { kapa = 1 }", 5,
       "method \"tvmf\" has no parameter \"kapa\"; did you mean \"kappa\"?"},
      {"IllegalValue", data + tvmf + "params = { kappa = -1 }", 5, "within [-0.5, 1000]"},
      {"IllegalName", data + tvmf + "params = { mode = \"fix\" }", 5, "one of"},
      {"FractionForWholeNumber", data + tvmf + "params = { width = 1.5 }", 5, "a whole number"},
      {"NanParameter", data + tvmf + "params = { kappa = nan }", 5, "must be finite"},
      {"UnknownSearched", data + tvmf + "space = { kapa = { uniform = [0, 1] } }", 5, "did you mean \"kappa\"?"},
      {"IllegalSpace", data + tvmf + "space = { kappa = { uniform = [-1, 1] } }", 5, "-1.0: it must be within"},
      {"IllegalChoice", data + tvmf + "space = { width = { choice = [8, 0] } }", 5, "cannot be 0"},
      {"SpaceOfNames", data + tvmf + "space = { mode = { uniform = [0, 1] } }", 5, "{ choice = [...] }"},
      {"EmptyChoice", data + tvmf + "space = { width = { choice = [] } }", 5, "at least one value"},
      {"RepeatedChoice", data + tvmf + "space = { width = { choice = [8, 8] } }", 5, "stands twice"},
      {"Backwards", data + tvmf + "space = { kappa = { uniform = [2, 1] } }", 5, "low must be below high"},
      {"LogOfZero", data + tvmf + "space = { kappa = { log_uniform = [0, 1] } }", 5, "above 0"},
      {"OneBound", data + tvmf + "space = { kappa = { uniform = [1] } }", 5, "two numbers"},
      {"TwoKinds", data + tvmf + "space = { kappa = { uniform = [0, 1], choice = [1] } }", 5, "write { uniform"},
      {"UnknownKind", data + tvmf + "space = { kappa = { unifrom = [0, 1] } }", 5, "did you mean \"uniform\"?"},
      {"FixedAndSearched", data + tvmf + "params = { kappa = 1 }\nspace = { kappa = { uniform = [0, 1] } }", 5,
       "both fixed in params and searched in space"},
      {"SameLabels", data + xent + tvmf + "label = \"xent\"", 7, "two methods have the label \"xent\""},
      {"SameTraining", data + xent + "[[methods]]\nname = \"xent\"\nlabel = \"again\"", 5, "the same as \"xent\""},
      {"SameStudies", data + data + "label = \"again\"\nsplits = [2]\n" + xent, 3, "repeats a split of \"ciFAIR-10\""},
      {"SplitBeyond", data + "splits = [0, 3]\n" + xent, 3, "has 3 splits, numbered from 0: there is no split 3"},
      {"SplitTwice", data + "splits = [1, 1]\n" + xent, 3, "listed twice"},
      {"NegativeSplit", data + "splits = [-1]\n" + xent, 3, "from 0"},
      {"NoSplit", data + "splits = []\n" + xent, 3, "at least one"},
      {"UnknownBackbone", data + "backbone = \"vgg\"\n" + xent, 3, "known: rn20, wrn-D-K"},
      {"Grace", data + "grace = 0\n" + xent, 3, "grace is 0"},
      {"Trials", data + "trials = 0\n" + xent, 3, "trials is 0"},
      {"Reduction", data + "reduction = 1\n" + xent, 3, "at least 2"},
      {"TooLarge", data + "epochs = 3000000000\n" + xent, 3, "at most 2147483647"},
      {"FractionalEpochs", data + "epochs = 2.0\n" + xent, 3, "whole number, not a number"},
      {"Precision", data + "precision = \"fp16\"\n" + xent, 3, "cannot be \"fp16\""},
      {"Winner", data + "winner = \"first\"\n" + xent, 3, "winner cannot be"},
      {"NegativeBudget", data + "budget = { epochs = -1 }\n" + xent, 3, "at least 0"},
      {"BudgetOfTwoKinds", data + "budget = { device_seconds = 1, reference_seconds = 2 }\n" + xent, 3, "not both"},
      {"BudgetKey", data + "budget = { epoch = 1 }\n" + xent, 3, "did you mean \"epochs\"?"},
      {"AugmentKind", data + "augment = { kind = \"shfit\" }\n" + xent, 3, "did you mean \"shift\"?"},
      {"AugmentWithoutKind", data + "augment = { pad = 4 }\n" + xent, 3, "needs a kind"},
      {"CropWithoutSize", data + "augment = { kind = \"resized-crop\" }\n" + xent, 3, "needs a size"},
      {"ScaleOfShift", data + "augment = { kind = \"shift\", min_scale = 0.4 }\n" + xent, 3, "belongs to"},
      {"ScaleOfZero", data + "augment = { kind = \"resized-crop\", size = 8, min_scale = 0 }\n" + xent, 3, "within"},
      {"PadOfCrop", data + "augment = { kind = \"resized-crop\", size = 8, pad = 4 }\n" + xent, 3, "belongs to"},
      {"SharedSpaceOfNobody", "[protocol]\nspace = { kapa = { uniform = [0, 1] } }\n" + data + tvmf, 2,
       "no method of this suite has a parameter \"kapa\"; did you mean \"kappa\"?"},
      {"SharedSpaceOfAnother", "[protocol]\nspace = { kappa = { uniform = [0, 1] } }\n" + data + xent, 2,
       "no method of this suite has a parameter \"kappa\""},
      {"Reference", data + xent + "[table]\nreference = \"Xent\"", 6, "did you mean \"xent\"?"},
      {"Metric", data + xent + "[table]\nmetric = \"f1\"", 6, "metric cannot be"},
      {"UnknownRow", data + xent + "[table]\nrows = [\"xnt\"]", 6, "rows cannot hold \"xnt\"; did you mean \"xent\"?"},
      {"RowTwice", data + xent + "[table]\nrows = [\"xent\", \"xent\"]", 6, "holds \"xent\" twice"},
      {"RowOfNumbers", data + xent + "[table]\nrows = [1]", 6, "must hold names"},
      {"UnknownColumn", data + xent + "[table]\ncolumns = [\"x\"]", 6, "columns cannot hold"},
      {"UntitledGroup", data + xent + "[[table.groups]]\nrows = [\"xent\"]", 5, "a group needs a title"},
      {"InTwoGroups",
       data + xent +
           "[[table.groups]]\ntitle = \"A\"\nrows = [\"xent\"]\n[[table.groups]]\ntitle = \"B\"\nrows = [\"xent\"]",
       8, "is in two groups"},
      {"NamelessMethod", data + "[[methods]]\nlabel = \"x\"", 3, "needs a name"},
      {"EmptyLabel", data + xent + "label = \"\"", 5, "must not be empty"},
      {"SingleBrackets", "[datasets]\nname = \"cifair10\"\n" + xent, 1, "write [[datasets]]"},
      {"FolderName", "name = \"a/b\"\n" + data + xent, 1, "becomes a folder"},
      {"Date", data + "options = { day = 2020-01-01 }\n" + xent, 3, "dates"},
  };
}

INSTANTIATE_TEST_SUITE_P(Suite, OneError, testing::ValuesIn(one_error_cases()),
                         [](const auto& info) { return info.param.name; });

TEST(SuiteErrors, ProtocolIsCheckedOnceHoweverManyDatasetsUseIt) {
  EXPECT_EQ(errors("[protocol]\nepochs = 0\n" + data + "[[datasets]]\nname = \"synthetic-natural\"\n" + xent).size(),
            1u);
}

TEST(SuiteErrors, AMisspeltMethodDoesNotMakeSharedSpacesUnknown) {
  EXPECT_THAT(
      errors("[protocol]\nspace = { kappa = { uniform = [0, 1] } }\n" + data + "[[methods]]\nname = \"tvfm\"\n"),
      ElementsAre(HasSubstr("did you mean \"tvmf\"?")));
}

TEST(ReadSuite, NamesAMissingFile) {
  try {
    read_suite("/nowhere/at/all.toml", fake_catalogue());
    FAIL();
  } catch (const InputError& error) {
    EXPECT_THAT(error.what(), HasSubstr("/nowhere/at/all.toml"));
  }
}

// What the program's own tests cannot see: that the head of a shipped suite tells its reader how to run it.
TEST(ShippedSuites, BeginWithTheirCommandAndTheExpectedResult) {
  int count = 0;
  for (const auto& entry : std::filesystem::directory_iterator(std::filesystem::path(SCANT_SOURCE_DIR) / "suites")) {
    if (entry.path().extension() != ".toml") continue;
    std::ifstream in(entry.path());
    std::string first, second;
    std::getline(in, first);
    std::getline(in, second);
    EXPECT_THAT(first, testing::StartsWith("# scant run suites/" + entry.path().filename().string()));
    EXPECT_THAT(second, testing::StartsWith("# Expected result: "));
    ++count;
  }
  EXPECT_GE(count, 4);
}

}  // namespace
}  // namespace scant
