#!/bin/bash
# lengths.t: lines, functions, folders and comments are of the sizes that can be read.
# SPDX-License-Identifier: GPL-2.0-only
. host/test/lib/boot.sh
export LC_ALL=C

# sources PATTERN...: files of the tree by name; what is made up or kept is not written
# by hand.
sources()
{
	local names=()
	for pattern; do names+=(-o -name "$pattern"); done
	find Makefile core efi include host modules disk .ci -type f \( "${names[@]:1}" \) \
		! -path 'host/fuzz/corpus/*'
}

# FILE:LINE of those over 100 columns; a tab is 8.  In the scripts of the tests a string of
# more than half of that, what is expected to be said or what is planted, stands in one
# piece, and so does a row of a table.
readonly long_lines='
	function in_one_piece(line) {
		if (line ~ /^\t*[A-Za-z0-9._-]+\|/) return 1
		while (match(line, /"([^"\\]|\\.)*"|\x27[^\x27]*\x27/)) {
			if (RLENGTH > 50) return 1
			line = substr(line, RSTART + RLENGTH)
		}
		return 0
	}
	{
		columns = 0
		rest = $0
		while ((at = index(rest, "\t")) > 0) {
			columns += at - 1
			columns += 8 - columns % 8
			rest = substr(rest, at + 1)
		}
		columns += length(rest)
		if (columns <= 100) next
		if (FILENAME ~ /^host\/test\/.*\.(t|sh)$/ && in_one_piece($0)) next
		print FILENAME ":" FNR ": " columns " columns"
	}'

# bodies FILE...: LINES FILE:LINE of each function, what is between { and }
bodies()
{
	awk '
		FNR == 1 { begin = 0 }
		/^\{$/ { begin = FNR; next }
		/^\}/ && begin { print FNR - begin - 1, FILENAME ":" begin; begin = 0 }
		/^[a-z].*\) \{ .* \}$/ { print 1, FILENAME ":" FNR }' "$@" | sort -n
}

# quantile PERCENT: of the first column, which is sorted
quantile() { awk -v q="$1" '{ v[NR] = $1 } END { print v[int((NR - 1) * q / 100) + 1] }'; }

# comment_share FILE...: of lines with words (but for guards and includes), percent that
# have a comment or a part of one
comment_share()
{
	awk '
		/^[ \t]*$|^#(ifndef|define [A-Z0-9_]*_H$|include|endif)/ { next }
		{ lines++; comment = within }
		/\/\*/ { comment = within = 1 }
		/\*\// { within = 0 }
		comment { comments++ }
		END { print int(100 * comments / lines + 0.5) }' "$@"
}

# none LINES WHAT: there are none; else they are shown
none() { is "$(head -n 200 <<<"$1")" "" "$2"; }

# The measures themselves, on what is known.
printf 'a\t%s\n' "$(printf '%92s' x)" >"$work/good.c"
printf 'a\t%s\n' "$(printf '%93s' x)" >"$work/bad.c"
is "$(awk "$long_lines" "$work/good.c" "$work/bad.c")" "$work/bad.c:1: 101 columns" \
	"a line of 101 columns is found, one of 100 is not"
{ echo 'int f(void)'; echo '{'; seq 81; echo '}'; echo 'int g(void) { return 1; }'; } \
	>"$work/long.c"
is "$(bodies "$work/long.c" | paste -sd' ')" "1 $work/long.c:85 81 $work/long.c:2" \
	"and how long a function is"
printf '#ifndef A_H\n/* a\n * b */\nint a;\t/* b */\n\nint c;\nint d;\nint e;\n' >"$work/head.h"
is "$(comment_share "$work/head.h")" 50 "and how much of a header is comment"

sources '*.[chS]' '*.sh' '*.t' '*.mk' '*.def' '*.awk' '*.jq' '*.pl' \
	'*.lds' Makefile run >"$work/files"
xargs <"$work/files" awk "$long_lines" >"$work/long"
none "$(cat "$work/long")" "no line of $(wc -l <"$work/files") files is over 100 columns"

for tree in core efi include host; do
	bodies $(find $tree -name '*.[ch]') >"$work/$tree.bodies"
	median=$(quantile 50 <"$work/$tree.bodies") p90=$(quantile 90 <"$work/$tree.bodies")
	[ "$median" -le 12 ] && [ "$p90" -le 40 ]
	ok $? "$tree: $(wc -l <"$work/$tree.bodies") functions, the median has $median lines (12 at most), 9 of 10 have $p90 at most (40)"
	none "$(awk '$1 > 80' "$work/$tree.bodies")" \
		"$tree: none over 80, the longest has $(tail -n 1 "$work/$tree.bodies")"
done

for folder in core:12 efi:15 include:20; do
	loose=$(find "${folder%:*}" -maxdepth 1 -type f | wc -l)
	[ "$loose" -le "${folder#*:}" ]
	ok $? "${folder%:*}: $loose loose files, ${folder#*:} at most"
done
share=$(comment_share $(find include -name '*.h') $(find core efi -name '*.h'))
[ "$share" -ge 50 ] && [ "$share" -le 70 ]
ok $? "headers are comment to $share %, 50 to 70"
echo "# sources are comment to $(comment_share $(find core efi -name '*.[cS]')) %"
echo "# files of core and efi: median $(wc -l $(find core efi -name '*.[chS]') |
	awk '$2 != "total" { print $1 }' | sort -n | quantile 50) lines"
finish
