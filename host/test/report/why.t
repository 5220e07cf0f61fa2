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
unlike restless "$cell.verdict = \"same\"" "vs.why is stated as restless, the raw ticks give none" \
	"a verdict has no reason"
finish
