#!/bin/bash
# names.t: ops of Debian's kernels, of many releases and configurations, named; and what a
# kernel comes in, made of theirs.  Nothing is booted.
# SPDX-License-Identifier: GPL-2.0-only
#
# Fetches some 500 MB the first time; what it fetched stays in out/suite.
. host/test/lib/boot.sh
. host/test/linux/kernel_images.sh
. host/test/suite.sh
tool=out/host/parapatch-image

# take PATTERN: the newest such package's kernel, unpacked once; sets kernel and package
take()
{
	local deb
	package=$(suite_names "$1" | tail -n 1)
	[ -n "$package" ] && deb=$(suite_deb "$package") || return 1
	kernel=$suite_state/$package.vmlinuz
	[ -s "$kernel" ] && return
	# The kernel is among the first files; what is behind it is not unpacked.
	dpkg-deb --fsys-tarfile "$deb" 2>/dev/null |
		tar -xO --wildcards --occurrence=1 '*/vmlinuz*' >"$kernel.new" 2>/dev/null || true
	[ -s "$kernel.new" ] && mv "$kernel.new" "$kernel"
}

# by_function: slots and the op that their function is named after, by no code of the tool;
# of standard input, the tool's JSON
by_function()
{
	jq -r '.slots[] | select(.function) | "\(.slot) \(.op) \(.function)"' | sed -E '
		s/ (__raw_callee_save_)?_*(pv_)?(native_|paravirt_)(tss_)?/ /
		s/ __ptep/ ptep/
		s/ flush_tlb_local$/ flush_tlb_user/
		s/ flush_tlb_global$/ flush_tlb_kernel/
		s/ tlb_remove_page$/ tlb_remove_table/
		/ (nop|nop_func|ident_64)$/d'
}

# names RELEASE SITUATION PATTERN: every op has a name, and the right one.  RELEASE: of
# ops_of, or "" where the package's release moves.
names()
{
	local release=$1 situation=$2 pattern=$3 n
	take "$pattern"
	ok $? "$situation: a kernel is there (${package:-none})"
	[ -s "${kernel-}" ] || return
	"$tool" --json "$kernel" >"$work/json"
	n=$(jq '.slots | length' "$work/json")
	is "$(jq -c '[.slots[].named_by] | [index("none"), index("conflict"), index("symbols")]' \
		"$work/json")" '[null,null,null]' \
		"$package: the structure alone names all $n slots, and no symbol denies it"
	is "$(jq -r .symbols "$work/json"); $(by_function <"$work/json" | awk '$2 != $3' |
		head -n 3)" \
		'kallsyms; ' "$package: $(by_function <"$work/json" |
		wc -l) functions are named after their op"
	is "$(jq '[.slots[] | select(.named_by == "both")] | length' "$work/json")" \
		"$(by_function <"$work/json" | wc -l)" "$package: and count as a second witness"
	if [ -n "$release" ]; then
		is "$(jq -r '[.slots[].op] | join(" ")' "$work/json")" "$(ops_of "$release")" \
			"$package: the members of $release in their order"
	fi
	tried kernel "$situation" 'every op named by structure alone, symbols agree'
}

suite_open bullseye amd64
names 5.10-4 'Debian bullseye, cloud-amd64 (5.10)' 'linux-image-5\.10\.0-[0-9]+-cloud-amd64'
names 5.10-4 'Debian bullseye, rt-amd64 (5.10)' 'linux-image-5\.10\.0-[0-9]+-rt-amd64'
suite_open bullseye i386
names 5.10-bare 'Debian bullseye, i386 686-pae (5.10, no Xen PV)' \
	'linux-image-5\.10\.0-[0-9]+-686-pae'
# Forms of its table are known, so it can be patched.
is "$("$tool" --json "$kernel" | jq -r '.not_applied, .outcomes["kept-no-form"]' | paste -sd ' ')" \
	'null 0' \
	"i386 of 5.10 can be patched"
tried kernel 'Debian bullseye, i386 686-pae (5.10), patched by its table' \
	'every site has a form or a call'
