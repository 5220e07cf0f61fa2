#!/bin/bash
# runner.t: disk/run.sh tells every way a boot can end from every other.
# SPDX-License-Identifier: GPL-2.0-only
#
# No guest boots here.  A script stands in for QEMU: it finds its serial file
# and its stick among the arguments, as QEMU does, and plays the part $PLAY.

set -u
export LC_ALL=C MTOOLSRC=/dev/null PATH="$PATH:/usr/sbin:/sbin"
unset QEMU OVMF_DIR KVM_DEVICE

dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
mkdir "$dir/tmp" "$dir/ovmf"
count=0

# ok WHAT COMMAND...: passes if the command does
ok()
{
	local what=$1
	shift
	count=$((count + 1))
	if "$@" >"$dir/said" 2>&1; then
		echo "ok $count - $what"
	else
		echo "not ok $count - $what"
		sed 's/^/# /' "$dir/said" "$dir/out" "$dir/err"
	fi
}

# run OPTIONS...: run.sh on the image; leaves $dir/out, $dir/err, $status
run()
{
	status=0
	rm -f "$dir/pid"
	TMPDIR=$dir/tmp QEMU=$dir/qemu OVMF_DIR=$dir/ovmf DIR=$dir \
		PLAY=${play:-} KVM_DEVICE=${kvm:-$dir/nokvm} \
		disk/run.sh "$@" >"$dir/out" 2>"$dir/err" || status=$?
}

boot() { run --image "$dir/stick.img" "$@"; }

# ends WHAT STATUS WORDS: the run before ended so, and its last line says so
ends()
{
	ok "$1: status $2" test "$status" -eq "$2"
	ok "$1: says '$3'" last_line_says "$3"
}

last_line_says() { tail -n 1 "$dir/err" | grep -qF -- "$1"; }
lines_are() { [[ $(grep -c . "$dir/err") -eq $1 ]]; }
has() { grep -qxF -- "$2" "$dir/$1"; }
lacks() { ! grep -qF -- "$2" "$dir/$1"; }
gone() { [[ -s $dir/pid ]] && ! kill -0 "$(cat "$dir/pid")"; }
nothing_in() { [[ -z $(ls -A "$1") ]]; }

for file in OVMF_CODE_4M.fd OVMF_VARS_4M.fd \
	OVMF32_CODE_4M.secboot.fd OVMF32_VARS_4M.fd \
	OVMF_CODE_4M.secboot.fd OVMF_VARS_4M.snakeoil.fd; do
	echo firmware >"$dir/ovmf/$file"
done

cat >"$dir/qemu" <<'FAKE'
#!/bin/bash
echo $$ >"$DIR/pid"
printf '%s\n' "$@" >"$DIR/args"
all=" $* "
serial=${all#*id=com1,path=} serial=${serial%% *}
stick=${all#*file=*/stick.img} stick=${all%"$stick"} stick=${stick##*file=}@@1M
say() { printf '%b\r\n' "$@" >>"$serial"; }
: >"$serial"
say '\e[2J\e[01;01HBdsDxe: loading Boot0001'
# monitor HOW SECONDS: it answers looks for so long
monitor()
{
	local at=1048576 cx=4096 status=running flags=00000246 halted=0 end=$((SECONDS + $2)) line
	local mon=${all#*pipe,id=mon,path=}
	mon=${mon%% *}
	case $1 in
	reset-vector) at=65520 ;;
	idle) halted=1 ;;
	halted) halted=1 flags=00000046 ;;
	paused-*) status="paused (${1#paused-})" ;;
	suspended) status=suspended ;;
	esac
	exec 8<>"$mon.in"
	while [[ $SECONDS -lt $end ]]; do
		read -r -t 0.1 -u 8 line || continue
		case $line in
		'info status') echo "VM status: $status" ;;
		'info registers')
			[[ $1 != moves ]] || at=$((at + 7))
			[[ $1 != repeats ]] || cx=$((cx - 3))
			printf 'RAX=0000000000000000 RBX=0000000000000000 RCX=%016x RDX=00000000000003fd\r\n' $cx
			printf 'RSI=0000000000000000 RDI=0000000000000000 RBP=0000000000000000 RSP=0000000000000000\r\n'
			printf 'RIP=%016x RFL=%s [---Z-P-] CPL=0 II=0 A20=1 SMM=0 HLT=%d\r\n' \
				$at $flags $halted ;;
		esac >>"$mon.out"
	done
}
case $all in *' -accel kvm '*)
	case $PLAY in
	kvm-error) echo 'KVM internal error. Suberror: 1' >&2; exec sleep 60 ;;
	kvm-dies) : >"$serial"; echo 'qemu: no such luck' >&2; exit 1 ;;
	kvm-aborts) : >"$serial"; kill -ABRT $$ ;;
	kvm-silent) : >"$serial"; exec sleep 60 ;;
	kvm-resets) : >"$serial"; exit 0 ;;
	kvm-said-*) say 'parapatch start seed=1'; monitor "${PLAY#kvm-said-}" 60; exit 1 ;;
	kvm-waits-*) : >"$serial"; monitor "${PLAY#kvm-waits-}" 3 ;;
	kvm-looks-*) : >"$serial"; monitor "${PLAY#kvm-looks-}" 60; exit 1 ;;
	esac ;;
