#!/bin/bash
# paths.sh OBJECT...: a kernel path's block can be copied to anywhere, or say why not.
# SPDX-License-Identifier: GPL-2.0-only
#
# A path (include/workload/path.h) is copied as a whole to where it is timed.  So of each
# object: its .text is the block, from its first byte to its last, and what else has code is
# what is checked in place (.text.path_checked) or a program of ring 3 (.text.path_user); it has
# no data; and from its .text nothing outside of it is reached but slots of the ops table, at
# call sites: each slot that is named there is of a site's record.
#
# Environment: READELF, if it is another.  Exit status: 0; 1 a block reaches out; 2 usage.
set -euo pipefail
export LC_ALL=C
. "$(dirname "$0")/help.sh"
answer_help '' "$@"
[ $# -ge 1 ] || { echo "paths.sh: it wants an object (--help says which)" >&2; exit 2; }
readonly readelf=${READELF:-readelf}

# sections OBJECT: those that take memory and hold something, a line each
sections()
{
	"$readelf" -SW "$1" | sed -n 's/^ *\[ *[0-9]*\] *//p' |
		awk '$2 != "NULL" && $7 ~ /A/ && $5 !~ /^0+$/ { print $1 }'
}

# reached OBJECT: what relocations of .text name that is not in .text
reached()
{
	"$readelf" -rsW "$1" | awk '
		/^Relocation section/ { of = $3; gsub(/\047/, "", of); next }
		/^Symbol table/ { of = ""; next }
		of == ".rel.text" || of == ".rela.text" {
			if ($3 ~ /^R_/) { named[++n] = $5; relative[n] = $3 ~ /_(PC32|PLT32)$/ }
			next
		}
		$1 ~ /^[0-9]+:$/ && $7 !~ /^(UND|ABS)$/ { at[$8] = $7 }
		END {
			for (i = 1; i <= n; i++)
				print named[i], (named[i] in at) ? at[named[i]] : "-",
					relative[i] ? "" : "absolute"
		}' |
		sort -u >"$work/named"
	text=$("$readelf" -SW "$1" | sed -n 's/^ *\[ *\([0-9]*\)\] *\.text .*/\1/p')
	# What is named by its address is where it was linked, and not in a copy.
	awk -v text="$text" '$1 ~ /^paravirt_(ops|callee)$/ { next }
		$1 != ".text" && $2 != text { print $1; next }
		$3 == "absolute" { print $1, "(where it was linked)" }' "$work/named"
}

# bounds OBJECT: where the block begins, ends, and how long .text is
bounds()
{
	"$readelf" -sW "$1" | awk '$8 ~ /_path_.*_begin$/ { begin = $2 } $8 ~ /_path_.*_end$/ &&
		$8 !~ /_user_end$/ { end = $2 } END { print begin, end }'
	"$readelf" -SW "$1" | sed -n 's/^ *\[ *[0-9]*\] *\.text *PROGBITS //p' | awk '{ print $3 }'
}

# sites OBJECT: slots that its .text names, and records of sites there
sites()
{
	"$readelf" -rW "$1" | awk '
		/^Relocation section/ { of = $3; gsub(/\047/, "", of) }
		of ~ /^.rela?.text$/ { slots += $3 ~ /^R_/ && $5 ~ /^paravirt_(ops|callee)$/ }
		of ~ /^.rela?.parainstructions$/ { records += $3 ~ /^R_/ && $5 == ".text" }
		END { print slots + 0, records + 0 }'
}

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
readonly may='\.text|\.text\.path_(checked|user)|\.parainstructions|\.note\..*|\.eh_frame'
status=0
complain()
{
	echo "paths.sh: $1: ${*:2}" >&2
	status=1
}
for object; do
	other=$(sections "$object" | grep -vxE "$may" || true)
	[ -z "$other" ] ||
		complain "$object" "section $(xargs <<<"$other"): a block has code alone, in .text"
	read -r begin end length < <(bounds "$object" | xargs)
	[ $((16#${begin:-1})) -eq 0 ] && [ $((16#${end:-0})) -eq $((16#${length:-1})) ] ||
		complain "$object" "its block is [${begin:-?}, ${end:-?})" \
			"of .text's ${length:-?} bytes: it is to be all"
	out=$(reached "$object")
	[ -z "$out" ] ||
		complain "$object" "its block reaches $(xargs <<<"$out"):" \
			"it may reach nothing but call sites' slots"
	read -r slots records < <(sites "$object")
	[ "$slots" = "$records" ] ||
		complain "$object" "$slots slots are named and $records sites recorded:" \
			"an op is called by its wrapper"
done
exit $status
