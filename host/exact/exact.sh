#!/bin/bash
# exact.sh: count every cell's instructions in two emulators, and compare.
# SPDX-License-Identifier: GPL-2.0-only
#
# exact.sh [--keep DIR] [--runs RUNS] [--sources SOURCES] [--verbose]     what "make exact" calls
# exact.sh --compare DIR [--runs RUNS] [--sources SOURCES] [--table FILE] [--ops FILE]
#	[--paths FILE] [--rows FILE] [--verbose]
# exact.sh --print RUN [--table FILE] [--ops FILE] [--paths FILE]
#
# Boots both architectures in QEMU under -icount and in Bochs, two at a time, for
# each of these runs:
#
#   presets    what parapatch.cfg measures if it says nothing, in all layouts and
#              states; in QEMU twice, with another length of an instruction
#   matrix     every backend, convention, mode and workload; dense and warm
#   paddings   every padding of every convention's sites, backend native
#   ops        every op of the table by itself, native and by three conventions, in every
#              mode; dense and warm
#   paths      every kernel path, native, by every convention and mode
#   guests     the same by every backend
#
# And, if it is named, in QEMU alone:
#
#   compiled   every convention and workload, by six modes and two backends: enough for
#              what another compiler could change
#   warm       what parapatch.cfg measures if it says nothing, as far as an emulator does:
#              presets without cold states
#
# Prints every cell of presets by each emulator and by the table, the differences in
# all runs, a line for each, and one last line "exact: N cells, M cell lines, QEMU =
# Bochs = table": rows that the table makes of all runs, and what was compared with
# them.  Both emulators run all of it.
#
#   --keep DIR      leave there RUN/ARCH-SOURCE.log (serial) and .note (how it ran)
#   --compare DIR   boot nothing, compare what --keep left
#   --runs RUNS     of those above, between blanks; else all
#   --sources SOURCES  of QEMU, again (with the other length) and Bochs; else all.  The
#                   last line names those that were compared.
#   --table FILE    instead of host/test/exact/exact.tbl
#   --ops FILE      instead of host/test/exact/ops.tbl, which run ops reads behind it
#   --paths FILE    instead of host/test/exact/paths.tbl, which run paths reads behind it
#   --rows FILE     instead of what is made of the table
#   --print RUN     only print the rows that are made of the table for a run
#   --verbose       every cell of every run, with the derivations, and the listings
#                   they are from
#
# Exit status: 0 all agree; 1 a difference, or a boot that failed; 2 usage.
set -euo pipefail
export LC_ALL=C
. "$(dirname "$0")/../build/help.sh"
answer_help '--keep --compare --runs --sources --table --ops --paths --rows --print --verbose' \
	"$@"

# Each count is exact, so few batches and short ones are enough.  The default plan
# would leave cold states out in QEMU.
readonly short='pass_ticks = 100;report = off'
readonly warm="layouts = dense;states = warm;offsets = 1;batches = 2;$short"
# A path is dense, whatever is asked for; its ops by themselves are in layout work.
readonly paths_warm="layouts = work;states = warm;offsets = 1;batches = 2;$short"
readonly six_modes="modes = native indirect inline best direct nop"
declare -rA settings=(
	[presets]="plan = full;offsets = 2;batches = 3;$short"
	[matrix]="backends = all;conventions = all;modes = all;$warm"
	[paddings]="paddings = all;conventions = all;modes = native inline direct nop;$warm"
	[ops]="plan = ops;conventions = native seed ccall callee;modes = all;$warm"
	[paths]="plan = paths;conventions = all;modes = all;$paths_warm"
	[guests]="plan = paths;backends = all;conventions = all;modes = all;$paths_warm"
	[compiled]="backends = native xen;conventions = all;$six_modes;$warm"
	[warm]="states = warm;offsets = 2;batches = 3;$short"
)
# What a run measures that does not say (include/list/config.def).
declare -rA preset=([backends]=native [conventions]='native seed ccall'
	[modes]='native indirect inline' [paddings]=long [layouts]=all [states]=all
	[ops_conventions]='native ccall' [ops_modes]='native indirect best')
declare -A sources=([presets]='QEMU again Bochs' [matrix]='QEMU Bochs'
	[paddings]='QEMU Bochs' [ops]='QEMU Bochs' [paths]='QEMU Bochs'
	[guests]='QEMU Bochs' [compiled]=QEMU [warm]=QEMU)

# Lines of table.def that are workloads of that list alone.
readonly by_list='^TABLE(\|^INSTRUCTION('

readonly image=out/parapatch.img
readonly arches="x86_64 ia32"
readonly timeout_s=900		# of a boot; the longest takes two minutes
readonly hang_s=240		# a machine with other work is slow, and not hung
table=host/test/exact/exact.tbl
ops=host/test/exact/ops.tbl
paths=host/test/exact/paths.tbl
keep='' compare='' verbose='' rows='' print=''
runs='presets matrix paddings ops paths guests'
only='QEMU again Bochs'
failed=()

die() { echo "exact: $*" >&2; exit 2; }

