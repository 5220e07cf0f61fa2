#!/bin/bash
# deep/guest.t: rows in Debian's kernels, recorded, and the records held against what the kernels
# count themselves; and guests that do not end well.
# SPDX-License-Identifier: GPL-2.0-only
#
# Needs a Debian mirror the first time; what it fetched stays in out/kernel and out/suite.
. host/test/lib/boot.sh
boot=host/mix/guest/boot.sh
out=out/mix/test
rows='floor call fork pipe'

# counted FOLDER ROW: switches, processes, interrupts and faults by /proc, as numbers
counted() { awk '{ print $9 - $8, $12 - $11, $15 - $14, $18 - $17 }' "$1/$2.line"; }

# of FOLDER ROW FILTER: of the record
of() { jq -r "$3" "$1/$2.1.json"; }

for kernel in 6.1-amd64 6.1-686; do
	dir=$out/$kernel
	rm -rf "$dir"
	host/mix/mix.sh --limit 900 --out $out $kernel $rows >"$work/$kernel" 2>&1
	is "$?" 0 "$kernel: the rows are booted and recorded"
	sed 's/^/# /' "$work/$kernel"
	# Reading /proc a second time is in the kernel's counts and not in the record.
	read -r s p i f <<<"$(counted $dir floor)"
	is "$s $p" '0 0' "$kernel floor: no switch and no process in reading /proc"
	is "$(of $dir floor '[.unit_count, .total.instructions.kernel, (.total.ops | add // 0)] |
		join(" ")')" '1000 0 0' "$kernel floor: 1000 units, no instruction of the kernel"
	for row in $rows; do
		is "$(of $dir $row '.total.events | [.unlisted, .restarts] | join(" ")')" '0 0' \
			"$kernel $row: nothing came to an entry that is not listed"
		[ $row != floor ] || continue
		is "$(counted $dir $row | cut -d' ' -f1-2)" "$(of $dir $row '.total.watches |
			[.__switch_to_asm // 0, .kernel_clone // 0] | join(" ")')" \
			"$kernel $row: as many switches and processes as the kernel counted"
		read -r _ _ interrupts faults <<<"$(counted $dir $row)"
		is "$(of $dir $row "[$interrupts - .total.events.interrupts,
			$faults - (.total.watches.handle_mm_fault // 0)] |
			[.[0] >= 0 and .[0] <= 1, .[1] >= 0 and .[1] <= 4] | join(\" \")")" \
			'true true' "$kernel $row: and interrupts and faults, but for reading /proc"
	done
	is "$(of $dir call '[.unit_count, (.units.entries // {} | tostring | length > 0),
		(.total.entries | [to_entries[] |
			select(.key | test("SYSCALL|SYSENTER|80")).value] | add)] | join(" ")')" \
		'1000 true 1000' "$kernel call: 1000 units are 1000 calls"
	is "$(of $dir fork '[.unit_count, .total.watches.kernel_clone, .total.watches.do_exit] |
		join(" ")')" '20 20 20' "$kernel fork: a process made, and one ended, a unit"
	is "$(of $dir pipe '.total.watches.__switch_to_asm >= 2000')" true \
		"$kernel pipe: two switches a unit at least"
	# Debian's kernel for i386 has sites of the ops of locks and of memory alone.
	named='.irq_disable > 1000 and .irq_enable > 1000 and .CLI < 1000'
	[ $kernel != 6.1-686 ] ||
		named='.queued_spin_unlock > 1000 and .CLI > 1000 and (has("irq_disable") | not)'
	is "$(of $dir fork ".total.ops | $named")" true "$kernel fork: ops are named"
done

# ends ARGUMENT...: sets status; what it said is in $work/said
ends()
{
	status=0
	$boot --out $out/bad "$@" >"$work/out" 2>"$work/said" || status=$?
}
ends 6.1-amd64 nosuch
is "$status $(cat "$work/said")" '2 boot.sh: there is no row nosuch (--rows lists them)' "a row"
ends 6.1-amd64 call+nosuch
is "$status $(cat "$work/said")" '2 boot.sh: there is no row nosuch (--rows lists them)' \
	"a row behind another"
ends 6.3-amd64 call
is "$status $(cat "$work/said")" '2 kernel.sh: there is no kernel 6.3-amd64 here' "a kernel"
ends --append rdinit=/none 6.1-amd64 call
is "$status $(wc -l <"$work/said") $(grep -c '^boot.sh: 6.1-amd64 call: the kernel panicked: ' \
	"$work/said")" '1 1 1' "a kernel that panics"
sed 's/^/# /' "$work/said"
ends --limit 2 6.1-amd64 call
is "$status $(sed 's/ is: .*//' "$work/said")" \
	'1 boot.sh: 6.1-amd64 call: no end after 2 s; the last line' "a guest that does not end"
ends --units 2000000 6.1-amd64 call
is "$status $(cat "$work/said")" \
	'1 boot.sh: 6.1-amd64 call: row call failed: UNITS is a number from 1 to 1000000' \
	"a row that fails"
# The kernel gives init the last of two words.
ends --append mix_row=call+none+io 6.1-amd64 call+floor+io
is "$status $(cut -d' ' -f1-3,6 "$work/out") $(sed 's/: there is .*//' "$work/said")" \
	'1 6.1-amd64 row call ok boot.sh: 6.1-amd64 call+floor+io: row none failed' \
	"the second of three fails: the first was done, and no third"
ends 6.1-amd64 call -- -nosuch
is "$status $(cut -c1-51 "$work/said")" '1 boot.sh: 6.1-amd64 call: QEMU ended with status 1: ' \
	"arguments that QEMU refuses"
ends --under /bin/false 6.1-amd64 call
is "$status $(cut -c1-51 "$work/said")" '1 boot.sh: 6.1-amd64 call: QEMU ended with status 1: ' \
	"a starter that fails"
ends --under "host/mix/record.sh --sites $work/none --out $work/x --" 6.1-amd64 call
is "$status $(wc -l <"$work/said")" '1 1' "a recorder without its sites"
rm -rf $out
finish
