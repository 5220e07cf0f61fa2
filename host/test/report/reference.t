#!/bin/bash
# reference.t: the table of 2006 as data is the mail's, figure by figure; its percentages follow
# from its numbers; and a slip in it is seen.
# SPDX-License-Identifier: GPL-2.0-only
# shellcheck source=host/test/lib/boot.sh
. host/test/lib/boot.sh
export LC_ALL=C
readonly table=results/reference/2006-pentium4.json page=results/reference/2006-pentium4.md
# Of the 76 lines of the mail that are its table, from "Kernel compile system time:" to the
# last of "Lmbench TCP socket bandwidth:".
readonly mail=a4479bb85c7b46f5c861fc41d4ef6cb3905da62b5075c2f0f4f0fd2e5167d042

# Three digits behind the point, as bc prints them: .050, -1.816, 0.
readonly as_bc='def as_bc: (. * 1000 | round) as $m | if $m == 0 then "0" else
	(if $m < 0 then "-" else "" end) + ($m | fabs
		| (if . >= 1000 then (. / 1000 | floor | tostring) else "" end)
			+ "." + ((. % 1000 + 1000) | tostring | .[1:])) end;'

readonly as_mail="$as_bc"' def as_mail: .rows[] | "\(.name):", "  normal \(.normal)",
	(.paravirt | "  paravirt \(.value) [\(.percent | as_bc)%]"),
	(.patched | "  paravirt-patch \(.value) [\(.percent | as_bc)%]");'

# is_mail FILE: is its table, in the mail's words, the mail's?
is_mail() { [ "$(jq -r "$as_mail as_mail" "$1" | sha256sum)" = "$mail  -" ]; }

# as_page FILE: its rows as those of the page
as_page()
{
	jq -r "$as_bc"' def signed: as_bc | if test("^[.1-9]") then "+" + . else . end + "%";
		{less: "lower", more: "higher", unknown: "not known"} as $words | .rows[]
		| "| \(.name) | \(.normal) | \(.paravirt.value) | \(.paravirt.percent | signed) | \(
			.patched.value) | \(.patched.percent | signed) | \($words[.better]) |"' "$1"
}

# percentages FILE: those that do not follow, in whole numbers: figures have 5 digits behind
# the point at most.  Then how many do.
percentages()
{
	jq -r '[.rows[] | (.normal * 100000 | round) as $n | .name as $name
		| {paravirt, patched} | to_entries[] | .key as $column | .value
		| {what: "\($name), \($column): \(.percent)", is: (.percent * 1000 | round),
			follows: (((.value * 100000 | round) - $n) * 100000 / $n | trunc)}]
		| (.[] | select(.is != .follows) | "\(.what) is not \(.follows / 1000)"),
			(map(select(.is == .follows)) | length)' "$1"
}

valid "$table"
is "$(jq '[.rows[].name] | [length, (unique | length)] | join(" ")' "$table")" '"19 19"' \
	"19 rows, no two of a name"
is_mail "$table"
ok $? "the table is the mail's, to the letter"
is "$(as_page "$table")" "$(grep -E '^\| [A-Z]' "$page")" "it is the page's"
is "$(percentages "$table")" 38 "all 38 percentages follow, cut off behind the third digit"
is "$(jq -r '.rows[] | select((.unit == null) != (.better == "unknown")
	or (.unit == "MB/s") != (.better == "more")) | .name' "$table")" "" \
	"rates are better when more, times when less"
is "$(jq -r '(.unknown | keys) as $words | [.rows[].unknown[]] | unique
	| . - $words + ($words - .) | join(" ")' "$table")" "" \
	"what is not known of a row is said, and every word is some row's"
is "$(jq -r '.rows[] | select([.unknown[:4] == ["runs", "spread", "cpu", "kernel"],
	(.unknown[4:] == ({Kernel: ["compiled"], Tbench: ["dbench"], Dbench: ["dbench"],
		Ubench: ["ubench"], Lmbench: ["lmbench"]}[.name | split(" ")[0]]))]
	| all | not) | .name' "$table")" "" "runs and spread of none, and of which program"

# Question 11: cycles at 3 GHz, and ops of 17 cycles, follow from the table.  The last column is
# what was recorded, and not this test's.
readonly as_question='
def unit: if .unit == "s" then [1000000, "all"] elif .unit == "us" then [1, "1"]
	elif .name | test("bandwidth") then [65536, "64 KiB"] else [1000000, "MB"] end;
