# SPDX-License-Identifier: GPL-2.0-only
# sticks.sh: images other than the built one; sourced behind boot.sh.
[ "${BASH_SOURCE[0]}" != "$0" ] ||
	{ . "$(dirname "$0")/../../build/help.sh"; only_sourced "$@"; }

# efi_name ARCH: what its firmware starts of a stick
efi_name() { [ "$1" = x86_64 ] && echo BOOTX64.EFI || echo BOOTIA32.EFI; }

# strict ARCH HOW [FILE]: sets image: the stand-in's stick, \NOAPS saying how, and a file more
strict()
{
	image=$work/strict.img
	disk/image.sh "$image" "out/test/$1/standin.efi=EFI/BOOT/$(efi_name "$1")" \
		"out/$1/parapatch.efi=EFI/PARAPATCH.EFI" disk/parapatch.cfg=parapatch.cfg
	echo "$2" >"$work/file"
	mcopy -i "$image@@1M" "$work/file" ::/NOAPS
	[ -z "${3:-}" ] || mcopy -i "$image@@1M" "$work/file" "::/$3"
}

# insns ARCH FUNCTION PATTERN: of every instruction of FUNCTION that the pattern
# fits, its address and its bytes
insns()
{
	objdump -dw "out/$1/parapatch.elf" --disassemble="$2" |
		awk -F '\t' -v p="$3" '$3 ~ p { sub(":", "", $1); print $1, $2 }' |
		while read -r addr bytes; do echo "0x$addr $bytes"; done
}

# file_offset ARCH ADDRESS: of the section that holds the address
file_offset()
{
	local name size vma off
	while read -r _ name size vma _ off _; do
		((0x$vma <= $2 && $2 < 0x$vma + 0x$size)) || continue
		echo $(($2 - 0x$vma + 0x$off))
		return
	done < <(objdump -h "out/$1/parapatch.efi" | grep -E '^ +[0-9]+ \.')
	return 1
}

# poke_at ARCH [ADDRESS BYTES]...: sets image, a copy with the application changed
poke_at()
{
	local arch=$1 at
	shift
	image=$work/poked.img
	cp --sparse=always out/parapatch.img "$image"
	cp "out/$arch/parapatch.efi" "$work/poked.efi"
	while [ $# -ge 2 ]; do
		at=$(file_offset "$arch" "$1") || { ok 1 "$arch: $1 is in the image"; return; }
		printf "$2" | dd of="$work/poked.efi" bs=1 seek="$at" conv=notrunc status=none
		shift 2
	done
	mcopy -o -i "$image@@1M" "$work/poked.efi" "::/EFI/BOOT/$(efi_name "$arch")"
}

# change ARCH FUNCTION PATTERN BYTES: sets edits, for poke_at: the first bytes of the
# instruction that fits become these.  What follows may be an address, to which
# the firmware adds the image's base: no bytes for another instruction.
change()
{
	local addr
	edits=()
	while read -r addr _; do
		edits+=("$addr" "$4")
	done < <(insns "$1" "$2" "$3")
	is "${#edits[@]}" 2 "$1: $2 has one instruction like $3"
}
