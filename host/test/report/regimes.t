#!/bin/bash
# regimes.t: the report tool tells from raw probes which batches count, and computes the
# rest from those alone.
# SPDX-License-Identifier: GPL-2.0-only
# shellcheck source=host/test/report/reads.sh
. host/test/report/reads.sh

# Four batches a block are made up, and what is stated is of those.  Two more are put behind
# them in which all takes half as much again: one beside a neighbour, and one in which the
# neighbour came.
"$make" 7 noise 1.02 16 4 | jq '
	def med: sort as $s | ($s | length) as $n
		| ($s[(($n - 1) / 2) | floor] + $s[($n / 2) | floor]) / 2;
	.probe = {adds: 4000, links: 1000, registers: 8}
	| .regime = [{cpu: 0, used: "alone", threshold: 2800, wide: 3950, wide_is: "alone",
		narrow: 1980, published: 4000, of: "made up", source: "none",
		batches: {alone: 128, shared: 32, between: 32, single: 0}}]
	| .batches.tried += 64
	| .groups |= map(.taken |= map(. + 2) | .tried += 32
		| .probe_first = [range(16) | [1000, 1010, 990, 1000, 2000, 1000]]
		| .probe_last = [range(16) | [1000, 990, 1010, 1000, 2010, 1990]]
		| .probe_chain = [range(16) | [1000, 1000, 1000, 5000, 1000, 1000]])
	| .benchmarks |= map(reduce range(16) as $k (.;
		(.ticks_2n[$k][0] - .ticks_n[$k][0]) as $op
		| .ticks_n[$k] += [.ticks_n[$k][0], .ticks_n[$k][0]]
		| .ticks_2n[$k] += ([.ticks_n[$k][0] + ($op * 3 / 2 | floor)] | . + .)))
	| (reduce (.benchmarks[] | select(.role == "empty")) as $e ({}; .[$e.group] = $e)) as $empty
	| .benchmarks |= map(. as $b
		| (if .role == "chain" then null else $empty[.group] end) as $e
		| .all_median_ticks = ([range(16) as $k | [range(6) as $i
			| ($b.ticks_2n[$k][$i] - $b.ticks_n[$k][$i]
				- if $e then $e.ticks_2n[$k][$i] - $e.ticks_n[$k][$i] else 0 end)
				/ ($b.copies_n * $b.reps)] | med] | med))' >"$work/good.json"

readonly cpu='regime of CPU 0:'

cp "$work/good.json" "$work/asked.json"
reads 0 " numbers stated follow" "what is stated is of the batches in which the core was alone"
has "$work/said" "96 batches at 16 offsets, 64 of them of the regime used" "and it says how many"
jq '.regime[0] |= (.used = "shared" | .batches |= (.alone = 20 | .shared = 140))' \
	"$work/good.json" >"$work/asked.json"
reads 1 "median_ticks is stated as" "and of no others"
wrong '.regime[0].used = "shared"' "$cpu used is stated as shared, the raw ticks give alone" \
	"another regime is used"
wrong '.regime[0].used = "single"' "n is stated as 64, the raw ticks give 96" "all are used"
wrong '.regime[0].threshold = 3900' "$cpu threshold is stated as 3900, the raw ticks give no valley" \
	"a threshold in a heap"
wrong '.regime[0] |= (.threshold = 0 | .narrow = 0)' \
	"$cpu threshold is stated as 0, the raw ticks give a valley at" "a valley that is not seen"
wrong '.regime[0].wide = 4200' "$cpu wide is stated as 4200, the raw ticks give 4000" "a width"
wrong '.regime[0].narrow = 1800' "$cpu narrow is stated as 1800" "and the other"
wrong '.regime[0].wide_is = "shared"' "$cpu wide_is is stated as shared, the raw ticks give alone" \
	"a name"
wrong '.regime[0].published = 6000' "$cpu wide_is is stated as alone, the raw ticks give shared" \
	"less than is published"
