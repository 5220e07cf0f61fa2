#!/bin/bash
# mix.t: the recorder on our own application, whose counts are known: what it sees in every
# timed window is what the table of parts says, to the instruction.
# SPDX-License-Identifier: GPL-2.0-only
#
# A window is what time_body() runs between its two readings of the clock: a loop around a
# body, which has N copies of a workload, or 2N.  Marks by address cut it out; a region is the
# whole run, and every second unit a window.
. host/test/lib/boot.sh
export LC_ALL=C

readonly shift=7	# an instruction is 2^7 ticks
readonly batches=3
readonly ops='irq_save irq_save_restore io_delay clts'
# Words of the table, and the opcode that each is.
readonly opcodes='pushf=PUSHF popf=POPF cli=CLI out=OUT clts=CLTS'

settings=(--icount $shift --set "workloads = $ops" --set 'conventions = ccall'
	--set 'modes = indirect inline' --set 'layouts = dense' --set 'states = warm'
	--set 'offsets = 1' --set "batches = $batches" --set 'pass_ticks = 100')

# text NAME: where the application's code lay, as that boot says
text() { grep -a '^parapatch build ' "$work/$1.log" | field text; }

# marks ARCH TEXT ELF: begin and end of the run; of a window, what follows the first call of
# time_body(), which reads the clock, and the last, which does so again
marks()
{
	local begin=$((0x$(objdump -h "$3" | awk '$2 == ".text" { print $4 }')))
	{
		nm "$3" | awk '$3 ~ /^(efi_main|app_end)$/ { print $3, $1 }'
		objdump -d --no-show-raw-insn --disassemble=time_body "$3" | awk '
			called { print "after", $1; called = 0 }
			$2 == "call" { last = $1; called = !calls++ }
			END { print "before", last }'
	} | tr -d : | while read -r what at; do
		case $what in
		efi_main) what=begin ;;
		app_end) what=end ;;
		*)	what=unit ;;
		esac
		printf 'mark %s %x\n' "$what" $((0x$at - begin + $2))
	done
}

# rows ARCH: OP MODE, how many instructions, and of those PUSHF, POPF, CLI, OUT, CLTS
rows()
{
	{ host/exact/exact.sh --print ops; host/exact/exact.sh --print matrix; } |
		awk -v arch="$1" -v ops="$ops" -v opcodes="$opcodes" '
		BEGIN {
			n = split(ops, o); for (i = 1; i <= n; i++) wanted[o[i]]
			kinds = split(opcodes, word)
			for (i = 1; i <= kinds; i++) sub(/=.*/, "", word[i])
		}
		$1 != arch || !($2 in wanted) || $3 != "native" || $4 != "ccall" { next }
		$5 != "indirect" && $5 != "inline" || seen[$2, $5]++ { next }
		{
			printf "%s %s %s", $2, $5, $6
			line = " " $0 " "
			sub(/^[^=]*=/, "", line); sub(/;.*/, "", line); gsub(/[()]/, " ", line)
			for (i = 1; i <= kinds; i++) {
				rest = line
				printf " %d", gsub("[ ]" word[i] "[ ]", " ", rest)
			}
			print ""
		}'
	echo imul_chain native 1 0 0 0 0 0
}

# wanted NAME ARCH: a line a pair of windows, of N copies and of 2N, of every cell and batch that
# the report has, and of the rehearsal before, which is a batch that it does not keep
wanted()
{
	of "$1" '.benchmarks[] | [.op, .mode, .copies_n, .reps, (.ticks_n[0] | length)] | join(" ")' |
		awk '
		NR == FNR { row[$1, $2] = $0; next }
		{
			if (!(($1, $2) in row) || $4 != 1) { print "no row:", $0; next }
			n = split(row[$1, $2], r)
			line = $3 * r[3]
			for (times = 1; times <= 2; times++)
				for (i = 4; i <= n; i++) line = line " " times * $3 * r[i]
			for (batch = 0; batch <= $5; batch++) print line
		}' "$work/$2.rows" - | sort
}

