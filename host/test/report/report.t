#!/bin/bash
# report.t: the host's report tool, on made-up reports whose truth is known.
# SPDX-License-Identifier: GPL-2.0-only
#
# What they state is computed by core's integers (make-report.c), so this also
# compares core's numbers with the tool's.  All seeds are fixed.  How often the truth is in
# an interval: host/test/deep/report.t.

. host/test/report/report.sh

# Verdicts of clear cases, by both ways, and every number stated is confirmed.

# clear KIND RATIO VERDICT
clear()
{
	"$make" 1 "$1" "$2" 16 13 >"$work/clear.json"
	says 0 "259 of 259 numbers stated follow" "$work/clear.json" &&
		[[ $(column native/ccall/indirect 6) == "$3" ]] &&
		[[ $(column native/ccall/indirect 7) == "$3" ]]
	verdict $? "$1, a true ratio of $2: $3, and all numbers confirmed"
}

clear noise 1.05 slower
clear noise 0.90 faster
clear noise 0.03 faster
clear noise 0 inconclusive
clear noise -0.5 inconclusive
clear noise 1.00 same
clear noise 1.01 inconclusive
clear spikes 1.05 slower
clear spikes 1.00 same
clear drift 1.05 slower
clear drift 1.00 same
clear bimodal 2.00 slower
clear offsets 1.00 inconclusive
clear offsets 1.50 slower

# A reference that takes next to nothing: no ratios, so verdicts by differences.

# near RATIO VERDICT
near()
{
	"$make" 1 near-nothing "$1" 16 13 >"$work/near.json"
	says 0 "247 of 247 numbers stated follow" "$work/near.json" &&
		[[ $(column native/ccall/indirect 4) == - ]] &&
		[[ $(column native/ccall/indirect 6) == "$2" ]] &&
		[[ $(column native/ccall/indirect 7) == "$2" ]] &&
		grep -q "^  native/ccall/indirect .*[0-9]t  $2" "$work/said"
	verdict $? "next to nothing, $1 times that: $2 by the difference, and all numbers confirmed"
}

near 1 inconclusive
near -3 inconclusive
near 8 slower
"$tool" --csv "$work/near.json" | grep -c ",native,difference,difference$" >"$work/said"
[[ $(<"$work/said") -eq 4 ]]
verdict $? "so it is in --csv"
"$make" 1 near-nothing 1.5 16 13 >"$work/near2.json"
says 0 "247 of 247" "$work/near2.json" &&
	[[ $(column native/ccall/indirect 6) == inconclusive ]]
verdict $? "half as much again of next to nothing: not beyond the twin, inconclusive"

# More shapes: few offsets, one batch.  More of them: host/test/deep/report.t.
shapes "1 1" "2 3" "6 1"

# The same words for the same file, whatever else is looked at.

"$make" 7 noise 1.02 16 13 >"$work/base.json"
"$tool" --csv "$work/base.json" >"$work/all.csv"
"$tool" --csv --only save_fl/native/dense "$work/base.json" >"$work/one.csv"
[[ $(wc -l <"$work/one.csv") -eq 6 ]] && ! grep -vxFf "$work/all.csv" "$work/one.csv" >"$work/said"
verdict $? "--only: one group, and the same numbers as among all"
"$tool" --csv "$work/base.json" | cmp -s - "$work/all.csv"
verdict $? "the same bootstrap every time"
jq '.seed = 8' "$work/base.json" >"$work/seed.json"
! "$tool" --csv "$work/seed.json" | sed 's/seed.json/base.json/' | cmp -s - "$work/all.csv"
verdict $? "another with another seed"
[[ $(awk -F, '{ print NF }' "$work/all.csv" | sort -u) == 27 ]]
verdict $? "--csv: as many columns in every line"

jq '.benchmarks |= sort_by(.role == "chain")' "$work/base.json" >"$work/order.json"
says 0 "259 of 259" "$work/order.json"
verdict $? "whatever the order of cells: the chain, dense, may be the last of its group"
jq 'del(.chain_cycles)' "$work/base.json" >"$work/bad.json"
says 2 '"chain_cycles" is missing' "$work/bad.json"
verdict $? "a report without chain_cycles is refused"

# A number that is not what the raw ticks give.

# doctored WHAT FILTER KEY
doctored()
{
	jq "$2" "$work/base.json" >"$work/doctored.json"
	says 1 "$3 is stated as" "$work/doctored.json"
	verdict $? "doctored: $1"
}

