#!/bin/bash
# bench.t: core as a Linux process, on the CPU that is here.
# SPDX-License-Identifier: GPL-2.0-only
#
# Nothing here is a time.  The default plan in full length, and ratios of timings:
# host/test/deep/bench.t.
# shellcheck source=host/test/lib/boot.sh
. host/test/lib/boot.sh
. host/test/user/default_plan.sh

# The default plan, by few batches, with its mappings watched.  No time is looked at; where
# other work disturbed every try of a group, it is run again.
for try in 1 2 3 4 5; do
	run_default_plan 'offsets = 4' 'batches = 8' 'gap_us = 1000' 'budget_s = 0'
	grep -q 'the machine disturbed all of' "$work/1.json" || break
	echo "# run $try was disturbed"
done
default_plan_is_right

# Everything that can be run was, in every mode.
names() { sed -n "s/^$1(\([a-z0-9_]*\),.*/\1/ip" "include/list/$2.def"; }
jq -r '.benchmarks[] | select(.role == "cell") | [.op, .convention, .mode] | join(" ")' \
	"$work/1.json" | sort -u >"$work/cells"
awk -F'[(,\t ]+' '/^WORKLOAD/ { w = $2
	sub(/.*"[ \t]*,?[ \t]*(op|anchor|chain|plain|empty),/, "&@"); split($0, f, "@")
	split(f[2], r, ","); op = f[1] ~ /op,$/
	if (r[1] + 0 == 3) {
		print w, "native native"
		if (op) for (c = 0; c < 2; c++) for (m = 0; m < 2; m++)
			print w, c ? "seed" : "ccall", m ? "indirect" : "inline"
	}
}' include/list/workload.def | sort >"$work/want"
is "$(cat "$work/cells")" "$(cat "$work/want")" \
	"every workload that ring 3 may run, in every convention and mode"
# calls MODE: how many of its cells, how many with a call in their sites
calls() { jq -r --arg m "$1" '[.benchmarks[] | select(.mode == $m)] |
	"\(length) \(map(select(.site | join(" ") | test("ff 15"))) | length)"' "$work/1.json"; }
read -r inline left indirect called <<<"$(calls inline) $(calls indirect)"
[ "$inline" -gt 0 ] && [ "$left" = 0 ] && [ "$called" = "$indirect" ] && [ "$indirect" = "$inline" ]
ok $? "a patched cell has no call left in its sites, the others have"

# A replay's intervals meet, which is less than to agree: one as wide as its estimate meets much.
for budget in 2 8 20; do
	"$bench" 'mixes = 6.1-686/switch' 'workloads = save_fl' 'layouts = work' 'states = warm' \
		"budget_s = $budget" >"$work/replayed"
	! grep -qE 'of [0-9]+ meet$' "$work/replayed" || break
done
is "$(grep -oE '(meet|agree)$' "$work/replayed" | sort -u) $(tr -s ' \n' ' ' <"$work/replayed" |
	grep -c 'Meet: their 95% intervals do')" "meet 1" \
	"intervals of a replay meet, and nothing agrees"

# It listens before the run, as long as there is something to be had from it.
is "$(sed -n 's/^\(Listened for [0-9.]* s: \).*/\1/p' "$work/out" | wc -l) $(grep -c '^Expect' \
	"$work/out")" "1 0" "without a budget it listens to the clock alone"
# On a busy machine two seconds are too short for intervals.  The bound on a gap is the usual one:
# by a wide one a batch keeps what a hypervisor took out of it, and where more than one in fifty
# comes to nothing by that, there is no ratio.
for budget in 2 8 8 20 60; do
	"$bench" -o "$work/heard.json" 'workloads = save_restore_fl' 'layouts = line' \
		'states = warm' "budget_s = $budget" >"$work/heard"
	! grep -q '^Intervals of so many' "$work/heard" || break
	echo "# a budget of $budget s was too short"
done
is "$(sed -n '/^Listened/s/ for .*//p; s/ warm[:,] .*//p' "$work/heard" | tr '\n' ' ')" \
	"Listened Expect Intervals of so many blocks, expected before and reached: " \
	"with one it says what to expect, and afterwards what came of it"
