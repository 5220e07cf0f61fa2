#!/bin/bash
# torture_lists.t: a line that is added to mode.def or padding.def is tortured, or is said
# to be left out; one that is added to convention.def does not compile without its loop.
# SPDX-License-Identifier: GPL-2.0-only
. host/test/lib/boot.sh
top=$PWD
cp -r include core efi "$work/"
cd "$work" || exit 1
cat >main.c <<'END'
#include <stdio.h>
#include "run/torture.h"
int main(void)
{
	char left_out[TORTURE_LEFT_OUT];
	uint8_t m[MODE_COUNT], p[PADDING_COUNT];

	for (int counted = 0; counted < 2; counted++) {
		unsigned n = torture_modes(counted, m);

		printf(counted ? "counted:" : "native:");
		for (unsigned i = 0; i < n; i++)
			printf(" %s", modes[m[i]].name);
		printf("\n");
	}
	printf("paddings:");
	for (unsigned i = 0, n = torture_paddings(p); i < n; i++)
		printf(" %s", paddings[p[i]].name);
	printf("\nleft out: %s\n", torture_left_out(left_out));
}
END

# names: what is tortured by the lists in $work/include
names()
{
	gcc -std=gnu11 -fsanitize=address,undefined -I"$work/include" -I"$work/include/x86_64" \
		-isystem "$top/out/gen" -Dencode_more=encode_inline -Dpad_more=pad_long \
		-o main main.c core/patch/mode.c core/patch/nop.c core/run/torture_choice.c \
		"$top/out/test/x86_64/core.a" >said 2>&1 || { cat said; return; }
	./main
}
names >before
readonly counted="indirect inline best direct endbr retpoline lfence trampoline key_nop key_jmp"
is "$(cat before)" \
	"native: $counted test_sti
counted: $counted
paddings: long prefix single jump
left out: native nop poison" "as the lists are"

# added LIST LINE WANTED WHAT: by that line at the end, WANTED is what changes
added()
{
	cp "$top/include/$1" "include/$1"
	echo "$2" >>"include/$1"
	names >after
	is "$(diff before after | sed -n 's/^> //p')" "$3" "$4"
	cp "$top/include/$1" "include/$1"
}
added list/mode.def 'MODE(more, full, 1, none, "one more")' \
"native: indirect inline best direct endbr retpoline lfence trampoline key_nop key_jmp test_sti more
counted: indirect inline best direct endbr retpoline lfence trampoline key_nop key_jmp more" \
	"a mode that does all of the op is tortured"
added list/mode.def 'MODE(more, weak, 1, none, "one more")' \
	"native: indirect inline best direct endbr retpoline lfence trampoline key_nop key_jmp test_sti more" \
	"one that does it by another op, where ops are not counted"
added list/mode.def 'MODE(more, nothing, 1, none, "one more")' "left out: native nop more poison" \
	"one that does nothing is said to be left out"
added list/padding.def 'PADDING(more, 1, "one more")' "paddings: long prefix single jump more" \
	"a padding is tortured"
added list/padding.def 'PADDING(more, 0, "one more")' "left out: native nop poison more" \
	"one that is a check is said to be left out"

# compiles: efi/torture/torture_loop.h by the lists in $work/include
compiles()
{
	echo '#include "torture/torture_loop.h"' | gcc -std=gnu11 -fsyntax-only -I"$work/include" \
		-I"$work/include/x86_64" -isystem "$top/out/gen" -I"$work/efi" -x c - >said 2>&1
}
compiles
ok $? "every convention with sites has a loop"
echo 'CONVENTION(more, 1, "one more")' >>include/list/convention.def
! compiles && grep -q 'a convention is not tortured' said
ok $? "one more without a loop does not compile"
finish
