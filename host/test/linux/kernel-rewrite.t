#!/bin/bash
# kernel-rewrite.t: what parapatch-image --compare makes of a kernel that rewrote itself
# by each of its tables, and of one byte that no mechanism stored.
# SPDX-License-Identifier: GPL-2.0-only
. host/test/lib/boot.sh
. host/test/linux/kernel_images.sh
. host/test/linux/kernel_rewritten.sh
tool=out/test/parapatch-image
k=$work/k
mkdir "$k"
kernel_rewritten_make "$k"
ok $? "a kernel with all tables is assembled and linked"

# compare: status, classes that are not 0, and differences elsewhere
compare()
{
	local status=0
	"$tool" --json --compare "${1:-$k/memory}" "$k/rewritten" >"$work/json" || status=$?
	jq -r '.compared | ([.paravirt, .alternatives][] | to_entries | map(select(.value > 0) |
		"\(.key) \(.value)") | join(", ")), .instructions.unexplained' "$work/json" |
		paste -sd ';' | sed "s/$/;$status/"
}

# rewrites: what was made, places and of them at sites
rewrites()
{
	jq -r '.compared.rewritten | to_entries[] | select(.value.places > 0) |
		"\(.key) \(.value.places) \(.value.at_sites)"' "$work/json" | paste -sd ','
}

# What every boot does.
always='endbr_sealed 4 0,fentry_nop 4 0,label_jump 2 0,label_nop 2 0,static_call 1 0,static_none 3 0,static_warning 1 0,trampoline 5 0,constant 2 0'

# boots WHAT CLASSES REWRITES RETURNS RETPOLINES DEPTH UP
boots()
{
	kernel_rewritten_boot "$k" "$4" "$5" "$6" "$7"
	is "$(compare)" "$2" "$1: every difference is explained"
	is "$(rewrites)" "$3$always" "$1: by kind, and how many are at sites"
}
boots "two CPUs, no mitigations that rewrite" 'same 1;same 3;0;0' '' 0 0 0 0
tried image \
	"a kernel's ENDBRs, tracer's calls, jump labels, static calls, constants of run time, as its tables say" \
	"each kind named and counted, 0 unexplained"
boots "another return thunk, one CPU" 'same 1;same 2, rewritten 1;0;0' \
	'return_thunk 9 1,lock_prefix 1 0,' 1 0 0 1
boots "RET, branches by register" 'same 1;same 2, rewritten 1;0;0' \
	'return_plain 9 1,indirect 10 0,' 2 1 0 0
boots "branches by register with CS prefixes" 'same 1;same 2, rewritten 1;0;0' \
	'return_plain 9 1,indirect 10 0,' 2 5 0 0
boots "LFENCE before them" 'same 1;same 2, rewritten 1;0;0' \
	'return_plain 9 1,indirect_lfence 10 0,' 2 2 0 0
boots "ITS" 'same 1;same 2, rewritten 1;0;0' \
	'return_thunk 5 1,return_plain 4 0,indirect 5 0,indirect_its 5 0,' 3 4 0 0
boots "call depth tracking" 'rewritten 1;same 1, rewritten 2;0;0' \
	'return_thunk 9 1,indirect_depth 10 0,call_depth 5 1,accounting 4 0,' 1 3 1 0
tried image \
	"a kernel with return thunks, RET, retpolines made branches (LFENCE, CS prefixes), ITS, call depth tracking, LOCK prefixes taken" \
	"each kind named and counted, 0 unexplained"

"$tool" --compare "$k/memory" "$k/rewritten" >"$work/text"
has "$work/text" '  call_depth           5     1  a CALL: of accounting code' "the text says it too"
has "$work/text" 'calls lead to accounting code 9 bytes before functions' \
	"and how far calls were moved"
has "$work/text" 'instructions elsewhere: 0 differences that nothing explains' \
	"and that nothing is left"
other=$((0x$(awk '$3 == "other_thunk" { print $1 }' "$k/places") + 0xffffffff81000000))
has "$work/text" "returns in the lower half of a cache line jump to $(printf '%#x' $other)" \
	"and which thunk returns jump to"

# One place is something else: that is a difference, and its table is named.
# place LABEL: its offset in .text
place() { echo $((0x$(awk -v n="$1" '$3 == n { print $1 }' "$k/places"))); }
# rel FROM LABEL [BYTES]: four bytes that lead from the end of 5 at FROM to LABEL
rel()
{
	perl -e 'print join "", map { sprintf "\\x%02x", $_ } unpack "C4", pack "l<", $ARGV[0]' \
		-- $(($(place "$2") - ${3:-0} - $1 - 5))
}
# wrong WHAT AT BYTES TABLE [WANTED]: they are stored in memory at an offset
wrong()
{
	cp "$k/memory" "$work/wrong"
	printf '%b' "$3" | dd of="$work/wrong" bs=1 seek="$2" conv=notrunc 2>/dev/null
	is "$(compare "$work/wrong" | sed 's/.*;\([0-9]*;[0-9]*\)$/\1/') $(
		jq -r \
			'.compared.instructions.first[0].table // "" | if . == "" then "none" else . end' \
			"$work/json")" "${5:-1;1} $4" "$1"
}