cell='(.benchmarks[] | select(.name == "restore_fl/native/ccall/indirect/line/warm"))'
twin='(.benchmarks[] | select(.name == "restore_fl/native/native/native/line/warm:twin"))'
doctored "a median" "$cell.median_ticks += 0.01" "line/warm: median_ticks"
doctored "gross" "$cell.gross_ticks -= 0.01" "line/warm: gross_ticks"
for key in offset_min_ticks offset_max_ticks min_ticks p5_ticks p25_ticks p75_ticks \
	   p95_ticks max_ticks mad_ticks; do
	doctored "$key" "$cell.$key += 0.01" "$key"
done
doctored "the lower half" "$cell.low_half_ticks += 0.01" "low_half_ticks"
doctored "the upper half" "$cell.high_half_ticks -= 0.01" "high_half_ticks"
doctored "a half that is left out" "del($cell.low_half_ticks)" "low_half_ticks"
doctored "where the call is" "$cell.call_at += 16" "low_half_ticks"
doctored "where the copies are" "$cell.address[3] += 32" "low_half_ticks"
jq "$cell.site_bytes = 16" "$work/base.json" >"$work/doctored.json"
says 1 "the raw ticks give none" "$work/doctored.json" &&
	[[ $(grep -c "_half_ticks is stated as" "$work/said") -eq 2 ]]
verdict $? "doctored: halves of a wide site"
doctored "halves of several sites" "$cell.sites = 2" "low_half_ticks"
doctored "halves of what is no branch" "$cell.outcome = \"inline\"" "high_half_ticks"
doctored "halves of what has no site" \
	'(.benchmarks[] | select(.name == "restore_fl/native/native/native/line/warm")).low_half_ticks = 10' \
	"low_half_ticks"
doctored "a half that counts a site in two lines" \
	"$cell.address[14] += 4" "high_half_ticks"
doctored "halves of another layout" \
	'(.benchmarks[] | select(.name == "save_fl/native/native/native/dense/warm")).low_half_ticks = 10' \
	"low_half_ticks"
doctored "what a cell is compared with" "$cell.vs.of = \"indirect/ccall\"" "vs.of"
doctored "what all are compared with, but for native" \
	'(.benchmarks[] | select(.vs and .op == "restore_fl").vs.of) = "inline/ccall"' "vs.of"
doctored "cycles" "$cell.cycles *= 1.01" "cycles"
doctored "a ratio" "$cell.vs.ratio += 0.0005" "vs.ratio"
doctored "an interval's low end" "$cell.vs.ratio_lo -= 0.0005" "vs.ratio_lo"
doctored "an interval's high end" "$cell.vs.ratio_hi -= 0.0005" "vs.ratio_hi"
doctored "a difference" "$cell.vs.difference += 0.01" "vs.difference"
doctored "its low end" "$cell.vs.difference_lo += 0.01" "vs.difference_lo"
doctored "its high end" "$cell.vs.difference_hi += 0.01" "vs.difference_hi"
doctored "a verdict" "$cell.vs.verdict = \"same\"" "vs.verdict"
doctored "a margin" "$cell.vs.margin = 0.05" "vs.margin"
doctored "the twin's margin" "$twin.vs.margin = 0.05" "vs.margin"
doctored "the twin's ratio" "$twin.vs.ratio = 1" "vs.ratio"
doctored "n" "$cell.n = 2080" "n"
doctored "reps" "$cell.reps = 13" "median_ticks"
doctored "raw ticks" "$cell.ticks_2n[3][5] += 90000" "max_ticks"
doctored "a ratio that is left out" "del($cell.vs.ratio)" "vs.ratio"
doctored "a comparison that is left out" "del($cell.vs)" "vs.ratio"
jq "$cell.vs.ratio += 0.0000005 | $cell.median_ticks += 0.0004" "$work/base.json" \
	>"$work/rounded.json"
says 0 "259 of 259" "$work/rounded.json"
verdict $? "but not what is rounded"

doctored "what a verdict rests on" "$cell.vs.by = \"difference\"" "vs.by"
doctored "what the twin's rests on" "$twin.vs.by = \"difference\"" "vs.by"

doctored "overlap, as faster" "$cell |= (.ticks_2n = .ticks_n | .vs.verdict = \"faster\")" \
	"vs.verdict"

# Verdicts by differences.

# doctored_near WHAT FILTER KEY
doctored_near()
{
	jq "$2" "$work/near.json" >"$work/doctored.json"
	says 1 "$3 is stated as" "$work/doctored.json"
	verdict $? "doctored: $1"
}

