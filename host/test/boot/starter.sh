# SPDX-License-Identifier: GPL-2.0-only
# starter.sh: boots of the application on another firmware's ports or volume; sourced
# by tests behind boot.sh.  See starter.c for the words.
[ "${BASH_SOURCE[0]}" != "$0" ] ||
	{ . "$(dirname "$0")/../../build/help.sh"; only_sourced "$@"; }

cat >"$work/small.cfg" <<'CFG'
workloads = irq_disable
layouts = dense
offsets = 1
batches = 1
CFG
readonly cells=7		# with the twin, the filler and the chain
readonly quick=(--icount 7 --config "$work/small.cfg")

# starter WORD [run.sh options]: leaves $work/WORD.log, $work/WORD.other what was
# written to other ports, $work/WORD/ the reports
starter()
{
	local word=$1
	shift
	echo "$word" >"$work/how"
	{ tr '\n' ' ' | sed 's/ = /=/g'; printf 'exit=debug-exit\0'; } <"$work/small.cfg" |
		iconv -t UTF-16LE >"$work/options"
	disk/image.sh "$work/$word.img" out/test/x86_64/starter.efi=EFI/BOOT/BOOTX64.EFI \
		"$work/how=HOW" "$work/options=OPTIONS" out/x86_64/parapatch.efi=EFI/PARAPATCH.EFI
	image=$work/$word.img
	boot "$word" "${quick[@]}" --qemu "-chardev file,id=dbg,path=$work/$word.other \
		-device isa-debugcon,chardev=dbg,iobase=0x402" "$@"
	image=out/parapatch.img
}

# port N: arguments of QEMU for a file that a port writes, $work/port.N
port() { echo "-chardev file,id=p$1,path=$work/port.$1"; }

# lines FILE: cells, tables and end lines there
lines()
{
	printf '%s cells, %s tables, %s ends\n' "$(grep -ac '^cell ' "$1")" \
		"$(grep -ac '^ *native paravirt ' "$1")" \
		"$(grep -ac 'parapatch end status=complete' "$1")"
}
readonly all="$cells cells, 1 tables, 1 ends"

# app_ms NAME: how long it took, by the guest's clock
app_ms() { sed -n 's/^parapatch end .* app_[a-z_]*ms=\([0-9]*\)/\1/p' "$work/$1.log"; }

# reports NAME: of each, its name from the architecture on, and its status
reports()
{
	local file
	for file in "$work/$1"/*.json; do
		[ -f "$file" ] || continue
		printf '%s=%s ' "${file##*-x86_64-}" "$(jq -r .status "$file" 2>&1)"
	done
}