is "$(jq -r '.listen | .states.warm as $w | [has("smis"), .gaps == .gaps, $w.group,
	$w.blocks >= 6, $w.blocks <= 24, $w.expected_blocks >= 6, $w.resolution >= 0.01,
	$w.reached > 0, (.states | keys)[]] | join(" ")' "$work/heard.json" 2>&1)" \
	"false true save_restore_fl/native/line/warm true true true true true warm" "and the report has it"

# Every batch has its probes, and is of a regime.
is "$(jq -r 'if .tsc_step_ticks > 64 then "too coarse" else
	[(.groups | all(.taken == (.probe_first | map(length)) and .taken == (.probe_last |
		map(length)) and .taken == (.probe_chain | map(length)))),
	 ([.groups[] | .probe_first, .probe_last, .probe_chain | .[][]] | min > 100),
	 ([.groups[].taken[]] | add) == ([.regime[].batches[]] | add),
	 (.regime | length), .regime[0].wide > 700] | join(" ") end' "$work/1.json" 2>&1)" \
	"true true true 1 true" "the core's width is measured at both ends of every batch"
has "$work/out" 'This core was ' "and the table says what came of it"

# What may not be run is named, once, in one piece.
sed -n 's/^WORKLOAD(\([a-z0-9_]*\),.*[a-z], 0, [01], IF.*/\1/p' include/list/workload.def |
	sort >"$work/want"
sed -e ':a' -e 'N' -e '$!ba' -e 's/\n    / /g' "$work/out" |
	sed -n 's/^Left out: \(.*\): this ring may not run them\..*/\1/p' | sed 's/, /\n/g' | sort >"$work/got"
