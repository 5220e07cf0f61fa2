# symbols.awk: of /proc/kallsyms, what recorders are told: "symbol ADDRESS END NAME", where END
# is where the next symbol begins.  Run in the guest, by busybox.
# SPDX-License-Identifier: GPL-2.0-only
#
# Entries from the IDT and of system calls; what is called once for each process, switch,
# page fault; where the kernel's C begins.

# Addresses are strings: as numbers they would lose digits.
function flush(end,   i) {
	for (i = 1; i <= count; i++)
		print "symbol " at " " end " " name[i]
	count = 0
}

$4 != "" { next }	# of a module
$1 "" != at "" { if (count) flush($1); at = $1 }
$3 ~ /^asm_(exc|sysvec)_/ || $3 ~ /^asm_(common|spurious|int80)/ ||
$3 ~ /^entry_(SYSCALL_64|SYSENTER_32|INT80_32|(SYSCALL|SYSENTER|INT80)_compat)$/ ||
$3 ~ /^(irq|spurious)_entries_start$/ ||
$3 ~ /^(early_idt_handler_array|__switch_to_asm|kernel_clone|_do_fork|do_exit)$/ ||
$3 ~ /^(handle_mm_fault|start_kernel|(x86_64|i386)_start_kernel)$/ { name[++count] = $3 }