esac
case $PLAY in shell)
	say 'Script Error Status: Invalid Parameter (line number 4)'; exec sleep 60 ;;
denied-*)
	say "BdsDxe: failed to ${PLAY#denied-}"; exec sleep 60 ;;
esac
say '\e[0m\e[37m\e[40mparapatch start seed=1'
case $PLAY in
word-*)	say 'parapatch end status=complete'; exit "${PLAY#word-}" ;;
no-end)	exit 33 ;;
not-end) say 'see parapatch end status=complete'; exit 33 ;;
fails)	echo 'qemu: out of luck' >&2; exit 1 ;;
exception-*)
	say "!!!! ${PLAY#*-} Exception Type - 06(#UD)  CPU Apic ID - 0 !!!!" \
		'RIP  - 000000000DF9E0F5, CS  - 0000000000000038'
	exec sleep 60 ;;
hang)	exec sleep 60 ;;
late)	say 'BdsDxe: failed to load Boot0002: Access Denied' ;;
forever) while sleep 0.3; do say 'cell again'; done ;;
lines)	printf 'working 1\rworking 2\rcell a=1 b=\e[1m2\e[0m\r\n' >>"$serial"
	for part in ce 'll in' ' par'; do
		printf '%s' "$part" >>"$serial"
		sleep 0.3
	done
	say 'ts=1'
	printf 'cell drawn over\rworking 3\r\e[05;01Hcell c=1\r\n' >>"$serial" ;;
keep-config) mcopy -o -n -i "$stick" ::/parapatch.cfg "$DIR/guest.cfg" </dev/null ;;
config)	say "$(mtype -i "$stick" ::/parapatch.cfg)" ;;
report)	echo '{"new": 1}' >"$DIR/new.json"
	mcopy -i "$stick" "$DIR/new.json" ::/parapatch/new.json ;;
full)	say "$(mdir -i "$stick" ::/ | tail -n 2)" ;;
esac
say 'parapatch end status=complete'
exit 33
FAKE
chmod +x "$dir/qemu"

echo '{"old": 1}' >"$dir/old.json"
printf 'plan = default' >"$dir/cfg"
disk/image.sh "$dir/stick.img" "$dir/cfg=parapatch.cfg" \
	"$dir/old.json=parapatch/old.json"
chmod 444 "$dir/stick.img"
before=$(sha256sum "$dir/stick.img")

# -- usage, and what may be missing

run
ends "no image" 2 "no --image"
run --image "$dir/absent.img"
ends "missing image" 2 "--image $dir/absent.img"
run --image "$dir/cfg"
ends "not an image" 2 "not a stick image"
boot --arch arm
ends "bad arch" 2 "--arch 'arm'"
boot --accel xen
ends "bad accel" 2 "--accel 'xen'"
boot --attach floppy
ends "bad disk" 2 "--attach 'floppy' is not virtio, usb, nvme or ahci"
boot --qemu
ends "nothing for QEMU" 2 "--qemu wants a value"
boot --hang soon
ends "bad number" 2 "--hang 'soon'"
for n in 0 00 08 -1 x; do
	boot --smp $n
	ends "--smp $n" 2 "--smp '$n' is not a"
