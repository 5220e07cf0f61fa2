#!/bin/bash
# known.t: what the recorder counts of a kernel whose counts are known.
# SPDX-License-Identifier: GPL-2.0-only
. host/test/lib/boot.sh
. host/test/mix/known.sh
export LC_ALL=C

# Of region 1, unit by unit, and behind the last one: known.S has them in its comments.
readonly region_1='
instructions.kernel      0 9 23 21 207 81 4 9 10
instructions.user        0 0 0 0 0 0 0 9 3
instructions.site_rest   0 0 0 0 0 20 0 0 0
repeats.kernel_runs      0 0 7 0 0 0 0 0 0
repeats.kernel_iterations 0 0 1035 0 0 0 0 0 0
repeats.kernel_bytes     0 0 1089 0 0 0 0 0 0
repeats.user_runs        0 0 0 0 0 0 0 0 0
repeats.user_iterations  0 0 0 0 0 0 0 0 0
repeats.user_bytes       0 0 0 0 0 0 0 0 0
events.interrupts        0 0 0 0 0 0 0 0 0
events.faults            0 0 0 2 0 0 0 0 1
events.calls             0 0 0 2 0 0 0 1 1
events.unlisted          0 0 0 0 0 0 0 0 0
ops.CLI                  0 3 0 0 0 0 0 0 0
ops.STI                  0 1 0 0 0 0 0 0 0
ops.PUSHF                0 1 0 1 0 0 0 0 0
ops.POPF                 0 1 0 0 0 0 0 0 0
ops.IRET                 0 0 0 5 0 0 0 2 1
ops.OUTS                 0 0 1 0 0 0 0 0 0
ops.irq_disable          0 0 0 0 0 10 0 0 0
ops.irq_restore          0 0 0 0 0 10 0 0 0
opcodes_kernel.CLI       0 3 0 0 0 10 0 0 0
opcodes_kernel.STI       0 1 0 0 0 0 0 0 0
opcodes_kernel.PUSHF     0 1 0 1 0 0 0 0 0
opcodes_kernel.POPF      0 1 0 0 0 10 0 0 0
opcodes_kernel.IRET      0 0 0 5 0 0 0 2 1
opcodes_kernel.OUTS      0 0 1 0 0 0 0 0 0
opcodes_kernel.INT       0 0 0 1 0 0 0 0 0
opcodes_kernel.INT3      0 0 0 1 0 0 0 0 0
opcodes_kernel.UD        0 0 0 1 0 0 0 0 0
opcodes_user.CLI         0 0 0 0 0 0 0 0 1
opcodes_user.PUSHF       0 0 0 0 0 0 0 1 0
opcodes_user.POPF        0 0 0 0 0 0 0 1 0
opcodes_user.INT_80      0 0 0 0 0 0 0 1 1
opcodes_sites.CLI        0 0 0 0 0 10 0 0 0
opcodes_sites.POPF       0 0 0 0 0 10 0 0 0
entries.de               0 0 0 1 0 0 0 0 0
entries.ud               0 0 0 1 0 0 0 0 0
entries.gp               0 0 0 0 0 0 0 0 1
entries.bp               0 0 0 1 0 0 0 0 0
entries.soft             0 0 0 1 0 0 0 0 0
entries.call             0 0 0 0 0 0 0 1 1
watches.returns          0 0 0 0 2 0 0 0 0'

# From, to: how many, instructions between (of user code), the longest, by powers of two.
readonly gaps_1='
begin CLI 1 0 0 0 1
CLI STI 1 0 0 0 1
STI CLI 1 0 0 0 1
CLI PUSHF 1 0 0 0 1
PUSHF POPF 1 0 0 0 1
POPF CLI 1 3 0 3 0,0,1
CLI OUTS 1 21 0 21 0,0,0,0,0,1
OUTS PUSHF 1 1 0 1 0,1
PUSHF IRET 1 2 0 2 0,0,1
IRET IRET 6 26 10 11 0,0,4,1,1
IRET irq_disable 1 209 0 209 0,0,0,0,0,0,0,0,1
irq_disable irq_restore 10 20 0 2 0,0,10
irq_restore irq_disable 9 18 0 2 0,0,9
irq_restore IRET 1 11 0 11 0,0,0,0,1
IRET end 1 9 2 9 0,0,0,0,1'

# counted FILE: as region_1 has it.  Restarts are the emulator's, and no count.
counted()
{
	jq -r '.total as $total | .units | to_entries[] | .key as $group | .value | to_entries[] |
		select(.key != "restarts") | "\($group).\(.key) " + ((.value +
		[$total[$group][.key] - (.value | add)]) | join(" "))' "$1" | sort
}

gaps() { jq -r '.gaps[] | "\(.from) \(.to) \(.count) \(.sum) \(.user) \(.longest) " + (.buckets | join(","))' "$1" | sort; }

