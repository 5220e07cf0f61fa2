#!/bin/bash
# soak/verdicts.t: what bench-host's default plan decides on the CPU that is here: how much,
# the same from run to run, and of an A/A twin.  It takes 40 minutes, with nothing else running.
# SPDX-License-Identifier: GPL-2.0-only
#
# RUNS=10: runs of each kind; TWINS=20: A/A runs.
. host/test/lib/boot.sh
runs=${RUNS:-10} twins=${TWINS:-20}

# bench_runs KIND N SETTING...: reports $work/KIND-1.json and on; all must end well
bench_runs()
{
	local kind=$1 n=$2 i good=0
	shift 2
	for ((i = 1; i <= n; i++)); do
		if out/bench-host -o "$work/$kind-$i.json" "$@" >"$work/$kind-$i.out" 2>&1; then
			good=$((good + 1))
		else
			echo "# $kind, run $i: status $?: $(tail -n 1 "$work/$kind-$i.out")"
		fi
	done
	is "$good" "$n" "$kind: all its runs end well"
}

# shares KIND: a line a run: cells with a verdict, decided, at the margin, open; share of
# the regime alone, and the regime used
shares()
{
	jq -r '[.benchmarks[] | select(.role == "cell" and .vs) | .vs.verdict] as $v |
		([$v[] | select(. == "margin")] | length) as $m |
		([$v[] | select(. == "inconclusive")] | length) as $o |
		[($v | length), ($v | length) - $m - $o, $m, $o,
			(.regime[0] | (.batches.alone / ([.batches[]] | add) * 1000 | floor / 1000),
				.used)] | @tsv' "$work/$1"-*.json
}

# least_decided KIND: of a hundred verdicts that are not at the margin, in the worst run
least_decided()
{
	shares "$1" | awk '{ d = $1 - $3 ? 100 * $2 / ($1 - $3) : 0; if (NR == 1 || d < l) l = d }
		END { printf "%.1f\n", l }'
}

# warm_decided KIND: the same of cells in state warm, in all runs
warm_decided()
{
	jq -r '.benchmarks[] | select(.role == "cell" and .vs and .state == "warm")
		| .vs.verdict' "$work/$1"-*.json |
		awk '$1 != "margin" { n++; d += $1 != "inconclusive" }
			END { printf "%.1f", n ? 100 * d / n : 0 }'
}

# conflicts KIND: cells that two runs decided differently
conflicts()
{
	jq -r '.benchmarks[] | select(.role == "cell" and .vs)
		| select(.vs.verdict | IN("same", "faster", "slower"))
		| .name + " " + .vs.verdict' "$work/$1"-*.json | sort -u |
		awk '{ n[$1]++; v[$1] = v[$1] " " $2 } END { for (c in n) if (n[c] > 1) print c v[c] }'
}

# what_decided KIND WHAT: the figures, and whether they are what is promised
what_decided()
{
	local all least most
	echo "# $2: verdicts, decided, at the margin, open, share alone, regime"
	shares "$1" | sed 's/^/#   /'
	all=$(shares "$1" | awk '{ n += $1 - $3; d += $2 } END { printf "%.1f", 100 * d / n }')
	least=$(least_decided "$1")
	most=$(shares "$1" | awk '$5 >= 0.5 { a++ } END { print a == NR ? 95 : 80 }')
	echo "# $2: of warm cells $(warm_decided "$1")% decided"
	if [ "$1" = fixed ]; then
		echo "# $2: $all% decided in $runs runs, in the worst one $least%"
	else
		awk "BEGIN { exit !($all >= $most) }"
		ok $? "$2: $all% decided in $runs runs, in the worst one $least%: $most% at least"
	fi
	is "$(conflicts "$1")" "" "$2: no two runs say different things of a cell"
}

make -s out/bench-host || exit 1
bench_runs quiet "$runs"
what_decided quiet "by itself"
# A neighbour that keeps the other CPU busy, with work as wide as the core.
sh -c 'while :; do :; done' &
readonly neighbour=$!
trap 'kill $neighbour 2>/dev/null; rm -rf "$work"' EXIT
bench_runs busy "$runs"
kill "$neighbour"
what_decided busy "with a busy neighbour"
bench_runs fixed "$runs" 'budget_s = 0'
what_decided fixed "the fixed plan"

bench_runs twin "$twins" 'workloads = save_restore_fl restore_fl' 'states = warm' \
	'budget_s = 20'
# Of twins: their verdicts, over all runs.
twin_verdicts() { jq -r '.benchmarks[] | select(.role == "twin" and .vs) | .vs.verdict' "$@"; }
echo "# A/A twins of $twins runs:"
twin_verdicts "$work"/twin-*.json | sort | uniq -c | sed 's/^/#   /'
wrong=$(twin_verdicts "$work"/twin-*.json | grep -cE 'faster|slower')
all=$(twin_verdicts "$work"/twin-*.json | wc -l)
[ "$all" -gt 0 ] && [ $((20 * wrong)) -le "$all" ]
ok $? "A/A: $wrong of $all twins are called faster or slower: 5% at most"
for op in save_restore_fl restore_fl; do
	same=$(jq -r "[.benchmarks[] | select(.role == \"twin\" and .op == \"$op\" and .vs)
		| .vs.verdict] | all(. == \"same\")" "$work"/twin-*.json | grep -c true)
	[ $((20 * same)) -ge $((19 * twins)) ]
	ok $? "A/A: $op: all its twins the same in $same of $twins runs"
done
read -r n low high < <(jq -r '.benchmarks[] | select(.role == "cell" and .op == "restore_fl"
	and .mode == "inline" and .vs.ratio) | .vs.ratio' "$work"/twin-*.json | sort -n |
	awk '{ v[NR] = $1 } END { print NR, v[1], v[NR] }')
awk "BEGIN { exit !($low >= 0.99 && $high <= 1.01) }"
ok $? "patched restore_fl against native: $low to $high, n = $n: within 1.00 +- 0.01"
finish
