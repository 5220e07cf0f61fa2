#!/bin/bash
# soak/exact.t: the whole of what host/exact/exact.sh counts, in both emulators: beside what
# deep/exact.t has, the matrix and the paddings in Bochs, and kernel paths by every backend.
# SPDX-License-Identifier: GPL-2.0-only
. host/test/lib/boot.sh

host/exact/exact.sh >"$work/said" 2>&1
ok $? "every run, both architectures: QEMU and Bochs count as the table's parts sum up to"
grep -v '^x86_64 \|^ia32 ' "$work/said" | sed 's/^/# /'
has "$work/said" 'cell lines, QEMU = Bochs = table' "every line is compared"
finish
