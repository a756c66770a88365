// Sessions: what a trial may see, that stopping and going on changes no bit, and that broken checkpoints are refused.
#include "harness/learn/session.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <new>
#include <thread>

#include "harness/core/json.hpp"
#include "harness/learn/data_pool.hpp"
#include "tests/learn/tiny_data.hpp"
#include "tests/learn/tiny_trial.hpp"
#include "tests/support/process.hpp"

namespace scant {
namespace {

using test::TemporaryFolder;
using test::tiny_dataset;

/// A method that misbehaves on request.
class Faulty : public Method {
 public:
  template <class V>
  void visit(V& p) {
    p("fault", fault, "what goes wrong", std::vector<Json>{"none", "bad_alloc", "torch_memory", "torch_bug"});
  }
  std::string fault = "none";

  void build(const Task& task) override { classes_ = task.classes; }
  void fit(FitContext& context) override {
    if (fault == "bad_alloc") throw std::bad_alloc();
    if (fault == "torch_memory") {
      // 2^50 floats: more than any address space of this machine.
      torch::empty({std::int64_t{1} << 50});
    }
    if (fault == "torch_bug") torch::zeros({2}).add_(torch::zeros({3}));
    while (context.progress.epochs_done < context.until) {
      if (context.interrupted()) return;
      ++context.progress.epochs_done;
      context.progress.images += context.train.size();
      tensor_ += 1;
    }
  }
  /// Right for class 0 only.
  torch::Tensor predict(const torch::Tensor& images) override {
    torch::Tensor scores = torch::zeros({images.size(0), classes_});
    scores.select(1, 0).fill_(1);
    return scores;
  }
  State state() override { return {{"tensor", tensor_}}; }

 private:
  int classes_ = 0;
  torch::Tensor tensor_ = torch::zeros({3});
};

const Register<Faulty> registered{{.name = "faulty", .summary = "for tests", .citation = ""}};

Trial faulty_trial(const std::string& fault = "none", Stage stage = Stage::tune) {
  Trial trial = test::tiny_trial("faulty", {{"fault", fault}}, "rn20", stage);
  trial.epochs = 4;
  return trial;
}

Trial network_trial(const std::string& backbone, Stage stage = Stage::tune) {
  Trial trial = faulty_trial("none", stage);
  trial.method = "xent";
  trial.params = {{"lr", 0.05}, {"batch_size", 10}};
  trial.backbone = backbone;
  trial.augment = {.kind = Augment::Kind::shift, .pad = 2, .hflip = true};
  return trial;
}

const std::function<bool()> never = [] { return false; };

TEST(Session, TestDataIsSealed) {
  const auto pool = make_data_pool(tiny_dataset(), torch::kCPU);
  Session tuning(faulty_trial(), pool, torch::kCPU);
  EXPECT_THROW(tuning.test(), std::logic_error);
  Session final_run(faulty_trial("none", Stage::final), pool, torch::kCPU);
  EXPECT_TRUE(final_run.train_until(4, never));
  const TestScore score = final_run.test().front().second;
  EXPECT_FALSE(score.calibration) << "scores that only rank the classes are no probabilities";
  EXPECT_DOUBLE_EQ(score.accuracy, 0.25);
  EXPECT_DOUBLE_EQ(score.balanced_accuracy, 0.25);
  EXPECT_EQ(score.truth.size(), tiny_dataset()->stored[0].test.size());
  EXPECT_EQ(score.predicted, std::vector<int>(score.truth.size(), 0));
  EXPECT_THROW(final_run.test(), std::logic_error);
  EXPECT_GT(final_run.cost().test_seconds, 0);
}

TEST(Session, StageDecidesTheTrainingData) {
  const auto dataset = tiny_dataset();
  const auto pool = make_data_pool(dataset, torch::kCPU);
  Session tuning(faulty_trial(), pool, torch::kCPU), final_run(faulty_trial("none", Stage::final), pool, torch::kCPU);
  tuning.train_until(1, never);
  final_run.train_until(1, never);
  EXPECT_EQ(tuning.cost().images, static_cast<std::int64_t>(dataset->stored[0].train.size()));
  EXPECT_EQ(final_run.cost().images, static_cast<std::int64_t>(dataset->stored[0].trainval.size()));
  EXPECT_DOUBLE_EQ(tuning.validate(), 0.25);
  EXPECT_EQ(tuning.split_digest(), dataset->stored[0].digest());
  EXPECT_EQ(tuning.data_digest(), dataset->bank.digest);
}

/// Learns nothing and embeds an image as its own pixels.
class Pixels : public Method {
 public:
  template <class V>
  void visit(V&) {}
  void build(const Task& task) override { classes_ = task.classes; }
  void fit(FitContext& context) override {
    context.progress.images += context.train.size();
    context.progress.epochs_done = context.until;
  }
  torch::Tensor predict(const torch::Tensor& images) override { return torch::zeros({images.size(0), classes_}); }
  torch::Tensor embed(const torch::Tensor& images) override { return images.flatten(1); }
  State state() override { return {}; }