is "$(cat "$work/got")" "$(cat "$work/want")" "workloads that ring 3 may not run are named"
is "$(grep -c "^Not run in ring 3" "$work/out")" 0 "in one list"
# rows LIST: a line each, its words in one piece
rows()
{
	sed -e ':more' -e '/^[A-Z0-9_]*(.*[^)]$/ { N; s/\n[ \t]*/ /; b more' -e '}' -e 's/" "//g' \
		"include/list/$1.def"
}
awk -F'"' '
	/^RING3/ { split($1, f, /[(,\t ]+/); what[f[2]] = $2; may[f[2]] = f[3] }
	/^OP\(/ { split($1, f, /[(,\t ]+/)
		print f[2], may[f[5]] ? "-" : "not called by the op check", "(" what[f[5]] ")" }
' <(rows ring3) <(rows op) | sort >"$work/want"
# One line again, and then a line an op.
sed -n '/ of 84 ops/,$p' "$work/out" | sed -e ':a' -e 'N' -e '$!ba' -e 's/\n    / /g' |
	sed -n 's/^\([0-9]*\) of 84 ops\(.*\) \((.*)\): \([a-z0-9_A-Z ]*\)$/\1|\2|\3|\4/p' |
	awk -F'|' '{ n = split($4, op, " "); for (i = 1; i <= n; i++)
		print op[i], ($2 == "" ? "-" : substr($2, 2)), $3 }' | sort >"$work/got"
is "$(cat "$work/got")" "$(cat "$work/want")" "all ops are named, each once, with its reason"
is "$(grep -c . "$work/got")" 84 "84 of them"
privileged=$(sed -n 's/^WORKLOAD(\([a-z0-9_]*\),.*[a-z], 0, [01], IF.*/\1/p' \
	include/list/workload.def | paste -sd, | sed 's/,/, /g')
is "$(jq -r .left_out "$work/1.json")" "Left out: $privileged: this ring may not run them." \
	"the report names them too"
# Five cells for each of them in each layout warm, and in line in each cold state.
is "$(jq .skipped.privileged "$work/1.json")" $((5 * $(echo "$privileged" | wc -w) * (3 + 2))) \
	"and has how many cells they would have been"
is "$(jq -r '.context.ops_check | to_entries[] | select(.value | type == "string") |
	"\(.key) \(.value | if startswith("not run: ") then "not called by the op check"
		else "-" end) (\(.value | sub("^[a-z ]*: "; "")))"' \
	"$work/1.json" | sort)" "$(cat "$work/want")" "the same list is in the report"
is "$(awk 'length($0) > 80 || / $/' "$work/out")" "" \
	"no line for people is longer than 80 columns, or ends in blanks"

# The table's ops: those that ring 3 can have cells or a reason of their own, the others say
# that it may not run them.
for try in 1 2 3 4 5; do
	status=0
	"$bench" -o "$work/ops.json" 'plan = ops' 'offsets = 4' 'batches = 8' 'gap_us = 1000' \
		'budget_s = 0' >"$work/out" 2>&1 || status=$?
	grep -q 'the machine disturbed all of' "$work/ops.json" || break
	echo "# run $try was disturbed"
done
is "$status $(jq -r .status "$work/ops.json")" "0 complete" "plan = ops: complete"
jq -r '.ops[] | select(.left_out // "" | test("^this CPU lacks ")).workload' "$work/ops.json" |
	sort >"$work/lacks"
rows table | sed -n -e 's/^TABLE(\([a-z0-9_]*\), *"[^"]*", *[a-z0-9_]*, *\([03]\),.*/\1 \2/p' \
	-e 's/^INSTRUCTION(\([a-z0-9_]*\), *"[^"]*", *\([03]\),.*/\1 \2/p' \
	-e 's/^TABLE_TOO(\([a-z0-9_]*\),.*/\1 too/p' | grep -vE '^(safe_)?halt ' |
	while read -r op ring; do
		[ "$ring" != too ] || ring=$(sed -n \
			"s/^WORKLOAD($op,.*[a-z], \([03]\), [01], IF.*/\1/p" \
			include/list/workload.def)
		grep -qx "$op" "$work/lacks" || echo "$op $ring"
	done | sort >"$work/want"
jq -r '([.benchmarks[] | select(.role == "cell" and (has("error_message") | not)).op] | unique)
	as $timed | .ops[] | select(.hazard != "dangerous"
		and (.left_out // "" | test("^this CPU lacks ") | not)) | "\(.workload) \(
	if .left_out == "this ring may not run it" then 0
	elif .workload | IN($timed[]) then 3 else .left_out // "?" end)"' \
	"$work/ops.json" | sort >"$work/got"
is "$(cat "$work/got")" "$(cat "$work/want")" \
	"plan = ops: what ring 3 may run, and of the others that it may not"
is "$(jq '[.benchmarks[] | select(.role == "cell").op] | unique | length > 20' \
	"$work/ops.json") $(jq -r '.ops[] | select(.workload == "halt").left_out' \
	"$work/ops.json")" "true this ring may not run it" \
	"plan = ops: a dangerous one would not be timed if it were named"

is "$(sed -e ':a' -e 'N' -e '$!ba' -e 's/\n    / /g' "$work/out" |
	grep -c '^Left out: .*irq_disable, .*, halt.*: this ring may not run them')" 1 \
	"what it may not run is said before it, however long that is"

# An op whose native cell is a call too is compared with the call through the table.
of() { jq -c '[.benchmarks[] | select(.op == "const_udelay" and .vs).vs.of] | unique' "$1"; }
is "$(of "$work/ops.json")" '["indirect/ccall"]' \
	"plan = ops: where native is a call no verdict is against it"
jq '(.benchmarks[] | select(.op == "const_udelay" and .vs).vs.of) |= "native"' \
	"$work/ops.json" >"$work/against.json"
status=0
"$report" "$work/against.json" >"$work/again" 2>&1 || status=$?
is "$status $(grep -c 'vs.of.*native' "$work/again")" "1 1" "and the report tool sees one that is"
rm "$work/against.json"

# Every CPU there is, one after the other; what is looked at is where it was timed.
"$bench" -o "$work/cpus.json" 'cpus = all' 'workloads = save_fl' 'layouts = dense' \
	'states = warm' 'offsets = 1' 'batches = 2' 'gap_us = 1000' 'budget_s = 0' >"$work/out" 2>&1
is "$(jq '.cpus | length' "$work/cpus.json")" "$(getconf _NPROCESSORS_CONF)" \
	"cpus = all: every CPU of the machine is in the report"
is "$(jq -c '[.groups[].cpu] | unique' "$work/cpus.json")" \
	"$(jq -c '[.cpus[] | select(.not_run | not) | .cpu] | sort' "$work/cpus.json")" \
	"and each that may be run on has its groups"
is "$(jq '[.cpus[] | select(.boot)] | length' "$work/cpus.json")" 1 "one is the boot CPU"

# Bad arguments: status 2, one line that names the thing, and nothing half done.
echo "of old" >"$work/old.json"
# refuses TEXT ARGUMENT...
refuses()
{
	local want=$1
	shift
	status=0
	"$bench" "$@" >"$work/out" 2>"$work/err" || status=$?
	is "$status $(wc -l <"$work/err") $(wc -c <"$work/out")" "2 1 0" \
		"bench-host $*: status 2, one line"
	has "$work/err" "$want" "that names it"
}
none=(-o "$work/none.json")
refuses 'unknown key "frob"' "${none[@]}" 'frob = 1'
refuses 'write key = value' "${none[@]}" frob
refuses 'cpus: there is no CPU 1023; this machine has' "${none[@]}" 'cpus = 1023'
refuses 'cpus takes boot, all, or numbers from 0 to 1023' "${none[@]}" 'cpus = 0-3'
refuses 'bad number "17"' "${none[@]}" 'offsets = 17'
refuses 'unknown name "cosy"' "${none[@]}" 'states = cosy'
refuses 'no cell: this ring may run none' "${none[@]}" 'workloads = cli_sti irq_disable'
refuses 'no cell: this ring may not run the STI of these modes' "${none[@]}" \
	'workloads = restore_fl' 'modes = test_sti'
refuses 'no cell: what is no op is timed in mode and convention native' "${none[@]}" \
	'workloads = lfence' 'modes = inline'
refuses 'no cell: mode native' "${none[@]}" 'workloads = save_fl' 'modes = native' \
	'conventions = seed ccall'
refuses 'no cell: a group would have more than 128 cells' "${none[@]}" 'conventions = all' \
	'modes = all' 'paddings = all'
refuses 'unknown key "backend"' "${none[@]}" 'backend = native'
refuses 'unknown name "vmi"; backends takes all or some of native, xen_smp' "${none[@]}" \
	'backends = native vmi'
refuses 'unknown name "poison"; paddings takes all or some of long, prefix, single, jump' \
	"${none[@]}" 'paddings = poison'
refuses 'one: not the number of a CPU' "${none[@]}" -c one
refuses '1x: not the number of a CPU' "${none[@]}" -c 1x
refuses '-1: not the number of a CPU' "${none[@]}" -c -1
cpus=$(getconf _NPROCESSORS_CONF)
for n in "$cpus" 1023 1000000; do
	refuses "-c: there is no CPU $n; this machine has $cpus, of numbers from 0 to" \
		"${none[@]}" -c "$n"
done
refuses '-c: cpus has the numbers of CPUs already' "${none[@]}" -c 0 'cpus = 0'
refuses 'bad CPUs "boot"; it stands alone' "${none[@]}" 'cpus = boot all'
refuses 'takes 0.1% to 10%, in steps of 0.1%' "${none[@]}" 'precision = 1.05%'
refuses '-c: something must follow' "${none[@]}" -c
refuses '-z: no such option' "${none[@]}" -z
refuses '--frob: no such option' "${none[@]}" --frob
refuses "$work/no/such.json: the report cannot be written" -o "$work/no/such.json"
refuses "$work: the report cannot be written" -o "$work"
[ ! -e "$work/none.json" ]
ok $? "none of them made a report"
refuses 'unknown key' -o "$work/old.json" 'frob = 1'
refuses 'no cell' -o "$work/old.json" 'workloads = cli_sti'
is "$(cat "$work/old.json")" "of old" "nor changed one"

"$bench" -h >"$work/out" 2>"$work/err"
is "$? $(cat "$work/err")" "0 " "-h is no error"
for key in $(names '[A-Z]*' config); do
	grep -q "^  $key " "$work/out" && grep -q "^$key = " "$work/out" || echo "$key"
done >"$work/got"
is "$(cat "$work/got")" "" "and tells of every key"

tiny=('workloads = nop' 'offsets = 1' 'batches = 1')
status=0
"$bench" -o "$work/full.json" "${tiny[@]}" >/dev/full 2>"$work/err" || status=$?
is "$status $(wc -l <"$work/err") $(jq -r .status "$work/full.json")" "1 1 complete" \
	"standard output that takes nothing: status 1, and the report is there"
status=0
"$bench" -o /dev/full "${tiny[@]}" >/dev/null 2>"$work/err" || status=$?
is "$status $(wc -l <"$work/err")" "1 1" "a report that does not fit: status 1"

# What is open after the first pass is timed on; how far that comes is the machine's matter.
status=0
"$bench" -o "$work/budget.json" 'seed = 7' 'workloads = save_fl imul_chain' 'layouts = dense' \
	'states = warm' 'offsets = 4' 'batches = 6' 'gap_us = 1000' 'budget_s = 3' \
	'precision = 0.5%' >"$work/out" 2>"$work/err" || status=$?
is "$status $(cat "$work/err")" "0 " "a budget of three seconds"
is "$(jq '[.budget_s, .precision_permille, .rounds.decided + .rounds.open
	== ([.benchmarks[] | select(.vs and .role == "cell")] | length)] | tojson' \
	"$work/budget.json")" \
	'"[3,5,true]"' "its report has it, and every verdict is decided or open"
jq -e '[.groups[] | .looks > 0 and .looks_from == .first_blocks
	and (.taken | length) == (.offsets | length) and (.taken | length) > 4] | all' \
	"$work/budget.json" >/dev/null
