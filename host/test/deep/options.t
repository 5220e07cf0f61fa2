#!/bin/bash
# deep/options.t: options by whoever else starts an .efi: GRUB's chainloader,
# systemd-boot, shim, a boot entry's optional data, U-Boot.
# SPDX-License-Identifier: GPL-2.0-only
. host/test/lib/boot.sh
. host/test/boot/starters.sh
. host/test/suite.sh

readonly words="$least exit=debug-exit"

# unpack ARCH PACKAGE: its folder
unpack()
{
	suite_open bookworm "$1" && suite_unpack "$2"
}

# taken NAME WHAT: were the words measured by, and modes="native inline" one of them?
taken()
{
	is "$status" ok "$2: complete"
	has "$work/$1.log" "parapatch end status=complete" "$2: it says so"
	is "$(value "$1" workloads), $(value "$1" offsets), $(value "$1" modes)" \
		"nop, 1, native inline" \
		"$2: by the options"
	is "$(from "$1" workloads) $(from "$1" modes) $(from "$1" seed)" "word:1 word:7 preset" \
		"$2: whence they are"
}

# ---- GRUB's chainloader, which takes quotes off

for arch in x86_64 ia32; do
	case $arch in
	x86_64)	platform=x86_64-efi package=grub-efi-amd64-bin boots=BOOTX64.EFI efi=pp.efi ;;
	ia32)	platform=i386-efi package=grub-efi-ia32-bin boots=BOOTIA32.EFI efi=pp32.efi ;;
	esac
	modules=$(unpack amd64 $package) &&
		tools=$(suite_open bookworm amd64 && suite_tree grub-common) &&
		suite_wrapper "$tools" usr/bin/grub-mkimage "$work/grub-mkimage"
	ok $? "GRUB for $arch is unpacked"
	stick "grub-$arch"
	cat >"$work/grub.cfg" <<-END
	search --set=root --file /$efi
	chainloader /$efi $words modes="native inline"
	boot
	END
	"$work/grub-mkimage" -d "$modules/usr/lib/grub/$platform" -O $platform -p / \
		-c "$work/grub.cfg" \
		-o "$work/grub.efi" part_gpt fat chain search boot normal
	mmd -i "$fat" ::/EFI ::/EFI/BOOT </dev/null
	put "$work/grub.efi" EFI/BOOT/$boots
	firmware $arch
	start "grub-$arch"
	taken "grub-$arch" "GRUB's chainloader, $arch"
	is "$(sed -n 's/^parapatch options .* words=\([0-9]*\) .*/\1/p' "$work/grub-$arch.log")" 8 \
		"GRUB's chainloader, $arch: the names in quotes are two words"
	tried starter \
		"GRUB (2.06), chainloader /parapatch.efi key=value ... modes=\"native inline\", $arch" \
		"options are taken; it takes the quotes off, and they are"
done

# ---- systemd-boot's options line

for arch in x86_64 ia32; do
	case $arch in
	x86_64)	debian=amd64 file=systemd-bootx64.efi boots=BOOTX64.EFI efi=pp.efi ;;
	ia32)	debian=i386 file=systemd-bootia32.efi boots=BOOTIA32.EFI efi=pp32.efi ;;
	esac
	folder=$(unpack $debian systemd-boot-efi) && [ -e "$folder/usr/lib/systemd/boot/efi/$file" ]
	ok $? "systemd-boot for $arch is unpacked"
	stick "sd-$arch"
	mmd -i "$fat" ::/EFI ::/EFI/BOOT ::/loader ::/loader/entries </dev/null
	put "$folder/usr/lib/systemd/boot/efi/$file" EFI/BOOT/$boots
	printf 'timeout 0\ndefault pp.conf\n' | put_text loader/loader.conf
	printf 'title pp\nefi /%s\noptions %s modes="native inline"\n' $efi "$words" |
		put_text loader/entries/pp.conf
	firmware $arch
	start "sd-$arch"
	taken "sd-$arch" "systemd-boot, $arch"
	tried starter "systemd-boot (252), options key=value ... modes=\"native inline\", $arch" \
		"options are taken"
done

# ---- shim, and the application as its second stage

folder=$(unpack amd64 shim-unsigned) && [ -e "$folder/usr/lib/shim/shimx64.efi" ]
ok $? "shim is unpacked"
stick shim
put "$folder/usr/lib/shim/shimx64.efi" shim.efi
put_text startup.nsh <<END
@echo -off
fs0:
shim.efi \\pp.efi $words modes="native inline"
END
firmware x86_64
start shim
taken shim "shim's second stage"
tried starter "shim (16.1) with the application as its second stage, words behind its path" \
	"options are taken"

