#!/bin/bash
# ops.t: what host/test/exact/ops.tbl says of the table's ops is a way through the listing,
# of every op, and anything else would be seen.
# SPDX-License-Identifier: GPL-2.0-only
#
# Modes native and indirect: their code is in the image as it is executed.  The others are
# the same parts put together otherwise, and host/test/deep/exact.t counts them all.
. host/test/lib/boot.sh
. host/test/exact/walk.sh
readonly table=host/test/exact/ops.tbl
host/exact/exact.sh --print ops >"$work/rows" 2>"$work/err"
ok $? "the table is clear"
for arch in x86_64 ia32; do
	listed $arch
	all_walked $arch "$work/rows" "all rows are ways through the listing"
done

# ---- every op is there, native and by sites, or it says why it has no count

of_list=$(names 'TABLE\|TABLE_TOO' table)
x64=$(sed -n 's/^OP(\([a-z0-9_]*\),[^,]*,[[:space:]]*x64,.*/\1/p' include/list/op.def | sort)
uncounted=$(awk '$1 == "uncounted" { print $2 }' $table | sort)

# timed ARCH: the ops that should have rows of sites
timed()
{
	comm -23 <(echo "$of_list") <(echo "$uncounted") |
		if [ "$1" = ia32 ]; then comm -23 - <(echo "$x64"); else cat; fi
}

# ops_of ARCH CONVENTION ROWS: which have rows, but for the chain that is timed with all
ops_of()
{
	awk -v a="$1" -v c="$2" '$1 == a && $4 == c && $2 != "imul_chain" { print $2 }' "$3" |
		sort -u
}

for arch in x86_64 ia32; do
	for convention in seed ccall callee; do
		is "$(ops_of $arch $convention "$work/rows")" "$(timed $arch)" \
			"$arch, $convention: a row for every op of table.def, and no more"
	done
	is "$(ops_of $arch native "$work/rows")" \
		"$( (timed $arch; names INSTRUCTION table) | sort)" \
		"$arch, native: and for every instruction"
done
is "$(comm -13 <(names OP op) <(echo "$uncounted"))" "" "those without a count are ops"
modes=$(grep -c '^MODE(' include/list/mode.def)
is "$(awk '$1 != "lacks" && $4 != "native" { print $1, $2, $4 }' "$work/rows" | sort | uniq -c |
	awk '{ print $1 }' | sort -u)" $((modes - 1)) \
	"every op and convention has as many rows as there are modes for sites"

# ---- and what is not so is seen

# edit SED: a doctored table in $work/tbl, its rows in $work/bad
edit()
{
	sed "$1" $table >"$work/tbl"
	! cmp -s $table "$work/tbl" || ok 1 "the table was doctored: $1"
	host/exact/exact.sh --print ops --ops "$work/tbl" >"$work/bad" 2>"$work/err"
}

# astray SED LINE WHAT: with that a row is no way through the listing
astray()
{
	edit "$1"
	walk ia32 "$work/bad" >"$work/said"
	is "$?" 1 "$3: seen"
	has "$work/said" "$2: its words are no way through the listing" "$3: it is said"
}

astray "/^workload both *write_cr0 *native /s/2 mov/3 mov/" "ia32 write_cr0 native" \
	"a word more"
astray "/^workload both *write_cr0 *native /s/2 mov/mov/" "ia32 write_cr0 native" "a word less"
astray "/^body ia32 *native *apic_write /s/ je mov/ je lea/" "ia32 apic_write ccall" \
	"another word behind a branch"
astray "/^site ia32 *seed *quad /s/CALL pop/CALL 2 pop/" "ia32 read_tsc seed" \
	"a word more in a site"
astray "/^thunk ia32 callee quad/s/push //" "ia32 read_msr callee" "a word less in a thunk"
astray "/^keeps ia32 native/s/cpuid //" "ia32 cpuid callee" "a thunk that is not there"
astray "/^uncounted const_udelay/{p;s/.*/op const_udelay void word\\nbody both native const_udelay - - = ret\\nworkload both const_udelay native = *const_udelay()\\nworkload both const_udelay sites = mov const_udelay()/}" \
	"ia32 const_udelay ccall" "an op that is not what it says"

# unclear SED LINE WHAT: with that the table is not clear
unclear()
{
	edit "$1"
	is "$?" 1 "$3: refused"
	has "$work/err" "$2" "$3: it is said"
}

unclear "/^workload both *clts /d" "no workload clts" "an op less"
unclear "/^uncounted/d" "no workload const_udelay" "an op without a count that does not say so"
unclear "/^body both *native *clts /d" "no body of clts for x86_64 native" "a body less"
unclear "/^body both *native *clts /p" "a second such line" "a body twice"
unclear "/^form x86_64 native *read_tsc /s/read_tsc/read_t/" "no body of read_t" "a form of no op"
unclear "/^uncounted/s/=.*/=/" "no words" "no reason"
edit "/^workload both *clts /{p;s/ clts / clts_2 /}"
is "$(ops_of ia32 ccall "$work/bad" | comm -23 - <(ops_of ia32 ccall "$work/rows"))" clts_2 \
	"a workload of no op has a row that no cell fits"
finish