# windows FILE: what was recorded in each: instructions, and the same opcodes
windows()
{
	jq -r --arg opcodes "$opcodes" '. as $all |
		[$opcodes | split(" ")[] | split("=")[1]] as $names |
		range(1; .unit_count; 2) as $i |
		[.units.instructions.kernel[$i]] +
		[$names[] | $all.units.opcodes_kernel[.][$i] // 0] | join(" ")' "$1"
}

# pairs: of those, as wanted has them: how many more instructions 2N copies are than N
pairs()
{
	awk '{
		if (NR % 2) { first = $0; next }
		small = first; large = $0
		if (first + 0 > $1) { small = $0; large = first }
		more = large - small
		sub(/^[^ ]* /, "", small); sub(/^[^ ]* /, "", large)
		print more, small, large
	}' | sort
}

# cells NAME: how many windows the batches of all cells were
cells() { of "$1" '[.benchmarks[] | 2 * (1 + (.ticks_n[0] | length))] | add'; }

for arch in x86_64 ia32; do
	elf=out/$arch/parapatch.elf
	boot "$arch" --arch $arch "${settings[@]}"
	is "$status" 0 "$arch: it boots without the recorder"
	at=$(text $arch)
	marks $arch "$at" $elf >"$work/$arch.sites"
	is "$(cut -d' ' -f2 "$work/$arch.sites" | sort | paste -sd' ')" "begin end unit unit" \
		"$arch: the marks of its windows are found"
	boot $arch-again --arch $arch "${settings[@]}" --qemu "-plugin $PWD/out/mix/recorder.so,sites=$work/$arch.sites,out=$work/$arch,name=app,kernel=0"
	is "$status $(text $arch-again)" "0 $at" "$arch: and with it, at the same place"
	rows $arch >"$work/$arch.rows"
	is "$(wc -l <"$work/$arch.rows")" 9 "$arch: the table has a row for each op and mode"

	windows "$work/$arch.1.json" >"$work/all"
	timed=$(cells $arch-again)
	tail -n "$timed" "$work/all" >"$work/$arch.timed"
	pairs <"$work/$arch.timed" >"$work/$arch.pairs"
	is "$(cat "$work/$arch.pairs")" "$(wanted $arch-again $arch)" \
		"$arch: $timed windows: so many instructions as the table says, and so many PUSHF, POPF, CLI, OUT and CLTS"
	is "$(head -n -"$timed" "$work/all" | cut -d' ' -f2- | sort -u)" "0 0 0 0 0" \
		"$arch: those before, by which it finds out what the clock counts, have none of these"
	# By the guest's clock it is the same, and what reading it takes.
	of $arch-again '.benchmarks[] | (.ticks_n, .ticks_2n)[0][0]' |
		awk -v per=$((1 << shift)) '{ print $1 / per }' | sort -nu >"$work/$arch.ticks"
	is "$(cut -d' ' -f1 "$work/$arch.timed" | sort -nu | paste - "$work/$arch.ticks" |
		awk '{ print $2 - $1 }' | sort -u | wc -l)" 1 \
		"$arch: and as many as the application itself counted, but for its reading of the clock"
	is "$(of $arch-again '.context.text, [.benchmarks[] | .ticks_n, .ticks_2n]')" \
		"$(of $arch '.context.text, [.benchmarks[] | .ticks_n, .ticks_2n]')" \
		"$arch: the recorder changes no tick"
	# It can say no: a row of the table that is one off, and one opcode that is.
	sed 's/^irq_save inline 4/irq_save inline 5/' "$work/$arch.rows" >"$work/off.rows"
	cmp -s "$work/off.rows" "$work/$arch.rows"
	is "$? $(wanted $arch-again off | comm -13 - "$work/$arch.pairs" | wc -l)" \
		"1 $((batches + 1))" "$arch: an instruction more in one row is seen in all its windows"
	sed 's/^irq_save inline 4 1/irq_save inline 4 2/' "$work/$arch.rows" >"$work/off.rows"
	is "$(wanted $arch-again off | comm -13 - "$work/$arch.pairs" | wc -l)" \
		$((batches + 1)) "$arch: and so is a PUSHF more"
done
finish
