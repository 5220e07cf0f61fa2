#!/bin/bash
# run.sh --image FILE [options]: boot a stick image in QEMU, say how it ended.
# SPDX-License-Identifier: GPL-2.0-only
#
# Options:
#   --image FILE         the stick; it is copied, never written
#   --arch ARCH          x86_64 (default) or ia32: which firmware
#   --config FILE        use FILE as \parapatch.cfg
#   --set 'key = value'  add a line to \parapatch.cfg; may be repeated
#   --options 'WORDS'    start it by the firmware's Shell, with these words behind its
#                        name: key=value ..., which override \parapatch.cfg, or -h;
#                        " ^ % # < > | are the Shell's own
#   --accel HOW          auto (default: KVM if it boots, else TCG), kvm, tcg
#   --icount N           TCG, one CPU; one instruction is 2^N ns of guest time (7 under
#                        TCG unless another is said: then instructions are counted)
#   --times              under TCG the guest's clock is the host's: the emulator's times
#   --cpu MODEL          QEMU's name; default under KVM the host's, else max
#   --secure-boot        Secure Boot is on, and Debian's test key ("snakeoil") is
#                        the one whose signatures the firmware takes
#   --strict-nx          the firmware that maps data and stacks non-executable
#                        and has EFI_MEMORY_ATTRIBUTE_PROTOCOL (Debian 13's and
#                        later; OVMF_DIR says where)
#   --vars FILE          the firmware's variables at the start; it is copied
#   --keep-vars FILE     keep them as the guest left them
#   --bios FILE          another firmware than OVMF, as one image (U-Boot's)
#   --machine NAME       q35 (default) or pc; pc has no Secure Boot
#   --memory MIB         so much RAM (default 256)
#   --smp N              so many CPUs (default 1); under TCG a thread each
#   --attach HOW         the stick is a virtio (default), usb, nvme or ahci disk
#   --qemu 'ARGS'        more arguments for QEMU, split at blanks; may be repeated
#   --readonly           the stick is write protected
#   --full               the stick has no free cluster
#   --timeout S          end it after S seconds in all (default 120); under KVM
#                        from the first output on
#   --hang S             end it after S seconds without output (default 40); under
#                        KVM after 5 times that, while the CPU is seen to run
#   --results DIR        copy the reports there, one "report: PATH" line each
#   --serial FILE        keep what came over COM1, byte for byte
#   --keep-image FILE    keep the stick as the guest left it
#   --screenshot FILE    .ppm or .png: the last screen seen (see watch_screen)
#   --nmi                inject an NMI ten times a second while the guest runs
#   --brief              echo what the guest says to people, not to machines
#   --quiet              do not echo what the guest says
#
# The working copy's \parapatch.cfg always ends in "exit = debug-exit", by
# which the guest hands its verdict to QEMU's isa-debug-exit device.
#
# Exit status: 0 ok (the exit word says so, and "parapatch end" was seen);
# 2 usage, or something is missing here; 10 a self-check failed; 11 bad
# configuration; 12 the guest refused to run; 13 the report was not saved;
# 14 the firmware refused to start it (Secure Boot); 20 CPU exception; 21 hang
# or timeout; 22 QEMU failed, or ended without an exit word.  Everything but 0
# comes with one line on stderr that says why.
#
# Environment: QEMU names the emulator to run (a test gives a script here),
# OVMF_DIR the firmware's directory, KVM_DEVICE what to take for /dev/kvm.

set -euo pipefail
export LC_ALL=C MTOOLSRC=/dev/null MTOOLS_SKIP_CHECK=1
. "$(dirname "$0")/../host/build/help.sh"
answer_help '*' "$@"
export PATH="$PATH:/usr/sbin:/sbin"

readonly ovmf_dir=${OVMF_DIR:-/usr/share/OVMF}
readonly kvm_device=${KVM_DEVICE:-/dev/kvm}
readonly poll_s=0.1
readonly dump_ms=700		# silence that ends a register dump
readonly speaks_s=6		# OVMF under KVM speaks within 2
readonly looks=6		# at a CPU, before it is held to stand still; one a second
readonly patience=5		# --hang so many times over, for a CPU that runs

