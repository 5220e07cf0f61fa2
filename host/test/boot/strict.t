#!/bin/bash
# strict.t: a firmware that maps text read-only and gives code pages which may not be
# executed: written by its protocol, and modules are loaded, patched, timed, unloaded.  Other
# ways of it, and modules that cannot be loaded: host/test/deep/protect.t, module.t.
# SPDX-License-Identifier: GPL-2.0-only
. host/test/lib/boot.sh
. host/test/boot/shared.sh
. host/test/boot/modules.sh

for arch in x86_64 ia32; do
	shared strict-$arch $arch
	is "$(sed -n 's/^parapatch text \(.*\) why=.*/\1/p' "$work/$arch.log")" \
		'found=read-only mapped=read-only by="memory attribute protocol"' \
		"$arch: text is found read-only, and written by the firmware's protocol"
	all_patched "$work/$arch.log" "$arch: every site of it was patched"
	has "$work/$arch.log" 'standin: ok protocol' \
		"$arch: no page was ever writable and executable, and all were put back"
	modules_good $arch
done
finish