doctored_near "slower, as inconclusive" "$cell.vs.verdict = \"inconclusive\"" \
	"indirect/line/warm: vs.verdict"
doctored_near "slower, as faster" "$cell.vs.verdict = \"faster\"" "indirect/line/warm: vs.verdict"
doctored_near "inconclusive, as slower" \
	'(.benchmarks[] | select(.mode == "inline" and .layout == "line").vs.verdict) = "slower"' \
	"inline/line/warm: vs.verdict"
doctored_near "inconclusive, as the same" \
	'(.benchmarks[] | select(.mode == "inline" and .layout == "line").vs.verdict) = "same"' \
	"inline/line/warm: vs.verdict"
doctored_near "by the difference, as by the ratio" "$cell.vs.by = \"ratio\"" \
	"indirect/line/warm: vs.by"
doctored_near "a basis that is none" "$cell.vs.by = \"x\"" "indirect/line/warm: vs.by"
doctored_near "the twin, by the difference" "$twin.vs |= (.verdict = \"slower\")" \
	"warm:twin: vs.verdict"
doctored_near "a verdict that no precision allows" '.precision_permille = 10000' \
	"indirect/line/warm: vs.verdict"
doctored_near "a verdict that no twin allows" "del($twin)" "indirect/line/warm: vs.verdict"
jq '(.benchmarks[] | select(.vs).vs) |= (del(.by) | .verdict = "inconclusive")' \
	"$work/near.json" >"$work/before.json"
says 0 "229 of 229" "$work/before.json" &&
	[[ $(column native/ccall/indirect 6) == slower ]] &&
	[[ $(column native/ccall/indirect 7) == inconclusive ]]
verdict $? "a report from before: by ratios alone, and what the raw ticks give is shown"
jq "$cell.vs.verdict = \"slower\" | del($cell.vs.by)" "$work/near.json" >"$work/before.json"
says 1 "indirect/line/warm: vs.verdict is stated as" "$work/before.json"
verdict $? "and has no verdict by a difference"

chain='(.benchmarks[] | select(.name == "restore_fl/native/native/native/line/warm:chain"))'
doctored "the chain's ticks" "$chain.median_ticks -= 8" "warm:chain: median_ticks"
doctored "the chain's gross" "$chain.gross_ticks += 8" "warm:chain: gross_ticks"
doctored "what the chain counts by" ".chain_cycles = 4" "cycles"

# No ratio where more than a quarter of the pairs have none; no verdict without a
# twin, or where a cell failed its check.

native='(.benchmarks[] | select(.name == "restore_fl/native/native/native/line/warm"))'
jq "$native.ticks_2n[0:8] |= map(map(0))" "$work/base.json" >"$work/none.json"
says 1 "vs.ratio is stated as a number, the raw ticks give none" "$work/none.json"
verdict $? "half of the pairs without a ratio: there is none"
jq "del($twin)" "$work/base.json" >"$work/no-twin.json"
says 0 "numbers stated follow" "$work/no-twin.json" &&
	grep -q "A/A floor not known by bootstrap" "$work/said"
verdict $? "no twin: no floor, and nothing that vetoes"
jq '.schema = "parapatch-report/2"' "$work/no-twin.json" >"$work/no-twin2.json"
says 1 "indirect/line/warm: vs.verdict is stated as" "$work/no-twin2.json"
verdict $? "of schema 2: no margin, inconclusive"
jq "$twin.vs.verdict = \"slower\"" "$work/base.json" >"$work/apart.json"
says 1 "indirect/line/warm: vs.verdict is stated as" "$work/apart.json"
verdict $? "beside a twin that is stated as slower nothing is decided"
jq '.precision_permille = 20 | (.benchmarks[] | select(.vs).vs.margin) = 0.02' \
	"$work/base.json" >"$work/precision.json"
says 1 "vs.verdict is stated as" "$work/precision.json" && ! grep -q "vs.margin is" "$work/said"
verdict $? "the margin is the precision that the report states"
jq "$cell |= (.error_occurred = true | del(.vs, .ticks_n, .ticks_2n, .median_ticks))" \
	"$work/base.json" >"$work/refused.json"
says 0 "native/ccall/indirect            not timed: its check failed" "$work/refused.json"
verdict $? "a cell that was refused has no times"

# A report from before there were paddings, outcomes and halves.
jq 'del(.benchmarks[] | .padding, .outcome, .call_at, .low_half_ticks, .high_half_ticks, .vs?.by)' \
	"$work/base.json" >"$work/old.json"