# wanted TEXT
wanted() { sed '/^$/d; s/  */ /g' <<<"$1" | sort; }

# differs FILE: lines of region 1 that are not as wanted
differs()
{
	comm -13 <(wanted "$region_1") <(counted "$1")
	comm -13 <(wanted "$gaps_1") <(gaps "$1")
}

# total FILE PATH, or unit N FILE PATH
total() { jq ".total.$2 // 0" "$1"; }
unit() { jq ".units.$3[$1 - 1] // 0" "$2"; }

known_build known || exit 1
known_record known known
is $? 0 "the kernel whose counts are known is recorded$(sed 's/^/: /' "$work/known.err")"
of=$work/known.1.json
is "$(counted "$of")" "$(wanted "$region_1")" \
	"region 1: every count of each of 8 units, and of what follows them"
is "$(gaps "$of")" "$(wanted "$gaps_1")" "and every gap: pair, sum, longest, powers of two"
is "$(jq -c '[.sites[] | .op, .count]' "$of")" '["irq_disable",10,"irq_restore",10]' \
	"and both sites"
is "$(jq -r '[.format, .mix, .region, .unit_count, .kernel_from, .command[0]] | join(" ")' "$of")" \
	"parapatch-record/1 known 1 8 0x400000 ${QEMU:-qemu-system-x86_64}" "it says what it is"

# Region 2: what the guest's handler counted is what came, wherever it came.
of=$work/known.2.json
read -r ticks loops < <(od -A n -t d4 -j 2 -N 8 "$work/known.said")
is "$ticks" 40 "region 2: the guest's handler ran 40 times"
is "$(total "$of" events.interrupts) $(total "$of" entries.pit) $(total "$of" ops.IRET)" \
	"40 40 40" "40 interrupts, all at the PIT's entry, and so many IRET"
is "$(total "$of" events.unlisted) $(total "$of" events.faults)" "0 0" "and nothing else came"
is "$(unit 1 "$of" instructions.kernel) $(unit 1 "$of" ops.HLT)" "$((1 + 10 * 3 + 10 * 6)) 10" \
	"of 10 HLT each ends by one, and is executed once"
inside=$(unit 2 "$of" events.interrupts)
is "$(unit 2 "$of" instructions.kernel)" "$((4 * $(unit 2 "$of" watches.returns) + 6 * inside))" \
	"a loop of CALL and RET with $inside interrupts in it: its instructions and their handler's"
inside=$(unit 3 "$of" events.interrupts)
is "$(unit 3 "$of" repeats.kernel_iterations)" "$((loops * 50000))" \
	"$inside interrupts within REP: no iteration is lost, none counted twice"
runs=$(unit 3 "$of" repeats.kernel_runs)
[ "$runs" -gt "$loops" ] && [ "$runs" -le $((loops + inside)) ]
ok $? "$runs times REP was begun: $loops, and again where it was cut"
is "$(unit 3 "$of" instructions.kernel)" "$((2 + loops * 5 + runs + inside * 6))" \
	"and an iteration is no instruction"

# It can say no: one CLI more in the guest; a recorder that takes STI for CLI, and one that
# counts a branch to itself as a restart.
known_build planted '-DPLANT=cli' && known_record planted planted
is "$(differs "$work/planted.1.json" | paste -sd '|')" \
	"instructions.kernel 0 10 23 21 207 81 4 9 10|opcodes_kernel.CLI 0 4 0 0 0 10 0 0 0|ops.CLI 0 4 0 0 0 0 0 0 0|CLI CLI 1 0 0 0 1" \
	"one CLI that was planted is seen in four lines, and no other differs"

# recorder NAME FILE SCRIPT: one of which a source was changed
recorder()
{
	mkdir -p "$work/$1"
	cp host/mix/*.[ch] "$work/$1"
	sed -i "$3" "$work/$1/$2"
	! cmp -s "host/mix/$2" "$work/$1/$2" &&
		"${CC:-gcc}" -O1 -fPIC -shared -fvisibility=hidden -Wl,-Bsymbolic -w \
			-Iinclude -o "$work/$1.so" "$work/$1"/*.c
}
recorder sti opcode.c 's/case 0xfb:/case 0x1fb:/; s/case 0xfa:/case 0xfa ... 0xfb:/' &&
	known_record known sti --recorder "$work/sti.so"
is "$(differs "$work/sti.1.json" | grep '^ops')" "ops.CLI 0 4 0 0 0 0 0 0 0" \
	"a recorder that takes STI for CLI is seen"
recorder loop record.c 's/^\tif (c->at == from->at \&\& from->insn.accesses) {/\tif (c->at == from->at) {/' &&
	known_record known loop --recorder "$work/loop.so"
is "$(differs "$work/loop.1.json" | grep '^instructions.kernel')" \
	"instructions.kernel 0 9 23 21 108 81 4 9 10" "and one that takes any instruction for REP"
finish
