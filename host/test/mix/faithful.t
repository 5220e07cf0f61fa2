#!/bin/bash
# faithful.t: docs/paths.md has what faithful.sh makes of what is measured here and of the mixes.
# SPDX-License-Identifier: GPL-2.0-only
. host/test/lib/boot.sh
readonly page=docs/paths.md

# on_page ARCH: the table between its marks
on_page() { sed -n "/^<!-- faithful: $1 -->\$/,/^<!-- \\/faithful -->\$/p" $page | grep '^|'; }

for arch in x86_64 ia32; do
	disk/run.sh --image out/parapatch.img --arch $arch --accel tcg --quiet \
		--set 'plan = paths' --set 'modes = native' --results "$work/$arch" \
		>"$work/said" 2>&1
	is $? 0 "$arch: the paths are run"
	report=$(ls "$work/$arch"/*.json)
	host/mix/faithful.sh "$report" >"$work/table.$arch" 2>"$work/err"
	is "$? $(cat "$work/err")" "0 " "$arch: their ops are held against Linux's"
	is "$(cat "$work/table.$arch")" "$(on_page $arch)" "$arch: $page has that table"
done

# One op more in a unit of ours, or in a record, is another table.
jq '(.paths[] | select(.op == "path:null_call") | .ops.irq_enable) += 1' "$report" \
	>"$work/more.json"
is "$(host/mix/faithful.sh "$work/more.json" | diff "$work/table.ia32" - | grep '^>')" \
	"> | \`null_call\` | irq_enable | 2 | 2.00 | 1.00 |" "an op more in a unit is seen"
cp -r results/mixes "$work/mixes"
sed -i 's/"CLI": *1000,/"CLI": 4000,/' "$work/mixes/6.1-686/call.json"
is "$(host/mix/faithful.sh --mixes "$work/mixes" "$report" | diff "$work/table.ia32" - |
	grep '^>')" "> | \`null_call\` | irq_disable | 1 | 4.00 | 0.25 |" "and another record"
rm "$work/mixes/6.1-686/pipe.json"
host/mix/faithful.sh --mixes "$work/mixes" "$report" >"$work/said" 2>&1
is "$? $(cat "$work/said")" "1 faithful.sh: $work/mixes/6.1-686 has no pipe.json" \
	"a record that is not there is named"
jq 'del(.paths)' "$report" >"$work/none.json"
host/mix/faithful.sh "$work/none.json" >"$work/said" 2>&1
is "$? $(cat "$work/said")" \
	"1 faithful.sh: $work/none.json: it has no paths of which the ops were counted; $(
		)measure with plan = paths" "and so is a report without paths"
finish
