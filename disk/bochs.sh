#!/bin/bash
# bochs.sh --image FILE [options]: boot a stick image in Bochs, say how it ended.
# SPDX-License-Identifier: GPL-2.0-only
#
# Options:
#   --image FILE         the stick; it is copied, never written
#   --arch ARCH          x86_64 (default) or ia32: which firmware
#   --config FILE        use FILE as \parapatch.cfg
#   --set 'key = value'  add a line to \parapatch.cfg; may be repeated
#   --cpu MODEL          Bochs's name ("bochs -help cpu" lists them)
#   --timeout S          end it after S seconds in all (default 180)
#   --hang S             end it after S seconds without output (default 60)
#   --results DIR        copy the reports there, one "report: PATH" line each
#   --serial FILE        keep what came over COM1, byte for byte
#   --quiet              do not echo what the guest says
#
# Bochs executes one instruction a TSC tick, whatever the instruction is, and
# nothing in it depends on the host's clock: two runs give the same bytes.
#
# The firmware: x86_64 has OVMF.  Debian's OVMF for ia32 cannot start here (its
# image of 4 MiB is over Bochs's limit, and it wants a Q35 with SMM); there it
# is U-Boot, whose EFI loader starts BOOTIA32.EFI.  It cannot write to the
# stick: say --set 'report = off'.
#
# The working copy's \parapatch.cfg always ends in "exit = bochs-exit".  Bochs
# hands no verdict on; it is that of the guest's line "parapatch end status=...".
#
# Exit status: 0 complete; 2 usage, or something is missing here; 10 a
# self-check failed; 11 bad configuration; 12 the guest refused to run, or its
# run failed; 13 the report was not saved; 20 CPU exception; 21 hang or timeout;
# 22 Bochs failed, or ended before the guest did.  Everything but 0 comes with
# one line on stderr that says why.
#
# Environment: BOCHS names the emulator to run (a test gives a script here).

set -euo pipefail
export LC_ALL=C MTOOLSRC=/dev/null MTOOLS_SKIP_CHECK=1
. "$(dirname "$0")/../host/build/help.sh"
answer_help '*' "$@"
export PATH="$PATH:/usr/sbin:/sbin"

readonly ovmf=/usr/share/ovmf/OVMF.fd
readonly uboot=/usr/lib/u-boot/qemu-x86/u-boot.rom
readonly vgabios=/usr/share/seabios/vgabios-stdvga.bin
readonly poll_s=0.1
readonly dump_ms=1000		# silence that ends a register dump

# "Instructions a second" of the guest's clocks: the fewer, the fewer of them
# the firmware spends in waiting for time to pass.  It changes no count.
readonly ips=10000000

# A CPU model has NOPL, as QEMU's "max" does: the same padding on both.
declare -A opt=([arch]=x86_64 [timeout]=180 [hang]=60
	[cpu]=corei7_haswell_4770)
declare -a set_lines=()
work='' pid=''

note() { echo "bochs.sh: $*" >&2; }
readonly exit_key=bochs-exit
. "${BASH_SOURCE%/*}/stick.sh"

clean_up()
{
	trap '' INT TERM HUP	# a second Ctrl-C must not stop this
	stop_bochs
	[[ -z $work ]] || rm -rf "$work"
}

# bash announces a killed job on stderr.
stop_bochs()
{
	[[ -n $pid ]] || return 0
	{ kill -KILL "$pid" && wait "$pid"; } 2>/dev/null || true
	pid=
}

now_ms() { printf -v "$1" %s "$((${EPOCHREALTIME/./} / 1000))"; }

# ---- what was asked for, and is it possible here

parse_args()
{
	while [[ $# -gt 0 ]]; do
		case $1 in
		--quiet)
			opt[quiet]=1 ;;
		--set)
			[[ $# -ge 2 ]] || usage "$1 wants a value"
			set_lines+=("$2")
			shift ;;
		--image|--arch|--config|--cpu|--timeout|--hang|--results|--serial)
			[[ -n ${2:-} ]] || usage "$1 wants a value"
			opt[${1#--}]=$2
			shift ;;
		--help)
			help_text
			exit 0 ;;
		*)
			usage "unknown argument '$1'" ;;
		esac
		shift
	done
}

check_args()
{
	local key
	case ${opt[arch]} in x86_64|ia32) ;; *)
		usage "--arch '${opt[arch]}' is not x86_64 or ia32" ;;
	esac
	[[ ${opt[cpu]} =~ ^[a-z0-9_]+$ ]] ||
		usage "--cpu '${opt[cpu]}' is not a name of a model"
	for key in timeout hang; do
		# Not 09, which bash's arithmetic does not take.
		[[ ${opt[$key]} =~ ^(0|[1-9][0-9]{0,5})$ ]] ||
			usage "--$key '${opt[$key]}' is not a whole number" \
				"(six digits at most, no 0 before them)"
	done
	[[ -n ${opt[image]:-} ]] || usage "no --image"
}

# need_file FILE PACKAGE
need_file()
{
	[[ -r $1 ]] ||
		die 2 "$1: no such file; install the Debian package $2"
}

find_machine()
{
	bochs=${BOCHS:-bochs}
	need "$bochs" "bochs"
	need mcopy mtools
	need_file "$vgabios" seabios
	case ${opt[arch]} in
	x86_64)	need_file "$ovmf" ovmf ;;
	ia32)	need_file "$uboot" u-boot-qemu ;;
	esac
}

# ---- the machine

