#!/bin/bash
# listing.sh: what is timed, as instructions: what host/test/exact/exact.tbl counts.
# SPDX-License-Identifier: GPL-2.0-only
#
# listing.sh OP CONVENTION [ARCH [BACKEND]]
# listing.sh --bodies BACKEND [ARCH]
# listing.sh --stubs [ARCH]
#
# From out/ARCH/parapatch.elf (default x86_64):
#
#   OP ...     the copy that the timed bodies of that workload and convention
#              repeat, and the functions of BACKEND (default native) that its calls
#              reach: of convention callee its thunks, then what those call
#   --bodies   the ops that BACKEND has of its own, each with the bytes of its form
#   --stubs    what modes retpoline, lfence and trampoline have between a site and
#              its op, of an op without and of one with an argument, and what stands
#              for a hypervisor
#
# A trampoline is shown as it was built: it is patched to a JMP rel32 behind the
# ENDBR of its op.  A patched site is not in the file either; its bytes are in its
# "cell" line (bytes=).
#
# Exit status: 0; 1 no such workload, or no backend, or not on that architecture; 2
# usage.
set -euo pipefail
export LC_ALL=C
. "$(dirname "$0")/../build/help.sh"
answer_help '--bodies --stubs' "$@"

usage()
{
	echo "listing.sh: usage: listing.sh OP CONVENTION [ARCH [BACKEND]] |" \
		"--bodies BACKEND [ARCH] | --stubs [ARCH]" >&2
	exit 2
}

none()
{
	echo "listing.sh: $*" >&2
	exit 1
}

# Is there such a backend, and is it to be had there?
know_backend()
{
	case $(awk -F '[(, \t]+' -v b="$backend" '$1 == "BACKEND" && $2 == b { print $3 }' \
		include/list/backend.def) in
	both|"$arch")	;;
	"")		none \
		"there is no backend '$backend'; include/list/backend.def lists them" ;;
	*)		none "$arch has no backend $backend" ;;
	esac
}

# address SYMBOL, in hex
address() { awk -v s="$1" '$3 == s { print $1; exit }' <<<"$symbols"; }

# code FROM TO: instructions, addresses in hex
code()
{
	objdump -d --no-show-raw-insn --start-address="0x$1" \
		--stop-address="0x$2" "$elf" | grep '^ *[0-9a-f]*:' || true
}

# function_code NAME: all of it, or up to its return where nm has no size; false: there is
# none
function_code()
{
	local at size
	at=$(address "$1")
	[ -n "$at" ] || return 1
	size=$(awk -v s="$1" '$4 == s { print $2; exit }' <<<"$sizes")
	echo "$1:"
	if [ -n "$size" ]; then
		code "$at" "$(printf %x $((0x$at + 0x$size)))"
	else
		code "$at" "$(printf %x $((0x$at + 96)))" | sed '/\bret/q'
	fi
}

op_names() { sed -n 's/^OP(\([a-zA-Z0-9_]*\),.*/\1/p' include/list/op.def; }

# called: the ops behind the calls on standard input, each once, _thunk behind those
# of the table of thunks
called()
{
	local ops callee slot word=8 at
	[ "$arch" = x86_64 ] || word=4
	ops=$(address paravirt_ops) callee=$(address paravirt_callee)
	{ grep -o 'call .*' || true; } | sed -n 's/.*# \([0-9a-f]*\) .*/\1/p
		t
		s/.*\*0x\([0-9a-f]*\).*/\1/p' | awk '!seen[$0]++' |
	while read -r slot; do
		at=$(((0x$slot - 0x$callee) / word))
		if [ $((0x$slot)) -ge $((0x$callee)) ] &&
			[ "$at" -lt "$(op_names | wc -l)" ]; then
			echo "$(op_names | sed -n "$((at + 1))p")_thunk"
		else
			op_names | sed -n "$(((0x$slot - 0x$ops) / word + 1))p"
		fi
	done
}

# of_backend NAME: a function of the backend, or the native one
of_backend()
{
	function_code "${backend}_$1" || function_code "native_$1" || true
}

list_copy()
{
	local copy=wl_$2_$1_three_copy begin end listing name
	begin=$(address "$copy") end=$(address "${copy}_end")
	[ -n "$begin" ] && [ -n "$end" ] ||
		none "no $copy in $elf; ops are in include/list/workload.def," \
			"conventions in include/list/convention.def"
	echo "$arch $copy:"
	[ "$begin" != "$end" ] || { echo "    nothing"; exit; }
	listing=$(code "$begin" "$end")
	echo "$listing"
	! grep -q 'call *\*%' <<<"$listing" || of_backend "$1"	# native code calls it too
	for name in $(called <<<"$listing"); do
		of_backend "$name"
		[ "$name" = "${name%_thunk}" ] || of_backend "${name%_thunk}"
	done
}

# The form of a body is what lies between two labels; the native backend's forms are
# bytes in a table, and its functions are made of the same instructions.
list_bodies()
{
	local op begin end n=0
	for op in irq_disable irq_enable save_fl restore_fl irq_save io_delay; do
		[ -n "$(address "${backend}_$op")" ] || continue
		begin=$(address "${backend}_${op}_form")
		end=$(address "${backend}_${op}_form_end")
		echo "$arch $backend $op${begin:+, form of $((0x${end:-0} - 0x${begin:-0})) bytes}:"
		function_code "${backend}_$op"
		n=$((n + 1))
	done
	[ $n -gt 0 ] || echo "$arch $backend: it has the native ops"
}

# The stubs lie 32 bytes apart (include/paravirt/stub.h), in the order of op.def.
list_stubs()
{
	local kind op at
	for kind in retpoline lfence trampoline; do
		for op in irq_disable restore_fl; do
			at=$(address "stub_$kind")
			at=$(printf %x $((0x$at + 32 * $(op_names |
				sed -n "/^$op$/=") - 32)))
			echo "$arch stub_$kind of $op:"
			code "$at" "$(printf %x $((0x$at + 32)))" |
				sed '/jmp *\*/q;/\bret/q'
		done
	done
	function_code pv_deliver
}

[ $# -ge 1 ] || usage
backend=native
case $1 in
--bodies)	[ $# -ge 2 ] && [ $# -le 3 ] || usage
		backend=$2 arch=${3:-x86_64} ;;
--stubs)	[ $# -le 2 ] || usage
		arch=${2:-x86_64} ;;
*)		[ $# -ge 2 ] && [ $# -le 4 ] || usage
		arch=${3:-x86_64} backend=${4:-native} ;;
esac
elf=out/$arch/parapatch.elf
[ -r "$elf" ] || {
	echo "listing.sh: $elf: no such file; make build makes it" >&2
	exit 2
}
know_backend
symbols=$(nm "$elf") sizes=$(nm -S "$elf")
case $1 in
--bodies)	list_bodies ;;
--stubs)	list_stubs ;;
*)		list_copy "$1" "$2" ;;
esac