says 0 "241 of 241" "$work/old.json"
verdict $? "a report without halves is read, and has none"
padded='(.benchmarks[] | select(.mode == "inline")) |= (.padding = "prefix" | .sites = 2 | .outcome = "kept-too-small" | .name |= sub("inline"; "inline+prefix"))'
jq "$padded" "$work/base.json" >"$work/padded.json"
says 0 "259 of 259" "$work/padded.json" &&
	grep -q "^  native/ccall/inline+prefix .* (kept-too-small)$" "$work/said"
verdict $? "a padding is in the label, and what was kept is said"
"$tool" --csv "$work/padded.json" | grep "inline+prefix" |
	grep -q ",kept-too-small,native,ratio,ratio$"
verdict $? "so it is in --csv"

# Whence the configuration is: said or not, the numbers are the same.
jq '.config_from = {offsets: "\\parapatch.cfg line 3", exit: "option word 1", seed: "preset"}' \
	"$work/base.json" >"$work/from.json"
says 0 "259 of 259" "$work/from.json" && says 0 "259 of 259" "$work/base.json"
verdict $? "a report that says whence its configuration is, and one that does not"

# What cannot be read, in one line that names file, place and mend.

# bad WHAT FILTER WORDS
bad()
{
	jq "$2" "$work/base.json" >"$work/bad.json"
	says 2 "$3" "$work/bad.json" && [[ $(wc -l <"$work/said") -eq 1 ]] &&
		grep -qF "bad.json: " "$work/said"
	verdict $? "bad: $1"
}

first='benchmarks[0] (restore_fl/native/native/native/line/warm:empty): '
bad "another schema" '.schema = "parapatch-report/1"' \
	'schema is "parapatch-report/1", not "parapatch-report/3": use the tool'
bad "no schema" 'del(.schema)' '"schema" is missing; the file is damaged'
bad "a run that did not end" '.status = "running"' 'not "complete": the run did not end'
bad "no status" 'del(.status)' '"status" is missing'
bad "no context" 'del(.context)' '"context" is missing'
bad "no CPU" 'del(.context.cpu)' 'context: "cpu" is missing'
bad "a CPU without a family" 'del(.context.cpu.family)' '"family" is missing'
bad "no seed" 'del(.seed)' '"seed" is missing'
bad "a seed that is no number" '.seed = "x"' '"seed" is not a number of 0 or more'
bad "a configuration from nowhere" '.config_from = "x"' '"config_from" is not an object'
bad "a value from nowhere" '.config_from = {offsets: 3}' 'config_from: "offsets" is not a string'
bad "no groups" 'del(.groups)' '"groups" is missing'
bad "groups that are no list" '.groups = 3' '"groups" is not a list'
bad "a group without a name" 'del(.groups[1].name)' 'groups[1]: "name" is missing'
bad "a group without counts" 'del(.groups[1].taken)' 'groups[1]: "taken" is missing'
bad "a count that is none" '.groups[1].taken[3] = -1' \
	'groups[1]: taken[3] is not a number of batches'
bad "no benchmarks" 'del(.benchmarks)' '"benchmarks" is missing'
bad "nothing measured" '.benchmarks = []' '"benchmarks" is empty'
bad "an unknown group" '.benchmarks[0].group = "x"' "${first}group \"x\" is not in \"groups\""
bad "an unknown role" '.benchmarks[0].role = "x"' "${first}role \"x\" is not known"
bad "two of one name" '.benchmarks[1].name = .benchmarks[0].name' 'has the name of benchmarks[0]'
bad "two native cells" '.benchmarks[3].role = "cell"' 'is the second of its kind in its group'
bad "no mode" 'del(.benchmarks[0].mode)' "${first}\"mode\" is missing"
bad "no raw ticks" 'del(.benchmarks[0].ticks_n)' "${first}\"ticks_n\" is missing"
bad "an offset too few" 'del(.benchmarks[0].ticks_n[15])' \
	"${first}ticks_n has 15 offsets, its group's \"taken\" 16"
bad "a batch too few" 'del(.benchmarks[0].ticks_2n[7][0])' \
	"${first}ticks_2n[7] has 12 batches, its group's \"taken\" 13"
bad "ticks that are none" '.benchmarks[0].ticks_n[2][3] = "x"' \
	"${first}ticks_n[2][3] is not a number of ticks"
bad "ticks below 0" '.benchmarks[0].ticks_n[2][3] = -1' "ticks_n[2][3] is not a number of ticks"
bad "an address too few" 'del(.benchmarks[4].address[15])' \
	"address has 15 offsets, its group's \"taken\" 16"
