#!/bin/bash
# quiet.t: the quiet window and the guard, on machines made to disturb and in
# images made to fail.
# SPDX-License-Identifier: GPL-2.0-only
. host/test/lib/boot.sh
. host/test/boot/sticks.sh

readonly plan=(--set 'workloads = irq_disable' --set 'layouts = dense' --set 'report = off')
# Under icount waiting takes no time.
readonly quick=(--icount 7 "${plan[@]}" --set 'offsets = 1' --set 'batches = 2')
# For seconds, most of the time outside of windows, or in them.
readonly outside=(--accel tcg --set 'workloads = irq_disable save_fl cli_sti' --set 'report = off')
readonly inside=(--accel tcg "${plan[@]}" --set 'offsets = 4' --set 'batches = 1000'
	--set 'pass_ticks = 100000')
declare -A word_bytes=([x86_64]=8 [ia32]=4)

# quiet_field NAME KEY: of the run's line about its windows
quiet_field() { grep -a '^parapatch quiet ' "$work/$1.log" | field "$2"; }

# symbol ARCH NAME: where it is in the image, hex
symbol() { nm "out/$1/parapatch.elf" | awk -v n="$2" '$3 == n { print "0x" $1; exit }'; }

# immediate ARCH FUNCTION OLD NEW: sets edits, for poke_at: a 32-bit immediate, as
# hex bytes in memory order, becomes another
immediate()
{
	local addr bytes before
	while read -r addr bytes; do
		before=${bytes%%"$3"*}
		edits+=($((addr + $(wc -w <<<"$before"))) "$(printf '\\x%s' $4)")
	done < <(insns "$1" "$2" '.' | grep -F " $3")
}

# NMIs by QEMU's monitor come by LINT1.  In a window it is masked; between
# windows the guard takes them.
nmis()
{
	local arch=$1 dropped
	image=out/parapatch.img
	boot "nmi-$arch" --arch "$arch" --nmi "${outside[@]}"
	is "$status" 0 "$arch: NMIs do not end a run"
	has "$work/nmi-$arch.log" 'parapatch end status=complete' "$arch: it completes"
	[ "$(quiet_field "nmi-$arch" run_nmi)" -gt 0 ]
	ok $? "$arch: they are counted: $(quiet_field "nmi-$arch" run_nmi)"
	is "$(quiet_field "nmi-$arch" nmi)" 0 "$arch: LINT1 is masked: none in a window"
	is "$(quiet_field "nmi-$arch" interrupts)" 0 "$arch: no interrupt in a window"
	[ "$(quiet_field "nmi-$arch" run_interrupts)" -gt 0 ]
	ok $? \
		"$arch: the firmware's ticks went through the guard: $(quiet_field "nmi-$arch" \
		run_interrupts)"

	# lvts[2] is LINT1's; one with a "least" of 255 is one no APIC has.
	poke_at "$arch" $(($(symbol "$arch" lvts) + 2 * 4 + 2)) '\xff'
	boot "lint-$arch" --arch "$arch" --nmi "${inside[@]}"
	is "$status" 0 "$arch: NMIs in windows do not end a run"
	[ "$(quiet_field "lint-$arch" nmi)" -gt 0 ]
	ok $? "$arch: a window counts them: $(quiet_field "lint-$arch" nmi)"
	dropped=$(grep -a '^parapatch batches ' "$work/lint-$arch.log" | field dropped_nmi)
	[ "${dropped:-0}" -gt 0 ]
	ok $? "$arch: and the batches that they came into are dropped: $dropped"
	is "$(grep -a '^parapatch batches ' "$work/nmi-$arch.log" | field dropped_nmi)" 0 \
		"$arch: where none came into a window, none is dropped for it"
}

# What a window does not put back is named.
losses()
{
	local arch=$1
	want_status=10
	# lidt becomes a nop with the same operand, incl a test
	change "$arch" guard_close '^lidt' '\x0f\x1f\x05'
	poke_at "$arch" "${edits[@]}"
	boot "idtr-$arch" --arch "$arch" "${quick[@]}"
	is "$status" 10 "$arch: a guard that keeps IDTR: a self-check fails"
	has "$work/idtr-$arch.log" \
		'a quiet window does not put back the interrupt descriptor table' \
		"$arch: and is named"
	poke_at "$arch" $(($(symbol "$arch" guard_entries) + 2 * 32)) '\x85'
	boot "count-$arch" --arch "$arch" "${quick[@]}"
	is "$status" 10 "$arch: a guard that counts no NMI: a self-check fails"
	has "$work/count-$arch.log" 'the guard does not count interrupts' "$arch: and is named"
	want_status=0
}

# unlike NAME ARCH STATUS WHAT: boots the poked image, whose windows do not put WHAT
# back; STATUS may be empty
unlike()
{
	poke_at "$2" "${edits[@]}"
	boot "$1-$2" --arch "$2" "${quick[@]}"
	[ -z "$3" ] || is "$status" "$3" "$2, $1: a self-check fails"
	has "$work/$1-$2.log" "a quiet window does not put back $4" "$2, $1: it is named"
}

