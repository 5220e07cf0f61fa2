#!/bin/bash
# ops.t: plan = ops on many CPUs of two emulators: no fault, and all state put back.
# SPDX-License-Identifier: GPL-2.0-only
. host/test/lib/boot.sh
. host/test/boot/sticks.sh

# Under icount waiting takes no time.
readonly quick=(--icount 7 --set 'report = off' --set 'offsets = 1' --set 'batches = 2')
readonly all=("${quick[@]}" --set 'plan = ops')
readonly bochs=("${all[@]:2}" --quiet --timeout 400 --hang 200)

# left NAME REASON: the ops that were left out for a reason like it
left()
{
	sed -n "s/^parapatch op name=\([a-z0-9_]*\) .*left-out=\"[^\"]*$2.*/\1/p" "$work/$1.log" |
		sort | xargs
}

# What every machine leaves out for its own reason: the CPU has no such instruction (the
# word of CPUID says so), it must be named, or it has no count.
readonly expected='\(this CPU lacks [a-z0-9_]*\|.*only where it is named\|.*time passes.*\)'

# whole NAME WHAT [OP...]: the boot ran all there is, but OP..., and left all as it was
whole()
{
	local name=$1 what=$2 log=$work/$1.log
	shift 2
	has "$log" 'parapatch end status=complete' "$what: complete"
	has "$log" ' refused=0 ' "$what: no cell is refused"
	is "$(grep -ac 'fault_vector=' "$log")" 0 "$what: no exception"
	is "$(grep -ac 'did not leave' "$log")" 0 "$what: all is as it was"
	is "$(grep -av "^parapatch op .* left-out=\"$expected\"" "$log" |
		sed -n 's/^parapatch op name=\([a-z0-9_]*\) .*left-out=.*/\1/p' | sort | xargs)" \
		"$*" "$what: left out by the machine: ${*:-nothing}"
	is "$(sed -n 's/^parapatch op name=\([a-z0-9_]*\) .*/\1/p' "$log" | sort | xargs)" \
		"$(sed -n 's/^\(TABLE\|TABLE_TOO\|INSTRUCTION\)(\([a-z0-9_]*\),.*/\2/p' \
			include/list/table.def | sort | xargs)" \
		"$what: every op of the list is said, timed or left out"
	is "$(grep -a '^parapatch ops ' "$log" | field timed)" \
		"$(grep -a '^parapatch op ' "$log" | grep -vc ' left-out=')" \
		"$what: all others are timed"
}

# RDPMC is #UD in TCG, and no firmware here has a TSS.
models()
{
	local arch=$1 cpu
	local -a out=(load_tr_desc read_pmc)
	shift
	[ "$arch" = x86_64 ] || out+=(read_cr8 swapgs write_cr8)
	for cpu; do
		boot "$arch-$cpu" --arch "$arch" --cpu "$cpu" "${all[@]}"
		is "$status" 0 "$arch, $cpu: the run is good"
		whole "$arch-$cpu" "$arch, $cpu" $(printf '%s\n' "${out[@]}" | sort)
	done
	tried cpu "ops one by one, QEMU's $arch: ${*//,*}" \
		'complete: no exception, no state that was not put back'
}

# in_bochs ARCH MODEL [OP...]: OP... are left out
in_bochs()
{
	local arch=$1 cpu=$2
	shift 2
	status=0
	disk/bochs.sh --image "$image" --arch "$arch" --cpu "$cpu" "${bochs[@]}" \
		--serial "$work/$cpu.raw" >"$work/$cpu.out" 2>&1 || status=$?
	is "$status" 0 "Bochs, $arch, $cpu: the run is good"
	tr -d '\r' <"$work/$cpu.raw" >"$work/$cpu.log"
	whole "$cpu" "Bochs, $arch, $cpu" "$@"
}

