#!/bin/bash
# exact.t: every cell's count in QEMU and in Bochs is as committed, and any
# other count would be seen.
# SPDX-License-Identifier: GPL-2.0-only
. host/test/boot.sh

readonly table=host/test/exact.tbl
logs=$work/logs

# compare WANTED_STATUS [options]: exact.sh on the logs, into $work/said
compare()
{
	local want=$1 got=0
	shift
	host/exact.sh --compare "$logs" "$@" >"$work/said" 2>&1 || got=$?
	[ "$got" = "$want" ] || sed 's/^/# /' "$work/said"
	[ "$got" = "$want" ]
}

# refused WHAT LINE [options]: a difference, and it is said by LINE
refused()
{
	local what=$1 line=$2
	shift 2
	compare 1 "$@"
	ok $? "$what: refused"
	has "$work/said" "$line" "$what: it is said"
}

# bytes ARCH OP MODE [COLUMNS]: of the ccall site, in QEMU, in all layouts and states
bytes()
{
	sed -n "s/^cell .* op=$2 .*convention=ccall mode=$3 .*bytes=\([0-9a-f,]*\).*/\1/p" \
		"$logs/$1-QEMU.log" | cut -c "${4:-1-}" | sort -u
}

# rule ARCH: patched minus native is the padding, at most one a ccall site
rule()
{
	local n
	n=$(sed -n 's/.* icount \([0-9]*\),.*/\1/p' "$logs/$1-QEMU.note")
	awk -v insn=$((1 << n)) '
	/^cell / {
		v["role"] = "cell"
		for (i = 2; i <= NF; i++) {
			eq = index($i, "=")
			v[substr($i, 1, eq - 1)] = substr($i, eq + 1)
		}
		if (v["role"] != "cell" && v["role"] != "twin")
			next
		key = v["op"] " " v["backend"]
		n = v["median_ticks"] / insn
		if (v["mode"] == "native")
			native[v["op"]] = n
		if (v["mode"] != "inline" || v["backend"] != "native")
			next
		seen++
		if (n - native[v["op"]] != v["site_nops"])
			print v["op"], v["convention"], n, "-", native[v["op"]], "is not", v["site_nops"]
		if (v["convention"] == "ccall" && v["site_nops"] > v["sites"])
			print v["op"], "more than one NOP a ccall site"
	}
	END { if (!seen) print "no patched cell" }' "$logs/$1-QEMU.log"
}

# longest ARCH OP: bytes of the longest copy of OP, over the conventions
longest()
{
	nm "out/$1/parapatch.elf" | awk -v op="$2" '
	$3 ~ "^wl_[a-z]*_" op "_three_copy$"	 { begin[$3] = $1 }
	$3 ~ "^wl_[a-z]*_" op "_three_copy_end$" { end[$3] = $1 }
	END { for (s in begin) print begin[s], end[s "_end"] }' |
	while read -r begin end; do echo $((0x$end - 0x$begin)); done | sort -n | tail -n 1
}

# fill ARCH OP LAYOUT: instructions that lie behind each copy.  In layout line:
# as many NOPs of at most 8 bytes as the stride needs, and the stride is of
# whole cache lines that hold the longest copy and a byte a NOP.
fill()
{
	local lines=1
	[ "$3" = line ] || { echo 16; return; }
	while [ $(($(longest "$1" "$2") + 8 * lines)) -gt $((64 * lines)) ]; do
		lines=$((lines + 1))
	done
	echo $((8 * lines))
}

