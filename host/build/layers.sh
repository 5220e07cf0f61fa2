#!/bin/bash
# layers.sh OBJECT-DIRECTORY COMPILER-HEADERS OBJECT...: core/ uses neither EFI nor libc, or
# say where.
# SPDX-License-Identifier: GPL-2.0-only
#
# Three proofs: core was compiled with -nostdinc and its own include path (the
# Makefile); what each object was made from (the compiler's .d files) lies in
# core/, include/, the compiler's own headers or the generated folder; and all
# of core together imports only what a freestanding compiler may call.
#
# Environment: LD, the linker.  Exit status: 0; 1 core uses what it may not; 2 usage.
set -euo pipefail
. "$(dirname "$0")/help.sh"
answer_help '' "$@"
[ $# -ge 3 ] ||
	{ echo "layers.sh: it wants three arguments or more (--help says which)" >&2; exit 2; }
dir=$1
headers=$2
shift 2

bad=$(cat "${@/%.o/.d}" | tr ' \\' '\n\n' | grep -E '^[^:]+\.[chS]$|\.def$' |
	sort -u | grep -vE "^(core|include|out/gen)/([^.]|\.[^.])*$|^$headers/" || true)
if [ -n "$bad" ]; then
	echo "layers: core was compiled from: $bad; core may include only core/ and include/" >&2
	exit 1
fi
emulation=elf_x86_64
[ "${dir##*/}" = ia32 ] && emulation=elf_i386
${LD:-ld} -m $emulation -r -o "$dir/core.o" "$@"
# Of the linker script come the bounds; 64-bit division on ia32 is libgcc's.
bad=$(nm -u "$dir/core.o" | awk '{ print $2 }' |
	grep -vxE -e 'memcpy|memmove|memset|memcmp|__u?(div|mod)(mod)?di[34]' \
		-e '__(start|stop)_(parainstructions|altinstructions|altinstr_replacement)' ||
	true)
if [ -n "$bad" ]; then
	echo "layers: core imports: $bad; it may call nothing outside of core/" >&2
	exit 1
fi
