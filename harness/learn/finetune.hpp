// Fine-tuning as a judge: all layers of a method's encoder go on with the labels, under a new classifier.
#pragma once
#include "harness/learn/judgement.hpp"

namespace scant {

/// Learning rate, weight decay, epochs, batch size.
std::vector<ParamSpec> finetune_params();

/// Trains with cross-entropy for judge.params' epochs. The method's encoder is lent for the judgement's life and gets
/// its weights back at the end. Throws InputError for a method without an encoder.
std::unique_ptr<Judgement> finetuned(const Judge& judge, Method& method, const JudgeData& data);

}  // namespace scant
