#!/bin/bash
# cpus.t: the plan on every CPU of a machine, under QEMU's TCG: 2, 4 and 8 of them, on both
# architectures; CPUs that do not come, that fall, that do not answer, and that put something
# not back.
# SPDX-License-Identifier: GPL-2.0-only
#
# About three minutes of CPU: firmware of ia32 takes most.  No time is looked at.
# shellcheck source=host/test/lib/boot.sh
. host/test/lib/boot.sh
. host/test/boot/sticks.sh
quick=(--set 'workloads = save_fl cli_sti' --set 'conventions = native ccall'
	--set 'layouts = dense' --set 'states = warm' --set 'offsets = 2' --set 'batches = 3'
	--set 'gap_us = 1000' --accel tcg --timeout 400 --hang 200)

# taken NAME: "cpu batches" of every CPU that has any, joined by commas
taken()
{
	of "$1" '[.groups | group_by(.cpu)[] | "\(.[0].cpu) \(map(.taken | add) | add)"]
		| map(select(endswith(" 0") | not)) | join(",")'
}

# all_of NAME ARCH CPUS: a boot with so many, on each of which everything is timed
all_of()
{
	local cpus="" batches=""
	boot "$1" --arch "$2" --smp "$3" --set 'cpus = all' "${quick[@]}"
	for ((i = 0; i < $3; i++)); do
		cpus+="${cpus:+,}$i $([ $i = 0 ] && echo true || echo false)"
		batches+="${batches:+,}$i 12"
	done
	is "$status" 0 "$2, $3 CPUs: the run is complete"
	is "$(of "$1" '[.cpus[] | "\(.cpu) \(.boot)"] | join(",")')" "$cpus" \
		"$2, $3 CPUs: the report has them all"
	is "$(taken "$1")" "$batches" "$2, $3 CPUs: each has all batches of all groups"
	is "$(of "$1" '[.groups[] | select(.dropped.nmi + .dropped.interrupt > 0)] | length')" 0 \
		"$2, $3 CPUs: nothing came into a window"
	is "$(of "$1" '[.benchmarks[].name] | length - (unique | length)')" 0 \
		"$2, $3 CPUs: no name comes twice"
	is "$(grep -ac '^cell .* cpu=' "$work/$1.log")" "$(of "$1" '.benchmarks | length')" \
		"$2, $3 CPUs: lines of cells name theirs"
	has "$work/$1.log" 'Timed on CPUs, one after the other: 0 (boot), 1' \
		"$2, $3 CPUs: and people are told"
	tried cpu "QEMU TCG, $2, $3 CPUs, cpus = all" \
		"every CPU times the plan, one after the other; all is put back"
}

for arch in x86_64 ia32; do
	for n in 2 4 8; do
		all_of $arch-$n $arch $n
	done
done

# Some of them; numbers that are not there; one CPU.
boot some --arch x86_64 --smp 4 --set 'cpus = 3 1' "${quick[@]}"
is "$status $(taken some)" "0 1 12,3 12" "cpus = 3 1: these two, and not the boot CPU"
want_status=11
boot none --arch x86_64 --smp 2 --set 'cpus = 0 7' "${quick[@]}"
has "$work/none.log" 'cpus: there is no CPU 7; this machine has 2, of numbers from 0 to 1' \
	"a number that is not there: named, with the range"
has "$work/none.log" 'parapatch end status=bad-config' "a number that is not there: no run"
want_status=0
boot one --arch x86_64 --times --set 'cpus = all' "${quick[@]}"
has "$work/one.log" 'cpus = all: there is one CPU' "one CPU: a line says so"
is "$status" 0 "one CPU: the run is complete"

