#!/bin/bash
# kernel_outside.t: what a kernel comes in, and what a file is that holds none.
# SPDX-License-Identifier: GPL-2.0-only
. host/test/lib/boot.sh
. host/test/linux/kernel_images.sh
tool=out/test/parapatch-image
k=$work/k
mkdir "$k"
kernel_make "$k"

sites() { "$tool" --json --sites "$1" 2>&1 | jq -c .sites; }
outside() { "$tool" --json "$1" | jq -r .outside; }

# opens FILE HOW WHAT: the tiny kernel of 6.12, inside it
opens()
{
	is "$(outside "$1" 2>&1); $(sites "$1" | cksum)" "$2; $(sites "$k/6_12" | cksum)" "$3"
}

hex_size() { printf '%#x' "$(stat -c %s "$1")"; }

# refuses FILE TEXT WHAT: in one line, and nothing else
refuses()
{
	local status=0
	"$tool" --apply "$work/written" "$1" >"$work/out" 2>"$work/err" || status=$?
	is "$status $(wc -l <"$work/out") $(wc -l <"$work/err") $(test -e "$work/written" &&
		echo written
		)$(cut -d: -f3- "$work/err")" "2 0 1  $2" "$3"
}

# pe FILE MACHINE [NAME=FILE]...: a PE file with these sections, each padded to 512
pe()
{
	perl -e '
		my ($to, $machine, @sections) = @ARGV;
		my $b = "MZ" . "\0" x 0x3a . pack("V", 0x40);
		$b .= "PE\0\0" . pack("vvVVVvv", hex $machine, scalar @sections,
			0, 0, 0, 240, 0x2022);
		$b .= pack("v", 0x20b) . "\0" x 238;
		my ($at, $data, $headers) = (4096, "", "");
		for (@sections) {
			my ($name, $file) = split /=/, $_, 2;
			open(my $f, "<:raw", $file) or die; local $/; my $bytes = <$f>;
			my $len = length $bytes;
			$bytes .= "\0" x (-$len % 512);
			$headers .= pack("a8VVVVVVvvV", $name, $len, $at * 16,
				length $bytes, $at, 0, 0, 0, 0, 0);
			$data .= $bytes; $at += length $bytes;
		}
		$b .= $headers; $b .= "\0" x (4096 - length $b);
		open(my $f, ">:raw", $to) or die; print $f $b . $data;
	' "$@"
}

xz -c "$k/6_12" >"$work/payload"
kernel_bzimage "$work/payload" "$work/bz"
echo 'quiet' >"$work/text"

# Packed as a whole.
for how in 'gzip -nc' 'xz -c' 'lzma -c' 'bzip2 -c' 'zstd -qc' 'lz4 -lqc'; do
	$how "$k/6_12" >"$work/packed"
	opens "$work/packed" "${how%% *}" "a vmlinux packed by ${how%% *}"
done
gzip -nc "$work/bz" >"$work/packed"
opens "$work/packed" 'gzip, bzImage, xz' "a bzImage that is packed again"
tried image 'vmlinux and bzImage packed as files (gzip, xz, lzma, bzip2, zstd, lz4)' opened
gzip -nc "$k/6_12" | head -c 200 >"$work/packed"
refuses "$work/packed" 'the file (gzip) does not unpack: it is damaged or cut short' \
	"one that is cut short"
tried image 'a packed file cut short' 'refused: does not unpack'

# A unified kernel image.
pe "$work/uki" 8664 .osrel="$work/text" .cmdline="$work/text" .linux="$work/bz" .initrd="$work/text"
opens "$work/uki" 'UKI, bzImage, xz' "a unified kernel image"
pe "$work/uki" 8664 .linux="$k/6_12"
opens "$work/uki" UKI "one with a vmlinux in it"
xz -c "$work/uki" >"$work/packed"
opens "$work/packed" 'xz, UKI' "one that is packed"
pe "$work/uki" 14c .linux="$work/bz"
opens "$work/uki" 'UKI, bzImage, xz' "one for ia32 firmware"
tried image 'UKI with a bzImage or a vmlinux, for x64 and ia32, packed too' opened
pe "$work/uki" aa64 .linux="$work/bz"
refuses "$work/uki" 'not a kernel image for x86: a unified kernel image for machine 0xaa64' \
	"one for another machine"
tried image 'UKI for AArch64' 'refused by its machine'
pe "$work/uki" 8664 .osrel="$work/text"
refuses "$work/uki" \
	'not a kernel image: an EFI application (PE, machine 0x8664) without a kernel in it: it has no section .linux, as unified kernel images have, and is no bzImage' \
	"an EFI application"
pe "$work/uki" 8664 .osrel="$work/text" .linux="$work/bz"
truncate -s -1 "$work/uki"
refuses "$work/uki" \
	"unified kernel image: its section .linux is not inside the file: $(printf '%#x' \
	$((($(stat -c %s "$work/bz") + 511) / 512 * 512))) bytes at offset 0x1200 of $(printf \
	'%#x' "$(stat -c %s "$work/uki")")" \
	"one that is cut by a byte"
