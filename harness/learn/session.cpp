// The life of one training, and the clock and the checkpoint around it.
#include "harness/learn/session.hpp"

#include <fmt/format.h>
#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <new>

#include "harness/core/metrics.hpp"
#include "harness/learn/answers.hpp"
#include "harness/learn/checkpoint.hpp"
#include "harness/learn/data_pool.hpp"
#include "harness/learn/device.hpp"
#include "harness/learn/judgement.hpp"

namespace scant {
namespace {

/// Peak resident memory of the process, or of the device's allocator.
std::int64_t peak_bytes(torch::Device device) {
  if (!device.is_cpu()) return peak_device_bytes(device);
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<std::int64_t>(usage.ru_maxrss) * 1024;
}

/// Adds the time of its life to a cost: device seconds at the trial's share, wall seconds in full.
class Stopwatch {
 public:
  Stopwatch(double& device_seconds, double& wall_seconds, double share, torch::Device device)
      : device_seconds_(device_seconds), wall_seconds_(wall_seconds), share_(share), device_(device) {}
  ~Stopwatch() {
    synchronise(device_);  // CUDA calls return before their work is done
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
    device_seconds_ += seconds * share_;
    wall_seconds_ += seconds;
  }
  Stopwatch(const Stopwatch&) = delete;
  Stopwatch& operator=(const Stopwatch&) = delete;

 private:
  double &device_seconds_, &wall_seconds_;
  double share_;
  torch::Device device_;
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

SplitRole train_role_of(const Trial& trial) {
  return trial.stage == Stage::tune ? SplitRole::train : SplitRole::trainval;
}

/// What `fit` gets.
const Samples& training_view(const Trial& trial, DataPool& pool) {
  const SplitRole role = train_role_of(trial);
  if (trial.unlabelled) return pool.with_unlabelled(trial.split, role, trial.augment);
  return pool.samples(trial.split, role, role, trial.augment);
}

}  // namespace

struct Session::Impl {
  Trial trial;
  std::shared_ptr<DataPool> pool;
  torch::Device device;
  Tariff tariff;
  const Samples& train;
  std::unique_ptr<Method> method;
  Progress progress;
  Cost cost;
  std::map<std::string, JudgedImages> elsewhere;  // of judges that transfer, by their labels
  bool touched = false;                           // since build(): restore() has something to undo
  bool tested = false;
  WorkQueue queue{device};  // what the trial asks of a GPU, whichever thread works on it

  SplitRole train_role() const { return train_role_of(trial); }
  const Samples& samples(SplitRole role) { return pool->samples(trial.split, role, train_role(), trial.augment); }

  Task task() const { return {trial, train.channels(), pool->classes(), train.side(), device}; }

  void build() {
    const auto entry = methods().find(trial.method);
    if (entry == methods().end()) throw InputError(fmt::format("unknown method \"{}\"", trial.method));
    method = entry->second.make(trial.params);
    method->build(task());
    progress = {};
    cost = {.reference_speed = tariff.reference_speed};
    touched = false;
  }

  const Samples& training_images(const Judge& judge) {
    return judge.transfers() ? elsewhere.at(judge.label).train : samples(train_role());
  }
  const Samples& test_images(const Judge& judge) {
    return judge.transfers() ? elsewhere.at(judge.label).test : samples(SplitRole::test);
  }
  int classes(const Judge& judge) const {
    return judge.transfers() ? elsewhere.at(judge.label).classes : pool->classes();
  }

  /// What the judge has learnt from the labelled training images; in tuning it may look at validation images, too.
  std::unique_ptr<Judgement> judged_by(const Judge& judge) {
    const Samples* val = trial.stage == Stage::tune ? &samples(SplitRole::val) : nullptr;
    const std::uint64_t seed = trial.seed("judge/" + judge.label);
    const Samples& images = training_images(judge);
    const Task task{trial, images.channels(), classes(judge), images.side(), device};
    return make_judgement(judge, *method, {.task = task, .train = images, .val = val, .seed = seed});
  }

  TestScore score(const Judge& judge) {
    const Samples& images = test_images(judge);
    return score_of(answers(images, *judged_by(judge), device, /*with_probabilities=*/true), classes(judge));
  }