bad "compared with what is not there" \
	'(.benchmarks[] | select(.vs and .op == "save_fl").vs.of) = "indirect/seed"' \
	'group "save_fl/native/dense/warm" is compared with "indirect/seed", and has no such cell'
bad "no passes" '.benchmarks[0].reps = 0' "${first}copies_n or reps is 0"
bad "filler that was not timed" 'del(.benchmarks[0])' \
	'group "restore_fl/native/line/warm" has filler and no benchmark of role "empty"'
bad "a list" '[.]' '"schema" is missing'

head -c 20000 "$work/base.json" >"$work/bad.json"
says 2 "not JSON" "$work/bad.json" && grep -q "bad.json: line [0-9]*, column" "$work/said"
verdict $? "bad: half a file"
says 2 "none.such: cannot be opened: No such file or directory" "$work/none.such"
verdict $? "bad: no file"
says 2 "cannot be" "$work"
verdict $? "bad: a folder"
says 2 "no FILE"
verdict $? "bad: no argument"
says 2 "unrecognized option" --hourly "$work/base.json"
verdict $? "bad: an unknown option"
says 2 "is not an extended expression" --only '(' "$work/base.json"
verdict $? "bad: an expression"
says 2 'no group of' --only nothing "$work/base.json"
verdict $? "bad: no such group"
jq '.context.cpu.stepping = 3' "$work/base.json" >"$work/bad.json"
says 2 "is of GenuineIntel 6-cf-3, A CPU, x86_64, but" "$work/base.json" "$work/bad.json" &&
	[[ $(wc -l <"$work/said") -eq 1 ]]
verdict $? "bad: files of two CPUs"
jq '.context.arch = "ia32"' "$work/base.json" >"$work/bad.json"
says 2 "give reports of one machine" "$work/base.json" "$work/bad.json"
verdict $? "bad: files of two architectures"
says 2 "none.such: cannot be opened" "$work/base.json" "$work/none.such" &&
	[[ $(wc -l <"$work/said") -eq 1 ]]
verdict $? "bad: the second of two, and nothing is printed of the first"

# Several reports.

for seed in 1 2 3 4 5; do
	"$make" $seed noise 1.007 16 13 >"$work/run$seed.json"
done
says 0 "5 reports: GenuineIntel 6-cf-2, A CPU, x86_64" "$work"/run?.json &&
	[[ $(column native/ccall/inline 2) == 5 ]] &&
	[[ $(grep -c "in 5 of 5" "$work/said") -eq 2 ]]
verdict $? "five reports: a row a cell, and the twins the same in 5 of 5"

# field KEY: of the restore_fl/ccall/indirect cell in the five, in order
field()
{
	jq -s \
		"map(.benchmarks[] | select(.name == \"restore_fl/native/ccall/indirect/line/warm\") | .$1) | sort" \
		"$work"/run?.json
}

{
	field median_ticks | jq -r '(.[2], .[0], .[4]),
		((add / 5) as $m | 100 * ((map((. - $m) * (. - $m)) | add / 4) | sqrt) / $m)'
	field vs.ratio | jq -r '.[2], .[0], .[4]'
	for v in same faster slower margin inconclusive; do
		field vs.verdict | jq "map(select(. == \"$v\")) | length"
	done
} >"$work/want"
"$tool" --csv "$work"/run?.json | grep "^restore_fl.*indirect" | tr , '\n' | tail -n +4 >"$work/got"
paste "$work/want" "$work/got" >"$work/said"
[[ $(wc -l <"$work/got") -eq 12 && $(wc -l <"$work/want") -eq 12 ]] &&
	awk '{ d = $1 - $2; if (d < -0.002 || d > 0.002) exit 1 }' "$work/said"
verdict $? "its figures are those that jq finds in the five"
[[ $(sed -n '8,$p' "$work/got" | sort -n | tail -n 1) -lt 5 ]]
verdict $? "and not all five verdicts are one"

jq 'del(.benchmarks[-1])' "$work/run2.json" >"$work/short.json"
says 0 "left out: save_fl/native/ccall/inline/dense/warm of" "$work/short.json" "$work/run1.json"
verdict $? "what only a later file has is named"
jq "$cell.vs.ratio += 0.001" "$work/run3.json" >"$work/run3.new"
mv "$work/run3.new" "$work/run3.json"
says 1 "run3.json: restore_fl/native/ccall/indirect/line/warm: vs.ratio is stated as" \
	"$work"/run?.json
verdict $? "a doctored number in one of five is found"

echo "1..$count"
