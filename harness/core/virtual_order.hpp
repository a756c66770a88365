// Which trial's next report is consumed, and which may run meanwhile: a simulation of V workers on a virtual clock, so
// that a study's decisions do not depend on timing or on how many real workers there are (specs: distributed 5).
#pragma once
#include <optional>
#include <vector>

namespace scant {

/// V virtual workers take trials in order; a trial's next milestone falls due at its start time plus the epochs
/// trained. Ties go to the smaller trial number. Pure; no threads, no clock.
class VirtualOrder {
 public:
  VirtualOrder(int trials, int workers);

  /// Trials whose next milestone may be computed now (at most V), earliest due first.
  std::vector<int> alive() const;
  /// The trial whose report must be consumed next, or nothing if all are finished.
  std::optional<int> next() const;
  /// The next trial's report was consumed and it goes on to `epochs` more virtual time units.
  void proceed(int trial, double epochs);
  /// It ended (stopped, finished or failed); its worker takes the next trial at that time.
  void finish(int trial);
  /// Virtual time from a trial's start to its first milestone, for all trials that start from now on; before the first
  /// report was consumed, for all trials.
  void set_first(double epochs);

 private:
  struct Slot {
    int trial;
    double due;
  };
  Slot& due_slot(int trial);  // throws std::logic_error if another trial is next
  std::vector<Slot> slots_;
  int trials_ = 0, started_ = 0;
  double first_ = 1;
  bool begun_ = false;  // a report was consumed
};

}  // namespace scant