declare -A opt=([arch]=x86_64 [accel]=auto [timeout]=120 [hang]=40 [smp]=1
	[machine]=q35 [memory]=256 [attach]=virtio)
declare -a set_lines=() qemu_more=()
work=''

# Messages have their own descriptor: bash announces a killed job on stderr,
# and watch runs with that one shut.
exec {say}>&2
note() { echo "run.sh: $*" >&"$say"; }
readonly exit_key=debug-exit
. "${BASH_SOURCE%/*}/stick.sh"

clean_up()
{
	trap '' INT TERM HUP	# a second Ctrl-C must not stop this
	stop_qemu
	[[ -z $work ]] || rm -rf "$work"
}

# Bash 5.2 aborts where a trap of a signal exits while read waits with a time limit ("longjmp
# causes uninitialized stack frame"), and nothing is cleaned up then.  So while QEMU is watched
# the loop exits.
watching='' told=''
told_to_end()
{
	told=$1
	[[ -n $watching ]] || exit "$1"
}
leave_if_told() { [[ -z $told ]] || exit "$told"; }

# By bash's own list of jobs: a signal may come before qemu_pid is set.
stop_qemu()
{
	local pid
	for pid in $(jobs -p); do
		kill -KILL "$pid" 2>/dev/null || true
		wait "$pid" 2>/dev/null || true
	done
}

now_ms() { printf -v "$1" %s "$((${EPOCHREALTIME/./} / 1000))"; }

# ---- what was asked for, and is it possible here

