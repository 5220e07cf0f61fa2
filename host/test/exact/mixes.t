#!/bin/bash
# mixes.t: recorded mixes, replayed where instructions are counted: a sequence has as many as
# its ops have one by one.  And a file of one's own, and files that are no mixes.
# SPDX-License-Identifier: GPL-2.0-only
. host/test/lib/boot.sh
. host/test/exact/replays.sh

# share MIX ROW TIME: of a row of 2006, is a share what calls, and patched sites, count more than
# native ones, of those of a unit's instructions that are its time, both in millionths?
share()
{
	echo '[.mixes[] | select(.kernel == "6.1-amd64" and .mix == "'"$1"'"
			and (.group | contains("/native/")))][0] as $m
		| ($m.cells | map({key: "\(.convention) \(.mode)", value: .instructions})
			| from_entries) as $of
		| ($m | ('"$3"') / .units | floor) as $instructions
		| (.seed_table.rows[] | select(.name == "'"$2"'")) as $row
		| [["paravirt", "indirect"], ["patched", "inline"] | . as [$column, $mode]
			| ((($of["seed \($mode)"] - $of["native native"]) * 1000000
				* $m.ops_replayed / ($m.steps * $m.units) | floor)
				/ $instructions | floor) as $is
			| $row[$column] | map_values(. * 1000000 | round)
				== {least: $is, most: $is}]
		| join(" ")'
}
readonly all='.kernel_instructions + .user_instructions'

# on_stick IMAGE FILE NAME: FILE is \mixes\NAME there
on_stick() { mcopy -o -i "$1@@1M" "$2" "::/mixes/$3"; }

own=$work/own.img
cp out/parapatch.img "$own"
jq '.mix = "compile" | .kernel = "6.1-amd64"' results/mixes/6.1-686/fork.json >"$work/mine.json"
jq '.mix = "tcp_bw" | .units = 19' "$work/mine.json" >"$work/rate.json"
on_stick "$own" "$work/mine.json" mine.json
on_stick "$own" "$work/rate.json" rate.json
image=$own
for arch in x86_64 ia32; do
	boot $arch --arch $arch --icount 7 --set 'mixes = 6.1-amd64/fork mine rate' \
		--set 'workloads = save_fl' --set 'layouts = work' --set 'states = warm' \
		--set 'backends = native xen' \
		--set 'conventions = native seed ccall' --set 'modes = native indirect inline' \
		--timeout 300
	is "$status $(of $arch '.status, .clock' | xargs)" "0 complete instructions" \
		"$arch: three mixes are replayed, and instructions counted"
	is "$(of $arch '[.mixes[] | .mix] | unique | join(" ")')" "compile fork tcp_bw" \
		"$arch: one of the stick's, two that were put there"
	is "$(of $arch '[.mixes[] | select(.restores_if_set != false) | .cells[]] | length')" 60 \
		"$arch: cells that have a sum to be held against"
	is "$(of $arch "$unequal")" "" \
		"$arch: each has as many instructions as its ops by themselves"
	is "$(jq '(.mixes[0].cells[0].instructions) += 1' "$work/$arch"/*.json |
		jq -r "$unequal" | wc -l)" 1 "$arch: one more would be seen"
	# A unit's calls, by the sequence's, of all its instructions.
	is "$(of $arch '.seed_table | [.kernel, (.rows | length), (.rows[] |
		select(has("paravirt")).name)] | join(" ")')" \
		"6.1-amd64 19 Kernel compile system time Kernel compile wall time fork TCP socket bandwidth" \
		"$arch: the rows of 2006 that were replayed have shares"
	is "$(of $arch "$(share fork fork "$all")")" "true true" "$arch: they follow from the cells"
	is "$(of $arch "$(share compile 'Kernel compile wall time' "$all")")" "true true" \
		"$arch: those of a second mix do"
	is "$(of $arch "$(share compile 'Kernel compile system time' .kernel_instructions)")" \
		"true true" "$arch: system time's are of the time in the kernel"
	is "$(of $arch '.seed_table.rows | map({(.name): .paravirt}) | add
		| .["Kernel compile wall time"].least as $time | .["TCP socket bandwidth"].least
		| . < 0 and (. - 1 / (1 + $time) + 1 | fabs) < 0.000002')" true \
		"$arch: of a rate they have the mail's direction, as in the text"
	has "$work/$arch.log" ' 811 ops, of these 565 replayed' \
		"$arch: a unit's ops are rounded, not cut off"
	has "$work/$arch.log" '  3 of 3 agree' "$arch: counts that are equal agree"
	has "$work/$arch.log" 'fork                         +0.8%   -0.4%' \
		"$arch: the text has them beside those of 2006"
	is "$(of $arch '[.mixes[] | select(.restores_if_set == false) | .cells[] | .cost_lacks] |
		unique | join(" ")')" restore_fl \
		"$arch: IF restored clear is not held against IF restored set"
done

# What is no mix is refused with its place, and the rest is measured.
head -c 900 results/mixes/6.1-686/fork.json >"$work/cut.json"
sed 's/parapatch-mix.1/parapatch-mix\/2/' results/mixes/6.1-686/fork.json >"$work/later.json"
sed 's/irq_disable/irq_disabel/g' results/mixes/6.1-amd64/fork.json >"$work/slip.json"
on_stick "$own" "$work/cut.json" cut.json
on_stick "$own" "$work/slip.json" slip.json
on_stick "$own" "$work/later.json" later.json
want_status=1 boot refused --icount 7 --set 'mixes = cut later slip none_such' \
	--set 'workloads = save_fl' --set 'layouts = work' --set 'states = warm'
is "$(of refused .status)" check-failed "what is no mix is an error"
has "$work/refused.log" 'mix cut is not replayed: line ' "one that is cut short: its place"
has "$work/refused.log" 'is of another version: parapatch-mix/1 is read' "one of another version"
has "$work/refused.log" ': irq_disabel is no op that is known' "one with an op that is not"
has "$work/refused.log" 'mix none_such is not replayed: there is no such file' \
	"and one that is not there"
is "$(of refused '[.benchmarks[] | select(.role == "cell")] | length > 0')" true \
	"all else is measured"
finish
