#!/bin/bash
# image.t: the stick image is reproducible, sound, and made whole or not at all.
# SPDX-License-Identifier: GPL-2.0-only

set -u
export LC_ALL=C MTOOLSRC=/dev/null PATH="$PATH:/usr/sbin:/sbin"
unset SOURCE_DATE_EPOCH

dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
count=0

# ok WHAT COMMAND...: passes if the command does
ok()
{
	local what=$1
	shift
	count=$((count + 1))
	if "$@" >"$dir/said" 2>&1; then
		echo "ok $count - $what"
	else
		echo "not ok $count - $what"
		sed 's/^/# /' "$dir/said"
	fi
}

not() { ! "$@"; }
image() { disk/image.sh "$@"; }

standard()
{
	image "$1" "$dir/x64=EFI/BOOT/BOOTX64.EFI" \
		"$dir/ia32=EFI/BOOT/BOOTIA32.EFI" "$dir/cfg=parapatch.cfg"
}

# holds IMAGE PATH FILE
holds() { mtype -i "$1@@1M" "::/$2" | cmp - "$3"; }

# says STATUS WORD COMMAND...: fails with that status and one line, with WORD
says()
{
	local want=$1 word=$2 status=0
	shift 2
	"$@" >"$dir/out" 2>&1 || status=$?
	cat "$dir/out"
	echo "status $status"
	[[ $status -eq $want && $(wc -l <"$dir/out") -eq 1 ]] &&
		grep -qF -- "$word" "$dir/out"
}

# nothing_in DIR: not even a hidden file
nothing_in() { [[ -z $(ls -A "$1") ]]; }

head -c 50001 /dev/urandom >"$dir/x64"
head -c 30000 /dev/urandom >"$dir/ia32"
echo 'plan = full' >"$dir/cfg"

# -- the same bytes, whenever and wherever it is built

ok "builds" standard "$dir/a.img"
sleep 2.1			# FAT counts time in steps of two seconds
touch "$dir/x64"
chmod 555 "$dir/cfg"
other() { (umask 077; TZ=Asia/Kathmandu standard "$1"); }
ok "builds later, in another zone, other modes" other "$dir/b.img"
ok "same bytes" cmp "$dir/a.img" "$dir/b.img"
ok "builds, arguments in another order" \
	image "$dir/c.img" "$dir/cfg=parapatch.cfg" \
	"$dir/ia32=EFI/BOOT/BOOTIA32.EFI" "$dir/x64=EFI/BOOT/BOOTX64.EFI"
ok "same bytes" cmp "$dir/a.img" "$dir/c.img"
export SOURCE_DATE_EPOCH=1000000000
ok "builds with SOURCE_DATE_EPOCH" standard "$dir/d.img"
unset SOURCE_DATE_EPOCH
ok "which reaches the image" not cmp -s "$dir/a.img" "$dir/d.img"
dates() { mdir -/ -i "$dir/d.img@@1M" :: | grep -o '20..-..-..' | sort -u; }
only_that_day() { dates; [[ $(dates) == 2001-09-09 ]]; }
ok "and is every date in it" only_that_day

# -- sound

gpt_sound() { sgdisk -v "$1" | tee /dev/stderr | grep -q '^No problems found'; }
type_is_ef00() { sgdisk -p "$1" | tee /dev/stderr | grep -qE '^ +1 +2048 .* EF00 '; }
ok "GPT verifies" gpt_sound "$dir/a.img"
ok "one partition, from 1 MiB, of type EF00" type_is_ef00 "$dir/a.img"
read -r first last < <(sgdisk -i 1 "$dir/a.img" |
	sed -nE 's/^(First|Last) sector: ([0-9]+).*/\2/p' | tr '\n' ' ')
dd if="$dir/a.img" of="$dir/part" bs=512 skip="$first" \
	count=$((last + 1 - first)) status=none
