#!/bin/bash
# boot.t: boots the image as a user does; the report, and what goes wrong.
# SPDX-License-Identifier: GPL-2.0-only
. host/test/lib/boot.sh

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

# What the exact table says of the cells of the default run.
host/exact/exact.sh --print presets >"$work/rows" || exit

# rows ARCH: those of them that are ops
rows()
{
	awk -v ops=" $(sed -n 's/^WORKLOAD(\([a-z0-9_]*\),.*[	 ]op, .*/\1/p' include/list/workload.def | xargs) " \
		-v arch="$1" '$1 == arch && index(ops, " " $2 " ") { n++ }
		END { print n + 0 }' "$work/rows"
}

# cells NAME PATTERN: how many cell lines fit
cells() { grep -c "^cell .*$2" "$work/$1.log"; }

# as_one NAME PHRASE WHAT: one line begins with parapatch:, and it has the phrase
as_one()
{
	is "$(grep -c '^parapatch: ' "$work/$1.log")" 1 "$3: one line"
	has "$work/$1.log" "$2" "$3: it names the thing and the mend"
}

# follows NAME WHAT: every number of its report follows from the raw ticks
follows()
{
	out/host/report "$work/$1"/*.json >"$work/$1.check" 2>&1
	ok $? "$2: the report's numbers follow from its raw ticks"
	[[ $(tail -n 1 "$work/$1.check") =~ ^([0-9]+)\ of\ ([0-9]+)\ numbers ]] &&
		[ "${BASH_REMATCH[1]}" = "${BASH_REMATCH[2]}" ] && [ "${BASH_REMATCH[1]}" -gt 100 ]
	ok $? "$2: $(tail -n 1 "$work/$1.check")"
}

# lines ARCH: what the serial lines say besides cells
lines()
{
	local arch=$1 log=$work/$1.log word
	for word in build cpu microcode hypervisor features firmware text bios board clock \
		cycles anchored 'gaps before' 'gaps after' batches quiet run end; do
		is "$(grep -c "^parapatch $word" "$log")" 1 "$arch: a line: parapatch $word"
	done
	is "$(grep -c '^parapatch alternatives sites=6 applied=6 as_built=0 direct=1 ' "$log")" 1 \
		"$arch: alternatives are applied"
	is "$(jq -c .context.alternatives "$work/$arch"/*.json)" '{"sites":6,"applied":6,"direct":1}' \
		"$arch: and the report says so"
	is "$(grep -c '^parapatch alternatives verified=yes restored=yes$' "$log")" 1 \
		"$arch: and were there to the end, and taken back"
	is "$(grep -c '^clock source=' "$log")" 7 "$arch: every source of the TSC's rate has its line"
	is "$(grep -c '^anchor name=.* verdict=unknown-model ' "$log")" 7 \
		"$arch: anchors are timed, and compared with nothing in an emulator"
	is "$(grep '^parapatch quiet ' "$log" | field nmi)" 0 "$arch: NMIs in windows: none"
	is "$(grep '^parapatch quiet ' "$log" | field smi)" unknown "$arch: SMIs cannot be counted here, and that is said"
	has "$log" "TSC " "$arch: the TSC's rate is on the screen"
	has "$log" "not said to be invariant" "$arch: and that it is not said to be invariant"
	has "$log" "Cold states are left out: an emulator" "$arch: what the plan leaves out is said"
	has "$log" "An emulator runs this" "$arch: whose numbers these are is said"
}

# good ARCH: the default run, all of it
good()
{
	local arch=$1 report n
	boot "$arch" --arch "$arch" --accel tcg
	is "$status" 0 "$arch: the default plan runs to its end"
	for n in dense line work; do
		has "$work/$arch.log" "$n, warm " "$arch: the table has layout $n"
	done
	is "$(grep -c 'normal paravirt          paravirt-patch' "$work/$arch.log")" 3 \
		"$arch: with the seed's three columns"
	has "$work/$arch.log" "parapatch end status=complete" "$arch: the end marker is there"
	is "$(cells "$arch" ' role=cell .*layout=\(dense\|line\|work\) state=warm ')" \
		$((3 * $(rows "$arch") + $(grep -c "^$arch " "$work/rows") - $(rows "$arch"))) \
		"$arch: a cell for every row: ops in three layouts, the others in one"
	is "$(cells "$arch" ' state=cold')" 0 "$arch: no cold state in an emulator"
	is "$(cells "$arch" '')" "$(grep -c '^cell status=ok ' "$work/$arch.log")" "$arch: all are ok"
	is "$(cells "$arch" ' role=cell .*mode=inline')" \
		$((3 * $(grep -c "^$arch .* inline " "$work/rows"))) "$arch: every op is patched in every layout"
	is "$(grep -c '^cell .* role=twin ' "$work/$arch.log")" "$(grep -c '^group ' "$work/$arch.log")" \
		"$arch: every group has its A/A twin"
	is "$(grep -c ' 0 failed' "$work/$arch.log")" 1 "$arch: no op fails its check"
	lines "$arch"
	echo "# $arch: the application took $(grep '^parapatch end ' "$work/$arch.log" | sed 's/.*app_ms=//') ms"
	is "$(ls "$work/$arch" | wc -l)" 1 "$arch: one report"
	report=$(echo "$work/$arch"/*.json)
	is "$(jq -r .status "$report")" complete "$arch: its status is complete"
	is "$(jq '.benchmarks | length' "$report")" "$(cells "$arch" '')" "$arch: it has a benchmark for every cell"
	jq -e '.applied.native | to_entries | all(.value as $a |
		[$a["inline"], $a["direct-call"], $a["stub-call"], $a["jump"], $a["test-and-call"],
		 $a["kept-as-built"], $a["kept-no-form"], $a["kept-too-small"],
		 $a["kept-no-register"], $a["kept-out-of-reach"]] | add == $a.sites)' \
		"$report" >/dev/null
	ok $? "$arch: outcomes sum to the number of sites, in every mode"
	n=$(objdump -h "out/$arch/parapatch.elf" | awk '$2 == ".parainstructions" { print $3 }')
	is "$(jq -c '.applied.native.inline | [.inline, .sites]' "$report")" "[$((0x$n / 8)),$((0x$n / 8))]" \
		"$arch: every site that was built was patched inline"
	jq -e '.groups as $g | [.benchmarks[] | .group as $n |
		([$g[] | select(.name == $n)][0].taken) as $taken |
		.time_unit == "ns" and .n == ($taken | add)
		and ([.ticks_n[] | length]) == $taken and ([.ticks_2n[] | length]) == $taken] | all' \
		"$report" >/dev/null
	ok $? "$arch: every benchmark carries the raw ticks of all its batches"
	jq -e '[.groups[] | (.taken | length) == 16
		and .tried == (.taken | add) + (.dropped | add)] | all' "$report" >/dev/null
	ok $? "$arch: every batch that was tried is taken or dropped, with the reason"
	jq -e '.context | (.tsc.sources | length) == 7 and .disturbed.nmi == 0
		and .disturbed.smi_known == false and .tsc.invariant == false' "$report" >/dev/null
	ok $? "$arch: the report has the clock's sources, NMIs and SMIs"
	follows "$arch" "$arch"
	judged+=" $arch"
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
bad name "line $line: unknown name \"dence\"; layouts takes all or some of dense, line, work" 'layouts = dence'
# listed LIST [PATTERN]: its names, as a line of complaint has them
listed() { sed -n "/${2:-.}/s/^[A-Z]*(\\([a-z0-9_]*\\),.*/\\1/p" "include/list/$1.def" | sed 's/$/,/' | xargs | sed 's/,$//'; }
bad backend "line $line: unknown name \"xenn\"; backends takes all or some of $(listed backend)" 'backends = native xenn'
bad mode "line $line: unknown name \"inlined\"; modes takes all or some of $(listed mode)" 'modes = inlined'
bad convention "line $line: unknown name \"wide\"; conventions takes all or some of $(listed convention)" 'conventions = wide'
bad padding "line $line: unknown name \"poison\"; paddings takes all or some of $(listed padding '[[:space:]]1,')" 'paddings = poison'
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
	is "$(jq -r .left_out "$work/$name"/*.json | grep -cF "$phrase")" 1 "$name: and in the report"
	is "$(cells "$name" ' backend=\(xen\|pvm\) ')" 0 "$name: and not timed"
}
left feature "Left out: xen: this CPU lacks msr. Left out: pvm: this CPU lacks msr." \
	--cpu qemu64,-msr --set 'backends = native xen_up xen pvm'
