// Scores under domain shift against reference numbers: WILDS's groups, and corruption errors.
#include "harness/conform/lists.hpp"
#include "harness/core/quantile.hpp"
#include "results/statistics.hpp"
#include "results/statistics/corruption_error.hpp"
#include "results/statistics/groups.hpp"

namespace scant {
namespace {

// WILDS computes in float32.
constexpr Tolerance kSixDigits{.abs = 1e-6, .rel = 0};

std::vector<double> in_percent(std::vector<double> shares) {
  for (double& share : shares) share *= 100;
  return shares;
}

void check_groups(const Json& golden, Comparison& compare) {
  const GroupAccuracy got = group_accuracy(ints_of(golden, "y_true"), ints_of(golden, "y_pred"),
                                           ints_of(golden, "group"), golden.at("n_groups").get<int>());
  const Json& groupwise = golden.at("groupwise");
  compare.number("overall", got.overall, golden.at("overall").at("acc_avg"));
  compare.number("worst group", got.worst, groupwise.at("acc_wg"));
  compare.exact("entries", 2 * got.members.size() + 1, groupwise.size());
  for (std::size_t g = 0; g < got.members.size(); ++g) {
    const std::string id = std::to_string(g);
    compare.number("accuracy of group " + id, got.accuracy[g], groupwise.at("acc_group:" + id));
    compare.number("members of group " + id, static_cast<double>(got.members[g]), groupwise.at("count_group:" + id));
  }
}

void check_wilds(const GoldenFile&, const Json& golden, Comparison& compare) {
  compare.set_tolerance(kSixDigits);
  check_groups(golden.at("group_accuracy"), compare);
  const Json &f1 = golden.at("macro_f1_labels_present"), &replicates = golden.at("replicates");
  compare.number("macro_f1", macro_f1(ints_of(f1, "y_true"), ints_of(f1, "y_pred"), AveragedClasses::in_truth),
                 f1.at("value"));
  const std::vector<double> metric = doubles_of(replicates.at("metric"));
  compare.number("replicates mean", mean(metric), replicates.at("mean"));
  compare.number("replicates sd", sample_sd(metric), replicates.at("std_ddof1"));
  const Json& users = golden.at("tenth_percentile");
  GroupAccuracy by_user;
  by_user.accuracy = doubles_of(users.at("per_user_accuracy"));
  by_user.members.assign(by_user.accuracy.size(), 1);
  compare.number("tenth percentile", accuracy_quantile(by_user, 0.1), users.at("value"));
}

void check_imagenet_c(const Json& golden, Comparison& compare) {
  const auto errors = matrix_of(golden.at("errors"));
  const std::vector<double> baseline = doubles_of(golden.at("alexnet_mean_error"));
  std::vector<double> published;
  for (const Json& name : golden.at("corruptions")) published.push_back(alexnet_error(name.get<std::string>()));
  compare.numbers("AlexNet", published, golden.at("alexnet_mean_error"));
  compare.number("AlexNet, clean", kAlexNetCleanError, golden.at("alexnet_clean_error"));
  const std::vector<double> means = error_by_corruption(errors);
  compare.numbers("mean error", means, golden.at("unnormalised_mean_error_per_corruption"));
  compare.number("unnormalised mean", 100 * mean(means), golden.at("unnormalised_mce_15"));
  const CorruptionError got = corruption_error(errors, golden.at("clean_error").get<double>(), baseline,
                                               golden.at("alexnet_clean_error").get<double>());
  compare.numbers("ce", in_percent(got.ce), golden.at("ce"));
  compare.number("mce", 100 * got.mce, golden.at("mce"));
  compare.numbers("relative_ce", in_percent(got.relative_ce), golden.at("relative_ce"));
  compare.number("relative_mce", 100 * got.relative_mce, golden.at("relative_mce"));
}

void check_mce(const GoldenFile&, const Json& golden, Comparison& compare) {
  compare.set_tolerance(kNineDigits);
  check_imagenet_c(golden.at("imagenet_c"), compare);
  const Json& cifar = golden.at("cifar_c");
  const auto errors = matrix_of(cifar.at("errors"));
  compare.number("cifar mean", 100 * mean(error_by_corruption(errors)), cifar.at("mce_uniform_baseline"));
  compare.numbers("cifar by severity", in_percent(error_by_severity(errors)), cifar.at("by_severity"));
}

}  // namespace

const RegisterKind wilds_kind{{"accuracy by group",
                               [](const GoldenFile& file, const Json& golden) {
                                 return file.stem == "wilds" && golden.contains("group_accuracy");
                               },
                               check_wilds}};
const RegisterKind mce_kind{
    {"corruption errors",
     [](const GoldenFile& file, const Json& golden) { return file.stem == "mce" && golden.contains("imagenet_c"); },
     check_mce}};

}  // namespace scant