ok "FAT checks" fsck.fat -n "$dir/part"
fat_is_32() { fsck.fat -nv "$1" | tee /dev/stderr | grep -q '32 bit entries'; }
# The rule of the FAT specification: it is the cluster count that decides.
clusters() { fsck.fat -nv "$1" | sed -nE 's/^ *([0-9]+) data clusters.*/\1/p'; }
enough() { clusters "$1"; [[ $(clusters "$1") -ge 65525 ]]; }
ok "FAT is 32 bits" fat_is_32 "$dir/part"
ok "and has the clusters of one" enough "$dir/part"
label() { mlabel -s -i "$1@@1M" :: | grep -q 'is PARAPATCH'; }
ok "label" label "$dir/a.img"
sparse() { [[ $(du -k "$1" | cut -f1) -lt 4096 ]]; }
ok "sparse" sparse "$dir/a.img"

# -- what is on it

ok "BOOTX64.EFI" holds "$dir/a.img" EFI/BOOT/BOOTX64.EFI "$dir/x64"
ok "BOOTIA32.EFI" holds "$dir/a.img" EFI/BOOT/BOOTIA32.EFI "$dir/ia32"
ok "parapatch.cfg" holds "$dir/a.img" parapatch.cfg "$dir/cfg"
listing() { mdir -b -i "$1@@1M" ::/ | sort | tr '\n' ' '; }
root_is() { listing "$1"; [[ $(listing "$1") == "$2" ]]; }
ok "nothing else in the root" root_is "$dir/a.img" \
	'::/EFI/ ::/parapatch.cfg ::/parapatch/ '
reports() { mdir -i "$1@@1M" ::/parapatch | grep -cE '^[^ .]+ .*[0-9]{4}-'; }
no_reports() { mdir -i "$1@@1M" ::/parapatch && [[ $(reports "$1") -eq 0 ]]; }
ok "parapatch is there, and empty" no_reports "$dir/a.img"
cp "$dir/cfg" "$dir/c:=odd"
ok "a file in parapatch" image "$dir/e.img" "$dir/c:=odd=parapatch/deep/er/x.cfg"
ok "is there" holds "$dir/e.img" parapatch/deep/er/x.cfg "$dir/cfg"

# -- whole or not at all

mkdir "$dir/none"
ok "missing source is named" says 1 "$dir/absent: no such readable file, wanted as b" \
	image "$dir/none/f.img" "$dir/cfg=a" "$dir/absent=b"
ok "and leaves nothing behind" nothing_in "$dir/none"
truncate -s 140M "$dir/big"
ok "too big a source is named" says 1 "EFI/big" \
	image "$dir/none/f.img" "$dir/big=EFI/big"
ok "and leaves nothing behind" nothing_in "$dir/none"
cp "$dir/a.img" "$dir/before.img"
ok "too big a source, over an image" says 1 "EFI/big" \
	image "$dir/a.img" "$dir/big=EFI/big"
ok "which stays as it was" cmp "$dir/a.img" "$dir/before.img"
ok "no directory for OUT" says 1 "$dir/nodir" image "$dir/nodir/f.img"
ok "no arguments" says 2 "usage:" image
ok "not SRC=DEST" says 2 "'x64'" image "$dir/none/f.img" x64
ok "DEST leaves the stick" says 2 "../x" image "$dir/none/f.img" "$dir/cfg=../x"
ok "one DEST twice" says 2 "EFI/A" \
	image "$dir/none/f.img" "$dir/cfg=efi/a" "$dir/x64=EFI/A"
mkdir "$dir/bin"
for tool in bash dirname mktemp rm cp sort sgdisk mkfs.fat; do
	ln -s "$(command -v $tool)" "$dir/bin/"
done
without_mtools()
{
	# The script adds the system's directories, so it gets a copy that
	# does not.
	mkdir -p "$dir/tree/disk" "$dir/tree/host/build"
	cp host/build/help.sh "$dir/tree/host/build/"
	sed '/^export PATH=/d' disk/image.sh >"$dir/tree/disk/image.sh"
	PATH=$dir/bin bash "$dir/tree/disk/image.sh" "$dir/none/f.img" "$dir/cfg=a"
}
ok "missing tool: its package is named" \
	says 1 "Debian package mtools" without_mtools
ok "all that left nothing behind" nothing_in "$dir/none"

echo "1..$count"
