#!/bin/bash
# soak/ring3.t: paths that go to ring 3: exceptions of every kind there, and QEMU's CPU models.
# SPDX-License-Identifier: GPL-2.0-only
. host/test/lib/boot.sh
. host/test/boot/sticks.sh
. host/test/boot/state.sh
export MTOOLSRC=/dev/null MTOOLS_SKIP_CHECK=1

as_found x86_64
as_found ia32

for how in ud2 cli hlt read push stack; do
	faults x86_64 $how
	faults ia32 $how 'pae tss'
done
# By way of the ring 0 that some firmware keeps from user pages.
faults x86_64 read 'la57 user global smap tss'
tried cpu "QEMU TCG, both, ring 3: UD2, CLI, HLT, stores to code, memory of the kernel, code on a stack" \
	"each ends its row, by its vector and error code; the others are measured; all is put back"

# on_model ARCH MODEL
on_model()
{
	in_state "cpu-$1-$2" "$1" same --cpu "$2"
	is "$status" 0 "$1, $2: paths are complete"
	is "$(rows "cpu-$1-$2")" "$(rows "found-$1")" "$1, $2: with the counts of every other"
	is "$(others "cpu-$1-$2")" TR "$1, $2: all of the CPU but TR is as it was"
}
for model in qemu64 core2duo Nehalem SandyBridge Haswell Skylake-Client EPYC Opteron_G5 kvm64 \
	Icelake-Server; do
	on_model x86_64 $model
	on_model ia32 $model
done
for model in qemu32 kvm32 coreduo; do
	on_model ia32 $model
done
tried cpu "QEMU TCG as ten CPUs of 64 bits, qemu32, kvm32, coreduo" \
	"instructions of all paths are the same on all"
finish
