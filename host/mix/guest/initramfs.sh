#!/bin/bash
# initramfs.sh: what runs in a guest, as archives that the kernel unpacks.
# SPDX-License-Identifier: GPL-2.0-only
#
# initramfs.sh ARCH    amd64 or i386
#
# Makes out/mix/guest/ARCH/base.cpio (busybox, dash, the rows), lines.cpio (dbench, tbench
# and the begin of their load file) and compile.cpio (the compiler and the assembler), of
# Debian's packages, which apt fetches and checks as suite.sh says; packages lists their
# versions.  Nobody needs to be root; the same files give the same bytes.
#
# Exit status: 0; 2 a package cannot be had, a program was not built, or usage.
set -euo pipefail
export LC_ALL=C
. "$(dirname "$0")/../../build/help.sh"
answer_help '' "$@"
. host/test/suite.sh

die() { echo "initramfs.sh: $*" >&2; exit 2; }

arch=${1:-}
case $arch in
amd64)	triplet=x86_64-linux-gnu loader=lib64/ld-linux-x86-64.so.2 ;;
i386)	triplet=i386-linux-gnu loader=lib/ld-linux.so.2 ;;
*)	die "ARCH is amd64 or i386, and not ${arch:-nothing}" ;;
esac
readonly suite=bookworm
readonly packages='busybox-static dash dbench cpp-12 binutils'
readonly shown="$packages libc6 libpopt0 libisl23 libmpc3 libmpfr6 libgmp10 libzstd1 zlib1g"
readonly made=$PWD/out/mix/guest/$arch
# As many lines of the load file as the rows take, and some.
readonly load_lines=21000

# put FILE PLACE: from outside, into the archive that is being made
put()
{
	[ -e "$1" ] || die "$arch: there is no $1"
	mkdir -p "$root/$(dirname "$2")"
	cp -L --no-preserve=all "$1" "$root/$2"
	chmod 755 "$root/$2"
}

# libraries FILE: those that it needs, and those that they need, which base.cpio has not
libraries()
{
	local library at
	for library in $(readelf -d "$1" | sed -n 's/.*(NEEDED).*\[\(.*\)\]$/\1/p'); do
		at=usr/lib/$triplet/$library
		[ ! -e "$work/base/$at" ] && [ ! -e "$root/$at" ] || continue
		[ -e "$tree/$at" ] || die "$arch: no package has $library"
		put "$tree/$at" "$at"
		libraries "$tree/$at"
	done
}

# put_program PROGRAM PLACE: of the packages, with its libraries
put_program()
{
	put "$tree/$1" "$2"
	libraries "$tree/$1"
}

# archive NAME: what is in $root, by name, of one time and of nobody but root
archive()
{
	find "$root" -exec touch -h -d @0 {} +
	(cd "$root" && find . -mindepth 1 | sort | "$work/cpio" --quiet -o -H newc -R 0:0 \
		--reproducible) >"$made/$1.cpio.new"
	mv "$made/$1.cpio.new" "$made/$1.cpio"
}

begin() { root=$work/$1 && mkdir "$root"; }

base()
{
	local program
	begin base
	mkdir -p "$root"/{proc,sys,dev,tmp,usr/{lib,bin}} "$root/usr/lib64"
	ln -s usr/bin "$root/bin"
	ln -s usr/lib "$root/lib"
	ln -s usr/lib64 "$root/lib64"
	put "$tree/usr/bin/busybox" usr/bin/busybox
	put_program usr/bin/dash usr/bin/dash
	put "$tree/$loader" "usr/$loader"
	put host/mix/guest/init init
	put host/mix/guest/symbols.awk mix/symbols.awk
	for program in "$made"/*; do
		[ ! -x "$program" ] || [ -d "$program" ] || put "$program" "mix/${program##*/}"
	done
	[ -e "$root/mix/floor" ] || die "$arch: the rows are not built: make mix-programs"
	archive base
}

lines()
{
	local program
	begin lines
	for program in dbench tbench tbench_srv; do
		put_program usr/bin/$program usr/bin/$program
	done
	head -n $load_lines "$tree/usr/share/dbench/client.txt" >"$work/client.txt"
	[ "$(wc -l <"$work/client.txt")" = $load_lines ] ||
		die "$arch: dbench's load file has less than $load_lines lines"
	put "$work/client.txt" mix/client.txt
	archive lines
}

compile()
{
	local cc1
	begin compile
	cc1=$(cd "$tree" && echo usr/lib/gcc/*/*/cc1)
	put_program "$cc1" usr/lib/gcc/cc1
	put_program usr/bin/as usr/bin/as
	put host/mix/guest/compiled.c mix/compiled.c
	put host/mix/guest/compile.sh mix/compile.sh
	archive compile
}

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
suite_open $suite amd64 || exit 2
suite_unpack cpio >/dev/null || exit 2
# It runs here, by libraries of its own suite.
cpio_tree=$(suite_tree libc6) || exit 2
suite_wrapper "$cpio_tree" "../cpio/bin/cpio" "$work/cpio" || exit 2
suite_open $suite "$arch" || exit 2
# shellcheck disable=SC2086
tree=$(suite_tree $packages) || exit 2
# As the files themselves have it: the index may have moved on.
for package in $shown; do
	echo "$package $(zcat "$tree/usr/share/doc/$package"/changelog.Debian*.gz |
		sed -n '1s/.*(\(.*\)).*/\1/p')"
done >"$made/packages"
base
lines
compile
