#!/bin/bash
# compiler.sh: can this tree be compiled by these?  Asked before anything is.
# SPDX-License-Identifier: GPL-2.0-only
#
# compiler.sh CC HOSTCC LD OBJCOPY      each as make has it, arguments and all
#
# Prints what they are, a line each; host/build/compile.mk keeps that, and compiles anew
# when it changes.  One that will not do is named on stderr, in one line, with what
# will.
#
# compiler.sh --options CC	those of the options below that it knows
#
# Exit status: 0; 1 one will not do; 2 usage.
set -uo pipefail
export LC_ALL=C
. "$(dirname "$0")/help.sh"
answer_help '--options' "$@"

# The oldest that build what agrees with host/test/exact/exact.tbl and were tried
# (host/test/deep/compilers.t).
readonly oldest_gcc=11 oldest_clang=13

# What a distribution or an argument of CC's may have on, and what is timed must not
# have: no code that is not in the source, no other place for values or code.
readonly options='-fomit-frame-pointer -masm=att -fno-lto
	-fno-stack-clash-protection -ftrivial-auto-var-init=uninitialized
	-fzero-call-used-regs=skip -mindirect-branch=keep -mfunction-return=keep
	-mharden-sls=none -fno-sanitize=all -fno-instrument-functions'

readonly compiles="parapatch is compiled by gcc from $oldest_gcc on, or clang from $oldest_clang on"

no() { echo "$*" >&2; exit 1; }

# said WORD NUMBER: of what it says of itself, that word of the line of WORD
said() { awk -v w="parapatch_$1" -v n="$2" '$1 == w { print $n }' <<<"$text"; }

# there NAME COMMAND DEFAULT: its program is there
there()
{
	local program
	read -r program _ <<<"$2"
	[ -n "$program" ] || no "$1= names no program; $1=$3 does"
	command -v -- "$program" >/dev/null ||
		no "$1=$2: there is no program $program; install it, or say $1=$3"
}

# known NAME COMMAND: one that is known, new enough, and compiles C
known()
{
	local is version oldest
	text=$($2 -E host/build/compiler.c 2>/dev/null) ||
		no "$1=$2: it preprocesses no C file: $($2 -E host/build/compiler.c 2>&1 \
			>/dev/null | head -n 1)"
	is=$(said compiler 2) version=$(said compiler 3)
	case $is in
	gcc)	oldest=$oldest_gcc ;;
	clang)	oldest=$oldest_clang ;;
	*)	no "$1=$2: this is ${is:-unknown}; $compiles" ;;
	esac
	[ "$version" -ge "$oldest" ] ||
		no "$1=$2: this is $is $version; $compiles"
	[ "$(said language 2)" = c ] || no "$1=$2: this compiles C++; $1=$is compiles C"
}

# both_machines COMMAND: with what both applications are linked with
both_machines()
{
	local flag machine file
	for flag in -m64:x86_64 -m32:ia32; do
		machine=${flag#*:} flag=${flag%:*}
		text=$($1 $flag -E host/build/compiler.c 2>/dev/null)
		[ "$(said machine 2)" = "$machine" ] ||
			no "CC=$1: with $flag it does not compile for $machine;" \
				"CC=gcc or CC=clang of an x86 machine does"
	done
	file=$($1 -m32 -print-libgcc-file-name)
	[ -r "$file" ] ||
		no "CC=$1: it has no libgcc for 32 bits ($file); Debian's gcc-multilib, or" \
			"gcc-N-multilib for one of its versions, has it"
}

version()
{
	local lines
	lines=$($1 --version 2>/dev/null)
	echo "${lines%%$'\n'*}"
}

# linker COMMAND: it follows efi/app/parapatch.lds, for both machines
linker()
{
	local is all machine
	is=$(version "$1") all=$($1 -V 2>/dev/null)
	case $is in
	"GNU ld"*) ;;
	*)	no "LD=$1: this is ${is:-unknown};" \
			"parapatch is linked by GNU ld (LD=ld, or LD=ld.bfd)" ;;
	esac
	for machine in elf_x86_64 elf_i386; do
		grep -qw $machine <<<"$all" ||
			no "LD=$1: it does not link for $machine; GNU ld of an x86 machine does"
	done
}

# copier COMMAND: it makes PE images of ELF files
copier()
{
	local all machine
	all=$($1 --info 2>/dev/null)
	for machine in pei-x86-64 pei-i386; do
		grep -qxF $machine <<<"$all" ||
			no "OBJCOPY=$1: it makes no $machine, which an application for UEFI is;" \
				"GNU objcopy does (OBJCOPY=objcopy)"
	done
}

usage() { echo "compiler.sh: usage: compiler.sh CC HOSTCC LD OBJCOPY | --options CC" >&2; exit 2; }

[ $# -gt 1 ] || usage
if [ "$1" = --options ]; then
	for option in $options; do
		for bits in -m64 -m32; do
			$2 $bits -Werror "$option" -S -x c -o /dev/null /dev/null 2>/dev/null ||
				continue 2
		done
		echo "$option"
	done
	exit 0
fi
[ $# = 4 ] || usage
there CC "$1" gcc
there HOSTCC "$2" gcc
there LD "$3" ld
there OBJCOPY "$4" objcopy
known HOSTCC "$2"
known CC "$1"
both_machines "$1"
linker "$3"
copier "$4"
for tool in "CC=$1" "HOSTCC=$2" "LD=$3" "OBJCOPY=$4"; do
	echo "$tool: $(version "${tool#*=}")"
done
