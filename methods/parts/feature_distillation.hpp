// A student that imitates a teacher's feature maps: Heo et al., "A Comprehensive Overhaul of Feature Distillation",
// ICCV 2019.
#pragma once
#include <memory>
#include <vector>

#include "harness/learn/backbone.hpp"

namespace scant {

/// Sum over all elements of (s - max(t, m))^2 where s > max(t, m) or t > 0, else 0: what the teacher has below the
/// margin only has to stay below it. s, t N x C x H x W before the ReLU, m 1 x C x 1 x 1 below 0. No gradient to t.
torch::Tensor distillation_distance(const torch::Tensor& student, const torch::Tensor& teacher,
                                    const torch::Tensor& margin);

/// The mean of what is negative of N(bias, weight^2), or -3 |weight| where less than 0.001 is: weight, bias C. Rounded
/// to single precision.
torch::Tensor margins_of(const torch::Tensor& weight, const torch::Tensor& bias);

/// Teacher, student, the connectors from the student's maps to the teacher's (1x1 convolution and normalisation) and
/// the teacher's margins.
class DistillerImpl : public torch::nn::Module {
 public:
  /// Networks of the same kind that show their maps (Backbone::tapped). The margins are those of the teacher as it is
  /// now. `twice`: normalisations that a pre-activation network is tapped behind move their running statistics twice a
  /// training pass, as in an implementation that applies them twice.
  DistillerImpl(std::shared_ptr<Backbone> teacher, std::shared_ptr<Backbone> student, bool twice, Random& random);

  struct Student {
    torch::Tensor logits;             // N x classes
    std::vector<torch::Tensor> maps;  // behind the connectors
  };
  Student student(const torch::Tensor& images);
  /// Without gradient; in training the teacher, too, normalises with the batch's statistics.
  std::vector<torch::Tensor> teacher_maps(const torch::Tensor& images);
  /// Sum over the maps l = 1..L of 2^(l-L) * their distance.
  torch::Tensor distance(const std::vector<torch::Tensor>& student, const std::vector<torch::Tensor>& teacher) const;
  /// Margins of the teacher as it is now.
  void set_margins();

  std::shared_ptr<Backbone> t_net, s_net;
  torch::nn::ModuleList connectors{nullptr};

 private:
  Backbone::Taps tapped(Backbone& network, const torch::Tensor& images);
  std::vector<torch::Tensor> margins_;
  bool twice_;
};
TORCH_MODULE(Distiller);

}  // namespace scant
