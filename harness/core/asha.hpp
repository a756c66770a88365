// ASHA, stopping type, one bracket, as Ray Tune decides it (specs: tuning 1.2, gem (e)). A pure fold over reports.
#pragma once
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <vector>

namespace scant {

/// Ascending rungs g, g*r, g*r^2, ... <= max_epochs.
std::vector<int> rungs(int grace, int max_epochs, int reduction);

class Asha {
 public:
  Asha(int grace, int max_epochs, int reduction);
  struct Decision {
    bool stop = false;
    std::optional<int> rung;       // the rung this report filled
    std::optional<double> cutoff;  // before the value was recorded
  };
  /// value: the metric, larger is better; may be NaN. At max_epochs a trial ends (stop) and fills no rung.
  Decision report(int trial, int epoch, double value);

 private:
  struct Rung {
    std::set<int> trials;
    std::vector<double> values;  // of those trials, ascending, without NaN
  };
  int max_epochs_, reduction_;
  std::map<int, Rung, std::greater<>> recorded_;
};

}  // namespace scant
