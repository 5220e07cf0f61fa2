#!/bin/bash
# boot.t: boots the image as a user does; the report, and what goes wrong.
# SPDX-License-Identifier: GPL-2.0-only
. host/test/boot.sh

readonly quick=(--accel tcg --set 'rounds = 2' --set 'batches = 3')

# good ARCH: the default run, all of it
good()
{
	local arch=$1 report
	boot "$arch" --arch "$arch" --accel tcg
	is "$status" 0 "$arch: the default plan runs to its end"
	has "$work/$arch.log" "normal             paravirt       paravirt-patch" \
		"$arch: the table has the seed's three columns"
	has "$work/$arch.log" "parapatch end status=complete" "$arch: the end marker is there"
	is "$(grep -c '^cell status=ok ' "$work/$arch.log")" \
		"$(grep -c "^$arch " host/test/exact.tbl)" "$arch: one line a cell, all ok"
	is "$(grep -c ' 0 failed' "$work/$arch.log")" 1 "$arch: no op fails its check"
	local ms
	ms=$(sed -n 's/^parapatch end .*app_ms=\([0-9]*\).*/\1/p' "$work/$arch.log")
	echo "# $arch: the application took $ms ms"
	report=$(echo "$work/$arch"/*.json)
	is "$(ls "$work/$arch" | wc -l)" 1 "$arch: one report"
	is "$(jq -r .status "$report")" complete "$arch: its status is complete"
	is "$(jq '.benchmarks | length' "$report")" "$(grep -c "^$arch " host/test/exact.tbl)" \
		"$arch: it has a benchmark for every cell"
	jq -e '.applied | to_entries | all(.value as $a |
		[$a["inline"], $a["direct-call"], $a["kept-as-built"], $a["kept-no-form"],
		 $a["kept-too-small"], $a["kept-out-of-reach"]] | add == $a.sites)' \
		"$report" >/dev/null
	ok $? "$arch: outcomes sum to the number of sites, in every mode"
	jq -e '.applied.inline | .inline == .sites and .sites > 1000' "$report" >/dev/null
	ok $? "$arch: every site was patched inline"
	jq -e '[.benchmarks[] | (.ticks_n | length) == .n and (.ticks_2n | length) == .n
		and .n == 200 and .time_unit == "ns"] | all' "$report" >/dev/null
	ok $? "$arch: every benchmark carries its raw ticks"
	is "$(grep -c 'cell .*mode=inline' "$work/$arch.log")" "$(grep -c "^$arch .* inline " host/test/exact.tbl)" "$arch: as many patched cells as the table has"
}

good x86_64
good ia32

# Bad input: one line that names the thing and the mend; nothing is lost.
want_status=11
boot key "${quick[@]}" --set 'batchs = 3'
is "$status" 11 "unknown key: refused as a bad configuration"
has "$work/key.log" 'unknown key "batchs"' "unknown key: named"
line=$(($(wc -l <disk/parapatch.cfg) + 4))
has "$work/key.log" "\\parapatch.cfg line $line:" "unknown key: with its line number"
is "$(grep -c '^cell' "$work/key.log")" 0 "unknown key: nothing was measured"
boot cells "${quick[@]}" --set 'modes = native' --set 'conventions = seed'
is "$status" 11 "a plan without cells: refused as a bad configuration"
want_status=13
boot readonly "${quick[@]}" --readonly
is "$status" 13 "write-protected stick: not saved"
has "$work/readonly.log" "NOT saved: the stick is write protected" "write-protected stick: said so"
has "$work/readonly.log" "paravirt-patch" "write-protected stick: the table is on serial"
[ "$(grep -n 'NOT saved' "$work/readonly.log" | cut -d: -f1)" -gt "$(grep -n '^op  ' "$work/readonly.log" | cut -d: -f1)" ]
ok $? "write-protected stick: said after the table"
boot full "${quick[@]}" --full --keep-image "$work/full.img"
is "$status" 13 "full stick: not saved"
has "$work/full.log" "NOT saved: the stick is full" "full stick: said so"
is "$(grep -c '^cell status=ok' "$work/full.log")" "$(grep -c '^x86_64 ' host/test/exact.tbl)" "full stick: every cell is on serial"
is "$(mdir -b -i "$work/full.img@@1M" ::/parapatch/ 2>/dev/null | grep -c json)" 0 \
	"full stick: no half report is left"
want_status=0

# What "make run" does, on a terminal: the bar moves, the report is kept, and so
# is the one before it.
for n in 1 2; do
	script -qec "disk/make-run.sh out/parapatch.img x86_64" /dev/null >"$work/run$n" 2>&1
	kept[n]=$(sed -n 's/^Report kept: \([^ ]*\) (status complete).*/\1/p' "$work/run$n" | tr -d '\r')
	[ -f "${kept[n]}" ]
	ok $? "make run keeps its report, time $n"
	drawn=$(tr '\r' '\n' <"$work/run$n" | grep -ac '\[#*\.*\] ')
	[ "$drawn" -gt 3 ]
	ok $? "make run draws its progress: $drawn times"
done
[ "${kept[1]}" != "${kept[2]}" ]
ok $? "make run keeps each report by a name of its own"
rm -f "${kept[@]}"
rmdir "$(dirname "${kept[1]}")" 2>/dev/null

# No report is overwritten: a second boot of the same stick takes the next name.
boot first "${quick[@]}" --keep-image "$work/first.img"
image=$work/first.img
boot second "${quick[@]}" --keep-image "$work/second.img"
image=out/parapatch.img
is "$(mdir -b -i "$work/second.img@@1M" ::/parapatch/ | grep -c '000[12].json')" 2 \
	"a second boot leaves two reports on the stick"
name=$(basename "$work"/first/*-0001.json)
mcopy -n -i "$work/second.img@@1M" "::/parapatch/$name" "$work/kept.json"
cmp -s "$work/first/$name" "$work/kept.json"
ok $? "and the first is as it was"
is "$(grep -c 'does not put back' "$work/first.log")" 0 "a quiet window puts back what it found"

# poke FILE OFFSET BYTES: writes into the application of a copy of the image
poke_image()
{
	cp --sparse=always out/parapatch.img "$work/poked.img"
	cp out/x86_64/parapatch.efi "$work/poked.efi"
	printf "$2" | dd of="$work/poked.efi" bs=1 seek=$(($1)) conv=notrunc status=none
	mcopy -o -i "$work/poked.img@@1M" "$work/poked.efi" ::/EFI/BOOT/BOOTX64.EFI
	image=$work/poked.img
}

# section NAME: where it is in the file
section() { objdump -h out/x86_64/parapatch.efi | awk -v n="$1" '$2 == n { print "0x" $6, "0x" $4 }'; }

# A record that names another op: refused whole, no byte changed.
read -r offset _ <<<"$(section .parains)"
poke_image $((offset + 4)) '\x0d'
want_status=12
boot record "${quick[@]}"
is "$status" 12 "a corrupt record: refused"
has "$work/record.log" "record 0, site at 0x" "a corrupt record: named by number and address"
has "$work/record.log" "nothing was patched" "a corrupt record: nothing was patched"
is "$(grep -c '^cell' "$work/record.log")" 0 "a corrupt record: nothing was measured"

# A wrong form: cli's is made a NOP.  The cell's own check must see it.
# It is in forms[ISA_X86_64][OP_irq_disable]: rows of 16 bytes, the second ISA,
# bytes after the length and the clobbers.
read -r offset vma <<<"$(section .rodata)"
forms=0x$(nm out/x86_64/parapatch.elf | awk '$3 == "forms" { print $1 }')
ops=$(grep -c '^OP(' include/op.def)
op=$(grep '^OP(' include/op.def | grep -n '^OP(irq_disable,' | cut -d: -f1)
at=$((forms - vma + offset + (ops + op - 1) * 16 + 2))
is "$(od -An -tx1 -j $at -N 1 out/x86_64/parapatch.efi | tr -d ' ')" fa "the form of cli is where the test looks"
poke_image $at '\x90'
want_status=10
boot form "${quick[@]}"
is "$status" 10 "a wrong form: the run says that a check failed"
has "$work/form.log" "cell status=refused op=irq_disable backend=native convention=ccall mode=inline" \
	"a wrong form: the patched cell is refused"
has "$work/form.log" "IF is 1 after it" "a wrong form: with what the check found"
is "$(jq -r .status "$work/form"/*.json)" check-failed "a wrong form: the report's status"
is "$(jq '[.benchmarks[] | select(.error_occurred) | has("real_time") or has("median_ticks")] | any' \
	"$work/form"/*.json)" false "a wrong form: a refused cell has no times"
has "$work/form.log" "not timed: irq_disable, ccall, inline" "a wrong form: the table says so"
is "$(grep -c 'cell status=ok .*op=irq_disable .*mode=indirect' "$work/form.log")" 2 \
	"a wrong form: the unpatched cells are timed"
finish