ok $? "four offsets decide nothing: all went on"
jq -e '[.benchmarks[].vs | values | (.verdict == "inconclusive") == has("why")] | all' \
	"$work/budget.json" >/dev/null
ok $? "what is inconclusive says why, and nothing else does"
"$report" "$work/budget.json" >"$work/again"
is $? 0 "and every number and verdict follows from the raw ticks"

# A run that is ended says so.
"$bench" -o "$work/killed.json" 'batches = 1000' 'gap_us = 1000' >/dev/null &
pid=$!
for ((i = 0; i < 100; i++)); do
	! jq . "$work/killed.json" >/dev/null 2>&1 || break
	sleep 0.1
done
kill -KILL "$pid"
wait "$pid" 2>/dev/null
is "$(jq -r .status "$work/killed.json")" running \
	"a run that was killed left a report that says running"

# bench.sh, in a place of its own.
mkdir -p "$work/tree/out/host"
ln -s "$bench" "$work/tree/out/bench-host"
ln -s "$report" "$work/tree/out/host/report"
cd "$work/tree" || exit 1
sh=$root/host/user/bench.sh
cp "$work/1.json" out/bench-host.json
status=0
"$sh" run 'frob = 1' >"$work/out" 2>"$work/err" || status=$?
is "$status $(find . -name '*.json')" "2 " \
	"bench.sh run: bad settings keep nothing, not even what was there"
"$sh" run "${tiny[@]}" >"$work/out" && "$sh" run "${tiny[@]}" >"$work/out"
is "$? $(find results -name '*.json' | sed 's,.*/,,' | sort | tr '\n' ' ')" \
	"0 0001.json 0002.json " \
	"two runs keep two reports"
has "$work/out" "report: results/$(jq -r '.context.cpu.vendor' "$work/1.json" |
	tr -c 'A-Za-z0-9.\n-' _)-" \
	"in a folder named after the CPU"
"$sh" repeat 2 "${tiny[@]}" >"$work/out" 2>"$work/err"
is $? 0 "bench.sh repeat"
has "$work/out" "2 reports" "prints how far they are apart"
for n in 0 x -1 ''; do
	status=0
	"$sh" repeat "$n" >"$work/out" 2>"$work/err" || status=$?
	is "$status $(wc -l <"$work/err")" "2 1" "repeat '$n' is refused"
done

finish
