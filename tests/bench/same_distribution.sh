#!/bin/sh
# Whether precision fp32-fast trains as fp32 does: COUNT runs of each on real images, independent of each other, and two
# one-sided Welch tests (at 5 % each) that their mean balanced accuracies differ by less than a point. COUNT at least 21.
#   tests/bench/same_distribution.sh PROGRAM FOLDER DATA [COUNT]
set -eu
program=$1 folder=$2 data=$3 count=${4:-24}
mkdir -p "$folder"
for precision in fp32 fp32-fast; do
  cat > "$folder/$precision.toml" <<TOML
name = "same-distribution"
[protocol]
backbone = "wrn-10-1"
epochs = 15
precision = "$precision"
final_runs = $count
augment = { kind = "shift", pad = 4, hflip = true }
[[datasets]]
name = "cifar10-dedup"
splits = [0]
[[methods]]
name = "xent"
params = { lr = 0.05, weight_decay = 1e-3, batch_size = 25 }
TOML
done
for precision in fp32 fp32-fast; do
  "$program" run "$folder/$precision.toml" --data "$data" --out "$folder/$precision" > "$folder/$precision.md"
  "$program" records "$folder/$precision.toml" --out "$folder/$precision" > "$folder/$precision.jsonl"
done
python3 - "$folder" <<'PYTHON'
import json, statistics, sys
scores = [[100 * json.loads(line)["test"]["balanced_accuracy"] for line in open(f"{sys.argv[1]}/{precision}.jsonl")]
          for precision in ("fp32", "fp32-fast")]
for name, values in zip(("fp32     ", "fp32-fast"), scores):
    print(f"{name} {statistics.mean(values):.2f} +- {statistics.stdev(values):.2f} (n = {len(values)})")
difference = statistics.mean(scores[1]) - statistics.mean(scores[0])
error = sum(statistics.variance(values) / len(values) for values in scores) ** 0.5
low, high = difference - 1.684 * error, difference + 1.684 * error  # Student's t at 95 % with 40 degrees of freedom
print(f"difference {difference:+.2f}, 90 % interval {low:+.2f} to {high:+.2f}: "
      + ("equivalent within a point" if -1 < low and high < 1 else "not shown to be equivalent within a point"))
PYTHON
