#!/bin/bash
# fault.t: exceptions in what is timed: the cell is marked, the machine restored, and the
# rest is timed as ever; on the boot CPU, on another one, and in a process.
# SPDX-License-Identifier: GPL-2.0-only
. host/test/lib/boot.sh
export MTOOLSRC=/dev/null MTOOLS_SKIP_CHECK=1

readonly small=(--set 'workloads = save_fl' --set 'layouts = dense' --set 'seed = 1'
	--set 'modes = native indirect inline' --set 'offsets = 1')

make -s out/test/{x86_64,ia32}/modules/{faulty,half_faulty,aborting}.ko >/dev/null
ok $? "the modules are built"
image=$work/stick.img
cp out/parapatch.img "$image"
for arch in x86_64 ia32; do
	mcopy -i "$image@@1M" out/test/$arch/modules/{faulty,half_faulty,aborting}.ko \
		"::/modules/$arch/"
done

# cells NAME STATUS GROUP: how many there are
cells() { grep -acE "^cell status=$2 group=$3/" "$work/$1.log"; }

# counts NAME GROUP: what its cells take, those of the arena's own among them
counts()
{
	grep -a "^cell status=ok group=$2/" "$work/$1.log" |
		sed 's/.* convention=\([a-z]*\) mode=\([a-z]*\) .* instructions=\([0-9]*\) .*/\1 \2 \3/'
}

# whole NAME WHAT: what is lent was put back
whole()
{
	is "$(grep -a '^parapatch quiet ' "$work/$1.log" | field interrupts)" 0 \
		"$2: no interrupt came into a window"
	is "$(grep -ac 'not put back' "$work/$1.log")" 0 "$2: all is put back"
	is "$(grep -a '^op ' "$work/$1.log" | sort)" \
		"$(grep -a '^op ' "$work/none-$arch.log" | sort)" "$2: the ops are as without them"
}

# follows NAME WHAT: what its report says follows from its raw ticks.  The report tool reads
# no run that failed a check, so it is given all but that word.
follows()
{
	jq '.status = "complete"' "$work/$1"/*.json >"$work/$1.json"
	out/host/report "$work/$1.json" >"$work/$1.check" 2>&1
	ok $? "$2: $(tail -n 1 "$work/$1.check")"
}

# left_out: ops that this machine, of $arch, does not have
left_out()
{
	local name=faulty-$arch pf=pf:14:0 vectors
	[ "$arch" = x86_64 ] || pf=pf:5:0
	vectors="db:1:0 de:0:0 flags:6:0 gp:13:65528 $pf ud:6:0"
	boot "none-$arch" --arch "$arch" --icount 7 "${small[@]}" --set 'batches = 2'
	boot "$name" --arch "$arch" --icount 7 "${small[@]}" --set 'batches = 2' \
		--set 'modules = faulty'
	is "$status" 0 "$arch: ops that raise an exception natively are no failure"
	has "$work/$name.log" "parapatch end status=complete" "$arch: complete"
	is "$(grep -a '^parapatch run ' "$work/$name.log" | field left_out)" 42 \
		"$arch: all cells of the six are left out"
	is "$(jq -r '[.benchmarks[] | select(.left_out and .role == "cell" and
		.mode == "native") | (.op | ltrimstr("faulty:")) +
		":\(.fault.vector):\(.fault.error)"] | sort | join(" ")' "$work/$name"/*.json)" \
		"$vectors" "$arch: each with its vector and its error code"
	is "$(grep -a '^left out: ' "$work/$name.log" | cut -d: -f1-3 | sort -u | wc -l)" 6 \
		"$arch: and a line each"
	has "$work/$name.log" "left out: faulty:ud, 5 cells: exception 6 (#UD) at byte 0x" \
		"$arch: that says what, and where"
	is "$(jq -r '.benchmarks[] | select(.op == "faulty:ud" and .mode == "native" and
		.role == "cell") | .error_message | test("\\(0x[0-9a-f]+\\)$")' \
		"$work/$name"/*.json)" true "$arch: the address is in the file's line too"
	is "$(cells "$name" ok faulty:good) $(cells "$name" ok save_fl)" "7 7" \
		"$arch: the others are timed"
	is "$(counts "$name" save_fl)" "$(counts "none-$arch" save_fl)" \
		"$arch: with the counts that they have without"
	whole "$name" "$arch"
	tried cpu "QEMU TCG, $arch: ops that raise #UD, #GP, #DE, #DB, and #$([ "$arch" = ia32 ] && echo BR || echo PF)" \
		"left out, each with vector and address; the others have the counts they have without"
	follows "$name" "$arch"
}

# refused: cells that raise one, while their reference does not
refused()
{
	local name=half-$arch
	want_status=10
	boot "$name" --arch "$arch" --icount 7 "${small[@]}" --set 'batches = 50' \
		--set 'modules = half_faulty'
	is "$status" 10 "$arch: one that its reference does not raise is a failed check"
	is "$(cells "$name" refused half_faulty:sited) $(cells "$name" ok half_faulty:sited)" \
		"4 3" "$arch: of that op those with sites are refused, and the others timed"
	is "$(grep -ac '^cell .*group=half_faulty:late.* why=".* timed (0x' "$work/$name.log")" 1 \
		"$arch: one came while it was timed: $(grep -ao 'why=".* timed (0x[0-9a-f]*' \
			"$work/$name.log")"
	is "$(cells "$name" ok half_faulty:late) $(cells "$name" ok half_faulty:good) $(cells \
		"$name" ok save_fl)" "6 7 7" "$arch: and the rest of its group was timed without it"
	whole "$name" "$arch, refused"
	follows "$name" "$arch, refused"
	want_status=0
}

# elsewhere: while it is timed, on each of two CPUs
elsewhere()
{
	local name=cpus-$arch
	want_status=10
	boot "$name" --arch "$arch" --smp 2 --set 'cpus = all' "${small[@]}" \
		--set 'batches = 50' --set 'budget_s = 0' --set 'modules = half_faulty'
	is "$status" 10 "$arch, two CPUs: runs to its end"
	is "$(grep -a '^cell .* fault_vector=6 .* why=".* timed (0x' "$work/$name.log" |
		sed 's/.*group=\([^ ]*\) .*/\1/' | sort -u | xargs)" \
		"half_faulty:late/native/dense/warm half_faulty:late/native/dense/warm@1" \
		"$arch, two CPUs: on each one came while it was timed"
	is "$(grep -ac '^cell status=ok group=half_faulty:good/.*@1 ' "$work/$name.log")" 7 \
		"$arch, two CPUs: the other CPU goes on"
	is "$(grep -ac 'CPU 1: ' "$work/$name.log")" 0 "$arch, two CPUs: and has no complaint"
	follows "$name" "$arch, two CPUs"
	tried cpu "QEMU TCG, $arch, 2 CPUs: one op raises #UD once, as it is timed, on either" \
		"that cell is marked; the CPU goes on with the rest of its group"
	want_status=0
}

