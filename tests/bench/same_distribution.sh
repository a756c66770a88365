#!/bin/sh
# Whether precision fp32-fast trains as fp32 does: COUNT runs of each on real images, compared by the regression guard,
# whose verdict is `equivalent` where the means of accuracy differ by less than a point with 95 % confidence.
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
"$program" run "$folder/fp32.toml" --data "$data" --out "$folder/fp32" > /dev/null
"$program" regress "$folder/fp32-fast.toml" --data "$data" --against "$folder/fp32" --out "$folder/fp32-fast" \
  --max-runs "$count"
