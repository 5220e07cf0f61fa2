#!/bin/bash
# alternative.t: the boot applies the application's alternatives by what the CPU has, and
# refuses bad ones.  (boot.t has the default boots; build/alternative.t, what the build keeps.)
# SPDX-License-Identifier: GPL-2.0-only
. host/test/lib/boot.sh

cat >"$work/one.cfg" <<'CFG'
workloads = lfence_rdtsc rdtsc_ordered
layouts = dense
offsets = 1
batches = 1
CFG
readonly quick=(--icount 7 --config "$work/one.cfg")

# alternatives NAME KEY: of the line that says what became of them
alternatives() { grep '^parapatch alternatives sites=' "$work/$1.log" | field "$2"; }

# By what the CPU has.
boot without "${quick[@]}" --cpu max,-rdtscp
is "$status" 0 "without RDTSCP: runs to its end"
is "$(alternatives without sites) $(alternatives without applied) $(alternatives without \
	as_built)" \
	"6 2 4" "without RDTSCP: rdtsc_ordered is as it was built"
is "$(grep -c '^cell status=ok .* role=cell ' "$work/without.log")" 2 \
	"without RDTSCP: both workloads are timed"

# A record that names a feature that there is none of: refused whole.
read -r offset \
	<<<"$(objdump -h out/x86_64/parapatch.efi | awk '$2 == ".altinst" { print "0x" $6 }')"
cp --sparse=always out/parapatch.img "$work/poked.img"
cp out/x86_64/parapatch.efi "$work/poked.efi"
printf '\xff' | dd of="$work/poked.efi" bs=1 seek=$((offset + 32 + 9)) conv=notrunc status=none
mcopy -o -i "$work/poked.img@@1M" "$work/poked.efi" ::/EFI/BOOT/BOOTX64.EFI
image=$work/poked.img
want_status=12
boot bad "${quick[@]}"
is "$status" 12 "a corrupt record: refused"
is "$(grep -c \
	'^parapatch: alternatives: the table is corrupt, nothing was patched: .altinstructions record 2, site at 0x[0-9a-f]*, [0-9]* bytes: there is no feature of that number; ' "$work/bad.log")" 1 \
	"a corrupt record: named by number, address and reason"
is "$(grep -c '^cell ' "$work/bad.log")" 0 "a corrupt record: nothing was measured"
is "$(grep -c '^parapatch alternatives ' "$work/bad.log")" 0 "a corrupt record: nothing was applied"
finish
