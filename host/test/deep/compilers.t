#!/bin/bash
# compilers.t: each compiler that Debian's suites have makes images that are the same in
# what is timed: a copy has as many instructions as host/test/exact.tbl says.
# SPDX-License-Identifier: GPL-2.0-only
#
# A compiler is unpacked and run by its suite's own loader and libraries, and so are
# the binutils.  Each compiles in a tree of its own, out/compilers/NAME.
. host/test/boot.sh
. host/suite.sh
unset MAKEFLAGS MAKELEVEL MFLAGS

# Compiler, its suite, and whose binutils link and copy; "here": as it is installed.
# The newest that sid has goes by a pattern.
readonly compilers='
gcc-11 bookworm here
gcc-13 trixie bullseye
gcc-14 trixie trixie
gcc-15 sid sid
gcc-16 sid sid
clang-13 bookworm here
clang-14 here here
clang-16 bookworm bullseye
clang-19 trixie trixie
clang-[0-9]+ sid sid
'
# Counted by QEMU, every backend, convention, mode and workload; the others by their
# listing.
readonly counted='gcc-14 clang-19'
readonly top=$PWD trees=$PWD/out/compilers

libraries() { echo "$1/usr/lib/x86_64-linux-gnu:$1/lib/x86_64-linux-gnu"; }

# gcc_wrapper TREE NAME FILE: GCC, and what it runs, by the tree's loader
gcc_wrapper()
{
	suite_wrapper "$1" "usr/bin/x86_64-linux-gnu-$2" "$3" \
		-wrapper "$(suite_loader "$1"),--library-path,$(libraries "$1")" -B "$1/usr/bin/"
}

# clang_wrapper TREE NAME FILE: it runs itself again, as what it was started as; so a
# copy of it names the loader, by a path that is no longer than the one it had.
clang_wrapper()
{
	local bin=$1/usr/lib/llvm-${2#clang-}/bin link=$work/${2#clang-}
	ln -s "$(suite_loader "$1")" "$link"
	[ ${#link} -le 27 ] || return 1
	perl -0777 -pe 'BEGIN { $to = shift }
		s{/lib64/ld-linux-x86-64\.so\.2\0}{$to . "\0" x (28 - length $to)}e' \
		"$link" "$bin/clang" >"$bin/clang-own"
	chmod +x "$bin/clang-own"
	printf '#!/bin/bash\nLD_LIBRARY_PATH=%q exec %q "$@"\n' \
		"$(libraries "$1")" "$bin/clang-own" >"$3"
	chmod +x "$3"
}

# fetch_compiler: name, of suite; sets cc
fetch_compiler()
{
	local tree
	cc=$trees/$name.cc
	suite_open "$suite" amd64 || return 1
	name=$(suite_names "$name" | tail -n 1)
	case $name in
	gcc-*)	tree=$(suite_tree "$name" "lib32$name-dev") && gcc_wrapper "$tree" "$name" "$cc" ;;
	clang-*) tree=$(suite_tree "$name") && clang_wrapper "$tree" "$name" "$cc" ;;
	esac
}

# fetch_binutils: of binutils; sets ld and objcopy
fetch_binutils()
{
	local tree
	ld=$trees/$binutils.ld objcopy=$trees/$binutils.objcopy
	suite_open "$binutils" amd64 && tree=$(suite_tree binutils) &&
		suite_wrapper "$tree" usr/bin/x86_64-linux-gnu-ld "$ld" &&
		suite_wrapper "$tree" usr/bin/x86_64-linux-gnu-objcopy "$objcopy"
}

# make_tree: what is in the repository, and is compiled from scratch
make_tree()
{
	rm -rf "${trees:?}/$name"
	mkdir -p "$trees/$name"
	git ls-files -co --exclude-standard -z -- . ':!results' |
		xargs -0 cp --parents -t "$trees/$name" 2>/dev/null
}

# copies ARCH: of each second copy its name and its instructions, but the operands
copies()
{
	objdump -d --no-show-raw-insn -j .text "out/$1/parapatch.elf" |
		awk '/^[0-9a-f]+ <.*>:$/ { gsub(/[<>:]/, "", $2); name = $2; on = name ~ /^wl_.*_three_copy$/; next }
			on && /^ .*:/ { n[name]++; words[name] = words[name] " " $2 }
			END { for (name in n) print name, n[name], name ~ /live_regs/ ? "" : words[name] }' | sort
}

# looked_at: at the images of the tree, by the tests that read images
looked_at()
{
	local t
	for t in x86_64 ia32; do
		install -D "$top/out/test/$t/made_up_module.o" "out/test/$t/made_up_module.o"
	done
	for t in decode linked insn alternative_image module; do
		"$top/out/test/run-$t-x86_64.t" >"$work/said" 2>&1
		ok $? "$name: run-$t finds nothing wrong"
		grep '^not ok' "$work/said" | sed 's/^/#   /' | head -3
	done
	ONLY_IMAGES=1 host/test/build.t >"$work/said" 2>&1
	ok $? "$name: the images are as build.t wants them: $(grep -c '^ok' "$work/said") checks"
	grep -A 2 '^not ok' "$work/said" | sed 's/^/#   /' | head -9
}

for arch in x86_64 ia32; do
	copies $arch >"$work/$arch"
done
mkdir -p "$trees"
while read -r name suite binutils; do
	[ -n "$name" ] || continue
	which=$name cc=$name ld=ld objcopy=objcopy
	[ "$suite" = here ] || {
		fetch_compiler
		ok $? "$name: fetched from $suite, and unpacked"
	}
	[ "$binutils" = here ] || {
		fetch_binutils
		ok $? "$name: binutils of $binutils"
	}
	make_tree
	make -C "$trees/$name" CC="$cc" LD="$ld" OBJCOPY="$objcopy" build >"$trees/$name.log" 2>&1
	ok $? "$name: both images are built, and pecheck has looked at them"
	grep -E 'error|warning' "$trees/$name.log" | sed 's/^/#   /' | head -3
	pushd "$trees/$name" >/dev/null || exit 1
	for arch in x86_64 ia32; do
		copies $arch >"$work/$arch.copies"
		is "$(wc -l <"$work/$arch.copies")" "$(wc -l <"$work/$arch")" "$name, $arch: all copies"
		is "$(comm -3 "$work/$arch.copies" "$work/$arch")" "" "$name, $arch: the instructions of the exact table"
	done
	looked_at
	what="the listing of what is timed is that of the exact table"
	if [[ " $counted " = *" $name "* ]]; then
		host/exact.sh --runs matrix --sources QEMU >"$work/exact" 2>&1
		ok $? "$name: $(tail -n 1 "$work/exact")"
		grep '^difference' "$work/exact" | sed 's/^/#   /' | head -5
		what="agrees with the exact table, counted in QEMU"
	fi
	popd >/dev/null || exit 1
	tried compiler "${which/clang-\[*/the newest clang} of ${suite/here/bookworm} ($("$cc" -dumpversion)), binutils of ${binutils/here/bookworm} ($($ld --version | sed '1s/.* //;q'))" "$what"
	rm -rf "${trees:?}/$name"
done <<<"$compilers"
finish