def commas: tostring | until(test("[0-9]{4}") | not; sub("(?<a>[0-9])(?<b>[0-9]{3})(?<c>,|$)";
	"\(.a),\(.b)\(.c)"));
def more: round | if . > 0 then "+" else "" end + commas;
.rows[] | select(.unit) | unit as [$size, $unit] | .better as $better
| def us: if $better == "more" then $size / . else . * $size end;
(.normal | us) as $normal | ((.paravirt.value | us) - $normal) as $called
| "| \(.name | sub("Lmbench "; "")) | \($unit) | \($called * 3000 | more) | \(if $called > 0
	then "\($called * 3000 / 17 | round | commas) | \($called / $normal * 95 / 51 * 100 | round)%"
	else "none | " end) | \((.patched.value | us) - $normal | . * 3000 | more) |"'
is "$(sed '1,/^## 11/d' results/questions.md | grep -E '^\| ([^|]*\| ){5}[^|]*\| [^|]*\|$' |
	sed '1d; s/ [^|]*|$//')" "$(jq -r "$as_question" "$table")" \
	"question 11 has what follows from it"

# The list that is compiled in.  Its names are without the program's.
as_list='.rows[] | [(.name | sub("^Lmbench "; "")), .better, (.paravirt, .patched
	| .percent * 1000 | round)] | join("|")'
as_listed='s/^SEED_ROW\([a-z0-9_]*,[ \t]*"([^"]*)",[ \t]*([a-z]*),[ \t]*(-?[0-9]*),[ \t]*(-?[0-9]*),.*/\1|\2|\3|\4/p'
is "$(sed -nE "$as_listed" include/list/seed_row.def)" \
	"$(jq -r "$as_list" "$table")" "it is the list that is compiled in"
is "$(sed -nE 's/^SEED_ROW.*"([a-z_]*)"\)$/\1/p' include/list/seed_row.def | sort -u |
	grep -vxF "$(host/mix/guest/boot.sh --rows)")" "" "whose mixes are rows that are recorded"

# Slips.  slip NAME FILTER
slip() { jq "$2" "$table" >"$work/$1.json"; }
is "$(jq "$as_mail"' [as_mail] as $mail
	| [path(.rows[] | .normal, .paravirt.value, .patched.value) as $at
		| setpath($at; getpath($at) + 0.00001) | [as_mail] != $mail | select(.)] | length' \
	"$table")" 57 "one in the fifth digit, in each of 57 figures: not the mail's"
slip percent '.rows[12].patched.percent = 0.051'
is "$(percentages "$work/percent.json" | tail -n 1)" 37 "one in a percentage: it does not follow"
slip rounded '.rows[6].paravirt.percent = 1.77'
has <(percentages "$work/rounded.json") "Lmbench null I/O, paravirt: 1.77 is not 1.769" \
	"nor does one that is rounded"
slip swapped '.rows[3] |= (.paravirt as $p | .paravirt = .patched | .patched = $p)'
is "$(percentages "$work/swapped.json")" 38 "two columns changed places: all follow"
! is_mail "$work/swapped.json"
ok $? "but it is not the mail's"
slip direction '.rows[2].better = "less"'
[ "$(as_page "$work/direction.json")" != "$(grep -E '^\| [A-Z]' "$page")" ]
ok $? "another direction: not the page's"

# What the schema refuses.
slip version '.schema = "parapatch-reference/2"'
slip column '.rows[3].fast = 1'
slip lacks 'del(.rows[4].patched.percent)'
slip text '.rows[5].normal = "0.37"'
slip better '.rows[6].better = "faster"'
slip unit 'del(.rows[7].unit)'
slip silent 'del(.rows[8].unknown)'
slip none '.rows = []'
host/report/valid.py "$work"/{version,column,lacks,text,better,unit,silent,none}.json \
	2>"$work/said"
is "$? $(wc -l <"$work/said")" "1 8" "eight kinds that the schema refuses"
has "$work/said" "version.json: there is no schema of its number" "another version"
has "$work/said" "column.json: rows[3] must not contain {'fast'}" "a field that is not"
has "$work/said" "lacks.json: rows[4].patched must contain percent" "one that lacks"
has "$work/said" "text.json: rows[5].normal must be number" "a text for a number"
finish