suite_open bookworm amd64
names 6.1 'Debian bookworm, cloud-amd64 (6.1)' 'linux-image-6\.1\.0-[0-9]+-cloud-amd64'
cloud=$kernel
names 6.1 'Debian bookworm, rt-amd64 (6.1)' 'linux-image-6\.1\.0-[0-9]+-rt-amd64'
suite_open bookworm i386
names 6.1-bare 'Debian bookworm, i386 686 (6.1, no PAE)' 'linux-image-6\.1\.0-[0-9]+-686'
names 6.1-bare 'Debian bookworm, i386 rt-686-pae (6.1)' 'linux-image-6\.1\.0-[0-9]+-rt-686-pae'
suite_open bookworm-backports i386
names 6.1-bare 'Debian bookworm-backports, i386 686-pae (6.5)' 'linux-image-6\.5\.0-.*-686-pae'
suite_open trixie amd64
names 6.12 'Debian trixie, cloud-amd64 (6.12)' 'linux-image-6\.12\.[0-9]+\+deb13-cloud-amd64'
suite_open trixie-backports amd64
names '' 'Debian trixie-backports, cloud-amd64 (6.16 to 7.x)' \
	'linux-image-6\.1[67]\.[0-9]+\+deb13-cloud-amd64'
names '' 'Debian trixie-backports, the newest cloud-amd64' 'linux-binary-.*-cloud-amd64'
suite_open sid amd64
names '' 'Debian sid, amd64' 'linux-binary-[0-9.]+\+deb[0-9]+-amd64'
names '' 'Debian sid, rt-amd64' 'linux-binary-.*-rt-amd64'
suite_open experimental amd64
names '' 'Debian experimental, amd64' 'linux-binary-[0-9.]+-amd64'

# What a real kernel comes in: systemd's stub, and Xen, which is none.
suite_open bookworm amd64
stub=$(suite_unpack systemd-boot-efi)/usr/lib/systemd/boot/efi/linuxx64.efi.stub
echo quiet >"$work/cmdline"
objcopy --add-section .cmdline="$work/cmdline" --change-section-vma .cmdline=0x30000 \
	--add-section .linux="$cloud" --change-section-vma .linux=0x2000000 "$stub" "$work/uki.efi"
is "$("$tool" --json "$work/uki.efi" | jq -c '[.outside, .records, .ops]')" \
	"$("$tool" --json "$cloud" | jq -c '["UKI, " + .outside, .records, .ops]')" \
	"a unified kernel image of systemd's stub and $(basename "$cloud")"
tried image "UKI: bookworm's systemd stub with the cloud kernel in .linux" \
	'opened, the same sites as the kernel alone'
"$tool" "$stub" >"$work/out" 2>&1
is "$? $(cut -d: -f3- "$work/out")" \
	'2  not a kernel image: an EFI application (PE, machine 0x8664) without a kernel in it: it has no section .linux, as unified kernel images have, and is no bzImage' \
	"the stub alone"
tried image "systemd's stub without a kernel" 'refused: an EFI application without a kernel in it'
xen=$(suite_names 'xen-hypervisor-[0-9.]+-amd64' | tail -n 1)
xen=$(suite_unpack "$xen")/boot
"$tool" "$xen"/xen-*.gz >"$work/out" 2>&1
is "$? $(cut -d: -f3- "$work/out")" \
	'2  not a Linux kernel: it has a multiboot header and no section .altinstructions, as Xen and boot loaders have' \
	"Xen itself"
tried image "Xen's hypervisor (bookworm, xen.gz)" \
	'refused: not a Linux kernel, as Xen and boot loaders'
zstd -q "$cloud" -o "$work/vmlinuz.zst"
is "$("$tool" --json "$work/vmlinuz.zst" | jq -c '[.outside, .records]')" \
	"$("$tool" --json "$cloud" | jq -c '["zstd, " + .outside, .records]')" \
	"a kernel packed as a file"
tried image "vmlinuz.zst of bookworm's cloud kernel" 'opened'
finish
