#!/bin/bash
# results.t: every report in results/ says what its raw ticks give, by the tree's own tool;
# what is wrong with many cells is one line; and the largest is soon checked.
# SPDX-License-Identifier: GPL-2.0-only
# shellcheck source=host/test/lib/boot.sh
. host/test/lib/boot.sh
export LC_ALL=C
readonly tool=out/host/report

# (Mixes are shipped.t's.)
mapfile -t all < <(find results -name '*.json' ! -path 'results/mixes/*' | sort)
[ "${#all[@]}" -ge 7 ]
ok $? "there are reports in results/: ${#all[@]}"

# A report of cells: the tool has no complaint, and all numbers follow.
follows()
{
	"$tool" "$1" >"$work/out" 2>"$work/err"
	is "$? $(head -n 3 "$work/err")" "0 " "$1: nothing differs"
	is "$(sed -n 's/^\([0-9]*\) of \1 numbers stated follow.*/all/p' "$work/out")" all \
		"$1: $(tail -n 1 "$work/out")"
}

# One of patching at scale has no raw ticks: what can be asked of it is that it is whole
# and that its figures fit each other.
fits()
{
	jq -e '.status == "complete" and (.seed | type) == "number"
		and (.context.parapatch_version | type) == "string"' "$1" >/dev/null
	ok $? "$1: it is complete"
	jq -e '[.scale[] | .text_open_ticks, (.ways[] | .[] | objects)] | length > 0 and
		all(.n > 0 and .min <= .median and .median <= .max)' "$1" >/dev/null
	ok $? "$1: every median is between its ends"
	jq -e '[.scale[].ways[] | [.[] | objects | .n] | unique | length == 1] | all' "$1" \
		>/dev/null
	ok $? "$1: every way is compared in each of its rounds"
	jq -e '[.scale[].ways[] | .["of_" + .way] // {median: 1, min: 1, max: 1}
		| .median == 1 and .min == 1 and .max == 1] | all' "$1" >/dev/null
	ok $? "$1: every way takes as long as itself"
	# "each" has the name of its instruction behind it.
	jq -r '.scale[].ways[].way' "$1" | sed 's/^each_.*/each/' | sort -u |
		grep -vxFf <(sed -n 's/^SCALE[A-Z_]*(\([a-z0-9_]*\),.*/\1/p' \
			include/list/scale.def) >"$work/unknown"
	is "$(cat "$work/unknown")" "" "$1: its ways are those there are"
	nothing_follows "$1" "what patching costs"
}

# The tool refuses what has no raw ticks, and says what it is.  (What is in a table of others
# is reference.t's.)
nothing_follows()
{
	local status=0
	"$tool" "$1" >"$work/out" 2>&1 || status=$?
	is "$status $(wc -l <"$work/out")" "2 1" "$1: the tool says that it has nothing to compute"
	has "$work/out" "$2, without raw ticks" "and why"
}

for report in "${all[@]}"; do
	case $(jq -r .schema "$report") in
	parapatch-report/*)	follows "$report" ;;
	parapatch-scale-*)	fits "$report" ;;
	parapatch-reference/*)	nothing_follows "$report" "a table that others published" ;;
	*)			ok 1 "$report: a schema that is known" ;;
	esac
done

# The same wrong with many cells: a line, its first place, and how many.
largest=$(find results -name '0*.json' -printf '%s %p\n' | sort -n | tail -n 1 | cut -d' ' -f2)
jq '(.benchmarks[] | select(.median_ticks).median_ticks) += 1 | .benchmarks[5].n += 1
	| del(.benchmarks[6, 7].vs.margin)' "$largest" >"$work/wrong.json"
many=$(jq '[.benchmarks[] | select(.median_ticks and .role != "empty")] | length' "$largest")
"$tool" "$work/wrong.json" >"$work/out" 2>"$work/err"
is $? 1 "$many medians are wrong: exit status 1"
is "$(wc -l <"$work/err")" 3 "and a line for each of three kinds"
is "$(grep -c \
	"^$work/wrong.json: .*: median_ticks is stated as .*; likewise in $((many - 1)) other cells\$" "$work/err")" 1 \
	"the medians, their first place and how many more"
is "$(grep -c ': n is stated as .*[0-9]$' "$work/err")" 1 "one that is alone has no count"
has "$work/err" "vs.margin is stated as missing" "and what is missing"
has "$work/err" "; likewise in 1 other cell" "in two"
total=$(sed -n 's/^[0-9]* of \([0-9]*\) numbers stated.*/\1/p' "$work/out")
has "$work/out" "$((total - many - 3)) of $total numbers stated follow" \
	"every one of them is counted"

# Once it took 4 s; 1 s is what it may, and twice that on a machine that is busy.
TIMEFORMAT=%U
spent=$( { time "$tool" "$largest" >/dev/null 2>&1; } 2>&1)
awk -v s="$spent" 'BEGIN { exit !(s <= 2) }'
ok $? "the largest is checked in $spent s of CPU"

# bench-host's own, of today: every way to reach an op, in the layout that has halves.
status=0
out/bench-host -o "$work/now.json" 'seed = 7' 'workloads = save_fl' 'layouts = line' \
	'states = warm' 'batches = 20' 'budget_s = 0' 'gap_us = 1000' \
	'conventions = native ccall wide16' \
	'modes = native indirect inline direct retpoline lfence trampoline key_jmp test_sti' \
	>"$work/out" 2>&1 || status=$?
is "$status" 0 "a report of today, of stubs and jumps"
jq -e '[.benchmarks[] | select(.outcome == "stub-call" or .outcome == "jump")
	| select(.site_bytes == 6) | has("low_half_ticks")] | length == 4 and all' \
		"$work/now.json" >/dev/null
ok $? "they have halves"
follows "$work/now.json"
valid "$work/now.json"
finish
