#!/bin/bash
# mix.sh: record what kernels run for each row: what "make mix" does.
# SPDX-License-Identifier: GPL-2.0-only
#
# mix.sh [--plain] [--jobs N] [--limit S] [--out FOLDER] [KERNEL[,KERNEL...] [ROW...]]
#
#   KERNEL     names of host/linux/kernel.sh; all: 5.10-amd64, 6.1-amd64, 6.12-amd64, 6.1-686
#   ROW        of host/mix/guest/boot.sh --rows (all of them)
#   --plain    boots the rows and records nothing
#   --jobs     boots at once (2)
#   --limit    seconds until a row is taken for hung (180)
#   --out      out/mix: a folder for each kernel in it
#
# Each row is a boot.  In the kernel's folder is then ROW.1.json, the record (docs/mixes.md), with
# ROW.line, what the row itself said; sites, what is where; taken, how it was taken.
#
# Exit status: 0 every row was done, and recorded; 1 one was not, each with a line; 2 usage,
# or a kernel cannot be had.
set -euo pipefail
export LC_ALL=C
. "$(dirname "$0")/../build/help.sh"
answer_help '--plain --jobs --limit --out' "$@"

die() { echo "mix.sh: $*" >&2; exit 2; }

plain='' jobs=2 limit=180 out=out/mix
while [ $# -gt 0 ]; do
	case $1 in
	--plain) plain=yes ;;
	--jobs|--limit|--out)
		[ -n "${2:-}" ] || die "$1 wants a value"
		printf -v "${1#--}" %s "$2"
		shift ;;
	-*)	die "there is no option $1 (--help lists what there is)" ;;
	*)	break ;;
	esac
	shift
done
[[ $jobs =~ ^[1-9][0-9]*$ ]] || die "--jobs $jobs is no number from 1 on"
kernels=(5.10-amd64 6.1-amd64 6.12-amd64 6.1-686)
[ "${1:-all}" = all ] || IFS=, read -ra kernels <<<"$1"
[ $# = 0 ] || shift
readonly boot=host/mix/guest/boot.sh
known=" $($boot --rows | xargs) "
for row; do
	[[ $known == *" $row "* ]] || die "there is no row $row; there are:$known"
done
rows=("$@")
[ ${#rows[@]} -gt 0 ] || read -ra rows <<<"$known"

# one KERNEL ROW: a line of what came of it
one()
{
	local kernel=$1 row=$2 dir=$out/$1 status=0 under=''
	rm -f "$dir/$row".{line,1.json}
	if [ -z "$plain" ]; then
		under="host/mix/record.sh --sites $dir/$row.sites --out $dir/$row --name $row"
		# QEMU is the one of 64 bits for both.
		[[ $kernel != *-686* ]] || under+=' --kernel c0000000'
		under+=' --'
		{
			cat "$dir/sites"
			[ "$row" != boot ] || cat "$dir/sites.boot"
		} >"$dir/$row.sites"
	fi
	$boot --limit "$limit" --out "$dir" ${under:+--under "$under"} "$kernel" "$row" \
		>"$dir/$row.line.new" 2>"$dir/$row.why" || status=$?
	if [ $status != 0 ]; then
		tail -n 1 "$dir/$row.why"
		return 1
	fi
	mv "$dir/$row.line.new" "$dir/$row.line"
	if [ -n "$plain" ]; then
		cat "$dir/$row.line"
	elif [ -s "$dir/$row.1.json" ]; then
		jq -r --arg of "$kernel $row" '"\($of): \(.unit_count) units, \(
			.total.instructions | .kernel + .user) instructions, \(
			[.total.ops[]] | add // 0) ops"' "$dir/$row.1.json"
	else
		echo "mix.sh: $kernel $row: nothing was recorded"
		return 1
	fi
}

# What is the same for all rows of a kernel.
taken()
{
	local arch=amd64
	[[ $1 != *-686* ]] || arch=i386
	echo "kernel $(cat "out/kernel/$1/package")"
	echo "qemu $(qemu-system-x86_64 --version | head -n 1)"
	sed 's/^/package /' out/mix/guest/$arch/packages
	echo "row-compiler $(gcc --version | head -n 1)"
}

export -f one die
export boot out limit plain
status=0
for kernel in "${kernels[@]}"; do
	begin=$SECONDS
	$boot --prepare "$kernel" || exit 2
	mkdir -p "$out/$kernel"
	taken "$kernel" >"$out/$kernel/taken"
	[ -n "$plain" ] || host/mix/guest/sites.sh "$kernel" "$out/$kernel" || exit $?
	printf '%s\n' "${rows[@]}" |
		xargs -P "$jobs" -I ROW bash -euo pipefail -c "one $kernel ROW" || status=1
	echo "mix.sh: $kernel: ${#rows[@]} rows in $((SECONDS - begin)) s"
done
exit $status