# U-Boot may give a PCI device IRQ 6, and Bochs ends with a panic when it does:
# its floppy drive, which cannot be left out, has that line.  So IRQ 6 is taken
# out of the mask of lines to choose from: "intel,pirq-mask" in the device tree,
# the one property of 4 bytes that is 0e40 (IRQs 6, 9, 10 and 11).
# Source: Devicetree Specification, "Flattened Devicetree (DTB) Format".
without_irq6()
{
	perl -0777 -pe '
		$n = s/(\0\0\0\x03\0\0\0\x04....\0\0\x0e)\x40/$1\0/sg;
		END { exit($n == 1 ? 0 : 1) }' "$1" >"$2" 2>"$work/said" ||
		die 2 "$1: IRQ 6 is not in its mask of PCI interrupts, once;" \
			"this is for U-Boot 2023.01 of Debian 12"
}

# Sets firmware, and the address of its first byte; its last is below 4 GiB.
prepare_firmware()
{
	case ${opt[arch]} in
	x86_64)	firmware=$ovmf address=0xffe00000 ;;
	ia32)	firmware=$work/u-boot.rom address=0xfff00000
		without_irq6 "$uboot" "$firmware" ;;
	esac
}

# Display "term" draws on stdout, which is a file here; it needs no terminal, no
# X and, unlike rfb, no port.
write_machine()
{
	cat >"$work/bochsrc" <<-END
	config_interface: textconfig
	display_library: term
	plugin_ctrl: unmapped=1, serial=1, speaker=0, parallel=0, gameport=0
	cpu: model=${opt[cpu]}, count=1, ips=$ips
	clock: sync=none, time0=1
	megs: 256
	romimage: file="$firmware", address=$address
	vgaromimage: file="$vgabios"
	pci: enabled=1, chipset=i440fx
	ata0-master: type=disk, path="$stick", mode=flat
	com1: enabled=1, mode=file, dev="$serial"
	log: "$work/log"
	panic: action=fatal
	error: action=report
	info: action=ignore
	debug: action=ignore
	END
	# Debian's Bochs has its debugger in, which asks before it starts.
	echo c >"$work/debugger"
}

start_bochs()
{
	serial=${opt[serial]:-$work/serial}
	: 2>/dev/null >"$serial" || die 2 "--serial $serial: cannot be written"
	write_machine
	note "${opt[arch]}, Bochs icount 0, cpu ${opt[cpu]}, firmware" \
		"$([[ ${opt[arch]} = ia32 ]] && echo "$uboot without IRQ 6" || echo "$ovmf")"
	TERM=dumb "$bochs" -q -f "$work/bochsrc" -rc "$work/debugger" \
		</dev/null >"$work/screen" 2>&1 &
	pid=$!
}

# ---- the watch

said() { tr -d '\r' <"$serial" | grep -a "$@" || true; }

# watch: until Bochs ends or is ended; sets verdict: ended, exception, hang or
# timeout
watch()
{
	local start now last size=0 grown
	now_ms start
	last=$start verdict=
	while kill -0 "$pid" 2>/dev/null && [[ -z $verdict ]]; do
		sleep "$poll_s"
		now_ms now
		grown=$(stat -c %s "$serial")
		[[ $grown = "$size" ]] || last=$now
		size=$grown
		judge_now $((now - start)) $((now - last))
	done
	if [[ -z $verdict ]]; then
		wait "$pid" || true
		pid= verdict=ended
		! crashed || verdict=exception
	fi
	stop_bochs
}

crashed() { grep -qa '!!!! \(X64\|IA32\) Exception\|^EIP: ' "$serial"; }

# judge_now MS_SINCE_START MS_SINCE_OUTPUT: is there a reason to end it?
judge_now()
{
	if [[ $2 -ge $dump_ms && $2 -lt $((dump_ms * 2)) ]] && crashed; then
		verdict=exception
	elif [[ $1 -ge $((opt[timeout] * 1000)) ]]; then
		verdict=timeout
	elif [[ $2 -ge $((opt[hang] * 1000)) ]]; then
		verdict=hang
	fi
}

# ---- the verdict

# From the application's first line on, without what moves the cursor.
echo_guest()
{
	[[ -z ${opt[quiet]:-} ]] || return 0
	tr -d '\r' <"$serial" | sed -n $'s/\e\\[[0-9;?=]*[A-Za-z]//g
		/^parapatch/,$p'
}

# Bochs's own last word: a panic that is not the end that was asked for.
last_words()
{
	sed -n 's/.*>>PANIC<< //p' "$work/log" 2>/dev/null | tail -n 1 |
		grep . || echo "no word of why"
}

report_ended()
{
	local status
	status=$(said '^parapatch end ' | tail -n 1 | sed 's/.* status=\([^ ]*\).*/\1/')
	case $status in
	complete)	exit 0 ;;
	check-failed)	die 10 "a self-check failed; its line is above" ;;
	bad-config)	die 11 "bad configuration: $(said 'parapatch.cfg' | tail -n 1)" ;;
	not-saved)	die 13 "the table is fine, the report was not saved" ;;
	'')		die 22 "Bochs ended before the guest did: $(last_words)" ;;
	*)		die 12 "the guest's run ended with status=$status" ;;
	esac
}

report()
{
	case $verdict in
	ended)	   report_ended ;;
	exception) said -B 2 -A 30 '!!!!\|^EIP: ' >&2
		   die 20 "CPU exception; the registers are above" ;;
	hang)	   die 21 "hang: nothing new on serial in ${opt[hang]} s" ;;
	timeout)   die 21 "timeout: not at its end after ${opt[timeout]} s" ;;
	*)	   die 22 "the runner itself failed: it has no verdict" ;;
	esac
}

parse_args "$@"
check_args
check_files
find_machine
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP
work=$(mktemp -d)
prepare_image
prepare_firmware
start_bochs
watch
echo_guest
collect_reports
report
