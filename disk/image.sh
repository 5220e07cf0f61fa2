#!/bin/bash
# image.sh OUT.img SRC=DEST...: build the stick image, the same bytes every time.
# SPDX-License-Identifier: GPL-2.0-only
#
# OUT.img is a whole disk: GPT, one EFI system partition from 1 MiB to the
# backup table, FAT32, label PARAPATCH, an empty \parapatch for the reports,
# and a copy of each SRC at DEST (a path from the partition's root, such as
# EFI/BOOT/BOOTX64.EFI).  Nothing is mounted; no root is needed.
#
# Same files in, same bytes out: identifiers are fixed here, time comes from
# SOURCE_DATE_EPOCH alone (mtools knows it too), and the order of the arguments
# does not matter.
#
# Exit status: 0 built; 1 not built, and OUT.img is as it was; 2 usage.

set -euo pipefail
export LC_ALL=C TZ=UTC MTOOLSRC=/dev/null
. "$(dirname "$0")/../host/build/help.sh"
answer_help '' "$@"
export PATH="$PATH:/usr/sbin:/sbin"
umask 022

# 2006-11-01, the month of the patch this tool grew from.
export SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-1162339200}

# FAT32 wants 65525 clusters: 33 MiB of them at 512 bytes.  A report of plan full is given
# 90 MB before the run, and takes less in the end; the file is sparse.
readonly image_mib=128
readonly sector_bytes=512
readonly first_sector=2048				# 1 MiB
readonly backup_sectors=2048				# GPT's copy, rounded up
readonly last_sector=$((image_mib * 2048 - backup_sectors - 1))
readonly disk_guid=70617261-7061-4463-8000-6469736b0000
readonly part_guid=70617261-7061-4463-8000-706172740001
readonly fat_serial=70617261

fail()
{
	echo "image.sh: $*" >&2
	exit 1
}

usage()
{
	echo "image.sh: $*; usage: image.sh OUT.img SRC=DEST..." >&2
	exit 2
}

# need TOOL PACKAGE
need()
{
	command -v "$1" >/dev/null ||
		fail "$1 is not in PATH; install the Debian package $2"
}

# run WHAT COMMAND...: what a tool says is shown only when it fails
run()
{
	local what=$1
	shift
	"$@" </dev/null >"$work/said" 2>&1 ||
		fail "$what: $1 says: $(tr -s '\n' ' ' <"$work/said")"
}

# A staged copy has a name that mtools cannot take for a drive or an option.
# Writes "DEST<tab>staged copy" lines, sorted by DEST.
stage()
{
	local arg src dest n=0
	for arg in "$@"; do
		src=${arg%=*} dest=${arg##*=}
		run "$src" cp -- "$src" "$work/$n"
		printf '%s\t%s\n' "$dest" "$work/$n"
		n=$((n + 1))
	done | sort
}

# check_args SRC=DEST...: everything that can be refused before any work
check_args()
{
	local arg src dest
	local -A seen=()
	for arg in "$@"; do
		[[ $arg == ?*=?* ]] || usage "'$arg' is not SRC=DEST"
		src=${arg%=*} dest=${arg##*=}
		[[ $dest != /* && $dest != */ && /$dest/ != */../* && \
		   /$dest/ != */./* && $dest != *[\\:$'\t\n']* ]] ||
			usage "DEST '$dest' is not a path such as EFI/BOOT/BOOTX64.EFI"
		[[ -z ${seen[${dest,,}]:-} ]] ||
			usage "two files for $dest (FAT ignores case)"
		seen[${dest,,}]=1
		[[ -f $src && -r $src ]] ||
			fail "$src: no such readable file, wanted as $dest;" \
				"build it or name another"
	done
}

make_partition()
{
	truncate -s "${image_mib}M" "$image"
	run "partition table" sgdisk --clear --disk-guid="$disk_guid" \
		--new="1:$first_sector:$last_sector" --typecode=1:EF00 \
		--partition-guid="1:$part_guid" --change-name=1:PARAPATCH "$image"
	run "FAT32" mkfs.fat -F 32 -s 1 -S "$sector_bytes" -n PARAPATCH \
		--invariant -i "$fat_serial" -h "$first_sector" \
		--offset="$first_sector" "$image" \
		$(((last_sector + 1 - first_sector) * sector_bytes / 1024))
}

# make_dir DIR: it and its parents, those already made excepted
make_dir()
{
	local path='' name
	local -a names
	IFS=/ read -ra names <<<"$1"
	for name in "${names[@]}"; do
		[[ -n $name ]] || continue
		path+=/$name
		[[ -z ${made[${path,,}]:-} ]] || continue
		run "directory $path" mmd -i "$fat" "::$path"
		made[${path,,}]=1
	done
}

populate()
{
	local dest staged
	local -A made=()
	make_dir parapatch
	while IFS=$'\t' read -r dest staged; do
		[[ $dest != */* ]] || make_dir "${dest%/*}"
		run "$dest" mcopy -i "$fat" "$staged" "::/$dest"
	done <"$work/list"
}

[[ $# -ge 1 ]] || usage "no OUT.img"
out=$1
shift
[[ $out != *=* ]] || usage "the first argument, '$out', is not OUT.img"
[[ $SOURCE_DATE_EPOCH =~ ^[0-9]+$ ]] ||
	usage "SOURCE_DATE_EPOCH '$SOURCE_DATE_EPOCH' is not a count of seconds"
check_args "$@"
need sgdisk gdisk
need mkfs.fat dosfstools
need mcopy mtools

outdir=$(dirname -- "$out")
[[ -d $outdir && -w $outdir ]] ||
	fail "$outdir: no such writable directory, wanted for $out; make it"
work=$(mktemp -d)
image=$(mktemp "$outdir/.image.XXXXXX")
trap 'rm -rf "$work" "$image"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
readonly fat="$image@@1M"

stage "$@" >"$work/list"
make_partition
populate
chmod 644 "$image"
mv -f "$image" "$out"
