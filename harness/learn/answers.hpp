// What a judged method says of images, and how good that is.
#pragma once
#include <vector>

#include "harness/core/record.hpp"
#include "harness/learn/data_pool.hpp"
#include "harness/learn/judgement.hpp"

namespace scant {

/// `log_probabilities` N x K float64 on the host, undefined where the judge has none or none were asked for.
struct Answers {
  std::vector<int> predicted, truth;
  torch::Tensor log_probabilities;
};
/// Of all images, in batches that fit the device.
Answers answers(const Samples& samples, const Judgement& judgement, torch::Device device, bool with_probabilities);

TestScore score_of(Answers answers, int classes);

/// What a judge learns from and what it scores, and how many classes these images have.
struct JudgedImages {
  Samples train, test;
  int classes = 0;
};
/// Of the data set that the judge transfers to, as the encoder sees them. Throws InputError for other channels than
/// `normalisation` has.
JudgedImages images_on(const Judge& judge, DataPool& pool, const Normalisation& normalisation);

}  // namespace scant
