// Encoders in files: what comes back, what is refused and by which name, and what other programs read and write.
#include "harness/learn/encoder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <functional>
#include <map>

#include "harness/core/error.hpp"
#include "harness/learn/checkpoint.hpp"
#include "harness/learn/embedding.hpp"
#include "harness/learn/probe/finetune.hpp"
#include "harness/learn/probe/probe.hpp"
#include "harness/learn/session.hpp"
#include "tests/learn/tiny_data.hpp"
#include "tests/learn/tiny_trial.hpp"
#include "tests/support/process.hpp"

namespace scant {
namespace {

using test::TemporaryFolder;
using test::tiny_dataset;
using testing::HasSubstr;

Trial trial_of(const std::string& method, const std::string& backbone, const Json& params = {{"batch_size", 8}}) {
  Trial trial = test::tiny_trial(method, params, backbone, Stage::final);
  trial.epochs = 2;
  return trial;
}

/// What an InputError of `work` says; empty if there is none.
template <class Work>
std::string refusal(const Work& work) {
  try {
    work();
  } catch (const InputError& error) {
    return error.what();
  }
  return {};
}

class Encoders : public testing::TestWithParam<const char*> {
 protected:
  TemporaryFolder folder_;
  std::filesystem::path file_ = folder_.path() / "encoder.safetensors";
};

TEST_P(Encoders, AnotherProgramEmbedsAsTheTrainedMethodDid) {
  const auto pool = make_data_pool(tiny_dataset(), torch::kCPU);
  const Trial trial = trial_of(GetParam(), "rn20");
  Session session(trial, pool, torch::kCPU);
  ASSERT_TRUE(session.train_until(2, [] { return false; }));
  save_encoder(file_, session.method(), {{"trial", trial.to_json()}, {"channels", 3}});
  const auto data = tiny_dataset();
  const std::shared_ptr<const ImageBank> bank(data, &data->bank);
  const Batch batch = Samples(bank, {0, 5, 9}, {}, {{0, 0, 0}, {1, 1, 1}}, torch::kCPU).plain(0, 3);
  // Seven classes where there were four: the classifier is left out, features stay.
  const LoadedEncoder loaded = load_encoder(read_encoder(file_), "", 3, 7, 12, torch::kCPU);
  const torch::Tensor features = loaded.method->embed(batch.images);
  EXPECT_TRUE(features.equal(session.method().embed(batch.images)));
  EXPECT_EQ(features.size(0), 3);
  EXPECT_THAT(refusal([&] { load_encoder(read_encoder(file_), "", 13, 4, 12, torch::kCPU); }),
              HasSubstr("of 3 channels; these have 13"));
  EXPECT_THAT(refusal([&] { load_encoder(read_encoder(file_), "rn32", 3, 4, 12, torch::kCPU); }),
              HasSubstr("of rn20, not of rn32"));
}

INSTANTIATE_TEST_SUITE_P(Methods, Encoders, testing::Values("xent", "harmonic", "ole", "dvp"));

class Weights : public testing::Test {
 protected:
  std::shared_ptr<Backbone> network(int classes = 4, const std::string& name = "rn18", std::uint64_t seed = 1) {
    Random random(seed);
    return make_backbone({.name = name, .channels = 3, .classes = classes}, random);
  }
  /// The file's tensors, changed, read back.
  EncoderFile stored(const std::function<void(State&)>& change) {
    State state = module_state(*network());
    for (auto& [name, tensor] : state) tensor = tensor.detach().clone();
    change(state);
    save_tensors(file_, state, {});
    return read_encoder(file_);
  }
  static void remove(State& state, const std::string& name) {
    std::erase_if(state, [&](const auto& entry) { return entry.first == name; });
  }
  static torch::Tensor& at(State& state, const std::string& name) {
    return std::find_if(state.begin(), state.end(), [&](const auto& entry) { return entry.first == name; })->second;
  }

