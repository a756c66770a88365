// The virtual clock: V workers, nominal durations, ties by trial number.
#include "harness/core/virtual_order.hpp"

#include <algorithm>
#include <stdexcept>

namespace scant {

VirtualOrder::VirtualOrder(int trials, int workers) : trials_(trials) {
  if (trials < 0 || workers < 1) throw std::invalid_argument("a virtual order needs trials >= 0 and workers >= 1");
  for (; started_ < std::min(trials, workers); ++started_) slots_.push_back({started_, first_});
}

std::vector<int> VirtualOrder::alive() const {
  std::vector<Slot> slots = slots_;
  std::sort(slots.begin(), slots.end(),
            [](const Slot& a, const Slot& b) { return a.due != b.due ? a.due < b.due : a.trial < b.trial; });
  std::vector<int> trials;
  for (const Slot& slot : slots) trials.push_back(slot.trial);
  return trials;
}

std::optional<int> VirtualOrder::next() const {
  const auto trials = alive();
  if (trials.empty()) return {};
  return trials.front();
}

VirtualOrder::Slot& VirtualOrder::due_slot(int trial) {
  if (next() != trial) throw std::logic_error("only the next trial's report may be consumed");
  begun_ = true;
  return *std::find_if(slots_.begin(), slots_.end(), [trial](const Slot& slot) { return slot.trial == trial; });
}

void VirtualOrder::proceed(int trial, double epochs) {
  due_slot(trial).due += epochs;
}

void VirtualOrder::finish(int trial) {
  Slot& slot = due_slot(trial);
  if (started_ < trials_) {
    slot = {started_++, slot.due + first_};
  } else {
    slots_.erase(slots_.begin() + (&slot - slots_.data()));
  }
}

void VirtualOrder::set_first(double epochs) {
  first_ = epochs;
  if (begun_) return;
  for (Slot& slot : slots_) slot.due = first_;  // they start at time 0
}

}  // namespace scant
