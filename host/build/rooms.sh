#!/bin/bash
# rooms.sh [--host]: a room uses those on earlier lines of host/build/rooms alone, and no
# files use each other in a circle; or say where.
# SPDX-License-Identifier: GPL-2.0-only
#
# Three proofs: what each source includes, as it is written; what each object of both
# architectures (and with --host those of the programs of host/) was made from, as the
# compiler says (its .d files); and which names an object has from another.
# Run at the top of a tree that is built.
#
#   --host   the programs of host/ too
#
# Exit status: 0; 1 a line for each that is not so; 2 usage.
set -euo pipefail
export LC_ALL=C
. "$(dirname "$0")/help.sh"
answer_help '--host' "$@"
shopt -s nullglob

objects=(out/{x86_64,ia32}/{core,efi}/*/*.o out/{x86_64,ia32}/workload/*.o)
host=0
if [ "${1:-}" = --host ]; then
	host=1
	objects+=(out/user/*.o out/user/*/*.o out/host/{image,report}.d/*.o)
fi

# find without a name lists all there is.
[ ${#objects[@]} -gt 0 ] ||
	{ echo "rooms.sh: no objects in out/; \"make build\" first" >&2; exit 1; }

sources() { find core efi include host -type f -name '*.*' ! -path 'host/fuzz/corpus/*' "$@"; }

{
	sed 's/^/rooms\t/' host/build/rooms
	sources -printf 'file\t%p\n' | sort
	printf 'object\t%s\n' "${objects[@]}"
	sources \( -name '*.[chS]' -o -name '*.def' \) -print0 |
		xargs -0 grep -HnE '^[[:space:]]*#[[:space:]]*include[[:space:]]*["<]' |
		tr '\t' ' ' | sed 's/^/include\t/'
	# The rules that follow the first have a header each, and nothing that it is made from.
	{ find "${objects[@]/%.o/.d}" 2>/dev/null || true; } | xargs -r awk '
		FNR == 1 { object = FILENAME; sub(/d$/, "o", object) }
		{ for (i = 1; i <= NF; i++) if ($i !~ /:$|^\\$/) print "made\t" object "\t" $i }'
	# What has no names is said, and is no error.
	nm -APg "${objects[@]}" 2> >(grep -v ': no symbols$' >&2) |
		awk '{ sub(/:$/, "", $1); print "name\t" $1 "\t" $2 "\t" $3 }'
} | awk -v HOST=$host -f host/build/rooms.awk >&2
