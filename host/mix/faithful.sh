#!/bin/bash
# faithful.sh [--mixes FOLDER] REPORT: ops of a unit of each kernel path, beside what Linux was
# recorded to run for the same row.
# SPDX-License-Identifier: GPL-2.0-only
#
# A path and a mix are of one row where include/list/path.def and seed_row.def say so.  The ratio
# is ours by Linux's: 1 is as many.  Nothing is padded to meet it.  Ops that a unit of Linux has
# less than half of the time (a tick's, a fault's) are left out, and so are instructions that no
# op stands for.
#
# Exit status: 0; 1 the report has no paths, or there is no mix of a row; 2 usage.
set -euo pipefail
export LC_ALL=C
. "$(dirname "$0")/../build/help.sh"
answer_help '--mixes' "$@"

mixes=results/mixes
[ "${1:-}" != --mixes ] || { mixes=${2:-}; shift 2; }
[ $# -eq 1 ] || { echo "faithful.sh: it wants a report (--help says more)" >&2; exit 2; }
report=$1
die() { echo "faithful.sh: $*" >&2; exit 1; }

arch=$(jq -er '.context.arch' "$report") || die "$report: it is no report"
jq -e '[.paths[]? | select(.ops)] | length > 0' "$report" >/dev/null ||
	die "$report: it has no paths of which the ops were counted; measure with plan = paths"
declare -rA kernels=([x86_64]='5.10-amd64 6.1-amd64' [ia32]=6.1-686)

# Of each path the mix of its row: both lists, a line in one piece.
rows()
{
	sed -e ':more' -e '/^[A-Z]*(.*[^)]$/ { N; s/\n[ \t]*/ /; b more' -e '}' \
		"include/list/$1.def" | grep "^$2("
}
mix_of=$(awk -F '[(,]' '
	NR == FNR { mix = $0; sub(/"\)$/, "", mix); sub(/.*"/, "", mix); of[$2] = mix; next }
	{ row = $9; gsub(/[ \t]/, "", row)
	  if (of[row] != "") printf "{\"%s\": \"%s\"}\n", $2, of[row] }
	' <(rows seed_row SEED_ROW) <(rows path PATH) | jq -s add)

files=()
for kernel in ${kernels[$arch]}; do
	while read -r mix; do
		[ -f "$mixes/$kernel/$mix.json" ] || die "$mixes/$kernel has no $mix.json"
		files+=("$kernel $mixes/$kernel/$mix.json")
	done < <(jq -r '.[]' <<<"$mix_of" | sort -u)
done
for file in "${files[@]}"; do
	jq --arg kernel "${file%% *}" '{taken_as: $kernel, mix, units, ops}' "${file#* }"
done | jq -s --slurpfile report "$report" '{report: $report[0], mixes: .}' |
	jq -r --argjson mix_of "$mix_of" \
		--argjson kernels "$(jq -cn '$ARGS.positional' --args ${kernels[$arch]})" \
		-f host/mix/faithful.jq