parse_args()
{
	local -a more
	while [[ $# -gt 0 ]]; do
		case $1 in
		--readonly|--full|--brief|--quiet|--nmi|--secure-boot|--strict-nx|--times)
			opt[${1#--}]=1 ;;
		--set)
			[[ $# -ge 2 ]] || usage "$1 wants a value"
			set_lines+=("$2")
			shift ;;
		--options)
			[[ $# -ge 2 && $2 != *$'\n'* ]] || usage "$1 wants words, on one line"
			opt[options]=$2
			shift ;;
		--qemu)
			[[ -n ${2:-} ]] || usage "$1 wants a value"
			read -ra more <<<"$2"
			qemu_more+=("${more[@]}")
			shift ;;
		--image|--arch|--config|--attach|--accel|--icount|--cpu|--smp|--timeout|\
		--hang|--results|--serial|--keep-image|--screenshot|--vars|--keep-vars|\
		--bios|--machine|--memory)
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

check_firmware()
{
	local with=${opt[secure-boot]:-}${opt[strict-nx]:-}
	[[ -z ${opt[bios]:-} ]] || {
		[[ -z $with${opt[vars]:-}${opt[keep-vars]:-} ]] ||
			usage "--bios goes with none of --secure-boot, --strict-nx, --vars," \
				"--keep-vars"
		return 0
	}
	[[ ${opt[machine]} != pc || -z $with && ${opt[arch]} != ia32 ]] ||
		usage "--machine pc has no SMM, which the firmware for" \
			"ia32, --secure-boot and --strict-nx wants"
}

# They go by the Shell: one that is not there, or does not take the line, starts nothing.
check_options()
{
	local quotes=${opt[options]//^?/}
	[[ -z ${opt[bios]:-}${opt[secure-boot]:-} ]] ||
		usage "--options is by the Shell of OVMF without Secure Boot:" \
			"it goes with neither --bios nor --secure-boot"
	quotes=${quotes//[^\"]/}
	[[ $((${#quotes} % 2)) -eq 0 ]] ||
		usage "--options ${opt[options]}: a \" is not closed"
}

check_args()
{
	local key
	case ${opt[arch]} in x86_64|ia32) ;; *)
		usage "--arch '${opt[arch]}' is not x86_64 or ia32" ;;
	esac
	case ${opt[accel]} in auto|kvm|tcg) ;; *)
		usage "--accel '${opt[accel]}' is not auto, kvm or tcg" ;;
	esac
	[[ -n $(stick_device "${opt[attach]}") ]] ||
		usage "--attach '${opt[attach]}' is not virtio, usb, nvme or ahci"
	case ${opt[machine]} in q35|pc) ;; *)
		usage "--machine '${opt[machine]}' is not q35 or pc" ;;
	esac
	for key in timeout hang icount smp memory; do
		# Not 09, which bash's arithmetic does not take.
		[[ ${opt[$key]-0} =~ ^(0|[1-9][0-9]{0,5})$ ]] ||
			usage "--$key '${opt[$key]}' is not a whole number" \
				"(six digits at most, no 0 before them)"
	done
	[[ ${opt[smp]} =~ ^[1-9][0-9]*$ ]] ||
		usage "--smp '${opt[smp]}' is not a number of CPUs, 1 or more"
	[[ -z ${opt[icount]:-} || ${opt[smp]} == 1 ]] ||
		usage "--icount has one thread, --smp ${opt[smp]} wants one a CPU"
	[[ -z ${opt[icount]:-} || -z ${opt[times]:-} ]] ||
		usage "--icount counts instructions, and --times does not"
	[[ -z ${opt[icount]:-} || ${opt[accel]} != kvm ]] ||
		usage "--icount counts instructions, which --accel kvm cannot"
	check_firmware
	[[ -z ${opt[options]+set} ]] || check_options
	[[ -n ${opt[image]:-} ]] || usage "no --image"
}

# Variables are the same for both architectures, and so are the keys in them.
find_ovmf()
{
	local file package
	case ${opt[arch]} in
	x86_64)	code=OVMF_CODE_4M.fd vars=OVMF_VARS_4M.fd package=ovmf ;;
	ia32)	code=OVMF32_CODE_4M.secboot.fd vars=OVMF32_VARS_4M.fd
		package=ovmf-ia32 ;;
	esac
	[[ -z $smm ]] || code=${code%%_CODE*}_CODE_4M.secboot.fd
	[[ -z ${opt[secure-boot]:-} ]] || vars=OVMF_VARS_4M.snakeoil.fd
	if [[ -n ${opt[strict-nx]:-} ]]; then
		code=${code%.fd}.strictnx.fd
		package+=" of Debian 13, and say where it is by OVMF_DIR"
	fi
	code=$ovmf_dir/$code vars=${opt[vars]:-$ovmf_dir/$vars}
	for file in "$code" "$vars"; do
		[[ -r $file ]] || die 2 "$file: no such firmware file;" \
			"install the Debian package $package"
	done
}

find_machine()
{
	qemu=${QEMU:-qemu-system-x86_64}
	smm=${opt[secure-boot]:-}${opt[strict-nx]:-}
	[[ ${opt[arch]} != ia32 || -n ${opt[bios]:-} ]] || smm=1
	need "$qemu" qemu-system-x86
	need mcopy mtools
	code=${opt[bios]:-}
	[[ -n $code ]] || find_ovmf
}

# pick_accel: sets accel, and whether TCG may take over from KVM
pick_accel()
{
	fallback=
	accel=${opt[accel]}
	[[ -z ${opt[icount]:-} ]] || accel=tcg
	[[ $accel != tcg ]] || return 0
	if [[ -r $kvm_device && -w $kvm_device ]]; then
		[[ $accel == kvm ]] || fallback=1
		accel=kvm
	elif [[ $accel == kvm ]]; then
		die 22 "--accel kvm: $kvm_device is not there, or not yours to" \
			"write (Debian: join the group kvm); or use --accel tcg"
	else
		accel=tcg
	fi
}

# pick_clock: sets icount, where instructions are to be counted.  2^7 ns is the shift at
# which OVMF is soonest done: a smaller one makes its waits long, a larger one its timer's
# interrupts many.
pick_clock()
{
	icount=${opt[icount]:-}
	[[ -z $icount && $accel == tcg && -z ${opt[times]:-} ]] || return 0
	if [[ ${opt[smp]} == 1 ]]; then
		icount=7
	else
		note "--smp ${opt[smp]}: times; instructions are counted by one CPU alone"
	fi
}

# ---- by the Shell, with options

# A stick without \EFI\BOOT: the firmware has nothing to start but its Shell, and that
# starts the application.
start_by_shell()
{
	local from=::/EFI/BOOT/BOOTX64.EFI
	[[ ${opt[arch]} != ia32 ]] || from=::/EFI/BOOT/BOOTIA32.EFI
	try "$from" mcopy -n -i "$fat" "$from" "$work/parapatch.efi"
	try '\EFI' mdeltree -i "$fat" ::/EFI
	try '\parapatch.efi' mcopy -o -i "$fat" "$work/parapatch.efi" ::/parapatch.efi
	printf '%s\r\n' '@echo -off' 'for %d in fs0 fs1 fs2 fs3' \
		'  if exist %d:\parapatch.efi then' \
		"    %d:\\parapatch.efi ${opt[options]}" \
		'    goto done' '  endif' 'endfor' ':done' >"$work/startup.nsh"
	try '\startup.nsh' mcopy -o -i "$fat" "$work/startup.nsh" ::/startup.nsh
}

# ---- a full stick

free_bytes()
{
	mdir -i "$fat" ::/ </dev/null | sed -n '/bytes free/s/[^0-9]//gp'
}

# A file may need one cluster more than its size, to grow the directory:
# hence smaller and smaller files, until nothing is free.
fill_fat()
{
	local n spare free
	for n in 0 1 2 3; do
		for spare in 0 512 4096 32768; do
			free=$(free_bytes)
			[[ $free -gt 0 ]] || return 0
			[[ $free -gt $spare ]] || continue
			truncate -s $((free - spare)) "$work/filler"
			mcopy -o -i "$fat" "$work/filler" "::/FILLER$n.BIN" \
				</dev/null >/dev/null 2>&1 && break
		done
		rm -f "$work/filler"
	done
	[[ $(free_bytes) -eq 0 ]] ||
		die 2 "--full: $(free_bytes) bytes are still free on the stick"
}

# ---- the machine

# stick_device HOW: QEMU's arguments for what the stick is in the machine
stick_device()
{
	case $1 in
	virtio)	echo "-device virtio-blk-pci,drive=stick,bootindex=0" ;;
	usb)	echo "-device qemu-xhci -device usb-storage,drive=stick,bootindex=0" ;;
	nvme)	echo "-device nvme,serial=stick,drive=stick,bootindex=0" ;;
	ahci)	echo "-device ide-hd,drive=stick,bootindex=0" ;;
	esac
}

