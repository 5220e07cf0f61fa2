# SPDX-License-Identifier: GPL-2.0-only
# starters.sh: what the tests of options share: sticks that start the application in
# some other way, and boots of them; sourced after boot.sh.
[ "${BASH_SOURCE[0]}" != "$0" ] ||
	{ . "$(dirname "$0")/../../build/help.sh"; only_sourced "$@"; }

export MTOOLSRC=/dev/null MTOOLS_SKIP_CHECK=1

# The smallest plan: seconds, and nothing written.
readonly least='workloads=nop layouts=dense offsets=1 batches=2 report=off'

# stick NAME: a stick that starts nothing by itself, with \pp.efi and \pp32.efi; sets fat
stick()
{
	fat=$work/$1.img@@1M
	cp --sparse=always out/parapatch.img "$work/$1.img"
	mdeltree -i "$fat" ::/EFI </dev/null
	mdel -i "$fat" ::/startup.nsh ::/parapatch.cfg </dev/null
	put out/x86_64/parapatch.efi pp.efi
	put out/ia32/parapatch.efi pp32.efi
}

# put FILE NAME: onto the stick
put() { mcopy -D o -i "$fat" "$1" "::/$2" </dev/null; }

# put_text NAME: what is read here, onto the stick
put_text() { cat >"$work/text"; put "$work/text" "$1"; }

# firmware ARCH: QEMU's arguments for Debian's OVMF; vars are $work/vars.fd
firmware()
{
	case $1 in
	x86_64)	cp "${OVMF_DIR:-/usr/share/OVMF}/OVMF_VARS_4M.fd" "$work/vars.fd"
		machine=(-machine q35
			-drive "if=pflash,format=raw,unit=0,readonly=on,file=${OVMF_DIR:-/usr/share/OVMF}/OVMF_CODE_4M.fd") ;;
	ia32)	cp "${OVMF_DIR:-/usr/share/OVMF}/OVMF32_VARS_4M.fd" "$work/vars.fd"
		machine=(-machine q35,smm=on
			-drive "if=pflash,format=raw,unit=0,readonly=on,file=${OVMF_DIR:-/usr/share/OVMF}/OVMF32_CODE_4M.secboot.fd"
			-global driver=cfi.pflash01,property=secure,value=on -global \
				ICH9-LPC.disable_s3=1) ;;
	esac
	chmod u+w "$work/vars.fd"
	machine+=(-drive "if=pflash,format=raw,unit=1,file=$work/vars.fd")
}

# uboot ARCH: the same for U-Boot
uboot()
{
	local rom=qemu-x86_64
	[ "$1" = x86_64 ] || rom=qemu-x86
	machine=(-machine pc -bios "/usr/lib/u-boot/$rom/u-boot.rom")
}

# start NAME ARGUMENT...: boots the stick NAME on machine; sets status, the guest's word,
# and $work/NAME.log
start()
{
	local name=$1 rc=0
	shift
	rm -f "$work/$name.raw"
	timeout -k 5 "${patience:-500}" qemu-system-x86_64 -nodefaults -no-user-config \
		"${machine[@]}" \
		-accel tcg -cpu max -m 256 -icount shift=7,sleep=off -display none -vga std \
		-nic none -drive "if=none,id=stick,format=raw,cache=unsafe,file=$work/$name.img" \
		-device virtio-blk-pci,drive=stick -serial "file:$work/$name.raw" \
		-device isa-debug-exit,iobase=0xf4,iosize=0x04 "$@" </dev/null \
			>"$work/$name.said" 2>&1 || rc=$?
	case $rc in
	33) status=ok ;;
	37) status=bad-config ;;
	41) status=not-saved ;;
	*) status="QEMU $rc: $(tail -n 1 "$work/$name.said")" ;;
	esac
	tr -d '\r' <"$work/$name.raw" >"$work/$name.log"
}

# part NAME CASE: what the Shell's script said between "echo CASE name" and the next
part()
{
	awk -v case="CASE $2" '/^CASE / { on = $0 == case } on' "$work/$1.log" >"$work/$1.$2.log"
}

# from NAME KEY: whence a value is, by the line for machines
from() { grep -a '^parapatch config-from ' "$work/$1.log" | field "$2"; }

# value NAME KEY
value() { sed -n "s/^parapatch config .* $2=\"\([^\"]*\)\".*/\1/p" "$work/$1.log"; }
