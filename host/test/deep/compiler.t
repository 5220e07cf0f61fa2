#!/bin/bash
# compiler.t: what compiles this is asked first; one that will not do is refused by name.
# SPDX-License-Identifier: GPL-2.0-only
. host/test/lib/boot.sh

# refused LINE WHAT CC [HOSTCC [LD [OBJCOPY]]]
refused()
{
	local line=$1 what=$2 said
	said=$(host/build/compiler.sh "$3" "${4:-gcc}" "${5:-ld}" "${6:-objcopy}" 2>&1)
	is "$? $said" "1 $line" "$what"
}
readonly which="parapatch is compiled by gcc from 11 on, or clang from 13 on"

# stand_in NAME WORD VERSION [MORE]: a compiler that says it is that
mkdir "$work/bin"
stand_in()
{
	printf '#!/bin/sh\necho parapatch_compiler %s %s 0\necho parapatch_language %s\necho parapatch_machine %s\n' \
		"$2" "$3" "${4:-c}" "${5:-x86_64}" >"$work/bin/$1"
	chmod +x "$work/bin/$1"
}
stand_in old gcc 10
stand_in older clang 12
stand_in tiny tcc 927
stand_in other unknown 0
stand_in plus gcc 12 cplusplus
stand_in arm gcc 12 c another
printf '#!/bin/sh\necho "$0: bad machine" >&2\nexit 1\n' >"$work/bin/fails"
printf '#!/bin/sh\ncase "$*" in *libgcc*) echo libgcc.a ;; *) exec gcc "$@" ;; esac\n' \
	>"$work/bin/single"
printf '#!/bin/sh\necho "LLD 19 (compatible with GNU linkers)"\n' >"$work/bin/ld-other"
printf '#!/bin/sh\necho "GNU ld 2.45"; echo elf_x86_64\n' >"$work/bin/one"
printf '#!/bin/sh\necho "llvm-objcopy, compatible with GNU objcopy"\n' >"$work/bin/llvm"
chmod +x "$work/bin"/*
PATH=$PATH:$work/bin

refused "CC=old: this is gcc 10; $which" "gcc 10 is refused" old
refused "CC=older -O3: this is clang 12; $which" "clang 12, with an argument" "older -O3"
refused "CC=tiny: this is tcc; $which" "tcc" tiny
refused "CC=other: this is unknown; $which" "one that nobody knows" other
refused "CC=plus: this compiles C++; CC=gcc compiles C" "one for C++" plus
refused "CC=arm: with -m64 it does not compile for x86_64; CC=gcc or CC=clang of an x86 machine does" \
	"one for another machine" arm
refused "CC=single: it has no libgcc for 32 bits (libgcc.a); Debian's gcc-multilib, or gcc-N-multilib for one of its versions, has it" \
	"one without libgcc for ia32" single
refused "CC=$work/bin/fails: it preprocesses no C file: $work/bin/fails: bad machine" \
	"one that fails, with its own word" "$work/bin/fails"
refused "CC=gone-gcc -m32: there is no program gone-gcc; install it, or say CC=gcc" \
	"one that is not there" "gone-gcc -m32"
refused "CC= names no program; CC=gcc does" "and none" " "
refused "HOSTCC=old: this is gcc 10; $which" "HOSTCC likewise" gcc old
refused "LD=ld-other: this is LLD 19 (compatible with GNU linkers); parapatch is linked by GNU ld (LD=ld, or LD=ld.bfd)" \
	"a linker that is not GNU's" gcc gcc ld-other
refused "LD=one: it does not link for elf_i386; GNU ld of an x86 machine does" \
	"one for a single machine" gcc gcc one
refused "OBJCOPY=llvm: it makes no pei-x86-64, which an application for UEFI is; GNU objcopy does (OBJCOPY=objcopy)" \
	"an objcopy that makes no PE images" gcc gcc ld llvm
tried compiler \
	"gcc 10, clang 12, tcc, a C++ compiler, one for another machine, one without 32-bit libgcc; lld, gold, llvm-objcopy" \
	"refused by name, before anything is compiled"

# tree: a copy of the sources alone
mkdir "$work/tree"
git ls-files -co --exclude-standard -z -- . ':!results' |
	xargs -0 cp --parents -t "$work/tree" 2>/dev/null
said=$(make -C "$work/tree" -j2 CC=old build 2>&1)
is "$?" 2 "make fails with a compiler that is refused"
is "$(grep -c "^CC=old: this is gcc 10; $which\$" <<<"$said")" 1 "and says so once"
is "$(find "$work/tree/out" -name '*.o' -o -path '*/host/*' -type f | wc -l)" 0 \
	"nothing was compiled before"

# What is timed, compiled by clang and with what distributions switch on: as many
# instructions as in the image that is there.
objects=$(for a in x86_64 ia32; do
	printf '%s\n' \
		out/$a/workload/live_regs-{native,seed,ccall,callee,wide16,wide32}.o \
		out/$a/{workload/restore_fl-{native,ccall},core/measure/measure,core/lib/sink}.o
done)

# copies FILE...: of each second copy its name and how many instructions it has
copies()
{
	local file
	for file in "$@"; do
		objdump -d --no-show-raw-insn "$file"
	done |
		awk '/^[0-9a-f]+ <.*>:$/ { gsub(/[<>:]/, "", $2); name = $2
			on = name ~ /^wl_.*_three_copy$/; next }
		on && /^ .*:/ && $2 != "lock" { n[name]++ }
		END { for (name in n) print name, n[name] }' | sort
}
for arch in x86_64 ia32; do
	copies out/$arch/parapatch.elf >"$work/$arch.built"
done
for cc in clang \
	"gcc -O3 -march=native -fno-omit-frame-pointer -fstack-protector-strong -fcf-protection -fstack-clash-protection -ftrivial-auto-var-init=zero -fzero-call-used-regs=all -fPIE -flto"; do
	CFLAGS=-O0 CPPFLAGS=-DX CPATH=/usr/include C_INCLUDE_PATH=/usr/include LDFLAGS=-pie \
		make -C "$work/tree" -j2 CC="$cc" $objects >"$work/make.out" 2>&1
	ok $? "$cc: objects of both architectures"
	sed 's/^/#   /' "$work/make.out" | grep -i error | head -3
	for arch in x86_64 ia32; do
		copies "$work/tree/out/$arch"/workload/*.o >"$work/copies"
		is "$(wc -l <"$work/copies")" 8 "$arch: eight copies"
		is "$(grep -vxFf "$work/$arch.built" "$work/copies")" "" \
			"$arch: as many instructions as those of the image"
	done
	tried compiler \
		"${cc/gcc -O3*/gcc -O3 with a distribution\'s hardening options, CPATH, CFLAGS and CPPFLAGS in the environment}: what is timed" \
		"the instructions of the exact table"
done
finish
