#!/bin/bash
# run.t: what a report of schema 3 says of its groups and of the run is looked at too; and
# intervals of several looks, on a report of today.
# SPDX-License-Identifier: GPL-2.0-only
# shellcheck source=host/test/report/reads.sh
. host/test/report/reads.sh

# Two groups, and a run that kept a budget.
"$make" 7 noise 1.02 16 4 | jq '
	([.benchmarks[] | select(.role == "cell").vs.verdict // empty]) as $v
	| .rounds = {looks: 2, decided: ($v - ["inconclusive"] | length),
		open: ($v | map(select(. == "inconclusive")) | length)}
	| .groups |= map(.looks = 1 | .looks_from = 16)' >"$work/good.json"
# alone FILTER WORDS WHAT: that is wrong, and nothing else
alone()
{
	wrong "$@"
	is "$(grep -c "is stated as" "$work/said")" 1 "$3: and nothing else"
}

cp "$work/good.json" "$work/asked.json"
reads 0 "262 of 262 numbers stated follow" "a run's own numbers are confirmed"
alone '.groups[0].tried += 1 | .batches.tried += 1' \
	"restore_fl/native/line/warm: tried is stated as 67, the raw ticks give 66" "batches tried"
alone '.batches.tried += 1' "batches: tried is stated as 133, the raw ticks give 132" \
	"batches tried in all"
alone '.batches.dropped.gap = 5' "batches.dropped: gap is stated as 5, the raw ticks give 4" \
	"batches dropped in all"
alone 'del(.batches.windows)' "batches: windows is stated as missing" "windows in all"
alone '.groups[1].looks = 2 | .rounds.looks = 3' \
	"save_fl/native/dense/warm: looks is stated as 2, the raw ticks give 1" \
	"a look at what had no more blocks"
alone '.rounds.looks = 3' "rounds: looks is stated as 3" "looks in all"
alone '.rounds.decided += 1' "rounds: decided is stated as" "what is decided"
alone '.rounds.open += 1' "rounds: open is stated as" "what is open"
alone '.groups[0].offsets[3] = 13' "address is stated as" "where copies lie"
alone 'del(.rounds) | .offset_step_bytes = 8' \
	"offsets is stated as 4, the raw ticks give 8" "a fixed plan's offsets, which are its steps"
alone '.benchmarks[2].cpu = 1' "cpu is stated as 1, the raw ticks give 0" "a cell on another CPU"
alone '.cpus[0].cpu = 1' "cpu is stated as 0, the raw ticks give one that is in cpus" \
	"a CPU that is not in the list"
alone '.cpus[0].not_run = "it did not come"' "the raw ticks give one that was run" \
	"a CPU that was not run"
alone '.cpus[0].boot = false' "the raw ticks give the one in the group's name" \
	"a name without its CPU"
# On two CPUs: the same groups once more, by their own references.
jq '(.groups | map(.name += "@3" | .cpu = 3)) as $more
	| (.benchmarks | map(.name += "@3" | .group += "@3" | .cpu = 3)) as $cells
	| .groups += $more | .benchmarks += $cells
	| .cpus += [{cpu: 3, apic_id: 6, kind: "efficiency", boot: false}]
	| .batches |= with_entries(if .value | type == "number" then .value *= 2
		else .value |= map_values(. * 2) end) | .rounds |= map_values(. * 2)' \
	"$work/good.json" >"$work/asked.json"
reads 0 " numbers stated follow" "two CPUs, each with a reference of its own"
is "$(grep -c '@3: 64 batches' "$work/said")" 2 "and groups of its own"

# A budget of today: whatever it came to, blocks and looks follow, in floating point.
out/bench-host -o "$work/asked.json" 'seed = 7' 'budget_s = 2' 'precision = 0.1%' \
	'gap_us = 1000' 'layouts = line' 'states = warm' 'workloads = save_fl restore_fl' \
	'batches = 5' >"$work/out" 2>&1
valid "$work/asked.json"
is "$(jq '[.groups[] | .looks_from == .first_blocks and .looks_from > 0
	and (.taken | length) >= .first_blocks] | all' "$work/asked.json")" true \
	"with a budget there are looks"
is "$(jq '[.groups[].looks] | max > 2' "$work/asked.json")" true \
	"a tenth of a percent asks for more: $(jq -c '[.groups[] | [.looks, (.taken | length)]]' \
	"$work/asked.json")"
reads 0 " numbers stated follow" "and all numbers follow from the raw ticks"
is "$(jq '[.groups[].offsets[:16] | map(. % 4 != 0) | any] | all and length > 1' \
	"$work/asked.json") $(jq 'has("offset_step_bytes")' "$work/asked.json")" "true false" \
	"the first pass lies anywhere in a line, at no steps"
cp "$work/asked.json" "$work/drawn.json"
jq '.groups[0].offsets[1] = .groups[0].offsets[0]' "$work/drawn.json" >"$work/asked.json"
reads 1 "a byte not used" "a byte of a line twice, before all were there once"
mv "$work/drawn.json" "$work/asked.json"
jq '.groups |= map(.looks_from = 0 | .looks = 0) | .rounds.looks = 0' "$work/asked.json" \
	>"$work/once.json"
mv "$work/once.json" "$work/asked.json"
# Which of the ends is named first is the data's.
reads 1 " is stated as" "as one look its intervals would be narrower"
grep -qE 'vs\.(ratio|difference)_(lo|hi) is stated as' "$work/said"
ok $? "and it is intervals that are named"
finish
