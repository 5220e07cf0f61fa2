#!/bin/bash
# kernel.t: Debian's own kernels: every site as the booted kernel has it.
# SPDX-License-Identifier: GPL-2.0-only
#
# "make kernel" has two more, of other rules (5.10, 6.12).  Needs a Debian mirror the
# first time; what it fetched stays in out/kernel.
. host/test/lib/boot.sh
pinned='linux-image-6.1.0-56-amd64 6.1.192-2'
dir=out/kernel

# one KERNEL: from its result.json
get() { jq -r "$2" "$dir/$1/result.json"; }

for kernel in 6.1-amd64 6.1-686; do
	status=0
	host/linux/kernel.sh --keep $kernel >"$work/$kernel" 2>&1 || status=$?
	is $status 0 "$kernel is fetched, booted, and compared"
	if [ $status -gt 1 ]; then
		sed 's/^/# /' "$work/$kernel"
		continue
	fi
	diag=$(tail -n 1 "$work/$kernel")
	echo "# $diag"

	# The section's size, by another reader of ELF; records of 8 bytes and of 16.
	out/host/parapatch-image --apply "$work/elf" $dir/$kernel/vmlinuz >/dev/null
	bytes=$((0x$(readelf -SW "$work/elf" | sed -n 's/^ *\[ *[0-9]*\] //p' |
		awk '$1 == ".parainstructions" { print $5 }')))
	stride=16
	[ $kernel = 6.1-amd64 ] || stride=8
	n=$((bytes / stride))
	is "$(get $kernel .records)" $n "$kernel: $n records, as many as the section holds"
	is "$(get $kernel '.sites | length, ([.[].record] | unique | length)' | paste -sd ' ')" \
		"$n $n" "$kernel: every record is a site"
	is "$(get $kernel '[.ops[][]] | add')" $n "$kernel: the listing by op and size has them all"
	is "$(get $kernel '[.outcomes[]] | add')" $n "$kernel: every site has one outcome"
	is "$(get $kernel \
		'.not_whole_instructions, ([.sites[] | select(.instructions == "")] | length)' |
		paste -sd ' ')" '0 0' "$kernel: what was patched decodes"
	is "$(get $kernel .compared.paravirt.same)" $n "$kernel: all sites hold the same bytes"
	is "$(get $kernel '.compared.alternatives | .unexplained, .not_in_dump, .not_decided' |
		paste -sd ' ')" '0 0 0' "$kernel: no alternative differs unexplained"
	is "$(get $kernel '[.compared.alternatives[]] | add')" \
		"$(get $kernel .alternatives.sites)" \
		"$kernel: every alternative was compared"
	is "$(get $kernel '.compared | .instructions.unexplained, ([.tables[].unexplained] | add)' |
		paste -sd ' ')" '0 0' "$kernel: nor does any other instruction"
	is "$(get $kernel \
		'.compared | ([.tables[].rewritten] | add) == ([.rewritten[].places] | add),
		.instructions.bytes > 9000000' | paste -sd ' ')" 'true true' \
		"$kernel: what other mechanisms made is counted once"

	# The same by none of the tool's code: its bytes and memory's.
	is "$(jq -r '.memory.address, (.sites[] | "\(.address) \(.patched)")' \
		$dir/$kernel/result.json | perl -e '
		no warnings "portable"; my $file = shift; chomp(my $base = <STDIN>);
		open(my $f, "<:raw", $file) or die; my $same = 0;
		while (<STDIN>) {
			my ($at, $want) = split; my $b;
			seek $f, hex($at) - hex($base), 0; read $f, $b, length($want) / 2;
			$same++ if unpack("H*", $b) eq $want;
		}
		print $same' $dir/$kernel/memory)" $n "$kernel: and so says a script of ten lines"
done

if [ "$(cat $dir/6.1-amd64/package 2>/dev/null)" = "$pinned" ]; then
	is "$(get 6.1-amd64 .records)" 3848 "$pinned has 3848 sites"
else
	is "$(get 6.1-amd64 '.records > 1000')" true \
		"$(cat $dir/6.1-amd64/package), in place of $pinned, has sites"
fi

# One byte of one site of the dump is another: that site is named, and no other.
at=$(get 6.1-amd64 '.sites[100].address') base=$(get 6.1-amd64 .memory.address)
printf '\xf4' | dd of=$dir/6.1-amd64/memory bs=1 seek=$((at - base)) conv=notrunc 2>/dev/null
status=0
out/host/parapatch-image --sites --compare $dir/6.1-amd64/memory \
	$dir/6.1-amd64/vmlinuz >"$work/changed" || status=$?
is "$status $(awk '$1 == "site" && / unexplained / { print $3 }' "$work/changed" | paste -sd ' ')" \
	"1 $at" "a byte that differs at a site is found, and fails"
rm -f $dir/*/memory
finish
