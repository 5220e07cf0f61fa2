#!/bin/bash
# boot.sh: boot one of Debian's kernels in QEMU, run rows in it, and say what came of each.
# SPDX-License-Identifier: GPL-2.0-only
#
# boot.sh [options] KERNEL ROW[+ROW...] [-- QEMU-ARGUMENT...]
#
#   KERNEL            a name of host/linux/kernel.sh, which fetches it: 6.1-amd64 and others
#   ROW               a program of host/mix/guest, or boot, dbench, tbench; --rows lists them;
#                     or symbols, which says to the console where the kernel's entries are.
#                     Several run one after another, until one fails
#   --units N         instead of the row's own number
#   --cpu MODEL       QEMU's model (EPYC-Rome); the bit that announces a hypervisor is off
#   --append WORDS    more words of the kernel's command line
#   --mitigations W   auto (preset), off, and what else the kernel takes
#   --no-icount       by the host's clock; else an instruction is 1 ns of the guest's time, time
#                     with nothing to do is left out, and what RDRAND gives is the same each
#                     time: two boots count the same
#   --limit S         seconds until it is taken for hung (180)
#   --out FOLDER      out/mix/KERNEL; there are then ROW.serial, ROW.qemu and ROW.command, by
#                     the first row's name
#   --under COMMAND   words in place of qemu-system-x86_64: what starts it, given its arguments
#   --rows            lists the rows
#   --prepare         fetches KERNEL and makes its archives, and boots nothing; no ROW
#
# QEMU translates, with one CPU, 1 GiB, no disk and no network device.  Arguments behind --
# are for it too: -plugin and the like.
#
# It prints a line for each row that was done.
#
# Exit status: 0 all rows' units were done and checked; 1 they were not, and one line says
# why; 2 usage, or the kernel or a package cannot be had; 3 COMMAND refused, in its own words.
set -euo pipefail
export LC_ALL=C
. "$(dirname "$0")/../../build/help.sh"
answer_help '*' "$@"

readonly programs='floor call io fork exec sh switch pipe unix udp tcp connect pipe_bw unix_bw
tcp_bw compile idle'
readonly rows="$programs tbench dbench boot"

die() { echo "boot.sh: $*" >&2; exit 2; }

units='' cpu=EPYC-Rome append='' mitigations=auto icount=yes limit=180 out='' under='' prepare=''
while [ $# -gt 0 ]; do
	case $1 in
	--units|--cpu|--append|--mitigations|--limit|--out|--under)
		[ -n "${2:-}" ] || die "$1 wants a value"
		printf -v "${1#--}" %s "$2"
		shift ;;
	--no-icount) icount='' ;;
	--prepare) prepare=yes ;;
	--rows)	xargs -n 1 <<<"$rows"; exit 0 ;;
	--)	break ;;
	-*)	die "there is no option $1 (--help lists what there is)" ;;
	*)	break ;;
	esac
	shift
done
kernel=${1:-} row=${2:-}
[ -n "$kernel" ] || die "it wants KERNEL and ROW (--help says more)"
shift
if [ -z "$prepare" ]; then
	[ -n "$row" ] && [ "$row" != -- ] || die "it wants a ROW of $kernel (--rows lists them)"
	shift
	IFS=+ read -ra asked <<<"$row"
	for one in "${asked[@]}"; do
		[[ " ${rows//$'\n'/ } symbols " == *" $one "* ]] ||
			die "there is no row $one (--rows lists them)"
	done
fi
[ $# = 0 ] || [ "$1" = -- ] || die "$1 is one word too many (--help says more)"
[ $# = 0 ] || shift
[[ $limit =~ ^[1-9][0-9]*$ ]] || die "--limit $limit is no number of seconds"
[[ $units =~ ^([1-9][0-9]*)?$ ]] || die "--units $units is no number from 1 on"

case $kernel in
*-686*)	arch=i386 ;;
*)	arch=amd64 ;;
esac
out=${out:-out/mix/$kernel}
readonly guest=out/mix/guest/$arch vmlinuz=out/kernel/$kernel/vmlinuz

# Boots at once must not make the same.
prepared()
{
	host/linux/kernel.sh --fetch "$kernel" || exit 2
	[ -e $guest/floor ] || die "the rows are not built: make mix-programs"
	if [ ! -e $guest/compile.cpio ] || [ -n "$(find host/mix/guest $guest/ -maxdepth 1 \
			-type f ! -name '*.cpio' -newer $guest/compile.cpio ! -name boot.sh \
			! -name '*.o' ! -name packages)" ]; then
		host/mix/guest/initramfs.sh $arch || exit 2
	fi
}
mkdir -p "$out" out/mix/guest
(
	flock 9
	prepared
) 9>out/mix/guest/lock || exit 2
[ -z "$prepare" ] || exit 0

readonly as=$out/${asked[0]}
serial=$as.serial initramfs=$as.cpio
command="nokaslr no_timer_check tsc=reliable console=ttyS0 quiet panic=-1"
command+=" mitigations=$mitigations mix_row=$row${units:+ mix_units=$units}${append:+ $append}"

# The kernel unpacks one archive behind the other.
archives=($guest/base.cpio)
[[ +$row+ != *+compile+* ]] || archives+=($guest/compile.cpio)
[[ ! +$row+ =~ \+[dt]bench\+ ]] || archives+=($guest/lines.cpio)
cat "${archives[@]}" >"$initramfs"
rm -f "$serial"
trap 'rm -f "$initramfs"' EXIT

# No default device: each would be found and set up.
qemu=(-nodefaults -no-user-config -machine q35,accel=tcg -cpu "$cpu,-hypervisor" -smp 1 -m 1024
	-display none -no-reboot -rtc base=2026-01-01)
[ -z "$icount" ] || qemu[-1]+=,clock=vm
[ -z "$icount" ] || qemu+=(-icount shift=0,sleep=off -seed 1)
qemu+=(-kernel "$vmlinuz" -initrd "$initramfs" -append "$command" -serial "file:$serial" "$@")
# shellcheck disable=SC2206
starter=(${under:-qemu-system-x86_64})
printf '%q ' "${starter[@]}" "${qemu[@]}" >"$as.command"

status=0
timeout "$limit" "${starter[@]}" "${qemu[@]}" </dev/null >"$as.qemu" 2>&1 || status=$?

failed() { echo "boot.sh: $kernel $row: $*" >&2; exit 1; }
touch "$serial"
said=$(tr -d '\r' <"$serial" | grep -a "^row " || true)
for one in "${asked[@]}"; do
	grep -xE "row $one units [0-9]+ ok( .*)?" <<<"$said" | sed "s/^/$kernel /" || break
done
last=$(tr -d '\r' <"$serial" | grep -av '^ *$' | tail -n 1 || true)
panic=$(tr -d '\r' <"$serial" | grep -ao 'Kernel panic - not syncing.*' | head -n 1 || true)
[ -z "$panic" ] || failed "the kernel panicked: ${panic#*syncing: }"
[ $status != 124 ] || failed "no end after $limit s; the last line is: ${last:-none}"
if [ -n "$under" ] && [ $status = 3 ]; then
	cat "$as.qemu" >&2
	exit 3
fi
[ $status = 0 ] || failed "QEMU ended with status $status: $(tail -n 1 "$as.qemu")"
[ -n "$said" ] || failed "the row said nothing; the last line is: ${last:-none}"
for one in "${asked[@]}"; do
	grep -qxE "row $one units [0-9]+ ok( .*)?" <<<"$said" ||
		failed "$(grep -vxE 'row [a-z_]+ units [0-9]+ ok( .*)?' <<<"$said" | head -n 1)"
done
