#!/bin/bash
# ports.t: which serial ports lines go to, and ports whose writes fail.
# SPDX-License-Identifier: GPL-2.0-only
. host/test/boot.sh

cat >"$work/small.cfg" <<'CFG'
workloads = irq_disable
layouts = dense
offsets = 1
batches = 1
CFG
readonly cells=7		# with the twin, the filler and the chain
readonly quick=(--icount 7 --config "$work/small.cfg")

# port N: arguments of QEMU for a file that a port writes, $work/port.N
port() { echo "-chardev file,id=p$1,path=$work/port.$1"; }

# lines FILE: cells, tables and end lines there
lines()
{
	printf '%s cells, %s tables, %s ends\n' "$(grep -ac '^cell ' "$1")" \
		"$(grep -ac 'dense, warm' "$1")" "$(grep -ac 'parapatch end status=complete' "$1")"
}
readonly all="$cells cells, 1 tables, 1 ends" nothing="0 cells, 0 tables, 0 ends"

# -- machines with more than COM1

for arch in x86_64 ia32; do
	boot "pci-$arch" --arch $arch "${quick[@]}" --qemu "$(port 1) -device pci-serial,chardev=p1"
	is "$status" 0 "$arch: COM1 and a PCI port: the run is complete"
	is "$(lines "$work/pci-$arch.log")" "$all" "$arch: COM1 has every line, once"
	is "$(lines "$work/port.1")" "$all" "$arch: and so has the PCI port, where OVMF's console is too"
done
tried port "COM1 and QEMU's pci-serial, OVMF, x86_64 and ia32" "every line once on both"
boot isa "${quick[@]}" --qemu "$(port 2) -device isa-serial,chardev=p2"
is "$status: $(lines "$work/isa.log"), $(lines "$work/port.2")" "0: $all, $all" "COM1 and COM2: every line on both"
tried port "COM1 and COM2, OVMF" "every line once on both"

# -- a firmware that the application is started on by a starter, see starter.c

# starter WORD [run.sh options]
starter()
{
	local word=$1
	shift
	echo "$word" >"$work/how"
	disk/image.sh "$work/$word.img" out/test/x86_64/starter.efi=EFI/BOOT/BOOTX64.EFI \
		"$work/how=HOW" out/x86_64/parapatch.efi=EFI/PARAPATCH.EFI
	image=$work/$word.img
	boot "$word" "${quick[@]}" --qemu "-chardev file,id=dbg,path=$work/$word.other \
		-device isa-debugcon,chardev=dbg,iobase=0x402" "$@"
	image=out/parapatch.img
}
app_ms() { sed -n 's/^parapatch end .* app_ms=\([0-9]*\)/\1/p' "$work/$1.log"; }
report_is_whole() { [ "$(jq -r .status "$work/$1"/*.json)" = complete ]; }

starter more
is "$(lines "$work/more.log")" "$all" "a port that the console is not on: COM1 has every line, once"
is "$(lines "$work/more.other")" "0 cells, 0 tables, 1 ends" "and the other the end, for whoever listens there"
tried port "a console's port and one that the console is not on" "every line on the console's, the end line on both"
starter alone
is "$(lines "$work/alone.log"), $(lines "$work/alone.other")" "$all, $all" \
	"ConOut names COM1, but no console was made there: every line on every port"
tried port "ConOut names a port, no console was made there" "every line on every port"
starter many
is "$(lines "$work/many.log")" "$all" "twenty ports more: COM1 has every line"
is "$(lines "$work/many.other")" "0 cells, 0 tables, 15 ends" "and of the others fifteen the end"
has "$work/many.log" "21 serial ports: nothing is written to 5 of them" "and those left out are counted"
tried port "21 ports" "16 are written to, the console's among them; 5 are named"
starter twice
is "$(lines "$work/twice.log")" "$all" "a port by two handles: every line once"
tried port "a port with two handles" "every line once"
starter long
is "$(lines "$work/long.log")" "$all" "ConOut has more than 2 KiB, its ports last: every line once"
tried port "a ConOut of 2.5 KiB, its ports last" "every line once"
want_status=22
starter none
want_status=0
has "$work/none.out" "no line 'parapatch end ...'" "no port at all: the runner has nothing to see"
report_is_whole none
ok $? "no port at all: the report is complete"
tried port "no serial port" "the report is complete; the runner says that it saw no end"

# -- writes that fail

for word in half short error; do
	starter $word
	is "$status: $(lines "$work/$word.log")" "0: $all" "$word: every line is there"
	is "$(grep -ac 'did not take' "$work/$word.log")" 0 "$word: and nothing was lost"
done
tried port "a Write() that once takes half and times out" "every line is there"
starter hundred
is "$status: $(lines "$work/hundred.log")" "0: $all" "a hundred failures, then it works: cells and end are there"
has "$work/hundred.log" "serial port 1 of 1 did not take " "a hundred failures: what was lost is counted"
tried port "a Write() that fails a hundred times" "the lines after that are there, what was lost is counted"
starter stall
is "$status: $(grep -ac '^parapatch end status=complete' "$work/stall.log")" "0: 1" "a second a write: there is an end"
[ "$(app_ms stall)" -lt 100000 ]
ok $? "a second a write: and the run has its bounds: $(app_ms stall) ms"
tried port "a Write() that takes a second each time" "bounded in time; the end line is there"
want_status=22
for word in never dead; do
	starter $word
	has "$work/$word.log" "serial port 1 of 1 did not take " "$word: a line on the screen says so"
	report_is_whole $word
	ok $? "$word: the report is complete"
done
tried port "a Write() that always fails, or times out after a second" "bounded in time; a line says so, the report is complete"
finish
