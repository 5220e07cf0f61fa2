#!/bin/bash
# corpus.t: every fuzzer over its corpus, with sanitizers; and that a crash is one.  Some
# thousand inputs more, by libFuzzer: host/test/deep/fuzz.t.
# SPDX-License-Identifier: GPL-2.0-only
. host/test/lib/boot.sh

for source in host/fuzz/fuzz-*.c; do
	t=${source#host/fuzz/fuzz-}
	t=${t%.c}
	seeds=$(find "host/fuzz/corpus/$t" -type f | wc -l)
	status=0
	find "host/fuzz/corpus/$t" -type f -print0 | sort -z |
		xargs -0 -n 10000 "out/test/replay-$t" >"$work/said" 2>&1 || status=$?
	[ "$status" = 0 ] || tail -n 20 "$work/said" | sed 's/^/# /'
	is "$status $(tail -n 1 "$work/said")" "0 $seeds files" \
		"fuzz-$t: all of its corpus, nothing crashes"
	[ "$seeds" -gt 0 ]
	ok $? "fuzz-$t: which has $seeds files"
done

# A target that reads behind its input.
cat >"$work/planted.c" <<'C'
#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	return data[size] == 'X';
}
C
gcc -g -O0 -fsanitize=address,undefined -o "$work/planted" "$work/planted.c" host/fuzz/replay.c
printf abc >"$work/abc"
"$work/planted" "$work/abc" >"$work/said" 2>&1
[ $? != 0 ] && grep -qF 'ERROR: AddressSanitizer: heap-buffer-overflow' "$work/said"
ok $? "a planted crash is one"
is "$(head -n 1 "$work/said")" "$work/abc" "and its input is named"
finish
