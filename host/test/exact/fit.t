#!/bin/bash
# fit.t: docs/inline-fit.md is what the images say of what fits where.
# SPDX-License-Identifier: GPL-2.0-only
. host/test/lib/boot.sh
. host/test/boot/shared.sh

shared x86_64
is "$status" 0 "a report with them is saved"
shared ia32
LOGS=$work host/exact/fit.sh >"$work/fit" 2>"$work/err"
is "$?" 0 "the images say what fits"
is "$(cat "$work/err")" "" "and nothing else"
sed -n '/^<!-- host\/exact\/fit.sh/,/^<!-- end/{/^<!--/d;p}' docs/inline-fit.md >"$work/page"
diff "$work/page" "$work/fit" >"$work/diff"
ok $? "docs/inline-fit.md has the same tables, to the letter"
sed 's/^/# /' "$work/diff"
# What the pages say of the seed's question.
sed -n '/^ia32:/,$p' "$work/fit" >"$work/ia32.tables"
has "$work/ia32.tables" "| irq_disable | xen_smp | 23 | EAX | 12 no: bytes, register |" \
	"Xen's SMP cli of 2006 does not fit"
has "$work/ia32.tables" "| irq_disable | xen | 8 |  | 12 yes | 6 no: bytes |" "the later one does"

# The same in the report, and in the room for it.
is "$(jq -r '.fit[] | "\(.backend) \(.op) \(.form_bytes // "none") \(.scratch // "none") " +
	(.sites | to_entries | map("\(.key)=\(.value.bytes):\(.value.outcome)") | join(" "))' \
		"$work/x86_64"/*.json)" \
	"$(sed -n \
	's/^fit backend=\([^ ]*\) op=\([^ ]*\) form_bytes=\([^ ]*\) scratch=\([^ ]*\) /\1 \2 \3 \4 /p' "$work/x86_64.log")" \
	"it has what serial has"
finish
