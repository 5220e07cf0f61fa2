#!/bin/bash
# ports.t: more serial ports, and more ways that their writes fail.
# SPDX-License-Identifier: GPL-2.0-only
. host/test/lib/boot.sh
. host/test/boot/starter.sh
readonly nothing="0 cells, 0 tables, 0 ends"

boot ia32 --arch ia32 "${quick[@]}" --qemu "$(port 1) -device pci-serial,chardev=p1"
is "$status: $(lines "$work/ia32.log"), $(lines "$work/port.1")" "0: $all, $all" \
	"ia32, COM1 and a PCI port: every line on both"
tried port "COM1 and QEMU's pci-serial, OVMF ia32" "every line once on both"
boot isa "${quick[@]}" --qemu "$(port 2) -device isa-serial,chardev=p2"
is "$status: $(lines "$work/isa.log"), $(lines "$work/port.2")" "0: $all, $all" \
	"COM1 and COM2: every line on both"
tried port "COM1 and COM2" "every line once on both"
for n in 2 4; do
	more='' devs=pci-serial-${n}x
	for k in $(seq $n); do more+="$(port $n$k) " devs+=,chardev$k=p$n$k; done
	boot pci-$n "${quick[@]}" --qemu "$more -device $devs"
	is "$status: $(lines "$work/pci-$n.log"), $(lines "$work/port.${n}1"), $(lines \
		"$work/port.${n}2")" \
		"0: $all, $all, $nothing" \
		"pci-serial-${n}x: every line on COM1 and its first port, of which OVMF knows"
	tried port "COM1 and pci-serial-${n}x" \
		"every line on COM1 and the card's first port; OVMF has no driver for the others"
done
boot usb "${quick[@]}" --qemu "$(port 5) -device qemu-xhci -device usb-serial,chardev=p5"
is "$status: $(lines "$work/usb.log"), $(lines "$work/port.5")" "0: $all, $nothing" \
	"usb-serial: every line on COM1"
tried port "COM1 and usb-serial" "every line on COM1; OVMF has no driver for the other"
boot virtio "${quick[@]}" \
	--qemu "$(port 6) -device virtio-serial-pci -device virtconsole,chardev=p6"
is "$status: $(lines "$work/virtio.log"), $(lines "$work/port.6")" "0: $all, $nothing" \
	"virtio console: every line on COM1"
tried port "COM1 and a virtio console" "every line on COM1; OVMF has no driver for the other"

starter alone
is "$(lines "$work/alone.log"), $(lines "$work/alone.other")" "$all, $all" \
	"ConOut names COM1, but no console was made there: every line on every port"
tried port "ConOut names a port, no console was made there" "every line on every port"
starter many
is "$(lines "$work/many.log")" "$all" "twenty ports more: COM1 has every line"
is "$(lines "$work/many.other")" "0 cells, 0 tables, 15 ends" "and of the others fifteen the end"
has "$work/many.log" "21 serial ports: nothing is written to 5 of them" \
	"and those left out are counted"
tried port "21 ports" "16 are written to, the console's among them; 5 are counted"
starter twice
is "$(lines "$work/twice.log")" "$all" "a port by two handles: every line once"
tried port "a port with two handles" "every line once"
starter long
is "$(lines "$work/long.log")" "$all" "ConOut has more than 2 KiB, its ports last: every line once"
tried port "a ConOut of 2.5 KiB, its ports last" "every line once"

for word in short error; do
	starter $word
	is "$status: $(lines "$work/$word.log")" "0: $all" "$word: every line is there"
	is "$(grep -ac 'did not take' "$work/$word.log")" 0 "$word: and nothing was lost"
done
tried port "a Write() that leaves out the last byte, or fails every seventh time" \
	"every line is there"
starter stall
is "$status: $(grep -ac '^parapatch end status=complete' "$work/stall.log")" "0: 1" \
	"a second a write: there is an end"
# A good write that takes a second loses a quarter of what is not free of it: time T without
# end would lose T / 4.7, and may lose 10 s and T / 16 (serial/port.h): it ends at 66 s and 1.4 of
# what it takes else.  The rest is for last lines.
[ "$(app_ms stall)" -lt $(($(app_ms alone) * 3 / 2 + 90000)) ]
ok $? "a second a write: and the run has its bounds"
tried port "a Write() that takes a second each time" "bounded in time; the end line is there"
want_status=22
starter none
has "$work/none.out" "no line 'parapatch end ...'" "no port at all: the runner has nothing to see"
is "$(reports none)" "0001.json=complete " "no port at all: the report is complete"
tried port "no serial port" "the report is complete; the runner says that it saw no end"
starter never
has "$work/never.log" "serial port 1 of 1 did not take " "never: a line on the screen says so"
is "$(reports never)" "0001.json=complete " "never: the report is complete"
tried port "a Write() that always fails" "a line says so, the report is complete"
finish
