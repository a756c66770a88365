// Declaring, listing, reading and refusing parameters.
#include "harness/core/params.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

namespace scant {
namespace {

using testing::HasSubstr;

struct Sample {
  double kappa = 16;
  int width = 64;
  bool nesterov = false;
  std::string mode = "learned";
  template <class V>
  void visit(V& p) {
    p("kappa", kappa, "concentration", Interval{-0.5, 1e3}, choice({4.0, 16.0, 64.0}));
    p("width", width, "units", Interval{1, 512});
    p("nesterov", nesterov, "look ahead", std::vector<Json>{true, false});
    p("mode", mode, "how", std::vector<Json>{"learned", "fixed"});
  }
};

std::string refusal(const ParamSpec& spec, const Json& value) {
  try {
    check_param(spec, value);
  } catch (const InputError& error) {
    return error.what();
  }
  return "accepted";
}

std::vector<ParamSpec> declared() {
  ParamLister lister;
  Sample().visit(lister);
  return lister.specs;
}

TEST(ParamLister, ListsDefaultsRangesAndSpaces) {
  const auto specs = declared();
  ASSERT_EQ(specs.size(), 4u);
  EXPECT_EQ(specs[0].name, "kappa");
  EXPECT_TRUE(specs[0].default_value.is_number_float());
  EXPECT_EQ(specs[0].search->to_json().dump(), R"({"choice":[4.0,16.0,64.0]})");
  EXPECT_TRUE(specs[1].default_value.is_number_integer());
  EXPECT_FALSE(specs[1].search);
  EXPECT_EQ(specs[3].one_of.size(), 2u);
}

TEST(ParamReader, SetsWhatIsNamedAndKeepsTheRest) {
  Sample sample;
  const Json values{{"kappa", 4}, {"mode", "fixed"}};
  ParamReader reader(values);
  sample.visit(reader);
  EXPECT_EQ(sample.kappa, 4.0);
  EXPECT_EQ(sample.mode, "fixed");
  EXPECT_EQ(sample.width, 64);
  const Json bad{{"width", 1000}};
  ParamReader refused(bad);
  EXPECT_THROW(sample.visit(refused), InputError);
  EXPECT_EQ(sample.width, 64);
}

TEST(CheckParam, NamesTheParameterTheValueAndWhatIsLegal) {
  const auto specs = declared();
  EXPECT_EQ(refusal(specs[0], -0.5), "accepted");
  EXPECT_EQ(refusal(specs[0], 1000), "accepted");
  EXPECT_THAT(refusal(specs[0], -0.6), AllOf(HasSubstr("\"kappa\""), HasSubstr("-0.6"), HasSubstr("[-0.5, 1000]")));
  EXPECT_THAT(refusal(specs[0], std::numeric_limits<double>::quiet_NaN()), HasSubstr("within"));
  EXPECT_THAT(refusal(specs[0], "4"), HasSubstr("a number"));
  EXPECT_THAT(refusal(specs[1], 64.0), HasSubstr("a whole number"));
  EXPECT_THAT(refusal(specs[1], 0), HasSubstr("within"));
  EXPECT_THAT(refusal(specs[2], 1), HasSubstr("one of [true,false]"));
  EXPECT_THAT(refusal(specs[3], "fix"), HasSubstr(R"(["learned","fixed"])"));
}

TEST(Space, HasOneJsonForm) {
  EXPECT_EQ(uniform(0, 1).to_json().dump(), R"({"uniform":[0.0,1.0]})");
  EXPECT_EQ(log_uniform(1e-4, 0.1).to_json().dump(), R"({"log_uniform":[0.0001,0.1]})");
}

TEST(NearestName, SuggestsWhatIsCloseAndNothingElse) {
  const std::vector<std::string> known{"cosine", "xent", "harmonic"};
  EXPECT_EQ(nearest_name("cosin", known), "cosine");
  EXPECT_EQ(nearest_name("xnet", known), "xent");
  EXPECT_EQ(nearest_name("zzzzzz", known), "");
  EXPECT_EQ(edit_distance("kitten", "sitting"), 3);
  EXPECT_EQ(edit_distance("", "abc"), 3);
}

}  // namespace
}  // namespace scant