readonly call='\x90\x90\x90\x90\x90'	# nops

# The per-CPU segment and EFLAGS.AC.  That a run's own windows put them back is what
# a status of 0 says, in every test above and below.
segments()
{
	local arch=$1
	want_status=10
	change "$arch" quiet_end 'call.*cpu_set_ac' "$call"
	unlike ac "$arch" 10 EFLAGS.AC
	# What is not lent is not put back either; and nothing may be timed with it.
	want_status=12
	edits=("$(symbol "$arch" guard_try_fs)" '\x90\x90')
	[ "$arch" = ia32 ] || change "$arch" percpu_put '^wrmsr' '\x90\x90'
	unlike reach "$arch" '' 'anything, for the per-CPU segment does not reach its memory'
	want_status=0
}

# x86-64.  The firmware has a base of 0, which is what a window that keeps nothing
# puts back: only the base that quiet_check() gives it shows that.
base()
{
	want_status=10
	change x86_64 percpu_close 'call.*percpu_put' "$call"
	unlike lost x86_64 10 'the base of %gs'
	change x86_64 percpu_open 'call.*percpu_read' "$call"
	unlike zero x86_64 10 'the base of %gs'
	want_status=0
}

# instead_of_put BYTES: sets edits: they stand for the call in percpu_close, and take its
# argument off the stack, which has four bytes more for that.
instead_of_put()
{
	local frame
	change ia32 percpu_close 'sub.*0x18,%esp' '\x83\xec\x1c'
	frame=("${edits[@]}")
	change ia32 percpu_close 'call.*percpu_put' "$1"
	edits+=("${frame[@]}")
}

# ia32.  Instead of the call of percpu_put, one of its two parts, with its argument
# from the stack.
descriptors()
{
	want_status=10
	# pop %eax; mov 14(%eax), %fs; nop
	instead_of_put '\x58\x8e\x60\x0e\x90'
	unlike gdtr ia32 10 'the global descriptor table'
	# pop %eax; lgdt 8(%eax)
	# The firmware's next handler loads FS with what it found, and faults.
	want_status=20
	instead_of_put '\x58\x0f\x01\x50\x08'
	unlike fs ia32 '' '%fs'
	want_status=12
	immediate ia32 percpu_open '07 10 00 00' '00 00 00 00'
	unlike long ia32 '' 'anything, for the global descriptor table is too long to be copied'
	want_status=0
}

# exception NAME ARCH BYTES VECTOR DATA: instructions in the place of what a
# window runs where ticks are taken; the firmware's handler must find what the CPU left
exception()
{
	local name=$1-$2 arch=$2 at rip base
	at=$(symbol "$arch" choose_reps)
	poke_at "$arch" "$at" "$3"
	boot "$name" --arch "$arch" "${quick[@]}" --set 'times = on'
	is "$status" 20 "$arch, $1: the firmware stops the machine"
	has "$work/$name.log" "Exception Type - $4(" "$arch, $1: the vector is right"
	[ -z "$5" ] || has "$work/$name.log" "ExceptionData - $5" "$arch, $1: so is the error code"
	rip=$(sed -n 's/^[RE]IP  - \([0-9A-F]*\),.*/\1/p' "$work/$name.log")
	base=$(sed -n 's/.*ImageBase=\([0-9A-F]*\),.*/\1/p' "$work/$name.log")
	is "$((0x${rip:-0} - 0x${base:-0}))" $((at + $6)) "$arch, $1: so is the address"
}

exceptions()
{
	want_status=20
	exception '#UD' "$1" '\x0f\x0b' 06 '' 0
	# mov $0x1234, %eax; mov %eax, %es: no such descriptor
	exception '#GP' "$1" '\xb8\x34\x12\x00\x00\x8e\xc0' 0D \
		"$(printf '%0*X' $((word_bytes[$1] * 2)) 0x1234)" 5
	# xor %ecx, %ecx; div %ecx
	exception '#DE' "$1" '\x31\xc9\xf7\xf1' 00 '' 2
	want_status=0
}

# refused ARCH FUNCTION: sets edits: its RDMSR or WRMSR becomes an RDPMC, which TCG
# always refuses with #UD; no MSR makes it refuse an RDMSR
refused()
{
	edits=($(($(symbol "$1" "$2") + 1)) '\x33')
}

