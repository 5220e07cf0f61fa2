#!/bin/bash
# exact.sh: count every cell's instructions in two emulators, and compare.
# SPDX-License-Identifier: GPL-2.0-only
#
# exact.sh [--keep DIR] [--verbose]     what "make exact" calls
# exact.sh --compare DIR [--table FILE] [--verbose]
#
# Boots both architectures in QEMU under -icount, twice, and in Bochs, two at a
# time; prints every cell's count by each and by the table, the differences,
# and one last line "exact: N cells, M cell lines, QEMU = Bochs = table": rows of
# the table, and what was compared with them, in all layouts, states and runs.
#
#   --keep DIR      leave there ARCH-SOURCE.log (serial) and .note (how it ran)
#   --compare DIR   boot nothing, compare what --keep left
#   --table FILE    instead of host/test/exact.tbl
#   --verbose       with the derivations, and the listings they are from
#
# Exit status: 0 all agree; 1 a difference, or a boot that failed; 2 usage.
set -euo pipefail
export LC_ALL=C

# What is run: each count is exact, so few batches and short ones are enough.
# The default plan would leave cold states out in QEMU.
readonly settings=('plan = full' 'offsets = 2' 'batches = 3' 'pass_ticks = 100'
	'report = off')

readonly image=out/parapatch.img
readonly arches="x86_64 ia32"
table=host/test/exact.tbl
keep='' compare='' verbose=''
failed=()

die() { echo "exact: $*" >&2; exit 2; }

while [ $# -gt 0 ]; do
	case $1 in
	--keep|--compare|--table)
		[ -n "${2:-}" ] || die "$1 wants a value"
		declare "${1#--}=$2"
		shift ;;
	--verbose)
		verbose=1 ;;
	*)	die "unknown argument '$1'; exact.sh [--keep DIR | --compare DIR]" \
			"[--table FILE] [--verbose]" ;;
	esac
	shift
done

# boot ARCH SOURCE RUNNER...: its log and note; a file .failed if it did
boot()
{
	local name=$logs/$1-$2 arch=$1 set=() s status=0
	shift 2
	for s in "${settings[@]}"; do set+=(--set "$s"); done
	"$@" --image "$image" --arch "$arch" --quiet --serial "$name.raw" \
		"${set[@]}" >"$name.out" 2>"$name.note" || status=$?
	tr -d '\r' <"$name.raw" >"$name.log" 2>/dev/null || true
	rm -f "$name.raw"
	[ "$status" = 0 ] || echo "$status" >"$name.failed"
}

# The second run of QEMU has another length of an instruction: the counts must
# not know of it.
boot_all()
{
	local arch
	rm -f "$logs"/*.failed
	for arch in $arches; do
		two_at_a_time; boot "$arch" Bochs disk/bochs.sh &
		two_at_a_time; boot "$arch" QEMU disk/run.sh --icount 7 &
		two_at_a_time; boot "$arch" again disk/run.sh --icount 9 &
	done
	wait
}

two_at_a_time()
{
	[ "$(jobs -pr | wc -l)" -lt 2 ] || wait -n
}

# Every run's own first line says what it was; a run that failed says why.
say_runs()
{
	local arch source name
	for source in QEMU again Bochs; do
		for arch in $arches; do
			name=$logs/$arch-$source
			[ -f "$name.note" ] ||
				die "$name.note: no such file; --keep $logs makes it"
			printf '%-6s %s\n' "$source" "$(sed 's/^[a-z]*\.sh: //' "$name.note")"
			[ ! -f "$name.failed" ] || failed+=("$source $arch")
		done
	done
}

# ticks NOTE: of an instruction, as the emulator was told: 2^N under icount N
ticks()
{
	local n
	n=$(sed -n '1s/.* icount \([0-9]*\),.*/\1/p' "$1")
	[ -z "$n" ] || echo $((1 << n))
}

# names LIST [PATTERN]: of include/LIST.def, of the lines that fit
names()
{
	sed -n "/${2:-.}/s/^[A-Z]*(\\([a-z0-9_]*\\),.*/\\1/p" "include/$1.def" | xargs
}

compare_all()
{
	local arch source args=()
	for arch in $arches; do
		for source in QEMU again Bochs; do
			args+=("arch=$arch" "source=$source"
				"ticks=$(ticks "$logs/$arch-$source.note")"
				"$logs/$arch-$source.log")
		done
	done
	awk -v derive="$verbose" -v ops="$(names workload '\<op,')" \
		-v layouts="$(names layout)" -v states="$(names state)" \
		-f host/exact.awk "$table" "${args[@]}"
}

# The listing of every op and convention that has a row.
list_all()
{
	local arch op convention
	sed 's/#.*//' "$table" | awk 'NF { print $2, $4, $1 }' | sort -u |
	while read -r op convention arch; do
		host/listing.sh "$op" "$convention" "$arch"
	done
}

logs=${compare:-${keep:-$(mktemp -d)}}
[ -n "$keep$compare" ] || trap 'rm -rf "$logs"' EXIT
[ -r "$table" ] || die "--table $table: no such readable file"
if [ -z "$compare" ]; then
	mkdir -p "$logs" || die "--keep $logs: cannot be made"
	[ -r "$image" ] || die "$image: no such file; make build makes it"
	boot_all
fi
say_runs
[ -z "$verbose" ] || list_all
if [ ${#failed[@]} -gt 0 ]; then
	printf 'exact: nothing is compared, for these runs failed:'
	printf ' %s;' "${failed[@]}"
	echo ' why is above'
	exit 1
fi
compare_all
