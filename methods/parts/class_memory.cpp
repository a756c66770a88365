// A memory of labelled embeddings.
#include "methods/parts/class_memory.hpp"

#include <algorithm>

#include "methods/parts/projector.hpp"

namespace scant {

ClassMemoryImpl::ClassMemoryImpl(int length, int dim, int classes) : ring(length), classes_(classes) {
  features = register_buffer("features", torch::zeros({length, dim}));
  labels = register_buffer("labels", torch::full({length}, -1, torch::kInt64));
}

torch::Tensor ClassMemoryImpl::prototypes() const {
  const torch::NoGradGuard no_grad;
  const torch::Tensor all = torch::arange(classes_, labels.options());
  const torch::Tensor members = all.unsqueeze(1).eq(labels.unsqueeze(0)).to(features.scalar_type());
  return unit_rows(members.matmul(features));
}

void ClassMemoryImpl::update(const torch::Tensor& embeddings, const torch::Tensor& own_labels) {
  const torch::NoGradGuard no_grad;
  const std::int64_t n = std::min(embeddings.size(0), ring.length() - ring.position());
  const torch::Tensor places = ring.advance(n).to(features.device());
  features.index_copy_(0, places, embeddings.narrow(0, 0, n).to(features.scalar_type()));
  labels.index_copy_(0, places, own_labels.narrow(0, 0, n));
}

}  // namespace scant
