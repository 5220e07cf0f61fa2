#!/bin/bash
# boot.t: boots the image as a user does; the report, and what goes wrong.
# SPDX-License-Identifier: GPL-2.0-only
. host/test/lib/boot.sh
. host/test/boot/good.sh

# A plan of four groups.
cat >"$work/small.cfg" <<'CFG'
workloads = irq_disable irq_enable save_fl restore_fl
layouts = dense
offsets = 2
batches = 3
CFG
readonly small=(--config "$work/small.cfg")
# Under icount waiting takes no time, and nothing depends on the host's load.
readonly quick=(--icount 7 "${small[@]}")

# good ARCH: the default run, all of it
good()
{
	boot "$1" --arch "$1" --accel tcg
	looks_good "$1" 16 timed
}

judged=
good x86_64
good ia32
is "$judged" " x86_64 ia32" "the default plan's boots were judged to the end"

# Bad input: one line that names the thing and the mend; nothing is measured.
want_status=11
bad()
{
	local name=$1 phrase=$2 set=() i
	shift 2
	for i; do set+=(--set "$i"); done
	boot "$name" "${quick[@]}" "${set[@]}"
	is "$status" 11 "$name: refused as a bad configuration"
	as_one "$name" "$phrase" "$name"
	is "$(cells "$name" '')" 0 "$name: nothing was measured"
	is "$(cat "$work/$name"/*.json 2>/dev/null | jq -r '.status, .error != null')" \
		"${want_report:-}" "$name: the report, if there can be one, says so"
}
line=$(($(wc -l <"$work/small.cfg") + 2))
bad unknown-key "\\parapatch.cfg line $line: unknown key \"batchs\"; keys are plan, " 'batchs = 3'
bad old-key "line $line: unknown key \"rounds\"; keys are " 'rounds = 3'
bad number "line $line: bad number \"17\"; offsets takes a whole number from 1 to 16" 'offsets = 17'
bad name "line $line: unknown name \"dence\"; layouts takes all or some of dense, line, work" \
	'layouts = dence'
# listed LIST [PATTERN]: its names, as a line of complaint has them
listed() { sed -n "/${2:-.}/s/^[A-Z]*(\\([a-z0-9_]*\\),.*/\\1/p" "include/list/$1.def" |
	sed 's/$/,/' | xargs | sed 's/,$//'; }
bad backend "line $line: unknown name \"xenn\"; backends takes all or some of $(listed backend)" \
	'backends = native xenn'
bad mode "line $line: unknown name \"inlined\"; modes takes all or some of $(listed mode)" \
	'modes = inlined'
bad convention \
	"line $line: unknown name \"wide\"; conventions takes all or some of $(listed convention)" \
	'conventions = wide'
bad padding "line $line: unknown name \"poison\"; paddings takes all or some of $(listed padding \
	'[[:space:]]1,')" 'paddings = poison'
bad no-setting "line $line: not a setting: \"offsets\"; write key = value" 'offsets'
want_report=$'failed\ntrue'
bad no-cells "no cell: mode native goes with convention native" \
	'modes = native' 'conventions = seed'
bad cold-alone "no cell: plan default has cold states in layout line alone: say plan = full" \
	'states = cold_code'
bad crowded "no cell: a group would have more than 128 cells" \
	'conventions = all' 'modes = all' 'paddings = all'
want_report=

# Where something is left over, what is not timed is said.
want_status=0

# left NAME PHRASE [run.sh options]: the run is complete, and says what it leaves out
left()
{
	local name=$1 phrase=$2
	shift 2
	boot "$name" "${quick[@]}" "$@"
	is "$status" 0 "$name: what there is is timed"
	has "$work/$name.log" "$phrase" "$name: what is left out is on the screen"
	is "$(jq -r .left_out "$work/$name"/*.json | grep -cF "$phrase")" 1 \
		"$name: and in the report"
	is "$(cells "$name" ' backend=\(xen\|pvm\) ')" 0 "$name: and not timed"
}
left feature "Left out: xen: this CPU lacks msr. Left out: pvm: this CPU lacks msr." \
	--cpu qemu64,-msr --set 'backends = native xen_up xen pvm'
