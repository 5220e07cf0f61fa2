#!/bin/bash
# ship.sh: records of kernels become mixes, small files that are kept: what "make ship" does.
# SPDX-License-Identifier: GPL-2.0-only
#
# ship.sh [--from FOLDER] [--to FOLDER] [KERNEL[,KERNEL...] [ROW...]]
# ship.sh --check FILE...
#
#   KERNEL     a name of host/linux/kernel.sh (all: whose records there are)
#   ROW        of host/mix/units (those of which there are records)
#   --from     out/mix: KERNEL/ROW.1.json, ROW.line, ROW.command, taken, as mix.sh leaves them
#   --to       results/mixes: KERNEL/ROW.json is made; the same record gives the same bytes
#   --check    nothing is made: is each FILE a mix, do its counts add up?
#
# What is refused is a line each, with the file and the place, and leaves its mix as it was: a
# record that is cut short, of another version, with an op that is not known, with counts that
# do not add up, with fewer units than the row has, or that /proc of its guest contradicts.
#
# Exit status: 0; 1 one was refused; 2 usage, or python3-fastjsonschema is not installed.
set -euo pipefail
export LC_ALL=C
. "$(dirname "$0")/../build/help.sh"
answer_help '--from --to --check' "$@"

readonly here=host/mix
die() { echo "ship.sh: $*" >&2; exit 2; }
refused() { echo "ship.sh: $*" >&2; return 1; }

# Names of ops: opcodes that are ones by themselves, and those of Linux's tables.
known()
{
	sed -n 's/^OPCODE(\([A-Z0-9_]*\),.*true)$/\1/p' include/list/mix_opcode.def
	sed -n 's/^MEMBER(\([a-z0-9_]*\),.*/\1/p' include/list/linux_member.def
}

# by_schema FILE...: sets good to those that are as their schema says, with a line for each other
by_schema()
{
	local said='' status=0 file line
	good=()
	[ $# = 0 ] || said=$(host/report/valid.py "$@" 2>&1) || status=$?
	[ $status != 2 ] || die "${said#valid.py: }"
	for file; do
		line=$(grep -m 1 -F "$file: " <<<"$said") || { good+=("$file"); continue; }
		refused "$line" || bad=1
	done
}

# check FILE...: sets bad if the counts of one do not add up; they are as their schema says
check()
{
	local said line
	said=$(jq -r -L $here --argjson known "$known" 'include "mix";
		if .format != "parapatch-mix/1" then "it is no mix" else first(faults($known)) end |
		"\(input_filename): \(.)"' "$@") || die "jq failed"
	[ -n "$said" ] || return 0
	while read -r line; do refused "$line" || bad=1; done <<<"$said"
}

# is_there KERNEL ROW: all that its mix is made of
is_there()
{
	local file
	for file in "$2".{1.json,line,command} taken; do
		[ -s "$from/$1/$file" ] || refused "$from/$1/$file: it is not there, or empty" ||
			return 1
	done
}

# make KERNEL ROW: the mix, beside its place; its record is as its schema says
make()
{
	local in=$from/$1 record=$from/$1/$2.1.json text
	text=$(jq -r -L $here -f $here/ship.jq --argjson known "$known" --arg kernel "$1" \
		--arg row "$2" --argjson least "${least[$2]}" --arg unit "${unit[$2]}" \
		--arg said "$(<"$in/$2.line")" --arg command "$(<"$in/$2.command")" \
		--arg taken "$(<"$in/taken")" "$record") || die "jq failed with $record"
	[[ $text == '{'* ]] || refused "$record: ${text#refused: }" || return 1
	mkdir -p "$to/$1"
	printf '%s\n' "$text" >"$to/$1/$2.json.new"
}

from=out/mix to=results/mixes check=''
while [ $# -gt 0 ]; do
	case $1 in
	--from|--to)
		[ -n "${2:-}" ] || die "$1 wants a value"
		printf -v "${1#--}" %s "$2"
		shift ;;
	--check) check=yes ;;
	-*)	die "there is no option $1 (--help lists what there is)" ;;
	*)	break ;;
	esac
	shift
done
known=$(known | jq -R . | jq -cs .)
good=() bad=0
if [ -n "$check" ]; then
	[ $# -gt 0 ] || die "--check wants a FILE"
	by_schema "$@"
	[ ${#good[@]} = 0 ] || check "${good[@]}"
	exit $bad
fi

kernels=()
[ "${1:-all}" = all ] || IFS=, read -ra kernels <<<"$1"
[ $# = 0 ] || shift
if [ ${#kernels[@]} = 0 ]; then
	mapfile -t kernels < <(find "$from" -name taken -printf '%P\n' 2>/dev/null | sort |
		cut -d/ -f1)
	[ ${#kernels[@]} -gt 0 ] || die "$from has no records"
fi
declare -A least unit
while read -r row units words; do
	[ "$row" = '#' ] || least[$row]=$units unit[$row]=$words
done <$here/units
for row; do
	[ -n "${least[$row]:-}" ] || die "there is no row $row in $here/units"
done
records=()
for kernel in "${kernels[@]}"; do
	rows=("$@")
	[ $# -gt 0 ] || mapfile -t rows < <(sed -n 's/^\([a-z0-9_]*\) [0-9].*/\1/p' $here/units |
		while read -r row; do [ ! -e "$from/$kernel/$row.1.json" ] || echo "$row"; done)
	[ ${#rows[@]} -gt 0 ] || refused "$from/$kernel: it has no records" || bad=1
	for row in "${rows[@]}"; do
		is_there "$kernel" "$row" && records+=("$from/$kernel/$row.1.json") || bad=1
	done
done
by_schema "${records[@]}"
made=()
for record in "${good[@]}"; do
	kernel=${record%/*} row=${record##*/}
	kernel=${kernel##*/} row=${row%.1.json}
	make "$kernel" "$row" && made+=("$to/$kernel/$row.json.new") || bad=1
done
by_schema "${made[@]}"
for mix in "${good[@]}"; do
	mv "$mix" "${mix%.new}"
	echo "${mix%.new}: $(wc -c <"${mix%.new}") bytes"
done
[ ${#made[@]} = 0 ] || rm -f "${made[@]}"
exit $bad
