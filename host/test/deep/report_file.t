#!/bin/bash
# volume.t: how a report takes the running one's place, and names of reports.
# SPDX-License-Identifier: GPL-2.0-only
#
# More volumes, and none at all: host/test/deep/volume.t.
. host/test/lib/boot.sh
. host/test/boot/starter.sh

# on_stick IMAGE: the reports there
on_stick() { mdir -b -i "$1@@1M" ::/parapatch/ </dev/null 2>/dev/null | sed 's/.*-x86_64-//' |
	tr -d '\r' | sort | xargs; }

# A stick with room for a report and not for two.
room=${1:-480}
cp --sparse=always out/parapatch.img "$work/narrow.img"
free=$(mdir -i "$work/narrow.img@@1M" ::/ </dev/null | sed -n '/bytes free/s/[^0-9]//gp')
truncate -s $((free - room * 1024)) "$work/filler"
mcopy -i "$work/narrow.img@@1M" "$work/filler" ::/FILLER.BIN
rm "$work/filler"
image=$work/narrow.img
boot narrow "${quick[@]}" --keep-image "$work/kept.img"
is "$status: $(reports narrow)" "0: 0001.json=complete " \
	"a stick with room for one report: it is saved, in the running one's place"
is "$(on_stick "$work/kept.img")" 0001.json "and has its name"
mcopy -n -i "$work/kept.img@@1M" ::/FILLER.BIN "$work/back"
is "$(stat -c %s "$work/back")" $((free - room * 1024)) "and nothing else was touched"
tried volume "a stick with room for one report and not for two" \
	"saved, in the place of the running one"

# A crash leaves the running one, and its number is not taken again.
image=out/parapatch.img
boot first "${quick[@]}" --keep-image "$work/first.img"
is "$(on_stick "$work/first.img")" 0001.json "a run that ends leaves one file"
name=$(mdir -b -i "$work/first.img@@1M" ::/parapatch/ </dev/null | tr -d '\r'); name=${name##*/}
echo '{"status": "running"}' >"$work/crashed"
mcopy -i "$work/first.img@@1M" "$work/crashed" "::/parapatch/${name%0001.json}0002-running.json"
image=$work/first.img
boot after "${quick[@]}" --keep-image "$work/after.img"
image=out/parapatch.img
is "$(on_stick "$work/after.img")" "0001.json 0002-running.json 0003.json" \
	"the number of a run that did not end is not taken again, and names sort by age"
mcopy -n -i "$work/after.img@@1M" "::/parapatch/${name%0001.json}0002-running.json" "$work/back2"
cmp -s "$work/crashed" "$work/back2"
ok $? "and what it left is as it was"
tried volume "a stick with what a crash left" "it stays, and the next report takes the next number"

# A file where the folder would be.
cp --sparse=always out/parapatch.img "$work/file.img"
mdeltree -i "$work/file.img@@1M" ::/parapatch </dev/null >/dev/null 2>&1
mcopy -i "$work/file.img@@1M" "$work/crashed" ::/parapatch </dev/null
want_status=13
image=$work/file.img
boot file "${quick[@]}" --keep-image "$work/file.kept"
image=out/parapatch.img
want_status=0
is "$status" 13 "a file \\parapatch: not saved"
has "$work/file.log" \
	'The report is NOT saved: \parapatch is a file, and reports go to a folder of that name; remove or rename it;' \
	"and the reason is said"
mcopy -n -i "$work/file.kept@@1M" ::/parapatch "$work/back3" </dev/null
cmp -s "$work/crashed" "$work/back3"
ok $? "and the file is as it was"
tried volume "a file where the folder \\parapatch would be" \
	"not saved, with the reason and the mend"

# Vendors with what FAT forbids.
boot vendor "${quick[@]}" --cpu 'max,vendor=A/:*?"<>|\ .'
is "$status: $(ls "$work/vendor")" "0: A___________-$(ls "$work/vendor" | cut -d- -f2-)" \
	"a vendor with what FAT forbids: its name is safe"
is "$(jq -r '.context.cpu.vendor_bytes' "$work/vendor"/*.json)" 412f3a2a3f223c3e7c5c202e \
	"and the report has all of it"
is "$(jq -r '.context.cpu.vendor' "$work/vendor"/*.json)" "A/:*?'<>|\\ ." \
	"and what can be printed of it"
tried cpu 'a vendor of A/:*?"<>|\ .' "the name is safe, the report has the bytes"

# Names that are refused for another reason than that they are taken.
want_status=13
starter names
is "$(grep -ac 'NOT saved: the firmware does not take that name' "$work/names.log")" 1 \
	"a name is refused: the reason is said"
[ "$(app_ms names)" -lt 20000 ]
ok $? "at once: $(app_ms names) ms"
tried volume "a volume that takes no report's name" "not saved, with the reason, at once"
starter memory
has "$work/memory.log" \
	"There is no volume behind this image, so no \\parapatch.cfg: the presets are used." \
	"an image from memory: there is no configuration, and that is said"
is "$status: $(grep -ac \
	'^The report is NOT saved: there is no writable volume behind this image, so it went to the serial port alone; to get one, ' "$work/memory.log")" \
	"13: 1" "an image from memory: not saved, with the reason and the mend"
has "$work/memory.log" "parapatch end status=not-saved" "and its end says so"
is "$(grep -ac '^cell ' "$work/memory.log")" "$cells" "and every cell is on serial"
tried starter "an image loaded from memory, without a device" \
	"measured by its options; not saved, with the reason and the mend"
want_status=0
starter stays
is "$status: $(reports stays)" "0: 0001-running.json=running 0001.json=complete " \
	"a file that cannot be deleted: the report is complete beside it"
has "$work/stays.log" "0001-running.json stays beside it" "and that is said"
tried volume "a volume on which nothing can be deleted" \
	"complete, the running one stays beside it, and that is said"
finish
