#!/bin/bash
# shipped.t: every mix of results/mixes is as its schema says and its counts add up; ship.sh makes
# one of a record, and refuses a record that cannot be believed, with its line.
# SPDX-License-Identifier: GPL-2.0-only
. host/test/lib/boot.sh
export LC_ALL=C
ship=host/mix/ship.sh
mapfile -t mixes < <(find results/mixes -name '*.json' | sort)

[ ${#mixes[@]} -gt 0 ]
ok $? "there are mixes: ${#mixes[@]}"
$ship --check "${mixes[@]}" >"$work/said" 2>&1
is "$? $(head -n 3 "$work/said")" "0 " "each is as its schema says, its counts add up"
is "$(jq -r '"results/mixes/\(.kernel)/\(.mix).json"' "${mixes[@]}")" \
	"$(printf '%s\n' "${mixes[@]}")" "each is where its names say"
is "$(jq -r '"\(.mix) \(.unit)"' "${mixes[@]}" | sort -u)" \
	"$(awk '!/^#/ { $2 = ""; sub("  ", " "); print }' host/mix/units | sort |
		join - <(jq -r .mix "${mixes[@]}" | sort -u))" \
	"each has its unit in the list's words"
is "$(jq -r 'select(.taken.command | test("(^|[ =])/")) | .kernel + " " + .mix' "${mixes[@]}")" "" \
	"how it was taken names no folder of one machine"
is "$(awk '!/^#/ { print $1 } END { print "floor" }' host/mix/units | sort)" \
	"$(host/mix/guest/boot.sh --rows | sort)" "every row has a unit, but the one with nothing in it"
is "$(awk '!/^#/ && $1 !~ /bench|boot/ { print $1, $2 }' host/mix/units | sort)" \
	"$(sed -n 's/.*\.name = "\([a-z_]*\)".* \.units = \([0-9]*\),.*/\1 \2/p' \
		host/mix/guest/*.c | grep -v floor | sort)" "and as many units as its program has"

is "$(sed -nE 's/^MIX_NAME\("([^"]*)".*/\1/p' include/list/mix_op.def | sort |
	comm -23 - <(sed -nE \
		's/^(OPCODE\(([A-Z0-9_]*),.*true\)|MEMBER\(([a-z0-9_]*),.*)$/\2\3/p' \
		include/list/mix_opcode.def include/list/linux_member.def | sort))" "" \
	"what is replayed are names that mixes may have"

# The pages' tables are of these files.
tables=host/mix/table.sh
# between PAGE: what is between its marks
between()
{
	sed -n '/^<!-- table.sh -->$/,/^<!-- .table.sh -->$/p' "$1" | sed '1,2d;$d' | sed '$d'
}
diff <(between docs/mixes.md) <($tables) >"$work/differ"
is "$? $(head -n 3 "$work/differ")" "0 " "docs/mixes.md has their tables"
diff <(between results/questions.md) <($tables --question) >"$work/differ"
is "$? $(head -n 3 "$work/differ")" "0 " "question 11 has its table"
sed '1,/^## 11/d' results/questions.md |
	sed -nE '/^\| row /d; s/^\| ([^|]*) (\|[^|]*){5}\| ([^|]*) \|$/\1|\3/p' >"$work/other"
is "$(cat "$work/other")" "$(between results/questions.md |
	awk -F ' *[|] *' 'NR > 2 { print $2 "|" $3 }')" "and the same counts in the other one"
cp -r results/mixes "$work/mixes"
for mix in "$work"/mixes/*/*.json; do
	sed -i -E 's/^(  "(STI|irq_enable)": | "opcodes_kernel".*"STI":)([0-9])/\11\3/' "$mix"
done
for page in '' --question; do
	# shellcheck disable=SC2086
	diff <($tables $page) <($tables $page --mixes "$work/mixes") >"$work/differ"
	is "$? $(grep -c '^[<>] |' "$work/differ" | sed 's/^[1-9][0-9]*$/some/')" "1 some" \
		"with other mixes a table is another${page:+ ($page)}"
done
$tables --mixes "$work/none" >"$work/said" 2>&1
is "$? $(cat "$work/said")" "1 table.sh: there are no mixes in $work/none" \
	"of none there is no table"

# A record of 20 units: a system call with an interrupt in the third; the op that disables is a
# site with an instruction more, the one that enables an opcode.
make_record()
{
	jq -n '
	[range(20) | if . == 2 then 1 else 0 end] as $irq | [$irq[] | 2 + .] as $ops
	| {instructions: {kernel: [$irq[] | 100 + 40 * .], user: [$irq[] | 10], site_rest: $ops},
		repeats: ([("kernel", "user") + ("_runs", "_iterations", "_bytes")]
			| map({(.): [$irq[] | 0]}) | add),
		events: {interrupts: $irq, faults: [$irq[] | 0], calls: [$irq[] | 1],
			unlisted: [$irq[] | 0], restarts: [$irq[] | 0]},
		ops: {irq_disable: $ops, STI: $ops}, opcodes_kernel: {CLI: $ops, STI: $ops},
		opcodes_user: {SYSCALL: [$irq[] | 1]}, opcodes_sites: {CLI: $ops},
		entries: {entry_SYSCALL_64: [$irq[] | 1], apic_timer_interrupt: $irq},
		watches: {__switch_to_asm: [$irq[] | 2]}} as $units
	| {format: "parapatch-record/1", mix: "fork", region: 1, emulator: "QEMU",
		command: ["qemu", "-cpu", "max", "-kernel", "out/kernel/KERNEL/vmlinuz",
			"-append", "quiet"],
		kernel_from: "0x8000000000000000",
		total: ($units | map_values(map_values(add)) | .instructions.user += 3),
		unit_count: 20, units: $units,
		sites: [{at: "0x1", op: "irq_disable", count: 30}, {at: "0x9", op: "irq_disable",
			count: 11}],
		gaps: [{from: "begin", to: "irq_disable", count: 1, sum: 7, user: 7, longest: 7,
				buckets: [0, 0, 0, 1]},
			{from: "irq_disable", to: "STI", count: 41, sum: 1021, user: 0, longest: 25,
				buckets: [1, 0, 0, 0, 0, 40]},
			{from: "STI", to: "irq_disable", count: 40, sum: 1079, user: 193,
				longest: 50, buckets: [0, 0, 0, 0, 0, 37, 3]},
			{from: "STI", to: "end", count: 1, sum: 13, user: 3, longest: 13,
				buckets: [0, 0, 0, 0, 1]}],
		unlisted: []}'
}

# plant NAME FILTER: a record of kernel 6.1-NAME, changed so
plant()
{
	local to=$work/records/6.1-$1
	mkdir -p "$to"
	jq "$2" "$work/record.json" | sed "s/KERNEL/6.1-$1/" >"$to/fork.1.json"
	echo "6.1-$1 row fork units 20 ok ctxt 5 45 processes 3 3 intr 9 10 pgfault 7 8" \
		>"$to/fork.line"
	echo 'record.sh -- qemu ' >"$to/fork.command"
	printf '%s\n' 'kernel linux-image 6.1' 'package dash 0.5' 'row-compiler gcc 12' >"$to/taken"
}

make_record >"$work/record.json"
plant good .
$ship --from "$work/records" --to "$work/a" >"$work/said" 2>&1
is "$? $(sed 's,.*/6,6,; s/[0-9]* bytes/N bytes/' "$work/said")" "0 6.1-good/fork.json: N bytes" \
	"a record becomes a mix"
$ship --from "$work/records" --to "$work/b" 6.1-good fork >"$work/said" 2>&1
cmp "$work/a/6.1-good/fork.json" "$work/b/6.1-good/fork.json"
ok $? "a second time it is the same bytes"
mix=$work/a/6.1-good/fork.json
is "$(jq -c '.units, .instructions, .ops, .sites, .sites_n, .proc' "$mix")" '20
{"kernel":2040,"user":200,"site_rest":41}
{"irq_disable":41,"STI":41}
{"irq_disable":[30,11]}
{"irq_disable":2}
{"switches":40,"processes":0,"interrupts":1,"faults":1}' "with the sums of its units"
is "$(jq -c '.pairs[-1], [.spread[]]' "$mix")" \
	'{"from":"STI","to":"end","count":1,"sum":10,"user":0,"longest":10,"buckets":[0,0,0,0,1]}
[[110,110,150],[4,4,6],364,18,18,0]' \
	"the three instructions behind the last unit are in none, nor in the gap that ends there"

# What is refused.  Each has a kernel's name, and the line that is said of it.
refusals=()
refuse() { plant "$1" "$2"; refusals+=("$1|$3"); }
refuse cut . "not JSON: Expecting ',' delimiter: line 21 column 1"
head -n 20 "$work/record.json" >"$work/records/6.1-cut/fork.1.json"
refuse version '.format = "parapatch-record/2"' 'there is no schema of its number, or it has none'
refuse lacks 'del(.total.events.calls)' 'total.events must contain calls'
refuse half '.gaps[1].sum = 1021.5' 'gaps[1].sum must be integer'
refuse name '.mix = "exec"' 'mix: exec was recorded, and not fork'
refuse other '.command |= map(sub("KERNEL"; "6.3"))' 'command: it boots another kernel'
refuse few '.unit_count = 19 | .units |= map_values(map_values(.[:19])) | .total = (.units | map_values(map_values(add)))' \
	'unit_count: 19, and the row did 20'
refuse short '.units.ops.STI |= .[:19]' 'units.ops.STI: 19 of 20 units'
refuse more '.units.ops.STI[4] = 9' 'units.ops.STI: they sum to 48, and total has 41'
refuse behind '.total.ops.STI = 42' 'total.ops.STI: 1 follow the last unit'
refuse unlisted '.unlisted = [{at: "0xff", count: 1}]' 'unlisted: something came to 0xff, which no entry explains'
refuse op '(.total, .units) |= (.ops.STUI = .ops.STI | del(.ops.STI)) | .gaps |= map((.from, .to) |= sub("STI"; "STUI"))' \
	'ops.STUI: no op is known as STUI'
refuse pair '.gaps[1].to = "CLI"' 'pairs to STI: 0 is stated, and it is 41'
refuse count '.gaps[1].count = 40 | .gaps[1].buckets[5] = 39' 'pairs from irq_disable: 40 is stated, and it is 41'
refuse bucket '.gaps[2].buckets[5] = 36' 'pairs[2], STI to irq_disable, count: 40 is stated, and it is 39'
refuse sum '.gaps[1].sum = 1031' 'instructions: 2240 is stated, and it is 2250'
refuse below '.gaps[1].sum = 600' 'pairs[1], irq_disable to STI, sum: 600 is stated, its buckets have 640 at least'
refuse site '.sites[0].count = 31' 'sites.irq_disable: they are 42, and ops.irq_disable is 41'
refuse opcode '(.total, .units) |= del(.opcodes_kernel.STI)' \
	'ops.STI: 41 is stated, opcodes_kernel has 0'
refuse entry '(.total, .units) |= del(.entries.apic_timer_interrupt)' 'entries: 20 is stated, and it is 21'
refuse switches '(.units.watches.__switch_to_asm[0], .total.watches.__switch_to_asm) -= 1' \
	'proc.switches: the kernel counted 40, the recorder 39'
refuse silent . 'proc: not there: the row said no counts'
sed -i 's/ ctxt .*//' "$work/records/6.1-silent/fork.line"
refuse line . 'its line says no units: line row fork failed: fork'
echo 'line row fork failed: fork' >"$work/records/6.1-line/fork.line"
refuse moved . 'its line is of 6.1-line fork'
sed -i s/6.1-moved/6.1-line/ "$work/records/6.1-moved/fork.line"
mkdir -p "$work/a/6.1-few"
echo old >"$work/a/6.1-few/fork.json"
$ship --from "$work/records" --to "$work/a" >"$work/out" 2>"$work/said"
is "$? $(wc -l <"$work/out") $(wc -l <"$work/said")" "1 1 ${#refusals[@]}" \
	"${#refusals[@]} records are refused, by a line each, and the good one is not"
for refusal in "${refusals[@]}"; do
	has "$work/said" "ship.sh: $work/records/6.1-${refusal%%|*}/fork.1.json: ${refusal#*|}" \
		"${refusal#*|}"
done
is "$(cd "$work/a" && find . -type f | sort | xargs) $(cat "$work/a/6.1-few/fork.json")" \
	"./6.1-few/fork.json ./6.1-good/fork.json old" "nothing of them is written, and what was there stays"

# What is there no more, and usage.
asks() { $ship "$@" >"$work/said" 2>&1; status=$?; }
rm "$work/records/6.1-good/taken"
asks --from "$work/records" 6.1-good
is "$status $(cat "$work/said")" \
	"1 ship.sh: $work/records/6.1-good/taken: it is not there, or empty" "a record that is not whole"
asks --from "$work/records" none fork
is "$status $(cat "$work/said")" \
	"1 ship.sh: $work/records/none/fork.1.json: it is not there, or empty" "a kernel without one"
asks --from "$work/none"
is "$status $(cat "$work/said")" "2 ship.sh: $work/none has no records" "no records at all"
asks good nosuch
is "$status $(cat "$work/said")" "2 ship.sh: there is no row nosuch in host/mix/units" "a row"
asks --check
is "$status $(cat "$work/said")" "2 ship.sh: --check wants a FILE" "nothing to check"

# A mix that was changed afterwards.
changed=()
change() { jq "$2" "$mix" >"$work/$1.json" && changed+=("$work/$1.json"); }
change ops '.ops.STI = 40'
change order '.sites.irq_disable = [11, 30]'
change begin 'del(.pairs[0])'
change spread '.spread.ops[2] = 4'
change faults '.proc.faults = 5'
change key '.more = 1'
$ship --check "${changed[@]}" "$mix" 2>"$work/said"
is "$? $(wc -l <"$work/said")" "1 6" "six mixes that were changed are refused, the seventh is not"
has "$work/said" "ops.json: pairs from STI: 41 is stated, and it is 40" "a count"
has "$work/said" "order.json: sites.irq_disable: not the highest first" "the order of sites"
has "$work/said" "begin.json: pairs from begin: 0 is stated, and it is 1" "no gap from the begin"
has "$work/said" "spread.json: spread.ops: [4,4,4] cannot be of 20 units with a sum of 82" \
	"a spread"
has "$work/said" "faults.json: proc.faults: the kernel counted 5, the recorder 0" "faults by /proc"
has "$work/said" "key.json:  must not contain {'more'}" "a key that is none"
finish
