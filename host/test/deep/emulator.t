#!/bin/bash
# deep/emulator.t: an emulator that does not say so is told all the same, on CPU models
# that have nothing of its own in their names, and torture is then good.
# SPDX-License-Identifier: GPL-2.0-only
. host/test/lib/boot.sh
quick=(--set 'workloads = cli_sti' --set 'conventions = native ccall'
	--set 'modes = native indirect'
	--set 'layouts = dense' --set 'states = warm' --set 'offsets = 1' --set 'batches = 3'
	--accel tcg --set 'torture_s = 600' --timeout 400 --hang 150)
n=0
# emulated ARCH CPU SIGN
emulated()
{
	n=$((n + 1))
	boot $n --arch "$1" --smp 2 --cpu "$2" --set 'torture = 300' "${quick[@]}"
	is "$status" 0 "$1, $2: the run is complete"
	is "$(jq -r '.context.cpu | [.emulator, .emulator_sign] | join(", ")' "$work/$n"/*.json)" \
		"$3" \
		"$1, $2: by its sign"
	is "$(jq -r '.torture | [.live.changed, .stopped.changed, .failed] | @csv' \
		"$work/$n"/*.json)" 150,150, \
		"$1, $2: tortured"
	tried hypervisor "QEMU TCG as -cpu $2, two CPUs, $1" \
		"taken for an emulator, by: ${3#*, }; torture is good"
}
readonly seen='QEMU TCG, RDPMC: #UD, and MSRs that no CPU has are read'
emulated x86_64 max,tcg-cpuid=off "QEMU TCG, the CPU's name"
emulated x86_64 max,-hypervisor,tcg-cpuid=off "QEMU TCG, the CPU's name"
emulated x86_64 EPYC,-hypervisor 'QEMU TCG, CPUID leaf 40000000h'
for model in Nehalem Skylake-Client qemu64; do
	emulated x86_64 $model,-hypervisor,tcg-cpuid=off "$seen"
done
emulated ia32 EPYC,-hypervisor,tcg-cpuid=off "$seen"

# One whose clock counts instructions, whatever CPU it says it is.
status=0
disk/bochs.sh --image out/parapatch.img --arch x86_64 --quiet --serial "$work/bochs.raw" \
	--timeout 400 --hang 200 \
	"${quick[@]:0:14}" --set 'report = off' >"$work/bochs.out" 2>&1 || status=$?
is "$status" 0 "Bochs: the run is complete"
has "$work/bochs.raw" 'parapatch emulator name="unnamed" sign="its clock counts instructions"' \
	"Bochs: taken for an emulator, by its clock"
tried hypervisor "Bochs 2.7 as a Core i7-4770" \
	"taken for an emulator, by its clock, which counts instructions"
finish
