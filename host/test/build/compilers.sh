# SPDX-License-Identifier: GPL-2.0-only
# compilers.sh: images by other compilers than the installed one; sourced by tests, which
# have the lists.
#
# A compiler is unpacked and run by its suite's own loader and libraries, and so are
# the binutils.  Each compiles in a tree of its own, out/compilers/NAME.
[ "${BASH_SOURCE[0]}" != "$0" ] ||
	{ . "$(dirname "$0")/../../build/help.sh"; only_sourced "$@"; }
. host/test/lib/boot.sh
. host/test/suite.sh
unset MAKEFLAGS MAKELEVEL MFLAGS
readonly top=$PWD trees=$PWD/out/compilers
mkdir -p "$trees"
# Short names, wherever TMPDIR is: see clang_wrapper.
links=$(mktemp -d /tmp/ccXXXXXX)
trap 'rm -rf "$work" "$links"' EXIT

# good STATUS WHAT: one test, and its status
good() { ok "$1" "$2"; return "$1"; }

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
	local bin=$1/usr/lib/llvm-${2#clang-}/bin link=$links/${2#clang-}
	ln -s "$(suite_loader "$1")" "$link"
	perl -0777 -pe 'BEGIN { $to = shift }
		s{/lib64/ld-linux-x86-64\.so\.2\0}{$to . "\0" x (28 - length $to)}e' \
		"$link" "$bin/clang" >"$links/$2"
	chmod +x "$links/$2"
	mv "$links/$2" "$bin/clang-own"
	printf '#!/bin/bash\nLD_LIBRARY_PATH=%q exec %q "$@"\n' \
		"$(libraries "$1")" "$bin/clang-own" >"$3"
	chmod +x "$3"
}

# fetch_compiler SUITE: name, or the newest whose name fits it; sets cc, and name
fetch_compiler()
{
	local tree pattern=$name
	suite_open "$1" amd64 || return 1
	name=$(suite_names "$name" | tail -n 1)
	cc=$trees/$name.cc
	case $name in
	gcc-*)	tree=$(suite_tree "$name" "lib32$name-dev") && gcc_wrapper "$tree" "$name" "$cc" ;;
	clang-*) tree=$(suite_tree "$name") && clang_wrapper "$tree" "$name" "$cc" ;;
	*)	suite_no "it has no $pattern"; name=$pattern; return 1 ;;
	esac
}

# fetch_binutils SUITE: sets ld and objcopy
fetch_binutils()
{
	local tree
	ld=$trees/$1.ld objcopy=$trees/$1.objcopy
	suite_open "$1" amd64 && tree=$(suite_tree binutils) &&
		suite_wrapper "$tree" usr/bin/x86_64-linux-gnu-ld "$ld" &&
		suite_wrapper "$tree" usr/bin/x86_64-linux-gnu-objcopy "$objcopy"
}

# fetched SUITE BINUTILS: what is not installed; sets cc, name, ld, objcopy
fetched()
{
	cc=$name ld=ld objcopy=objcopy
	[ "$1" = here ] || {
		fetch_compiler "$1" 2>"$work/why"
		good $? "$name: fetched from $1, and unpacked" || return 1
	}
	[ "$2" = here ] || {
		fetch_binutils "$2" 2>"$work/why"
		good $? "$name: binutils of $2" || return 1
	}
}

# make_tree: what is in the repository, and is compiled from scratch
make_tree()
{
	rm -rf "${trees:?}/$name"
	mkdir -p "$trees/$name"
	git ls-files -co --exclude-standard -z -- . ':!results' |
		xargs -0 cp --parents -t "$trees/$name" 2>/dev/null
}

# built: both images, in a tree of their own
built()
{
	make_tree
	make -C "$trees/$name" CC="$cc" LD="$ld" OBJCOPY="$objcopy" build >"$work/why" 2>&1
	good $? "$name: both images are built, and pecheck has looked at them"
}

