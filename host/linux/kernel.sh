#!/bin/bash
# kernel.sh: Debian's kernels, patched by our engine in memory and by themselves in QEMU.
# SPDX-License-Identifier: GPL-2.0-only
#
# kernel.sh [--keep] [--fetch] [--cpu MODEL] [--smp N] [--append WORDS] [NAME...]
#
# Fetches each kernel below ("make kernel": the first four; or those named), boots it in
# QEMU until it panics for want of a root, takes its memory, and compares with it what
# parapatch-image makes of every site, and what the kernel made of all its other
# instructions.  Prints that, and a last line for each kernel.  In out/kernel/NAME/ are
# then vmlinuz, package, serial, result.json, result.txt.
#
#   --keep     leave memory there too, what the booted kernel's was
#   --fetch    only fetch
#   --cpu      QEMU's CPU, for one of family 15; --smp: so many
#   --append   words for the kernel's command line
#   --nops k8  for kernels until 5.12 on a CPU to which they give the NOPs of K8
#
# Exit status: 0; 1 a difference is unexplained; 2 a kernel cannot be had, booted or read.
set -euo pipefail
export LC_ALL=C
. "$(dirname "$0")/../build/help.sh"
answer_help '--keep --fetch --cpu --smp --append --nops -h' "$@"
. host/test/suite.sh

# name, suite, architecture, package (linux-...) as pinned and as a pattern (its newest is taken
# where the pinned one is gone), NOPs for the CPU below.
readonly kernels='
6.1-amd64  bookworm amd64 image-6.1.0-56-amd64       image-6\.1\.0-[0-9]+-amd64
6.1-686    bookworm i386  image-6.1.0-50-686-pae     image-6\.1\.0-[0-9]+-686-pae
5.10-amd64 bullseye amd64 image-5.10.0-32-amd64      image-5\.10\.0-[0-9]+-amd64 k8
6.12-amd64 trixie   amd64 image-6.12.117+deb13-amd64 image-6\.12\.[0-9]+\+deb13-amd64
'
# Smaller ones; the last is of its day.
readonly more='
6.1-cloud  bookworm amd64 image-6.1.0-56-cloud-amd64 image-6\.1\.0-[0-9]+-cloud-amd64
5.10-cloud bullseye amd64 image-5.10.0-32-cloud-amd64 image-5\.10\.0-[0-9]+-cloud-amd64 k8
6.12-cloud trixie   amd64 image-6.12.117+deb13-cloud-amd64 image-6\.12\.[0-9]+\+deb13-cloud-amd64
sid-cloud  sid      amd64 binary-7.2.13+deb14-cloud-amd64 binary-[0-9.]+\+deb[0-9]+-cloud-amd64
'
out=$PWD/out/kernel
readonly tool=$PWD/out/host/parapatch-image
readonly timeout_s=200		# of a boot; it takes about 10

# Without a hypervisor's bit the kernel takes it for bare metal.  Of AMD's family 15,
# to which kernels until 5.12 give the NOPs of K8.
readonly k8_cpu=max,vendor=AuthenticAMD,family=15,model=107
# It panics where it would mount a root, which is before .init's memory is given back.
# Its check of the timer fails on models that have no TSC to rely on.
readonly always='nokaslr no_timer_check console=ttyS0 panic=0'
keep='' fetch='' cpu='' smp=1 append='' nops=''

die() { echo "kernel.sh: $*" >&2; exit 2; }

# The pinned package, or the newest of its kind.
choose()
{
	local names
	names=$(suite_names "$pattern")
	grep -xF -- "$pinned" <<<"$names" || tail -n 1 <<<"$names"
}

# Of the package only the kernel; it is not installed.
fetch()
{
	local package deb
	[ ! -s "$dir/vmlinuz" ] || return 0
	mkdir -p "$dir"
	suite_open "$suite" "$arch" || exit 2
	package=$(choose)
	[ -n "$package" ] ||
		die "$name: no package $pinned, nor another like it, can be had ($(suite_why))"
	deb=$(suite_deb "$package") || exit 2
	dpkg-deb -f "$deb" Package Version | sed 's/.*: //' | paste -sd ' ' >"$dir/package"
	dpkg-deb --fsys-tarfile "$deb" |
		tar -xO --wildcards './*/vmlinuz*' >"$dir/vmlinuz.new" ||
		die "$name: $package holds no kernel"
	mv "$dir/vmlinuz.new" "$dir/vmlinuz"
	rm "$deb"
}

