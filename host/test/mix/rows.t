#!/bin/bash
# rows.t: the programs of the guests, run here as ordinary programs by few units; and that
# each can say no.  In the guests: host/test/deep/guest.t.
# SPDX-License-Identifier: GPL-2.0-only
. host/test/lib/boot.sh
guest=out/mix/guest
rows='floor call io fork exec sh switch pipe unix udp tcp connect pipe_bw unix_bw tcp_bw compile idle'
command='gcc -O1 -S -o "$1.s" host/mix/guest/compiled.c && as -o "$1" "$1.s"'

# run ARCH ROW [UNITS [ARGUMENT...]]: sets status; what it says is in $work/said
run()
{
	local program=$guest/$1/$2
	shift 2
	status=0
	timeout 60 "$program" "$@" >"$work/said" 2>&1 || status=$?
}

# needs ROW: the arguments behind UNITS, of a row that starts something
needs()
{
	case $1 in
	exec)	 needed=("$guest/amd64/hello") ;;
	sh)	 needed=("$guest/amd64/hello" /bin/sh) ;;
	compile) needed=(/bin/sh -c "$command" sh "$work/object") ;;
	*)	 needed=() ;;
	esac
}

# A unit's processes, by the kernel's count.  Others run here too: it may be more.
processes_of() { case $1 in fork|exec|sh) echo 1 ;; compile) echo 3 ;; *) echo 0 ;; esac; }

# all_rows ARCH
all_rows()
{
	local row units least
	for row in $rows; do
		units=3
		[ $row != idle ] || units=1
		needs $row
		run "$1" $row $units "${needed[@]}"
		is "$status $(sed 's/ ctxt .*//' "$work/said")" "0 row $row units $units ok" \
			"$1 $row: $units units are done, and checked"
		least=$((units * $(processes_of $row)))
		is "$(awk -v n=$least '{ print NF, $6, ($8 >= $7), $9, ($11 - $10 >= n), $12,
			($14 >= $13), $15, ($17 >= $16) }' "$work/said")" \
			"17 ctxt 1 processes 1 intr 1 pgfault 1" \
			"$1 $row: the kernel's counts before and after; $least processes or more"
	done
}
all_rows amd64
# Not every kernel runs programs of 32 bits; the guest of i386 does.
if $guest/i386/floor 1 >/dev/null 2>&1; then
	all_rows i386
else
	echo '# this kernel runs no programs of i386: only host/test/deep/guest.t runs them'
fi

# The marks, by another reader: begin, end, unit.
marks()
{
	objdump -d --no-show-raw-insn "$1" |
		sed -n 's/.*nopl *0x706172\(0[0-9]\)(%[er]ax).*/\1/p' |
		sort | paste -sd ' '
}
for arch in amd64 i386; do
	for row in $rows mark lines.so; do
		is "$(marks $guest/$arch/$row)" '01 02 03' "$arch $row: a mark of each kind"
	done
	is "$(marks $guest/$arch/hello)" '' "$arch hello: none is in what is only started"
done

# What is not done is not called ok.
fails() { is "$status $(cat "$work/said")" "1 row $1" "$2"; }
run amd64 exec 3 "$work/none"
fails "exec failed: $work/none: No such file or directory" "a program that is not there"
run amd64 exec 3 /bin/false
fails 'exec failed: a child did not exit with 0' "a program that fails"
run amd64 exec 3 /etc/passwd
fails 'exec failed: /etc/passwd: Permission denied' "a program that is none"
run amd64 sh 3 $guest/amd64/hello /bin/false
fails 'sh failed: a child did not exit with 0' "a shell that fails"
run amd64 compile 1 /bin/true "$work/no-object"
fails "compile failed: $work/no-object: No such file or directory" "a compiler that makes nothing"
run amd64 compile 1 /bin/sh -c 'echo >"$1"' sh "$work/small"
fails 'compile failed: the object is too small' "a compiler that makes next to nothing"
for units in 0 x 5x -1 1000001; do
	run amd64 floor $units
	fails 'floor failed: UNITS is a number from 1 to 1000000' "UNITS: $units"
done
# The other process is killed while connections are opened, or waited for.
$guest/amd64/connect 1000000 >"$work/said" 2>&1 &
until pkill -P $!; do sleep 0.1; done
wait $!
is "$? $(sed 's/failed: .*/failed/' "$work/said")" '1 row connect failed' \
	"connect: an end that is gone ends it"
run amd64 mark begin unit end
is "$status $(cat "$work/said")" '0 ' "mark leaves all three"
run amd64 mark begin ende
is "$status $(cat "$work/said")" '2 mark: there is no ende, only begin, unit and end' \
	"mark: a word that is none"

# dbench and tbench are not here: what reads a load file's lines is.
printf '%s\n' '#include <stdio.h>' 'int main(void) { char s[9];' \
	'while (fgets(s, 9, stdin)) { fputs(s, stdout); fflush(stdout); } return 3; }' >"$work/reads.c"
gcc -o "$work/reads" "$work/reads.c"
ok $? "a program that reads lines is compiled"
# by_lines UNITS: 5 lines to warm up, and UNITS of 4
by_lines()
{
	status=0
	seq 30 | LD_PRELOAD=$guest/amd64/lines.so MIX_ROW=lines MIX_WARM=5 MIX_LINES=4 \
		MIX_UNITS=$1 "$work/reads" >"$work/lines" 2>"$work/said" || status=$?
}
by_lines 3
is "$status $(sed 's/ ctxt .*//' "$work/said") $(tail -n 1 "$work/lines")" \
	'0 row lines units 3 ok 17' "three units of four lines behind five: 17 are done, and no more"
by_lines 7
is "$status $(cat "$work/said") $(tail -n 1 "$work/lines")" '3  30' \
	"where there are too few lines nothing is called ok"
by_lines ''
is "$status $(cat "$work/said")" '1 row failed: MIX_LINES and MIX_UNITS are not set' \
	"units that are not said"
finish