# jmp FROM LABEL [BYTES], call: one that leads so many bytes before LABEL
jmp() { echo "\\xe9$(rel "$@")"; }
call() { echo "\\xe8$(rel "$@")"; }
returns=$(place returns) calls=$(place calls)
kernel_rewritten_boot "$k" 1 0 0 1
wrong "a return that jumps elsewhere" $returns "$(jmp $returns no_thunk)" returns
wrong "a return that is RET, where others are not" $returns '\xc3\xcc\xcc\xcc\xcc' returns
wrong "a retpoline that is a branch, where others are not" "$(place retpoline_0)" \
	'\xff\xd0\x0f\x1f\x00' retpolines
wrong "a CALL that was moved, where others were not" "$calls" "$(call "$calls" first 9)" calls
wrong "an ENDBR that is another NOP" "$(place second)" '\x0f\x1f\x40\x00' endbrs
at=$(($(place second) + 4))
wrong "a tracer's call that calls elsewhere" $at "$(call $at first)" fentries
wrong "a jump label that jumps elsewhere" "$(place label)" "$(jmp "$(place label)" tracer)" labels
at=$(($(place label_short) + 4))
wrong "a jump label that jumps while its key is off" $at \
	"\\xeb$(rel $((at - 3)) target | cut -c1-4)" labels
at=$(place static_second)
wrong "a static call of another function" "$at" "$(call "$at" third)" static_calls
wrong "a static call of nothing, whose key points to a function" "$at" \
	'\x0f\x1f\x44\x00\x00' static_calls
wrong "a static call that warns, whose key points to what returns 0" "$(place static_zero)" \
	'\x67\x48\x0f\xb9\x3a' static_calls
at=$(place trampoline_second)
wrong "a trampoline to another function" "$at" "$(jmp "$at" third)" trampolines
at=$(place trampoline_alone)
wrong "a trampoline to what no pointer became" "$at" "$(jmp "$at" third)" trampolines
wrong "a constant that is another in one place" $(($(place constant) - 1)) '\x01' constants
wrong "an instruction behind a LOCK prefix" $(($(place lock) + 1)) '\xfe' none
wrong "a byte that is in no table" "$(place tracer)" '\x90' none
kernel_rewritten_boot "$k" 1 3 1 0
wrong "a CALL that was moved otherwise" "$calls" "$(call "$calls" first 10)" calls
wrong "a CALL of another function's accounting code" "$calls" "$(call "$calls" third 9)" calls
wrong "accounting code that counts elsewhere, and calls of it" \
	$(($(place second) - 5)) '\x01' accounting '3;1'
at=$(place retpoline_0)
wrong "a retpoline to the thunk of another register" "$at" "$(call "$at" r11_counts)" retpolines
wrong "a retpoline to the thunk that does not count is as it was built" "$at" \
	"$(call "$at" rax_thunk)" none '0;0'
kernel_rewritten_boot "$k" 3 4 0 0
wrong "ITS: RET in the lower half of a line" $returns '\xc3\xcc\xcc\xcc\xcc' returns
wrong "ITS: a thunk in the upper half" $((returns + 32)) \
	"$(jmp $((returns + 32)) other_thunk)" returns
# its LABEL OFFSET: the branch there leads to that offset from where modules are
its()
{
	perl -e 'print join "", map { sprintf "\\x%02x", $_ } unpack "C4", pack "l<",
		0xa0000000 + $ARGV[1] - 0x81000005 - $ARGV[0]' -- "$(($(place "$1") + ${3:-0}))" \
			"$2"
}
at=$(place retpoline_0)
wrong "ITS: a branch to a thunk in the lower half" $((at + 1)) "$(its retpoline_0 0x40)" \
	retpolines '2;1'
wrong "ITS: a branch to the thunk of the next one" $(($(place retpoline_2) + 1)) \
	"$(its retpoline_2 0x26)" retpolines '4;1'
wrong "ITS: a branch itself, where others take a thunk" "$at" '\xff\xd0\x0f\x1f\x00' retpolines
kernel_rewritten_boot "$k" 2 2 0 0
wrong "LFENCE before a branch by another register" $(($(place retpoline_0) + 4)) '\xd1' \
	retpolines '2;1'
wrong "no LFENCE, where others have one" "$(place retpoline_0)" '\xff\xd0\x0f\x1f\x00' retpolines
tried image \
	"one place of each table of a kernel that holds what its mechanism does not make, or not there" \
	"a difference: status 1, and the table is named"

# At the sites it is the class of the site.
kernel_rewritten_boot "$k" 1 3 1 0
cp "$k/memory" "$work/kept"
# wrong_site WHAT AT BYTES CLASSES
wrong_site()
{
	cp "$work/kept" "$k/memory"
	printf '%b' "$3" | dd of="$k/memory" bs=1 seek="$2" conv=notrunc 2>/dev/null
	is "$(compare)" "$4" "$1"
}
at=$(place alternative_return)
wrong_site "an alternative that returns elsewhere" "$at" "$(jmp "$at" no_thunk)" \
	'rewritten 1;same 1, rewritten 1, unexplained 1;0;1'
at=$(place site)
wrong_site "a paravirt call that was moved otherwise" "$at" "$(call "$at" third 8)" \
	'unexplained 1;same 1, rewritten 1, unexplained 1;0;1'
wrong_site "one whose last byte is another" $((at + 5)) '\xf4' \
	'unexplained 1;same 1, rewritten 1, unexplained 1;0;1'

finish
