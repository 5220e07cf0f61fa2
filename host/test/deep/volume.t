#!/bin/bash
# volume.t: where the image may come from, and what becomes of the report.
# SPDX-License-Identifier: GPL-2.0-only
. host/test/lib/boot.sh
. host/test/boot/starter.sh
export MTOOLS_SKIP_CHECK=1 PATH="$PATH:/usr/sbin:/sbin"
readonly app=out/x86_64/parapatch.efi
readonly ovmf=$(dpkg-query -W -f='${Version}' ovmf)

# machine NAME ARGS...: a machine without the runner's stick, until it says that it is
# at its end; leaves $work/NAME.log
machine()
{
	local name=$1 pid i
	shift
	cp /usr/share/OVMF/OVMF_VARS_4M.fd "$work/vars.fd"
	: >"$work/$name.raw"
	local pflash=if=pflash,format=raw
	qemu-system-x86_64 -nodefaults -no-user-config -no-reboot -machine q35 -accel tcg -cpu max \
		-m 512 -icount shift=7,sleep=off -display none -vga std -nic none \
		-drive "$pflash,unit=0,readonly=on,file=/usr/share/OVMF/OVMF_CODE_4M.fd" \
		-drive "$pflash,unit=1,file=$work/vars.fd" \
		-chardev "file,id=com1,path=$work/$name.raw" -serial chardev:com1 \
		-device isa-debug-exit,iobase=0xf4,iosize=0x04 "$@" >"$work/$name.out" 2>&1 \
		</dev/null &
	pid=$!
	for ((i = 0; i < 2400; i++)); do
		sleep 0.1
		kill -0 $pid 2>/dev/null || break
		! grep -qa '^parapatch end .*app_[a-z_]*ms=[0-9]*.$' "$work/$name.raw" ||
			{ sleep 1; break; }
	done
	kill $pid 2>/dev/null
	wait $pid 2>/dev/null
	status=$?
	tr -d '\r' <"$work/$name.raw" >"$work/$name.log"
}
ended() { sed -n 's/^parapatch end status=\([a-z-]*\) .*/\1/p' "$work/$1.log"; }

{ cat "$work/small.cfg"; echo 'exit = debug-exit'; } >"$work/cfg"

# -- started from no stick: one line says why there is no report

# nowhere NAME REASON WHAT
nowhere()
{
	is "$(ended "$1")" not-saved "$3: it ends as not saved"
	is "$(grep -ac \
		"^The report is NOT saved: $2, so it went to the serial port alone; to get one, start parapatch from a FAT volume" "$work/$1.log")" 1 \
		"$3: one line says why, and how to get one"
	grep -qa '^cell ' "$work/$1.log"
	ok $? "$3: and the cells are on serial"
}
mkdir "$work/tftp"
cp $app "$work/tftp/BOOTX64.EFI"
readonly net="-netdev user,id=n,tftp=$work/tftp,bootfile=BOOTX64.EFI"
machine pxe $net -device virtio-net-pci,netdev=n,romfile=,bootindex=0
nowhere pxe "there is no writable volume behind this image" "PXE by OVMF"
has "$work/pxe.log" \
	"There is no volume behind this image, so no \\parapatch.cfg: the presets are used." \
	"PXE by OVMF: and why there is no configuration"
tried starter "PXE, OVMF's own ($ovmf)" \
	"measured by the presets; not saved, one line says why and how to get one"
machine ipxe $net -device e1000,netdev=n,bootindex=0
nowhere ipxe "there is no writable volume behind this image" "PXE by iPXE"
has "$work/ipxe.log" "No \\parapatch.cfg: the presets are used." \
	"PXE by iPXE, which has files: and none is the configuration"
tried starter "PXE by iPXE, the ROM of QEMU's e1000" \
	"measured by the presets; not saved, one line says why and how to get one"
machine kernel -kernel $app -append "$(sed 's/ = /=/g' "$work/cfg" | xargs)"
nowhere kernel "the volume behind this image is the firmware's own and cannot be written" "-kernel"
is "$status" $((0x14 * 2 + 1)) "-kernel: the exit word says so as well"
tried starter "QEMU's -kernel and -append" \
	"measured by its options; not saved, one line says why and how to get one"
mkdir "$work/cd"
mkfs.fat -C "$work/cd/efi.img" 4096 >/dev/null
mmd -i "$work/cd/efi.img" ::EFI ::EFI/BOOT
mcopy -i "$work/cd/efi.img" $app ::EFI/BOOT/BOOTX64.EFI
mcopy -i "$work/cd/efi.img" "$work/cfg" ::parapatch.cfg
xorriso -as mkisofs -quiet -o "$work/cd.iso" -e efi.img -no-emul-boot "$work/cd" 2>/dev/null
machine cd -drive "if=none,id=cd,file=$work/cd.iso,format=raw,readonly=on,media=cdrom" \
	-device ide-cd,drive=cd,bootindex=0