 private:
  int classes_ = 0;
};

const Register<Pixels> pixels{{.name = "pixels", .summary = "for tests", .citation = "", .unlabelled = true}};

TEST(Session, JudgesReadTheEmbedding) {
  const auto pool = make_data_pool(tiny_dataset(), torch::kCPU);
  Trial trial = faulty_trial("none", Stage::final);
  trial.method = "pixels";
  trial.params = Json::object();
  trial.judges = {{"5-NN", "knn", {{"k", 5}}},
                  {},
                  {"logistic", "logistic", Json::object()},
                  {"linear", "linear", {{"epochs", 20}}},
                  {"2 labels", "knn", {{"k", 1}, {"labels_per_class", 2}}},
                  {"a tenth", "knn", {{"k", 1}, {"label_share", 0.1}}}};
  Session session(trial, pool, torch::kCPU);
  session.train_until(4, never);
  const TestScores scores = session.test();
  ASSERT_EQ(scores.size(), 6u);
  EXPECT_EQ(scores[0].first, "5-NN");
  EXPECT_EQ(scores[0].second.accuracy, 1) << "stripes are told apart by their pixels";
  EXPECT_EQ(scores[1].second.accuracy, 0.25) << "its own predictions are all class 0";
  EXPECT_EQ(scores[2].second.accuracy, 1);
  EXPECT_EQ(scores[3].second.accuracy, 1);
  EXPECT_GT(scores[4].second.accuracy, 0.5);
  EXPECT_GT(scores[5].second.accuracy, 0.25) << "one image of each class";
  trial.stage = Stage::tune;
  Session tuning(trial, pool, torch::kCPU);
  tuning.train_until(4, never);
  EXPECT_EQ(tuning.validate(), 1) << "the first judge decides in tuning";
}

TEST(Session, AJudgeTakesTheEmbeddingToAnotherDataSet) {
  const auto pool = make_data_pool(tiny_dataset(), torch::kCPU);
  const auto other = make_data_pool(tiny_dataset(6, 8, 12), torch::kCPU);  // six classes of other stripes
  Trial trial = faulty_trial("none", Stage::final);
  trial.judges = {{}, {"moved", "knn", {{"k", 1}}}};
  trial.judges[1].on = {
      {"dataset", "tiny"}, {"options", Json::object()}, {"split", 0}, {"augment", trial.augment.to_json()}};
  {
    Session blind(trial, pool, torch::kCPU, {}, {{"moved", other}});
    blind.train_until(4, never);
    EXPECT_EQ(blind.test().size(), 1u) << "without an embedding nothing can be taken along";
  }
  trial.method = "pixels";
  trial.params = Json::object();
  Session session(trial, pool, torch::kCPU, {}, {{"moved", other}});
  session.train_until(4, never);
  const TestScores scores = session.test();
  ASSERT_EQ(scores.size(), 2u);
  EXPECT_EQ(scores[1].first, "moved");
  EXPECT_EQ(scores[1].second.truth.size(), 12u) << "the other data set's test images";
  EXPECT_GT(scores[1].second.accuracy, 0.6);
}

TEST(Session, ABaselineWithoutAnEmbeddingSpeaksForItself) {
  const auto pool = make_data_pool(tiny_dataset(), torch::kCPU);
  Trial trial = faulty_trial("none", Stage::final);
  trial.judges = {{"knn", "knn", Json::object()}};
  Session session(trial, pool, torch::kCPU);
  session.train_until(4, never);
  EXPECT_EQ(session.test().front().second.accuracy, 0.25);
}

TEST(Session, FineTuningLeavesTheMethodAsItWas) {
  const auto pool = make_data_pool(tiny_dataset(), torch::kCPU);
  Trial trial = network_trial("wrn-10-1", Stage::final);
  trial.epochs = 1;
  trial.judges = {{"finetune", "finetune", {{"epochs", 12}, {"lr", 0.05}, {"batch_size", 8}}}, {}};
  Session session(trial, pool, torch::kCPU);
  session.train_until(1, never);
  const std::string before = session.parameters_digest();
  const TestScores scores = session.test();
  EXPECT_EQ(session.parameters_digest(), before);
  EXPECT_GT(scores[0].second.accuracy, 0.7);
  EXPECT_GT(scores[0].second.accuracy, scores[1].second.accuracy);
  ASSERT_TRUE(scores[1].second.calibration) << "cross-entropy has probabilities";
  EXPECT_GT(scores[1].second.calibration->log_loss, 0);
  EXPECT_LE(scores[1].second.calibration->expected_error, 1);
}

TEST(Session, UnlabelledImagesComeWithoutTheirLabelsAndWithoutValOrTest) {
  auto dataset = std::make_shared<Dataset>(*tiny_dataset());
  Split& split = dataset->stored[0];
  split.unlabelled.assign(split.train.begin() + 8, split.train.end());
  split.train.resize(8);
  split.trainval = split.train;
  split.trainval.insert(split.trainval.end(), split.val.begin(), split.val.end());
  const auto pool = make_data_pool(dataset, torch::kCPU);
  Trial trial = faulty_trial();
  trial.method = "pixels";
  trial.params = Json::object();
  trial.unlabelled = true;
  Session session(trial, pool, torch::kCPU);
  session.train_until(1, never);
  EXPECT_EQ(session.cost().images, 8 + static_cast<std::int64_t>(split.unlabelled.size()));
  const Samples& seen = pool->with_unlabelled(0, SplitRole::train, trial.augment);
  EXPECT_EQ(seen.size(), 8 + static_cast<std::int64_t>(split.unlabelled.size()));
  EXPECT_EQ(seen.labels().narrow(0, 0, 8).lt(0).sum().item<std::int64_t>(), 0);
  EXPECT_EQ(seen.labels().narrow(0, 8, seen.size() - 8).ne(-1).sum().item<std::int64_t>(), 0);
  EXPECT_EQ(seen.normalisation().mean,
            pool->samples(0, SplitRole::train, SplitRole::train, trial.augment).normalisation().mean);
}

TEST(Session, MemoryExhaustionFailsTheTrialAndBugsPass) {
  const auto pool = make_data_pool(tiny_dataset(), torch::kCPU);
  for (const char* fault : {"bad_alloc", "torch_memory"}) {
    Session session(faulty_trial(fault), pool, torch::kCPU);
    EXPECT_THROW(session.train_until(1, never), TrialFailure) << fault;
  }
  Session bug(faulty_trial("torch_bug"), pool, torch::kCPU);
  EXPECT_THROW(bug.train_until(1, never), c10::Error);
}

TEST(Session, RefusesUnknownMethodsParametersAndEpochs) {
  const auto pool = make_data_pool(tiny_dataset(), torch::kCPU);
  Trial unknown = faulty_trial();
  unknown.method = "no-such-method";
  EXPECT_THROW(Session(unknown, pool, torch::kCPU), InputError);
  EXPECT_THROW(Session(faulty_trial("no-such-fault"), pool, torch::kCPU), InputError);
  Session session(faulty_trial(), pool, torch::kCPU);
  EXPECT_THROW(session.train_until(5, never), std::logic_error);
}

TEST(Session, ChargesItsShareOfTheDevice) {
  const auto pool = make_data_pool(tiny_dataset(), torch::kCPU);
  Session session(faulty_trial(), pool, torch::kCPU, {.share = 0.25});
  session.train_until(4, never);
  session.validate();
  const Cost& cost = session.cost();
  EXPECT_GT(cost.train_seconds, 0);
  EXPECT_NEAR(cost.train_seconds + cost.evaluation_seconds, 0.25 * cost.wall_seconds, 1e-12);
  EXPECT_GT(cost.peak_bytes, 1 << 20);
}

TEST(Session, InterruptionKeepsTheLastCheckpoint) {
  const TemporaryFolder folder;
  const auto file = folder.path() / "a.safetensors";
  const auto pool = make_data_pool(tiny_dataset(), torch::kCPU);
  Session session(faulty_trial(), pool, torch::kCPU);
  EXPECT_TRUE(session.train_until(2, never));
  session.save(file);
  const std::string digest = session.parameters_digest();
  int asked = 0;
  EXPECT_FALSE(session.train_until(4, [&] { return ++asked > 1; }));
  EXPECT_NE(session.parameters_digest(), digest);
  EXPECT_TRUE(session.restore(file));
  EXPECT_EQ(session.epochs_done(), 2);
  EXPECT_EQ(session.parameters_digest(), digest);
  EXPECT_FALSE(session.restore(folder.path() / "absent"));
  EXPECT_EQ(session.epochs_done(), 0);
}

class Checkpoints : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!methods().contains("xent")) GTEST_SKIP() << "the method xent is not built in";
  }
  TemporaryFolder folder_;
  std::filesystem::path file_ = folder_.path() / "trial.safetensors";
  std::shared_ptr<DataPool> pool_ = make_data_pool(tiny_dataset(), torch::kCPU);
};

