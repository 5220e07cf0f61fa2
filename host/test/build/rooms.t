#!/bin/bash
# rooms.t: rooms.sh finds each way in which a room could use what it may not, and to add a
# file in a room is to add a file.
# SPDX-License-Identifier: GPL-2.0-only
#
# Violations are planted in a small house: four rooms of core, two of efi, a program.
. host/test/lib/boot.sh
unset MAKEFLAGS MAKELEVEL MFLAGS
readonly top=$PWD

# put FILE LINE...: a file of the house
put()
{
	mkdir -p "$house/$(dirname "$1")"
	printf '%s\n' "${@:2}" >"$house/$1"
}

# A house in which all is well.
build_house()
{
	house=$work/house
	rm -rf "$house"
	put host/build/rooms '# a small one' 'list	lists' 'lib	helps' 'patch	patches' \
		'run	runs' \
		'efi/cpu	registers' 'efi/app	begins' 'host/report	reads' \
		'host/build	proves' \
		'lies: include/x86_64 lib	arch.h' 'only: host/report list'
	cp "$top"/host/build/{rooms.{sh,awk},help.sh} "$house/host/build/"
	put include/list/op.def 'OP(a)'
	put include/lib/sink.h 'int sink_put(void);'
	put include/x86_64/arch.h '#define WORD 8'
	put core/lib/sink.c '#include "lib/sink.h"' 'int sink_put(void) { return 0; }'
	put include/patch/text.h '#include "lib/sink.h"' 'int text_open(void);'
	put core/patch/text.c '#include <stddef.h>' '#include "patch/text.h"' '#include "mode.h"' \
		'int text_open(void) { return sink_put() + mode_find(); }'
	put core/patch/mode.h 'int mode_find(void);'
	put core/patch/mode.c '#include "mode.h"' 'int mode_find(void) { return 1; }'
	put core/run/run.c '#include "arch.h"' '#include "patch/text.h"' \
		'int run_all(void);' 'int run_all(void) { return text_open(); }'
	put efi/cpu/cpu.h 'int cpu_id(void);'
	put efi/cpu/cpu.c '#include "cpu.h"' 'int cpu_id(void) { return 2; }'
	put efi/app/main.c '#include "cpu/cpu.h"' 'int run_all(void);' \
		'int start(void);' 'int start(void) { return cpu_id() + run_all(); }'
	put host/report/read.c '#include "list/none.h"' 'int main(void) { return 0; }'
	put include/list/none.h ''
}