  /// Turns running out of memory into a failure of this trial; other errors of torch are bugs and pass.
  template <class Work>
  auto guarded(const Work& work) {
    try {
      return work();
    } catch (const std::bad_alloc&) {
      throw TrialFailure("out of memory");
    } catch (const c10::Error& error) {
      const std::string text = error.what_without_backtrace();
      // The CPU allocator says "can't allocate memory" or "not enough memory", CUDA's "out of memory".
      const bool memory = text.find("memory") != std::string::npos &&
                          (text.find("out of") != std::string::npos || text.find("allocate") != std::string::npos ||
                           text.find("not enough") != std::string::npos);
      if (memory) throw TrialFailure("out of memory: " + text.substr(0, text.find('\n')));
      throw;
    }
  }
};

Session::Session(const Trial& trial, std::shared_ptr<DataPool> pool, torch::Device device, const Tariff& tariff,
                 const TransferPools& transfers) {
  const Samples& train = training_view(trial, *pool);
  impl_.reset(new Impl{.trial = trial,
                       .pool = std::move(pool),
                       .device = device,
                       .tariff = tariff,
                       .train = train,
                       .method = nullptr,
                       .progress = {},
                       .cost = {},
                       .elsewhere = {}});
  const WorkQueue::Use use(impl_->queue);
  for (const Judge& judge : trial.judges) {
    if (const auto found = transfers.find(judge.label); found != transfers.end()) {
      impl_->elsewhere.emplace(judge.label, images_on(judge, *found->second, train.normalisation()));
    }
  }
  impl_->guarded([this] { impl_->build(); });
}

Session::~Session() = default;

bool Session::train_until(int epoch, const std::function<bool()>& interrupted) {
  Impl& self = *impl_;
  if (epoch > self.trial.epochs) {
    throw std::logic_error(fmt::format("epoch {} of a trial planned for {}", epoch, self.trial.epochs));
  }
  self.touched = true;
  const WorkQueue::Use use(self.queue);
  self.guarded([&] {
    const Stopwatch watch(self.cost.train_seconds, self.cost.wall_seconds, self.tariff.share, self.device);
    FitContext context{self.train, epoch, self.progress, interrupted};
    self.method->fit(context);
    self.cost.data_seconds += context.data_seconds * self.tariff.share;
  });
  self.cost.images = self.progress.images;
  self.cost.peak_bytes = std::max(self.cost.peak_bytes, peak_bytes(self.device));
  return self.progress.epochs_done >= epoch;
}

int Session::epochs_done() const {
  return impl_->progress.epochs_done;
}

double Session::validate() {
  Impl& self = *impl_;
  const WorkQueue::Use use(self.queue);
  return self.guarded([&] {
    const Samples& samples = self.samples(SplitRole::val);
    const Stopwatch watch(self.cost.evaluation_seconds, self.cost.wall_seconds, self.tariff.share, self.device);
    const auto judgement = self.judged_by(self.trial.judges.front());
    const Answers given = answers(samples, *judgement, self.device, /*with_probabilities=*/false);
    return accuracy(given.truth, given.predicted);
  });
}

TestScores Session::test() {
  Impl& self = *impl_;
  if (self.trial.stage != Stage::final) throw std::logic_error("test data is sealed for a tuning trial");
  if (self.tested) throw std::logic_error("test data was opened before for this trial");
  self.tested = true;
  const WorkQueue::Use use(self.queue);
  return self.guarded([&] {
    self.samples(SplitRole::test);  // prepared before the clock starts
    const Stopwatch watch(self.cost.test_seconds, self.cost.wall_seconds, self.tariff.share, self.device);
    TestScores scores;
    for (const Judge& judge : self.trial.judges) {
      if (judge.transfers() && !can_judge(judge, *self.method, self.training_images(judge))) continue;
      scores.emplace_back(judge.label, self.score(judge));
    }
    return scores;
  });
}

void Session::save(const std::filesystem::path& file) const {
  const WorkQueue::Use use(impl_->queue);
  const Progress& done = impl_->progress;
  const Json progress = {{"epochs_done", done.epochs_done},
                         {"images", done.images},
                         {"loss", done.loss},
                         {"accuracy", done.accuracy},
                         {"diagnostics", done.diagnostics}};
  save_checkpoint(file, impl_->method->state(),
                  {{"trial", impl_->trial.id()}, {"progress", progress}, {"cost", impl_->cost.to_json()}});
}

bool Session::restore(const std::filesystem::path& file) {
  Impl& self = *impl_;
  const WorkQueue::Use use(self.queue);
  Progress progress;
  Cost cost;
  auto accept = [&](const Json& about) {
    try {
      if (about.at("trial") != self.trial.id()) throw InputError("it belongs to another trial", {file.string()});
      cost = Cost::from_json(about.at("cost"));
      const Json& done = about.at("progress");
      progress.epochs_done = done.at("epochs_done");
      progress.images = done.at("images");
      progress.loss = done.at("loss").get<std::vector<double>>();
      progress.accuracy = done.at("accuracy").get<std::vector<double>>();
      progress.diagnostics = done.at("diagnostics").get<EmbeddingCurves>();
    } catch (const Json::exception& error) {
      throw InputError(error.what(), {file.string()});
    }
  };
  // A method that trained may hold more than its tensors say (a schedule's position in the middle of an epoch).
  if (self.touched) self.build();
  if (!std::filesystem::exists(file)) return false;
  try {
    load_checkpoint(file, self.method->state(), accept);
  } catch (const InputError& error) {
    fmt::print(stderr, "scant: checkpoint not used, the trial starts again: {}\n", error.what());
    return false;
  }
  self.touched = true;
  self.progress = std::move(progress);
  self.cost = cost;
  self.cost.reference_speed = self.tariff.reference_speed;
  return true;
}

Method& Session::method() {
  return *impl_->method;
}

const Progress& Session::progress() const {
  return impl_->progress;
}

const Cost& Session::cost() const {
  return impl_->cost;
}

std::string Session::parameters_digest() const {
  const WorkQueue::Use use(impl_->queue);
  return digest_of(impl_->method->state());
}

std::string Session::data_digest() const {
  return impl_->pool->data_digest();
}

std::string Session::split_digest() const {
  return impl_->pool->split_digest(impl_->trial.split);
}

}  // namespace scant
