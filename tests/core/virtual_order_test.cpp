// The virtual clock: order of reports, hand-over of workers, and that decisions do not depend on real workers.
#include "harness/core/virtual_order.hpp"

#include <gtest/gtest.h>

#include <set>
#include <stdexcept>

#include "harness/core/asha.hpp"
#include "harness/core/random.hpp"

namespace scant {
namespace {

TEST(VirtualOrder, EarliestDueFirstTiesByTrial) {
  VirtualOrder order(4, 2);
  order.set_first(2);
  EXPECT_EQ(order.alive(), (std::vector<int>{0, 1}));
  order.proceed(0, 2);  // due 4
  EXPECT_EQ(order.next(), 1);
  order.finish(1);  // its worker starts trial 2 at 2, due 4
  EXPECT_EQ(order.alive(), (std::vector<int>{0, 2})) << "both due at 4: the smaller number first";
  order.proceed(0, 8);  // due 12
  order.finish(2);      // trial 3 starts at 4, due 6
  EXPECT_EQ(order.alive(), (std::vector<int>{3, 0}));
  order.finish(3);
  order.finish(0);
  EXPECT_FALSE(order.next());
}

TEST(VirtualOrder, TheFirstCostAppliesToTrialsThatStartLater) {
  VirtualOrder order(3, 1);
  order.set_first(1);
  order.finish(0);
  order.set_first(100);  // trial 1 has started already
  EXPECT_EQ(order.next(), 1);
  order.finish(1);
  EXPECT_EQ(order.next(), 2);
}

TEST(VirtualOrder, OnlyTheNextTrialMayReport) {
  VirtualOrder order(3, 3);
  EXPECT_THROW(order.finish(1), std::logic_error);
  EXPECT_THROW(order.proceed(2, 1), std::logic_error);
  EXPECT_NO_THROW(order.finish(0));
}

TEST(VirtualOrder, EdgesOfTrialsAndWorkers) {
  EXPECT_FALSE(VirtualOrder(0, 4).next());
  EXPECT_EQ(VirtualOrder(2, 8).alive().size(), 2u);
  EXPECT_THROW(VirtualOrder(1, 0), std::invalid_argument);
}

/// A study in which `real` workers finish what is alive in a random order, keyed by `noise`.
std::vector<int> decisions(int real, std::uint64_t noise) {
  constexpr int kTrials = 40, kEnd = 16;
  const std::vector<int> epochs{2, 4, 8, kEnd};
  VirtualOrder order(kTrials, 8);
  order.set_first(2);
  Asha asha(2, kEnd, 2);
  std::vector<std::size_t> at(kTrials);
  std::set<int> computed;
  Random random(noise);
  std::vector<int> log;
  while (order.next()) {
    std::vector<int> ready;
    for (const int trial : order.alive()) {
      if (!computed.contains(trial)) ready.push_back(trial);
    }
    random.shuffle(ready);
    for (int w = 0; w < real && w < static_cast<int>(ready.size()); ++w) {
      computed.insert(ready[static_cast<std::size_t>(w)]);
    }
    while (order.next() && computed.contains(*order.next())) {
      const int trial = *order.next();
      computed.erase(trial);
      auto& milestone = at[static_cast<std::size_t>(trial)];
      const double value = Random(5, static_cast<std::uint64_t>(trial) * 100 + milestone).uniform();
      const bool stop = asha.report(trial, epochs[milestone], value).stop;
      log.push_back(trial * 100 + epochs[milestone] + (stop ? 50 : 0));
      if (stop) {
        order.finish(trial);
      } else {
        ++milestone;
        order.proceed(trial, epochs[milestone] - epochs[milestone - 1]);
      }
    }
  }
  return log;
}

TEST(VirtualOrder, DecisionsAreTheSameForAnyNumberOfRealWorkersAndAnyTiming) {
  const std::vector<int> expected = decisions(1, 0);
  ASSERT_GE(expected.size(), 40u);
  for (const int real : {1, 2, 4, 8, 64}) {
    for (std::uint64_t noise = 0; noise < 5; ++noise) EXPECT_EQ(decisions(real, noise), expected);
  }
}

}  // namespace
}  // namespace scant
