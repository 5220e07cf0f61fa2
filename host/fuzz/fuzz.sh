#!/bin/bash
# fuzz.sh SECONDS [TARGET...]: run fuzzers, each so long, two at a time.
# SPDX-License-Identifier: GPL-2.0-only
#
# What they find goes to out/fuzz/corpus/ and, if it crashes, to out/fuzz/crash/;
# the tree's corpus is not written to.
#
# Exit status: 0; 1 one of them found something; 2 usage.
set -euo pipefail
. "$(dirname "$0")/../build/help.sh"
answer_help '' "$@"
seconds=${1:-}
[[ $seconds =~ ^[1-9][0-9]*$ ]] ||
	{ echo "fuzz.sh: T=$seconds is not a number of seconds; write T=600" >&2; exit 2; }
shift
all=(host/fuzz/fuzz-*.c)
all=("${all[@]#host/fuzz/fuzz-}")
targets=("${@:-${all[@]%.c}}")
mkdir -p out/fuzz/crash
failed=0

# fuzz TARGET: its log is out/fuzz/TARGET.log
fuzz()
{
	mkdir -p "out/fuzz/corpus/$1"
	"out/fuzz/$1" -max_total_time="$seconds" -timeout=25 -rss_limit_mb=4096 \
		-artifact_prefix="out/fuzz/crash/$1-" -print_final_stats=1 \
		"out/fuzz/corpus/$1" "host/fuzz/corpus/$1" >"out/fuzz/$1.log" 2>&1
}

# said TARGET STATUS: one line
said()
{
	local runs
	runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "out/fuzz/$1.log")
	if [ "$2" = 0 ]; then
		echo "fuzz $1: ${runs:-?} inputs in $seconds s, $(find "out/fuzz/corpus/$1" \
			-type f | wc -l) new ones kept, no crash"
	else
		failed=1
		echo "fuzz $1: CRASH, see out/fuzz/$1.log and out/fuzz/crash/" >&2
	fi
}

for t in "${targets[@]}"; do
	[ -x "out/fuzz/$t" ] ||
		{ echo "fuzz.sh: there is no target $t; targets are: ${all[*]%.c}" >&2; exit 2; }
done
declare -A pids=()
for t in "${targets[@]}"; do
	while [ "$(jobs -rp | wc -l)" -ge 2 ]; do sleep 1; done
	fuzz "$t" &
	pids[$t]=$!
done
for t in "${targets[@]}"; do
	status=0
	wait "${pids[$t]}" || status=$?
	said "$t" "$status"
done
exit "$failed"
