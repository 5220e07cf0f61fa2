#!/bin/bash
# clobber.t: a body and a form that change a register they may not are refused.
# SPDX-License-Identifier: GPL-2.0-only
#
# In a copy of the image: xen's save_fl, a body, has its SETZ to BH in place of AH,
# so that its function, its thunk and its form change RBX; native's form of save_fl
# pops to RBX.
. host/test/lib/boot.sh

cat >"$work/small.cfg" <<'CFG'
workloads = irq_disable save_fl
backends = native xen
conventions = native seed ccall callee
layouts = dense
offsets = 1
batches = 2
CFG
readonly quick=(--icount 7 --config "$work/small.cfg")
readonly elf=out/x86_64/parapatch.elf

# place SYMBOL SECTION: where it is in the application's file
place()
{
	local at offset vma
	at=0x$(nm $elf | awk -v n="$1" '$3 == n { print $1 }')
	read -r offset vma <<<"$(objdump -h out/x86_64/parapatch.efi |
		awk -v n="$2" '$2 == n { print "0x" $6, "0x" $4 }')"
	echo $((at - vma + offset))
}

# find_bytes FROM BYTES: the first place of such bytes, in hex, at or after FROM
find_bytes()
{
	local hex
	hex=$(od -An -v -tx1 -j "$1" -N 64 "$work/app.efi" | tr -d ' \n')
	[[ $hex == *"$2"* ]] || return 1
	hex=${hex%%"$2"*}
	echo $(($1 + ${#hex} / 2))
}

poke() { printf "$2" | dd of="$work/app.efi" bs=1 seek="$1" conv=notrunc status=none; }

# cells PATTERN: how many cell lines fit
cells() { grep -c "^cell .* role=cell .*$1" "$work/planted.log"; }

cp out/x86_64/parapatch.efi "$work/app.efi"
body=$(find_bytes "$(place xen_save_fl .text)" 0f94c4)
ok $? "the body of xen's save_fl is where the test looks"
poke $((body + 2)) '\xc7'
# native_forms[ISA_X86_64][OP_save_fl]: rows of 19 bytes, the second ISA: is it there, a
# length, clobbers and the bytes.
ops=$(grep -c '^OP(' include/list/op.def)
op=$(grep '^OP(' include/list/op.def | grep -n '^OP(save_fl,' | cut -d: -f1)
form=$(($(place native_forms .rodata) + (ops + op - 1) * 19))
[ "$(od -An -tx1 -j $form -N 5 "$work/app.efi" | tr -d ' ')" = 0102009c58 ]
ok $? "native's form of save_fl is where the test looks"
poke $((form + 4)) '\x5b'
cp --sparse=always out/parapatch.img "$work/planted.img"
mcopy -o -i "$work/planted.img@@1M" "$work/app.efi" ::/EFI/BOOT/BOOTX64.EFI
image=$work/planted.img

want_status=10
boot planted "${quick[@]}"
is "$status" 10 "the run says that a check failed"
why='why="save_fl, \(seed\|ccall\|callee\), \(indirect\|inline\): it changes RBX, which its site does not let be changed"'
is "$(cells "op=save_fl backend=native .*mode=inline .*$why")" 3 \
	"the form: refused in every convention, by name and register"
is "$(cells "op=save_fl backend=xen .*mode=\(indirect\|inline\) .*$why")" 6 \
	"the body: refused in every mode"
is "$(grep -c '^cell status=refused ' "$work/planted.log")" 9 "and no other cell"
is "$(cells "op=irq_disable backend=\(native\|xen\) .* n=2 ")" 14 \
	"all cells of the other op are timed"
is "$(cells "op=save_fl .*mode=\(native\|indirect\) .* n=2 ")" 5 \
	"and what else there is of this one"
# Each site in two modes, and poisoned where it did not fail before.
is "$(grep '^parapatch clobbers ' "$work/planted.log")" \
	"parapatch clobbers checked=30 failed=9 not_run=0" "what was checked is counted"
has "$work/planted.log" "Registers: 30 sites run alone, 9 change one they may not." \
	"the table says so"
is "$(grep -c '^not timed: save_fl' "$work/planted.log")" 9 "and names each cell"
is "$(jq -c '[.status, .clobbers.checked, .clobbers.failed, .clobbers.not_run]' \
	"$work/planted"/*.json)" \
	'["check-failed",30,9,0]' "the report has it"
finish
