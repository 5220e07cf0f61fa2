#!/bin/bash
# test.sh: what "make test" runs, one part after the other, and what it cost.
# SPDX-License-Identifier: GPL-2.0-only
#
# test.sh TEST...    the tests, for prove
#
# The last line is CPU time of all of it, as a multiple of what a clean "make -j2 build"
# takes: that is measured here when out/ is clean, and remembered till it is clean again.
#
# Environment: VERBOSE shows each test; CI makes more than fifteen times a failure: from
# ten on it is said, but what else runs on a shared machine moves it by one or two.
#
# Exit status: 0 all are good; 1 one is not, or (CI) all took too much; 2 usage.
set -euo pipefail
. "$(dirname "$0")/../build/help.sh"
answer_help '' "$@"
[ $# -gt 0 ] || { echo "test.sh: no TEST; make test names them all" >&2; exit 2; }
readonly most=10 refused=15	# times a clean build
readonly remembered=out/test/clean-build

# cpu NAME: sets it to the hundredths of a second of all that this script has started and
# waited for.  (In a pipe "times" would speak of another shell.)
cpu()
{
	times >"$work/times"
	read -r "$1" < <(awk 'NR == 2 { for (i = 1; i <= 2; i++) { split($i, t, /[ms]/)
		sum += 6000 * t[1] + 100 * t[2] } printf "%d\n", sum }' "$work/times")
}

seconds() { awk -v c="$1" 'BEGIN { printf "%.0f", c / 100 }'; }

# part WHAT COMMAND...: says what begins, and what it took
part()
{
	local what=$1 wall=$SECONDS before status=0
	shift
	echo "== $what"
	cpu before
	"$@" || status=$?
	cpu took
	took=$((took - before))
	echo "== $what: $((SECONDS - wall)) s, $(seconds $took) s of CPU"
	return $status
}

is_clean() { [ ! -e out/x86_64 ] && [ ! -e out/ia32 ] && [ ! -e out/host ] && [ ! -e out/gen ]; }

exceeds() { awk -v r="$1" -v m="$2" 'BEGIN { exit !(r > m) }'; }

say_sum()
{
	local all clean ratio when=''
	cpu all
	if [ ! -s $remembered ]; then
		echo "make test: $(seconds \
			"$all") s of CPU; after \"make clean\" it says how many times a clean build"
		return
	fi
	[ -n "$clean_now" ] || when=', of a build before'
	clean=$(cat $remembered)
	ratio=$(awk -v a="$all" -v c="$clean" 'BEGIN { printf "%.1f", a / c }')
	echo "make test: $(seconds "$all") s of CPU, $ratio times a clean build ($(seconds \
		"$clean") s$when)"
	[ -n "$clean_now" ] && exceeds "$ratio" $most || return 0
	echo "make test: that is more than $most times: see docs/tests.md, \"What it may cost\""
	[ -z "${CI:-}" ] || ! exceeds "$ratio" $refused
}

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
clean_now=
! is_clean || clean_now=1
part "build: both applications, modules, the stick image, its proofs" make -j2 build
mkdir -p out/test
[ -z "$clean_now" ] || echo "$took" >$remembered
part "compile the tests" make -j2 tests
# Those of a run before say nothing of this one.
rm -rf out/test/boots out/test/tap
status=0
part "test: $# files, two at a time" prove -j2 --timer ${VERBOSE:+-v} --exec host/test/tap.sh "$@" \
	|| status=$?
say_sum || status=1
exit $status
