#!/bin/bash
# compile_fail.t: what must not compile does not, and for the reason it gives.
# SPDX-License-Identifier: GPL-2.0-only
#
# Each file of host/test/build/compile_fail compiles as it is, and with -DFAIL fails
# with a message that has the words after its "FAILS:".  It is compiled as core
# is: with the compiler's headers and include/ in sight, and nothing else.

set -u
export LC_ALL=C

headers=$(gcc -print-file-name=include)
said=$(mktemp)
trap 'rm -f "$said"' EXIT
count=0

# verdict STATUS WHAT
verdict()
{
	count=$((count + 1))
	if [[ $1 -eq 0 ]]; then
		echo "ok $count - $2"
	else
		echo "not ok $count - $2"
		sed 's/^/# /' "$said"
	fi
}

# compile BITS ARCH FILE [OPTION...]
compile()
{
	local bits=$1 arch=$2 file=$3
	shift 3
	gcc -m"$bits" -std=gnu11 -O2 -ffreestanding -nostdinc -isystem "$headers" \
		-Iinclude -Iinclude/"$arch" -mno-red-zone -mgeneral-regs-only \
		-Wall -Wextra -Werror -Wa,--fatal-warnings "$@" \
		-c -o /dev/null "$file" >"$said" 2>&1
}

# fails_with WORDS COMMAND...
fails_with()
{
	local words=$1
	shift
	! "$@" && grep -qF -- "$words" "$said"
}

for file in host/test/build/compile_fail/*.c; do
	words=$(sed -n 's/^.*FAILS: \(.*\) \*\/$/\1/p' "$file")
	name=$(basename "$file" .c)
	for target in "64 x86_64" "32 ia32"; do
		read -r bits arch <<<"$target"
		compile "$bits" "$arch" "$file"
		verdict $? "$name, $arch: compiles as it is"
		[[ -n $words ]] && fails_with "$words" compile "$bits" "$arch" "$file" -DFAIL
		verdict $? "$name, $arch: $words"
	done
done
echo "1..$count"
[[ $count -gt 0 ]]
