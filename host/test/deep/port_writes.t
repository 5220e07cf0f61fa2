#!/bin/bash
# ports.t: which serial ports lines go to, and ports whose writes fail.
# SPDX-License-Identifier: GPL-2.0-only
#
# More of them: host/test/deep/ports.t.
. host/test/lib/boot.sh
. host/test/boot/starter.sh

boot pci "${quick[@]}" --qemu "$(port 1) -device pci-serial,chardev=p1"
is "$status" 0 "COM1 and a PCI port: the run is complete"
is "$(lines "$work/pci.log")" "$all" "COM1 has every line, once"
is "$(lines "$work/port.1")" "$all" "and so has the PCI port, where OVMF's console is too"
tried port "COM1 and QEMU's pci-serial, OVMF" "every line once on both"

starter more
is "$(lines "$work/more.log")" "$all" "a port that the console is not on: COM1 has every line, once"
is "$(lines "$work/more.other")" "0 cells, 0 tables, 1 ends" \
	"and the other the end, for whoever listens there"
tried port "a port of the console's and one that it is not on" \
	"every line on the first, the end line on both"

for word in half hundred; do
	starter $word
	is "$status: $(lines "$work/$word.log")" "0: $all" "$word: cells, table and end are there"
done
is "$(grep -ac 'did not take' "$work/half.log")" 0 "half: nothing was lost"
tried port "a Write() that once takes half and times out" "every line is there"
has "$work/hundred.log" "serial port 1 of 1 did not take " "hundred: what was lost is counted"
tried port "a Write() that fails a hundred times, then works" \
	"the lines after that are there, what was lost is counted"

want_status=22
starter dead
has "$work/dead.log" "serial port 1 of 1 did not take " "dead: a line on the screen says so"
is "$(reports dead)" "0001.json=complete " "dead: the report is complete"
tried port "a Write() that times out after a second, always" \
	"bounded in time; a line says so, the report is complete"
finish
