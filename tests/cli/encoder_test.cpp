// Training one encoder, judging it and writing its features, through the program's door on embedded data.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "harness/data/safetensors.hpp"
#include "tests/support/program.hpp"

namespace scant {
namespace {

using nlohmann::json;
using test::TemporaryFolder;

class EncoderCommands : public test::ProgramTest {
 protected:
  int scant(std::vector<std::string> words) {
    words.insert(words.begin(), {"--data", data().path().string()});
    return ProgramTest::scant(std::move(words));
  }
  /// Embedded data, generated once for all tests.
  static const TemporaryFolder& data() {
    static const TemporaryFolder folder;
    return folder;
  }
  /// A quick encoder, trained and written.
  std::string trained(const std::vector<std::string>& more = {}) {
    std::vector<std::string> words{"train",    "xent", "synthetic-natural", "--save",  file("encoder.safetensors"),
                                   "--epochs", "2",    "--backbone",        "wrn-10-1"};
    words.insert(words.end(), more.begin(), more.end());
    EXPECT_EQ(scant(words), 0) << err_;
    return file("encoder.safetensors");
  }
};

TEST_F(EncoderCommands, TrainWritesWhatTheRunWas) {
  const std::string encoder = trained({"--set", "lr=0.05", "--set", "batch_size=20", "--seed", "7"});
  EXPECT_NE(out_.find("test was not opened"), std::string::npos) << out_;
  const SafetensorsFile written = map_safetensors(encoder);
  EXPECT_EQ(written.metadata.at("format"), "pt");
  const json about = json::parse(written.metadata.at("scant.encoder"));
  EXPECT_EQ(about.at("trial").at("method"), "xent");
  EXPECT_EQ(about.at("trial").at("params"), json({{"lr", 0.05}, {"batch_size", 20}}));
  EXPECT_EQ(about.at("trial").at("epochs"), 2);
  EXPECT_EQ(about.at("normalisation").at("mean").size(), 3u);
  EXPECT_EQ(about.at("loss").size(), 2u);
  EXPECT_FALSE(about.at("environment").at("libtorch").get<std::string>().empty());
  EXPECT_FALSE(std::filesystem::exists(encoder + ".unfinished"));
  const std::string first = test::content(encoder);
  trained({"--set", "lr=0.05", "--set", "batch_size=20", "--seed", "7"});
  const SafetensorsFile again = map_safetensors(encoder);
  EXPECT_EQ(written.metadata.at("scant.digest"), again.metadata.at("scant.digest")) << "same seed, same bits";
  trained({"--set", "lr=0.05", "--set", "batch_size=20", "--seed", "8"});
  EXPECT_NE(written.metadata.at("scant.digest"), map_safetensors(encoder).metadata.at("scant.digest"));
}

TEST_F(EncoderCommands, TrainRefusesWhatASuiteWould) {
  EXPECT_EQ(scant({"train", "xnet", "synthetic-natural", "--save", file("a")}), 2);
  EXPECT_NE(err_.find("did you mean \"xent\"?"), std::string::npos) << err_;
  EXPECT_EQ(scant({"train", "xent", "synthetic-natural", "--save", file("a"), "--set", "rate=1"}), 2);
  EXPECT_NE(err_.find("no parameter \"rate\""), std::string::npos) << err_;
  EXPECT_EQ(scant({"train", "xent", "synthetic-natural", "--save", file("a"), "--set", "lr"}), 2);
  EXPECT_EQ(scant({"train", "xent", "synthetic-natural", "--save", file("a"), "--split", "17"}), 2);
  EXPECT_EQ(scant({"train", "ridge", "synthetic-natural", "--save", file("a")}), 2);
  EXPECT_NE(err_.find("no network"), std::string::npos) << err_;
  EXPECT_FALSE(std::filesystem::exists(file("a")));
}

TEST_F(EncoderCommands, EveryProbeScoresTestOnceAndSaysSo) {
  const std::string encoder = trained();
  for (const char* kind : {"knn", "logistic", "linear", "finetune"}) {
    std::vector<std::string> words{"--json", "probe", encoder, "synthetic-natural", "--probe", kind};
    if (std::string(kind) == "finetune") words.insert(words.end(), {"--set", "epochs=1"});
    ASSERT_EQ(scant(words), 0) << kind << err_;
    const json out = json::parse(out_);
    EXPECT_EQ(out.at("test_openings"), 1);
    EXPECT_EQ(out.at("labelled_images"), 300) << "20 + 10 of ten classes";
    EXPECT_GE(out.at("accuracy").get<double>(), 0.05) << kind;
    EXPECT_LE(out.at("balanced_accuracy").get<double>(), 1.0);
    EXPECT_GT(out.at("diagnostics").at("effective_rank").get<double>(), 1.0);
    const std::string first = out_;
    ASSERT_EQ(scant(words), 0);
    EXPECT_EQ(out_, first) << kind << " repeats itself";
  }
}

TEST_F(EncoderCommands, FewLabelsAreDrawnPerClass) {
  const std::string encoder = trained();
  ASSERT_EQ(scant({"--json", "probe", encoder, "synthetic-natural", "--labels-per-class", "1"}), 0) << err_;
  EXPECT_EQ(json::parse(out_).at("labelled_images"), 10);
  EXPECT_EQ(json::parse(out_).at("probe").at("c"), 1) << "nothing to choose by: the default\n" << out_;
  ASSERT_EQ(scant({"probe", encoder, "synthetic-natural", "--label-share", "0.1"}), 0) << err_;
  EXPECT_NE(out_.find("on 30 labelled images"), std::string::npos) << out_;
  EXPECT_NE(out_.find("test, opened once"), std::string::npos) << out_;
  EXPECT_EQ(scant({"probe", encoder, "synthetic-natural", "--label-share", "0.1", "--labels-per-class", "2"}), 2);
  EXPECT_EQ(scant({"probe", encoder, "synthetic-natural", "--set", "no_such=1"}), 2);
  EXPECT_NE(err_.find("it has norm, refit, c"), std::string::npos) << err_;
}

TEST_F(EncoderCommands, AnotherDataSetIsEmbeddedIfItsChannelsFit) {
  const std::string encoder = trained();
  ASSERT_EQ(scant({"--json", "embed", encoder, "synthetic-natural", "--out", file("f.safetensors"), "--role", "test",
                   "--map", file("map.svg")}),
            0)
      << err_;
  EXPECT_NE(err_.find("this opened the test images"), std::string::npos) << err_;
  const SafetensorsFile features = map_safetensors(file("f.safetensors"));
  const RawTensor &x = features.tensors.at("features"), &y = features.tensors.at("labels");
  EXPECT_EQ(x.dtype, "F32");
  ASSERT_EQ(x.shape.size(), 2u);
  EXPECT_EQ(x.shape[0], y.shape[0]);
  EXPECT_EQ(features.tensors.at("indices").shape, y.shape);
  EXPECT_EQ(json::parse(out_).at("dim"), x.shape[1]);
  EXPECT_NE(test::content(file("map.svg")).find("triangle"), std::string::npos) << "a legend entry for each class";
  ASSERT_EQ(scant({"embed", encoder, "synthetic-tissue", "--out", file("g.safetensors"), "--normalise", "data"}), 0)
      << err_;
  EXPECT_EQ(scant({"embed", encoder, "synthetic-spectral", "--out", file("h.safetensors")}), 2);
  EXPECT_NE(err_.find("3 channels"), std::string::npos) << err_;
}

}  // namespace
}  // namespace scant
