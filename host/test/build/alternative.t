#!/bin/bash
# alternative.t: the build keeps the application's alternatives, or fails.
# SPDX-License-Identifier: GPL-2.0-only
. host/test/lib/boot.sh

for arch in x86_64 ia32; do
	elf=out/$arch/parapatch.elf efi=out/$arch/parapatch.efi
	host/build/survived.sh "$elf" "$efi"
	ok $? "$arch: .altinstructions came through objcopy"
	objcopy -R .altinst "$efi" "$work/lost.efi"
	said=$(host/build/survived.sh "$elf" "$work/lost.efi" 2>&1)
	is "$? $said" \
		"1 survived: $work/lost.efi: .altinstructions has 0 bytes, 96 before objcopy" \
		"$arch: a lost section fails the build"
done
printf '.section .altinstructions, "a"\n.long here\n.data\nhere: .long 0\n' |
	gcc -m32 -x assembler -c -o "$work/abs.o" -
ld -m elf_i386 --emit-relocs -e 0 -o "$work/abs.elf" "$work/abs.o"
said=$(out/host/mkreloc "$work/abs.elf" "$work/abs.bin" 2>&1)
is "$? $said" "1 mkreloc: .altinstructions: a record is not self-relative" \
	"a record that is not self-relative fails the build"
finish
