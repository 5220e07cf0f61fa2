#!/bin/bash
# exact.t: boots both architectures under -icount; every count is as committed.
# SPDX-License-Identifier: GPL-2.0-only
. host/test/boot.sh

readonly shift_n=7			# an instruction is 2^7 ticks
readonly table=host/test/exact.tbl

# counts NAME ARCH: the log's cells as rows of the table, or VARIES, FRACTION
counts()
{
	awk -v arch="$2" -v insn=$((1 << shift_n)) '
	/^cell / {
		for (i = 2; i <= NF; i++) {
			eq = index($i, "=")
			v[substr($i, 1, eq - 1)] = substr($i, eq + 1)
		}
		n = v["median_ticks"] / insn
		if (v["status"] != "ok")
			n = "REFUSED"
		else if (v["min_ticks"] != v["max_ticks"])
			n = "VARIES"
		else if (n != int(n))
			n = "FRACTION:" n
		print arch, v["op"], v["convention"], v["mode"], n
	}' "$work/$1.log" | sort
}

# rule NAME: patched minus native is the padding, at most one a ccall site
rule()
{
	awk -v insn=$((1 << shift_n)) '
	/^cell / {
		for (i = 2; i <= NF; i++) {
			eq = index($i, "=")
			v[substr($i, 1, eq - 1)] = substr($i, eq + 1)
		}
		n = v["median_ticks"] / insn
		if (v["mode"] == "native")
			native[v["op"]] = n
		if (v["mode"] != "inline")
			next
		seen++
		if (n - native[v["op"]] != v["site_nops"])
			print v["op"], v["convention"], n, "-", native[v["op"]], "is not", v["site_nops"]
		if (v["convention"] == "ccall" && v["site_nops"] > v["sites"])
			print v["op"], "more than one NOP a ccall site"
	}
	END { if (!seen) print "no patched cell" }' "$work/$1.log"
}

# bytes NAME OP MODE: of the ccall site
bytes()
{
	sed -n "s/^cell .* op=$2 .*convention=ccall mode=$3 .*bytes=\([0-9a-f,]*\).*/\1/p" \
		"$work/$1.log"
}

for arch in x86_64 ia32; do
	boot "$arch" --arch "$arch" --icount $shift_n --set 'rounds = 2' \
		--set 'batches = 3'
	is "$status" 0 "$arch: runs to its end under -icount"
	grep "^$arch " $table | awk '{ print $1, $2, $3, $4, $5 }' | sort >"$work/want"
	counts "$arch" "$arch" >"$work/got"
	diff "$work/want" "$work/got" >"$work/diff"
	ok $? "$arch: all $(wc -l <"$work/want") cells have the committed count"
	sed 's/^/#   /' "$work/diff"
	is "$(rule "$arch")" "" "$arch: patched minus native is the padding NOPs, at most 1 a ccall site"
	is "$(bytes "$arch" irq_disable inline)" fa0f1f440000 "$arch: patched cli is cli and one 5-byte NOP"
	is "$(bytes "$arch" save_fl inline)" 9c580f1f4000 "$arch: patched save_fl is pushf, pop and one 4-byte NOP"
	is "$(bytes "$arch" irq_disable indirect | cut -c 1-4)" ff15 "$arch: the site as built is ff 15"
done

# A second boot counts the same: nothing of the first is in it.
boot again --arch x86_64 --icount 5 --set 'rounds = 1' --set 'batches = 3'
is "$(sed -n 's/^\(cell .* mode=[a-z]*\).*/\1/p' "$work/again.log" | wc -l)" \
	"$(grep -c '^x86_64 ' $table)" "x86_64: another boot has as many cells"
awk '/^cell/ { for (i = 2; i <= NF; i++) if ($i ~ /^median_ticks=/) { sub(/.*=/, "", $i); print $i / 32 } }' \
	"$work/again.log" >"$work/shift5"
awk '/^cell/ { for (i = 2; i <= NF; i++) if ($i ~ /^median_ticks=/) { sub(/.*=/, "", $i); print $i / 128 } }' \
	"$work/x86_64.log" | diff - "$work/shift5" >/dev/null
ok $? "x86_64: another boot, at shift 5, counts the same"
finish