# rooms: compiles the house, asks; status, $work/said
rooms()
{
	local source object
	for source in $(cd "$house" && find core efi host/report -name '*.[cS]'); do
		object=out/x86_64/${source%.*}.o
		[[ $source != host/* ]] || object=out/host/report.d/$(basename "${source%.*}").o
		mkdir -p "$house/$(dirname "$object")"
		(cd "$house" && gcc -Iinclude -Iinclude/x86_64 -Iefi -MMD -MP -c \
			-o "$object" "$source") \
			2>>"$work/gcc"
	done
	status=0
	(cd "$house" && host/build/rooms.sh "$@") >"$work/said" 2>&1 || status=$?
}

# refused WORDS WHAT: it fails, in one line that has the words
refused()
{
	rooms --host
	[ $status = 1 ] && grep -qE -- "$1" "$work/said"
	ok $? "$2"
	grep -qE -- "$1" "$work/said" || sed 's/^/#   /' "$work/said"
	build_house
}

build_house
rooms --host
is "$status $(cat "$work/said")" "0 rooms: 8 rooms, 11 uses; arrows up 0, circles 0, open 0" \
	"a house in which all is well"

put core/lib/sink.c '#include "lib/sink.h"' '#include "patch/text.h"' \
	'int sink_put(void) { return 0; }'
later='which is on a later line of host/build/rooms'
refused "^rooms: core/lib/sink.c:2: includes patch/text.h: lib may not use patch, $later; let it be" \
	"an include of a later room is an arrow up, with its line"
put include/lib/sink.h '#include "patch/text.h"' 'int sink_put(void);'
refused '^rooms: include/lib/sink.h:1: includes patch/text.h: lib may not use patch' \
	"in a header too"
for line in '#include <patch/text.h>' $'\t#\tinclude\t"patch/text.h"'; do
	put core/lib/sink.c '#include "lib/sink.h"' "$line" 'int sink_put(void) { return 0; }'
	refused "^rooms: core/lib/sink.c:2: includes patch/text.h: lib may not use patch, $later" \
		"however it is written: ${line//$'\t'/ }"
done
put include/list/op.def '#include "patch/text.h"'
refused '^rooms: include/list/op.def:1: includes patch/text.h: list may not use patch' \
	"and in a list"
made="^rooms: core/lib/sink.c: is compiled from include/patch/text.h: lib may not use patch"
for line in $'#define DOOR "patch/text.h"\n#include DOOR' '/* */ #include "patch/text.h"'; do
	put core/lib/sink.c '#include "lib/sink.h"' "$line" 'int sink_put(void) { return 0; }'
	refused "$made, $later" "what no line shows, the compiler says: ${line//$'\n'/ }"
done
put include/x86_64/arch.h '#include "patch/text.h"'
refused '^rooms: include/x86_64/arch.h:1: .*: lib may not use patch' \
	"and in one that lies elsewhere"
put core/lib/sink.c 'int sink_put(void) { int run_all(void); return run_all(); }'
refused '^rooms: core/lib/sink.c: uses run_all of core/run/run.c: lib may not use run, which' \
	"so is a call, without an include"
put core/lib/sink.c 'extern int count; int sink_put(void) { return count; }'
put core/run/run.c 'int count;'
refused '^rooms: core/lib/sink.c: uses count of core/run/run.c: lib may not use run' \
	"and a variable"
put core/run/run.c '#include "../../efi/cpu/cpu.h"'
refused '^rooms: core/run/run.c:1: .*: run may not use efi/cpu' \
	"core may not include what is of efi/"
put core/run/run.c 'int run_all(void) { int cpu_id(void); return cpu_id(); }'
refused '^rooms: core/run/run.c: uses cpu_id of efi/cpu/cpu.c: run may not use efi/cpu' \
	"nor call it"
put efi/cpu/cpu.c 'int cpu_id(void) { int start(void); return start(); }'
refused '^rooms: efi/cpu/cpu.c: uses start of efi/app/main.c: efi/cpu may not use efi/app' \
	"rooms of efi/ are held to their order"
put host/report/read.c '#include "lib/sink.h"' 'int main(void) { return 0; }'
refused '^rooms: host/report/read.c:1: .*: host/report may not use lib, which its line "only:"' \
	"one may be held to less"
put host/report/read.c '#include "../../efi/cpu/cpu.h"' 'int main(void) { return 0; }'
sed -i '/^only:/d' "$house/host/build/rooms"
refused '^rooms: host/report/read.c:1: .*: host/report may not use efi/cpu, which is of efi/' \
	"a program of host/ may not use efi/"
put core/run/run.c '#include "../../host/report/read.h"'
put host/report/read.h ''
refused '^rooms: core/run/run.c:1: .*: run may not use host/report' "nor core a program"

put core/loft/loft.c 'int loft;'
refused '^rooms: core/loft: no line of host/build/rooms is for it' \
	"a folder of core/ without a line"
put include/loft/loft.h ''
refused '^rooms: include/loft: no line' "of include/"
put efi/loft/loft.h ''
refused '^rooms: efi/loft: no line' "of efi/"
put host/loft/loft.sh ''
refused '^rooms: host/loft: no line' "of host/"
echo 'cellar	for nothing' >>"$house/host/build/rooms"
refused '^rooms: host/build/rooms: cellar: there is no such folder' "a line without a folder"
echo 'lib	again' >>"$house/host/build/rooms"
refused '^rooms: host/build/rooms: lib stands there twice' "two lines for one"
sed -i 's/^run.*/run/' "$house/host/build/rooms"
refused '^rooms: host/build/rooms: what is run for?' "a line without words"

put core/patch/mode.h '#include "patch/text.h"' 'int mode_find(void);'
refused '^rooms: a circle: .*core/patch/mode.c.*; let one' \
	"two files that include each other are a circle"
put core/patch/mode.h '#include "patch/text.h"' 'int mode_find(void);'
refused '^rooms:   core/patch/mode.h:1: includes patch/text.h' "and the way around it is said"
put core/patch/mode.c 'int mode_find(void) { int text_open(void); return text_open(); }'
refused '^rooms:   core/patch/mode.c: uses text_open of core/patch/text.c' \
	"a circle by a call, one way, and an include, the other"
put core/patch/a.c 'int a(void) { int b(void); return b(); }'
put core/patch/b.c 'int b(void) { int c(void); return c(); }'
put core/patch/c.c 'int c(void) { int a(void); return a(); }'
refused '^rooms: a circle:( core/patch/[abc].c){3};' "three, by calls alone"
put host/report/read.c 'int main(void) { int print(void); return print(); }'
put host/report/print.c 'int print(void) { int main(int); return main(1); }'
refused '^rooms: a circle:( host/report/[a-z]*.c){2};' "and in a program of host/"

# Exceptions: with a reason, and as long as they are needed.
put core/lib/sink.c '#include "lib/sink.h"' '#include "patch/text.h"' \
	'int sink_put(void) { return 0; }'
echo 'allowed: lib/sink patch/text	as it must' >>"$house/host/build/rooms"
rooms --host
is "$status $(cat "$work/said")" "0 rooms: 8 rooms, 12 uses; arrows up 0, circles 0, open 0" \
	"one that is allowed, with a reason"
sed -i 's/^allowed: lib.sink.*/open: lib\/sink patch	not yet/' "$house/host/build/rooms"
rooms --host
is "$status $(cat "$work/said")" "0 rooms: 8 rooms, 12 uses; arrows up 0, circles 0, open 1" \
	"of a whole room; what is open is counted"
sed -i 's/^open: lib.sink.*/open: lib\/sink patch/' "$house/host/build/rooms"
refused '^rooms: host/build/rooms: no reason: open: lib/sink patch' \
	"one without a reason is refused"
put core/patch/mode.h '#include "patch/text.h"' 'int mode_find(void);'
echo 'allowed: patch/mode patch/text	a circle that stays' >>"$house/host/build/rooms"
rooms --host
is "$status" 0 "a circle may be allowed too"
build_house
echo 'allowed: lib/sink patch/text	as it must' >>"$house/host/build/rooms"
refused '^rooms: host/build/rooms: lib/sink patch/text: an exception that is no longer needed' \
	"one for nothing is refused"
echo 'allowed: run/run patch/text	it is below' >>"$house/host/build/rooms"
refused '^rooms: host/build/rooms: run/run patch/text: an exception that is no longer needed' \
	"and one for what is right anyhow"
rooms --host
rm "$house/out/x86_64/core/lib/sink.o"
(cd "$house" && host/build/rooms.sh) >"$work/said" 2>&1
is "$? $(cat "$work/said")" \
	"1 rooms: core/lib/sink.c: there is no object of it in out/; build first" \
	"what is not compiled is not taken for what calls nothing"
build_house
rooms --host
cp "$house/out/x86_64/core/lib/sink.o" "$house/out/x86_64/core/lib/gone.o"
(cd "$house" && host/build/rooms.sh) >"$work/said" 2>&1
is "$?" 0 "an object whose source is gone is left alone"

cd "$top" || exit 1
said=$(host/build/rooms.sh --host 2>&1)
ok $? "the tree as it is: $said"

# To add a file is to add a file: what make would compile, in a copy of the tree.
mkdir "$work/tree"
git ls-files -co --exclude-standard -z -- . ':!results' |
	xargs -0 cp --parents -t "$work/tree" 2>/dev/null
house=$work/tree
readonly added="core/lib/added.c core/machine/added_entry.S efi/cpu/added.c host/linux/added.c
	host/report/added.c host/user/added.c host/user/bench/added.c"
for file in $added host/test/unit/lib/run-added.c; do put "$file" ''; done
make -C "$work/tree" -n V=1 build tests >"$work/make" 2>"$work/make.err"
ok $? "make says what it would do"
for file in $added host/test/unit/lib/run-added.c; do
	grep -qE -- "-c -o [^ ]+ $file\$" "$work/make"
	ok $? "$file is compiled, because it is there"
done
is "$(grep -cE -- '-c -o [^ ]+ core/lib/added.c$' "$work/make")" 4 \
	"one of core for two architectures, and for the tests of both"
for file in first.elf core.a; do
	grep -E -- "(-o|rcs) out/x86_64/$file " "$work/make" | grep -q 'out/x86_64/core/lib/added.o'
	ok $? "and is linked: $file"
done
put out/host/report.d/check.o ''
put out/host/report.d/check.d 'out/host/report.d/check.o: old/check.c host/report/check.h'
make -C "$work/tree" -n build tests >"$work/make" 2>"$work/make.err" &&
	[ ! -e "$work/tree/out/host/report.d/check.d" ]
ok $? "to move a file is to move a file: what was compiled of it where it lay is no obstacle"
[ "$(wc -l <Makefile)" -le 150 ]
ok $? "the Makefile has $(wc -l <Makefile) lines, at most 150"
finish
