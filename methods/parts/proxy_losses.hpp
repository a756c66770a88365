// Losses that compare images with one learnt vector a class instead of with each other: no positives are needed in the
// batch. Movshovitz-Attias et al., "No Fuss Distance Metric Learning using Proxies", ICCV 2017; Teh, DeVries & Taylor,
// "ProxyNCA++", ECCV 2020; Kim, Kim, Cho & Kwak, "Proxy Anchor Loss for Deep Metric Learning", CVPR 2020.
#pragma once
#include "harness/learn/compat.hpp"

namespace scant {

struct ProxyNcaOptions {
  double scale = 8;  // of the squared distances
  /// true: a softmax over all proxies (ProxyNCA++); false: the own class's is left out below the fraction (ProxyNCA).
  bool own_below = true;
};
/// Mean over the batch of -log softmax of the own proxy's squared distance N x K to N labels in 0..K-1.
torch::Tensor proxy_nca_loss(const torch::Tensor& squared_distances, const torch::Tensor& labels,
                             const ProxyNcaOptions& options);

struct ProxyAnchorOptions {
  double margin = 0.1;
  double alpha = 32;  // sharpness
};
/// On cosines N x K: mean over the batch's classes of log(1 + sum of their images' exp(-alpha (s - margin))), plus mean
/// over all K classes of log(1 + sum of all other images' exp(alpha (s + margin))).
torch::Tensor proxy_anchor_loss(const torch::Tensor& cosines, const torch::Tensor& labels,
                                const ProxyAnchorOptions& options);

}  // namespace scant
