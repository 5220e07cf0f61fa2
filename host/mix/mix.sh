#!/bin/bash
# mix.sh: record what kernels run for each row: what "make mix" does.
# SPDX-License-Identifier: GPL-2.0-only
#
# mix.sh [--plain] [--alone] [--jobs N] [--limit S] [--out FOLDER] [KERNEL[,KERNEL...] [ROW...]]
#
#   KERNEL     names of host/linux/kernel.sh; all: 5.10-amd64, 6.1-amd64, 6.12-amd64, 6.1-686
#   ROW        of host/mix/guest/boot.sh --rows (all of them)
#   --plain    boots the rows and records nothing
#   --alone    each row is a boot
#   --jobs     boots at once (2)
#   --limit    seconds until a boot is taken for hung (900)
#   --out      out/mix: a folder for each kernel in it
#
# Short rows share a boot, in the order of boot.sh --rows, others have their own: half of a boot's
# time is the kernel's.  In the kernel's folder is then ROW.1.json, the record (docs/mixes.md),
# with ROW.line, what the row itself said, and ROW.command, QEMU's; sites, what is where; taken,
# how it was taken.  Of rows that share a boot those before one that fails are kept.
#
# Exit status: 0 every row was done, and recorded; 1 one was not, each with a line; 2 usage,
# or a kernel cannot be had.
set -euo pipefail
export LC_ALL=C
. "$(dirname "$0")/../build/help.sh"
answer_help '--plain --alone --jobs --limit --out' "$@"

die() { echo "mix.sh: $*" >&2; exit 2; }

plain='' alone='' jobs=2 limit=900 out=out/mix
while [ $# -gt 0 ]; do
	case $1 in
	--plain) plain=yes ;;
	--alone) alone=yes ;;
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

# taken_from KERNEL FIRST ROW N: the record of the Nth row of a boot, by its own name, and a
# line of it
taken_from()
{
	local dir=$out/$1 first=$2 row=$3 n=$4
	if [ ! -s "$dir/$first.all.$n.json" ]; then
		echo "mix.sh: $1 $row: nothing was recorded"
		return 1
	fi
	sed "0,/^ \"mix\": .*/s// \"mix\": \"$row\",/" "$dir/$first.all.$n.json" \
		>"$dir/$row.1.json.new"
	mv "$dir/$row.1.json.new" "$dir/$row.1.json"
	rm "$dir/$first.all.$n.json"
	[ "$row" = "$first" ] || cp "$dir/$first.command" "$dir/$row.command"
	jq -r --arg of "$1 $row" '"\($of): \(.unit_count) units, \(
		.total.instructions | .kernel + .user) instructions, \(
		[.total.ops[]] | add // 0) ops"' "$dir/$row.1.json"
}

# one KERNEL ROW[+ROW...]: a line of what came of each
one()
{
	local kernel=$1 together=$2 dir=$out/$1 status=0 under='' first=${2%%+*} row n=0
	for row in ${together//+/ }; do
		rm -f "$dir/$row".{line,1.json}
	done
	if [ -z "$plain" ]; then
		under="host/mix/record.sh --sites $dir/$first.sites --out $dir/$first.all"
		under+=" --name $together"
		# QEMU is the one of 64 bits for both.
		[[ $kernel != *-686* ]] || under+=' --kernel c0000000'
		under+=' --'
		{
			cat "$dir/sites"
			[ "$first" != boot ] || cat "$dir/sites.boot"
		} >"$dir/$first.sites"
	fi
	$boot --limit "$limit" --out "$dir" ${under:+--under "$under"} "$kernel" "$together" \
		>"$dir/$first.lines" 2>"$dir/$first.why" || status=$?
	for row in ${together//+/ }; do
		n=$((n + 1))
		grep " row $row units " "$dir/$first.lines" >"$dir/$row.line.new" || break
		mv "$dir/$row.line.new" "$dir/$row.line"
		if [ -n "$plain" ]; then
			cat "$dir/$row.line"
		else
			taken_from "$kernel" "$first" "$row" $n || status=1
		fi
	done
	rm -f "$dir"/*.line.new
	[ $status = 0 ] || tail -n 1 "$dir/$first.why"
	return $status
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

# boots ROW...: each line is those of a boot
boots()
{
	local row together='' more
	for row; do
		case $alone$row in
		compile|idle|tbench|dbench|boot|yes*) more+=$row$'\n' ;;
		*)	together+=${together:++}$row ;;
		esac
	done
	printf '%s' "${together:+$together$'\n'}" "${more:-}"
}

export -f one taken_from
export boot out limit plain
status=0
for kernel in "${kernels[@]}"; do
	begin=$SECONDS
	$boot --prepare "$kernel" || exit 2
	mkdir -p "$out/$kernel"
	taken "$kernel" >"$out/$kernel/taken"
	[ -n "$plain" ] || host/mix/guest/sites.sh "$kernel" "$out/$kernel" || exit $?
	boots "${rows[@]}" |
		xargs -P "$jobs" -I ROWS bash -euo pipefail -c "one $kernel ROWS" || status=1
	echo "mix.sh: $kernel: ${#rows[@]} rows in $((SECONDS - begin)) s"
done
exit $status