is "$(jq '.skipped.feature > 0 and .skipped.isa == 0' "$work/feature"/*.json)" true "feature: and counted"
left architecture "Left out: pvm, vsmp: this architecture does not have them." \
	--arch ia32 --set 'backends = native pvm vsmp'
is "$(jq '.skipped.isa > 0 and .skipped.feature == 0' "$work/architecture"/*.json)" true "architecture: and counted"
boot anchors "${quick[@]}" --set 'states = cold_code' --set 'layouts = line' \
	--set 'workloads = irq_disable nop'
is "$status" 0 "cold states and an anchor: the anchor is timed"
is "$(cells anchors ' role=cell')" 1 "cold states and an anchor: and it alone"
has "$work/anchors.log" "Cold states are left out: an emulator has none (plan = full times them)." \
	"cold states and an anchor: and that is said"

# Plan full times them all the same.  Under icount every instruction takes 128 ns,
# so a batch in a cold state lasts longer than a window may.
boot full-plan "${quick[@]}" --set 'plan = full' --set 'workloads = save_fl' --set 'layouts = all' \
	--set 'states = cold_branch cold_code'
is "$status" 0 "plan full: runs to its end"
is "$(grep -o '^cell .*role=cell.*' "$work/full-plan.log" | sed 's/.* \(layout=[a-z]* state=[a-z_]*\) .*/\1/' | sort | uniq -c | xargs)" \
	"$(for l in dense line work; do for s in branch code; do echo "5 layout=$l state=cold_$s"; done; done | xargs)" \
	"plan full: every layout in every state"