done
boot --icount 7 --smp 2
ends "icount with two CPUs" 2 "--icount has one thread, --smp 2 wants one a CPU"
boot --icount 7 --accel kvm
ends "icount under KVM" 2 "--icount"
boot --no-such-option
ends "bad option" 2 "'--no-such-option'"
boot --config
ends "value missing" 2 "--config wants a value"
boot --config "$dir/absent.cfg"
ends "config missing" 2 "--config $dir/absent.cfg"
boot --serial "$dir/nodir/log"
ends "nowhere for the log" 2 "--serial $dir/nodir/log"
mv "$dir/qemu" "$dir/qemu.off"
boot
ends "no QEMU" 2 "Debian package qemu-system-x86"
mv "$dir/qemu.off" "$dir/qemu"
rm "$dir/ovmf/OVMF32_CODE_4M.secboot.fd"
boot --arch ia32
ends "no ia32 firmware" 2 "Debian package ovmf-ia32"
ok "no ia32 firmware: one line" lines_are 1
boot --strict-nx
ends "no firmware with strict NX" 2 \
	"$dir/ovmf/OVMF_CODE_4M.secboot.strictnx.fd: no such firmware file; install the Debian package ovmf of Debian 13, and say where it is by OVMF_DIR"
boot --vars "$dir/absent.fd"
ends "variables missing" 2 "--vars $dir/absent.fd: no such readable file"
boot --bios "$dir/absent.rom"
ends "another firmware missing" 2 "--bios $dir/absent.rom: no such readable file"
boot --keep-vars "$dir/nodir/vars"
ends "nowhere for the variables" 2 "--keep-vars $dir/nodir/vars"
for option in --secure-boot --strict-nx "--vars $dir/cfg" "--keep-vars $dir/kept"; do
	# shellcheck disable=SC2086
	boot --bios "$dir/cfg" $option
	ends "--bios ${option%% *}" 2 \
		"--bios goes with none of --secure-boot, --strict-nx, --vars, --keep-vars"
done
boot --machine microvm
ends "bad machine" 2 "--machine 'microvm' is not q35 or pc"
for option in --secure-boot --strict-nx "--arch ia32"; do
	# shellcheck disable=SC2086
	boot --machine pc $option
	ends "pc $option" 2 "--machine pc has no SMM"
done
boot --memory 0x100
ends "bad memory" 2 "--memory '0x100' is not a whole number"
for option in timeout hang memory; do
	play=word-33 boot --$option 09
	ends "--$option 09" 2 \
		"--$option '09' is not a whole number (six digits at most, no 0 before them)"
done
for option in --secure-boot "--bios $dir/cfg"; do
	# shellcheck disable=SC2086
	boot --options seed=1 $option
	ends "--options ${option%% *}" 2 "it goes with neither --bios nor --secure-boot"
done
boot --options 'modes="native'
ends "a quote that the Shell would refuse" 2 "--options modes=\"native: a \" is not closed"

disk/image.sh "$dir/app.img" "$dir/cfg=parapatch.cfg" "$dir/cfg=EFI/BOOT/BOOTX64.EFI"
play=shell run --image "$dir/app.img" --options 'seed=1 > x'
ends "a line that the Shell refuses" 2 \
	"--options seed=1 > x: the Shell does not take that line: Script Error Status: Invalid Parameter (line number 4)"
ok "a line that the Shell refuses: QEMU is gone" gone
play=shell boot --hang 1
ends "another's script: no word of it" 21 "hang"

# -- a configuration in another encoding: what is added to it is in that too

# encoded ENCODING MARK: the guest's file, read as that, has both
encoded()
{
	{ printf "$2"; printf 'seed = 7\n' | iconv -t "$1"; } >"$dir/other.cfg"
	play=keep-config boot --config "$dir/other.cfg" --set 'offsets = 3'
	iconv -f "$1" -t UTF-8 "$dir/guest.cfg" | tail -n 4 | tr "\n" " " |
		grep -qa 'seed = 7  offsets = 3 exit = debug-exit '
}
ok "UTF-16LE with a mark" encoded UTF-16LE '\xff\xfe'
ok "UTF-16BE with a mark" encoded UTF-16BE '\xfe\xff'
ok "UTF-32LE with a mark" encoded UTF-32LE '\xff\xfe\0\0'
ok "UTF-32BE with a mark" encoded UTF-32BE '\0\0\xfe\xff'
for encoding in UTF-16LE UTF-16BE UTF-32LE UTF-32BE UTF-8; do
	ok "$encoding without a mark" encoded $encoding ''