# Firmware that does not lend CPU 2.  not_lent NAME ARCH HOW STATUS END WHY WHAT; END: the
# last word: of the stand-in, or of a machine that is switched off.
built=$image
not_lent()
{
	strict "$2" "$3"
	boot "$1" --arch "$2" --smp 4 --set 'cpus = all' "${quick[@]}"
	image=$built
	is "$(of "$1" .status)" "$4" "$2, $7: the run is $4"
	is "$(taken "$1")" '0 12,1 12,3 12' "$2, $7: the others are timed"
	is "$(of "$1" '.cpus[] | select(.cpu == 2) | .not_run')" "$6" "$2, $7: it is named"
	has "$work/$1.log" "CPU 2: not timed, or not to its end: " "$2, $7: to people too"
	is "$(grep -ao "$5" "$work/$1.log" "$work/$1.out" | head -n 1 | cut -d: -f2-)" "$5" \
		"$2, $7: the end is as it should be"
	tried firmware "$2, a stand-in: of four CPUs, $7" \
		"it is named, and the other three time the plan"
}
want_status=10
switched_off="QEMU ended without the guest's exit word"
not_lent refused x86_64 R check-failed "standin: ok" \
	'the firmware does not start it: StartupThisAP() says 8000000000000003' \
	'one that is not started'
not_lent denied x86_64 S check-failed "standin: ok" \
	'the firmware does not start it: StartupThisAP() says 8000000000000003' \
	'one that comes though it is said not to be started'
has "$work/denied.log" 'standin: CPU 2 came all the same, and left' \
	"one that comes though it is said not to be started leaves"
not_lent never x86_64 N check-failed "$switched_off" \
	'the firmware has started it, and it has not come' 'one that does not come'
not_lent late ia32 W check-failed "$switched_off" \
	'the firmware has started it, and it has not come' 'one that comes late'
has "$work/late.log" 'standin: CPU 2 came late, and left' "one that comes late leaves at once"
want_status=0
not_lent off x86_64 D complete "standin: ok" 'the firmware has it switched off' \
	'one that is switched off'

# Planted.  poke ARCH FUNCTION PATTERN BYTES: sets image, in which the last instruction of
# FUNCTION that fits begins with these.
poke() { poke_at "$1" "$(insns "$1" "$2" "$3" | awk 'END { print $1 }')" "$4"; }
want_status=10
for arch in x86_64 ia32; do
	# MOV from CR0, OR 8, MOV to CR0, in the place of two calls of a job: CR0.TS.
	poke $arch run_job 'call.*cpu_forget_translations' \
		'\x0f\x20\xc0\x0c\x08\x0f\x22\xc0\x90\x90'
	boot lost-$arch --arch $arch --smp 2 --set 'cpus = all' "${quick[@]}"
	is "$(of lost-$arch .status)" check-failed "$arch: CR0 is not put back: a check failed"
	has "$work/lost-$arch.log" 'CPU 1: it did not put back CR0' "$arch: it is named"
	# UD2 in a window.
	poke $arch away_quiet_begin '^test.*%al,%al' '\x0f\x0b'
	boot fell-$arch --arch $arch --smp 3 --set 'cpus = all' "${quick[@]}"
	ended="an exception ended it: vector 6 "
	is "$(of fell-$arch '[.status, ([.cpus[] | (.not_run // "")[:32]] | join("|"))] | @csv')" \
		"\"check-failed\",\"|$ended|$ended\"" \
		"$arch: an exception in a window ends that CPU's part, and is named"
	is "$(taken fell-$arch)" "0 12" "$arch: the rest goes on"
	is "$(grep -ac 'did not put back' "$work/fell-$arch.log")" 0 \
		"$arch: what the window had lent is put back all the same"
	tried cpu "QEMU TCG, $arch: on another CPU, CR0 changed, and an exception in a window" \
		"both are named, and the boot CPU's part is whole"
	# A jump to itself, outside of a window.
	poke $arch run_job 'call.*cpu_forget_translations' '\xeb\xfe'
	boot hung-$arch --arch $arch --smp 2 --set 'cpus = all' "${quick[@]}"
	is "$(of hung-$arch '[.status, .cpus[1].not_run] | join(": ")')" \
		"check-failed: it does not answer" "$arch: one that does not answer is named"
	is "$(taken hung-$arch)" "0 12" "$arch: and the run comes to its end"
	has "$work/hung-$arch.log" "another CPU did not leave; the machine has to be restarted" \
		"$arch: people are told that it has not left"
	tried cpu "QEMU TCG, $arch: another CPU does not answer, outside of a window" \
		"it is named, and the boot CPU's part is whole"
done
finish