# fills ARCH SOURCE: the cells of role empty that count anything else
fills()
{
	local insn op layout ticks n=0
	insn=$(sed -n '1s/.* icount \([0-9]*\),.*/\1/p' "$logs/$1-$2.note")
	while read -r op layout ticks; do
		n=$((n + 1))
		[ "$ticks" = "$(($(fill "$1" "$op" "$layout") << insn)).000" ] ||
			echo "$op, $layout: $ticks ticks"
	done < <(sed -n 's/^cell .* group=\([a-z_]*\).* role=empty .*layout=\([a-z]*\) .*median_ticks=\([0-9.]*\) .* min_ticks=\3 .* max_ticks=\3 .*/\1 \2 \3/p' \
		"$logs/$1-$2.log")
	[ "$n" = "$(grep -c '^cell .* role=empty ' "$logs/$1-$2.log")" ] ||
		echo "not all batches are the same"
	[ "$n" -gt 0 ] || echo "there is none"
}

# ---- the counts

host/exact.sh --keep "$logs" >"$work/said" 2>&1
ok $? "both architectures: QEMU twice and Bochs count as committed"
grep -v '^x86_64 \|^ia32 ' "$work/said" | sed 's/^/# /'
has "$work/said" "two QEMU runs, same counts" "a second QEMU run counts the same"
is "$(tail -n 1 "$work/said")" \
	"exact: $(grep -c '^[a-z]' $table) cells, $(cat "$logs"/*.log |
		grep -c '^cell .* role=\(cell\|twin\|chain\) ') cell lines, QEMU = Bochs = table" \
	"every row of the table is a cell, every line is compared, and the last line says so"
is "$(grep -c '^cell ' "$logs"/*.log | sed 's/.*://' | sort -u | wc -l)" 1 \
	"every run has as many cells"
for arch in x86_64 ia32; do
	is "$(rule $arch)" "" "$arch: patched minus native is the padding NOPs, at most 1 a ccall site"
	is "$(bytes $arch irq_disable inline)" fa0f1f440000 "$arch: patched cli is cli and one 5-byte NOP"
	is "$(bytes $arch save_fl inline)" 9c580f1f4000 "$arch: patched save_fl is pushf, pop and one 4-byte NOP"
	is "$(bytes $arch irq_disable indirect 1-4)" ff15 "$arch: the site as built is ff 15"
	for source in QEMU Bochs; do
		is "$(fills $arch $source)" "" "$arch, $source: between copies lie 16 LEAs, or a line's NOPs"
	done
	has "$logs/$arch-Bochs.log" 'APERF: it does not advance' "$arch: a counter that is announced and stands still is not used"
done

# ---- and what is not so is refused: each time one thing is doctored

one="x86_64 save_fl native ccall indirect"
warm="$one layout dense state warm"
of="op=save_fl backend=native convention=ccall mode=indirect padding=long"
pattern=$of

# doctor SOURCE SED: changes the first line of the cell $pattern in its log
doctor()
{
	local log=$logs/x86_64-$1.log
	cp "$log" "$work/good"
	sed -i "0,/^cell .*$pattern /{/^cell .*$pattern /{$2}}" "$log"
	! cmp -s "$log" "$work/good" ||
		ok 1 "the log was doctored: $1 $2"
}

mend() { cp "$work/good" "$logs/x86_64-$1.log"; }

# all_ticks N: such ticks in every field of that line
all_ticks() { echo "s/\\(median\\|min\\|max\\)_ticks=[0-9.]*/\\1_ticks=$1.000/g"; }

