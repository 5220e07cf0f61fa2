#!/bin/bash
# fit.sh: who can be inlined where, as two tables in markdown.
# SPDX-License-Identifier: GPL-2.0-only
#
# Boots out/parapatch.img once an architecture, with next to nothing to measure, and
# makes tables of its lines "fit ...".  Backends that differ in nothing share a row.
#
# fit.sh      no arguments; IMAGE in the environment names another stick, LOGS a folder that
#             has ARCH.log of such boots already
#
# Exit status: 0; 1 a boot failed, or an image says nothing of what fits; 2 usage.
set -euo pipefail
. "$(dirname "$0")/../build/help.sh"
answer_help '' "$@"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
printf '%s\n' 'workloads = nop' 'offsets = 1' 'batches = 1' 'report = off' >"$work/cfg"

# lines ARCH: the lines that its boot says
lines()
{
	[ -z "${LOGS:-}" ] || { grep -a '^fit ' "$LOGS/$1.log"; return; }
	disk/run.sh --image "${IMAGE:-out/parapatch.img}" --arch "$1" --icount 7 \
		--config "$work/cfg" --quiet --serial "$work/serial" >"$work/said" 2>&1 ||
		{ cat "$work/said" >&2; exit 1; }
	tr -d '\r' <"$work/serial" | grep -a '^fit ' ||
		{ echo "fit.sh: the $1 image says nothing of what fits" >&2; exit 1; }
}

table()
{
	awk '
	# A hook that has no register does not come to count bytes.
	function word(outcome, lacks) {
		if (outcome == "inline") return "yes"
		if (outcome == "kept-no-form") return "no"
		if (outcome == "kept-too-small") return "no: bytes"
		if (outcome == "kept-no-register") return "no: " (lacks ? "bytes, " : "") "register"
		return "no: " substr(outcome, 6)
	}
	{
		backend = op = row = ""
		for (i = 2; i <= NF; i++) {
			split($i, f, "=")
			if (f[1] == "backend") backend = f[2]
			else if (f[1] == "op") op = f[2]
			else if (f[1] == "form_bytes") { form = f[2]; row = row " | " form }
			else if (f[1] == "scratch") row = row " | " (f[2] == "none" ? "" : f[2])
			else {
				split(f[2], site, ":")
				row = row " | " site[1] " " word(site[2], form + 0 > site[1] + 0)
				if (NR == 1) { head = head " | " f[1]; rule = rule "|---" }
			}
		}
		if (!(op in ops)) { ops[op]; name[++n] = op }
		if (!((op, row) in who)) rows[op, ++count[op]] = row
		who[op, row] = who[op, row] (who[op, row] ? ", " : "") backend
	}
	END {
		print "| op | backend | form, bytes | registers" head " |"
		print "|---|---|---|---" rule "|"
		for (i = 1; i <= n; i++)
			for (k = 1; k <= count[name[i]]; k++)
				print "| " name[i] " | " who[name[i], rows[name[i], k]] \
					rows[name[i], k] " |"
	}'
}

for arch in x86_64 ia32; do
	said=$(lines $arch)
	[ $arch = x86_64 ] || echo
	printf '%s:\n\n' $arch
	table <<<"$said"
done
