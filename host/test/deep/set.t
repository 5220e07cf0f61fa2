#!/bin/bash
# set.t: a list of workloads that is longer than two words have bits, planted in a copy
# of the tree: configured, planned, checked, run and reported as any other.
# SPDX-License-Identifier: GPL-2.0-only
. host/test/lib/boot.sh
unset MAKEFLAGS MAKELEVEL MFLAGS
readonly extras=44

mkdir "$work/tree"
git ls-files -co --exclude-standard -z -- . ':!results' |
	xargs -0 cp --parents -t "$work/tree" 2>/dev/null
readonly top=$PWD
cd "$work/tree" || exit 1

# Plain ones, which are compiled once each; then two ops, whose numbers are the last.
for i in $(seq $extras); do
	echo "WORKLOAD(extra_$i, \"extra $i\", plain, 3, 1, IF_ANY, IF_SAME, \"NOP\")"
	printf '#include "arch.h"\n#include "workload/workload.h"\n\nWORKLOAD_PLAIN(extra_%s, nop)\n' "$i" >"core/workload/plain/extra_$i.S"
done >"$work/extra"
for op in save_fl restore_fl; do
	# A row ends with a line that ends in its bracket.
	perl -0777 -ne "print \"WORKLOAD(late_$op, \\\"late $op\\\"\$1\n\"
		if /^WORKLOAD\\($op,\s*\"[^\"]*\"(.*?\\))\$/ms" include/list/workload.def
	sed "s/WORKLOAD_SOURCE($op/WORKLOAD_SOURCE(late_$op/" core/workload/op/$op.c \
		>core/workload/op/late_$op.c
done >"$work/late"
# Behind those of workload.def; the table's ops come last.
sed -i "/^WORKLOAD(empty,/r $work/late" include/list/workload.def
sed -i "/^WORKLOAD(empty,/r $work/extra" include/list/workload.def
members=$(grep -c '^WORKLOAD(' include/list/workload.def)
[ "$members" -gt 64 ]
ok $? "the list has $members workloads"
make -j2 out/bench-host >"$work/make.out" 2>&1
ok $? "it compiles, the application's core with it"
grep -E 'error' "$work/make.out" | sed 's/^/#   /' | head -5

readonly small=('offsets = 2' 'batches = 2' 'pass_ticks = 100' 'plan = full' 'layouts = dense line'
	'gap_us = 1000')
# bench NAME SETTING...: status, $work/NAME.json and .out.  No time is looked at; where
# other work disturbed every try of a group, it is run again.
bench()
{
	local name=$1 try
	shift
	for try in 1 2 3 4 5; do
		status=0
		out/bench-host -o "$work/$name.json" "${small[@]}" "$@" >"$work/$name.out" 2>&1 ||
			status=$?
		grep -q 'the machine disturbed all of' "$work/$name.json" 2>/dev/null || break
		echo "# run $try of $name was disturbed"
	done
	grep -E '^not|failed|bench-host:' "$work/$name.out" | sed 's/^/#   /' | head -5
}

# rows NAME: the workloads of the report's cells
rows() { jq -r '.benchmarks[] | select(.role == "cell") | .op' "$work/$1.json" | sort -u |
	paste -sd' '; }

bench late 'workloads = late_save_fl late_restore_fl extra_44 extra_10' 'states = warm' \
	'backends = native xen' 'conventions = all' 'modes = native indirect inline direct'
is "$status $(jq -r .status "$work/late.json")" "0 complete" \
	"four of them, the last ones too, run whole"
is "$(rows late)" "extra_10 extra_44 late_restore_fl late_save_fl" "those, and no other"
is "$(jq -r '.config | split("\n")[] | select(startswith("workloads"))' "$work/late.json")" \
	"workloads = extra_10 extra_44 late_save_fl late_restore_fl" \
	"the configuration says them, in the list's order"
bench early 'workloads = save_fl restore_fl' 'states = warm' \
	'backends = native xen' 'conventions = all' 'modes = native indirect inline direct'
# cells NAME PREFIX: of the ops, without what was timed
cells()
{
	jq -c --arg p "$2" '[.benchmarks[] | select(.op | test("^(late_)?(save|restore)_fl$"))
		| [(.op | ltrimstr($p)), .backend, .convention, .mode, .layout, .state,
			.role, .sites]] | sort[]' "$work/$1.json"
}
is "$(cells late late_ | sha256sum)" "$(cells early late_ | sha256sum)" \
	"the cells of the two ops are those of the ones they are copies of: $(cells late late_ |
	wc -l)"
is "$(jq -c .clobbers "$work/late.json")" "$(jq -c .clobbers "$work/early.json")" \
	"as many probes of their sites were checked: $(jq .clobbers.checked "$work/late.json")"
"$top/out/host/report" "$work/late.json" >"$work/report" 2>&1
ok $? "the report holds against its raw ticks: $(tail -n 1 "$work/report")"

bench all 'states = warm' 'layouts = dense'
is "$status $(jq -r .status "$work/all.json")" "0 complete" "all of them"
is "$(rows all | tr ' ' '\n' | grep -c '^extra_')" $extras "every planted one is in the report"
bench wrong 'workloads = extra_45'
is "$status" 2 "one that is not there is refused"
bench above 'workloads = cli_sti late_save_fl' 'states = warm'
is "$(grep -c '^Left out: cli_sti: this ring may not run them' "$work/above.out") $(rows above)" "1 late_save_fl" \
	"what this ring may not run is said, the last one is run"
finish
