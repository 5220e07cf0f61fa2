# SPDX-License-Identifier: GPL-2.0-only
# good.sh: what a boot of the default plan must look like, and images made to fail;
# sourced behind boot.sh.
[ "${BASH_SOURCE[0]}" != "$0" ] ||
	{ . "$(dirname "$0")/../../build/help.sh"; only_sourced "$@"; }

# What the exact table says of the cells of the default run: those of workload.def.
host/exact/exact.sh --print warm >"$work/rows" || exit

# rows ARCH: those of them that are ops
rows()
{
	awk -v ops=" $(sed -n 's/^WORKLOAD(\([a-z0-9_]*\),.*[	 ]op, .*/\1/p' \
		include/list/workload.def | xargs) " \
		-v arch="$1" '$1 == arch && index(ops, " " $2 " ") { n++ }
		END { print n + 0 }' "$work/rows"
}

# cells NAME PATTERN: how many cell lines fit
cells() { grep -c "^cell .*$2" "$work/$1.log"; }

# as_one NAME PHRASE WHAT: one line begins with parapatch:, and it has the phrase
as_one()
{
	is "$(grep -c '^parapatch: ' "$work/$1.log")" 1 "$3: one line"
	has "$work/$1.log" "$2" "$3: it names the thing and the mend"
}

# follows NAME WHAT: every number of its report follows from the raw ticks
follows()
{
	out/host/report "$work/$1"/*.json >"$work/$1.check" 2>&1
	ok $? "$2: the report's numbers follow from its raw ticks"
	[[ $(tail -n 1 "$work/$1.check") =~ ^([0-9]+)\ of\ ([0-9]+)\ numbers ]] &&
		[ "${BASH_REMATCH[1]}" = "${BASH_REMATCH[2]}" ] && [ "${BASH_REMATCH[1]}" -gt 100 ]
	ok $? "$2: $(tail -n 1 "$work/$1.check")"
}

# lines ARCH: what the serial lines say besides cells
lines()
{
	local arch=$1 log=$work/$1.log word
	for word in build cpu microcode hypervisor features firmware text control bios board clock \
		cycles counts 'gaps before' 'gaps after' batches quiet run end; do
		is "$(grep -c "^parapatch $word" "$log")" 1 "$arch: a line: parapatch $word"
	done
	is "$(grep -c '^parapatch alternatives sites=6 applied=6 as_built=0 direct=1 ' "$log")" 1 \
		"$arch: alternatives are applied"
	is "$(jq -c .context.alternatives "$work/$arch"/*.json)" \
		'{"sites":6,"applied":6,"direct":1}' \
		"$arch: and the report says so"
	is "$(grep -c '^parapatch alternatives verified=yes restored=yes$' "$log")" 1 \
		"$arch: and were there to the end, and taken back"
	is "$(grep -c '^clock source=' "$log")" 7 \
		"$arch: every source of the TSC's rate has its line"
	is "$(grep '^parapatch quiet ' "$log" | field nmi)" 0 "$arch: NMIs in windows: none"
	is "$(grep '^parapatch quiet ' "$log" | field smi)" unknown \
		"$arch: SMIs cannot be counted here, and that is said"
	has "$log" "TSC " "$arch: the TSC's rate is on the screen"
	has "$log" "not said to be invariant" "$arch: and that it is not said to be invariant"
	has "$log" "Cold states are left out: an emulator" "$arch: what the plan leaves out is said"
	has "$log" "An emulator runs this" "$arch: whose numbers these are is said"
}

# The emulator's times: the table of each layout, the anchors, and what a benchmark has.
looks_timed()
{
	local arch=$1 n
	for n in dense line work; do
		has "$work/$arch.log" "$n, warm " "$arch: the table has layout $n"
	done
	is "$(grep -c 'normal paravirt          paravirt-patch' "$work/$arch.log")" 3 \
		"$arch: with the seed's three columns"
	is "$(grep -c '^anchor name=.* verdict=unknown-model ' "$work/$arch.log")" 7 \
		"$arch: anchors are timed, and compared with nothing in an emulator"
	is "$(grep -c '^parapatch anchored' "$work/$arch.log")" 1 "$arch: and that is said"
	is "$(grep -c '^parapatch listen lasted_ticks=[1-9]' "$work/$arch.log")" 1 \
		"$arch: a line says what was heard before"
	has "$work/$arch.log" "Listened for 0." "$arch: for people too"
	jq -e '.clock == "tsc" and ([.benchmarks[].time_unit == "ns"] | all)' \
		"$work/$arch"/*.json >/dev/null
	ok $? "$arch: times, in ns"
}

# table_rows ARCH: of the ops, as exact.tbl's parts sum up to: its name in the table,
# convention, bytes, and the three columns' instructions
table_rows()
{
	sed -n 's/^WORKLOAD(\([a-z0-9_]*\),[	 ]*"\([^"]*\)".*op, .*/\1\t\2/p' \
		include/list/workload.def >"$work/columns"
	awk -v arch="$1" -F '\t' '
		NR == FNR { column[$1] = $2; next }
		{ split($0, v, " ") }
		v[1] != arch || !(v[2] in column) { next }
		v[5] == "native" { native[v[2]] = v[6] }
		v[5] == "indirect" { key[++n] = v[2] "\t" v[4]; n_bytes = split($0, w, " ")
			bytes[n] = w[n_bytes - 1]; built[n] = v[6] }
		v[5] == "inline" { patched[v[2] "\t" v[4]] = v[6] }
		END { for (i = 1; i <= n; i++) { split(key[i], k, "\t")
			print column[k[1]] "|" k[2], bytes[i], native[k[1]], built[i],
				patched[key[i]] } }' "$work/columns" "$work/rows" | sort
}