# A comma inside a QEMU option's value is written twice.
# shellcheck disable=SC2054  # the commas are QEMU's
args_firmware()
{
	if [[ -n ${opt[bios]:-} ]]; then
		args+=(-bios "$code")
		return
	fi
	cp "$vars" "$work/vars.fd"
	chmod u+w "$work/vars.fd"
	args+=(-drive "if=pflash,format=raw,unit=0,readonly=on,file=${code//,/,,}"
		-drive "if=pflash,format=raw,unit=1,file=${work//,/,,}/vars.fd")
	[[ -z $smm ]] || args+=(
		-global driver=cfi.pflash01,property=secure,value=on
		-global ICH9-LPC.disable_s3=1)
}

# shellcheck disable=SC2054,SC2046  # the commas are QEMU's; words are meant
start_qemu()
{
	local cpu=${opt[cpu]:-max} machine=${opt[machine]} drive_ro=off how=$accel
	[[ $accel != tcg || ${opt[smp]} == 1 ]] ||
		how+=,thread=multi
	# A CPU that could migrate does not say that its TSC is invariant.
	[[ -n ${opt[cpu]:-} || $accel != kvm ]] || cpu=host,migratable=off
	[[ -z $smm ]] || machine+=,smm=on
	[[ -z ${opt[readonly]:-} ]] || drive_ro=on
	local drive=if=none,id=stick,format=raw,cache=unsafe
	local args=(-nodefaults -no-user-config -no-reboot
		-machine "$machine" -accel "$how" -cpu "$cpu" -smp "${opt[smp]}" -m "${opt[memory]}"
		-display none -vga std -nic none
		-drive "$drive,readonly=$drive_ro,file=${stick//,/,,}"
		$(stick_device "${opt[attach]}")
		-chardev "file,id=com1,path=${serial//,/,,}" -serial chardev:com1
		-device isa-debug-exit,iobase=0xf4,iosize=0x04)
	args_firmware
	[[ -z $icount ]] || args+=(-icount "shift=$icount,sleep=off")
	! wants_monitor || args+=(
		-chardev "pipe,id=mon,path=${work//,/,,}/mon" -mon chardev=mon)
	args+=("${qemu_more[@]}")
	note "${opt[arch]}, accel $accel${icount:+ icount $icount}," \
		"cpu $cpu, firmware $code"
	"$qemu" "${args[@]}" </dev/null >"$work/stderr" 2>&1 &
	qemu_pid=$!
}