is "$(jq '.skipped.feature > 0 and .skipped.isa == 0' "$work/feature"/*.json)" true \
	"feature: and counted"
left architecture "Left out: pvm, vsmp: this architecture does not have them." \
	--arch ia32 --set 'backends = native pvm vsmp'
is "$(jq '.skipped.isa > 0 and .skipped.feature == 0' "$work/architecture"/*.json)" true \
	"architecture: and counted"
boot anchors "${quick[@]}" --set 'states = cold_code' --set 'layouts = line' \
	--set 'workloads = irq_disable nop'
is "$status" 0 "cold states and an anchor: the anchor is timed"
is "$(cells anchors ' role=cell')" 1 "cold states and an anchor: and it alone"
has "$work/anchors.log" "Cold states are left out: an emulator has none (plan = full times them)." \
	"cold states and an anchor: and that is said"

# Plan full times them all the same.  Under icount every instruction takes 128 ns,
# so a batch in a cold state lasts longer than a window may.
boot full-plan "${quick[@]}" --set 'times = on' --set 'plan = full' \
	--set 'workloads = save_fl' --set 'layouts = all' --set 'states = cold_branch cold_code'
is "$status" 0 "plan full: runs to its end"
is "$(grep -o '^cell .*role=cell.*' "$work/full-plan.log" |
	sed 's/.* \(layout=[a-z]* state=[a-z_]*\) .*/\1/' | sort | uniq -c | xargs)" \
	"$(for l in dense line work; do for s in branch code; do echo "5 layout=$l state=cold_$s";
	done; done | xargs)" \
	"plan full: every layout in every state"
follows full-plan "plan full"
is "$(jq \
	'.batches.windows_overran > 0 and .batches.windows_overran == ([.groups[].windows_overran] | add)' \
	"$work/full-plan"/*.json)" true "windows that overran are counted, and by group"
has "$work/full-plan.log" \
	", $(jq .batches.windows_overran "$work/full-plan"/*.json) overran; seed" \
	"and the table says how many"
is "$(grep '^parapatch batches ' "$work/full-plan.log" | field overran)" \
	"$(jq .batches.windows_overran "$work/full-plan"/*.json)" "and the line of the batches"

# Twice the same: where instructions are counted the seed is 1 unless it is given, the same
# orders and places, and the same bytes.  Another one: bodies, and so what their calls look
# like, are elsewhere; and the same counts.
for n in 1a: 1b: 43:43; do
	seed=${n#*:}
	boot "seed-${n%:*}" "${quick[@]}" ${seed:+--set "seed = $seed"} --set 'layouts = all'
	is "$(jq .seed "$work/seed-${n%:*}"/*.json)" "${seed:-1}" "seed ${seed:-1}: reported"
	grep '^\(cell\|group\) ' "$work/seed-${n%:*}.log" >"$work/seed-${n%:*}.cells"
	sed -n '/^ *native paravirt /,/^An emulator runs this/p' "$work/seed-${n%:*}.log" \
		>"$work/seed-${n%:*}.table"
	jq -c '.benchmarks, .groups' "$work/seed-${n%:*}"/*.json >"$work/seed-${n%:*}.benchmarks"
	# What docs/ci.md lists: nothing else may differ.
	jq 'del(.context.date, .context.tsc.deviation_ppm, (.context.tsc.sources[]
		| select(.used != "yes") | .hz, .spread_ppm, .deviation_ppm))' \
		"$work/seed-${n%:*}"/*.json >"$work/seed-${n%:*}.report"
done
is "$(grep -c '^cell status=ok' "$work/seed-1a.cells")" "$(cells seed-1b '')" \
	"two runs: all cells are there"
[ -s "$work/seed-1a.table" ] && cmp "$work/seed-1a.table" "$work/seed-1b.table"
ok $? "two runs: the same table, byte for byte"
cmp "$work/seed-1a.cells" "$work/seed-1b.cells"
ok $? "two runs: the same lines"
cmp "$work/seed-1a.benchmarks" "$work/seed-1b.benchmarks"
ok $? "two runs: the same raw ticks and addresses in the report"
[ -s "$work/seed-1a.report" ] && diff "$work/seed-1a.report" "$work/seed-1b.report" | sed 's/^/# /'
[ "${PIPESTATUS[0]}" = 0 ]
ok $? "two runs: the same report but for when it was, and what other timers say of the TSC"
grep -q '^parapatch end status=complete app_guest_ms=[0-9]*$' "$work/seed-1a.log"
ok $? "instructions were counted: the end line's time is the guest's"
! cmp -s "$work/seed-1a.benchmarks" "$work/seed-43.benchmarks"
ok $? "another seed: other places"
cmp "$work/seed-1a.table" "$work/seed-43.table"
ok $? "another seed: the same table"
is "$(sed 's/ bytes=.*//;s/ largest_gap.*//' "$work/seed-1a.cells" | grep -c .)" \
	"$(sed 's/ bytes=.*//;s/ largest_gap.*//' "$work/seed-43.cells" |
	grep -cxFf <(sed 's/ bytes=.*//;s/ largest_gap.*//' "$work/seed-1a.cells"))" \
	"another seed: the same counts"

