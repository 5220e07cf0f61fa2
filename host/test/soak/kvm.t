#!/bin/bash
# kvm.t (soak): every workload under KVM within an emulated AMD CPU, by each firmware.
# SPDX-License-Identifier: GPL-2.0-only
. host/test/lib/boot.sh
. host/test/boot/nested.sh
nested_limit_s=7200 nested_limits='--hang 600 --timeout 6000'
small=('offsets = 2' 'batches = 2' 'budget_s = 0' 'pass_ticks = 100' 'gap_us = 1000')

nested_prepare
ok $? "a Linux with KVM is made from Debian's packages"
nested_stick "$work/small.img" "${small[@]}"
nested_stick "$work/unsaved.img" "${small[@]}" 'report = off'

# whole NAME ARCH STICK [VARIABLE...]: every workload
whole()
{
	local name=$1
	nested_boot "$@"
	has "$work/$name.console" 'nested: status 0' "$name: make run is content"
	has "$work/$name.log" 'parapatch hypervisor signature="KVMKVMKVM"' "$name: under KVM"
	has "$work/$name.log" 'parapatch end status=complete' "$name: the run is complete"
	is "$(grep -cE 'put back|the guard does not|no quiet window' "$work/$name.log")" 0 \
		"$name: everything is put back"
	echo "# $name: $(grep -a -m 1 'parapatch end' "$work/$name.log")"
	tried hypervisor "every workload, KVM on AMD, $name" 'complete, everything put back'
}

whole ia32-uboot ia32 "$work/unsaved.img" firmware=/usr/share/u-boot/x86.rom
whole x86_64-uboot x86_64 "$work/unsaved.img" firmware=/usr/share/u-boot/x86_64.rom
whole x86_64-ovmf x86_64 "$work/small.img" words=,kernel_irqchip=off \
	cpu_words=,kvm-pv-eoi=off,kvm-asyncpf=off,kvm-asyncpf-int=off
finish
