#!/bin/bash
# layers.t: "make layers" finds each way in which core could use what it may not.
# SPDX-License-Identifier: GPL-2.0-only
#
# Each is planted in a copy of the tree, built files included, so that only what
# was changed is compiled again.

set -u
export LC_ALL=C
unset MAKEFLAGS MAKELEVEL MFLAGS

copy=$(mktemp -d)
trap 'rm -rf "$copy"' EXIT
victim=core/report/report_lines.c
count=0

# ok STATUS WHAT: what was said is shown if it failed
ok()
{
	count=$((count + 1))
	if [[ $1 -eq 0 ]]; then
		echo "ok $count - $2"
	else
		echo "not ok $count - $2"
		tail -n 5 "$copy/said" | sed 's/^/# /'
	fi
}

layers() { make -C "$copy/tree" layers-x86_64 >"$copy/said" 2>&1; }

# plant WHERE LINE: begin or end of the file
plant()
{
	case $1 in
	begin) sed -i "1i $2" "$copy/tree/$victim" ;;
	end) echo "$2" >>"$copy/tree/$victim" ;;
	esac
}

# refused WORDS WHAT: fails, and in a line that has the words
refused()
{
	! layers && grep -qE -- "$1" "$copy/said"
	ok $? "$2"
	cp -p $victim "$copy/tree/$victim"
	touch "$copy/tree/$victim"
}

echo "1..10"
mkdir "$copy/tree"
tar cf - --exclude=./.git --exclude=./out/test --exclude='./out/*.img' . |
	tar xf - -C "$copy/tree"
layers
ok $? "the tree as it is"

plant begin '#include <efi.h>'
refused "$victim:1:.*efi.h: No such file" "an EFI header is not in sight"

plant begin '#include "../../efi/firmware/firmware.h"'
refused "core was compiled from:.*efi/firmware/firmware.h|$victim.*efi.h: No such file|efi/firmware/firmware.h.*No such file" \
	"nor is a header of efi/"

# One that would compile: the list of what was read must find it.
mkdir -p "$copy/tree/efi"
echo '#define HARMLESS 1' >"$copy/tree/efi/harmless.h"
plant begin '#include "../../efi/harmless.h"'
refused 'core was compiled from:.*efi/harmless.h' "even if it compiles"

plant begin '#include <stdio.h>'
refused "$victim:1:.*stdio.h: No such file" "a header of libc is not in sight"

plant end 'double half(double x); double half(double x) { return x / 2; }'
refused "$victim:.*(SSE register|x87|disabled)" "floating point does not compile"

# In the folders of core, too: C and assembly.
for victim in core/paravirt/native.c core/workload/plain/nop.S; do
	plant begin "#include \"$(sed 's|[^/]*/|../|g; s|[^/]*$||' <<<"$victim")efi/harmless.h\""
	refused 'core was compiled from:.*efi/harmless.h' "and $victim may not either"
done
victim=core/report/report_lines.c

plant end 'void Print(const char *); void planted(void); void planted(void) { Print("x"); }'
refused 'core imports: Print' "a call of a function that core does not have"

layers
ok $? "and without all of these, the tree as it is"