TEST_F(Checkpoints, GoingOnEqualsNeverHavingStopped) {
  for (const char* backbone : {"rn20", "wrn-10-1"}) {
    const Trial trial = network_trial(backbone, Stage::final);
    Session whole(trial, pool_, torch::kCPU);
    ASSERT_TRUE(whole.train_until(4, never));
    {
      Session first(trial, pool_, torch::kCPU);
      ASSERT_TRUE(first.train_until(2, never));
      first.save(file_);
    }
    Session second(trial, pool_, torch::kCPU);
    EXPECT_NE(second.parameters_digest(), whole.parameters_digest());
    ASSERT_TRUE(second.restore(file_));
    EXPECT_EQ(second.epochs_done(), 2);
    ASSERT_TRUE(second.train_until(4, never));
    EXPECT_EQ(second.parameters_digest(), whole.parameters_digest()) << backbone;
    EXPECT_EQ(second.progress().loss, whole.progress().loss);
    EXPECT_EQ(second.progress().accuracy, whole.progress().accuracy);
    EXPECT_EQ(second.cost().images, whole.cost().images);
    EXPECT_EQ(second.test().front().second.predicted, whole.test().front().second.predicted);
  }
}

TEST_F(Checkpoints, InterruptedInTheMiddleOfAnEpoch) {
  const Trial trial = network_trial("rn20");
  Session whole(trial, pool_, torch::kCPU);
  whole.train_until(3, never);
  Session session(trial, pool_, torch::kCPU);
  session.train_until(1, never);
  session.save(file_);
  int asked = 0;
  // Two batches into the second epoch.
  EXPECT_FALSE(session.train_until(3, [&] { return ++asked > 2; }));
  ASSERT_TRUE(session.restore(file_));
  EXPECT_TRUE(session.train_until(3, never));
  EXPECT_EQ(session.parameters_digest(), whole.parameters_digest());
  EXPECT_EQ(session.progress().loss, whole.progress().loss);
}

