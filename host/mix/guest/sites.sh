#!/bin/bash
# sites.sh: what is where in a kernel, for the recorder: host/mix/sites.h has the lines.
# SPDX-License-Identifier: GPL-2.0-only
#
# sites.sh KERNEL [FOLDER]    KERNEL is a name of host/linux/kernel.sh
#
# Makes FOLDER/sites (out/mix/KERNEL).  Call sites are those that parapatch-image lists.
# Entries, and what is to be watched, are where the kernel itself says (/proc/kallsyms),
# booted once, without moving; FOLDER/symbols keeps what it said.  FOLDER/sites.boot marks
# where its first C begins, for the row that has no other begin.
#
# Exit status: 0; 1 the kernel did not say it; 2 usage, or it cannot be had.
set -euo pipefail
export LC_ALL=C
. "$(dirname "$0")/../../build/help.sh"
answer_help '' "$@"

die() { echo "sites.sh: $*" >&2; exit 2; }

# address, end, name; tables end where the next symbol begins.
entries()
{
	perl -ane '
		my ($at, $end, $name) = @F;
		my $bytes = hex(substr $end, -8) - hex(substr $at, -8);
		my $short = $name =~ s/^asm_(exc_|sysvec_)?//r;
		my $is = $name =~ /^asm_sysvec_|^asm_exc_nmi$/ ? "entry interrupt $short"
			: $name =~ /^asm_exc_(?!xen)/ ? "entry fault $short"
			: $name =~ /^entry_|^asm_int80/ ? "entry call $name"
			: $name =~ /^(x86_64|i386)_start_kernel$/ ? "mark begin"
			: $name =~ /^asm_|^start_kernel$/ ? next : "watch $name";
		if ($name =~ /^(irq|spurious)_entries_start$/) { $is = "entry interrupt $1" }
		elsif ($name =~ /^early_idt/) { $is = "entry fault early" }
		else { $bytes = "" }
		print "$is $at $bytes" =~ s/ $//r, "\n"' "$dir/symbols"
}

kernel=${1:-}
[ $# = 1 ] || [ $# = 2 ] || die "it wants a KERNEL (--help says more)"
readonly dir=${2:-out/mix/$kernel} tool=out/host/parapatch-image
readonly vmlinuz=out/kernel/$kernel/vmlinuz
[ -x $tool ] || die "$tool is not built: make parapatch-image"

if [ ! -s "$dir/symbols" ] || [ "$vmlinuz" -nt "$dir/symbols" ]; then
	said=$(host/mix/guest/boot.sh --out "$dir" "$kernel" symbols) || exit $?
	tr -d '\r' <"$dir/symbols.serial" | sed -n 's/^symbol //p' >"$dir/symbols.new"
	grep -q ' start_kernel$' "$dir/symbols.new" || {
		echo "sites.sh: $kernel: it says no addresses: $said" >&2
		exit 1
	}
	mv "$dir/symbols.new" "$dir/symbols"
fi

"$tool" --json --sites "$vmlinuz" >"$dir/sites.json" || exit 2
{
	echo "# $kernel: $(cat "out/kernel/$kernel/package")"
	jq -r '.sites[] | "site \(.address) \(.op) \(.len)"' "$dir/sites.json"
	entries
} >"$dir/sites.new"
sed -n 's/^mark/&/p' "$dir/sites.new" >"$dir/sites.boot"
sed -i '/^mark/d' "$dir/sites.new"
mv "$dir/sites.new" "$dir/sites"
rm "$dir/sites.json"
