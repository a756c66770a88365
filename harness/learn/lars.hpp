// LARS: SGD whose step is, tensor by tensor, as long as a fixed share of the weights. You, Gitman & Ginsburg, "Large
// Batch Training of Convolutional Networks", 2017. Reference codes disagree about it; each form has a name.
#pragma once
#include <string>
#include <vector>

#include "harness/learn/sgd.hpp"

namespace scant {

/// "lars", "lars-popular", "lars-deepmind", "larc", "lars-lightly", "lars-ssl-pathology"; lars.cpp says what they are.
std::vector<std::string> lars_kinds();

struct LarsForm;

/// Needs one of lars_kinds(). Norms are taken in single precision at least. A tensor that options spare moves as in
/// plain SGD without decay.
class Lars : public Sgd {
 public:
  Lars(std::vector<NamedParameter> parameters, const OptimiserOptions& options);
  void step(double lr) override;

 private:
  void move(const Group& group, bool spared, double lr);
  torch::Tensor ratios(const std::vector<torch::Tensor>& weights, const std::vector<torch::Tensor>& directions) const;
  void scale_apart(const Group& group, double decay, double lr) const;

  const LarsForm& form_;
};

}  // namespace scant