follows full-plan "plan full"
is "$(jq '.batches.windows_overran > 0 and .batches.windows_overran == ([.groups[].windows_overran] | add)' \
	"$work/full-plan"/*.json)" true "windows that overran are counted, and by group"
has "$work/full-plan.log" ", $(jq .batches.windows_overran "$work/full-plan"/*.json) overran; seed" \
	"and the table says how many"
is "$(grep '^parapatch batches ' "$work/full-plan.log" | field overran)" \
	"$(jq .batches.windows_overran "$work/full-plan"/*.json)" "and the line of the batches"

# The same seed: the same orders and places, and under icount the same bytes.
# Another one: bodies, and so what their calls look like, are elsewhere.
for n in 42a:42 42b:42 43:43; do
	boot "seed-${n%:*}" "${quick[@]}" --set "seed = ${n#*:}" --set 'layouts = all'
	is "$(jq .seed "$work/seed-${n%:*}"/*.json)" "${n#*:}" "seed ${n#*:}: reported"
	grep '^\(cell\|group\) ' "$work/seed-${n%:*}.log" >"$work/seed-${n%:*}.cells"
	jq -c '.benchmarks, .groups' "$work/seed-${n%:*}"/*.json >"$work/seed-${n%:*}.benchmarks"
done
is "$(grep -c '^cell status=ok' "$work/seed-42a.cells")" "$(cells seed-42b '')" "the same seed: all cells are there"
cmp "$work/seed-42a.cells" "$work/seed-42b.cells"
ok $? "the same seed: the same lines"
cmp "$work/seed-42a.benchmarks" "$work/seed-42b.benchmarks"
ok $? "the same seed: the same raw ticks and addresses in the report"
! cmp -s "$work/seed-42a.benchmarks" "$work/seed-43.benchmarks"
ok $? "another seed: other places"
is "$(sed 's/ bytes=.*//;s/ largest_gap.*//' "$work/seed-42a.cells" | grep -c .)" \
	"$(sed 's/ bytes=.*//;s/ largest_gap.*//' "$work/seed-43.cells" | grep -cxFf <(sed 's/ bytes=.*//;s/ largest_gap.*//' "$work/seed-42a.cells"))" \
	"another seed: the same counts"

# What cannot be saved is on serial.
want_status=13
boot readonly "${quick[@]}" --readonly
is "$status" 13 "write-protected stick: not saved"
has "$work/readonly.log" "NOT saved: the stick is write protected" "write-protected stick: said so"
has "$work/readonly.log" "paravirt-patch" "write-protected stick: the table is on serial"
[ "$(grep -n 'NOT saved' "$work/readonly.log" | cut -d: -f1)" -gt "$(grep -n '^dense, warm ' "$work/readonly.log" | cut -d: -f1)" ]
ok $? "write-protected stick: said after the table"
boot full "${quick[@]}" --full --keep-image "$work/full.img"
is "$status" 13 "full stick: not saved"
has "$work/full.log" "NOT saved: the stick is full" "full stick: said so"
is "$(grep -c '^cell status=ok .* role=cell ' "$work/full.log")" 20 "full stick: every cell is on serial"
is "$(mdir -b -i "$work/full.img@@1M" ::/parapatch/ 2>/dev/null | grep -c json)" 0 \
	"full stick: no half report is left"
want_status=0

