#!/bin/sh
# How often the regression guard cries wolf on real trainings: sets a suite's runs against runs of the same program under
# another seed, COUNT times, and counts the verdicts at several margins. A margin of almost nothing puts every
# difference on trial that chance makes, and drives every comparison to its last look; worse and better should then
# each come up in at most 5 % of them.
#   tests/bench/false_alarms.sh PROGRAM FOLDER [COUNT]
set -eu
program=$1 folder=$2 count=${3:-60}
mkdir -p "$folder"
suite() {
  cat > "$folder/$1.toml" <<TOML
name = "null"
seed = $1
[protocol]
backbone = "wrn-10-1"
epochs = 5
final_runs = 4
augment = { kind = "shift", size = 32, pad = 4, hflip = true }
[[datasets]]
name = "synthetic-fine"
splits = [0]
options = { pool = 12, train = 8, val = 4, test = 30 }
[[methods]]
name = "xent"
params = { lr = 0.05, weight_decay = 1e-3, batch_size = 10 }
TOML
}
places="--data $folder/data --cache $folder/cache --jobs 1 --threads 1"
i=0
while [ "$i" -lt "$count" ]; do
  old=$((2 * i + 1)) new=$((2 * i + 2))
  suite "$old"
  suite "$new"
  "$program" run "$folder/$old.toml" --out "$folder/store-$old" $places > /dev/null
  for margin in 0.001 1 2 5 10; do
    read_only=--read-only
    [ "$margin" = 0.001 ] && read_only=
    # 1 and 3 are verdicts, not failures.
    "$program" --json regress "$folder/$new.toml" --against "$folder/store-$old" --out "$folder/store-$new" $places \
      --step 4 --max-runs 8 --margin "$margin" $read_only > "$folder/$margin-$i.json" || [ $? -ne 2 ]
  done
  i=$((i + 1))
done
for margin in 0.001 1 2 5 10; do
  printf 'margin %s of %s:' "$margin" "$count"
  for verdict in worse better equivalent undecided; do
    printf ' %s %s' "$(grep -l "\"verdict\": \"$verdict\"" "$folder/$margin"-*.json | wc -l)" "$verdict"
  done
  echo
done
