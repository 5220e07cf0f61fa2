#!/bin/bash
# replays.t: every mix that is kept, replayed where instructions are counted: each sequence has
# as many as its ops have one by one, and the table of 2006 has shares in all rows but ubench.
# SPDX-License-Identifier: GPL-2.0-only
. host/test/lib/boot.sh
. host/test/exact/replays.sh

for dir in results/mixes/*/; do
	kernel=$(basename "$dir") arch=x86_64
	[[ $kernel != *-686* ]] || arch=ia32
	boot "$kernel" --arch $arch --icount 7 --set "mixes = $kernel" \
		--set 'workloads = save_fl' --set 'layouts = work' --set 'states = warm' \
		--set 'conventions = native seed ccall' --set 'modes = native indirect inline' \
		--timeout 900
	is "$status $(of "$kernel" '.status, .clock' | xargs)" "0 complete instructions" \
		"$kernel: all of its mixes are replayed"
	is "$(of "$kernel" '[.mixes[].mix] | unique | length')" "$(ls "$dir" | wc -l)" \
		"$kernel: each of its files"
	# By two kinds of gaps, five cells each: native, and two conventions by two modes.
	is "$(of "$kernel" '[.mixes[] | select(.restores_if_set != false) | .cells[]] | length')" \
		$((10 * $(ls "$dir" | wc -l))) "$kernel: cells that have a sum to be held against"
	is "$(of "$kernel" "$unequal")" "" \
		"$kernel: each has as many instructions as its ops by themselves"
	is "$(of "$kernel" '.seed_table | [.kernel, (.rows[] |
		select(has("paravirt") and has("patched") | not).name)] | join(" ")')" \
		"$kernel Ubench" "$kernel: the table of 2006 lacks ubench alone"
done
finish