# What cannot be saved is on serial.
want_status=13
boot readonly "${quick[@]}" --readonly
is "$status" 13 "write-protected stick: not saved"
has "$work/readonly.log" "NOT saved: the stick is write protected" "write-protected stick: said so"
has "$work/readonly.log" "paravirt-patch" "write-protected stick: the table is on serial"
[ "$(grep -n 'NOT saved' "$work/readonly.log" | cut -d: -f1)" \
	-gt "$(grep -n '^ *native paravirt ' "$work/readonly.log" | cut -d: -f1)" ]
ok $? "write-protected stick: said after the table"
boot full "${quick[@]}" --full --keep-image "$work/full.img"
is "$status" 13 "full stick: not saved"
has "$work/full.log" "NOT saved: the stick is full" "full stick: said so"
is "$(grep -c '^cell status=ok .* role=cell ' "$work/full.log")" 20 \
	"full stick: every cell is on serial"
is "$(mdir -b -i "$work/full.img@@1M" ::/parapatch/ 2>/dev/null | grep -c json)" 0 \
	"full stick: no half report is left"
want_status=0

# What "make run" does, on a terminal: the bar moves, the report is kept, and so
# is the one before it.
cp --sparse=always out/parapatch.img "$work/run.img"
echo 'workloads = irq_save_restore cli_sti' >"$work/run.cfg"	# seconds, six groups
mcopy -o -i "$work/run.img@@1M" "$work/run.cfg" ::/parapatch.cfg
for n in 1 2; do
	# By times it takes longer, and the bar is seen at more places.
	times=$([ $n = 1 ] || echo --times)
	script -qec "disk/make-run.sh $work/run.img x86_64 $times" /dev/null >"$work/run$n" 2>&1
	kept[n]=$(sed -n 's/^Report kept: \([^ ]*\) (status complete).*/\1/p' "$work/run$n" |
		tr -d '\r')
	[ -f "${kept[n]}" ]
	ok $? "make run keeps its report, time $n"
	drawn=$(tr '\r' '\n' <"$work/run$n" | grep -ac '\[#*\.*\] ')
	[ "$drawn" -gt $((n == 1 ? 0 : 3)) ]
	ok $? "make run draws its progress: $drawn times"
done
[ "${kept[1]}" != "${kept[2]}" ]
ok $? "make run keeps each report by a name of its own"
rm -f "${kept[@]}"
rmdir "$(dirname "${kept[1]}")" 2>/dev/null

# No report is overwritten: a second boot of the same stick takes the next name.
boot first "${quick[@]}" --keep-image "$work/first.img"
image=$work/first.img
boot second "${quick[@]}" --keep-image "$work/second.img"
image=out/parapatch.img
is "$(mdir -b -i "$work/second.img@@1M" ::/parapatch/ | grep -c '000[12].json')" 2 \
	"a second boot leaves two reports on the stick"
name=$(basename "$work"/first/*-0001.json)
mcopy -n -i "$work/second.img@@1M" "::/parapatch/$name" "$work/kept.json"
cmp -s "$work/first/$name" "$work/kept.json"
ok $? "and the first is as it was"
is "$(grep -c 'does not put back' "$work/first.log")" 0 "a quiet window puts back what it found"

finish