open_serial()
{
	serial=${opt[serial]:-$work/serial}
	: 2>/dev/null >"$serial" || die 2 "--serial $serial: cannot be written"
	exec {serial_fd}<"$serial"
	carry='' spoke='' seen_app='' seen_ops='' seen_end='' exception='' drawn=''
	denied='' shell_says='' looked='' machine='' ip='' regs='' same=0 asked='' waits=''
}

# ---- what the guest says: raw bytes to lines

readonly esc=$'\e'
readonly csi="^([^$esc]*)$esc\\[[0-9;?=]*([A-Za-z])(.*)\$"
readonly two="^([^$esc]*)${esc}[()]?.(.*)\$"

# strip TEXT: sets stripped.  A jump of the cursor is as good as a CR.
strip()
{
	stripped=
	local rest=$1 jump
	while [[ $rest == *"$esc"* ]]; do
		jump=
		if [[ $rest =~ $csi ]]; then
			case ${BASH_REMATCH[2]} in H|f|J) jump=$'\r' ;; esac
			stripped+=${BASH_REMATCH[1]}$jump
			rest=${BASH_REMATCH[3]}
		elif [[ $rest =~ $two ]]; then
			stripped+=${BASH_REMATCH[1]}
			rest=${BASH_REMATCH[2]}
		else
			rest=${rest%%"$esc"*}	# a sequence half received
		fi
	done
	stripped+=$rest
}

# Of a line drawn over and over only the last drawing is shown, unless an
# earlier one is for machines.
line_done()
{
	local piece last=''
	local -a pieces
	strip "$1"
	IFS=$'\r' read -r -d '' -a pieces <<<"$stripped" || true
	for piece in "${pieces[@]}"; do
		piece=${piece%$'\n'}
		[[ -n $piece ]] || continue
		case $last in 'cell '*|'parapatch '*) show "$last" ;; esac
		last=$piece
	done
	show "$last"
}

# Is it a key=value line that --brief leaves out?
for_machines()
{
	[[ -n ${opt[brief]:-} ]] || return 1
	case $1 in
	'cell '*|'group name='*|'op name='*|'clock source='*|'anchor name='*|'fit backend='*) \
		return 0 ;;
	'parapatch '[a-z]*=*|'parapatch '[a-z]*' '[a-z_]*=*) return 0 ;;
	'parapatch gaps '*) return 0 ;;
	esac
	return 1
}

show()
{
	case $1 in
	*'!!!! X64 Exception'*|*'!!!! IA32 Exception'*) exception=1 ;;
	*'BdsDxe: failed to load '*': Access Denied'*|\
	*'BdsDxe: failed to start '*': Security Violation'*)
		[[ -n $seen_app ]] || denied=${denied:-$1} ;;
	*'Script Error Status: '*)
		[[ -z ${opt[options]+set} || -n $seen_app ]] || shell_says=$1 ;;
	*parapatch*) seen_app=1 ;;
	*' ops: '*' checked'*) seen_ops=1 ;;
	esac
	if [[ -n $exception ]]; then
		printf '%s\n' "$1" >&"$say"
		return
	fi
	case $1 in 'parapatch end '*) seen_end=1 ;; esac
	[[ -n $seen_app && -z ${opt[quiet]:-} ]] || return 0
	! for_machines "$1" || return 0
	printf '%s%s\n' "${drawn:+$'\r\e[K'}" "$1"
	drawn=
}

