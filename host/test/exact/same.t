#!/bin/bash
# same.t: same.sh takes for the same what differs in where code lies alone.
# SPDX-License-Identifier: GPL-2.0-only
. host/test/lib/boot.sh

cat >"$work/old.json" <<'END'
{
 "context": { "date": "2026-01-01T00:00:00", "parapatch_version": "abc", "text_address": 4096,
  "tsc": { "hz": 1000, "n": 3, "sources": [ { "source": "HPET", "hz": 1000, "spread_ppm": 0 } ] } },
 "benchmarks": [
  { "op": "save_fl", "median_ticks": 128, "address": [ 16, 32 ], "call_at": 0,
    "site": [ "ff 15 44 33 22 11", "9c 58 0f 1f 40 00" ] },
  { "op": "restore_fl", "median_ticks": 256, "address": [ 48, 64 ], "call_at": 1,
    "site": [ "48 03 05 e8 22 87 00 0f b6 40 01" ] } ]
}
END

# same WANTED-STATUS WANTED-LINES CHANGE WHAT: the report, and the report with the change
same()
{
	jq "$3" "$work/old.json" >"$work/new.json"
	host/exact/same.sh "$work/old.json" "$work/new.json" >"$work/said" 2>&1
	is "$? $(tail -n +2 "$work/said" | paste -sd';')" "$1 $2" "$4"
}

same 0 "" . "a report is the same as itself"
is "$(cat "$work/said")" "same.sh: $work/new.json: the same, 9 values" \
	"and it says what was compared"
same 0 "" '.context |= (.date = "2027" | .parapatch_version = "def" | .text_address = 8192)' \
	"when it ran, the commit and where the text lies may differ"
same 0 "" '.context.tsc |= (.hz = 1001 | .sources[0].spread_ppm = 5)' "so may the rate of the TSC"
same 1 '< [["context","tsc","n"],3];> [["context","tsc","n"],4]' '.context.tsc.n = 4' \
	"not how often it was asked"
same 0 "" '.benchmarks[].address = [1, 2] | .benchmarks[].call_at = 9' \
	"where a body lies, and its call"
same 0 "" \
	'.benchmarks[0].site[0] = "ff 15 00 00 00 00"
	| .benchmarks[1].site[0] = "48 03 05 01 02 03 04 0f b6 40 01"' \
	"a displacement"
same 1 '< [["benchmarks",0,"site",0],"ff 15 ..."];> [["benchmarks",0,"site",0],"ff 25 ..."]' \
	'.benchmarks[0].site[0] = "ff 25 44 33 22 11"' "not an opcode"
readonly at='[["benchmarks",1,"site",0],"48 03 05 ... 0f b6 40'
same 1 "< $at 01\"];> $at 02\"]" \
	'.benchmarks[1].site[0] = "48 03 05 e8 22 87 00 0f b6 40 02"' "nor a byte behind one"
same 1 '< [["benchmarks",0,"median_ticks"],128];> [["benchmarks",0,"median_ticks"],129]' \
	'.benchmarks[0].median_ticks = 129' "nor a tick"
same 1 '< [["benchmarks",1,"op"],"restore_fl"];> [["benchmarks",1,"op"],"save_fl"]' \
	'.benchmarks[1].op = "save_fl"' "nor a name"
same 1 '> [["more"],1]' '.more = 1' "nor a field that is new"
is "$(LINES_SHOWN=0 host/exact/same.sh "$work/old.json" "$work/new.json")" \
	"same.sh: $work/new.json: 1 lines differ, of 10:" "how much differs is said in one line"
host/exact/same.sh a b c >"$work/said" 2>&1
is "$?" 2 "three words are too many"
host/exact/same.sh "$work/old.json" "$work/none.json" >"$work/said" 2>&1
is "$?" 2 "a report that is not there is said"
is "$(host/exact/same.sh --help | head -n 1)" "$(sed -n '2s/# //p' host/exact/same.sh)" \
	"--help says what it is"
finish
