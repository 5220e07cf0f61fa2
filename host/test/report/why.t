#!/bin/bash
# why.t: why a verdict is inconclusive follows from what a report states.
# SPDX-License-Identifier: GPL-2.0-only
# shellcheck source=host/test/report/reads.sh
. host/test/report/reads.sh
readonly cell='(.benchmarks[] | select(.name == "restore_fl/native/ccall/indirect/line/warm").vs)'
readonly twin='(.benchmarks[] | select(.role == "twin").vs)'

# why KIND OFFSETS BATCHES WORD: what is made up has it, of every cell, and it follows
why()
{
	local status=0
	"$make" 3 "$1" 1.01 "$2" "$3" >"$work/$4.json"
	is "$(jq -r "$cell.why" "$work/$4.json")" "$4" "$1, $2 offsets, $3 batches: $4"
	"$tool" "$work/$4.json" >"$work/said" 2>&1 || status=$?
	is "$status $(grep -c "is stated as" "$work/said")" "0 0" "which follows"
}
why near-nothing 16 13 no_ratio
why offsets 8 13 restless
why noise 5 1 too_few

# A clock that advances by 26 ticks, and ops of a third of a tick: what is rounded to a
# millionth of a tick, as a step is, is three of a ratio.  Two steps between the ends of the
# blocks, and two by which they lie further out: that is half, however it is rounded.
readonly tied='(.benchmarks[] | select(.name == "restore_fl/native/ccall/inline/line/warm").vs)'
"$make" 4 steps 1 16 13 >"$work/steps.json"
is "$(jq -r "$tied.why" "$work/steps.json")" coarse "half of the width is the step: coarse"
for seed in {1..12}; do
	for ratio in 1 1.005 1.01; do
		"$make" "$seed" steps "$ratio" 16 13 >"$work/made.json"
		"$tool" "$work/made.json"
	done
done >"$work/said" 2>&1
is "$(grep -c "numbers stated follow" "$work/said") $(grep -c "is stated as" "$work/said")" "36 0" \
	"of 36 reports with such steps all follows"

# either FILTER KEY WHAT [FILE]: what is as close as numbers are rounded may be so too
either()
{
	asks "$1" "${4:-$work/steps.json}"
	"$tool" "$work/asked.json" >"$work/said" 2>&1
	grep -q "numbers stated follow" "$work/said" || echo "$2: nothing said" >>"$work/said"
	is "$(grep -F "$2" "$work/said")" "" "$3"
}
either "$tied.why = \"restless\"" vs.why "half, and the step is of a rounded reference: restless too"
either "$tied |= (.ratio_lo = 0.92 | .ratio_hi = 0.941 | .margin = 0.059 | .verdict = \"margin\"
	| .by = \"ratio\" | del(.why, .why_text))" vs.verdict \
	"an end at 1 - 5.9% is at the margin, though 1 - 0.059 is more than 0.941"
either "(.benchmarks[] | select(.mode == \"native\" and .role == \"cell\") | .median_ticks) = 10
	| $cell.why = \"restless\"" vs.why "10.000 ticks may be more than 10" "$work/no_ratio.json"

# unlike FILE FILTER WORDS WHAT: wrong of that report, whose cell or twin stands before
unlike() { wrong "$2" ": $3" "$4" "$work/$1.json"; }
unlike no_ratio "del($cell.why)" "vs.why is stated as missing, the raw ticks give no_ratio" "no word"
unlike no_ratio "del($cell.why_text)" "vs.why_text is stated as missing, the raw ticks give a sentence" \
	"no sentence"
unlike no_ratio "$cell.why = \"restless\"" "vs.why is stated as restless, the raw ticks give no_ratio" \
	"another word"
unlike no_ratio '(.benchmarks[] | select(.mode == "native" and .role == "cell") | .median_ticks) = 195000' \
	"vs.why is stated as no_ratio, the raw ticks give restless" "a reference that takes something"
unlike restless '.groups |= map(.tried += 20 | .dropped.gap += 20)' \
	"vs.why is stated as restless, the raw ticks give dropped" "a tenth of the batches is dropped"
unlike restless "$twin.verdict = \"slower\"" \
	"vs.why is stated as restless, the raw ticks give twin_apart" "the twin is apart"
unlike restless "$cell |= (.ratio_lo = -0.5 | .ratio_hi = 0.5)" \
	"vs.why is stated as restless, the raw ticks give overlap" "what may take nothing"
unlike restless '.tsc_step_ticks = 100000' "vs.why is stated as restless, the raw ticks give coarse" \
	"most of the width is the TSC's step"
unlike steps "$tied.why = \"dropped\"" "vs.why is stated as dropped, the raw ticks give coarse" \
	"of two words that may be, neither"
unlike no_ratio '(.benchmarks[] | select(.mode == "native" and .role == "cell") | .median_ticks) = 10.001' \
	"vs.why is stated as no_ratio, the raw ticks give restless" "10.001 ticks are more than 10"
unlike restless "$cell.verdict = \"same\"" "vs.why is stated as restless, the raw ticks give none" \
	"a verdict has no reason"
finish
