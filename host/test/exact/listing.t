#!/bin/bash
# listing.t: what there is is listed, what there is not is refused in one line.
# SPDX-License-Identifier: GPL-2.0-only
. host/test/lib/boot.sh

# listed WHAT LINE ARGUMENTS...
listed()
{
	local what=$1 line=$2
	shift 2
	host/exact/listing.sh "$@" >"$work/said" 2>"$work/err"
	is "$? $(cat "$work/err")" "0 " "$what: listed"
	has "$work/said" "$line" "$what: it is that"
}

# refused STATUS LINE ARGUMENTS...
refused()
{
	local status=$1 line=$2
	shift 2
	said=$(host/exact/listing.sh "$@" 2>&1)
	is "$? $said" "$status listing.sh: $line" "listing.sh $*: refused"
}

listed "an op" "x86_64 wl_ccall_irq_disable_three_copy:" irq_disable ccall
listed "a backend's" "pvm_irq_disable:" irq_disable ccall x86_64 pvm
listed "ia32's" "xen_irq_disable:" irq_disable ccall ia32 xen
listed "bodies" "x86_64 vsmp irq_disable, form of" --bodies vsmp
listed "no bodies" "ia32 hyperv: it has the native ops" --bodies hyperv ia32
listed "stubs" "ia32 stub_retpoline of irq_disable:" --stubs ia32

nosuch="there is no backend 'nosuch'; include/list/backend.def lists them"
refused 1 "$nosuch" irq_disable ccall x86_64 nosuch
refused 1 "$nosuch" --bodies nosuch
refused 1 "there is no backend '.*'; include/list/backend.def lists them" --bodies '.*'
refused 1 "ia32 has no backend pvm" irq_disable ccall ia32 pvm
refused 1 "ia32 has no backend vsmp" --bodies vsmp ia32
refused 1 \
	"no wl_ccall_nosuch_three_copy in out/x86_64/parapatch.elf; ops are in include/list/workload.def, conventions in include/list/convention.def" \
	nosuch ccall
refused 2 "out/arm/parapatch.elf: no such file; make build makes it" irq_disable ccall arm
finish
