#!/bin/bash
# options.t: what is to be done, by the UEFI Shell and by -append: words that override
# \parapatch.cfg, that file in what the Shell and others write, and help.
# SPDX-License-Identifier: GPL-2.0-only
. host/test/lib/boot.sh
. host/test/boot/starters.sh

# One boot of the Shell, many starts; each but the last returns to it.
stick shell
printf '\0%.0s' {1..100} | put_text zeros.cfg
printf '\xff\xfee\0x\0i' | put_text odd.cfg
printf '\xff\xfee\0\x3d\xd8\r\0\n\0' | put_text half.cfg
head -c 70000 /dev/zero | tr '\0' '#' | put_text long.cfg
printf ' \t\r\n\r\n' | put_text blank.cfg
printf 'offsets\xc2\xa0= 1\rbatches = 2\rexit = return\rworkloads = nop\rlayouts = dense\r\x1a' |
	iconv -f UTF-8 -t UTF-16BE | cat <(printf '\xfe\xff') - | put_text dos.cfg
printf '# as it was\nexit = return\n' | put_text ascii.cfg
put_text startup.nsh <<END
@echo -off
fs0:
echo CASE written
echo "exit = return" > parapatch.cfg
echo "offsets = 3" >> parapatch.cfg
echo "batches = 2" >> parapatch.cfg
pp.efi $least modes="native inline"
echo CASE bad
pp.efi offsets=2 workload=nop
echo CASE typed
pp nonsense
echo CASE help
pp.efi -h
echo CASE added
cp -q ascii.cfg parapatch.cfg
echo "offsets = 99" >>a parapatch.cfg
pp.efi
echo CASE zeros
cp -q zeros.cfg parapatch.cfg
pp.efi exit=return
echo CASE odd
cp -q odd.cfg parapatch.cfg
pp.efi exit=return
echo CASE half
cp -q half.cfg parapatch.cfg
pp.efi exit=return
echo CASE long
cp -q long.cfg parapatch.cfg
pp.efi exit=return
echo CASE folder
rm -q parapatch.cfg
mkdir parapatch.cfg
pp.efi exit=return
echo CASE none
rm -q parapatch.cfg
pp.efi exit=return offsets=0
echo CASE blank
cp -q blank.cfg parapatch.cfg
pp.efi exit=return offsets=0
echo CASE dos
cp -q dos.cfg parapatch.cfg
pp.efi report=off
echo CASE last
pp.efi exit=debug-exit exit=halt
END
firmware x86_64
start shell
is "$status" bad-config "the Shell: all is run, and the last word is the guest's"
for n in written bad typed help added zeros odd half long folder none blank dos last; do part \
	shell $n; done

has "$work/shell.written.log" "parapatch end status=complete" "options: they are measured by"
is "$(for k in workloads offsets batches modes exit seed; do echo "$k=$(value shell.written $k)";
done | xargs)" \
	"workloads=nop offsets=1 batches=2 modes=native inline exit=return seed=0" \
	"options: what is in force"
is "$(for k in workloads offsets modes exit seed; do from shell.written $k; done | xargs)" \
	"word:1 word:3 word:6 line:1 preset" "options: whence it is: they override the file"
is "$(tr -s '\n ' ' ' <"$work/shell.written.log" |
	grep -ac \
		'Set in .parapatch.cfg: exit; by options: offsets, batches, workloads, modes, layouts, report\.')" \
	1 "options: a line for people"
tried starter "UEFI Shell: parapatch.efi key=value ... modes=\"native inline\"" \
	"options are taken, and override the file"
is "$(from shell.written exit)" line:1 "what the Shell's echo > wrote is read"
tried config "UTF-16LE with a mark, by the UEFI Shell's echo > and >>" "read"

has "$work/shell.bad.log" \
	'parapatch: option word 2: unknown key "workload"; keys are plan, offsets' \
	"a bad option: its word is named, and the mend"
is "$(grep -c '^cell ' "$work/shell.bad.log")" 0 "a bad option: nothing is measured"
is "$(grep -c '^parapatch: ' "$work/shell.bad.log")" 1 "a bad option: one line"
is "$(grep -c 'Press a key' "$work/shell.log")" 0 "a bad option: exit is taken from the file"
tried starter "UEFI Shell: a key that is none" "named, with its number and the keys there are"
has "$work/shell.typed.log" \
	'parapatch: option word 1: not a setting: "nonsense"; write key = value' \
	"what follows the program's name is meant for it"
tried starter "UEFI Shell: a word that is no setting, program named without .efi" "named"

has "$work/shell.help.log" "parapatch end status=help" "-h: says so at its end"
is "$(sed -n 's/^[A-Z]*(\([a-z_]*\),.*/\1/p' include/list/config.def | while read -r k; do
	grep -q "^  $k: " "$work/shell.help.log" || echo "$k"; done)" "" "-h: every key is there"