doctor QEMU "$(all_ticks 640)"
refused "QEMU counts 5 for 4" "$warm: QEMU counts 5, the table 4"
mend QEMU
doctor again "$(all_ticks 2560)"
refused "QEMU's second run counts 5 for 4" "$warm: again counts 5, the table 4"
mend again
doctor Bochs "$(all_ticks 5)"
refused "Bochs counts 5 for 4" "$warm: Bochs counts 5, the table 4"
mend Bochs
doctor QEMU "$(all_ticks 544)"
refused "a fraction" "$warm: QEMU counts 4.250, the table 4"
mend QEMU
doctor Bochs 's/ max_ticks=[0-9.]*/ max_ticks=9.000/'
refused "batches that differ" "$warm: Bochs counts 4..9, the table 4"
mend Bochs
doctor QEMU 's/status=ok/status=refused/'
refused "a cell that was refused" "$warm: QEMU counts refused, the table 4"
mend QEMU
doctor Bochs "d"
refused "a cell less" "$warm: in the table, and no cell of Bochs"
mend Bochs
doctor QEMU "p;s/op=save_fl/op=new_op/"
refused "a cell more" "x86_64 new_op native ccall indirect layout dense state warm: QEMU counts 4, and there is no such row"
mend QEMU
pattern="$of layout=work state=warm"
doctor QEMU "$(all_ticks 640)"
refused "another layout counts 5" "$one layout work state warm: QEMU counts 5, the table 4"
mend QEMU
pattern="$of layout=line state=cold_code"
doctor QEMU "$(all_ticks 1664)"
refused "a cold cell counts 13, 8 of them filler" "$one layout line state cold_code: QEMU counts 5, the table 4"
mend QEMU
pattern="group=save_fl.native.line.cold_code role=empty"
doctor QEMU "d"
refused "no filler to take off" "$one layout line state cold_code: no line of role empty says what its filler counts"
mend QEMU
pattern="$of layout=line state=cold_code"
doctor Bochs "d"
refused "a layout and state less" "$one layout line state cold_code: in the table, and no cell of Bochs"
mend Bochs
pattern="role=twin op=save_fl .*"
doctor QEMU "$(all_ticks 640)"
refused "a twin counts 5" "x86_64 save_fl native native native layout dense state warm role twin: QEMU counts 5, the table 2"
mend QEMU
pattern="group=save_fl.native.line.warm role=chain .*"
doctor QEMU "$(all_ticks 640)"
refused "a chain counts 5" "x86_64 imul_chain native native native layout dense state warm role chain: QEMU counts 5, the table 1"
mend QEMU
pattern="role=empty .*"
doctor QEMU "$(all_ticks 640)"
is "$(fills x86_64 QEMU | wc -l)" 1 "a filler that counts 5: seen"
mend QEMU
doctor QEMU "s/ max_ticks=[0-9.]*/ max_ticks=9.000/"
is "$(fills x86_64 QEMU)" "not all batches are the same" "a filler whose batches differ: seen"
mend QEMU

# ---- the table

# edit SED: a doctored table in $work/tbl
edit()
{
	sed "$1" $table >"$work/tbl"
	! cmp -s $table "$work/tbl" || ok 1 "the table was doctored: $1"
}

row="^x86_64 save_fl *native ccall  *indirect"
edit "/$row/s/ 4  = .*/ 5  = (call pushf pop nop ret)/"
refused "a row one off" "$warm: Bochs counts 4, the table 5" --table "$work/tbl"
edit "/$row/d"
refused "a row less" "$warm: QEMU counts 4, and there is no such row" --table "$work/tbl"
edit "/$row/{p;s/save_fl/no_such/}"
refused "a row more" "x86_64 no_such native ccall indirect layout dense state warm: in the table, and no cell of QEMU" --table "$work/tbl"
edit "/$row/p"
refused "a row twice" "a second row for $one" --table "$work/tbl"
edit "/$row/s/pushf/pushf nop/"
refused "words that do not sum up" "4 is not what its words sum up to" --table "$work/tbl"
edit "/$row/s/= .*/= 4 (call)/"
refused "words that mean two things" "4 is not what its words sum up to" --table "$work/tbl"
edit "/$row/s/=.*//"
refused "a row without words" "not arch op backend convention mode" --table "$work/tbl"

# ---- the runs

compare 0
ok $? "all that was doctored is as it was"
echo 20 >"$logs/ia32-Bochs.failed"
refused "a run that failed" "nothing is compared, for these runs failed: Bochs ia32"
rm "$logs/ia32-Bochs.failed"
sed -i 's/ icount 7,/,/' "$logs/x86_64-QEMU.note"
refused "a run that does not say what an instruction is" "x86_64 QEMU: ticks of an instruction: ''"
finish