# said_rows ARCH: the same, as the table on the screen says it; what is in brackets must
# sum up to its number
said_rows()
{
	sed -n '/^ *native paravirt /,/^paravirt-patch:/{//d;p}' "$work/$1.log" |
		sed -e ':a' -e 'N;s/\n \{20,\}/ /;ta' -e 'P;D' | grep '\[' | awk '
		{ name = substr($0, 1, 16); sub(/ *$/, "", name); $0 = substr($0, 18)
			for (i = 5; i <= NF && $i !~ /\]$/; i++) ;
			print name "|" $1, $2, $3, $4, $(i + 1) }' | sort
}

# Instructions: one row an op and site, layouts in one; which are more adds up.
looks_counted()
{
	local arch=$1
	is "$(grep -c '^ *native paravirt  *patched$' "$work/$arch.log")" 1 \
		"$arch: one table, of instructions"
	is "$(said_rows "$arch")" "$(table_rows "$arch")" \
		"$arch: its rows are what the parts in exact.tbl sum up to"
	sed -n '/^ *native paravirt /,/^paravirt-patch:/p' "$work/$arch.log" |
		grep -o '\[+[^]]*\]' | tr -d '[]+' >"$work/apart"
	is "$(awk -F ': ' '
		{
			k = split($2, part, "; ")
			sum = 0
			for (i = 1; i <= k; i++) {
				each = part[i] ~ /x / ? part[i] + 0 : 1
				sum += each * split(part[i], word, ",")
			}
			if (sum != $1) print $0
		}
		END { print (NR > 20) }' "$work/apart")" 1 \
		"$arch: what is in brackets adds up to its number, $(wc -l <"$work/apart") times"
	is "$(sed -n '/^ *native paravirt /,/^An emulator runs/p' "$work/$arch.log" |
		grep -ci '%\|same\|inconclusive\|anchor')" 1 \
		"$arch: no per cent, no verdict and no anchor; what is the same is said once"
	jq -e '.clock == "instructions" and .clock_step_ticks == 128 and (has("anchors") | not)
		and ([.benchmarks[] | (.instructions | floor) == .instructions
			and (has("median_ticks") or has("vs") or has("real_time") | not)] | all)' \
		"$work/$arch"/*.json >/dev/null
	ok $? "$arch: the report has whole numbers of instructions, and nothing of times"
}

