#!/bin/bash
# same.sh: does this tree measure as another one did?  Two reports, but for where code lies.
# SPDX-License-Identifier: GPL-2.0-only
#
# same.sh [COMMIT]            builds and boots COMMIT (HEAD if none is given) in a folder of its
#                             own, and out/parapatch.img as it is, both architectures
# same.sh OLD.json NEW.json   compares two reports that are there
#
# Boots are by -icount: instructions take a fixed time, so that a report is the same byte for
# byte, but for what the list "masked" has.  Of a boot, the lines "cell ..." of the serial
# port are compared too.
#
# Exit status: 0 the same; 1 something differs, or a boot failed; 2 usage, or a file is missing.
set -euo pipefail
export LC_ALL=C
. "$(dirname "$0")/../build/help.sh"
answer_help '' "$@"
cd "$(dirname "$0")/../.."

# What may differ: KEY, or "FOLDER",KEY as it is in a path, and why.
readonly masked='
	"date"			when it ran
	"parapatch_version"	the commit
	"flags"			what it was compiled with
	"text_address"		where the firmware put it
	"text_bytes"		how much code there is in all
	"ops_table_address"	where the linker put the table
	"address"		where a body of a cell lies
	"call_at"		where in a copy the call ends: registers may be others
	"longest_window_ticks"	how long interrupts were off, with the code around what is timed
	"tsc","hz"		by the HPET, whose reading takes as long as its code
	"tsc_hz"		the same
	"real_time"		ns of the ticks, by that rate; the ticks themselves are held
	"cpu_time"		likewise
	"gap_bound_ticks"	gap_us by that rate
	"tsc","deviation_ppm"	follows from it
	"sources",[0-9]+,"hz"	of every other source likewise
	"sources",[0-9]+,"spread_ppm"	of several readings
	"sources",[0-9]+,"deviation_ppm"	follows from it'

# values REPORT: a line each, [[path],value], without what is masked.  Of the bytes of a
# site, the displacement of a CALL, a JMP or a RIP-relative operand says where code lies: it
# is left out.
values()
{
	local keys
	keys=$(awk 'NF { print $1 }' <<<"$masked" | paste -sd'|')
	jq -c --stream 'select(length == 2)' "$1" |
		grep -vE "($keys)(,[0-9]+)*\\]," |
		sed -E '/"site",[0-9]+\]/s/\b(e8|e9|0f 8.|ff [12]5|48 03 05)( ..){4}/\1 .../g'
}

# compare OLD NEW WHAT: two files of lines
compare()
{
	local differ
	differ=$(diff "$1" "$2" | grep -c '^[<>]' || true)
	if [ "$differ" = 0 ]; then
		echo "same.sh: $3: the same, $(wc -l <"$2") values"
	else
		echo "same.sh: $3: $differ lines differ, of $(wc -l <"$2"):"
		diff "$1" "$2" | grep '^[<>]' | head -n "${LINES_SHOWN:-10}" || true
		bad=1
	fi
}

compare_reports()
{
	values "$1" >"$work/old.values"
	values "$2" >"$work/new.values"
	compare "$work/old.values" "$work/new.values" "$3"
}

# Not all: a measurement has two offsets, and three backends of different kinds.
readonly settings=('seed = 7' 'offsets = 2' 'batches = 2' 'plan = default'
	'backends = native xen_smp pvm')

# boot NAME ARCH IMAGE: $work/NAME-ARCH/*.json and .cells
boot()
{
	local to=$work/$1-$2 set=()
	for s in "${settings[@]}"; do set+=(--set "$s"); done
	disk/run.sh --image "$3" --arch "$2" --icount 7 --quiet "${set[@]}" --timeout 600 \
		--results "$to" --serial "$to.serial" >"$to.said" 2>&1 ||
		{ echo "same.sh: $2: the boot of $1 failed: $(tail -n 1 "$to.said")"; return 1; }
	tr -d '\r' <"$to.serial" | grep -a '^cell ' |
		sed -E 's/ (address|call_at|site|bytes)=[^ ]*//g' >"$to.cells"
}

compare_trees()
{
	git worktree add --quiet --detach "$work/tree" "$1" || exit 2
	make -C "$work/tree" -j2 out/parapatch.img >"$work/make" 2>&1 ||
		{ echo "same.sh: $1 does not build:"; tail -n 3 "$work/make"; exit 1; }
	for arch in x86_64 ia32; do
		boot old $arch "$work/tree/out/parapatch.img" && boot new $arch out/parapatch.img ||
			{ bad=1; continue; }
		compare_reports "$work/old-$arch"/*.json "$work/new-$arch"/*.json \
			"$arch: the report"
		compare "$work/old-$arch.cells" "$work/new-$arch.cells" \
			"$arch: cells on the serial port"
	done
}

[ $# -le 2 ] || { echo "same.sh: two reports at most (--help says more)" >&2; exit 2; }

work=$(mktemp -d)
trap 'git worktree remove --force "$work/tree" 2>/dev/null || true; rm -rf "$work"' EXIT
bad=0
if [ $# = 2 ]; then
	for report; do
		[ -r "$report" ] || { echo "same.sh: cannot read $report" >&2; exit 2; }
	done
	compare_reports "$1" "$2" "$2"
else
	[ -e out/parapatch.img ] || { echo "same.sh: there is no out/parapatch.img" >&2; exit 2; }
	compare_trees "${1:-HEAD}"
fi
exit $bad