done
printf '\xff\xfes\0#' >"$dir/odd.cfg"
boot --config "$dir/odd.cfg"
ends "half a character at its end" 2 \
	"$dir/odd.cfg: text that is UTF-16LE ends within a character; save the file anew, as UTF-8"
play=keep-config boot --set $'seed = 7 # \xf6'
ends_well() { [[ $status -eq 0 ]] && grep -qa '^seed = 7 # ' "$dir/guest.cfg"; }
ok "a byte that is no character, in a line that is added: the guest's to judge" ends_well

# -- which machine

echo own >"$dir/own.fd"
play=word-33 boot --vars "$dir/own.fd" --keep-vars "$dir/kept" --memory 512
ok "own variables: as they were, since nobody wrote" cmp "$dir/own.fd" "$dir/kept"
ok "memory" has args 512
ok "OVMF: its code is in flash" has args \
	"if=pflash,format=raw,unit=0,readonly=on,file=$dir/ovmf/OVMF_CODE_4M.fd"
play=word-33 boot --bios "$dir/own.fd" --machine pc --arch ia32
ok "another firmware: no flash" lacks args pflash
ok "another firmware" has args "$dir/own.fd"
ok "another firmware: no SMM is asked for" has args pc
echo firmware >"$dir/ovmf/OVMF_CODE_4M.secboot.strictnx.fd"
play=word-33 boot --strict-nx
ok "strict NX" has args \
	"if=pflash,format=raw,unit=0,readonly=on,file=$dir/ovmf/OVMF_CODE_4M.secboot.strictnx.fd"
ok "strict NX: q35 with SMM" has args q35,smm=on

# -- the guest's own word

play=word-33 boot
ok "ok" test "$status" -eq 0
ok "ok: only the first line on stderr" lines_are 1
ok "which names accel, cpu and firmware" last_line_says \
	"x86_64, accel tcg icount 7, cpu max, firmware $dir/ovmf/OVMF_CODE_4M.fd"
play=word-35 boot
ends "self-check" 10 "self-check failed"
play=word-37 boot
ends "configuration" 11 "bad configuration"
play=word-39 boot
ends "refused" 12 "refused"
play=word-41 boot
ends "not saved" 13 "not saved"
play=no-end boot
ends "ok, no end line" 22 "no line 'parapatch end ...'"
play=not-end boot
ends "ok, end not at a line's start" 22 "no line 'parapatch end ...'"
play=word-0 boot
ends "reset" 22 "without the guest's exit word"
play=word-43 boot
ends "unknown word" 22 "status 43"
play=fails boot
ends "QEMU fails" 22 "qemu: out of luck"

# -- what the guest cannot say itself

for kind in X64 IA32; do
	play=exception-$kind boot --quiet
	ends "$kind exception" 20 "CPU exception"
	ok "$kind exception: registers" \
		has err 'RIP  - 000000000DF9E0F5, CS  - 0000000000000038'
	ok "$kind exception: QEMU is gone" gone
done
# The firmware would go on to its menu and wait there.
for words in 'load Boot0001 "x" from y: Access Denied' \
	'start Boot0001 "x" from y: Security Violation'; do
	play=denied-$words boot --secure-boot --quiet
	ends "${words%% *}" 14 "signature is missing or not trusted: BdsDxe: failed to $words"
	ok "${words%% *}: QEMU is gone" gone
