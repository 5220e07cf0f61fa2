#!/bin/bash
# clock.t: boots some machines; which sources the TSC's rate has, and what they say.
# SPDX-License-Identifier: GPL-2.0-only
. host/test/lib/boot.sh

readonly quick=(--set 'workloads = irq_disable' --set 'layouts = dense' --set 'offsets = 1'
	--set 'batches = 2' --set 'report = off')

# source_field NAME SOURCE KEY: of the line of a source, that key's value
source_field() { grep -a "^clock source=\"$2\" " "$work/$1.log" | field "$3"; }

# choice NAME KEY: of the line of the choice
choice() { grep -a '^parapatch clock ' "$work/$1.log" | field "$2"; }

# near GOT WANTED WITHIN WHAT
near()
{
	[ -n "$1" ] && [ "$1" -ge $(($2 - $3)) ] && [ "$1" -le $(($2 + $3)) ]
	ok $? "$4: $1"
}

# common NAME: what must be so on every emulated CPU
common()
{
	is "$status" 0 "$1: it runs to its end"
	is "$(grep -ac '^clock source=' "$work/$1.log")" 7 "$1: seven sources, a line each"
	is "$(source_field "$1" 'firmware Stall()' n)" 3 "$1: Stall() was asked"
	is "$(source_field "$1" 'CPUID leaf 15h' hz)" 0 "$1: leaf 15h says nothing"
	is "$(source_field "$1" 'hypervisor leaf 40000010h' hz)" 0 "$1: nor does leaf 40000010h"
	is "$(choice "$1" invariant)" no "$1: TCG's TSC is not said to be invariant"
	has "$work/$1.log" 'not said to be invariant' "$1: and the screen says so"
	has "$work/$1.log" 'parapatch cycles source="none" why="fixed counter 1: ' \
		"$1: nothing counts core cycles, and why"
}

# timers NAME: the two agree
timers()
{
	is "$(source_field "$1" HPET used)" yes "$1: the HPET is used"
	is "$(source_field "$1" 'ACPI PM timer' used)" cross-check "$1: the PM timer confirms it"
	is "$(choice "$1" source)" '"HPET"' "$1: the choice names it"
}

# An instruction is 2^7 ns and a tick a ns: 1 GHz.  Each read is off by what the
# timers count in, and by the instructions between the reads.
boot exact --cpu max --icount 7 "${quick[@]}"
common exact
timers exact
near "$(source_field exact HPET hz)" 1000000000 50000 "exact: the HPET sees 1 GHz to 50 ppm"
near "$(source_field exact 'ACPI PM timer' hz)" 1000000000 50000 \
	"exact: the PM timer sees 1 GHz to 50 ppm"
near "$(choice exact deviation_ppm)" 0 50 "exact: they are at most 50 ppm apart"
near "$(source_field exact HPET spread_ppm)" 0 50 "exact: every measurement is the same to 50 ppm"

# Real time: only what is so on a loaded host too; the rest is for people.
boot qemu64 --accel tcg --cpu qemu64 "${quick[@]}"
common qemu64
timers qemu64
echo "# qemu64: $(choice qemu64 hz) Hz, deviation $(choice qemu64 deviation_ppm) ppm," \
	"spread $(source_field qemu64 HPET spread_ppm)" \
	"and $(source_field qemu64 'ACPI PM timer' spread_ppm) ppm"

# Intel's leaves, as far as TCG has them.
boot haswell --accel tcg --cpu Haswell "${quick[@]}"
common haswell
timers haswell
has "$work/haswell.log" 'clock source="CPUID leaf 15h" hz=0 used=no why="above the largest leaf"' \
	"haswell: leaf 15h is above the largest"

# "max" answers for leaves above its largest with those of leaf 0Dh; as Intel's
# they would be believed.
boot max --icount 7 --cpu max,vendor=GenuineIntel "${quick[@]}"
common max
timers max
has "$work/max.log" 'clock source="CPUID leaf 15h" hz=0 used=no why="above the largest leaf"' \
	"max: what is above the largest leaf is not read"
near "$(choice max hz)" 1000000000 50000 "max: 1 GHz to 50 ppm"

boot ia32 --arch ia32 --icount 7 "${quick[@]}"
common ia32
timers ia32
near "$(choice ia32 hz)" 1000000000 50000 "ia32: 1 GHz to 50 ppm"

# Without an HPET the PM timer decides, and that is doubted.
printf '#!/bin/sh\nexec qemu-system-x86_64 "$@" -machine hpet=off\n' >"$work/qemu"
chmod +x "$work/qemu"
QEMU=$work/qemu boot no_hpet --icount 7 "${quick[@]}"
common no_hpet
has "$work/no_hpet.log" 'clock source="HPET" hz=0 used=no why="there is no ACPI table HPET"' \
	"no_hpet: said so"
is "$(source_field no_hpet 'ACPI PM timer' used)" yes "no_hpet: the PM timer is used"
near "$(choice no_hpet hz)" 1000000000 50000 "no_hpet: 1 GHz to 50 ppm"
has "$work/no_hpet.log" "doubt=\"cross-checked by the firmware's Stall() alone" \
	"no_hpet: Stall() is not taken for more than it is"
finish
