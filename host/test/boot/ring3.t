#!/bin/bash
# ring3.t: paths that go to ring 3: the machine is as it was found behind them, whatever the
# firmware has in force; a program of ring 3 that raises an exception ends its row alone.  Each
# state and each exception by itself, CPU models, two CPUs: host/test/deep/ring3.t.
# SPDX-License-Identifier: GPL-2.0-only
. host/test/lib/boot.sh
. host/test/boot/sticks.sh
. host/test/boot/state.sh
export MTOOLSRC=/dev/null MTOOLS_SKIP_CHECK=1

for arch in x86_64 ia32; do
	as_found $arch
	# All that may be in force at once.
	case $arch in
	x86_64)	words='la57 user global smap tss' ;;
	ia32)	words='pae user global tss' ;;
	esac
	faults $arch ud2 "$words"
done
finish
