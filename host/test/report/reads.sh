# SPDX-License-Identifier: GPL-2.0-only
# reads.sh: the report tool on reports that jq makes of a good one; sourced by its tests.
[ "${BASH_SOURCE[0]}" != "$0" ] ||
	{ . "$(dirname "$0")/../../build/help.sh"; only_sourced "$@"; }

# shellcheck source=host/test/lib/boot.sh
. host/test/lib/boot.sh
export LC_ALL=C
readonly tool=out/test/report make=out/test/make-report

# asks FILTER [FILE]: $work/asked.json is what jq makes of $work/good.json, or of FILE
asks() { jq "$1" "${2:-$work/good.json}" >"$work/asked.json"; }

# reads STATUS WORDS WHAT [ARGUMENT...]: the tool, on $work/asked.json if on nothing else:
# its exit status, and words in what it says, which is $work/said
reads()
{
	local status=0 want=$1 words=$2 what=$3
	shift 3
	[ $# -gt 0 ] || set -- "$work/asked.json"
	"$tool" "$@" >"$work/said" 2>&1 || status=$?
	if [ "$status" = "$want" ] && grep -qF -- "$words" "$work/said"; then
		ok 0 "$what"
	else
		ok 1 "$what"
		echo "# exit status $status, wanted $want and: $words"
		{ grep -h 'is stated as' "$work/said" || cat "$work/said"; } | head -n 8 |
			sed 's/^/# /'
	fi
}

# wrong FILTER WORDS WHAT [FILE]: of what jq makes something does not follow
wrong()
{
	asks "$1" "${4:-}"
	reads 1 "$2" "$3"
}

# bad FILTER WORDS WHAT: it cannot be read, and one line says so
bad()
{
	asks "$1"
	reads 2 "$2" "$3"
	is "$(wc -l <"$work/said")" 1 "$3: one line"
}
