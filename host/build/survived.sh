#!/bin/bash
# survived.sh ELF EFI: .altinstructions came through objcopy with its size.
# SPDX-License-Identifier: GPL-2.0-only
#
# objcopy copies what it is told to and says nothing of the rest.  Names in a PE file
# have 8 bytes: it is .altinst there.
#
# Exit status: 0; 1 it did not; 2 usage.
set -euo pipefail
. "$(dirname "$0")/help.sh"
answer_help '' "$@"

[ $# = 2 ] || { echo "survived.sh: it wants ELF and EFI (--help says more)" >&2; exit 2; }

size_of() { size -A "$2" | awk -v name="$1" '$1 == name { n += $2 } END { print n + 0 }'; }

wanted=$(size_of .altinstructions "$1")
got=$(size_of .altinst "$2")
if [ "$wanted" = 0 ] || [ "$wanted" != "$got" ]; then
	echo "survived: $2: .altinstructions has $got bytes, $wanted before objcopy" >&2
	exit 1
fi
