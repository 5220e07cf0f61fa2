#!/bin/bash
# kvm.t: "make run" under KVM, within an emulated AMD CPU: the probe, the choice, the
# application from its start to its report.
# SPDX-License-Identifier: GPL-2.0-only
#
# Clock and times mean nothing there, and are not looked at.
. host/test/lib/boot.sh
. host/test/boot/nested.sh

small=('offsets = 2' 'batches = 2' 'budget_s = 0' 'pass_ticks = 100' 'gap_us = 1000'
	'workloads = irq_disable save_fl cpuid_0')

nested_prepare
ok $? "a Linux with KVM is made from Debian's packages, by nobody in particular"
nested_stick "$work/small.img" "${small[@]}"
# U-Boot does not write files as it should: the report is what goes over serial.
nested_stick "$work/unsaved.img" "${small[@]}" 'report = off'

# under_kvm NAME ARCH FIRMWARE: is the run what it must be?
under_kvm()
{
	local name=$1 what="$3, $2"
	has "$work/$name.console" "run.sh: $2, accel kvm, cpu host,migratable=off" \
		"$what: make run chooses KVM, and the host's CPU"
	has "$work/$name.console" 'nested: status 0' "$what: and says that all is well"
	is "$(grep -c 'using TCG' "$work/$name.console")" 0 "$what: TCG was not needed"
	has "$work/$name.log" 'parapatch hypervisor signature="KVMKVMKVM"' \
		"$what: the application sees KVM"
	has "$work/$name.log" 'parapatch end status=complete' "$what: the run is complete"
	is "$(grep -cE 'put back|the guard does not|no quiet window' "$work/$name.log")" 0 \
		"$what: everything is put back"
	has "$work/$name.log" ' checked, 0 failed, ' "$what: no op fails its check"
}

nested_boot ia32 ia32 "$work/unsaved.img" firmware=/usr/share/u-boot/x86.rom
under_kvm ia32 ia32 U-Boot
tried hypervisor "KVM on AMD without AVIC (Linux 6.1, nested in QEMU's SVM), ia32 by U-Boot" \
	'complete, everything put back'

# Its GDT is in ROM, and no segment of it is marked: see include/machine/gdt.h.
nested_boot x86_64 x86_64 "$work/unsaved.img" firmware=/usr/share/u-boot/x86_64.rom
under_kvm x86_64 x86_64 U-Boot
tried hypervisor "KVM on AMD without AVIC, x86-64 by U-Boot, whose GDT is in ROM" \
	'complete, everything put back'

# With the bound as it is by default: each CPUID and OUT exits, and takes what that takes;
# gaps of the clock come more often than a timing of OUTs ends.  What cannot be measured so
# is said, and the run has not failed by it.
nested_stick "$work/exits.img" 'offsets = 2' 'batches = 2' 'budget_s = 0' \
	'pass_ticks = 100' \
	'workloads = irq_disable cpuid_0 io_delay' 'report = off'
nested_boot exits x86_64 "$work/exits.img" firmware=/usr/share/u-boot/x86_64.rom
under_kvm exits x86_64 'U-Boot, ops that exit'
is "$(grep -c '^group name=irq_disable/.* taken=4 ' "$work/exits.log")" 3 \
	"what does not exit is measured"
is "$(grep '^group name=io_delay/.* taken=0 ' "$work/exits.log" |
	grep -vc 'not_measured="its time cannot be told')" 0 \
	"a group of ops that exit is measured, or it is said why not"
tried hypervisor "KVM on AMD, ops that exit, gap_us as it is by default" \
	'measured, or said why not; complete'

# OVMF's handlers write CR8.  While an interrupt is pending that ends the outer QEMU, by an
# assertion of its own (7.2, 10.0 and 11.1 do it), unless KVM takes the write: it does
# where the local APIC is QEMU's, and then has no paravirtual ones of its own.
nested_boot ovmf x86_64 "$work/small.img" words=,kernel_irqchip=off \
	cpu_words=,kvm-pv-eoi=off,kvm-asyncpf=off,kvm-asyncpf-int=off
under_kvm ovmf x86_64 OVMF
is "$(jq -r '[.status, .context.cpu.hypervisor] | join(" ")' "$work/ovmf.json")" \
	'complete KVMKVMKVM' "OVMF, x86_64: and so says the report that make run keeps"
tried hypervisor "KVM on AMD, the local APIC by QEMU, x86-64 by OVMF" \
	'complete, everything put back'

# Kernel paths, with ring 3 and two address spaces: LTR, SYSCALL and CR3 under a hypervisor.
# The lines of so many ops take their time.
nested_stick "$work/paths.img" "${small[@]:0:5}" 'plan = paths' 'conventions = native ccall' \
	'scale = 0' 'report = off'
rows=$(($(grep -c '^PATH(' include/list/path.def) * 3))
nested_limits='--hang 200 --timeout 600' nested_limit_s=700
for arch in ia32 x86_64; do
	nested_boot "paths-$arch" $arch "$work/paths.img" \
		"firmware=/usr/share/u-boot/${arch/ia32/x86}.rom"
	under_kvm "paths-$arch" $arch 'U-Boot, kernel paths'
	is "$(grep -ac '^cell status=ok group=path:[^ ]* role=cell ' "$work/paths-$arch.log") $(
		grep -ac '^left out: path:' "$work/paths-$arch.log")" "$rows 0" \
		"U-Boot, kernel paths, $arch: each is timed, in every convention and mode"
done
tried hypervisor "KVM on AMD, kernel paths, both by U-Boot" \
	'each goes to ring 3 and back; complete, everything put back'
finish
