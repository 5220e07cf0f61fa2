# SPDX-License-Identifier: GPL-2.0-only
# report.sh: the report tool on made-up reports; sourced by its tests.
[ "${BASH_SOURCE[0]}" != "$0" ] ||
	{ . "$(dirname "$0")/../../build/help.sh"; only_sourced "$@"; }

set -u
export LC_ALL=C

readonly tool=out/test/report fast=out/host/report make=out/test/make-report
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
count=0

# verdict STATUS WHAT
verdict()
{
	count=$((count + 1))
	if [[ $1 -eq 0 ]]; then
		echo "ok $count - $2"
	else
		echo "not ok $count - $2"
		head -n 20 "$work/said" | sed 's/^/# /'
	fi
}

# says STATUS WORDS ARGUMENT...: the tool's exit status, and words in what it says
says()
{
	local want=$1 words=$2 status
	shift 2
	"$tool" "$@" >"$work/said" 2>&1
	status=$?
	[[ $status -eq $want ]] || echo "exit status $status, not $want" >>"$work/said"
	[[ $status -eq $want ]] && grep -qF -- "$words" "$work/said"
}

# column CELL NUMBER: of the first group, in the last table
column()
{
	awk -v cell="$1" -v n="$2" '$1 == cell { print $n; exit }' "$work/said"
}

# shapes SHAPE...: offsets and batches; of three kinds
shapes()
{
	local shape kind
	for shape; do
		for kind in noise bimodal near-nothing; do
			# shellcheck disable=SC2086
			"$make" 3 $kind 1.02 $shape >"$work/shape.json"
			says 0 " numbers stated follow" "$work/shape.json" &&
				! grep -q "is stated as" "$work/said"
			verdict $? "$kind, $shape offsets and batches: core's numbers confirmed"
		done
	done
}
