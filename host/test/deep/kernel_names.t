#!/bin/bash
# kernel_names.t: ops are named by what their functions do and by their order, whatever
# release and configuration; tiny kernels with tables of many.
# SPDX-License-Identifier: GPL-2.0-only
. host/test/lib/boot.sh
. host/test/linux/kernel_images.sh
. host/test/linux/named.sh

named 5.4 table
named 5.4-4 table
named 5.10 table
named 5.10-4 table
named 5.10-bare table
named 6.1 pointer
named 6.1-4 pointer
named 6.1-bare pointer
named 6.12 direct-call
named 6.12-4 direct-call
named 6.16 direct-call
named 6.16-bare direct-call
named 7.0 direct-call
named 7.2 direct-call
named 7.3 direct-call

tried kernel \
	'tables of 5.4, 5.10, 6.1, 6.12, 6.16, 7.0, 7.2, 7.3, with and without Xen PV and 5 levels, no symbols' 'every op named'

# The release is not asked.
for version in 6.1.0 2.6.20 99.9; do
	# shellcheck disable=SC2046
	version=$version make_table "$work/v" direct-call $(ops_of 6.12)
	same "$(slots "$work/v")" "$(ops_of 6.12)" "the order of 6.12 that calls itself $version"
done

# Symbols bear it out, and decide where the structure does not.
# shellcheck disable=SC2046
symbols=yes make_table "$work/s" direct-call $(ops_of 6.12)
same "$(slots "$work/s") $(by "$work/s")" "$(ops_of 6.12) both 52, structure 31" \
	"with symbols: 52 names twice, 31 of functions that many slots share"
# So do the names that a kernel has for itself, in a stripped image.
for layout in base percpu self; do
	# shellcheck disable=SC2046
	kallsyms=$layout make_table "$work/s" direct-call $(ops_of 6.12)
	same "$(slots "$work/s") $(by "$work/s")" "$(ops_of 6.12) both 52, structure 31" \
		"by its own table of names, layout $layout"
	is "$("$tool" --json "$work/s" | jq -r .symbols) $(slot "$work/s" 0 | jq -r .function)" \
		'kallsyms native_io_delay' "which is said ($layout)"
	# One that is not whole is as if it were not there.
	sed 's/^\t\.long \([0-9][0-9]\)$/\t.long 9\1/' "$work/s.s" >"$work/broken.s"
	kernel_link 64 "$work/broken.s" "$work/broken"
	is "$("$tool" --json "$work/broken" | jq -r .symbols); $(by "$work/broken")" \
		'; structure 83' \
		"and none where its parts do not fit ($layout)"
done

tried kernel 'kallsyms in its three layouts, and broken' 'the same names; as if it were not there'

# Five ops in a row whose functions say nothing; without one of them, none is known.
# shellcheck disable=SC2046
make_table "$work/k" direct-call $(ops_of 6.12 | sed 's/ write_gdt_entry / /')
is "$(slots "$work/k" | cut -d' ' -f12-18)" '? ? ? ? alloc_ldt free_ldt load_sp0' \
	"an op is gone from among such as do nothing that tells: four have no name"
is "$(slot "$work/k" 12 | jq -c .candidates)" \
	'["load_gs_index","write_ldt_entry"]' "and what they can be is said"
# shellcheck disable=SC2046
symbols=yes make_table "$work/s" direct-call $(ops_of 6.12 | sed 's/ write_gdt_entry / /')
same "$(slots "$work/s") $(by "$work/s")" \
	"$(ops_of 6.12 | sed 's/ write_gdt_entry / /') both 47, structure 31, symbols 4" \
	"by the symbols they are named"

# An op that no release has had: it has no name, and the others keep theirs.
# shellcheck disable=SC2046
make_table "$work/k" direct-call $(ops_of 6.12 | sed 's/ wbinvd / brand_new=cpuid wbinvd /')
same "$(slots "$work/k")" "$(ops_of 6.12 | sed 's/ wbinvd / ? wbinvd /')" \
	"an op that is not known has no name, and no other loses its own"
# shellcheck disable=SC2046
symbols=yes make_table "$work/s" direct-call \
	$(ops_of 6.12 | sed 's/ wbinvd / brand_new=cpuid wbinvd /')
is "$(slot "$work/s" 21 | jq -r '"\(.op) \(.named_by) \(.function)"')" \
	'null none native_brand_new' "its function's name is said, if there is one"
# Among ops that do nothing nobody can tell which is the new one.
# shellcheck disable=SC2046
make_table "$work/k" direct-call $(ops_of 6.12 | sed 's/ release_pte / alloc_pnew release_pte /')
is "$(slots "$work/k" | tr ' ' '\n' | sed -n '48,58p' | paste -sd ' ')" \
	'pgd_alloc ? ? ? ? ? ? ? ? ? ?' \
	"a new one among those that do nothing: none of them is named"
is "$(slots "$work/k" | wc -w) $(slots "$work/k" | tr ' ' '\n' | grep -c '?')" '84 10' \
	"and no other is without a name"
tried kernel 'an op that no release has had' 'no name for it, and others keep theirs'

# What the symbols say and the structure denies is no name.
# shellcheck disable=SC2046
symbols=yes make_table "$work/s" direct-call \
	$(ops_of 6.12 | sed 's/read_cr2 write_cr2/read_cr2=write_cr2 write_cr2=read_cr2/')
is "$(slot "$work/s" 42 | jq -r '"\(.op) \(.function)"')
$(slot "$work/s" 43 | jq -r '"\(.op) \(.function)"')" \
	'null native_read_cr2
null native_write_cr2' "functions that do not do what they are called: no name"
tried kernel "symbols that the functions deny" 'no name'
"$tool" "$work/s" >"$work/out"
has "$work/out" 'names of 83 slots, symbols: symbol table' "where the symbols are from is said"

# Locks far from the rest, as they can be since they have a table of their own.
far=$(printf ' -%.0s' {1..400})
# shellcheck disable=SC2046
make_table "$work/k" direct-call $(ops_of 7.2 | sed "s/ - -/$far/")
same "$(slots "$work/k")" "$(ops_of 7.2 | sed 's/ -//g')" "a table of locks that is 3200 bytes off"
"$tool" --apply "$work/out" "$work/k" >"$work/said" 2>"$work/err"
is "$? $(wc -l <"$work/said") $(cut -d: -f3- "$work/err")" \
	'2 0  .altinstructions: ops are in two tables that are far from each other; sites can be listed only' \
	"which is listed and not patched"

# Another order, or none.
# shellcheck disable=SC2046
make_table "$work/k" direct-call $(ops_of 6.12 | tr ' ' '\n' | tac)
is "$(slots "$work/k" | tr ' ' '\n' | sort -u)" '?' "the order of 6.12 backwards: no name"
make_table "$work/k" direct-call exit_mmap exit_mmap exit_mmap
is "$(slots "$work/k")" '? ? ?' "three ops that do nothing: no name"
"$tool" "$work/k" >"$work/out"
has "$work/out" '  3 not named: more than one is possible, or none that is known' "which is said"
# Too few for an order: only a function that tells has a name.
make_table "$work/k" direct-call pgd_alloc - irq_disable
is "$(slots "$work/k")" '? irq_disable' "one op alone: its function must be no other's"
finish
