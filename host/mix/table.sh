#!/bin/bash
# table.sh: tables of the mixes that are kept, as pages have them.
# SPDX-License-Identifier: GPL-2.0-only
#
# table.sh [--question] [--write] [--mixes FOLDER]
#
#   --question   the table of question 11 (results/questions.md), in place of those of docs/mixes.md
#   --write      both pages anew, in place of showing a table
#   --mixes      results/mixes
#
# A page's tables are between the lines "<!-- table.sh -->" and "<!-- /table.sh -->".  In the
# other table of question 11 the last column is the second of the one here.
#
# Exit status: 0; 1 a page has not these lines, or there are no mixes; 2 usage.
set -euo pipefail
export LC_ALL=C
. "$(dirname "$0")/../build/help.sh"
answer_help '--question --write --mixes' "$@"

readonly here=host/mix table=results/reference/2006-pentium4.json
die() { echo "table.sh: $*" >&2; exit 1; }

question='' write='' mixes=results/mixes
while [ $# -gt 0 ]; do
	case $1 in
	--question) question=yes ;;
	--write) write=yes ;;
	--mixes)
		[ -n "${2:-}" ] || { echo "table.sh: --mixes wants a value" >&2; exit 2; }
		mixes=$2
		shift ;;
	*)	echo "table.sh: there is no option $1 (--help lists what there is)" >&2; exit 2 ;;
	esac
	shift
done
mapfile -t files < <(find "$mixes" -name '*.json' 2>/dev/null | sort)
[ ${#files[@]} -gt 0 ] || die "there are no mixes in $mixes"

# The rows in order; and which is which row of 2006, without that table's "Lmbench".
rows() { awk '!/^#/ { print $1 }' $here/units | jq -R . | jq -cs .; }
mix_of()
{
	sed -n 's/^SEED_ROW([a-z0-9_]*,[^"]*"\([^"]*\)",.*"\(.*\)")$/\1	\2/p' \
		include/list/seed_row.def | jq -R 'split("\t") | {(.[0]): .[1]}' | jq -cs add
}

# tables TABLE: of the mixes; those of question 11 if TABLE is not null
tables()
{
	jq -rs -f $here/table.jq --argjson question "$1" --argjson rows "$(rows)" \
		--argjson mix_of "$(mix_of)" "${files[@]}"
}

# put PAGE FILE: what is in FILE, in its place
put()
{
	grep -qx '<!-- table.sh -->' "$1" || die "$1 has no line <!-- table.sh -->"
	awk -v file="$2" '
		/^<!-- table.sh -->$/ { print; print ""; skip = 1
			while ((getline line < file) > 0) print line }
		/^<!-- \/table.sh -->$/ { print ""; skip = 0 }
		!skip' "$1" >"$work/page"
	cat "$work/page" >"$1"
}

if [ -z "$write" ]; then
	tables "$([ -z "$question" ] && echo null || cat $table)"
	exit
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
tables null >"$work/pages"
tables "$(cat $table)" >"$work/question"
put docs/mixes.md "$work/pages"
put results/questions.md "$work/question"
# A row of seven columns is one of the other table.
awk -F ' *[|] *' -v OFS=' | ' 'NR == FNR { ops[$2] = $3; next }
	/^## / { within = /^## 11/ }
	within && NF == 9 && $2 in ops && ops[$2] != "ops" {
		sub(/\| [^|]*\|$/, "| " ops[$2] " |")
	}
	{ print }' "$work/question" results/questions.md >"$work/page"
cat "$work/page" >results/questions.md