# What "make run" does, on a terminal: the bar moves, the report is kept, and so
# is the one before it.
cp --sparse=always out/parapatch.img "$work/run.img"
echo 'workloads = irq_save_restore cli_sti' >"$work/run.cfg"	# seconds, six groups
mcopy -o -i "$work/run.img@@1M" "$work/run.cfg" ::/parapatch.cfg
for n in 1 2; do
	script -qec "disk/make-run.sh $work/run.img x86_64" /dev/null >"$work/run$n" 2>&1
	kept[n]=$(sed -n 's/^Report kept: \([^ ]*\) (status complete).*/\1/p' "$work/run$n" | tr -d '\r')
	[ -f "${kept[n]}" ]
	ok $? "make run keeps its report, time $n"
	drawn=$(tr '\r' '\n' <"$work/run$n" | grep -ac '\[#*\.*\] ')
	[ "$drawn" -gt 3 ]
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

# poke FILE OFFSET BYTES: writes into the application of a copy of the image
poke_image()
{
	cp --sparse=always out/parapatch.img "$work/poked.img"
	cp out/x86_64/parapatch.efi "$work/poked.efi"
	printf "$2" | dd of="$work/poked.efi" bs=1 seek=$(($1)) conv=notrunc status=none
	mcopy -o -i "$work/poked.img@@1M" "$work/poked.efi" ::/EFI/BOOT/BOOTX64.EFI
	image=$work/poked.img
}

# section NAME: where it is in the file
section() { objdump -h out/x86_64/parapatch.efi | awk -v n="$1" '$2 == n { print "0x" $6, "0x" $4 }'; }

# A record that names another op: refused whole, no byte changed.
read -r offset _ <<<"$(section .parains)"
poke_image $((offset + 4)) '\x0d'
want_status=12
boot record "${quick[@]}"
is "$status" 12 "a corrupt record: refused"
has "$work/record.log" "record 0, site at 0x" "a corrupt record: named by number and address"
has "$work/record.log" "nothing was patched" "a corrupt record: nothing was patched"
is "$(cells record '')" 0 "a corrupt record: nothing was measured"

# A wrong form: cli's is made a NOP.  The cell's own check must see it.
# It is in native_forms[ISA_X86_64][OP_irq_disable]: rows of 16 bytes, the second ISA,
# bytes after the length and the clobbers.
read -r offset vma <<<"$(section .rodata)"
forms=0x$(nm out/x86_64/parapatch.elf | awk '$3 == "native_forms" { print $1 }')
ops=$(grep -c '^OP(' include/list/op.def)
op=$(grep '^OP(' include/list/op.def | grep -n '^OP(irq_disable,' | cut -d: -f1)
at=$((forms - vma + offset + (ops + op - 1) * 16 + 2))
is "$(od -An -tx1 -j $at -N 1 out/x86_64/parapatch.efi | tr -d ' ')" fa "the form of cli is where the test looks"
poke_image $at '\x90'
want_status=10
boot form "${quick[@]}"
is "$status" 10 "a wrong form: the run says that a check failed"
is "$(cells form ' role=cell op=irq_disable backend=native convention=\(seed\|ccall\) mode=inline .*why="body of one copy, as compiled, ')" 2 \
	"a wrong form: the patched cells are refused, by name, before bodies are made"
is "$(grep -c '^cell status=refused ' "$work/form.log")" 2 "a wrong form: and no others"
has "$work/form.log" "IF is 1 after it" "a wrong form: with what the check found"
is "$(jq -r .status "$work/form"/*.json)" check-failed "a wrong form: the report's status"
is "$(jq '[.benchmarks[] | select(.error_occurred) | has("real_time") or has("median_ticks")] | any' \
	"$work/form"/*.json)" false "a wrong form: a refused cell has no times"
is "$(jq '[.benchmarks[] | select(.error_occurred)] | length' "$work/form"/*.json)" 2 \
	"a wrong form: the report has them, as errors"
has "$work/form.log" "not timed: irq_disable, ccall, inline" "a wrong form: the table says so"
is "$(grep -c '^cell status=ok .*op=irq_disable .*mode=\(native\|indirect\) .* n=6 ' "$work/form.log")" 4 \
	"a wrong form: its unpatched cells and its twin are timed"
is "$(grep -c '^cell status=ok .* role=cell op=\(irq_enable\|save_fl\|restore_fl\) .* n=6 ' "$work/form.log")" 15 \
	"a wrong form: and the other ops"
! out/host/report "$work/form"/*.json >"$work/form.check" 2>&1
ok $? "a wrong form: the report tool does not take it for a result"
has "$work/form.check" 'status is "check-failed", not "complete"' "a wrong form: and says why"
finish