# The line being drawn now, for eyes only.
show_partial()
{
	[[ -t 1 && -n $seen_app && -z $exception && -z ${opt[quiet]:-} ]] ||
		return 0
	strip "$carry"
	stripped=${stripped%$'\r'}
	printf '\r\e[K%s' "${stripped##*$'\r'}"
	drawn=1
}

# poll_serial: takes what is new; sets grew when something was
poll_serial()
{
	local part=''
	grew=
	while IFS= read -r -u "$serial_fd" part; do
		grew=1
		line_done "$carry$part"
		carry=
	done
	if [[ -n $part ]]; then
		grew=1
		carry+=$part
		show_partial
	fi
	[[ -z $grew ]] || spoke=1
}

# ---- the watch

# watch: until QEMU ends or is ended; sets verdict (ended, exception, hang,
# timeout, denied, shell or kvm), reason, and status, QEMU's own when it ended by itself
watch()
{
	local start last now
	now_ms start
	last=$start verdict='' reason=''
	watching=yes
	while kill -0 "$qemu_pid" 2>/dev/null; do
		read -r -t "$poll_s" -u "$never" || true
		leave_if_told
		poll_serial
		watch_screen
		inject_nmi
		now_ms now
		[[ -z $grew ]] || last=$now
		watch_cpu "$now" $((now - last))
		judge_now $((now - start)) $((now - last)) $((now - ${asked:-$now}))
		[[ -z $verdict ]] || break
		[[ -n $spoke || $accel != kvm ]] || start=$now
	done
	watching=''
	leave_if_told
	if [[ -z $verdict ]]; then
		verdict=ended status=0
		wait "$qemu_pid" || status=$?
		poll_serial
		[[ -z $exception ]] || verdict=exception
	fi
	stop_qemu
	[[ -z $carry ]] || line_done "$carry"
	kvm_never_started
}

# judge_now MS_SINCE_START MS_SINCE_OUTPUT MS_UNANSWERED: is there a reason to end it?
judge_now()
{
	local hang_ms=$((opt[hang] * 1000))
	if [[ -n $exception ]]; then
		[[ $2 -lt $dump_ms ]] || verdict=exception
	elif [[ -n $denied ]]; then
		verdict=denied
	elif [[ -n $shell_says ]]; then
		verdict=shell
	elif [[ $accel == kvm && $(<"$work/stderr") == *'KVM internal error'* ]]; then
		verdict=kvm reason='KVM internal error'
	elif [[ $accel == kvm ]]; then
		judge_kvm "$@"
	elif [[ $1 -ge $((opt[timeout] * 1000)) ]]; then
		verdict=timeout
	elif [[ $2 -ge $hang_ms ]]; then
		verdict=hang
	fi
}

# Under KVM nobody knows how fast the machine is: it may be a guest itself, or busy,
# and the firmware may wait a minute for a device that is not there.  So silence
# alone is not held against it: its CPU is looked at.
judge_kvm()
{
	local silent="no output in $(($2 / 1000)) s" bad=hang
	[[ -n $spoke ]] || bad=kvm
	if [[ $1 -ge $((opt[timeout] * 1000)) ]]; then
		verdict=timeout
	elif [[ -n $machine && $machine != running ]]; then
		verdict=$bad reason="the machine is $machine"
	elif [[ $2 -ge $((hang_ms * patience)) ]]; then
		verdict=$bad reason="$silent, though the CPU runs"
	elif [[ $2 -lt $(silence_ms) ]]; then
		return 0
	elif [[ $same -ge $looks ]]; then
		verdict=$bad reason="$silent, and the CPU stays at $ip"
	elif [[ $3 -ge $hang_ms ]]; then
		verdict=$bad reason="$silent, and QEMU's monitor does not answer"
	fi
}

# How long may nothing be said before it is looked why?
silence_ms()
{
	local s=${opt[hang]}
	[[ -n $spoke || $s -lt $speaks_s ]] || s=$speaks_s
	echo $((s * 1000))
}

# ---- a look at the CPU

# Is the monitor wanted?  For looks, screens and NMIs.
wants_monitor() { [[ $accel == kvm || -n ${opt[screenshot]:-}${opt[nmi]:-} ]]; }