is "$(grep -c '^cell ' "$work/shell.help.log")" 0 "-h: nothing is measured"
tried starter "UEFI Shell: parapatch.efi -h" "the keys, what they mean and take; status 0"

# What the file may be.
has "$work/shell.added.log" '\parapatch.cfg line 3: bad number "99"; offsets takes' \
	"what the Shell's echo >>a added to a file of 8 bits is read"
tried config "8 bits, a line added by the UEFI Shell's echo >>a" "read"
has "$work/shell.zeros.log" \
	'\parapatch.cfg line 1: nothing but zeros: the file is damaged; save the file anew, as UTF-8' \
	"a file of zeros is named"
tried config "a file of zeros" "named"
has "$work/shell.odd.log" '\parapatch.cfg line 1: text that is UTF-16LE ends within a character' \
	"an odd length is named"
has "$work/shell.half.log" \
	'\parapatch.cfg line 1: text that is UTF-16LE has half of a surrogate pair' \
	"half of a pair is named"
tried config "UTF-16LE of odd length; half of a surrogate pair" "named, with the line"
has "$work/shell.long.log" \
	'\parapatch.cfg: it is too long; put a text file of lines key = value there, or none' \
	"70,000 bytes are named"
has "$work/shell.folder.log" '\parapatch.cfg: it is a folder; put a text file' "a folder is named"
tried config "a folder, and 70,000 bytes, in the file's place" "named; nothing is measured"
has "$work/shell.none.log" 'No \parapatch.cfg: the presets are used.' "no file: the presets"
is "$(grep -c 'No .parapatch.cfg\|line' "$work/shell.blank.log")" 0 "a file of blanks says nothing"
tried config "no file; a file of blanks" "the presets"
for n in zeros odd half long folder; do
	is "$(grep -c '^parapatch: \|^cell ' "$work/shell.$n.log")" 1 \
		"$n: one line, and nothing is measured"
done
has "$work/shell.dos.log" "parapatch end status=complete" \
	"UTF-16BE, CR alone, no-break space, Ctrl-Z: read"
is "$(for k in offsets batches exit workloads layouts; do from shell.dos $k; done | xargs)" \
	"line:1 line:2 line:3 line:4 line:5" "and every line counted"
tried config "UTF-16BE with a mark, CR alone, a no-break space, Ctrl-Z at the end" "read"
has "$work/shell.last.log" 'option word 2: unknown name "halt"; exit takes one of key, return' \
	"a bad exit: the one before it is taken"
tried starter "UEFI Shell: exit=debug-exit exit=halt" "named; the exit that is understood is taken"

# ia32's Shell.
stick shell32
put_text startup.nsh <<END
@echo -off
fs0:
pp32.efi --offsets=99 /exit=debug-exit
END
firmware ia32
start shell32
is "$status" bad-config "ia32: by the Shell"
has "$work/shell32.log" \
	'parapatch: option word 1: bad number "99"; offsets takes a whole number from 1 to 16' \
	"ia32: the word is named; prefixes are taken off"
tried starter "UEFI Shell, ia32: --key=value, /key=value" "as key=value"

# QEMU's -kernel and -append, for want of a volume without a report.
stick append
firmware x86_64
start append -kernel out/x86_64/parapatch.efi \
	-append "${least/report=off/exit=debug-exit} modes=native,inline"
is "$status" not-saved "-append: it runs to its end"
is "$(grep -c '^cell status=ok ' "$work/append.log")" 3 "-append: what was asked for is measured"
is "$(from append exit) $(from append modes)" "word:5 word:6" "-append: by its words"
tried starter "QEMU -kernel parapatch.efi -append 'key=value ...'" \
	"options are taken; there is no volume to write to"
firmware ia32
start append -kernel out/ia32/parapatch.efi -append '-h exit=debug-exit'
is "$status" ok "-append on ia32: -h"
has "$work/append.log" "parapatch end status=help" "-append on ia32: says so"
tried starter "QEMU -kernel -append on ia32: -h" "the keys; status 0"

# The runner's own way.
boot runner --options "$least report=on" --icount 7
is "$status" 0 "run.sh --options: complete"
report=$(echo "$work/runner"/*.json)
is "$(jq -r '.config_from | [.workloads, .offsets, .report, .seed] | join(", ")' "$report")" \
	"option word 1, option word 3, option word 6, preset" \
	"run.sh --options: the report says whence each value is"
is "$(jq -r '.config_from.exit' "$report" | sed 's/[0-9]*$//')" '\parapatch.cfg line ' \
	"and which are the file's"
out/host/report "$report" >"$work/runner.check" 2>&1
ok $? "the report is verified as ever"
finish