# smis ARCH COUNT.  ia32's firmware uses SMM, so the CPU's count is not 0; x86-64's
# does not, and a 0 is not believed where TCG reads every MSR as 0.
# An access that faults is answered "no", and ends nothing.
smis()
{
	local arch=$1
	image=out/parapatch.img
	boot "smi-$arch" --arch "$arch" --cpu Haswell "${quick[@]}"
	is "$status" 0 "$arch: a CPU that counts SMIs"
	is "$(quiet_field "smi-$arch" smi)" "$2" "$arch: SMIs in windows: $2"
	refused "$arch" guard_try_rdmsr
	poke_at "$arch" "${edits[@]}"
	# The check of read_msr_safe is held against such a read, and sees that it is not true.
	want_status=10
	boot "fault-$arch" --arch "$arch" --cpu Haswell "${quick[@]}"
	want_status=0
	is "$status $(grep -c '^cell status=ok ' "$work/fault-$arch.log")" \
		"10 $(grep -c '^cell status=ok ' "$work/smi-$arch.log")" \
		"$arch: a read that faults ends no run"
	is "$(grep -o '^op name=.* result="failed"' "$work/fault-$arch.log")" \
		'op name=read_msr_safe result="failed"' "$arch: and one check sees it"
	is "$(quiet_field "fault-$arch" smi)" unknown "$arch: and the count is not known"
}

# fence NAME ARCH CPU WANTED
fence()
{
	boot "$1-$2" --arch "$2" --cpu "$3" "${quick[@]}"
	is "$(quiet_field "$1-$2" lfence)" "$4" "$2: LFENCE, $1"
}

# says NAME ARCH PHRASE WHAT
says() { has "$work/$1-$2.log" "lfence=\"$3\"" "$2: $4"; }

# with_setting ARCH [ADDRESS BYTES]...: as poke_at.  TCG has no such setting: it reads
# as 0 and takes no value.  TSC_AUX does, and stands in for it.
with_setting()
{
	local arch=$1 f
	shift
	edits=()
	for f in find_out lfence_state lfence_setting lfence_lend lfence_take_back; do
		immediate "$arch" "$f" '29 10 01 c0' '03 01 00 c0'
	done
	[ ${#edits[@]} -ge 6 ]
	ok $? "$arch: the setting's number is in the image"
	poke_at "$arch" "${edits[@]}" "$@"
}

fences()
{
	local arch=$1
	local -a change
	image=out/parapatch.img
	boot "intel-$arch" --arch "$arch" --cpu Haswell "${quick[@]}"
	says intel "$arch" 'always serialising' "Intel's LFENCE needs no setting"
	boot "amd-$arch" --arch "$arch" --cpu EPYC "${quick[@]}"
	says amd "$arch" 'not serialising, and the setting cannot be made' \
		"a setting that does not take is no setting"
	with_setting "$arch"
	boot "lent-$arch" --arch "$arch" --cpu EPYC "${quick[@]}"
	is "$status" 0 "$arch: a setting that can be made is lent and put back"
	says lent "$arch" 'serialising by a setting lent for each window' "and said so"
	refused "$arch" guard_try_wrmsr
	change=("${edits[@]}")
	with_setting "$arch" "${change[@]}"
	boot "refused-$arch" --arch "$arch" --cpu EPYC "${quick[@]}"
	is "$status" 0 "$arch: a write that faults ends no run"
	says refused "$arch" 'not serialising, and the setting cannot be made' \
		"nor is it taken for done"
	change "$arch" lfence_take_back 'call.*msr_write' '\x90\x90\x90\x90\x90'
	change=("${edits[@]}")
	with_setting "$arch" "${change[@]}"
	want_status=10
	boot "kept-$arch" --arch "$arch" --cpu EPYC "${quick[@]}"
	has "$work/kept-$arch.log" "a quiet window does not put back LFENCE's setting" \
		"$arch: one that is kept is named"
	want_status=0
}

# A machine without 8259s: their ports float, or read as something else.  (OVMF has no
# timer then: by U-Boot.)
no_pic()
{
	local value
	cat >"$work/qemu-no-pic" <<'END'
#!/bin/bash
args=()
while [ $# -gt 0 ]; do
	case $1,$2 in
	-drive,if=pflash,*unit=0,*) args+=(-bios /usr/lib/u-boot/qemu-x86/u-boot.rom); shift ;;
	-drive,if=pflash,*|-global,*) shift ;;
	-machine,*) args+=(-machine q35,pic=off); shift ;;
	*) args+=("$1") ;;
	esac
	shift
done
for port in ${value:+0x21 0xa1}; do
	args+=(-chardev "null,id=at$port"
		-device "isa-debugcon,iobase=$port,readback=$value,chardev=at$port")
done
exec qemu-system-x86_64 "${args[@]}"
END
	chmod +x "$work/qemu-no-pic"
	image=out/parapatch.img
	for value in '' 0 90; do
		value=$value QEMU=$work/qemu-no-pic boot "no-pic$value" --arch ia32 "${quick[@]}"
		is "$status" 0 \
			"no 8259s, their ports read as ${value:-what floats}: a window opens and closes"
		has "$work/no-pic$value.log" 'parapatch end status=complete' \
			"and the run is complete"
		tried hypervisor \
			"a machine without 8259s, ports 21h and A1h read as ${value:-FFh}" \
			'runs: nothing is masked there'
	done
}

for arch in x86_64 ia32; do
	nmis $arch
	losses $arch
	segments $arch
	exceptions $arch
	fences $arch
done
base
descriptors
no_pic
smis x86_64 unknown
smis ia32 0
finish