# aborts: a machine check and a double fault are no fault of what is timed
aborts()
{
	local name=abort-$arch
	want_status=10
	boot "$name" --arch "$arch" --smp 3 --timeout 400 --hang 200 --set 'cpus = all' \
		"${small[@]}" --set 'batches = 2' --set 'budget_s = 0' --set 'modules = aborting'
	is "$status" 10 "$arch, #MC and #DF elsewhere: runs to its end"
	is "$(jq -r '[.cpus[] | .not_run // "run" | sub(" at 0x[0-9a-f]*"; "")] | join("; ")' \
		"$work/$name"/*.json)" "run; an exception ended it: vector 18, error code 0x0; $(
		)an exception ended it: vector 8, error code 0x0" \
		"$arch, #MC and #DF elsewhere: each ends its CPU's part, and is named"
	is "$(grep -ac 'fault_vector=' "$work/$name.log")" 0 \
		"$arch, #MC and #DF elsewhere: no cell is said to have raised one"
	is "$(grep -ac 'not put back' "$work/$name.log")" 0 \
		"$arch, #MC and #DF elsewhere: all is put back"
	is "$(cells "$name" ok 'aborting:abort') $(cells "$name" ok save_fl)" "7 21" \
		"$arch, #MC and #DF elsewhere: the boot CPU goes on"
	tried cpu "QEMU TCG, $arch, 3 CPUs: vector 18 on one, #DF on another, in what is timed" \
		"each ends its CPU's part, by its vector; the boot CPU goes on"
	want_status=0
}

for arch in x86_64 ia32; do
	left_out
	refused
	elsewhere
	aborts
done

# process BYTES VECTOR WHAT: a copy of bench-host that has them in place of PUSHF; POP in
# its native save_fl
process()
{
	local at text
	cp out/bench-host "$work/bench"
	text=$(objdump -h out/bench-host | awk '$2 == ".text" { print "0x" $6 " - 0x" $4 }')
	nm out/bench-host | awk '/ wl_native_save_fl_(one|three)$/ { print $1 }' |
		while read -r at; do
			dd if="$work/bench" bs=1 skip=$((0x$at + text)) count=2 status=none | xxd -p
			printf '%b' "$1" | dd of="$work/bench" bs=1 seek=$((0x$at + text)) \
				conv=notrunc status=none
		done >"$work/bytes"
	is "$(sort -u "$work/bytes")" 9c58 "bench-host: $3 is put in place of what should be there"
	"$work/bench" -o "$work/bench.json" 'workloads = save_fl restore_fl' 'layouts = dense' \
		'states = warm' 'offsets = 2' 'batches = 4' 'budget_s = 0' 'gap_us = 1000' \
		>"$work/bench.out" 2>"$work/bench.err"
	is "$? $(cat "$work/bench.err")" "0 " "bench-host, $3: it runs to its end"
	is "$(jq -r '[.status, ([.benchmarks[] | select(.left_out) | .fault.vector] | unique[]),
		([.benchmarks[] | select(.op == "restore_fl") | .error_occurred == null] | all)] |
		join(" ")' "$work/bench.json")" "complete $2 true" \
		"bench-host, $3: its op is left out, with the vector, and the other is timed"
	has "$work/bench.out" "left out, exception $2 (" "bench-host, $3: and says so"
}

process '\x0f\x0b' 6 UD2
process '\xf4\x90' 13 HLT
process '\xcc\x90' 3 INT3
finish