# with ARCH FILE...: sets image: the stand-in's stick
with()
{
	local file
	image=$work/standin.img
	rm -f "$image"
	disk/image.sh "$image" "out/test/$1/standin.efi=EFI/BOOT/$(efi_name "$1")" \
		"${application:-out/$1/parapatch.efi}=EFI/PARAPATCH.EFI" \
		disk/parapatch.cfg=parapatch.cfg
	shift
	echo >"$work/file"
	for file in NOPROTO "$@"; do
		mcopy -i "$image@@1M" "$work/file" "::/$file"
	done
}

# A firmware with a TSS and an LDT: TR and LDTR are changed, and put back.
tables()
{
	local arch=$1
	with "$arch" TSS
	boot "tss-$arch" --arch "$arch" "${all[@]}"
	is "$status" 0 "$arch, a TSS: the run is good"
	has "$work/tss-$arch.log" 'standin: the TSS and the LDT are as they were' \
		"$arch, a TSS: TR, LDTR and GDTR are as they were"
	is "$(left "tss-$arch" 'TR is null')" '' "$arch, a TSS: load_tr_desc is timed"
	tried firmware "a TSS in TR, an LDT in LDTR, $arch (stand-in); ops one by one" \
		'load_tr_desc and set_ldt are timed; TR, LDTR and GDTR as they were'
}

# seen NAME ARCH OP WHAT: the poked application says that OP did not leave WHAT
seen()
{
	boot "$1-$2" --arch "$2" "${quick[@]}" --set "workloads = $3"
	is "$status" 10 "$2, $1: a self-check fails"
	has "$work/$1-$2.log" "CPU 0, op $3 did not leave $4 as it was" "$2, $1: it is named"
}

# An op that is given another value than the register holds; and registers that are not
# put back.
losses()
{
	local arch=$1 addr bytes
	local -a code
	want_status=10
	read -r addr bytes < <(insns "$arch" lend_cr2 '%cr2')
	read -ra code <<<"$bytes"
	poke_at "$arch" "$((addr + 2))" "\\x$(printf '%02x' $((0x${code[2]} - 0x10)))"
	seen value "$arch" write_cr2 CR2
	[ "$arch" = ia32 ] || {
		change x86_64 put_kernel_gs_base '^wrmsr' '\x90\x90'
		poke_at x86_64 "${edits[@]}"
		seen kept x86_64 swapgs IA32_KERNEL_GS_BASE
	}
	change "$arch" put_tr "^jmp.*own_gdt_put_tr" "\xc3"
	poke_at "$arch" "${edits[@]}"
	application=$work/poked.efi with "$arch" TSS
	boot "tr-$arch" --arch "$arch" "${quick[@]}" --set 'workloads = load_tr_desc'
	has "$work/tr-$arch.log" 'CPU 0, op load_tr_desc did not leave TR as it was' \
		"$arch, a TR that is kept: it is named"
	has "$work/tr-$arch.log" 'parapatch end status=check-failed' "$arch: a self-check fails"
	want_status=0
	image=out/parapatch.img
}

# An op that is lent nothing comes to where it cannot go on, as it is tried: that is an
# attempt, in a window, with a loan out.  The application ends from there.
traps()
{
	local arch=$1 at
	at=0x$(nm "out/$arch/parapatch.elf" | awk '$3 == "lend_udelay" { print $1 }')
	poke_at "$arch" "$at" '\x31\xc0\xc3'
	application=$work/poked.efi with "$arch"
	printf '\x01\x00\x00\x00' >"$work/file"
	mcopy -o -i "$image@@1M" "$work/file" ::/TRAP
	boot "trap-$arch" --arch "$arch" --times --set 'report = off' --set 'offsets = 1' \
		--set 'batches = 2' --set 'workloads = const_udelay'
	has "$work/trap-$arch.log" 'op const_udelay was called: what it needs was not prepared' \
		"$arch, an op that cannot go on: it is named"
	has "$work/trap-$arch.log" 'standin: ok trap' \
		"$arch, an op that cannot go on: IDTR is the firmware's again"
	tried firmware "an op that cannot go on as it is tried, $arch (stand-in)" \
		'named; Exit() with IDTR as it was and all memory given back'
	image=out/parapatch.img
}