# ---- a boot entry's optional data, by the Shell's bcfg and a second boot

# entry NAME DATA WHAT: the entry is made, then it is booted
entry()
{
	stick "$1"
	[ ! -e "$work/data" ] || put "$work/data" data
	[ ! -e "$work/entry.cfg" ] || put "$work/entry.cfg" parapatch.cfg
	put_text startup.nsh <<-END
	@echo -off
	fs0:
	if exist made then
	  echo NOT STARTED
	  pp.efi exit=debug-exit no=entry
	endif
	echo x > made
	bcfg boot add 0 fs0:\\pp.efi "pp"
	bcfg boot -opt 0x0 $2
	reset
	END
	firmware x86_64
	start "$1"
	is "$(grep -ac 'NOT STARTED' "$work/$1.log")" 0 "$3: the entry is started"
}

rm -f "$work/data"
entry wide "\"^\"$words modes=native,inline^\"\"" "a boot entry, UTF-16"
taken wide "a boot entry, UTF-16"
tried starter \
	"a boot entry's optional data, UTF-16, by bcfg, which leaves other bytes behind its end" \
	"options are taken"
printf '%s modes="native inline"' "$words" >"$work/data"
entry narrow 'fs0:\data' "a boot entry, 8 bits"
taken narrow "a boot entry, 8 bits"
tried starter "a boot entry's optional data, 8 bits, without an end" "options are taken"
printf 'WINDOWS\0\1\0\0\0\210\0\0\0x\0\0\0B\0C\0D\0O\0B\0J\0' >"$work/data"
printf 'exit = debug-exit\n%s\n' "${least// /$'\n'}" >"$work/entry.cfg"
entry junk 'fs0:\data' "a boot entry, another's bytes"
is "$status" ok "another's bytes: they are no options, and no error"
has "$work/junk.log" \
	"Load options of 32 bytes (57 49 4e 44 4f 57 53 00 01 00 00 00 88 00 00 00 ...) have no key of parapatch: they are ignored." \
	"another's bytes: that is said"
is "$(from junk workloads)" line:2 "another's bytes: the file holds"
tried starter "a boot entry's optional data meant for Windows's loader" "ignored, with a line"

# ---- U-Boot: bootefi with bootargs; and its own bootargs, which are a kernel's

# script: a U-Boot script image of the text read here
script()
{
	perl -MCompress::Zlib -e '
		local $/; my $text = <STDIN>;
		my $data = pack("N2", length $text, 0) . $text;
		my $head = sub { pack("N7C4a32", 0x27051956, $_[0], 0, length $data, 0, 0,
			crc32($data), 5, 7, 6, 0, "options") };
		print $head->(crc32($head->(0))), $data;'
}

for arch in x86_64 ia32; do
	efi=pp.efi boots=BOOTX64.EFI
	[ $arch = x86_64 ] || efi=pp32.efi boots=BOOTIA32.EFI
	stick "uboot-$arch"
	script <<-END >"$work/boot.scr"
	setenv bootargs '$words modes="native inline"'
	load virtio 0:1 0x4000000 $efi
	bootefi 0x4000000
	END
	put "$work/boot.scr" boot.scr
	uboot $arch
	start "uboot-$arch"
	taken "uboot-$arch" "U-Boot's bootefi, $arch"
	tried starter "U-Boot (2023.01), bootargs and bootefi, $arch" "options are taken"
	stick "args-$arch"
	mmd -i "$fat" ::/EFI ::/EFI/BOOT </dev/null
	put "out/$arch/parapatch.efi" EFI/BOOT/$boots
	put "$work/entry.cfg" parapatch.cfg
	uboot $arch
	start "args-$arch"
	is "$status" ok "U-Boot's own bootargs, $arch: no error"
	has "$work/args-$arch.log" \
		'Load options of 86 bytes ("root=/dev/sdb3 init=/sbin/init rootwait ro") have no key of parapatch: they are ignored.' \
		"U-Boot's own bootargs, $arch: that is said"
	is "$(from "args-$arch" workloads)" line:2 "U-Boot's own bootargs, $arch: the file holds"
	tried starter "U-Boot (2023.01), its own bootargs, a kernel's, $arch" "ignored, with a line"
done
finish
