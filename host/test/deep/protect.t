#!/bin/bash
# protect.t: text that may not be stored to is patched all the same: read-only by
# the page tables, read-only by the firmware's protocol, and under CET.
# SPDX-License-Identifier: GPL-2.0-only
. host/test/lib/boot.sh

# Instructions are counted for time: whatever else the machine does, nothing is late.
small=(--set 'workloads = irq_save_restore' --set 'offsets = 1' --set 'batches = 1'
	--set 'layouts = dense' --set 'states = warm'
	--set 'modes = native indirect inline direct trampoline key_jmp')

# text_line NAME: how the text was found, mapped and written
text_line() { sed -n 's/^parapatch text \(.*\) why=.*/\1/p' "$work/$1.log"; }


# The page tables, by the application itself.  Without the window each of these
# boots ends with a page fault at the first store.
for arch in x86_64 ia32; do
	boot "ro-$arch" --arch $arch --icount 7 "${small[@]}" --set 'text = readonly'
	is "$status" 0 "$arch: the text is mapped read-only: the run is complete"
	is "$(text_line "ro-$arch")" 'found=writable mapped=read-only by="CR0.WP"' \
		"$arch: a store to it faults, and it is written with CR0.WP clear"
	# The run would be refused if a byte of the memory for bodies could be stored.
	all_patched "$work/ro-$arch.log" "$arch: every site of it was patched"
	is "$(jq -r '.context.text | [.found, .mapped, .written_by, .cet] | join(",")' \
		"$work/ro-$arch"/*.json)" \
		"writable,read-only,CR0.WP,off" "$arch: the report says so"
done

