#!/bin/bash
# bench.sh run | repeat N [SETTING...]: out/bench-host, once or N times.
# bench.sh scale SITES...: out/scale-host; its report is kept beside those of run.
# SPDX-License-Identifier: GPL-2.0-only
#
# run keeps its report in results/, in a folder named after the CPU and "host".
# repeat keeps its reports in out/repeat/ and prints how far they are apart.
# A SETTING is a line of parapatch.cfg: 'layouts = line'.
#
# Exit status: 0; 1 a check failed or something could not be had; 2 usage.
set -euo pipefail
. "$(dirname "$0")/../build/help.sh"
answer_help '' "$@"
what=${1:-}

die()
{
	echo "bench.sh: $*" >&2
	exit 2
}

# keep REPORT [PREFIX]: sets kept, a name nobody has
keep()
{
	local vendor family model stepping folder n=1
	read -r vendor family model stepping < <(jq -r '.context.cpu |
		"\(.vendor | gsub("[^A-Za-z0-9]"; "_")) \(.family) \(.model) \(.stepping)"' "$1")
	# In hex, as on the stick.
	folder=$(printf 'results/%s-%02x-%02x-%x-host' "$vendor" "$family" "$model" "$stepping")
	mkdir -p "$folder"
	while [ -e "$folder/${2:-}$(printf %04d $n).json" ]; do n=$((n + 1)); done
	kept=$folder/${2:-}$(printf %04d $n).json
	mv "$1" "$kept"
}

case $what in
run)
	shift
	status=0
	rm -f out/bench-host.json
	out/bench-host -o out/bench-host.json "$@" || status=$?
	# One that still says "running" is of a run that came to nothing.
	jq -e '.status != "running"' out/bench-host.json >/dev/null 2>&1 ||
		exit "$status"
	keep out/bench-host.json
	echo "report: $kept"
	exit "$status" ;;
scale)
	shift
	rm -f out/scale-host.json
	out/scale-host -o out/scale-host.json "$@"
	keep out/scale-host.json scale-
	echo "report: $kept" ;;
repeat)
	n=${2:-}
	shift 2 || die "repeat takes a number"
	[[ $n =~ ^[1-9][0-9]*$ ]] || die "N=$n is not a number of runs; write N=20"
	rm -rf out/repeat
	mkdir -p out/repeat
	for ((i = 1; i <= n; i++)); do
		printf '\r%d of %d' "$i" "$n" >&2
		out/bench-host -o "out/repeat/$(printf %04d "$i").json" "$@" >/dev/null ||
			{ echo >&2; die "run $i failed; out/bench-host $* shows why"; }
	done
	printf '\r' >&2
	out/host/report out/repeat/*.json ;;
*)
	die "usage: bench.sh run | repeat N [SETTING...] | scale SITES..." ;;
esac
