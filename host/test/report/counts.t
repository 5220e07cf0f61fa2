#!/bin/bash
# counts.t: reports whose clock counts instructions: every batch the same whole number,
# layouts alike; and not together with times.
# SPDX-License-Identifier: GPL-2.0-only
# shellcheck source=host/test/report/reads.sh
. host/test/report/reads.sh

"$make" 7 noise 1.02 2 3 >"$work/times.json"
# As that, with counts: native 1, indirect 4, inline 2; 8 of filler in layout line.
readonly counted='
	def of: if .role == "chain" then 1 elif .role == "empty" then 0
		elif .mode == "indirect" then 4 elif .mode == "inline" then 2 else 1 end;
	def filler: if .layout == "line" and .role != "chain" then 8 else 0 end;
	.clock = "instructions" | .clock_step_ticks = 128
	| .benchmarks |= map((of + filler) as $copy
		| (.copies_n * .reps * $copy * 128) as $ticks
		| .instructions = (if .role == "empty" then filler else of end)
		| .ticks_n |= map(map(200 + $ticks)) | .ticks_2n |= map(map(200 + 2 * $ticks))
		| del(.vs, .cycles, .real_time, .cpu_time, .time_unit)
		| with_entries(select(.key | test("_ticks$") | not)))'
jq "$counted" "$work/times.json" >"$work/good.json"
line='(.benchmarks[] | select(.name == "restore_fl/native/ccall/indirect/line/warm"))'

asks .
reads 0 "61 of 61 numbers stated follow from the raw ticks" "counts are confirmed"
row() { awk -v cell="$1" '$1 == cell { print $2, $3 }' "$work/said" | paste -sd';'; }
is "$(row native/native/native)" "1 ;1 " "native: of each op once"
is "$(row native/ccall/indirect)" "4 +3;4 +3" "indirect: three more than native"
is "$(row native/ccall/inline)" "2 +1;2 +1" "inline: one more"
reads 0 "restore_fl/native/line/warm,native/ccall/indirect,6,4,4,kept-as-built" "as CSV" \
	--csv "$work/good.json"
reads 0 "27 of 27" "one group" --only line "$work/good.json"

wrong "$line.instructions = 5" "instructions is stated as 5, the raw ticks give 4" \
	"another number is stated"
wrong "del($line.instructions)" "instructions is stated as missing" "none is"
wrong "$line.instructions = 4.5" "instructions is stated as 4.500000" "half a one is"
wrong "$line.n = 5" "n is stated as 5, the raw ticks give 6" "batches are left out"
wrong "$line.ticks_2n[1][2] += 128 * $line.reps * $line.copies_n" \
	"the raw ticks give 4 to 5 in its batches" "a batch that is another"
wrong "$line.ticks_2n[1][2] += 1" "in its batches" "a tick in a batch"
wrong "$line |= (.ticks_2n[1] |= map(. + 128))" "in its batches" "one pass in a block"
wrong ".clock_step_ticks = 64" "clock_step_ticks is stated as 64, the raw ticks give 128" \
	"another step is stated"
# Another op in each layout of the made-up report: make them one.
alike='.benchmarks |= map(.op = "save_fl")'
jq "$alike" "$work/good.json" >"$work/alike.json"
reads 0 " numbers stated follow" "layouts that agree" "$work/alike.json"
is "$(row native/ccall/indirect)" "4 +3" "stand in one row"
wrong "$alike | $line |= (.instructions = 5 | (128 * .reps * .copies_n) as \$one
	| .ticks_2n |= map(map(. + \$one)))" "which must be alike" "layouts that do not agree"
is "$(grep -c '^  native/ccall/indirect' "$work/said")" 2 "have a row each"
# In their ranges, which begin alike; and neither was timed.
dense='(.benchmarks[] | select(.name == "save_fl/native/ccall/indirect/dense/warm"))'
more() { echo "$1 |= (.ticks_2n[1][2] += $2 * 128 * .reps * .copies_n)"; }
wrong "$alike | $(more "$dense" 1) | $(more "$line" 3)" "in its batches" \
	"layouts that begin alike and spread differently"
is "$(row native/ccall/indirect)" "4.000..7.000 ;4.000..5.000 " "have a row each"
wrong "$alike | $(more "$dense" 1) | $(more "$line" 1)" "in its batches" \
	"layouts that spread alike"
is "$(row native/ccall/indirect)" "4.000..5.000 " "stand in one row"
jq "$alike | ($line, $dense) |= (.error_occurred = true
	| del(.ticks_n, .ticks_2n, .instructions))" "$work/good.json" >"$work/refused.json"
reads 0 " numbers stated follow" "one that is refused in both layouts" "$work/refused.json"
is "$(grep -c '^  native/ccall/indirect  *not timed' "$work/said")" 2 "has a row each"
wrong '(.benchmarks[] | select(.role == "twin")) |= (.instructions = 2
	| (128 * .reps * .copies_n) as $one | .ticks_2n |= map(map(. + $one)))' \
	"which must be alike" "a twin that is none"

bad '.clock = "sundial"' 'clock is "sundial"; it is tsc, or instructions of' "another clock"
bad 'del(.clock_step_ticks)' '"clock_step_ticks" is missing' "no step"
bad '.clock_step_ticks = 0' "clock_step_ticks 1 or more" "a step of nothing"
bad '.clock = 3' '"clock" is not a string' "a clock that is no word"
reads 2 "has times, but $work/good.json has counts of instructions: give reports of one" \
	"counts and times together are refused" "$work/good.json" "$work/times.json"
is "$(wc -l <"$work/said")" 1 "in one line"
reads 2 "has counts of instructions, but $work/times.json has times" "and times and counts" \
	"$work/times.json" "$work/good.json"

reads 0 "11 of 11 benchmarks have the same number in all reports" "two that are alike" \
	"$work/good.json" "$work/good.json"
jq "$line |= (.instructions = 5 | (128 * .reps * .copies_n) as \$one
	| .ticks_2n |= map(map(. + \$one)))" "$work/good.json" >"$work/other.json"
reads 0 "restore_fl/native/ccall/indirect/line/warm: 4.000..5.000 in 2 reports" \
	"what is not alike is named" "$work/good.json" "$work/other.json"
has "$work/said" "10 of 11 benchmarks" "and counted"
reads 0 "restore_fl/native/line/warm,native/ccall/indirect,2,4,5" "as CSV" --csv \
	"$work/good.json" "$work/other.json"
finish