# memory KEY: of the memory that the image says it is booted to
memory() { "$tool" --json "$dir/vmlinuz" | jq -r ".memory.$1"; }

# What is said to QEMU's monitor, once the kernel has panicked.
monitor()
{
	local i
	for ((i = 0; i < timeout_s * 4; i++)); do
		! grep -qa 'end Kernel panic' "$dir/serial" || break
		sleep 0.25
	done
	printf '%s\n' stop "pmemsave $1 $2 \"$dir/memory\"" quit
}

boot()
{
	local at bytes
	at=$(memory physical) bytes=$(memory bytes)
	[ "$at" != null ] || die "$name: the image does not say where it is booted to"
	rm -f "$dir/memory"
	: >"$dir/serial"
	monitor "$at" "$bytes" |
		timeout $((timeout_s + 20)) qemu-system-x86_64 -machine q35,accel=tcg \
			-cpu "${cpu:-$k8_cpu},-hypervisor" -smp "$smp" -m 512 -nic none \
			-display none -no-reboot \
			-kernel "$dir/vmlinuz" -append "$always $append" \
			-serial "file:$dir/serial" -monitor stdio >"$dir/qemu.log" 2>&1 ||
		die "$name: QEMU failed: $(tail -n 1 "$dir/qemu.log")"
	# Another panic is another state of memory.
	grep -qa 'Kernel panic - not syncing: VFS: Unable to mount root' "$dir/serial" ||
		die "$name: it did not come as far as mounting a root in $timeout_s s: $(
			tail -n 1 "$dir/serial")"
	[ "$(stat -c %s "$dir/memory")" = $((bytes)) ] ||
		die "$name: QEMU did not save its memory"
}

# Two lines for a person, the rest in files.
compare()
{
	local status=0 options=()
	[ -z "$nops" ] || options=(--nops "$nops")
	"$tool" "${options[@]}" --compare "$dir/memory" --json --sites "$dir/vmlinuz" \
		>"$dir/result.json" || status=$?
	[ $status -lt 2 ] || exit 2
	"$tool" "${options[@]}" --compare "$dir/memory" "$dir/vmlinuz" >"$dir/result.txt" || true
	[ -n "$keep" ] || rm "$dir/memory"
	sed "1s,.*/,," "$dir/result.txt"
	jq -r --arg name "$name" --arg package "$(cat "$dir/package")" '
		"kernel \($name) (\($package)): \(.records) records, \(
		.compared.paravirt.same) sites the same bytes as in the booted kernel, \(
		.compared.paravirt.unexplained) unexplained; alternatives: \(
		.alternatives.sites) sites, \(.compared.alternatives.same) the same, \(
		.compared.alternatives.unexplained) unexplained; by other mechanisms: \(
		[.compared.rewritten[].places] | add) places, \(
		.compared.instructions.unexplained) unexplained"' "$dir/result.json"
	return $status
}

one()
{
	dir=$out/$name
	fetch
	[ -z "$fetch" ] || return 0
	[ -x "$tool" ] || die "$tool is not built: make $tool"
	boot
	compare
}

while [ $# -gt 0 ]; do
	case $1 in
	--keep)  keep=yes ;;
	--fetch) fetch=yes ;;
	--cpu|--smp|--append|--nops)
		[ $# -gt 1 ] || die "$1: of what?"
		printf -v "${1#--}" %s "$2"
		shift ;;
	-h|--help) help_text; exit 0 ;;
	-*)      die "there is no option $1 (--help lists what there is)" ;;
	*)       break ;;
	esac
	shift
done

wanted="$*" status=0
for name in $wanted; do
	grep -q "^$name " <<<"$kernels$more" || die "there is no kernel $name here"
done
wanted=${wanted:-$(awk '{ print $1 }' <<<"$kernels" | paste -sd ' ')}
while read -r name suite arch pinned pattern of_k8; do
	[[ -n "$name" && " $wanted " = *" $name "* ]] || continue
	pinned=linux-$pinned pattern=linux-$pattern
	[ -n "$cpu" ] || nops=${of_k8:-}
	one </dev/null || status=$?
	[ $status -lt 2 ] || exit $status
done <<<"$kernels$more"
exit $status