while [ $# -gt 0 ]; do
	case $1 in
	--keep|--compare|--runs|--sources|--table|--ops|--paths|--rows|--print)
		[ -n "${2:-}" ] || die "$1 wants a value"
		name=${1#--}
		declare "${name/sources/only}=$2"
		shift ;;
	--verbose)
		verbose=1 ;;
	*)	die "unknown argument '$1'; exact.sh [--keep DIR | --compare DIR |" \
			"--print RUN] [--runs RUNS] [--sources SOURCES] [--table FILE]" \
			"[--ops FILE] [--paths FILE] [--rows FILE] [--verbose]" ;;
	esac
	shift
done

# boot RUN ARCH SOURCE RUNNER...: its log and note; a file .failed if it did
boot()
{
	local name=$logs/$1/$2-$3 arch=$2 all set=() s status=0
	IFS=';' read -r -a all <<<"${settings[$1]}"
	for s in "${all[@]}"; do set+=(--set "$s"); done
	shift 3
	"$@" --image "$image" --arch "$arch" --quiet --serial "$name.raw" \
		--timeout $timeout_s --hang $hang_s "${set[@]}" >"$name.out" 2>"$name.note" ||
		status=$?
	tr -d '\r' <"$name.raw" >"$name.log" 2>/dev/null || true
	rm -f "$name.raw"
	[ "$status" = 0 ] || echo "$status" >"$name.failed"
}

runner()
{
	case $1 in
	Bochs)	echo disk/bochs.sh ;;
	QEMU)	echo disk/run.sh --icount 7 ;;
	again)	echo disk/run.sh --icount 9 ;;
	esac
}

# The longest ones first, so that none is waited for alone at the end.
boot_all()
{
	local run source arch
	for run in matrix presets guests ops paddings paths compiled warm; do
		wanted "$run" || continue
		mkdir -p "$logs/$run"
		rm -f "$logs/$run"/*.failed
		for source in Bochs QEMU again; do
			[[ " ${sources[$run]} " = *" $source "* ]] || continue
			for arch in $arches; do
				two_at_a_time
				# shellcheck disable=SC2046  # a command and its options
				boot "$run" "$arch" "$source" $(runner "$source") &
			done
		done
	done
	wait
}

wanted() { [[ " $runs " = *" $1 "* ]]; }

two_at_a_time()
{
	[ "$(jobs -pr | wc -l)" -lt 2 ] || wait -n
}

# Every boot's own first line says what it was; one that failed says why.
say_boots()
{
	local run arch source name
	for run in $runs; do
		for source in ${sources[$run]}; do
			for arch in $arches; do
				name=$logs/$run/$arch-$source
				[ -f "$name.note" ] ||
					die "$name.note: no such file; --keep $logs makes it"
				printf '%-8s %-6s %s\n' "$run" "$source" \
					"$(sed 's/^[a-z]*\.sh: //' "$name.note")"
				[ ! -f "$name.failed" ] || failed+=("$run $source $arch")
			done
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

# names LIST [PATTERN]: of include/list/LIST.def, of the lines that fit
names()
{
	sed -n "/${2:-.}/s/^[A-Z_]*(\\([a-z0-9_]*\\),.*/\\1/p" "include/list/$1.def" | xargs
}

# set_of RUN KEY: the names, as the run has set them
set_of()
{
	local value
	value=$(tr ';' '\n' <<<"${settings[$1]}" | sed -n "s/^$2 = //p")
	value=${value:-${preset[$2]}}
	case $value,$2 in
	all,paddings)	names padding ',[[:space:]]*1,' ;;
	all,*)		names "${2%s}" ;;
	*)		echo "$value" ;;
	esac
}

# rows RUN: what the tables say of its cells.  plan = full has the ops too, by the
# conventions and modes that plan = ops takes if nothing is said, but for those that have
# been workloads all along; and paths.
rows()
{
	if [ -n "$rows" ]; then
		cat "$rows"
	elif [ "$1" = ops ]; then
		rows_of_ops "$(names table) imul_chain" "$(set_of ops conventions)" \
			"$(set_of ops modes)"
	elif [[ $1 = paths || $1 = guests ]]; then
		rows_of_paths "$1" "$(path_ops) imul_chain"
		rows_of_path_ops "$1"
	elif [ "$1" = presets ]; then
		{
			rows_of_table "$1" && rows_of_ops "$(names table "$by_list")" \
				"${preset[ops_conventions]}" "${preset[ops_modes]}" &&
				rows_of_paths "$1" && rows_of_path_ops "$1"
		} | awk '!seen[$1, $2, $3, $4, $5]++'
	else
		rows_of_table "$1"
	fi
}

rows_of_table()
{
	awk -v backends="$(set_of "$1" backends)" \
		-v conventions="$(set_of "$1" conventions)" \
		-v modes="$(set_of "$1" modes)" \
		-v paddings="$(set_of "$1" paddings)" \
		-f host/exact/exact-words.awk -f host/exact/exact-rows.awk "$table"
}

# rows_of_ops OPS CONVENTIONS MODES [BACKENDS]: ops, and the chain that every batch has
rows_of_ops()
{
	awk -v backends="${4:-native}" -v conventions="$2" -v modes="$3" -v paddings=long \
		-v workloads="$1" \
		-f host/exact/exact-words.awk -f host/exact/exact-rows.awk "$table" "$ops"
}

