#!/bin/bash
# boot.t: the image as a user boots it, on both architectures: the table, the lines, the
# report.  In real time, and what goes wrong: host/test/deep/boot.t.
# SPDX-License-Identifier: GPL-2.0-only
. host/test/lib/boot.sh
. host/test/boot/good.sh
. host/test/boot/shared.sh

for arch in x86_64 ia32; do
	shared $arch
	looks_good $arch 2 counted
	# What this boot has besides.
	is "$(jq -r '.context.text | [.found, .mapped, .written_by, .cet] | join(",")' \
		"$work/$arch"/*.json)" \
		"writable,read-only,CR0.WP,off" \
		"$arch: text that is mapped read-only is written with CR0.WP clear"
	is "$(grep -a '^parapatch control ' "$work/$arch.log" |
		sed 's/.*cr4_pge=//; s/yes/true/g; s/no/false/g; s/ [a-z0-9_]*=/,/g')" \
		"$(jq -r '.context.control | [.[] | tostring] | join(",")' "$work/$arch"/*.json)" \
		"$arch: the state that ops cost by is the same on the lines and in the report"
	is "$(jq -r .context.control.apic "$work/$arch"/*.json)" xapic \
		"$arch: OVMF's local APIC is an xAPIC on one CPU"
	is "$(grep -c '^scale sites=1000 way=' "$work/$arch.log")" \
		"$(jq '.scale.ways | length' "$work/$arch"/*.json)" \
		"$arch: patching at scale: a line a way, as the report has them"
	is "$(jq -r \
		'[.scale.ways[].way] | index("each_mov_cr2") != null and index("each_iret") != null' \
		"$work/$arch"/*.json)" true "$arch: ring 0 has MOV to CR2 too"
	is "$(grep '^parapatch clobbers ' "$work/$arch.log" | field failed)" 0 \
		"$arch: no site changes a register that it may not"
	hz=$(grep -a '^parapatch clock ' "$work/$arch.log" | field hz)
	[ "$((hz / 100000))" = 10000 ] || [ "$((hz / 100000))" = 9999 ]
	ok $? "$arch: a tick is a ns here, and the clock is found to be $hz Hz"
	is "$(grep -c 'does not put back' "$work/$arch.log")" 0 \
		"$arch: a quiet window puts back what it found"
done
awk '/^<!-- counted: x86_64 -->$/ { on = 1; next }
	on && /^```$/ { if (on++ == 2) exit; next }
	on == 2' README.md >"$work/shown"
is "$(grep -c . "$work/shown") $(grep -vxFf "$work/x86_64.log" "$work/shown")" "8 " \
	"README shows rows of this table"
is "$judged" " x86_64 ia32" "both were judged to the end"
finish
