#!/bin/bash
# defects.t: the seed's defects S1 to S18, and bugs that came later, each absent here.
# SPDX-License-Identifier: GPL-2.0-only
#
# One label a defect, in order; where several things show it, "and ...".  Most are
# shown by running what exists: "shows" runs a test program, once, and asks for those
# of its tests whose line has the words; where "make test" has run it, that is what it
# asks.  The others decode the images, or compile and assemble a piece of code that had
# the defect.
# shellcheck source=host/test/lib/boot.sh
. host/test/lib/boot.sh
. host/test/lib/ia32.sh
export LC_ALL=C
headers=$(gcc -print-file-name=include)

# shows PROGRAM WORDS WHAT: it has such tests, and all are good
shows()
{
	local said=$work/${1//\//_}.tap kept=out/test/tap/${1//\//_}
	[ -e "$said" ] || if [ "$kept" -nt "$1" ] && [ "$kept" -nt out/parapatch.img ]; then
		cp "$kept" "$said"
	else
		starter "$1"
		"${starter[@]}" "$1" >"$said" 2>"$said.err"
	fi
	grep -qF -- "$2" "$said" && ! grep -F -- "$2" "$said" | grep -qv '^ok '
	ok $? "$3"
	grep -F -- "$2" "$said" | grep -v '^ok ' | sed 's/^/#   /' | head -5
}

# program WORDS WHAT, of a test program built for both
both()
{
	shows "out/test/run-$1-x86_64.t" "$2" "$3"
	shows "out/test/run-$1-ia32.t" "$2" "$3 (built for ia32)"
}

# compiles ARCH FILE [OPTION...]: as core is
compiles()
{
	local bits=-m64
	[ "$1" = x86_64 ] || bits="-m32 -march=i686 -fno-pic"
	# shellcheck disable=SC2086
	gcc $bits -std=gnu11 -O2 -ffreestanding -nostdinc -isystem "$headers" -Iinclude \
		-Iinclude/"$1" -mno-red-zone -mgeneral-regs-only -fcf-protection=none \
		-fno-asynchronous-unwind-tables -Wall -Wextra -Werror -Wa,--fatal-warnings \
		"${@:3}" -c -o "$work/piece.o" "$2" >"$work/piece.err" 2>&1
}

# function ARCH NAME: its instructions in the image, up to the next symbol
function_of()
{
	objdump -d --no-show-raw-insn "out/$1/parapatch.elf" |
		awk -v name="<$2>:" '/^[0-9a-f]+ </ { on = $2 == name } on'
}

# before PATTERN PATTERN: standard input has the first before any of the second
before()
{
	awk -v a="$1" -v b="$2" '$0 ~ a && !i { i = NR } $0 ~ b && !k { k = NR }
		END { exit !(i && k && i < k) }'
}

conventions=$(sed -n 's/^CONVENTION(\([a-z0-9]*\),[ 	]*1,.*/\1/p' include/list/convention.def |
	sort)
is "$(echo $conventions)" "callee ccall seed wide16 wide32" "(the conventions that have sites)"

#
# S1 to S18: the patch of 2006.
#
shows host/test/build/compile_fail.t "other-records" \
	"S1: another section's records are not taken for sites: by their type they do not compile"
shows host/test/build/compile_fail.t "module-alt-for-para" \
	"S1: nor does a module's loader take them: each section has a type of its own"
both text_open "refused: a text of the other ISA" \
	"S1: and a table that is none is refused, not applied"

# events: of standard input, what a window is made of, in order
events()
{
	awk '/<cpu_set_if>/ { print "if" } /,%cr0$/ { print "cr0" } /call +\*/ { print "store" }
		/call .*<cpu_serialise>/ { print "serialise" }
		/call .*<open_pages>/ { print "open" }
		/(call|jmp) .*<shut>/ { print "shut" }' | paste -sd' '
}
for arch in x86_64 ia32; do
	is "$(function_of $arch window_open_for | events)" "if cr0 store serialise cr0 if" \
		"S2, S3: $arch: interrupts are off, the text writable, the CPU has serialised behind the last store; then all back"
	is "$(function_of $arch attribute_window | events)" "open if store serialise if shut" \
		"S2, S3: $arch: and so by the firmware's protocol, which is called with interrupts as they were"
done
both text_store "one serialisation for a batch" "S2: and once a batch"

both text_store "a lost store is named" \
	"S4: a site is stored in one go, from a buffer: as many stores as sites"
both text_encode "inline, nopl" "S4: and what is there then is form and padding together"

both text_encode "a hook that returns one byte more than the site" \
	"S5: a hook that returns more than the site holds is refused before the first store"
both text_encode "a hook that returns as many as can be said" "S5: and however many"

both mode "fits from" "S6: what does not fit is kept, under a name of its own"
shows host/test/build/compile_fail.t "outcome-forgotten" \
	"S6: and who forgets an outcome does not compile"
# What is asked of this report depends on no timing.
out/bench-host -o "$work/kept.json" 'modes = native inline indirect' 'workloads = save_fl' \
	'batches = 20' 'budget_s = 0' 'offsets = 2' 'gap_us = 1000' >"$work/kept.out" 2>&1
is "$(jq \
	'[.applied[][] | ([to_entries[] | select(.key | test("^(inline|direct-call|stub-call|jump|test-and-call|kept-)")) | .value] | add) == .sites] | all' "$work/kept.json")" \
	true "S6: and a report's outcomes sum to its sites"

shows host/test/build/compile_fail.t "site-too-long" \
	"S7: a length that is no byte does not assemble"
both text_open "refused: 255 bytes" "S7: and the largest byte is refused"
both text_open "accepted: a site of 254 bytes" "S7: and no more than that is lost"

out/bench-host -o "$work/none.json" 'modes = native indirect' 'workloads = save_fl' 'batches = 1' \
	'offsets = 1' 'budget_s = 0' 'gap_us = 1000' >"$work/none.out" 2>&1
is "$(jq -c '.applied.native | [keys, (.indirect | .sites > 0 and .["kept-as-built"] == .sites)]' \
	"$work/none.json")" \
	'[["indirect"],true]' "S8: modes = native indirect patch nothing: all sites as built, and counted (modules: with the loader)"
both text_stage "indirect and native are as built" "S8: and the text is what it was"

# Around a site with .section and .previous in it, as the seed's, the outer .previous
# would go back to the records.
cat >"$work/nested.c" <<'END'
#include CONVENTION
void body(void);
void body(void)
{
	asm volatile(".section .init.text, \"ax\"\n" CLI_STRING
		"\nin_init: nop\n.previous\nin_text: nop" : : : STRING_CLOBBERS);
}
END
for arch in x86_64 ia32; do
	for convention in $conventions; do
		compiles $arch "$work/nested.c" -DCONVENTION="\"convention/$convention.h\""
		is "$? $(objdump -t "$work/piece.o" |
			sed -n 's/.* \(\.[a-z.]*\)[[:space:]].* in_\(init\|text\)$/\1/p' | sort |
				tr '\n' ' ')" \
			"0 .init.text .text " \
			"S9: $arch, $convention: a site within another section's code stays there"
	done