# copies ARCH: of each second copy its name and its instructions, but the operands.  What
# brings an op its arguments, and takes what it returns, is the compiler's: of the table's
# ops and instructions by themselves there is all but MOV, LEA and XOR, in the order of the
# alphabet.
copies()
{
	local alone
	alone=$(sed -n 's/^\(TABLE\|INSTRUCTION\)(\([a-z0-9_]*\),.*/\2/p' \
		include/list/table.def | xargs)
	objdump -d --no-show-raw-insn -j .text "out/$1/parapatch.elf" |
		awk -v table=" $alone " '/^[0-9a-f]+ <.*>:$/ {
				gsub(/[<>:]/, "", $2); name = op = $2
				on = name ~ /^wl_.*_three_copy$/
				sub(/_three_copy$/, "", op); sub(/^wl_[a-z0-9]*_/, "", op)
				moves = index(table, " " op " ") ? "^(mov[a-z]*|lea|xor)$" : "^$"
				if (on) print name, 0, "begin"
				next }
			on && /^ .*:/ && $2 !~ moves {
				print name, moves == "^$" ? ++n[name] : "", $2 }' |
		sort -k 1,1 -k 2,2n -k 3 | awk '
			$1 != name { if (name) print name, n, words; name = $1; n = 0; words = "" }
			$NF == "begin" { next }
			{ n++; if (name !~ /live_regs/) words = words " " $NF }
			END { print name, n, words }'
}

# compared: with the images of the tree around, copy by copy
compared()
{
	local arch
	for arch in x86_64 ia32; do
		copies $arch >"$work/$arch.copies"
		is "$(wc -l <"$work/$arch.copies")" "$(wc -l <"$work/$arch")" \
			"$name, $arch: all copies"
		is "$(comm -3 "$work/$arch.copies" "$work/$arch")" "" \
			"$name, $arch: the instructions of the exact table"
	done
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
		grep -E '^(not ok|Bail out)' "$work/said" | sed 's/^/#   /' | head -3
	done
	ONLY_IMAGES=1 host/test/build/build.t >"$work/said" 2>&1
	ok $? "$name: the images are as build.t wants them: $(grep -c '^ok' "$work/said") checks"
	grep -A 2 '^not ok' "$work/said" | sed 's/^/#   /' | head -9
}

# counted RUN: by QEMU, in the tree's images
counted()
{
	host/exact/exact.sh --runs "$1" --sources QEMU >"$work/exact" 2>&1
	ok $? "$name: $(tail -n 1 "$work/exact")"
	grep -E '^difference|^exact: nothing' "$work/exact" | sed 's/^/#   /' | head -5
}

# version PROGRAM: the last word of its first line
version() { $1 --version | sed '1s/.* //;q'; }

# try_compiler NAME SUITE BINUTILS [RUN]: the images that it makes; RUN is counted
try_compiler()
{
	local name=$1 of=${2/here/bookworm} cc ld objcopy said=${1/clang-\[*/the newest clang}
	local what="the listing of what is timed is that of the exact table"
	: >"$work/why"
	if ! { fetched "$2" "$3" && built; }; then
		{ grep -E "error|warning" "$work/why" || cat "$work/why"; } | tail -n 3 |
			sed "s/^/#   /"
		return
	fi
	pushd "$trees/$name" >/dev/null || exit 1
	compared
	looked_at
	[ -z "$4" ] || {
		counted "$4"
		what="agrees with the exact table, counted in QEMU"
	}
	popd >/dev/null || exit 1
	tried compiler \
		"$said of $of ($("$cc" -dumpversion)), binutils of ${3/here/bookworm} ($(version \
		"$ld"))" \
		"$what"
	rm -rf "${trees:?}/$name"
}

# try_reference RUN: the images that are there
try_reference()
{
	local name=gcc-12
	has out/gen/compiler "CC=gcc: gcc (Debian 12." "the images that are there are gcc 12's"
	counted "$1"
	tried compiler \
		"$name of bookworm ($(gcc -dumpversion)), binutils of bookworm ($(version ld))" \
		"agrees with the exact table, counted in QEMU"
	took "$name"
}

# took WHAT: the seconds of CPU since the last call; no subshell knows them
cpu=0
took()
{
	local now
	times >"$work/times"
	now=$(awk \
		'NR == 2 { for (i = 1; i <= 2; i++) { split($i, t, /[ms]/); s += 60 * t[1] + t[2] }
		printf "%d\n", s }' "$work/times")
	echo "# $1: $((now - cpu)) s of CPU"
	cpu=$now
}

# try_compilers: lines NAME SUITE BINUTILS [RUN] of standard input; "here": what is
# installed
try_compilers()
{
	local arch name suite binutils run
	for arch in x86_64 ia32; do
		copies $arch >"$work/$arch"
	done
	while read -r name suite binutils run; do
		try_compiler "$name" "$suite" "$binutils" "$run"
		took "$name"
	done
}
