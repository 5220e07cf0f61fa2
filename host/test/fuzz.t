#!/bin/bash
# fuzz.t: every fuzzer over its corpus and some thousand inputs more, the same ones
# each time; and that it can fail.
# SPDX-License-Identifier: GPL-2.0-only
. host/test/boot.sh

readonly runs=20000

for source in host/fuzz/fuzz-*.c; do
	t=${source#host/fuzz/fuzz-}
	t=${t%.c}
	mkdir -p "$work/$t"
	status=0
	"out/fuzz/$t" -seed=1 -runs=$runs -timeout=25 -max_total_time=40 -print_final_stats=1 \
		-artifact_prefix="$work/$t-" "$work/$t" "host/fuzz/corpus/$t" \
		>"$work/$t.log" 2>&1 || status=$?
	[ "$status" = 0 ] || tail -n 20 "$work/$t.log" | sed 's/^/# /'
	is "$status" 0 "fuzz-$t: nothing crashes"
	seeds=$(find "host/fuzz/corpus/$t" -type f | wc -l)
	done=$(sed -n 's/^stat::number_of_executed_units: *//p' "$work/$t.log")
	[ "${done:-0}" -gt "$seeds" ] && [ "$seeds" -gt 0 ]
	ok $? "fuzz-$t: $seeds files of the corpus, ${done:-0} inputs in all"
done
said=$(host/fuzz/fuzz.sh ten 2>&1) && status=0 || status=$?
is "$status $said" "2 fuzz.sh: T=ten is not a number of seconds; write T=600" "T is a number"
said=$(host/fuzz/fuzz.sh 1 nosuch 2>&1) && status=0 || status=$?
is "$status ${said%%;*}" "2 fuzz.sh: there is no target nosuch" "a target that is not there"
finish
