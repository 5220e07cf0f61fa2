#!/bin/bash
# refused.t: a configuration and images that are not right: nothing is measured by them,
# and it is said why.  More of them: host/test/deep/boot.t and its neighbours.
# SPDX-License-Identifier: GPL-2.0-only
. host/test/lib/boot.sh
. host/test/boot/good.sh

cat >"$work/small.cfg" <<'CFG'
workloads = irq_disable irq_enable save_fl restore_fl
layouts = dense
offsets = 2
batches = 3
CFG
readonly quick=(--icount 7 --config "$work/small.cfg")

want_status=11
boot number "${quick[@]}" --set 'offsets = 17'
is "$status" 11 "a number that is none: refused as a bad configuration"
as_one number \
	"line $(($(wc -l \
	<"$work/small.cfg") + 2)): bad number \"17\"; offsets takes a whole number from 1 to 16" \
	"a number that is none"
is "$(cells number '')" 0 "a number that is none: nothing was measured"

# A record that names another op: refused whole, no byte changed.
read -r offset _ <<<"$(section .parains)"
poke_image $((offset + 4)) '\x0d'
want_status=12
boot record "${quick[@]}"
is "$status" 12 "a corrupt record: refused"
has "$work/record.log" "record 0, site at 0x" "a corrupt record: named by number and address"
has "$work/record.log" "nothing was patched" "a corrupt record: nothing was patched"
is "$(cells record '')" 0 "a corrupt record: nothing was measured"

# A wrong form: cli's is made a NOP.  The cell's own check must see it.
# It is in native_forms[ISA_X86_64][OP_irq_disable]: rows of 19 bytes, the second ISA,
# bytes after whether it is there, the length and the clobbers.
read -r offset vma <<<"$(section .rodata)"
forms=0x$(nm out/x86_64/parapatch.elf | awk '$3 == "native_forms" { print $1 }')
ops=$(grep -c '^OP(' include/list/op.def)
op=$(grep '^OP(' include/list/op.def | grep -n '^OP(irq_disable,' | cut -d: -f1)
at=$((forms - vma + offset + (ops + op - 1) * 19 + 3))
is "$(od -An -tx1 -j $at -N 1 out/x86_64/parapatch.efi | tr -d ' ')" fa \
	"the form of cli is where the test looks"
poke_image $at '\x90'
want_status=10
boot form "${quick[@]}"
is "$status" 10 "a wrong form: the run says that a check failed"
is "$(cells form \
	' role=cell op=irq_disable backend=native convention=\(seed\|ccall\) mode=inline .*why="body of one copy, as compiled, ')" 2 \
	"a wrong form: the patched cells are refused, by name, before bodies are made"
is "$(grep -c '^cell status=refused ' "$work/form.log")" 2 "a wrong form: and no others"
has "$work/form.log" "IF is 1 after it" "a wrong form: with what the check found"
is "$(jq -r .status "$work/form"/*.json)" check-failed "a wrong form: the report's status"
is "$(jq \
	'[.benchmarks[] | select(.error_occurred) | has("real_time") or has("median_ticks")] | any' \
	"$work/form"/*.json)" false "a wrong form: a refused cell has no times"
is "$(jq '[.benchmarks[] | select(.error_occurred)] | length' "$work/form"/*.json)" 2 \
	"a wrong form: the report has them, as errors"
has "$work/form.log" "not timed: irq_disable, ccall, inline" "a wrong form: the table says so"
is "$(grep -c '^cell status=ok .*op=irq_disable .*mode=\(native\|indirect\) .* n=6 ' \
	"$work/form.log")" 4 \
	"a wrong form: its unpatched cells and its twin are timed"
is "$(grep -c '^cell status=ok .* role=cell op=\(irq_enable\|save_fl\|restore_fl\) .* n=6 ' \
	"$work/form.log")" 15 \
	"a wrong form: and the other ops"
! out/host/report "$work/form"/*.json >"$work/form.check" 2>&1
ok $? "a wrong form: the report tool does not take it for a result"
has "$work/form.check" 'status is "check-failed", not "complete"' "a wrong form: and says why"
finish
