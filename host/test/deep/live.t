#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# live.t: sites are put into other modes while other CPUs run them, on both
# architectures, live and with the world stopped: 10,000 changes in all, counted; times
# that a mode was chosen which the sites had already are not among them.
. host/test/lib/boot.sh
. host/test/boot/sticks.sh
. host/test/boot/tortured.sh
quick=(--set 'workloads = cli_sti' --set 'conventions = native ccall'
	--set 'modes = native indirect'
	--set 'layouts = dense' --set 'states = warm' --set 'offsets = 1' --set 'batches = 3'
	--accel tcg --set 'torture_s = 600' --timeout 300)

# torture NAME ARCH CPUS FLIPS
torture()
{
	boot "$1" --arch "$2" --smp "$3" --set "torture = $4" "${quick[@]}"
	tortured "$1" "$3" "$4"
}

torture x86_64 x86_64 2 6000
is "$(of x86_64 \
	'.torture.live.int3 | [.call, .call_mem, .cli, .sti, .save, .save_cli, .restore, .wait] | min > 0')" \
	true "x86_64: INT3s at every kind of old bytes that the modes make"
torture ia32 ia32 2 4000
is "$(of ia32 \
	'.torture.live.int3 | [.call, .call_mem, .cli, .sti, .save, .save_cli, .restore, .wait] | min > 0')" \
	true "ia32: likewise"
torture three x86_64 3 200
[ "$all" -ge 10000 ]
ok $? "$all changes of mode under other CPUs in all"

# What serialising costs, in every run.
is "$(of x86_64 '.serialise | .used')" iret "this emulator has no SERIALIZE: IRET is used"
is "$(of x86_64 '.serialise | [.iret.n, .mov_cr2.n, .cpuid.n, .serialize] | @csv')" "64,64,64," \
	"and each that there is was timed"

# Torture needs what an emulator's CPUs need, whatever they say of themselves.  (More
# models, and ia32: deep/emulator.t.)
while read -r -u 3 name cpu sign; do
	boot $name --arch x86_64 --smp 2 --cpu "$cpu" --set 'torture = 300' "${quick[@]}"
	is "$status" 0 "$cpu: the run is complete"
	is "$(of $name '.context.cpu | [.emulator, .emulator_sign] | join(", ")')" \
		"QEMU TCG, $sign" \
		"$cpu: taken for what it is, by its sign"
	is "$(of $name '.torture | [.live.changed, .stopped.changed, .failed] | @csv')" 150,150, \
		"$cpu: tortured"
	tried hypervisor "QEMU TCG as -cpu $cpu, two CPUs" \
		"taken for an emulator, by: $sign; torture is good"
done 3<<'END'
hidden max,-hypervisor CPUID leaf 40000000h
masked EPYC,-hypervisor,tcg-cpuid=off RDPMC: #UD, and MSRs that no CPU has are read
END

# One way alone, and where there are no others.
boot one --arch x86_64 --set 'torture = 100' "${quick[@]}"
is "$status" 0 "one CPU: the run is complete"
is "$(of one '.torture | [.not_run, .live, .stopped] | @csv')" '"there is one CPU",,' \
	"one CPU: said so"
has "$work/one.log" "Patching under other CPUs: not done: there is one CPU." \
	"one CPU: to people as well"
# A firmware that does not lend the others when it is asked this late.
built=$image
# Where page tables are changed by the application itself they go back all the same:
# nobody else has been there.
while read -r -u 3 name arch how what; do
	strict $arch $how NOPROTO
	boot $name --arch $arch --smp 2 --set 'torture = 20' "${quick[@]}"
	is "$(grep -c 'could not be put back' "$work/$name.log")" 0 \
		"other CPUs that are not lent, $name: all was put back"
	has "$work/$name.log" "parapatch end status=check-failed" \
		"other CPUs that are not lent, $name: the end says so"
	has "$work/$name.log" "standin: ok strict" \
		"other CPUs that are not lent, $name: page tables' memory was given back"
	tried firmware "$arch, a stand-in without the memory attribute protocol: $what" \
		"torture fails by name, all pages are put back and all memory is given back"
done 3<<'END'
kept x86_64 . it lends no CPUs
kept-ia32 ia32 . it lends no CPUs
event x86_64 E it lends CPUs only to who waits for them
count x86_64 C it does not count its CPUs
END
has "$work/kept.log" \
	"FAILED: torture: the other CPUs were not had: the firmware does not start the other CPUs: StartupAllAPs() says 8000000000000003 (unsupported)" \
	"other CPUs that are not lent: the firmware's status is said"
is "$(of kept '[.status, .torture.not_run, .torture.failed[:18]] | @csv')" \
	'"check-failed",,"torture: the other"' \
	"other CPUs that are not lent: and in the report"
# Others that have been there, and are not had again, may know pages by what they were.
strict x86_64 1 NOPROTO
boot once --arch x86_64 --smp 2 --set 'torture = 20' "${quick[@]}"
has "$work/once.log" 'parapatch: the attributes of pages could not be put back' \
	"other CPUs that are lent once: what they may know of pages is said to be owed"
tried firmware "x86_64, a stand-in without the memory attribute protocol: it lends CPUs once" \
	"it is said that pages could not be put back for sure"
image=$built
boot stopped --arch x86_64 --smp 2 --set 'torture = 7' --set 'patching = stopped' "${quick[@]}"
is "$(of stopped '.torture | [.live, .stopped.changed] | @csv')" ',7' \
	"patching = stopped: that way alone, as often as asked"

# Does it see what is lost?  The body of save_fl forgets to count.  (Forms are copies
# of bodies.)  Behind its ENDBR is an INCL of 8 bytes, which is made a NOP.
body=0x$(nm out/x86_64/parapatch.elf | awk '$3 == "trace_cpu_save_fl" { print $1 }')
at=$((body + 4))
is "$(od -An -tx1 -j "$(file_offset x86_64 $at)" -N 4 out/x86_64/parapatch.efi | tr -d ' ')" \
	65ff0425 "the body is where the test looks"
poke_at x86_64 $at '\x0f\x1f\x84\0\0\0\0\0'
want_status=10
boot lost --arch x86_64 --smp 2 --set 'torture = 20' "${quick[@]}"
is "$status" 10 "an op that is not counted: a check failed"
is "$(of lost .status)" check-failed "an op that is not counted: the report says so"
has "$work/lost.log" "FAILED: live: CPU 1 called save_fl " "an op that is not counted: by name"
finish
