#!/bin/bash
# presets.t: every cell that parapatch.cfg measures if it says nothing counts what
# host/test/exact/exact.tbl says of its parts, on both architectures in QEMU; and any other
# count would be seen.  Cold states, Bochs, and the whole matrix: host/test/deep/exact.t.
# SPDX-License-Identifier: GPL-2.0-only
. host/test/lib/boot.sh
. host/test/boot/shared.sh
. host/test/exact/doctor.sh
look_at warm

mkdir -p "$logs"
for arch in x86_64 ia32; do
	shared $arch
	cp "$work/$arch.log" "$logs/$arch-QEMU.log"
	head -n 1 "$work/$arch.out" >"$logs/$arch-QEMU.note"
done
compare 0
ok $? "both architectures: QEMU counts as the table's parts sum up to"
cells=$(rows_of warm)
is "$(host/exact/exact.sh --print warm | wc -l)" "$cells" "a row for every cell, and no more"
is "$(tail -n 1 "$work/said")" \
	"exact: $cells cells, $(cat "$keep"/*/*.log |
	grep -c '^cell .* role=\(cell\|twin\|chain\) ') cell lines, QEMU = table" \
	"every line is compared, and the last line says so"
for arch in x86_64 ia32; do
	is "$(table_bytes $arch)" "$(form_bytes $arch)" \
		"$arch: the table's forms have as many bytes as the image's"
	is "$(rule $arch)" "" \
		"$arch: patched minus native is the padding NOPs, at most 1 a ccall site"
	is "$(bytes $arch irq_disable inline)" fa0f1f440000 \
		"$arch: patched cli is cli and one 5-byte NOP"
	is "$(bytes $arch save_fl inline)" 9c580f1f4000 \
		"$arch: patched save_fl is pushf, pop and one 4-byte NOP"
	is "$(bytes $arch irq_disable indirect 1-4)" ff15 "$arch: the site as built is ff 15"
	is "$(fills $arch QEMU)" "" "$arch: between copies lie 16 LEAs, or a line's NOPs"
	is "$(grep -ho '^parapatch applied .* table=.*' "$logs/$arch-QEMU.log" |
		sed 's/.* table=//' | sort -u)" nopl "$arch: padded from the table's NOPs"
done

one="x86_64 save_fl native ccall indirect"
warm="$one layout dense state warm"
pattern="op=save_fl backend=native convention=ccall mode=indirect padding=long"
doctor QEMU "$(all_ticks 768)"
refused "QEMU counts 6 for 5" "$warm: QEMU counts 6, the table 5"
mend QEMU
doctor QEMU 's/ max_ticks=[0-9.]*/ max_ticks=1152.000/'
refused "batches that differ" "$warm: QEMU counts 5..9, the table 5"
mend QEMU
doctor QEMU 's/ instructions=5 / instructions=6 /'
refused "the application says 6" "$warm: QEMU says 6 instructions, the table 5"
mend QEMU
doctor QEMU 's/ instructions=5 / /'
refused "the application says nothing" "$warm: QEMU says no instructions, the table 5"
mend QEMU
doctor QEMU "d"
refused "a cell less" "$warm: in the table, and no cell of QEMU"
mend QEMU
edit "/^body both *native *save_fl /s/pushf pop/pushf pop pop/"
refused "a word more in a body" "$warm: QEMU counts 5, the table 6" --table "$work/tbl"
compare 0
ok $? "all that was doctored is as it was"
finish