# A firmware that maps each section by its rights, that gives code pages which may
# not be executed, and that has EFI_MEMORY_ATTRIBUTE_PROTOCOL.
standin()
{
	disk/image.sh "$work/standin-$1.img" out/test/$1/standin.efi=EFI/BOOT/BOOT$2.EFI \
		out/$1/parapatch.efi=EFI/PARAPATCH.EFI disk/parapatch.cfg=parapatch.cfg
	image=$work/standin-$1.img
}
# told NAME [BYTES]: the stand-in's stick, with a file of that name
told()
{
	cp --sparse=always "$work/standin-$arch.img" "$work/less.img"
	printf "${2:-.}" >"$work/file"
	mcopy -i "$work/less.img@@1M" "$work/file" "::/$1"
	image=$work/less.img
}
for arch in x86_64 ia32; do
	standin $arch "$([ $arch = x86_64 ] && echo X64 || echo IA32)"
	boot "strict-$arch" --arch $arch --icount 7 "${small[@]}"
	is "$status" 0 "$arch: strict firmware: the run is complete"
	is "$(text_line "strict-$arch")" \
		'found=read-only mapped=read-only by="memory attribute protocol"' \
		"$arch: text is found read-only, and written by the firmware's protocol"
	all_patched "$work/strict-$arch.log" \
		"$arch: every site of it was patched"
	has "$work/strict-$arch.log" 'standin: ok protocol' \
		"$arch: no page was ever writable and executable, and all were put back"
	# Four calls a window, and each about the pages of its store: all the memory for
	# bodies has 657 pages, and the text with its sites some 40, since the table's
	# ops and kernel paths are in it.  Two are to learn that the clock counts
	# instructions.
	said=$(grep -a 'standin: ok protocol' "$work/strict-$arch.log")
	is "${said% pages=*}" 'standin: ok protocol gets=0x3 sets=0x40 clears=0x40' \
		"$arch: 32 stores of code: so many calls of the protocol"
	[ $((${said##*pages=})) -lt 9500 ]
	ok $? "$arch: for $((${said##*pages=})) pages in all"
	# The same, less the protocol; and with one that refuses.
	for how in NOPROTO REFUSE; do
		told $how
		boot "$how-$arch" --arch $arch --icount 7 "${small[@]}"
		is "$status" 0 "$arch: $how: the run is complete"
		is "$(text_line "$how-$arch")" 'found=read-only mapped=read-only by="CR0.WP"' \
			"$arch: $how: text is found read-only, and written with CR0.WP clear"
		all_patched "$work/$how-$arch.log" \
			"$arch: $how: every site of it was patched"
		has "$work/$how-$arch.log" "standin: ok" \
			"$arch: $how: pages for bodies were made executable, and all were put back"
	done
	has "$work/NOPROTO-$arch.log" 'why="the firmware has none"' \
		"$arch: it is said that there is no protocol"
	has "$work/REFUSE-$arch.log" 'why="it refuses to make text writable"' \
		"$arch: and that it refuses"
	has "$work/NOPROTO-$arch.log" 'secure_boot=off' \
		"$arch: Secure Boot is off where the firmware says so"
	has "$work/REFUSE-$arch.log" 'secure_boot=on' "$arch: and counts as on where it cannot say"
	# Text that is found writable and executable, and a protocol that could do better.
	told LOOSE
	boot "loose-$arch" --arch $arch --icount 7 "${small[@]}"
	is "$status" 0 "$arch: a loose map: the run is complete"
	is "$(text_line "loose-$arch")" \
		'found=writable mapped=read-only by="memory attribute protocol"' \
		"$arch: a loose map: text is read-only for the run"
	all_patched "$work/loose-$arch.log" \
		"$arch: a loose map: every site was patched"
	has "$work/loose-$arch.log" 'standin: ok loose' \
		"$arch: a loose map: it was put back, loose as it was"
	# A GDT that cannot be stored to, where every load of a segment would.
	told ROGDT
	boot "rogdt-$arch" --arch $arch --icount 7 "${small[@]}"
	is "$status" 0 \
		"$arch: a GDT on a read-only page, its segments not marked: the run is complete"
	all_patched "$work/rogdt-$arch.log" "$arch: every site was patched"
	has "$work/rogdt-$arch.log" 'standin: ok gdt' \
		"$arch: it was not stored to, and is in force again"
	tried firmware "$arch, its GDT on a read-only page, no segment marked as accessed" \
		'complete, the table is not stored to'
	# What cannot be put back is told by the end.
	told STUCK
	boot "stuck-$arch" --arch $arch --icount 7 "${small[@]}"
	has "$work/stuck-$arch.log" 'parapatch: the attributes of pages could not be put back' \
		"$arch: what cannot be put back: a line says so"
	has "$work/stuck-$arch.log" 'parapatch end status=check-failed' \
		"$arch: and the run has failed"
	has "$work/stuck-$arch.log" 'standin: ok stuck' "$arch: and the firmware is told"
	# Text of more kinds of pages than there is room to remember: not patched at all.
	told STRIPES
	mcopy -i "$image@@1M" "$work/file" ::/NOPROTO
	boot "stripes-$arch" --arch $arch --icount 7 "${small[@]}"
	has "$work/stripes-$arch.log" \
		"parapatch: the pages' attributes change too often; nothing was patched" \
		"$arch: attributes that change with every page: a line says so"
	has "$work/stripes-$arch.log" 'parapatch end status=refused' "$arch: and nothing is patched"
	tried firmware "$arch, a stand-in that maps every other page of the text writable" \
		"refused, with a line"
	# An op that nobody may call ends the run, wherever it was.
	trap=$(nm out/$arch/parapatch.elf | sed -n 's/^0*\([0-9a-f]*\) T op_trap$/0x\1/p')
	told TRAP \
		"$(printf '\\x%02x\\x%02x\\x%02x\\x%02x' $((trap & 255)) $((trap >> 8 & 255)) \
		$((trap >> 16 & 255)) $((trap >> 24)))"
	boot "trap-$arch" --arch $arch --icount 7 "${small[@]}"
	has "$work/trap-$arch.log" 'parapatch end status=trapped' \
		"$arch: an op that may not be called ends the run"
	has "$work/trap-$arch.log" 'standin: ok trap' "$arch: by Exit(), with all memory given back"
done

# ia32 with paging off and CR4.PAE left set.
arch=ia32
told PAE
boot pae --arch ia32 --icount 7 "${small[@]}" --set 'text = readonly'
is "$status" 0 "ia32, CR4.PAE left set: the run is complete"
is "$(text_line pae)" 'found=writable mapped=read-only by="CR0.WP"' "and its text was read-only"
has "$work/pae.log" 'standin: ok pae' "and CR4 is as it was"

# A CPU with CET, and a firmware that has switched it on.  (With U-Boot there are
# no lines for machines, and no "parapatch end": the stand-in's word is the one.)
for arch in x86_64 ia32; do
	image=$work/standin-$arch.img
	disk/bochs.sh --image "$image" --arch $arch --cpu tigerlake "${small[@]}" \
		--set 'report = off' \
		--quiet --serial "$work/cet-$arch.raw" >"$work/cet-$arch.out" 2>&1
	tr -d '\r' <"$work/cet-$arch.raw" >"$work/cet-$arch.log"
	all_patched "$work/cet-$arch.log" \
		"$arch: under CET: every site of the text was patched" "$work/strict-$arch.log"
	has "$work/cet-$arch.log" "standin: ok cet ibt$([ $arch = ia32 ] || echo ' shadow-stack')" \
		"$arch: CR4.CET and the shadow stack are as they were"
done
is "$(text_line cet-x86_64)" 'found=writable mapped=writable by="CR0.WP"' \
	"x86_64: it was written with CR0.WP clear"
has "$work/cet-x86_64.log" 'cet="on, switched off for the run"' \
	"x86_64: the run says that CET was on"
finish