nowhere cd "a CD cannot be written" "El Torito"
tried volume "a CD (ISO 9660, El Torito, FAT within)" \
	"its configuration is read; not saved, one line says why and how to get one"

# -- FAT of every kind

# fat BITS SECTORS KIB: a volume without partitions, with the application and \HOW...
fat()
{
	rm -f "$work/fat.img"
	mkfs.fat -C -F "$1" -s "$2" "$work/fat.img" "$3" >/dev/null
	mmd -i "$work/fat.img" ::EFI ::EFI/BOOT
	mcopy -i "$work/fat.img" $app ::EFI/BOOT/BOOTX64.EFI
	mcopy -i "$work/fat.img" "$work/cfg" ::parapatch.cfg
}
run_fat() { machine "$1" -drive "if=none,id=s,format=raw,file=$work/fat.img" \
	-device virtio-blk-pci,drive=s,bootindex=0; }
fat_report() { mcopy -n -o -i "$work/fat.img" "::parapatch/*-x86_64-$1.json" "$work/back.json" \
	2>/dev/null && jq -r .status "$work/back.json"; }
for kind in "12 4 4096" "16 4 32768" "16 64 524288" "32 1 65536" "32 8 614400"; do
	read -r bits sectors kib <<<"$kind"
	fat $bits $sectors $kib
	run_fat fat$bits-$sectors
	is "$(ended fat$bits-$sectors): $(fat_report 0001), $(mdir -b -i "$work/fat.img" \
		::parapatch | grep -c json)" \
		"complete: complete, 1" "FAT$bits, $sectors sectors a cluster: one report, complete"
	fsck.fat -n "$work/fat.img" >/dev/null
	ok $? "FAT$bits, $sectors sectors a cluster: the file system is whole"
	tried volume "FAT$bits, clusters of $((sectors * 512)) bytes, no partitions" "complete"
done
# A root folder of 512 entries, full of long names.
echo x >"$work/how"
fat 16 4 32768
for ((i = 0; i < 200; i++)); do echo x >"$work/a long name of a file $i"; done
for file in "$work"/a\ long*; do mcopy -i "$work/fat.img" "$file" :: </dev/null >/dev/null 2>&1;
done
rm -f "$work"/a\ long*
for name in X1 X2 X3; do mcopy -i "$work/fat.img" "$work/how" "::$name" </dev/null >/dev/null 2>&1;
done
run_fat root
is "$(ended root)" not-saved "a root folder that is full: not saved"
has "$work/root.log" "NOT saved: the stick is full, or the folder has no room for a name" \
	"a root folder that is full: that is said"
tried volume "FAT16, a root folder full of long names" "not saved, with the reason"

# -- what the stick is in the machine

for how in usb nvme ahci; do
	boot $how "${quick[@]}" --attach $how
	is "$status: $(reports $how)" "0: 0001.json=complete " "$how: complete"
	tried volume "a stick that is a $how disk" "complete"
done

# -- QEMU's volume of a folder of the host's

mkdir -p "$work/folder/EFI/BOOT"
cp $app "$work/folder/EFI/BOOT/BOOTX64.EFI"
cp "$work/cfg" "$work/folder/parapatch.cfg"
# folder NAME OPTION: a boot of it
folder() { machine "$1" -drive "if=none,id=s,format=raw,file=$2$work/folder${3:-}" \
	-device virtio-blk-pci,drive=s,bootindex=0; }
# of_host NUMBER: what the host's file says, and that it is one JSON text
of_host() { jq -r .status "$work/folder/parapatch"/*-"$1.json" 2>&1; }
for n in 1 2 3 4; do
	folder rw$n fat:rw:
	is "$status: $(of_host 000$n)" "$((0x10 * 2 + 1)): complete" \
		"fat:rw:, time $n: the host's file says complete"
	out/host/report "$work/folder/parapatch"/*-000$n.json >"$work/said" 2>&1
	ok $? "fat:rw:, time $n: and every number is there"
done
is "$(of_host 0001-running)" running "fat:rw: the running one stays"
has "$work/rw4.log" "0004-running.json stays beside it" "fat:rw: and that is said"
cmp -s $app "$work/folder/EFI/BOOT/BOOTX64.EFI"
ok $? "fat:rw: and the application is as it was"
tried volume "QEMU's fat:rw:, four boots (7.2)" \
	"the host's file is complete each time; the running one stays beside it"
rm -r "$work/folder/parapatch"
folder floppy fat:floppy:rw:
is "$status: $(of_host 0001)" "$((0x10 * 2 + 1)): complete" \
	"fat:floppy:rw: the host's file says complete"
tried volume "QEMU's fat:floppy:rw:" "the host's file is complete; the running one stays beside it"
folder ro fat: ,readonly=on
is "$(ended ro)" not-saved "fat: read only: not saved"
has "$work/ro.log" "NOT saved: the stick is write protected" "fat: read only: that is said"
tried volume "QEMU's fat:, read only" "not saved, with the reason"
finish
