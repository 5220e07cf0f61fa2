# SPDX-License-Identifier: GPL-2.0-only
# doctor.sh: what is asked of logs that exact.sh left, and logs and tables that are
# doctored, each of which must be found out; sourced behind boot.sh.
[ "${BASH_SOURCE[0]}" != "$0" ] ||
	{ . "$(dirname "$0")/../../build/help.sh"; only_sourced "$@"; }

readonly table=host/test/exact/exact.tbl ops=host/test/exact/ops.tbl
readonly keep=$work/logs

# look_at RUN [SOURCE]: all of its sources, or that
look_at()
{
	run=$1 logs=$keep/$1
	sources=(${2:+--sources "$2"})
}

# compare WANTED_STATUS [options]: exact.sh on the run's logs, into $work/said
compare()
{
	local want=$1 got=0
	shift
	host/exact/exact.sh --compare "$keep" --runs "$run" "${sources[@]}" "$@" \
		>"$work/said" 2>&1 || got=$?
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

# rule ARCH: patched minus native is the padding, at most one a ccall site; but for live_regs and
# paths of a kernel, where a ccall site costs registers besides, and for the table's ops by
# themselves, some of which have no form or are called natively
rule()
{
	local n
	n=$(sed -n 's/.* icount \([0-9]*\),.*/\1/p' "$logs/$1-QEMU.note")
	awk -v insn=$((1 << n)) -v alone=" $(table_ops) " '
	/^cell / {
		v["role"] = "cell"
		for (i = 2; i <= NF; i++) {
			eq = index($i, "=")
			v[substr($i, 1, eq - 1)] = substr($i, eq + 1)
		}
		if ((v["role"] != "cell" && v["role"] != "twin") ||
				v["op"] ~ /^(live_regs$|path:)/ || index(alone, " " v["op"] " "))
			next
		key = v["op"] " " v["backend"]
		n = v["median_ticks"] / insn
		if (v["mode"] == "native")
			native[v["op"]] = n
		if (v["mode"] != "inline" || v["backend"] != "native")
			next
		seen++
		if (n - native[v["op"]] != v["site_nops"])
			print v["op"], v["convention"], n, "-",
				native[v["op"]], "is not", v["site_nops"]
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
	done < \
		<(sed -n \
		's/^cell .* group=\([a-z_]*\).* role=empty .*layout=\([a-z]*\) .*median_ticks=\([0-9.]*\) .* min_ticks=\3 .* max_ticks=\3 .*/\1 \2 \3/p' \
		"$logs/$1-$2.log")
	[ "$n" = "$(grep -c '^cell .* role=empty ' "$logs/$1-$2.log")" ] ||
		echo "not all batches are the same"
	[ "$n" -gt 0 ] || echo "there is none"
}

# unlisted: paths that the table has no words of, between blanks
unlisted() { awk '$1 == "unlisted" { printf " %s ", $2 }' host/test/exact/paths.tbl; }

# lines_of LOG...: cell lines that are compared with the table
lines_of()
{
	cat "$@" | grep '^cell .* role=\(cell\|twin\|chain\) ' | grep -v 'status=left-out' |
		awk -v unlisted="$(unlisted)" '{
			group = $0
			sub(/.* group=/, "", group)
			sub(/\/.*/, "", group)
			n += / role=chain / || !index(unlisted, " " group " ")
		}
		END { print n + 0 }'
}

# rows_of RUN: how many rows the cells of a run want that are counted by one emulator or the
# other, both architectures; a chain is timed with all, and of ops and paths it is no cell
# besides
rows_of()
{
	local arch
	for arch in x86_64 ia32; do
		cat "$keep/$1/$arch"-*.log |
			awk -v arch=$arch -v run="$1" -v unlisted="$(unlisted)" '
		/^cell / && !/ status=left-out / {
			for (i = 2; i <= NF; i++) {
				eq = index($i, "=")
				v[substr($i, 1, eq - 1)] = substr($i, eq + 1)
			}
			split(v["group"], part, "/")
			if (v["role"] != "chain" && index(unlisted, " " part[1] " "))
				next
			if (v["role"] == "cell" ||
			    (v["role"] == "chain" && run ~ /^(ops|paths|guests)$/))
				print arch, v["role"] == "chain" ? "native" : part[2],
					v["op"], v["convention"], v["mode"], v["padding"]
		}'
	done | sort -u | wc -l
}

# cells_of LOG: how many there are, but for the groups of ops that an emulator lacks
cells_of()
{
	awk -v lacks="$(awk '$1 == "lacks" { printf " %s ", $4 }' $ops)" '
	/^cell / {
		group = $0
		sub(/.* group=/, "", group)
		sub(/\/.*/, "", group)
		n += !index(lacks, " " group " ")
	}
	END { print n + 0 }' "$1"
}

# rows_printed RUN: how many the tables make
rows_printed() { host/exact/exact.sh --print "$1" | grep -cv '^lacks \|^unlisted '; }

# rows_counted RUN: likewise, without those of ops that both emulators lack
rows_counted()
{
	host/exact/exact.sh --print "$1" | awk '
	$1 == "lacks" { lacks[$2, $4]++; next }
	$1 == "unlisted" { next }
	{ row[++n] = $1 SUBSEP $2 }
	END {
		for (i = 1; i <= n; i++)
			counted += lacks[row[i]] < 2
		print counted + 0
	}'
}

# form_bytes ARCH: "backend op bytes" of every body of the image
form_bytes()
{
	local begin end name
	nm "out/$1/parapatch.elf" | awk '
	$3 ~ /^trace_cpu_/ { next }	# of torture, not timed
	$3 ~ /_form$/     { begin[$3] = $1 }
	$3 ~ /_form_end$/ { end[$3] = $1 }
	END { for (s in begin) if (s "_end" in end) print begin[s], end[s "_end"], s }' |
	while read -r begin end name; do
		echo "$(sed \
			's/_\(irq_disable\|irq_enable\|save_fl\|restore_fl\|irq_save\|io_delay\)_form$/ \1/' <<<"$name") $((0x$end - 0x$begin))"
	done | sort
}

# table_bytes ARCH: the same by the table, but for the native forms, which are in no
# body (host/test/unit/paravirt/run-native.c has those)
table_bytes()
{
	awk -v arch="$1" '$1 == "body" && ($2 == arch || $2 == "both") && $3 != "native" {
		print $3, $4, $5 }' $table | sort
}

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

# edit SED [FILE]: a doctored table in $work/tbl
edit()
{
	sed "$1" "${2:-$table}" >"$work/tbl"
	! cmp -s "${2:-$table}" "$work/tbl" || ok 1 "the table was doctored: $1"
}
