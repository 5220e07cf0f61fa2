#!/bin/bash
# listing.sh OP CONVENTION [ARCH]: what one copy of a workload was compiled to.
# SPDX-License-Identifier: GPL-2.0-only
#
# Prints, from out/ARCH/parapatch.elf (default x86_64), the first copy in every
# timed body of that workload and convention, and the functions that its calls
# through paravirt_ops reach: the instructions that host/test/exact.tbl counts.
# A patched site is not in the file; its bytes are in its "cell" line (bytes=).
#
# Exit status: 0; 1 no such body; 2 usage.
set -euo pipefail
export LC_ALL=C

[ $# -ge 2 ] && [ $# -le 3 ] || {
	echo "listing.sh: usage: listing.sh OP CONVENTION [ARCH]" >&2
	exit 2
}
op=$1 convention=$2 arch=${3:-x86_64}
elf=out/$arch/parapatch.elf
[ -r "$elf" ] || {
	echo "listing.sh: $elf: no such file; make build makes it" >&2
	exit 2
}
symbols=$(nm "$elf")
copies=$(sed -n 's/^#define WORKLOAD_N\s*\([0-9]*\).*/\1/p' include/workload.h)

# address SYMBOL, in hex
address() { awk -v s="$1" '$3 == s { print $1; exit }' <<<"$symbols"; }

# code FROM TO: instructions, addresses in hex
code()
{
	objdump -d --no-show-raw-insn --start-address="0x$1" \
		--stop-address="0x$2" "$elf" | grep '^ *[0-9a-f]*:' || true
}

# first_copy: of the lines on standard input, one share of the copies; all of
# them where they cannot be shared out
first_copy()
{
	awk -v copies="${copies:-0}" '{ line[NR] = $0 } END {
		n = copies && NR % copies == 0 ? NR / copies : NR
		for (i = 1; i <= n; i++) print line[i]
	}'
}

# called: the ops behind the calls on standard input, each once
called()
{
	local table slot bytes=8
	[ "$arch" = x86_64 ] || bytes=4
	table=$(address paravirt_ops)
	{ grep -o 'call .*' || true; } | sed -n 's/.*# \([0-9a-f]*\) .*/\1/p
		t
		s/.*\*0x\([0-9a-f]*\).*/\1/p' | awk '!seen[$0]++' |
	while read -r slot; do
		sed -n 's/^OP(\([a-zA-Z0-9_]*\),.*/\1/p' include/op.def |
			sed -n "$(((0x$slot - 0x$table) / bytes + 1))p"
	done
}

# function NAME: of the native backend, up to its return
function_code()
{
	local at
	at=$(address "native_$1")
	[ -n "$at" ] || return 0
	echo "native_$1:"
	code "$at" "$(printf %x $((0x$at + 64)))" | sed '/\bret/q'
}

bodies=$(grep -oE "wl_${convention}_${op}(_(dense|line|work))?_n$" <<<"$symbols") || {
	echo "listing.sh: no body wl_${convention}_${op}_n in $elf" >&2
	exit 1
}
for body in $bodies; do
	echo "$arch $body, the first of $copies copies:"
	listing=$(code "$(address "${body}_begin")" "$(address "${body}_end")" |
		first_copy)
	echo "$listing"
	for name in $(called <<<"$listing"); do function_code "$name"; done
done