jq '.regime[0].published = 6000 | .cpus[0].kind = "efficiency"' "$work/good.json" >"$work/asked.json"
reads 0 " numbers stated follow" "which is not held against an efficiency core"
wrong '.regime[0].batches.between = 31' "$cpu between is stated as 31, the raw ticks give 32" \
	"batches of a regime"
wrong '.groups[0].probe_first[2][1] = 2000' "$cpu alone is stated as 128, the raw ticks give 127" \
	"a probe"
wrong '.benchmarks[3].all_median_ticks += 0.01' "all_median_ticks is stated as" \
	"the median of all regimes"
wrong 'del(.benchmarks[3].all_median_ticks)' "all_median_ticks is stated as missing" "none"

# Two of six are left of a block: it does not count, and neither do its batches.
jq '.groups[].probe_first[5] = [2000, 2000, 1000, 1000, 2000, 1000]
	| .regime[0].batches |= (.alone = 124 | .between = 34)' "$work/good.json" \
	>"$work/asked.json"
reads 1 "n is stated as 64, the raw ticks give 60" "a block that has two is left out"

# One regime: all count.
jq '.regime = [{cpu: 0, used: "single", threshold: 0, wide: 3950, wide_is: "single", narrow: 0,
		batches: {alone: 0, shared: 0, between: 0, single: 192}}]
	| .groups |= map(.probe_first |= map(map(1000)) | .probe_last |= map(map(1000)))
	| .benchmarks |= map(.n = 96)' "$work/good.json" >"$work/one.json"
cp "$work/one.json" "$work/asked.json"
reads 1 "is stated as" "one regime: all batches count"
is "$(grep -c 'regime of CPU\|: n is' "$work/said")" 0 "and it is confirmed"
jq '.regime[0] |= (.published = 4000 | .of = "x" | .source = "x" | .wide_is = .used
	| .wide_is = "alone")' "$work/one.json" >"$work/asked.json"
reads 1 "$cpu used is stated as single, the raw ticks give alone" \
	"one that is as wide as is published is alone"

# Spikes that lie in a heap are no regime, for they are seldom at both ends of a batch: of the 384
# ends 16 at 1.45, then 40 at 1.3 to 2.8 (10% of them, and both of two batches).
spikes()
{
	jq "$1"'
		| .regime[0] |= (.threshold = 3300 | .narrow = '"$2"' | .wide_is = "alone"
			| .used = "alone")' "$work/one.json" >"$work/asked.json"
	reads 1 "$cpu threshold is stated as 3300, the raw ticks give no valley there" "$3: no regime"
	jq "$1" "$work/one.json" >"$work/asked.json"
	reads 1 "is stated as" "$3, of which nothing is stated"
	is "$(grep -c 'regime of CPU\|: n is' "$work/said")" 0 "$3: that is right"
}
spikes '.groups[0].probe_first |= map(.[2] = 1450)' 2758 "16 ends at 1.45"
spikes '.groups[0].probe_first |= [range(16) as $k | .[$k] | .[2] = 1300 + 100 * $k]
	| .groups[1].probe_last |= [range(16) as $k | .[$k] | .[3] = 1300 + 100 * $k]
	| .groups[0].probe_last |= [range(16) as $k | .[$k]
		| if $k % 2 == 0 then .[if $k < 4 then 2 else 0 end] = 1300 + 100 * $k
		else . end]' \
	2000 "40 ends at 1.3 to 2.8"

bad '.groups[0].probe_last |= .[1:]' 'probe_last is not of the shape of "taken"' "a block too few"
bad '.groups[0].probe_last[3] |= .[1:]' 'probe_last is not of the shape of "taken"' \
	"a batch too few"
bad '.groups[0].probe_chain[3][1] = 0' "probe_chain[3][1] is not a number of ticks above 0" \
	"a chain of nothing"
bad 'del(.groups[0].probe_chain)' '"probe_chain" is missing' "no chain"
bad 'del(.regime)' 'has probes, and "regime" says nothing of its CPU' "no regimes"
bad 'del(.probe)' '"adds" is missing' "what was timed is not said"
bad '.regime[0].used = "crowded"' 'used is "crowded", which is no regime' "an unknown regime"
finish