done

cat >"$work/operands.c" <<'END'
#include CONVENTION
unsigned long copy(unsigned long from);
unsigned long copy(unsigned long from)
{
	unsigned long to;
	asm volatile("mov %1, %0\n" CLI_STRING "\n" STI_STRING
		     : "=&r" (to) : "r" (from) : STRING_CLOBBERS);
	return to;
}
END
for arch in x86_64 ia32; do
	word=8
	[ $arch = x86_64 ] || word=4
	for convention in $conventions; do
		compiles $arch "$work/operands.c" -DCONVENTION="\"convention/$convention.h\""
		status=$?
		# Slots 23 and 24; relative to RIP they are 4 less.
		want=$(printf '0x%x 0x%x ' $((23 * word - (word == 8 ? 4 : 0))) \
			$((24 * word - (word == 8 ? 4 : 0))))
		got=$(objdump -dr "$work/piece.o" |
			sed -n 's/.*R_[A-Z0-9_]*.*paravirt_[a-z]*+*\(0x[0-9a-f]*\).*/\1/p' |
				tr '\n' ' ')
		# ia32 has the offset in the instruction.
		[ $arch = x86_64 ] || got=$(objdump -d "$work/piece.o" |
			sed -n 's/.*call .*\*0x\([0-9a-f]*\)$/0x\1/p' | tr '\n' ' ')
		is "$status $got" "0 $want" \
			"S10: $arch, $convention: CLI_STRING in a statement with operands, by op.def's own offset"
	done
done
shows host/test/build/compile_fail.t "string-operands" \
	"S10: and single percent signs do not compile"

# There is no user's DS in a UEFI application.  What holds: interrupt entry, where DS
# might be anything, calls through no table.
for arch in x86_64 ia32; do
	is "$(size -A out/$arch/efi/cpu/guard_entry.o |
		grep -c parainstructions) $(objdump -dr out/$arch/efi/cpu/guard_entry.o |
			grep -c 'paravirt_')" \
		"0 0" \
		"S11: $arch: interrupt entry has no site and calls through no table (no user's DS here)"
done

shows out/test/run-linked-x86_64.t "may change RAX alone" \
	"S12: records say which registers may change, and it is true"
both text_open "a site that forgets register" "S12: and a site that says less is refused"
both text_open "refused: a clobber that the site saves" "S12: and one that says more"

for arch in x86_64 ia32; do
	# Ring 3's programs have no sites, and a stack that the kernel does not push on.
	is "$(objdump -d --no-show-raw-insn out/$arch/workload/*.o |
		awk '/^Disassembly of section/ { ring3 = /path_user/ } !ring3' |
		grep -cE -- '-0x[0-9a-f]+\(%[re]sp')" 0 \
		"S13: $arch: nothing is kept below the stack pointer, where a site pushes"
