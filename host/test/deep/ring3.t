#!/bin/bash
# deep/ring3.t: paths that go to ring 3, in each state of the CPU by itself; CPUs without SYSCALL;
# two CPUs.  Under KVM: host/test/deep/kvm.t; exceptions, CPU models: host/test/soak/ring3.t.
# SPDX-License-Identifier: GPL-2.0-only
. host/test/lib/boot.sh
. host/test/boot/sticks.sh
. host/test/boot/state.sh
export MTOOLSRC=/dev/null MTOOLS_SKIP_CHECK=1

as_found x86_64
as_found ia32

for words in smap tss stale user global la57 'la57 stale tss' 'user global smap tss'; do
	same_in x86_64 "$words"
done
tried cpu "QEMU TCG, x86-64, SMAP and SMEP, a TSS, user pages, global ones, 5 levels, a stale %gs" \
	"paths go to ring 3 in each; all but a TR that was null comes back"
for words in smap tss user pae pse 'pae user' 'pse smap tss' 'pae global smap'; do
	same_in ia32 "$words"
done
tried cpu "QEMU TCG, ia32, PAE and 32-bit page tables, SMAP and SMEP, a TSS, user pages" \
	"paths go to ring 3 in each; all but a TR that was null comes back"

# cannot NAME ARCH WORDS WHY WHAT [run.sh options]: no ring 3 there
cannot()
{
	in_state "$1" "$2" "$3" "${@:6}"
	is "$status" 0 "$2, $5: complete"
	is "$(of "$1" '[.benchmarks[] | select(.role == "cell" and .left_out) | .op] | unique |
		map(select(startswith("path:"))) | join(" ")')" "$(paths_of_ring3)" \
		"$2, $5: rows of ring 3 are left out"
	is "$(of "$1" '[.benchmarks[] | select(.role == "cell" and .left_out and
		(.op | startswith("path:"))) | .error_message] | unique | join("; ")')" \
		"left out: $4" "$2, $5: it is said why"
	is "$(rows "$1")" "$(rows "found-$2" spin_lock)" "$2, $5: and the others are measured"
	is "$(others "$1")" '' "$2, $5: all of the CPU is as it was"
}
cannot syscall x86_64 same 'this CPU lacks SYSCALL' 'a CPU without SYSCALL' \
	--cpu max,syscall=off
tried cpu "QEMU TCG, x86-64, a CPU without SYSCALL" \
	"rows of ring 3 are left out, with the reason; the others are measured"

# Two CPUs, one after the other; in real time, so no counts.
for arch in x86_64 ia32; do
	for words in same tss; do
		in_state "two-$arch-$words" $arch $words --smp 2 --timeout 400 --hang 200 \
			--set 'cpus = all' --set 'budget_s = 0' --set 'offsets = 2' \
			--set 'batches = 2' --set 'gap_us = 1000'
		is "$status" 0 "$arch, $words, two CPUs: complete"
		is "$(of "two-$arch-$words" '[.benchmarks[] | select(.role == "cell" and
			.error_occurred == null and (.op | startswith("path:null_"))) | .cpu] |
			group_by(.) | map("\(.[0]) \(length)") | join(", ")')" "0 10, 1 10" \
			"$arch, $words, two CPUs: each goes to ring 3, in every convention and mode"
		is "$(of "two-$arch-$words" '[.cpus[] | .not_run // "run"] | join(", ")')" \
			"run, run" \
			"$arch, $words, two CPUs: and each puts back what it found"
		is "$(others "two-$arch-$words")" "$([ $words = tss ] || echo TR)" \
			"$arch, $words, two CPUs: the boot CPU is as it was"
	done
done
tried cpu "QEMU TCG, both, two CPUs, cpus = all, TR null and not" \
	"each goes to ring 3; all is put back"
finish