done
play='denied-load Boot0001 "x" from y: Not Found' boot --hang 1
ends "not there" 21 "hang"
play=late boot
ok "after the first line of the application nothing is refused" test "$status" -eq 0
play=word-33 boot --secure-boot
ok "Secure Boot: the firmware with SMM" last_line_says "firmware $dir/ovmf/OVMF_CODE_4M.secboot.fd"
ok "Secure Boot: q35 with SMM" has args q35,smm=on
echo firmware >"$dir/ovmf/OVMF32_CODE_4M.secboot.fd"
play=word-33 boot --arch ia32 --secure-boot
ok "Secure Boot: ia32's firmware" last_line_says "firmware $dir/ovmf/OVMF32_CODE_4M.secboot.fd"
rm "$dir/ovmf/OVMF_VARS_4M.snakeoil.fd"
boot --secure-boot
ends "no keys" 2 "$dir/ovmf/OVMF_VARS_4M.snakeoil.fd: no such firmware file"
play=hang boot --hang 1
ends "hang" 21 "hang: nothing new on serial in 1 s"
ok "hang: QEMU is gone" gone
play=forever boot --timeout 2
ends "timeout" 21 "timeout: not at its end after 2 s"
ok "timeout: QEMU is gone" gone

# -- KVM that is not there, or does not work

kvm=$dir/kvm
: >"$kvm"
play=word-33 boot
ok "KVM works: used" has args kvm
ok "KVM works: ok" test "$status" -eq 0
declare -A reason=([kvm-error]='KVM internal error'
	[kvm-dies]='QEMU: qemu: no such luck' [kvm-aborts]='QEMU: status 134'
	[kvm-silent]="no output in [0-9]+ s, and QEMU's monitor does not answer"
	[kvm-resets]='the guest reset itself or powered off before it said a word'
	[kvm-looks-reset-vector]='no output in [0-9]+ s, and the CPU stays at 000000000000fff0'
	[kvm-looks-halted]='no output in [0-9]+ s, and the CPU stays at 0000000000100000'
	[kvm-looks-paused-internal-error]='the machine is paused \(internal-error\)'
	[kvm-looks-suspended]='the machine is suspended')
for play in "${!reason[@]}"; do
	boot --hang 1
	ok "$play: TCG, and ok" test "$status" -eq 0
	ok "$play: said once" grep -qE "^run.sh: $kvm is here but does not \
boot \\(${reason[$play]}.*\\); using TCG, instructions are counted$" "$dir/err"
	ok "$play: three lines in all" lines_are 3
	boot --hang 1 --accel kvm
	ends "$play, --accel kvm" 22 "$kvm is here but does not boot"
done
play=kvm-dies boot --hang 1 --times
ok "no KVM, --times: TCG's times" grep -q "; using TCG, times are an emulator's$" "$dir/err"
play=kvm-dies boot --hang 1 --smp 2
ok "no KVM, two CPUs: TCG's times" grep -q "; using TCG, times are an emulator's$" "$dir/err"
# A CPU that runs, repeats an instruction, or waits for an interrupt is waited for.
for play in kvm-waits-moves kvm-waits-idle kvm-waits-repeats; do
	boot --hang 1
	ok "$play: KVM, and ok" test "$status" -eq 0
	ok "$play: no TCG" has args kvm
	ok "$play: said once" grep -qE "^run.sh: KVM: no output in [0-9]+ s, but the CPU runs \
\(it is at 0000000000100[0-9a-f]+\): waiting for up to 5 s$" "$dir/err"
	ok "$play: two lines in all" lines_are 2
done
# But not for ever.
play=kvm-looks-moves boot --hang 1
ok "kvm-looks-moves: TCG in the end" grep \
	-q 'does not boot (no output in [5-9] s, though the CPU runs); using TCG' "$dir/err"
# Nor is TCG begun once something was said.
play=kvm-said-moves boot --hang 1
ends "kvm-said-moves" 21 "though the CPU runs)"
play=kvm-said-halted boot --hang 1
ends "kvm-said-halted" 21 "and the CPU stays at 0000000000100000)"
play=kvm-said-paused-io-error boot --hang 1
ends "kvm-said-paused" 21 "hang: nothing new on serial in 1 s (the machine is paused (io-error))"
play=word-33 boot --icount 7
ok "icount: never KVM" has args tcg
play=word-33 boot --accel tcg
ok "--accel tcg: never KVM" has args tcg
kvm=
play=word-33 boot --accel kvm
ends "--accel kvm, no KVM" 22 "$dir/nokvm is not there"