done
shows out/test/run-decode-x86_64.t "every record is accepted" \
	"S13: and every site's operand is the table's slot, not the stack"

printf '#include "convention/ccall.h"\nvoid f(void);\nvoid f(void) { irq_disable(); }\n' \
	>"$work/one.c"
printf '#include "convention/ccall.h"\n	.text\n	CLI\n' >"$work/one.S"
for arch in x86_64 ia32; do
	for piece in one.c one.S; do
		compiles $arch "$work/$piece"
		is "$? $(size -A "$work/piece.o" | awk '/^.parainstructions/ { print $2 }')" "0 8" \
			"S14: $arch, ${piece#one.}: the last record, and the only one, has all its 8 bytes"
	done
done

cat >"$work/flags.c" <<'END'
#include CONVENTION
bool equal(unsigned a, unsigned b);
bool equal(unsigned a, unsigned b)
{
	bool is;
	asm volatile("cmp %2, %1" : "=@ccz" (is) : "r" (a), "r" (b));
	irq_disable();
	return is;
}
END
for arch in x86_64 ia32; do
	for convention in $conventions; do
		compiles $arch "$work/flags.c" -DCONVENTION="\"convention/$convention.h\""
		status=$?
		objdump -d --no-show-raw-insn "$work/piece.o" |
			before '[[:space:]]sete' '[[:space:]]call'
		is "$status $?" "0 0" "S15: $arch, $convention: no flag is kept across a site"
	done
done
shows out/test/run-decode-x86_64.t "sites of seed, as it promises them" \
	"S15: and EAX is not saved where an op returns in it"

shows out/test/run-native-x86_64.t "irq_save: bytes and lengths" \
	"S16: save and disable are one op, with one site and 3 bytes"
both run "each is exactly what it cost" "S16: and a workload times it"

shows out/test/run-pad-x86_64.t "S17, " "S17: HLT is right behind STI, whatever fills the site"

is "$(jq '[.benchmarks[] | select(.role == "cell" and .vs != null)] | length > 0 and (map(
	.n > 0 and (.mad_ticks | type) == "number" and .min_ticks <= .median_ticks
	and .median_ticks <= .max_ticks and .vs.ratio_lo <= .vs.ratio_hi
	and (.vs.verdict | IN("same", "faster", "slower", "inconclusive"))) | all)' \
		"$work/kept.json")" true \
	"S18: the report has n, spread, interval and verdict of each cell"
is "$(jq '[.benchmarks[] | select(.role == "twin" and .vs != null)] | length > 0' \
	"$work/kept.json")" true \
	"S18: and a twin, which says what a difference of nothing looks like"
is "$(jq '[.benchmarks[] | select(.role == "cell") | .address | length > 0] | all' \
	"$work/kept.json")" true \
	"S18: and where each body was"

#
# Later bugs (facts 4.3).
#
both mode "direct, irq_disable, callee" \
	"silently unpatched sites: a site that allows RAX alone gets its direct call"
both mode "trampoline, irq_disable" "silently unpatched sites: and others theirs"
both text_encode "outcome" "silently unpatched sites: and what is kept is counted as that"

for arch in x86_64 ia32; do
	bytes=$(size -A out/$arch/parapatch.elf | awk '/^.parainstructions/ { print $2 }')
	is "$((bytes % 8)) $((bytes / 8 > 0))" "0 1" \
		"unpadded last record: $arch: the table is whole records"
done
both text_open "random texts" \
	"unpadded last record: and nothing is read behind the text or its table"

both text_stage "modes after each other" \
	"multi-pass patching: a site in any mode can go to any other"
both text_stage "inline, nopl after calls" "multi-pass patching: and back from a backend's call"

shows out/test/run-pad-x86_64.t "long, nopl NOPs: behind" \
	"padding at the wrong end: NOPs are what follows the form"
shows out/test/run-linked-x86_64.t "decodes, and stays within itself" \
	"short jumps: in a form they stay within it, and it has a fix for all else"
both backend "as a form elsewhere" "short jumps: and a copy of it does what it did"

shows out/test/run-pad-x86_64.t "behind nothing" \
	"a form of no bytes: nobody looks at its first byte"
both backend "kvm, io_delay: a form of 0 bytes" "a form of no bytes: and KVM's io_delay is one"

shows out/test/run-native-x86_64.t "bytes and lengths" \
	"templates by chance: every form is what the assembler makes of it"
shows out/test/run-linked-x86_64.t "as on record" \
	"templates by chance: and copied ones end where they should"

shows out/test/run-native-x86_64.t "the table in force begins as the native one" \
	"before anything is patched: every site already calls its op"
both backend "installed: no slot of the table is empty" \
	"before anything is patched: and so under every backend"
finish