# watch_cpu NOW MS_SINCE_OUTPUT: under KVM, looks at a machine that has not spoken yet, or
# is silent for longer than it should be; sets machine, ip, in how many looks all was the
# same, and since when one is not answered: no other is taken meanwhile, or a QEMU that
# is slow to start would answer them all at once.  A look stops the CPU for a moment:
# none disturbs what is timed.
watch_cpu()
{
	local every=$((opt[hang] * 1000 / looks))
	[[ $accel == kvm ]] || return 0
	if [[ -n $spoke && $2 -lt $((opt[hang] * 1000)) ]]; then
		looked='' machine='' ip='' regs='' same=0
		return 0
	fi
	hear_monitor "$2"
	[[ $every -le 1000 ]] || every=1000
	[[ -z $asked ]] || return 0
	[[ -z $looked || $(($1 - looked)) -ge $every ]] || return 0
	looked=$1 asked=$1
	printf 'info status\ninfo registers\n' >&"$monitor"
}

# hear_monitor MS_SINCE_OUTPUT: what it has answered since
hear_monitor()
{
	local line now=''
	while IFS= read -r -u "$answers" line; do
		if [[ $line =~ 'VM status: '([a-z]+)( \(([a-z-]+)\))? ]]; then
			machine=${BASH_REMATCH[1]}${BASH_REMATCH[2]}
		elif [[ $line =~ (^|[^A-Z])([RE](AX|SI)|R8 |R12)= ]]; then
			now+=$line
		elif [[ $line =~ [RE]IP=([0-9a-f]+)\ [RE]?FL=([0-9a-f]+).*HLT=([01]) ]]; then
			seen_at "$1" "${BASH_REMATCH[@]:1}" "$now"
			now=
		fi
	done
}

# seen_at MS_SINCE_OUTPUT IP FLAGS HALTED REGISTERS.  One that waits for an interrupt
# stays nowhere; nor does an instruction that repeats, which may take seconds.
seen_at()
{
	asked=
	if [[ $2 == "$ip" && $5 == "$regs" && ! ($4 == 1 && $((0x$3 & 0x200)) -ne 0) ]]; then
		same=$((same + 1))
		return
	fi
	[[ -z $ip || $1 -lt $(silence_ms) ]] || say_runs "$1" "$2"
	same=0 ip=$2 regs=$5
}

# Once a boot.
say_runs()
{
	[[ -z $waits ]] || return 0
	waits=1
	note "KVM: no output in $(($1 / 1000)) s, but the CPU runs (it is at $2): waiting" \
		"for up to $((opt[hang] * patience)) s"
}

kvm_never_started()
{
	[[ $accel == kvm && $verdict == ended && -z $spoke ]] || return 0
	verdict=kvm reason="QEMU: $(last_words)"
	[[ $status != 0 ]] ||
		reason="the guest reset itself or powered off before it said a word"
}

