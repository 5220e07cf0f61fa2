# SPDX-License-Identifier: GPL-2.0-only
# walk.sh: rows of the exact table as ways through the images' listings; sourced behind boot.sh.
[ "${BASH_SOURCE[0]}" != "$0" ] ||
	{ . "$(dirname "$0")/../../build/help.sh"; only_sourced "$@"; }

# in_order LINES LIST: names of the lines of a list that begin so; names: sorted
in_order() { sed -n "s/^\($1\)(\([a-zA-Z0-9_]*\),.*/\2/p" "include/list/$2.def"; }
names() { in_order "$@" | sort; }

# listed ARCH: the image's symbols and listing, in $work
listed()
{
	nm "out/$1/parapatch.elf" >"$work/$1.symbols"
	objdump -d --no-show-raw-insn "out/$1/parapatch.elf" >"$work/$1.listing"
}

# walk ARCH ROWS: says which rows are no way through the listing; a slot is an op by its number
walk()
{
	local word=8
	[ "$1" = x86_64 ] || word=4
	awk -v arch="$1" -v word=$word -v ops="$(in_order OP op | xargs)" \
		-f host/exact/exact-walk.awk "$2" "$work/$1.symbols" "$work/$1.listing"
}

# all_walked ARCH ROWS WHAT: those of modes native and indirect, whose code is in the image
all_walked()
{
	local rows
	rows=$(awk -v arch="$1" '$1 == arch && $3 == "native" &&
		$5 ~ /^(native|indirect)$/' "$2" | wc -l)
	is "$(walk "$1" "$2")" "$1: $rows rows are looked for in the listing" "$1: $3"
}