# looks_good ARCH OFFSETS HOW: a boot of that name, of the default plan, at so many places;
# timed or counted
looks_good()
{
	local arch=$1 offsets=$2 report n
	is "$status" 0 "$arch: the default plan runs to its end"
	looks_$3 "$arch"
	has "$work/$arch.log" "parapatch end status=complete" "$arch: the end marker is there"
	is "$(cells "$arch" ' role=cell .*layout=\(dense\|line\|work\) state=warm ')" \
		$((3 * $(rows "$arch") + $(grep -c "^$arch " "$work/rows") - $(rows "$arch"))) \
		"$arch: a cell for every row: ops in three layouts, the others in one"
	is "$(cells "$arch" ' state=cold')" 0 "$arch: no cold state in an emulator"
	is "$(cells "$arch" '')" "$(grep -c '^cell status=ok ' "$work/$arch.log")" \
		"$arch: all are ok"
	is "$(cells "$arch" ' role=cell .*mode=inline')" \
		$((3 * $(grep -c "^$arch .* inline " "$work/rows"))) \
		"$arch: every op is patched in every layout"
	is "$(grep -c '^cell .* role=twin ' "$work/$arch.log")" \
		"$(grep -c '^group ' "$work/$arch.log")" \
		"$arch: every group has its A/A twin"
	is "$(grep -c ' 0 failed' "$work/$arch.log")" 1 "$arch: no op fails its check"
	lines "$arch"
	echo "# $arch: the application took $(grep '^parapatch end ' "$work/$arch.log" |
		sed 's/.*app_[a-z_]*ms=//') ms"
	is "$(ls "$work/$arch" | wc -l)" 1 "$arch: one report"
	report=$(echo "$work/$arch"/*.json)
	is "$(jq -r .status "$report")" complete "$arch: its status is complete"
	is "$(jq '.benchmarks | length' "$report")" "$(cells "$arch" '')" \
		"$arch: it has a benchmark for every cell"
	jq -e '.applied.native | to_entries | all(.value as $a |
		[$a["inline"], $a["direct-call"], $a["stub-call"], $a["jump"], $a["test-and-call"],
		 $a["kept-as-built"], $a["kept-no-form"], $a["kept-too-small"],
		 $a["kept-no-register"], $a["kept-out-of-reach"]] | add == $a.sites)' \
		"$report" >/dev/null
	ok $? "$arch: outcomes sum to the number of sites, in every mode"
	n=$(objdump -h "out/$arch/parapatch.elf" | awk '$2 == ".parainstructions" { print $3 }')
	is "$(jq '.applied.native.inline.sites' "$report")" $((0x$n / 8)) \
		"$arch: every site that was built was asked for"
	is "$(jq -r '.applied.native.inline | "\(.inline) of \(.sites)"' "$report")" \
		"$(sites_by_lists "$work/$arch.log")" \
		"$arch: every site whose form fits was patched inline"
	jq -e '.groups as $g | [.benchmarks[] | .group as $n |
		([$g[] | select(.name == $n)][0].taken) as $taken |
		.n == ($taken | add)
		and ([.ticks_n[] | length]) == $taken
			and ([.ticks_2n[] | length]) == $taken] | all' \
		"$report" >/dev/null
	ok $? "$arch: every benchmark carries the raw ticks of all its batches"
	jq -e --argjson offsets "$offsets" '[.groups[] | (.taken | length) == $offsets
		and .tried == (.taken | add) + (.dropped | add)] | all' "$report" >/dev/null
	ok $? "$arch: every batch that was tried is taken or dropped, with the reason"
	jq -e '.context | (.tsc.sources | length) == 7 and .disturbed.nmi == 0
		and .disturbed.smi_known == false and .tsc.invariant == false' "$report" >/dev/null
	ok $? "$arch: the report has the clock's sources, NMIs and SMIs"
	follows "$arch" "$arch"
	judged+=" $arch"
}


# poke_image OFFSET BYTES: writes into the application of a copy of the image
poke_image()
{
	cp --sparse=always out/parapatch.img "$work/poked.img"
	cp out/x86_64/parapatch.efi "$work/poked.efi"
	printf "$2" | dd of="$work/poked.efi" bs=1 seek=$(($1)) conv=notrunc status=none
	mcopy -o -i "$work/poked.img@@1M" "$work/poked.efi" ::/EFI/BOOT/BOOTX64.EFI
	image=$work/poked.img
}

# section NAME: where it is in the file
section() { objdump -h out/x86_64/parapatch.efi |
	awk -v n="$1" '$2 == n { print "0x" $6, "0x" $4 }'; }