TEST_F(Checkpoints, DamagedOrForeignOnesAreRefused) {
  const Trial trial = network_trial("rn20");
  Session source(trial, pool_, torch::kCPU);
  source.train_until(1, never);
  source.save(file_);
  const std::string good = test::content(file_);
  const std::string fresh = Session(trial, pool_, torch::kCPU).parameters_digest();

  Trial other = trial;
  other.index = 1;
  Session foreign(other, pool_, torch::kCPU);
  const std::string foreign_digest = foreign.parameters_digest();
  EXPECT_FALSE(foreign.restore(file_));
  EXPECT_EQ(foreign.parameters_digest(), foreign_digest);
  EXPECT_EQ(foreign.epochs_done(), 0);

  auto write = [&](const std::string& bytes) { std::ofstream(file_, std::ios::binary | std::ios::trunc) << bytes; };
  std::string flipped = good;
  flipped[flipped.size() - 9] ^= 1;  // one bit of a tensor
  for (const std::string& bytes : {std::string(), good.substr(0, 100), good.substr(0, good.size() - 1), flipped}) {
    write(bytes);
    Session session(trial, pool_, torch::kCPU);
    EXPECT_FALSE(session.restore(file_)) << bytes.size();
    EXPECT_EQ(session.parameters_digest(), fresh);
    EXPECT_EQ(session.epochs_done(), 0);
  }
  write(good);
  Session session(trial, pool_, torch::kCPU);
  EXPECT_TRUE(session.restore(file_));
  EXPECT_EQ(session.parameters_digest(), source.parameters_digest());
}

TEST_F(Checkpoints, SideBySideEqualsOneAfterTheOther) {
  auto train = [&](int index) {
    set_compute_threads(1);
    Trial trial = network_trial("rn20");
    trial.index = index;
    Session session(trial, pool_, torch::kCPU);
    session.train_until(2, never);
    return session.parameters_digest() + std::to_string(session.validate());
  };
  const int before = at::get_num_threads();
  const std::string a = train(0), b = train(1);
  EXPECT_NE(a, b);
  std::string c, d;
  std::thread first([&] { c = train(0); }), second([&] { d = train(1); });
  first.join();
  second.join();
  EXPECT_EQ(a, c);
  EXPECT_EQ(b, d);
  at::set_num_threads(before);
}

TEST_F(Checkpoints, BaselinesRestoreTensorsWhoseSizeFitDecides) {
  for (const char* method : {"knn", "ridge", "majority"}) {
    Trial trial = faulty_trial("none", Stage::final);
    trial.method = method;
    trial.params = Json::object();
    trial.epochs = 1;
    Session source(trial, pool_, torch::kCPU);
    ASSERT_TRUE(source.train_until(1, never));
    source.save(file_);
    Session copy(trial, pool_, torch::kCPU);
    ASSERT_TRUE(copy.restore(file_)) << method;
    EXPECT_EQ(copy.parameters_digest(), source.parameters_digest());
    EXPECT_EQ(copy.test().front().second.predicted, source.test().front().second.predicted) << method;
  }
}

}  // namespace
}  // namespace scant
