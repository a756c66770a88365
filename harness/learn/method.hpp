// What a method is: fit, predict, and the tensors needed to go on exactly. Registration is a typed object on the last
// line of the method's file.
#pragma once
#include <functional>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "harness/core/catalogue.hpp"
#include "harness/core/record.hpp"
#include "harness/core/trial.hpp"
#include "harness/learn/batches.hpp"
#include "harness/learn/compat.hpp"
#include "harness/learn/state.hpp"

namespace scant {

/// The task a method is built for. No test data in sight.
struct Task {
  Trial trial;  // parameters, backbone, epochs, compat, seeds
  int channels = 3, classes = 10, side = 32;
  torch::Device device{torch::kCPU};
};

/// A trial that cannot go on: NaN loss, out of memory. The suite does.
class TrialFailure : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Training so far, per epoch, and its cost.
struct Progress {
  int epochs_done = 0;
  std::vector<double> loss, accuracy;  // running averages over the epoch's batches, in training mode
  std::int64_t images = 0;
  EmbeddingCurves diagnostics;  // of the embedding after each epoch, where the method watches it
};

/// What `fit` gets. It trains from progress.epochs_done up to `until` epochs and returns; it may be called again with a
/// larger `until`, from another thread.
struct FitContext {
  const Samples& train;  // a method that says it learns from images without labels may get some, labelled -1
  int until = 0;
  Progress& progress;
  /// Asked before every batch and after every epoch; true means: return now. An epoch broken off is undone by the
  /// caller's checkpoint.
  std::function<bool()> interrupted = [] { return false; };
  double data_seconds = 0;  // the host's time for drawing batches is added here
};

class Backbone;

class Method {
 public:
  virtual ~Method() = default;
  /// Builds networks for a task; called once, before anything else. Throws InputError for a combination that makes no
  /// sense.
  virtual void build(const Task& task) = 0;
  virtual void fit(FitContext& context) = 0;
  /// Scores in evaluation mode: N x C x H x W -> N x K on the same device; the prediction is the argmax. No gradient.
  virtual torch::Tensor predict(const torch::Tensor& images) = 0;
  /// Logarithms of class probabilities, N x K, from what predict returned; an undefined tensor where the scores only
  /// rank the classes.
  virtual torch::Tensor log_probabilities(const torch::Tensor& scores) const;
  /// Representation N x D, or an undefined tensor where a method has none.
  virtual torch::Tensor embed(const torch::Tensor& images);
  /// The network whose features embed() returns, to be saved or trained further; null where there is none.
  virtual Backbone* encoder() { return nullptr; }
  /// Every tensor needed to go on exactly, by reference: writing into them restores the method. A tensor whose size is
  /// only known after fit is empty (0 elements) until then; restoring gives it the saved shape.
  virtual State state() = 0;
};

/// The registry. Names are unique; a duplicate ends the program at start with a message.
struct MethodEntryPoint {
  MethodSpec spec;
  /// A new method with parameters read from trial.params; throws InputError on an unknown or illegal one.
  std::function<std::unique_ptr<Method>(const Json& params)> make;
};
const std::map<std::string, MethodEntryPoint>& methods();
void register_method(MethodEntryPoint entry);

/// What a plug-in says about itself besides its parameters.
struct About {
  const char* name;
  const char* summary;
  const char* citation;
  std::vector<std::string> differences = {};  // what compat = "gem" does differently
  bool baseline = false;
  bool unlabelled = false;  // learns from images without labels too: `fit` may get some, labelled -1
};

/// `const Register<Cosine> registered{{.name = "cosine", ...}};` M is default-constructible and has `template <class V>
/// void visit(V&)`.
template <class M>
class Register {
 public:
  explicit Register(About about) {
    ParamLister lister;
    M{}.visit(lister);
    MethodSpec spec{about.name,        about.summary,  about.citation,  lister.specs,
                    about.differences, about.baseline, about.unlabelled};
    register_method({spec, [](const Json& params) -> std::unique_ptr<Method> {
                       auto method = std::make_unique<M>();
                       ParamReader reader(params);
                       method->visit(reader);
                       return method;
                     }});
  }
};

}  // namespace scant
