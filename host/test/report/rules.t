#!/bin/bash
# rules.t: a report is read by the rules of its schema and of the version that wrote it
# (host/report/rules.def), on made-up reports.
# SPDX-License-Identifier: GPL-2.0-only
# shellcheck source=host/test/report/reads.sh
. host/test/report/reads.sh

cell='(.benchmarks[] | select(.name == "restore_fl/native/ccall/indirect/line/warm"))'

# version FILE VERSION [FILTER]: that report as that version would have written it, in
# the days of schema 2
version() { jq ".schema = \"parapatch-report/2\" | .context.parapatch_version = \"$2\" |
	${3:-.}" "$work/$1.json" \
	>"$work/asked.json"; }
"$make" 7 noise 1.02 16 13 >"$work/lone.json"
"$make" 7 any-half 1.02 16 13 >"$work/any.json"
# In two of the tables: of any call, of a lone branch.
old=8cfd2cb mid=0b61e41 new=e118b10

# Halves: each rule confirms its own report and not the other's.
version any $old
reads 0 "210 of 210" "halves of any call, by a version that gave them"
version lone $old
reads 1 "low_half_ticks is stated as missing" "and it does not leave them out"
for v in $mid $new unknown e118b10-dirty; do
	version any $v
	reads 1 "low_half_ticks is stated as a number, the raw ticks give none" \
		"not of a native cell by $v"
	version lone $v
	reads 0 "210 of 210" "but of a lone branch"
done
for v in $old-dirty v1-12-g$old v1-12-g$old-dirty ${old}00; do
	version any "$v"
	reads 0 "210 of 210" "a version as git says it: $v"
done
# Of schema 3 the version decides nothing.
version any $old '.schema = "parapatch-report/3"'
reads 1 "low_half_ticks is stated as a number, the raw ticks give none" "schema 3: of a lone branch"
version lone $old '.schema = "parapatch-report/3"'
reads 0 "259 of 259" "schema 3: by any version"
# A planted change is seen by each.
for pair in "any $old" "lone $mid" "lone $new"; do
	read -r report v <<<"$pair"
	version "$report" "$v" "$cell.low_half_ticks += 0.01"
	reads 1 "indirect/line/warm: low_half_ticks is stated as" "planted, by $v: the lower half"
	version "$report" "$v" "del($cell.high_half_ticks)"
	reads 1 "indirect/line/warm: high_half_ticks is stated as missing" \
		"planted, by $v: no upper half"
	version "$report" "$v" "$cell.median_ticks += 0.01"
	reads 1 "indirect/line/warm: median_ticks is stated as" "planted, by $v: a median"
done
over="$cell.address[0] -= 4"
version any $old "$over"
reads 0 "210 of 210" "of any call: one that goes over the end of its line counts where it ends"
version lone $new "$over"
reads 1 "indirect/line/warm: low_half_ticks is stated as" "of a lone branch: it does not count"

# What a site begins with: whatever a branch reaches, it has halves.
for outcome in direct-call stub-call jump test-and-call kept-too-small; do
	version lone $new "$cell.outcome = \"$outcome\""
	reads 0 "210 of 210" "a lone branch: $outcome"
done
for outcome in inline mixed - flown; do
	version lone $new "$cell.outcome = \"$outcome\""
	reads 1 "high_half_ticks is stated as a number, the raw ticks give none" "none: $outcome"
done

# What takes nothing: faster once, then inconclusive.
# (A verdict is held against the intervals stated, and those against the raw ticks.)
nothing="$cell.vs |= (.ratio_lo = -0.1 | .ratio_hi = 0.5 | .difference_lo = -1 | .difference_hi = 1)"
version lone $mid "$nothing | $cell.vs.verdict = \"faster\""
"$tool" "$work/asked.json" >"$work/said" 2>&1
grep -q "vs.verdict is stated" "$work/said"
is $? 1 "what overlaps is faster, by $mid"
version lone $mid "$nothing | $cell.vs.verdict = \"inconclusive\""
reads 1 "vs.verdict is stated as inconclusive, the raw ticks give faster" "and nothing else"
version lone $new "$nothing | $cell.vs.verdict = \"faster\""
reads 1 "vs.verdict is stated as faster, the raw ticks give inconclusive" \
	"by $new it is inconclusive"
version lone $new "$nothing | $cell.vs |= (.verdict = \"faster\" | del(.by))"
"$tool" "$work/asked.json" >"$work/said" 2>&1
grep -q "vs.verdict is stated" "$work/said"
is $? 1 "a comparison without \"by\" knew nothing of it"

# The lists of versions, against the history, where it is here.
# has_not WITH WITHOUT: the commits that have one and not the other
has_not()
{
	comm -23 <({ git rev-parse "$1"; git rev-list --ancestry-path "$1..HEAD"; } | sort) \
		<({ git rev-parse "$2"; git rev-list --ancestry-path "$2..HEAD"; } | sort) |
			cut -c1-7
}
listed() { sed -n "/^VERSIONS($1,/,/)\$/p" host/report/versions.def | grep -o '[0-9a-f]\{7\}'; }
if git cat-file -e 0a39143 2>/dev/null && git cat-file -e dadaaa2 2>/dev/null; then
	is "$(listed any_half)" "$(has_not 0a39143 00a9c47)" \
		"versions.def: whose halves are of any call"
	is "$(listed overlap)" "$(comm -23 <(has_not 361bf12 dadaaa2) <(listed any_half))" \
		"versions.def: by which what overlaps is faster"
else
	echo "# versions.def is not compared: there is no history here"
fi
finish
