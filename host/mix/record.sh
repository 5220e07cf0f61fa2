#!/bin/bash
# record.sh: run a guest in QEMU, and record what it runs between its marks.
# SPDX-License-Identifier: GPL-2.0-only
#
# record.sh --sites FILE --out PREFIX [options] -- QEMU-ARGUMENT...
#
#   --sites FILE      what is where in the guest: host/mix/sites.h has the lines
#   --out PREFIX      region N of the marks becomes PREFIX.N.json; what is there of an
#                     earlier run is removed first
#   --name WORD       the mix's name, which is written there
#   --kernel ADDRESS  from there on an address is the kernel's, in hexadecimal; else from
#                     8000000000000000, with qemu-system-i386 from c0000000
#   --status N        what QEMU ends with if all is well (0)
#   --recorder FILE   instead of out/mix/recorder.so
#
# The arguments must make QEMU translate (no KVM), with one CPU.  Each file is whole, or it is
# not there.  docs/mixes.md says what is in it.
#
# Environment: QEMU names the emulator (qemu-system-x86_64).
#
# Exit status: 0 at least a region was recorded; 1 none was, or QEMU failed; 2 usage, or
# something is missing here; 3 the recorder refused.  All but 0 with a line that says why.
set -euo pipefail
export LC_ALL=C
. "$(dirname "$0")/../build/help.sh"
answer_help '--sites --out --name --kernel --status --recorder' "$@"

recorder=out/mix/recorder.so
sites='' out='' name='' kernel='' wanted=0
qemu=${QEMU:-qemu-system-x86_64}

die() { echo "record.sh: $*" >&2; exit 2; }

while [ $# -gt 0 ] && [ "$1" != -- ]; do
	case $1 in
	--sites|--out|--name|--kernel|--recorder|--status)
		[ -n "${2:-}" ] || die "$1 wants a value"
		declare "$(sed 's/^--status/--wanted/; s/^--//' <<<"$1")=$2"
		shift ;;
	*)	die "unknown argument '$1' (--help lists what there is)" ;;
	esac
	shift
done
[ "${1:-}" = -- ] || die "QEMU's arguments must follow a --"
shift
[ -n "$sites" ] || die "--sites FILE must be said"
[ -n "$out" ] || die "--out PREFIX must be said"
[ -r "$sites" ] || die "--sites $sites: no such readable file"
[ -r "$recorder" ] || die "$recorder: no such file; make $recorder makes it"
mkdir -p "$(dirname "$out")" || die "--out $out: its folder cannot be made"
[[ $wanted =~ ^[0-9]+$ ]] || die "--status $wanted: not a number"
for text in "$sites" "$out" "$name" "$recorder" "$kernel"; do
	[[ $text != *,* ]] || die "'$text': QEMU takes no comma in what its plugins are told"
done
version=$("$qemu" --version 2>/dev/null | head -n 1) || die "$qemu: it cannot be run"

# QEMU looks for a name without a slash elsewhere.
options=$(realpath "$recorder"),sites=$sites,out=$out,name=$name,emulator=${version//,/;}
[ -z "$kernel" ] || options+=,kernel=$kernel
rm -f "$out".[0-9]*.json "$out".[0-9]*.json.new
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

status=0
{ "$qemu" -plugin "$options" "$@" 2>&1 >&3 3>&- | tee "$work/said" >&2; } 3>&1 || status=$?
if grep -q '^recorder: ' "$work/said"; then
	exit 3
elif grep -qE 'ould not load plugin|plugin requires|TCG plugin' "$work/said"; then
	echo "record.sh: $qemu does not take this plugin: it is for version 1 of the interface," \
		"which QEMU 6.0 to 8.2 have; this is $version" >&2
	exit 3
elif [ "$status" != "$wanted" ]; then
	echo "record.sh: QEMU ended with status $status, and $wanted is wanted" >&2
	exit 1
elif ! compgen -G "$out.[0-9]*.json" >/dev/null; then
	echo "record.sh: nothing was recorded: the guest passed no marks" >&2
	exit 1
fi
