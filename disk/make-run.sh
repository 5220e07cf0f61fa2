#!/bin/bash
# make-run.sh IMAGE ARCH [run.sh options]: what "make run" does: boot, show, keep the
# report.
# SPDX-License-Identifier: GPL-2.0-only
#
# The report goes to results/MACHINE/, MACHINE being the CPU the report names
# and what it ran under, as ARCH-DATE.json; the serial log stays in out/.
#
# Exit status: that of run.sh, 0 if the run is complete; 2 usage.
set -euo pipefail
. "$(dirname "$0")/../host/build/help.sh"
answer_help '' "$@"
[ $# -ge 2 ] || { echo "make-run.sh: it wants IMAGE and ARCH (--help says more)" >&2; exit 2; }
image=$1 arch=$2
shift 2

new=$(mktemp -d)
trap 'rm -rf "$new"' EXIT
status=0
disk/run.sh --image "$image" --arch "$arch" --brief --results "$new" \
	--serial "out/serial-$arch.log" "$@" || status=$?

for report in "$new"/*.json; do
	[ -f "$report" ] || continue
	# VENDOR-FAMILY-MODEL-STEPPING-ARCH-NNNN.json, in hex, as on the stick
	machine=${report##*/}
	machine=${machine%-"$arch"-*}
	under=$(jq -r '.context.cpu.hypervisor | gsub("[^A-Za-z0-9]"; "")' "$report")
	machine+=${under:+-$under}
	mkdir -p "results/$machine"
	kept=results/$machine/$arch-$(date -u +%Y%m%dT%H%M%SZ) n=
	while [ -e "$kept$n.json" ]; do n=$((${n:--1} - 1)); done
	kept=$kept$n.json
	cp "$report" "$kept"
	echo "Report kept: $kept (status $(jq -r .status "$report"))"
done
echo "Serial log: out/serial-$arch.log"
exit "$status"