# -- what is echoed

play=lines boot --serial "$dir/log"
printf '%s\n' 'parapatch start seed=1' 'cell a=1 b=2' 'cell in parts=1' \
	'cell drawn over' 'cell c=1' 'parapatch end status=complete' \
	>"$dir/want"
ok "echo: lines whole, redrawn ones once, no escapes, no firmware" \
	diff "$dir/want" "$dir/out"
ok "--serial: raw log has it all" grep -q BdsDxe "$dir/log"
play=lines boot --quiet
ok "--quiet" test "$status" -eq 0 -a ! -s "$dir/out"

# -- the working copy

play=config boot --set 'offsets = 3' --set 'plan = full'
printf '%s\n' 'plan = default' 'offsets = 3' 'plan = full' 'exit = debug-exit' \
	>"$dir/want"
config_is() { sed -n '/^plan/,/^exit/p' "$dir/out" | diff "$dir/want" -; }
ok "--set adds lines" config_is
printf 'plan = other\n' >"$dir/other"
play=config boot --config "$dir/other"
printf '%s\n' 'plan = other' '' 'exit = debug-exit' >"$dir/want"
ok "--config replaces" config_is
play=full boot --full
ok "--full: no byte is free" grep -qE '^ +0 bytes free$' "$dir/out"
play=word-33 boot --readonly
stick_args() { grep 'id=stick' "$dir/args"; }
read_only() { stick_args; [[ $(stick_args) == *,readonly=on,* ]]; }
ok "--readonly" read_only
play=word-33 boot
writable() { stick_args; [[ $(stick_args) == *,readonly=off,* ]]; }
ok "else writable" writable
ok "the stick is a virtio disk" has args virtio-blk-pci,drive=stick,bootindex=0
play=word-33 boot --attach usb --qemu '-device x,y=1 -serial none' --qemu '-device z'
ok "--attach usb" has args usb-storage,drive=stick,bootindex=0
ok "--qemu: every word is an argument" has args x,y=1
ok "--qemu: and again" has args z
play=report boot --results "$dir/results"
ok "--results: ok" test "$status" -eq 0
ok "--results: said" has out "report: $dir/results/new.json"
ok "--results: copied" cmp "$dir/new.json" "$dir/results/new.json"
ok "--results: only what is new" test "$(ls "$dir/results")" = new.json
play=report boot --results "$dir/results"
ok "--results: never overwrites" has out "report: $dir/results/new-2.json"
play=report boot --keep-image "$dir/kept.img"
ok "--keep-image" mtype -i "$dir/kept.img@@1M" ::/parapatch/new.json
ok "the image itself is never touched" \
	test "$before" = "$(sha256sum "$dir/stick.img")"

# -- interrupted

# The signal comes when QEMU runs, however long that takes: to the whole group, as from a
# terminal.  What a script starts in the background has INT ignored, and so all it starts: not here.
interrupted()
{
	local job i
	rm -f "$dir/pid"
	set -m
	TMPDIR=$dir/tmp QEMU=$dir/qemu OVMF_DIR=$dir/ovmf DIR=$dir PLAY=hang \
		KVM_DEVICE=$dir/nokvm env --default-signal=INT \
		disk/run.sh --image "$dir/stick.img" >"$dir/out" 2>"$dir/err" &
	job=$!
	set +m
	for ((i = 0; i < 600; i++)); do
		[[ ! -s $dir/pid ]] || break
		sleep 0.1
	done
	kill -s "$1" -- "-$job"
	wait "$job"
}
interrupted INT
ok "Ctrl-C: status 130" test $? -eq 130
ok "Ctrl-C: QEMU is gone" gone
interrupted TERM
ok "SIGTERM: status 143" test $? -eq 143
ok "SIGTERM: QEMU is gone" gone
# Wherever it is when the signal comes.
for again in 1 2 3 4 5 6 7 8; do
	interrupted TERM
	echo $?
done >"$dir/ends"
ok "SIGTERM, eight times more: the same each time" test "$(uniq "$dir/ends")" = 143
ok "no temporary file is left by any of these" nothing_in "$dir/tmp"

echo "1..$count"