  TemporaryFolder folder_;
  std::filesystem::path file_ = folder_.path() / "weights.safetensors";
};

TEST_F(Weights, OfHalfPrecisionAndWithoutCountersLoad) {
  const EncoderFile file = stored([](State& state) {
    for (auto& [name, tensor] : state) {
      if (tensor.is_floating_point()) tensor = tensor.to(torch::kFloat16);
    }
    std::erase_if(state, [](const auto& entry) { return entry.first.ends_with("num_batches_tracked"); });
  });
  const auto target = network(4, "rn18", 2);
  EXPECT_TRUE(load_weights(file, *target).empty());
  const State have = module_state(*target), want = module_state(*network());
  for (std::size_t i = 0; i < want.size(); ++i) {
    EXPECT_TRUE(torch::allclose(have[i].second, want[i].second, 1e-3, 1e-6)) << want[i].first;
  }
}

TEST_F(Weights, ThatDoNotFitNameEveryTensorAndChangeNothing) {
  const EncoderFile file = stored([](State& state) {
    remove(state, "layer1.0.conv1.weight");
    at(state, "bn1.weight") = torch::ones({32});
    state.emplace_back("layer5.0.conv1.weight", torch::ones({1}));
  });
  const auto target = network(4, "rn18", 2);
  const std::string before = digest_of(module_state(*target)), text = refusal([&] { load_weights(file, *target); });
  EXPECT_THAT(text, HasSubstr("missing: layer1.0.conv1.weight"));
  EXPECT_THAT(text, HasSubstr("bn1.weight [32] instead of [64]"));
  EXPECT_THAT(text, HasSubstr("unknown to the network: layer5.0.conv1.weight"));
  EXPECT_EQ(digest_of(module_state(*target)), before);
}

TEST_F(Weights, AClassifierOfAnotherShapeIsLeftOut) {
  const EncoderFile file = stored([](State&) {});
  const auto target = network(7, "rn18", 2);
  const torch::Tensor classifier = target->fc->weight.detach().clone();
  EXPECT_THAT(load_weights(file, *target), testing::UnorderedElementsAre("fc.weight", "fc.bias"));
  EXPECT_TRUE(target->fc->weight.equal(classifier));
  EXPECT_TRUE(module_state(*target).front().second.equal(module_state(*network()).front().second));
}

TEST_F(Weights, FromElsewhereNeedANetworksName) {
  stored([](State&) {});
  EXPECT_THAT(refusal([&] { load_encoder(read_encoder(file_), "", 3, 4, 32, torch::kCPU); }), HasSubstr("name it"));
  const LoadedEncoder loaded = load_encoder(read_encoder(file_), "rn18", 3, 4, 32, torch::kCPU);
  EXPECT_TRUE(loaded.network().parameters().front().equal(network()->parameters().front()));
}

TEST_F(Weights, ThatWereChangedAreRefused) {
  const auto pool = make_data_pool(tiny_dataset(), torch::kCPU);
  Session session(trial_of("xent", "rn20"), pool, torch::kCPU);
  save_encoder(file_, session.method(), {{"trial", trial_of("xent", "rn20").to_json()}});
  std::string bytes = test::content(file_);
  bytes.back() = static_cast<char>(bytes.back() ^ 1);
  std::ofstream(file_, std::ios::binary) << bytes;
  EXPECT_THAT(refusal([&] { read_encoder(file_); }), HasSubstr("digest is wrong"));
  session.save(file_);
  EXPECT_THAT(refusal([&] { read_encoder(file_); }), HasSubstr("not an encoder"));
}

TEST_F(Weights, HaveTorchvisionsNamesAndShapes) {
  // Of torchvision's resnet50, by its published layout.
  const std::map<std::string, std::vector<std::int64_t>> some{{"conv1.weight", {64, 3, 7, 7}},
                                                              {"bn1.running_var", {64}},
                                                              {"bn1.num_batches_tracked", {}},
                                                              {"layer1.0.downsample.0.weight", {256, 64, 1, 1}},
                                                              {"layer1.0.downsample.1.bias", {256}},
                                                              {"layer3.5.conv2.weight", {256, 256, 3, 3}},
                                                              {"layer4.2.bn3.running_mean", {2048}},
                                                              {"fc.weight", {1000, 2048}},
                                                              {"fc.bias", {1000}}};
  const State state = module_state(*network(1000, "rn50"));
  EXPECT_EQ(state.size(), 320u);
  const std::map<std::string, torch::Tensor> by_name(state.begin(), state.end());
  for (const auto& [name, shape] : some) {
    ASSERT_TRUE(by_name.contains(name)) << name;
    EXPECT_EQ(by_name.at(name).sizes(), shape) << name;
  }
}

/// A safetensors file as its specification lays it out, byte by byte: what Python's library writes for these tensors.
TEST_F(Weights, WrittenByTheFormatsSpecificationAreRead) {
  const std::string header = R"({"__metadata__":{"format":"pt"},"b":{"dtype":"I64","shape":[],"data_offsets":[0,8]},)"
                             R"("a.weight":{"dtype":"F32","shape":[1,2],"data_offsets":[8,16]}})";
  const std::string padded = header + std::string((8 - header.size() % 8) % 8, ' ');
  std::string bytes;
  for (int i = 0; i < 8; ++i) bytes += static_cast<char>(padded.size() >> (8 * i) & 0xff);
  bytes += padded;
  bytes += std::string("\x05\0\0\0\0\0\0\0", 8);
  bytes += std::string("\0\0\x80\x3f\0\0\0\xc0", 8);  // 1.0F and -2.0F
  std::ofstream(file_, std::ios::binary) << bytes;
  const EncoderFile file = read_encoder(file_);
  EXPECT_TRUE(file.about.is_null());
  ASSERT_EQ(file.tensors.size(), 2u);
  EXPECT_EQ(file.tensors[0].first, "a.weight");
  EXPECT_TRUE(file.tensors[0].second.equal(torch::tensor({{1.0F, -2.0F}})));
  EXPECT_EQ(file.tensors[1].second.item<std::int64_t>(), 5);
}

TEST_F(Weights, PythonReadsThemWhereItIsThere) {
  stored([](State&) {});
  const std::string script = R"(import json,struct,sys
b=open(sys.argv[1],'rb').read(); n=struct.unpack('<Q',b[:8])[0]; h=json.loads(b[8:8+n]); d=b[8+n:]
t=h['conv1.weight']; lo,hi=t['data_offsets']; first=struct.unpack('<f',d[lo:lo+4])[0]
print(t['dtype'],*t['shape'],hi-lo,repr(first), max(v['data_offsets'][1] for k,v in h.items() if k!='__metadata__')==len(d)))";
  test::Process python({"/usr/bin/env", "python3", "-c", script, file_.string()}, folder_.path());
  if (python.wait() != 0) GTEST_SKIP() << "no python3: " << python.err();
  const double first = module_state(*network()).front().second.flatten()[0].item<double>();
  EXPECT_THAT(python.out(), testing::StartsWith("F32 64 3 7 7 37632 "));
  EXPECT_THAT(python.out(), HasSubstr("True"));
  EXPECT_NEAR(std::stod(python.out().substr(19)), first, 1e-12);
}

TEST(Finetune, LearnsAndRepeatsItsBits) {
  const auto data = tiny_dataset();
  const Samples train(std::shared_ptr<const ImageBank>(data, &data->bank), data->stored[0].trainval, {},
                      normalisation_of(data->bank, data->stored[0].trainval, {}), torch::kCPU);
  const auto tuned = [&](std::uint64_t seed, double lr) {
    Random random(1);
    const auto network = make_backbone({.name = "wrn-10-1", .channels = 3, .classes = 2}, random);
    FinetuneOptions options;
    options.epochs = 6;
    options.lr = lr;
    options.batch_size = 8;
    torch::nn::Linear head = fine_tune(*network, train, 4, options, seed, torch::kCPU, [] { return false; });
    return over_all(train, torch::kCPU,
                    [&](const torch::Tensor& images) { return head->forward(network->features(images)); });
  };
  const torch::Tensor scores = tuned(1, 0.05);
  EXPECT_GT(probe_accuracy(scores, train.labels()), 0.6) << "four classes";
  EXPECT_TRUE(scores.equal(tuned(1, 0.05)));
  EXPECT_FALSE(scores.equal(tuned(2, 0.05)));
  EXPECT_THROW(tuned(1, 1e30), TrialFailure);
}

}  // namespace
}  // namespace scant