last_words()
{
	local said
	said=$(grep -v '^$' "$work/stderr" | tail -n 1) || true
	[[ ${#said} -le 80 ]] || said=${said:0:77}...
	echo "${said:-status $status, and no word of why}"
}

# The guest's last screen goes with the guest, so it is taken a few times
# a second from its first line on; two files, so that one is always whole.
watch_screen()
{
	[[ -n ${opt[screenshot]:-} && -n $seen_app ]] || return 0
	shot=$(((shot + 1) % 6))
	[[ $((shot % 3)) -eq 0 || -n $seen_end ]] || return 0
	echo "screendump $work/screen$((shot / 3)).ppm" >&"$monitor"
}

# Not into the firmware, whose handler stops the machine: from the table of ops
# on the application is prepared for them.
inject_nmi()
{
	[[ -z ${opt[nmi]:-} || -z $seen_ops || -n $seen_end ]] ||
		echo nmi >&"$monitor"
}

open_monitor()
{
	wants_monitor || return 0
	rm -f "$work"/mon.* "$work"/screen?.ppm
	mkfifo "$work/mon.in"
	: >"$work/mon.out"
	exec {monitor}<>"$work/mon.in" {answers}<"$work/mon.out"
	shot=0
}

# whole_ppm FILE: QEMU may have ended in the middle of writing it
whole_ppm()
{
	local magic width height
	[[ -s $1 ]] || return 1
	{ read -r magic && read -r width height; } <"$1" 2>/dev/null || return 1
	[[ $magic == P6 && $(stat -c %s "$1") -ge $((width * height * 3)) ]]
}

# to_png PPM PNG: false when no tool here can do it
to_png()
{
	if command -v pnmtopng >/dev/null; then
		pnmtopng "$1" >"$2" 2>/dev/null
	else
		convert "$1" "png:$2" 2>/dev/null
	fi
}

save_screen()
{
	local file newest='' to=${opt[screenshot]:-}
	[[ -n $to ]] || return 0
	for file in "$work"/screen?.ppm; do
		whole_ppm "$file" || continue
		[[ -n $newest && $newest -nt $file ]] || newest=$file
	done
	if [[ -z $newest ]]; then
		note "--screenshot: no whole screen was seen"
		return 0
	fi
	if [[ $to != *.png ]] || ! to_png "$newest" "$to"; then
		to=${to%.png}
		to=${to%.ppm}.ppm
		try "--screenshot" cp "$newest" "$to"
	fi
	echo "screenshot: $to"
}

# ---- the verdict

boot()
{
	prepare_image
	[[ -z ${opt[options]+set} ]] || start_by_shell
	[[ -z ${opt[full]:-} ]] || fill_fat
	open_serial
	open_monitor
	start_qemu
	watch 2>/dev/null
}

# isa-debug-exit: the guest's word v makes QEMU's status 2v+1
report_ended()
{
	case $status in
	$((0x10 * 2 + 1)))
		[[ -n $seen_end ]] || die 22 "the guest's exit word says ok," \
			"but no line 'parapatch end ...' came before it"
		exit 0 ;;
	$((0x11 * 2 + 1))) die 10 "a self-check failed; its line is above" ;;
	$((0x12 * 2 + 1))) die 11 "bad configuration; its line is above" ;;
	$((0x13 * 2 + 1))) die 12 "the guest refused to run; its line is above" ;;
	$((0x14 * 2 + 1))) die 13 "the table is fine, the report was not saved" ;;
	0)	die 22 "QEMU ended without the guest's exit word (reset, or" \
			"power off)" ;;
	*)	die 22 "QEMU failed (status $status): $(last_words)" ;;
	esac
}

report()
{
	case $verdict in
	ended)	   report_ended ;;
	denied)	   die 14 "Secure Boot: the firmware did not start the application," \
			"its signature is missing or not trusted: $denied" ;;
	shell)	   die 2 "--options ${opt[options]}: the Shell does not take that line:" \
			"$shell_says" ;;
	exception) die 20 "CPU exception; the registers are above" ;;
	hang)	   die 21 "hang: nothing new on serial in ${opt[hang]} s${reason:+ ($reason)}" ;;
	timeout)   die 21 "timeout: not at its end after ${opt[timeout]} s" ;;
	kvm)	   die 22 "--accel kvm: $kvm_device is here but does not boot" \
			"($reason); use --accel tcg" ;;
	*)	   die 22 "the runner itself failed: it has no verdict" ;;
	esac
}

parse_args "$@"
check_args
check_files
find_machine
pick_accel
pick_clock
trap clean_up EXIT
trap 'told_to_end 130' INT
trap 'told_to_end 143' TERM HUP
work=$(mktemp -d)
exec {never}<> <(:)		# reading from it is waiting, without a fork
boot
if [[ $verdict == kvm && -n $fallback ]]; then
	accel=tcg
	pick_clock
	note "$kvm_device is here but does not boot ($reason); using TCG," \
		"$([[ -n $icount ]] && echo instructions are counted ||
			echo "times are an emulator's")"
	boot
fi
save_screen
collect_reports
[[ -z ${opt[keep-image]:-} ]] ||
	try "--keep-image" cp --sparse=always "$stick" "${opt[keep-image]}"
[[ -z ${opt[keep-vars]:-} ]] ||
	try "--keep-vars" cp "$work/vars.fd" "${opt[keep-vars]}"
report
