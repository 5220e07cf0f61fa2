#!/bin/bash
# bench.t: core as a Linux process, on the CPU that is here: the default plan as it comes,
# the same seed again, and timings.
# SPDX-License-Identifier: GPL-2.0-only
#
# Nothing here is a wall time.  What is gated of the timings is ratios of things
# that were timed in the same batches, microseconds apart and in random order: a
# slow CPU, another frequency or a busy neighbour reaches both alike.  The bounds
# are several times what was seen between busy neighbours, and each gated number is
# the median of three runs.  Where the machine's A/A twins say that it cannot tell
# a few percent, timings gate nothing and a line says so; all else is exact.
# shellcheck source=host/test/lib/boot.sh
. host/test/lib/boot.sh
. host/test/user/default_plan.sh

# The first pass of the default plan, as it comes, with its mappings watched.
run_default_plan 'budget_s = 0'
default_plan_is_right

# Two more runs, of the same seed.
quick=('seed = 7' 'budget_s = 0' 'layouts = line' 'states = warm'
	'workloads = save_fl restore_fl save_restore_fl add_chain')
for i in 2 3 4; do
	"$bench" -o "$work/$i.json" "${quick[@]}" >/dev/null || ok 1 "run $i"
done
places() { jq -c '.context.text_address as $t | [.benchmarks[] | [.name, [.address[] - $t]]]' \
	"$1"; }
is "$(places "$work/3.json")" "$(places "$work/2.json")" "same seed, same places in the same order"
[ "$(places "$work/3.json")" = "$(places "$work/2.json")" ] &&
	"$bench" -o "$work/5.json" "${quick[@]}" 'seed = 8' >/dev/null &&
	[ "$(places "$work/5.json")" != "$(places "$work/2.json")" ]
ok $? "another seed, others"

# Timings.  cell NAME FILTER: of runs 2 to 4, the middle one
cell() { jq --arg n "$1" ".benchmarks[] | select(.name == \$n) | $2" "$work"/[234].json | sort -g |
	sed -n 2p; }
# between LOW VALUE HIGH: also false where there is no value
between() { awk -v l="$1" -v v="$2" -v h="$3" \
	'BEGIN { exit !(v != "" && v != "null" && l <= v && v <= h) }'; }

twins="restore_fl save_restore_fl"
blind=""
for op in $twins; do
	width=$(cell "$op/native/native/native/line/warm:twin" \
		'.vs | (.ratio_hi // 99) - (.ratio_lo // 0)')
	[ -n "$width" ]
	ok $? "$op has a twin"
	between 0 "$width" 0.03 || blind="the A/A interval of $op is $width wide"
done
[ "$(jq -r .context.cpu.hypervisor "$work/2.json")" != TCGTCGTCGTCG ] || blind="this is an emulator"
if [ -n "$blind" ]; then
	echo "# timings gated nothing: $blind"
else
	for op in $twins; do
		r=$(cell "$op/native/native/native/line/warm:twin" .vs.ratio)
		between 0.97 "$r" 1.03
		ok $? "$op, line: the same bytes at another address take the same ($r)"
		for c in seed ccall; do
			r=$(cell "$op/native/$c/inline/line/warm" .vs.ratio)
			between 0.95 "$r" 1.05
			ok $? "$op, $c, line: patched is as native ($r)"
		done
	done
	# POPF may hide a call; PUSHF does not hide eight instructions and two jumps.
	r=$(cell save_fl/native/seed/indirect/line/warm .vs.ratio)
	between 1.05 "$r" 1000
	ok $? "save_fl, seed, line: through the table is slower than native ($r)"
fi
# Two dependent chains of a cycle and of three: nothing but the CPU comes in.
if [ -z "$blind" ] &&
	[ "$(jq '.anchors.add_chain | has("published")' "$work/2.json")" = true ]; then
	r=$(cell add_chain/native/native/native/dense/warm .cycles)
	between 0.95 "$r" 1.05
	ok $? "a dependent ADD takes a core cycle, by the IMUL chain ($r)"
else
	echo "# add_chain gated nothing: ${blind:-no figures are known for this CPU}"
fi

finish