pe "$work/uki" 8664 .linux="$work/text"
refuses "$work/uki" 'not a kernel image: UKI, and in it a text file' "one whose kernel is none"
tried image 'UKI cut by a byte, or with text for a kernel' 'refused: where, and what it is'

# Others that hold one.
# zboot FILE PAYLOAD OFFSET LENGTH
zboot()
{
	perl -e 'my ($to, $from, $at, $len) = @ARGV; open(my $f, "<:raw", $from) or die; local $/;
		my $p = <$f>; open($f, ">:raw", $to) or die;
		print $f "MZ\0\0zimg", pack("VVVVa32", $at, $len // length $p, 0, 0, "gzip"),
			"\0" x (128 - 56), $p' "$@"
}
gzip -nc "$k/6_12" >"$work/payload"
zboot "$work/z" "$work/payload" 128
opens "$work/z" 'EFI zboot, gzip' "an EFI zboot image"
zboot "$work/z" "$work/payload" 129
refuses "$work/z" \
	"EFI zboot image: the payload is not inside the file: $(hex_size "$work/payload") \
bytes at offset 0x81 of $(hex_size "$work/z")" \
	"one whose payload ends behind the file"
perl -e 'print "\0" x 56, "ARM\x64", "\0" x 500' | gzip -nc >"$work/payload"
zboot "$work/z" "$work/payload" 128
refuses "$work/z" \
	'not a kernel image: EFI zboot, gzip, and in it a kernel for arm64 (Image), not for x86' \
	"one of arm64"
tried image 'EFI zboot image, of arm64 and of ours' "opened; the other named: not for x86"
# uimage FILE PAYLOAD TYPE [LENGTH]
uimage()
{
	perl -e 'my ($to, $from, $type, $len) = @ARGV; open(my $f, "<:raw", $from) or die; local $/;
		my $p = <$f>; open($f, ">:raw", $to) or die;
		print $f pack("NNNNNNNCCCCa32", 0x27051956, 0, 0, $len // length $p, 0, 0, 0, 5, 24,
			$type, 0, "tiny"), $p' "$@"
}
uimage "$work/u" "$work/bz" 2
opens "$work/u" 'uImage, bzImage, xz' "a U-Boot image of a kernel"
uimage "$work/u" "$work/bz" 3
refuses "$work/u" 'not a kernel image: a U-Boot image of type 3, which is no kernel (2)' \
	"one of an initramfs"
uimage "$work/u" "$work/bz" 2 999999
refuses "$work/u" \
	"U-Boot image: cut short: its header says that it has 999999 bytes behind it, and there are $(stat -c %s "$work/bz")" \
	"one that is cut short"
tried image 'U-Boot legacy image, of a kernel, of an initramfs, cut short' \
	'opened; refused by its type; refused: cut short'
# android FILE PAYLOAD VERSION PAGE
android()
{
	perl -e 'my ($to, $from, $version, $page) = @ARGV; open(my $f, "<:raw", $from) or die;
		local $/; my $p = <$f>; open($f, ">:raw", $to) or die;
		my $h = "ANDROID!" . pack("V", length $p) . "\0" x 24 . pack("VV", $page, $version);
		$page = 4096 if $version > 2;
		print $f $h, "\0" x ($page - length $h), $p' "$@"
}
android "$work/a" "$work/bz" 0 2048
opens "$work/a" 'Android boot image, bzImage, xz' "an Android boot image, version 0"
android "$work/a" "$work/bz" 4 7
opens "$work/a" 'Android boot image, bzImage, xz' "one of version 4"
truncate -s -1 "$work/a"
refuses "$work/a" "Android boot image: the kernel is not inside the file: $(hex_size "$work/bz") \
bytes at offset 0x1000 of $(hex_size "$work/a")" \
	"one that is cut by a byte"
tried image 'Android boot image, versions 0 and 4' opened

# One in the other, for ever.
cp "$k/6_12" "$work/deep"
for _ in 1 2 3 4 5 6 7; do
	gzip -nc "$work/deep" >"$work/deeper"
	mv "$work/deeper" "$work/deep"
done
refuses "$work/deep" 'not a kernel image: 6 things, one in the other, and still no ELF file' \
	"packed seven times"
tried image 'a file packed seven times over' 'refused at six'

# Named as what they are.
initramfs='a cpio archive, as an initramfs is; the kernel is vmlinuz beside it'
perl -e 'print "070701", "0" x 88, "0000000b", "0" x 8, "TRAILER!!!\0\0\0\0"' >"$work/cpio"
refuses "$work/cpio" "not a kernel image: $initramfs" "an initramfs"
gzip -nc "$work/cpio" >"$work/packed"
refuses "$work/packed" "not a kernel image: gzip, and in it $initramfs" "one that is packed"
tried image 'initramfs, packed and not' 'refused: named, with where the kernel is'
# other BYTES AT TEXT WHAT
other()
{
	head -c 40000 /dev/zero >"$work/other"
	printf "$1" | dd of="$work/other" bs=1 seek="$2" conv=notrunc 2>/dev/null
	refuses "$work/other" "not a kernel image: $3" "$4"
}
other 'QFI\373\0\0\0\3' 0 \
	'a qcow2 disk image; mount it, or copy the kernel out of it (virt-copy-out, guestfish)' \
	qcow2
other CD001 32769 'an ISO 9660 image; mount it, or take the kernel out of it (bsdtar -x, xorriso)' \
	"an ISO"
other 'EFI PART' 512 'a disk image with partitions (GPT); mount one, or copy the kernel out of it' \
	"a disk"
other '\125\252' 510 'a boot sector or a disk image; mount it, or copy the kernel out of it' \
	"a boot sector"
other hsqs 0 'a squashfs file system; take the kernel out of it (unsquashfs)' squashfs
other '\320\015\376\355' 0 \
	'a FIT image or a device tree; take the kernel out of it (dumpimage -T flat_dt)' FIT
other '!<arch>\ndebian-binary' 0 'a Debian package; unpack it (dpkg-deb -x) and take boot/vmlinuz' \
	"a .deb"
other ustar 257 'a tar archive; unpack it' tar
other 'KDUMP   ' 0 "a kernel's crash dump (makedumpfile); the kernel is vmlinux of the same build" \
	"a crash dump"
other 'RSC\005' 56 'a kernel for RISC-V (Image), not for x86' "another machine's kernel"
other '' 0 \
	'neither an ELF file nor a bzImage, a unified kernel image, a packed one, or another thing whose first bytes are known' zeros
tried image \
	'qcow2, ISO 9660, GPT disk, boot sector, squashfs, FIT, .deb, tar, crash dump, RISC-V kernel' 'refused: named, with how to get at the kernel'
gcc -c -x c -o "$work/module.ko" - <<<'int x;'
refuses "$work/module.ko" 'not a kernel image: an ELF file, but a kernel module or an object file' \
	"a module"
cat >"$work/multiboot.s" <<'END'
	.text
	.long 0x1badb002, 0, -0x1badb002
	ret
END
kernel_link 32 "$work/multiboot.s" "$work/multiboot"
refuses "$work/multiboot" \
	'not a Linux kernel: it has a multiboot header and no section .altinstructions, as Xen and boot loaders have' \
	"another kernel"
tried image 'a kernel module; another multiboot kernel' 'refused: named'

# Of a vmlinux with debugging information only what is loaded is read.  A file that was
# refused for its size, with holes where that information would be.
sed 's/^\t\.data$/\t.section .debug_info\n\t.skip 100\n\t.data/' "$k/6_12.s" >"$work/debug.s"
symbols=yes kernel_link 64 "$work/debug.s" "$work/debug"
grows() {
	perl -e '
		my ($file, $name, $len) = @ARGV;
		open(my $f, "+<:raw", $file) or die; local $/; my $b = <$f>;
		my ($shoff) = unpack "Q<", substr($b, 40, 8);
		my ($n, $strings) = unpack "x60 v v", $b;
		my $names = unpack "Q<", substr($b, $shoff + 64 * $strings + 24, 8);
		for my $i (0 .. $n - 1) {
			my $h = $shoff + 64 * $i;
			my $at = $names + unpack "V", substr($b, $h, 4);
			next unless unpack("Z*", substr($b, $at)) eq $name;
			seek $f, $h + 24, 0;
			print $f pack "Q<Q<", 1 << 20, $len;
		}
		truncate $f, (1 << 20) + $len;' "$@"
}
grows "$work/debug" .debug_info 900000000
is "$(stat -c %s "$work/debug") $(sites "$work/debug" | cksum)" \
	"901048576 $(sites "$k/6_12" | cksum)" \
	"a vmlinux of 901 MB, most of it debugging information"
is "$(perl -e 'system(@ARGV) == 0 or die; my $b = "\0" x 144; syscall(98, -1, $b);
	print unpack("x32 q", $b) < 200000 ? "little" : "much"' \
	out/host/parapatch-image "$work/debug" 2>&1 | tail -n 1)" little \
	"with less memory than 200 MB"
tried image 'vmlinux of 901 MB, most of it debugging information' \
	'opened with less memory than 200 MB'
grows "$work/debug" .debug_info 5000000
out/host/parapatch-image --apply "$work/patched" "$work/debug" >/dev/null
out/host/parapatch-image --apply "$work/small" "$k/6_12" >/dev/null
is "$(stat -c %s "$work/patched") $(cmp -l "$work/debug" "$work/patched" | wc -l)" \
	"6048576 $(cmp -l "$k/6_12" "$work/small" | wc -l)" \
	"one is written whole, and other bytes are only at its sites"
grows "$work/debug" .data 1500000000
refuses "$work/debug" \
	'its loaded sections end at 1501048576 bytes of the file, and at most 1073741824 are read' \
	"a vmlinux of which too much would be read"
finish
