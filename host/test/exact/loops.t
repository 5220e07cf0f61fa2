#!/bin/bash
# loops.t: the native counts of the table's ops, against loops around the same copies.
# SPDX-License-Identifier: GPL-2.0-only
#
# kvm-unit-tests times an op by a loop.  loops.c does, N and 2N times around an op, in a
# kernel of its own under -icount; what is left when the loop's own instructions are taken
# off must be the native column of host/test/exact/ops.tbl.
. host/test/lib/boot.sh
readonly elf=out/ia32/parapatch.elf n=1000 shift=7

# What each op of ops.h takes: a function of loops.c.
readonly ops='irq_disable:memory irq_enable:memory save_fl:memory restore_fl:set_flags
	irq_save:memory io_delay:memory set_iopl_mask:set_iopl clts:memory
	read_cr0:memory write_cr0:set_cr0 read_cr2:memory write_cr2:set_cr2
	read_cr3:memory write_cr3:set_cr3 read_cr4_safe:memory read_cr4:memory
	write_cr4:set_cr4 get_debugreg:memory set_debugreg:set_db0 cpuid:memory
	read_msr:set_msr write_msr:set_msr read_tsc:memory wbinvd:memory load_gdt:set_gdt
	load_idt:set_idt store_gdt:memory store_idt:memory store_tr:memory
	write_ldt_entry:set_slot write_gdt_entry:set_slot write_idt_entry:set_slot
	load_esp0:memory flush_tlb_user:memory flush_tlb_single:memory set_pte:memory
	set_pte_at:memory set_pte_present:memory set_pud:memory
	pte_clear:memory pmd_clear:memory pte_update:memory pte_update_defer:memory'

# copy OP: its native copy's bytes, as a file
copy()
{
	local at of begin end
	read -r at of < <(objdump -h $elf | awk '$2 == ".text" { print $4, $6 }')
	begin=$(awk -v s="wl_native_$1_three_copy" '$3 == s { print $1 }' "$work/symbols")
	end=$(awk -v s="wl_native_$1_three_copy_end" '$3 == s { print $1 }' "$work/symbols")
	[ -n "$begin" ] && [ -n "$end" ] || return 1
	dd if=$elf of="$work/$1.bin" bs=1 skip=$((0x$begin - 0x$at + 0x$of)) \
		count=$((0x$end - 0x$begin)) status=none
}

make_kernel()
{
	local op
	nm $elf >"$work/symbols"
	: >"$work/nothing.bin"
	for op in $ops; do
		copy "${op%:*}" || return 1
		echo "COPY(${op%:*}, ${op#*:})"
	done >"$work/ops.h"
	(cd "$work" && "${CC:-gcc}" -m32 -march=i686 -O2 -ffreestanding -fno-pic -no-pie \
		-fno-stack-protector -fcf-protection=none -mgeneral-regs-only -nostdlib \
		-static -Wall -Wextra -Werror -Wl,-Ttext=0x101000 -Wl,--build-id=none \
		-Wl,--section-start=.multiboot=0x100000 -I "$OLDPWD/include" \
		-I "$OLDPWD/include/ia32" -I . "$OLDPWD/host/test/exact/loops.c" \
		"$OLDPWD/host/test/exact/loops.S" -o loops.elf)
}

# What isa-debug-exit makes of 0 is 1.
boot_kernel()
{
	timeout 60 qemu-system-i386 -nodefaults -no-user-config -display none -accel tcg \
		-icount shift=$shift,sleep=off -cpu max -m 32 -no-reboot -kernel "$work/loops.elf" \
		-serial "file:$work/said" -device isa-debug-exit,iobase=0xf4 2>"$work/err"
	[ $? = 1 ]
}

make_kernel
ok $? "a kernel of $(wc -w <<<"$ops") loops is built"
boot_kernel
ok $? "it boots, and ends"
has "$work/said" end "all loops were run"
host/exact/exact.sh --print ops >"$work/rows"
while read -r _ op ticks; do
	wanted=$(awk -v op="$op" '$1 == "ia32" && $2 == op && $4 == "native" { print $6 }' \
		"$work/rows")
	is "$ticks" "$(((${wanted:-0} * n) << shift))" \
		"$op: $wanted instructions by the listing, and by a loop"
done < <(grep '^loop ' "$work/said")
is "$(grep -c '^loop ' "$work/said")" "$(wc -w <<<"$ops")" "that were all ops"
finish
