#!/bin/bash
# listing.sh OP CONVENTION [ARCH]: what one copy of a workload was compiled to.
# SPDX-License-Identifier: GPL-2.0-only
#
# Prints, from out/ARCH/parapatch.elf (default x86_64), the copy that the timed
# bodies of that workload and convention repeat, and the functions that its
# calls through paravirt_ops reach: the instructions that host/test/exact.tbl
# counts.  A patched site is not in the file; its bytes are in its "cell" line
# (bytes=).
#
# Exit status: 0; 1 no such workload; 2 usage.
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

# address SYMBOL, in hex
address() { awk -v s="$1" '$3 == s { print $1; exit }' <<<"$symbols"; }

# code FROM TO: instructions, addresses in hex
code()
{
	objdump -d --no-show-raw-insn --start-address="0x$1" \
		--stop-address="0x$2" "$elf" | grep '^ *[0-9a-f]*:' || true
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

copy=wl_${convention}_${op}_three_copy
begin=$(address "$copy") end=$(address "${copy}_end")
[ -n "$begin" ] && [ -n "$end" ] || {
	echo "listing.sh: no $copy in $elf; ops are in include/workload.def," \
		"conventions in include/convention.def" >&2
	exit 1
}
echo "$arch $copy:"
[ "$begin" != "$end" ] || { echo "    nothing"; exit; }
listing=$(code "$begin" "$end")
echo "$listing"
for name in $(called <<<"$listing"); do function_code "$name"; done