# HLT, woken: a busy host's timer is late, so a time may be none; and where the host takes
# the CPU away from every try of a cell, or from the wait for the timer, it is booted again.
halts()
{
	local arch=$1 name=halt-$1 try
	with "$arch" ONESHOT
	for try in 1 2 3 4 5; do
		status=0
		disk/run.sh --image "$image" --arch "$arch" --times --quiet \
			--serial "$work/$name.raw" --set 'report = off' --set 'offsets = 1' \
			--set 'batches = 2' --set 'gap_us = 1000' \
			--set 'workloads = halt safe_halt' >"$work/$name.out" 2>&1 || status=$?
		tr -d '\r' <"$work/$name.raw" >"$work/$name.log"
		grep -Eaq 'taken=0 tried=[1-9]|does not interrupt' "$work/$name.log" || break
		echo "# $arch: try $try was disturbed"
	done
	is "$status" 0 "$arch: halts, named, are woken, and the run is good"
	is "$(left "$name" .)" '' "$arch: none is left out"
	is "$(grep -ac 'did not leave' "$work/$name.log")" 0 \
		"$arch: the local APIC's timer is as it was"
	has "$work/$name.log" 'standin: the timer stands still' \
		"$arch: one whose shot had come is not started again"
	image=out/parapatch.img
	boot "halts-$arch" --arch "$arch" --times --set 'report = off' --set 'offsets = 1' \
		--set 'batches = 2' --set 'plan = ops' --set 'workloads = all halt safe_halt'
	is "$(grep -ac '^parapatch op ' "$work/halts-$arch.log") $(left "halts-$arch" \
		'only where it is named')" \
		"$(grep -cE '^(TABLE|TABLE_TOO|INSTRUCTION)\(' include/list/table.def) " \
		"$arch: all and the halts: every op of the list, none for want of its name"
	tried hypervisor "HLT as an op, $arch, QEMU TCG" \
		"woken by the local APIC's timer each time"
}

image=out/parapatch.img
models x86_64 max qemu64 Nehalem SandyBridge Haswell Skylake-Server Icelake-Server \
	Cooperlake phenom Opteron_G5 EPYC EPYC-Milan
models ia32 max qemu32 coreduo n270 core2duo EPYC
boot cpus --smp 2 --set 'cpus = all' --set 'plan = ops' --set 'report = off' \
	--set 'offsets = 1' --set 'batches = 2'
is "$status" 0 "2 CPUs: the run is good"
whole cpus "2 CPUs" load_tr_desc read_pmc
tried cpu 'ops one by one, 2 CPUs, QEMU TCG' 'complete: what is lent on the other CPU is put back'
for arch in x86_64 ia32; do
	tables $arch
	losses $arch
	traps $arch
	halts $arch
done
in_bochs x86_64 corei7_haswell_4770 load_tr_desc
in_bochs x86_64 ryzen load_tr_desc
in_bochs ia32 core_duo_t2400_yonah load_tr_desc read_cr8 swapgs write_cr8
with x86_64 TSS X2APIC
in_bochs x86_64 corei7_skylake_x
has "$work/corei7_skylake_x.log" 'standin: x2APIC' 'Bochs, x2APIC: it is'
is "$(grep -ah '^parapatch control ' "$work"/{corei7_skylake_x,ryzen}.log | field apic | xargs)" \
	'x2apic xapic' 'Bochs, x2APIC and as it comes: the state that ops cost by says so'
has "$work/corei7_skylake_x.log" 'standin: the TSS and the LDT are as they were' \
	'Bochs, x2APIC, a TSS: TR and LDTR are as they were'
tried hypervisor 'ops one by one, Bochs: Haswell, Ryzen, Skylake-X (x2APIC, a TSS), Yonah' \
	'complete: no exception, no state that was not put back'
finish
