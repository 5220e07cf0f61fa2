#!/bin/bash
# paths.t: host/build/paths.sh takes the blocks that were built, and finds each way in which one
# could not be copied to anywhere.
# SPDX-License-Identifier: GPL-2.0-only
#
# Each is a small path of its own, compiled as make compiles one.
. host/test/lib/boot.sh

# compiler ARCH CONVENTION: how make compiles a path, but for its source and what it makes
compiler()
{
	local object=out/$1/workload/spin_lock-$2.o
	make -n -W core/workload/path/spin_lock.c "$object" 2>/dev/null |
		sed -n "s, -MMD -MP -c -o $object core/workload/path/spin_lock\.c\$,,p"
}

# compiled ARCH CONVENTION SOURCE [OPTION...]: $work/planted.o
compiled()
{
	local how
	how=$(compiler "$1" "$2")
	[ -n "$how" ] || return 1
	printf '%s\n' '#include "kernel/spinlock.h"' '#include "workload/path.h"' "$3" \
		>"$work/planted.c"
	shift 3
	$how "$@" -c -o "$work/planted.o" "$work/planted.c" 2>"$work/err"
}

# paths OBJECT...: what the script says of them, in $work/said
paths() { host/build/paths.sh "$@" >"$work/said" 2>&1; }

# names MACRO LIST: of the lines of a list
names() { sed -n "s/^$1(\([a-z0-9_]*\),.*/\1/p" "include/list/$2.def"; }
mapfile -t built < <(for path in $(names PATH path); do
	printf "out/%s/workload/$path-%s.o\n" \
		$(names CONVENTION convention | sed 's/.*/x86_64 & ia32 &/')
done)
paths "${built[@]}"
is "$? $(cat "$work/said")" "0 " "the ${#built[@]} blocks that were built can be copied"

readonly good='PATH_SOURCE(planted, k->guarded++; restore_fl(save_fl());)'

# refused WORDS WHAT SOURCE [OPTION...]: by both architectures, natively and with sites
refused()
{
	local words=$1 what=$2 arch convention bad=0
	shift 2
	: >"$work/all"
	for arch in x86_64 ia32; do
		for convention in native ccall seed; do
			compiled $arch $convention "$@" ||
				{ bad=1; sed 's/^/# /' "$work/err"; continue; }
			paths "$work/planted.o"
			[ "$?" = 1 ] &&
				grep -qE -- "^paths.sh: $work/planted.o: $words" "$work/said" ||
				{ bad=1; sed "s/^/# $arch $convention: /" "$work/said"; }
		done
	done
	ok $bad "$what: refused"
}

# taken WHAT SOURCE [OPTION...]: likewise
taken()
{
	local what=$1 arch convention bad=0
	shift
	for arch in x86_64 ia32; do
		for convention in native ccall seed; do
			compiled $arch $convention "$@" ||
				{ bad=1; sed 's/^/# /' "$work/err"; continue; }
			paths "$work/planted.o" || { bad=1; sed 's/^/# /' "$work/said"; }
		done
	done
	ok $bad "$what: taken"
}

taken "a path that is planted" "$good"
taken "one with a function of its own" '
KERNEL_TEXT unsigned long twice(unsigned long v) { return 2 * v; }
PATH_SOURCE(planted, k->guarded = twice(k->guarded);)'

refused 'its block reaches outside: it may reach nothing but call sites. slots$' \
	"a call of a function outside" '
void outside(void);
PATH_SOURCE(planted, outside(); k->guarded++;)'
refused 'its block reaches memcmp: ' "one that the compiler adds" '
PATH_SOURCE(planted, k->guarded += __builtin_memcmp(k, (void *)w->look, 64);)'
refused 'section \.rodata[^ ]*: a block has code alone, in \.text$' "a table of its own" '
static const unsigned char steps[64] = { 3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8, 9, 7, 9, 3 };
PATH_SOURCE(planted, k->guarded += steps[k->guarded % 64];)'
refused 'its block reaches (\.rodata[^ ]*|steps)' "the same, by what reaches it" '
static const unsigned char steps[64] = { 3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8, 9, 7, 9, 3 };
PATH_SOURCE(planted, k->guarded += steps[k->guarded % 64];)'
refused 'section \.bss' "a variable of its own" '
static unsigned long count;
PATH_SOURCE(planted, k->guarded = ++count;)'
refused 'section \.rodata\.str' "a string" '
PATH_SOURCE(planted, k->guarded = (unsigned long)"a string";)'

readonly many='
KERNEL_TEXT void choose(struct kernel *k)
{
	switch (k->guarded & 7) {
	case 0: irq_disable(); break;
	case 1: irq_enable(); break;
	case 2: k->guarded = save_fl(); break;
	case 3: k->guarded += 5; break;
	case 4: k->lock.taken_from = 9; break;
	case 5: restore_fl(k->guarded); break;
	case 6: k->guarded ^= 77; break;
	}
}
PATH_SOURCE(planted, choose(k);)'
taken "a switch, compiled as a path is" "$many"
refused 'section \.rodata' "a table of jumps" "$many" -fjump-tables
refused 'section \.text\.unlikely' "code in another section" '
__attribute__((section(".text.unlikely"), noinline))
static void seldom(struct kernel *k) { k->guarded = 0; }
PATH_SOURCE(planted, if (!k->guarded++) seldom(k);)'
refused 'its block reaches (\.text\.unlikely|seldom)' "and a call of it" '
__attribute__((section(".text.unlikely"), noinline))
static void seldom(struct kernel *k) { k->guarded = 0; }
PATH_SOURCE(planted, if (!k->guarded++) seldom(k);)'
refused '1 slots are named and 0 sites recorded' "an op that is called without a site" '
KERNEL_TEXT void op(void) { paravirt_ops.irq_disable(); }
PATH_SOURCE(planted, k->guarded++; op();)'

# All of them are looked at, and what is no object is said.
compiled x86_64 ccall "$good"
cp "$work/planted.o" "$work/good.o"
compiled x86_64 ccall 'void outside(void);
PATH_SOURCE(planted, k->guarded++; outside();)'
paths "$work/good.o" "$work/planted.o" "$work/good.o"
is "$? $(wc -l <"$work/said")" "1 1" "one bad one of three is found"
paths
is "$? $(cat "$work/said")" "2 paths.sh: it wants an object (--help says which)" \
	"no object is a wrong use"
is "$(host/build/paths.sh --help | head -n 1)" "$(sed -n '2s/# //p' host/build/paths.sh)" \
	"--help says what it is"
finish