# of_table NAMES: those of them that are not of ops.tbl
of_table()
{
	local name
	for name in $1; do
		grep -q "^op $name " "$ops" || echo "$name"
	done | xargs
}

# path_ops: those that paths run, each of which is timed by itself with them
path_ops()
{
	sed 's/#.*//' "$paths" | grep -o '[a-z_0-9]*()' | tr -d '()' | sort -u | xargs
}

# rows_of_path_ops RUN: those of them that ops.tbl has
rows_of_path_ops()
{
	rows_of_ops imul_chain "$(set_of "$1" conventions)" "$(set_of "$1" modes)" \
		"$(set_of "$1" backends)" |
		awk -v ops=" $(path_ops) " 'index(ops, " " $2 " ")'
}

# rows_of_paths RUN [MORE]: kernel paths, and what is timed with them
rows_of_paths()
{
	awk -v backends="$(set_of "$1" backends)" \
		-v conventions="$(set_of "$1" conventions)" \
		-v modes="$(set_of "$1" modes)" -v paddings=long \
		-v workloads="$(names path | xargs -n 1 printf 'path:%s ')$(of_table "${2:-}")" \
		-f host/exact/exact-words.awk -f host/exact/exact-rows.awk "$table" "$paths"
}

# compare_run RUN: prints what differs, and a last line about it
compare_run()
{
	local arch source args=() show=$verbose
	[ "$1" != presets ] || show=1
	for arch in $arches; do
		for source in ${sources[$1]}; do
			args+=("arch=$arch" "source=$source"
				"ticks=$(ticks "$logs/$1/$arch-$source.note")"
				"$logs/$1/$arch-$source.log")
		done
	done
	awk -v run="$1" -v show="$show" -v derive="$verbose" \
		-v ops="$(names workload '\<op,')" -v layouts="$(set_of "$1" layouts)" \
		-v states="$(set_of "$1" states)" \
		-f host/exact/exact-words.awk -f host/exact/exact.awk "$work/rows" "${args[@]}"
}

# All that is wanted, and what the last lines of each sum up to.
compare_all()
{
	local run status=0
	for run in $runs; do
		rows "$run" >"$work/rows" || {
			echo "exact: nothing is compared, the table is not clear"
			return 1
		}
		compare_run "$run" | tee "$work/said" || status=1
		tail -n 1 "$work/said" >>"$work/sums"
	done
	if [ $status = 0 ]; then
		awk '{ n += $2; m += $4; equal = $0 }
		END { sub(/.* cell lines, /, "", equal)
			printf "exact: %d cells, %d cell lines, %s\n", n, m, equal }' \
			"$work/sums"
	else
		awk '{ if ($3 == "differences") d += $2
			n += $3 == "differences" ? $5 : $2 }
		END { printf "exact: %d differences in %d cells\n", d, n }' "$work/sums"
	fi
	return $status
}

# The listing of every op and convention, of every backend, and of what modes have
# in between.
list_all()
{
	local arch op convention backend
	for arch in $arches; do
		for op in $(names workload) $(names table "$by_list"); do
			for convention in $(names convention); do
				host/exact/listing.sh "$op" "$convention" "$arch" 2>/dev/null ||
					true	# anchors are native alone
			done
		done
		for backend in $(names backend); do
			host/exact/listing.sh --bodies "$backend" "$arch" 2>/dev/null ||
				true	# some are x86-64's alone
		done
		host/exact/listing.sh --stubs "$arch"
	done
}

for run in $runs; do
	[ -n "${settings[$run]:-}" ] || die "--runs: there is no run '$run'"
done
for source in $only; do
	[[ " ${sources[presets]} " = *" $source "* ]] ||
		die "--sources: there is no source '$source'"
done
for run in $runs; do
	sources[$run]=$(for source in ${sources[$run]}; do
		[[ " $only " != *" $source "* ]] || echo "$source"
	done | xargs)
	[ -n "${sources[$run]}" ] || die "--sources $only: none of them runs '$run'"
done
[ -r "$table" ] || die "--table $table: no such readable file"
[ -r "$ops" ] || die "--ops $ops: no such readable file"
[ -r "$paths" ] || die "--paths $paths: no such readable file"
[ -z "$rows" ] || [ -r "$rows" ] || die "--rows $rows: no such readable file"
if [ -n "$print" ]; then
	[ -n "${settings[$print]:-}" ] || die "--print: there is no run '$print'"
	rows "$print"
	exit
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
logs=${compare:-${keep:-$work/logs}}
if [ -z "$compare" ]; then
	mkdir -p "$logs" || die "--keep $logs: cannot be made"
	[ -r "$image" ] || die "$image: no such file; make build makes it"
	boot_all
fi
say_boots
[ -z "$verbose" ] || list_all
if [ ${#failed[@]} -gt 0 ]; then
	printf 'exact: nothing is compared, for these boots failed:'
	printf ' %s;' "${failed[@]}"
	echo ' why is above'
	exit 1
fi
compare_all
