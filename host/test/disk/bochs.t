#!/bin/bash
# bochs.t: disk/bochs.sh tells every way a boot can end from every other.
# SPDX-License-Identifier: GPL-2.0-only
#
# No guest boots here.  A script stands in for Bochs: it finds its serial file,
# its log and its stick in the bochsrc, as Bochs does, and plays the part $PLAY.
. host/test/lib/boot.sh
export LC_ALL=C MTOOLSRC=/dev/null PATH="$PATH:/usr/sbin:/sbin" DIR=$work

mkdir "$work/tmp"
cat >"$work/bochs" <<'FAKE'
#!/bin/bash
echo $$ >"$DIR/pid"
rc=$3
cp "$rc" "$DIR/rc"
value() { sed -n "s/.*\(^\|[ ,]\)$1\(=\|: \)\"\([^\"]*\)\".*/\3/p" "$rc"; }
serial=$(value dev) log=$(value log) stick=$(value path)@@1M
say() { printf '%b\r\n' "$@" >>"$serial"; }
echo '00p[      ] >>PANIC<< Shutdown port: shutdown requested' >"$log"
say '\e[2J\e[01;01HBdsDxe: loading Boot0001'
[ "$PLAY" != dies ] || { echo '0p[MEM0  ] >>PANIC<< out of luck' >"$log"; exit 1; }
say '\e[0m\e[37mparapatch start'
case $PLAY in
status-*) say "parapatch end status=${PLAY#status-} app_ms=1" ;;
not-end) say 'see parapatch end status=complete' ;;
x64)	say '!!!! X64 Exception Type - 06(#UD)' 'RIP  - 0DF9E0F5'; exec sleep 60 ;;
uboot)	say 'Invalid Opcode (Undefined Opcode)' 'EIP: 0010:[<0dcd41c2>] EFLAGS: 1'
	exec sleep 60 ;;
hang)	exec sleep 60 ;;
forever) while sleep 0.3; do say 'cell again'; done ;;
config)	say "$(mtype -i "$stick" ::/parapatch.cfg)" 'parapatch end status=complete' ;;
report)	echo '{"new": 1}' >"$DIR/new.json"
	mcopy -i "$stick" "$DIR/new.json" ::/parapatch/new.json
	say 'parapatch end status=complete' ;;
esac
exit 1
FAKE
chmod +x "$work/bochs"
printf 'plan = full' >"$work/cfg"
disk/image.sh "$work/stick.img" "$work/cfg=parapatch.cfg"
chmod 444 "$work/stick.img"
before=$(sha256sum "$work/stick.img")

# run OPTIONS...: sets status; $work/out, $work/err
run()
{
	status=0
	TMPDIR=$work/tmp BOCHS=${bochs:-$work/bochs} PLAY=${play:-} \
		disk/bochs.sh "$@" >"$work/out" 2>"$work/err" || status=$?
}

boot_fake() { run --image "$work/stick.img" "$@"; }

# ends WHAT STATUS WORDS: the run before ended so, and its last line says so
ends()
{
	is "$status" "$2" "$1: status $2"
	tail -n 1 "$work/err" >"$work/last"
	has "$work/last" "$3" "$1: it is said"
}

gone() { [ -s "$work/pid" ] && ! kill -0 "$(cat "$work/pid")" 2>/dev/null; }

run
ends "no image" 2 "no --image"
run --image "$work/absent.img"
ends "missing image" 2 "--image $work/absent.img"
run --image "$work/cfg"
ends "not an image" 2 "not a stick image"
boot_fake --arch arm
ends "bad arch" 2 "--arch 'arm'"
boot_fake --cpu 'a, b'
ends "bad CPU" 2 "--cpu 'a, b'"
boot_fake --hang soon
ends "bad number" 2 "--hang 'soon'"
boot_fake --config
ends "value missing" 2 "--config wants a value"
boot_fake --serial "$work/nodir/log"
ends "nowhere for the log" 2 "--serial $work/nodir/log"
bochs=$work/absent boot_fake
ends "no Bochs" 2 "Debian package bochs"

play=status-complete boot_fake
is "$status" 0 "complete: status 0"
has "$work/err" \
	"x86_64, Bochs icount 0, cpu corei7_haswell_4770, firmware /usr/share/ovmf/OVMF.fd" \
	"the first line says what was run"
is "$(cat "$work/out")" $'parapatch start\nparapatch end status=complete app_ms=1' \
	"echo: the application's lines, no escapes, no firmware"
play=status-check-failed boot_fake
ends "self-check" 10 "self-check failed"
play=status-bad-config boot_fake
ends "configuration" 11 "bad configuration"
play=status-refused boot_fake
ends "refused" 12 "status=refused"
play=status-failed boot_fake
ends "ended early" 12 "status=failed"
play=status-not-saved boot_fake
ends "not saved" 13 "not saved"
play=not-end boot_fake
ends "no end line" 22 "Bochs ended before the guest did"
play=dies boot_fake
ends "Bochs fails" 22 "out of luck"
for play in x64 uboot; do
	boot_fake --quiet
	ends "$play exception" 20 "CPU exception"
	gone
	ok $? "$play exception: Bochs is gone"
done
has "$work/err" "Invalid Opcode" "uboot exception: the line above the registers too"
play=hang boot_fake --hang 1
ends "hang" 21 "hang: nothing new on serial in 1 s"
gone
ok $? "hang: Bochs is gone"
play=forever boot_fake --timeout 2
ends "timeout" 21 "timeout: not at its end after 2 s"
gone
ok $? "timeout: Bochs is gone"

play=config boot_fake --set 'offsets = 3'
is "$(sed -n '/^plan/,/^exit/p' "$work/out")" $'plan = full\noffsets = 3\nexit = bochs-exit' \
	"--set adds lines, the last is the exit"
play=status-complete boot_fake --cpu p4_willamette --quiet
has "$work/rc" "cpu: model=p4_willamette" "--cpu"
is "$(cat "$work/out")" "" "--quiet"
play=report boot_fake --results "$work/results"
ok "$(cmp -s "$work/new.json" "$work/results/new.json"; echo $?)" "--results: copied"
play=report boot_fake --results "$work/results"
has "$work/out" "report: $work/results/new-2.json" "--results: never overwrites"
is "$(sha256sum "$work/stick.img")" "$before" "the image itself is never touched"

# U-Boot for ia32: IRQ 6 is out of its mask, and nothing else is changed.
cat >"$work/keep" <<'FAKE'
#!/bin/bash
cp "$(sed -n 's/^romimage: file="\([^"]*\)".*/\1/p' "$3")" "$DIR/rom"
FAKE
chmod +x "$work/keep"
bochs=$work/keep boot_fake --arch ia32
is "$(cmp -l "$work/rom" /usr/lib/u-boot/qemu-x86/u-boot.rom | awk '{ print $2, $3 }')" \
	"0 100" "ia32: one byte of U-Boot is another, 0x40 (IRQ 6) is 0"

# When Bochs runs, however long that takes.
rm -f "$work/pid"
set -m
TMPDIR=$work/tmp BOCHS=$work/bochs PLAY=hang \
	disk/bochs.sh --image "$work/stick.img" >/dev/null 2>&1 &
job=$!
set +m
for ((i = 0; i < 600; i++)); do
	[ ! -s "$work/pid" ] || break
	sleep 0.1
done
kill -s TERM -- "-$job"
wait "$job"
is $? 143 "SIGTERM: status 143"
gone
ok $? "SIGTERM: Bochs is gone"
is "$(ls -A "$work/tmp")" "" "no temporary file is left by any of these"
finish
