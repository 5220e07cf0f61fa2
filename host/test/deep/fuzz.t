#!/bin/bash
# fuzz.t: every fuzzer over its corpus and some thousand inputs more, the same ones
# each time; and that a crash is one, here and in fuzz.sh.
# SPDX-License-Identifier: GPL-2.0-only
. host/test/lib/boot.sh

readonly runs=20000

# fixed PROGRAM CORPUS NAME: sets status and done; its log is $work/NAME.log.  The number
# of runs is the bound, not the time: a slow machine has the same inputs.  What code
# compares is not followed: there are addresses of the stack among it, which differ from
# run to run, and with the length of a path.  The folder of what is found is not read again
# on the way, for that is done by the second.
fixed()
{
	mkdir -p "$work/$3"
	status=0
	"$1" -seed=1 -runs=$runs -timeout=25 -print_final_stats=1 \
		-use_cmp=0 -reload=0 -artifact_prefix="$work/$3-" \
		"$work/$3" "$2" >"$work/$3.log" 2>&1 || status=$?
	done=$(sed -n 's/^stat::number_of_executed_units: *//p' "$work/$3.log")
}

for source in host/fuzz/fuzz-*.c; do
	t=${source#host/fuzz/fuzz-}
	t=${t%.c}
	fixed "out/fuzz/$t" "host/fuzz/corpus/$t" "$t"
	[ "$status" = 0 ] || tail -n 20 "$work/$t.log" | sed 's/^/# /'
	is "$status" 0 "fuzz-$t: nothing crashes"
	seeds=$(find "host/fuzz/corpus/$t" -type f | wc -l)
	[ "${done:-0}" -ge $runs ] && [ "$seeds" -gt 0 ]
	ok $? "fuzz-$t: $seeds files of the corpus, all of $runs inputs (${done:-0})"
done

# The same ones: what is found is what was found.
fixed out/fuzz/text host/fuzz/corpus/text again
found() { find "$work/$1" -type f -printf '%f\n' | sort | sha256sum; }
is "$(found again)" "$(found text)" "fuzz-text once more: the same inputs"

# A tree with a target that crashes at one byte, which its corpus has not, and one that
# does not.
root=$PWD tree=$work/tree
mkdir -p "$tree/host/fuzz/corpus/planted" "$tree/host/fuzz/corpus/harmless" "$tree/out/fuzz"
cat >"$tree/host/fuzz/fuzz-planted.c" <<'C'
#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint8_t *p = malloc(2);
	int v;

	p[0] = p[1] = 0;
	v = size ? p[data[0] == 'X' ? AT : 1] : 0;
	free(p);
	return v;
}
C
cp "$tree/host/fuzz/fuzz-planted.c" "$tree/host/fuzz/fuzz-harmless.c"
for t in planted:2 harmless:0; do
	clang -g -O1 -fsanitize=fuzzer,address,undefined -DAT="${t#*:}" \
		-o "$tree/out/fuzz/${t%:*}" "$tree/host/fuzz/fuzz-${t%:*}.c"
	printf 'abc' >"$tree/host/fuzz/corpus/${t%:*}/abc"
done
# fuzz_sh ARGUMENT...: sets status and said
fuzz_sh() { said=$(cd "$tree" && "$root/host/fuzz/fuzz.sh" "$@" 2>&1) && status=0 || status=$?; }

fixed "$tree/out/fuzz/planted" "$tree/host/fuzz/corpus/planted" planted
[ "$status" != 0 ] && [ "${done:-0}" -lt $runs ]
ok $? "a planted crash: status $status, after ${done:-0} inputs"
has "$work/planted.log" "ERROR: AddressSanitizer: heap-buffer-overflow" \
	"a planted crash: what it is"
fuzz_sh 1 harmless
is "$status ${said##* new ones kept, }" "0 no crash" "fuzz.sh: no crash"
fuzz_sh 3
is "$status" 1 "fuzz.sh: a planted crash: status 1, though another target has none"
is "$(grep 'planted' <<<"$said")" \
	"fuzz planted: CRASH, see out/fuzz/planted.log and out/fuzz/crash/" \
	"fuzz.sh: a planted crash: said"
is "$(grep -c '^fuzz harmless: [0-9]* inputs in 3 s, [0-9]* new ones kept, no crash$' \
	<<<"$said")" 1 \
	"fuzz.sh: the other one's line"
kept=("$tree"/out/fuzz/crash/planted-crash-*)
is "${#kept[@]} $(head -c 1 "${kept[0]}")" "1 X" "fuzz.sh: the input that crashes is kept"
is "$(find "$tree/host/fuzz/corpus" -type f | wc -l)" 2 \
	"fuzz.sh: the tree's corpus is not written to"

said=$(host/fuzz/fuzz.sh ten 2>&1) && status=0 || status=$?
is "$status $said" "2 fuzz.sh: T=ten is not a number of seconds; write T=600" "T is a number"
said=$(host/fuzz/fuzz.sh 1 nosuch 2>&1) && status=0 || status=$?
is "$status ${said%%;*}" "2 fuzz.sh: there is no target nosuch" "a target that is not there"
finish
