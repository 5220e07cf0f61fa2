#!/bin/bash
# paths.t: a unit of every kernel path has as many instructions as the words of
# host/test/exact/paths.tbl, native, in every convention and mode, on both architectures in QEMU;
# the words are a way through the listing; and anything else would be seen.  Every backend, and
# Bochs: host/test/deep/exact.t.
# SPDX-License-Identifier: GPL-2.0-only
. host/test/lib/boot.sh
. host/test/exact/doctor.sh
. host/test/exact/walk.sh
readonly paths=host/test/exact/paths.tbl
look_at paths QEMU

# has_words PATH: is it one that the table has words of?
has_words() { ! grep -q "^unlisted path:$1 " $paths; }

host/exact/exact.sh --print paths >"$work/rows" 2>"$work/err"
ok $? "the table is clear"

# modes_of ARCH PATH: how many rows each convention has
modes_of()
{
	awk -v a="$1" -v p="path:$2" '$1 == a && $2 == p && $3 == "native" { n[$4]++ }
		END { for (c in n) print c, n[c] }' "$work/rows" | sort | xargs
}

modes=$(($(names MODE mode | wc -l) - 1))
every=$(names CONVENTION convention | sed "s/native/native 1/;t;s/$/ $modes/" | xargs)
for arch in x86_64 ia32; do
	listed $arch
	all_walked $arch "$work/rows" "one turn of each loop is a way through the listing"
	for path in $(names PATH path); do
		has_words "$path" || continue
		is "$(modes_of $arch "$path")" "$every" \
			"$arch, $path: a row for every convention and mode"
	done
done

# ---- the counts

host/exact/exact.sh --keep "$keep" --runs paths --sources QEMU >"$work/said" 2>&1
ok $? "both architectures: QEMU counts as the table's words sum up to"
cells=$(rows_printed paths)
is "$cells" "$(rows_of paths)" "a row for every cell, and no more"
is "$(tail -n 1 "$work/said")" \
	"exact: $cells cells, $(lines_of "$logs"/*.log) cell lines, QEMU = table" \
	"every line is compared, and the last line says so"

# The application counts a unit's ops by the table's slots, and says so; here they are words.

# ops_said ARCH COLUMN: "OP N" of each
ops_said()
{
	sed -e ':join' -e N -e '$!b join' -e 's/\n    / /g' "$logs/$1-QEMU.log" |
		sed -n "s|^$2: .*; ops: \(.*\)\.\$|\1|p" | sed 's/, /\n/g' | sort | xargs
}

# ops_listed ARCH PATH: the same by the words of its native unit
ops_listed()
{
	sed -e ':join' -e '/\\$/{N;s/\\\n//;b join' -e '}' $paths |
		awk -v a="$1" -v p="path:$2" '
		$1 == "workload" && $2 == a && $3 == p && $4 == "native" {
			for (i = 6; i <= NF; i++)
				if ($i ~ /^[+]?[a-z_]+\(\)$/)
					n[$i ~ /^[+]/ ? substr($i, 2) : $i]++
		}
		END { for (op in n) print substr(op, 1, length(op) - 2), n[op] }' | sort | xargs
}
for arch in x86_64 ia32; do
	while read -r path column; do
		has_words "$path" || continue
		is "$(ops_said $arch "$column")" "$(ops_listed $arch "$path")" \
			"$arch, $path: its ops are those that were counted, $(ops_listed $arch "$path")"
	done < <(sed -n 's/^PATH(\([a-z0-9_]*\), *"\([^"]*\)".*/\1 \2/p' include/list/path.def)
done

# ---- and what is not so is seen

of="x86_64 path:spin_lock native ccall indirect"
warm="$of layout dense state warm"
pattern="op=path:spin_lock backend=native convention=ccall mode=indirect padding=long"
doctor QEMU "$(all_ticks $((42 << 7)))"
refused "QEMU counts 42 for 41" "$warm: QEMU counts 42, the table 41"
mend QEMU
doctor QEMU "s/ sites=5 \(site_bytes\)=30/ sites=4 \1=24/"
refused "a site less" "$warm: QEMU says kept-as-built 24 0, the table kept-as-built 30 0"
mend QEMU
doctor QEMU "d"
refused "a cell less" "$warm: in the table, and no cell of QEMU"
mend QEMU

pattern="op=path:pipe backend=native convention=ccall mode=indirect padding=long"
doctor QEMU "$(all_ticks 128)"
refused "a path without words that counts otherwise than it says" \
	"x86_64 path:pipe native ccall indirect layout dense state warm: QEMU counts 1, says "
mend QEMU

# astray SED LINE WHAT: with that a row is no way through the listing
astray()
{
	edit "$1" $paths
	host/exact/exact.sh --print paths --paths "$work/tbl" >"$work/bad"
	walk "${2%% *}" "$work/bad" >"$work/said"
	is "$?" 1 "$3: seen"
	has "$work/said" "$2: its words are no way through the listing" "$3: it is said"
}

ccall="/^workload x86_64 path:spin_lock ccall/,/jne/"
edit "$ccall s/mov and nop dec/mov and 2 nop dec/" $paths
refused "a word more" "$warm: QEMU counts 41, the table 42" --paths "$work/tbl"
edit "$ccall s/ -irq_enable()//" $paths
refused "a site that is passed by" \
	"$warm: QEMU says kept-as-built 30 0, the table kept-as-built 24 0" --paths "$work/tbl"
edit "$ccall s/ -irq_enable()/ irq_enable()/" $paths
refused "one that is not" "$warm: QEMU counts 41, the table 45" --paths "$work/tbl"
edit "$ccall s/path:spin_lock/path:spin_lick/" $paths
refused "a path that the list has not" "no workload path:spin_lock of x86_64 ccall" \
	--paths "$work/tbl"
astray "$ccall s/mov and nop dec/mov nop and dec/" "x86_64 path:spin_lock ccall" \
	"words in another order"
astray "$ccall s/ restore_fl()/ irq_enable()/" "x86_64 path:spin_lock ccall" "another op"
astray "/^workload ia32 path:spin_lock native/,/jne/s/ dec jns/ dec jns test/" \
	"ia32 path:spin_lock native" "a branch that is not taken"
astray "/^workload ia32 path:spin_lock native/,/jne/s/ dec jne/ dec/" \
	"ia32 path:spin_lock native" "a turn without its end"
compare 0
ok $? "all that was doctored is as it was"
finish
