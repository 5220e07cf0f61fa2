# SPDX-License-Identifier: GPL-2.0-only
# shared.sh: boots that several tests look at, sourced by them behind boot.sh.  Whoever
# asks first boots; "make test" begins with none of them.
[ "${BASH_SOURCE[0]}" != "$0" ] ||
	{ . "$(dirname "$0")/../../build/help.sh"; only_sourced "$@"; }

# shared_how NAME: run.sh's arguments
shared_how()
{
	case $1 in
	# What "make run" does without KVM: instructions are counted of what parapatch.cfg
	# measures if it says nothing; but the text is read-only, and patching at scale is
	# measured.  Waiting takes no time then, and nothing depends on the host's load.
	x86_64|ia32)
		how=(--arch "$1" --accel tcg --set 'text = readonly' --set 'scale = 1000') ;;
	# A firmware that maps each section by its rights (standin.c), and every module there
	# is, beside the application's own copies of the seed's four ops.
	strict-*)
		shared_stick "${1#strict-}"
		how=(--arch "${1#strict-}" --icount 7 --image out/test/boots/$1.img
		--set 'modules = all'
			--set 'workloads = irq_disable irq_enable save_fl restore_fl'
			--set 'modes = native indirect inline direct' --set 'layouts = dense'
			--set 'offsets = 1' --set 'batches = 2') ;;
	# Two CPUs, in real time: both time the plan, one after the other; then sites are
	# patched while the other runs them.
	torture)
		how=(--arch x86_64 --smp 2 --accel tcg --set 'torture = 400' --set 'torture_s = 600'
			--set 'cpus = all'
			--timeout 300 --set 'workloads = cli_sti' --set 'conventions = native ccall'
			--set 'modes = native indirect' --set 'layouts = dense'
			--set 'states = warm'
			--set 'offsets = 1' --set 'batches = 3') ;;
	esac
}

# shared_stick ARCH: the stand-in's, with the application behind it
shared_stick()
{
	local module modules=()
	for module in out/"$1"/modules/*.ko; do
		modules+=("$module=modules/$1/${module##*/}")
	done
	disk/image.sh "out/test/boots/strict-$1.img" \
		"out/test/$1/standin.efi=EFI/BOOT/BOOT$([ "$1" = x86_64 ] && echo X64 ||
		echo IA32).EFI" \
		"out/$1/parapatch.efi=EFI/PARAPATCH.EFI" disk/parapatch.cfg=parapatch.cfg \
		"${modules[@]}"
}

# shared NAME [AS]: as "boot AS" does; the files are the same ones for all
shared()
{
	local at=out/test/boots/$1 as=${2:-$1} file
	mkdir -p "$at"
	{
		flock 9
		[ "$at/status" -nt "$image" ] && [ "$at/status" -nt host/test/boot/shared.sh ] ||
			shared_boot "$1" 9>&-
	} 9>"$at.lock"
	for file in log out; do ln -s "$PWD/$at/$file" "$work/$as.$file"; done
	ln -s "$PWD/$at/reports" "$work/$as"
	status=$(cat "$at/status")
	[ "$status" = "${want_status:-0}" ] || sed 's/^/# /' "$work/$as.out"
	reported+=("$work/$as")
}

shared_boot()
{
	local at=out/test/boots/$1 got=0 how
	rm -rf "$at"
	mkdir -p "$at/reports"
	shared_how "$1"
	disk/run.sh --image "$image" --results "$at/reports" --quiet --serial "$at/raw" \
		"${how[@]}" >"$at/out" 2>&1 || got=$?
	tr -d '\r' <"$at/raw" >"$at/log"
	echo "$got" >"$at/status"
}
