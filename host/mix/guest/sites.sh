#!/bin/bash
# sites.sh: what is where in a kernel, for the recorder: host/mix/sites.h has the lines.
# SPDX-License-Identifier: GPL-2.0-only
#
# sites.sh KERNEL    a name of host/linux/kernel.sh
#
# Prints the lines.  Call sites are those that parapatch-image lists.  Entries, and what is
# to be watched, are where the kernel itself says (/proc/kallsyms), booted once without
# moving; out/mix/KERNEL/symbols keeps what it said.  "boot" begins with the kernel's first C.
#
# Exit status: 0; 1 the kernel did not say it; 2 usage, or it cannot be had.
set -euo pipefail
export LC_ALL=C
. "$(dirname "$0")/../../build/help.sh"
answer_help '' "$@"

die() { echo "sites.sh: $*" >&2; exit 2; }

kernel=${1:-}
[ $# = 1 ] || die "it wants one KERNEL (--help says more)"
readonly tool=out/host/parapatch-image dir=out/mix/$kernel vmlinuz=out/kernel/$kernel/vmlinuz
[ -x $tool ] || die "$tool is not built: make parapatch-image"

if [ ! -s "$dir/symbols" ] || [ "$vmlinuz" -nt "$dir/symbols" ]; then
	said=$(host/mix/guest/boot.sh "$kernel" symbols) || exit $?
	tr -d '\r' <"$dir/symbols.serial" | sed -n 's/^symbol //p' >"$dir/symbols.new"
	grep -q ' start_kernel$' "$dir/symbols.new" || {
		echo "sites.sh: $kernel: it says no addresses: $said" >&2
		exit 1
	}
	mv "$dir/symbols.new" "$dir/symbols"
fi

"$tool" --json --sites "$vmlinuz" >"$dir/sites.json" || exit 2
echo "# $kernel: $(cat "out/kernel/$kernel/package")"
jq -r '.sites[] | "site \(.address) \(.op) \(.len)"' "$dir/sites.json"
# address, end, name; tables end where the next symbol begins.
perl -ane '
	my ($at, $end, $name) = @F;
	my $bytes = hex(substr $end, -8) - hex(substr $at, -8);
	my $short = $name =~ s/^asm_(exc_|sysvec_)?//r;
	if ($name =~ /^(irq|spurious)_entries_start$/) { print "entry interrupt $1 $at $bytes\n" }
	elsif ($name eq "early_idt_handler_array") { print "entry fault early $at $bytes\n" }
	elsif ($name =~ /^asm_sysvec_|^asm_exc_nmi$/) { print "entry interrupt $short $at\n" }
	elsif ($name =~ /^asm_exc_(?!xen)/) { print "entry fault $short $at\n" }
	elsif ($name =~ /^entry_|^asm_int80/) { print "entry call $name $at\n" }
	elsif ($name =~ /^(x86_64|i386)_start_kernel$/) { print "mark begin $at\n" if $ENV{MIX_BOOT} }
	elsif ($name !~ /^asm_|^start_kernel$/) { print "watch $name $at\n" }
' "$dir/symbols"
