#!/bin/bash
# tried.t: the page of what was tried where follows from the tests' rows, and from
# nothing else.
# SPDX-License-Identifier: GPL-2.0-only
. host/test/lib/boot.sh
export PAGE=$work/page.md ROWS=$work/rows
mkdir "$ROWS"

row() { printf '%s\t%s\t%s\n' "$@"; }
row firmware 'one (1.0)' 'runs' >"$ROWS/boot-boot.t"
row port 'a | bar' 'is a slash' >>"$ROWS/boot-boot.t"
row firmware 'two (7)' 'runs too' >"$ROWS/deep-firmware.t"
host/test/tried.sh --write
ok $? "the page is made"
is "$(grep -c '^| .*`host/test/' "$PAGE")" 3 "with a line for each row"
has "$PAGE" '| a / bar | is a slash | `host/test/boot/boot.t` |' "a bar ends no cell"
host/test/tried.sh --check
ok $? "and is what the tests did"
row other 'three' 'runs' >"$ROWS/soak-kvm.t"
host/test/tried.sh --write
has "$PAGE" '| three | runs | `host/test/soak/kvm.t` |' \
	"of two tests of one name, the one that did it"
rm "$ROWS/soak-kvm.t"

row firmware 'two (8)' 'runs too' >"$ROWS/deep-firmware.t"
host/test/tried.sh --check
ok $? "another version is no difference"
row firmware 'two (8)' 'does not run' >"$ROWS/deep-firmware.t"
! host/test/tried.sh --check >"$work/said" 2>&1
ok $? "another outcome is one"
has "$work/said" 'page.md is not what deep-firmware.t did; "make tried" makes it anew' "with a line"
: >"$ROWS/deep-firmware.t"
! host/test/tried.sh --check >"$work/said" 2>&1
ok $? "so is a row less"
rm "$ROWS/deep-firmware.t"
host/test/tried.sh --check
ok $? "a test that did not run here says nothing"
host/test/tried.sh --write
has "$PAGE" '| two (7) | runs too |' "and keeps its rows"
row firmware 'nowhere else' 'ran' >"$ROWS/no-such-test.t"
host/test/tried.sh --write
rm "$ROWS/no-such-test.t"
host/test/tried.sh --write
is "$(grep -c 'nowhere else' "$PAGE")" 0 "rows of a test that is gone go"
row nowhere x y >"$ROWS/boot-boot.t"
! host/test/tried.sh --write >"$work/said" 2>&1
ok $? "an area that there is none of is refused"
has "$work/said" "there is no area 'nowhere'" "with a line"

# A row needs a good test before it.
(
	tried_name() { echo rows; }
	ok 1 "planted" >/dev/null
	tried port "after a test that failed" x
	ok 0 "planted" >/dev/null
	tried port "after one that did not" x
	cat "$work/tried"
) >"$work/said"
is "$(cat "$work/said")" "$(row port "after one that did not" x)" "a test that fails writes no row"
(ok 0 planted; tried port a b; tried port c d) >"$work/said" 2>&1
has "$work/said" 'Bail out!' "nor is there one without a test"
rm -f "$work/tried"

# Of the page in the tree: every test that it names is there.
unset PAGE ROWS
missing=$(sed -n 's/^| .*| `\(host[^`]*\)` |$/\1/p' docs/tried.md | sort -u |
	while read -r f; do [ -e "$f" ] || echo "$f"; done)
is "$missing" '' "every test that docs/tried.md names is there"
finish
