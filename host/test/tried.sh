#!/bin/bash
# tried.sh: docs/tried.md, the page of what was tried where, from the tests that did it.
# SPDX-License-Identifier: GPL-2.0-only
#
# tried.sh --write    make the page: rows of the tests that ran in this tree, and the
#                     page's own of those that did not
# tried.sh --check    fail if a test that ran here has other rows than the page
#
# A test writes its rows to out/tried/NAME, see tried() in host/test/lib/boot.sh.
#
# Environment: PAGE and ROWS, another page and another folder of rows.
#
# Exit status: 0; 1 the page is not what the tests say; 2 usage.
set -euo pipefail
export LC_ALL=C
. "$(dirname "$0")/../build/help.sh"
answer_help '--write --check' "$@"
readonly page=${PAGE:-docs/tried.md} rows=${ROWS:-out/tried}
# Areas, in the page's order, and what each is about.
readonly areas='firmware|Firmware
starter|What starts the application
config|Configuration and options
port|Serial ports and consoles
volume|Volumes, and where reports go
cpu|CPUs
hypervisor|Hypervisors and emulators
compiler|Compilers and what comes with them
kernel|Kernels, by parapatch-image
image|Images, by parapatch-image
other|Other'

die() { echo "tried.sh: $*" >&2; exit 1; }

# The page's rows as the tests write them, the test's name before each.
page_rows()
{
	[ -e "$page" ] || return 0
	awk -F ' \\| ' -v areas="$areas" '
		BEGIN {
			n = split(areas, a, "\n")
			for (i = 1; i <= n; i++) {
				split(a[i], p, "|")
				key[p[2]] = p[1]
			}
		}
		/^## / { area = key[substr($0, 4)] }
		area && /^\| / && !/^\| (situation|---)/ && NF == 3 {
			sub(/^\| /, "", $1)
			sub(/ \|$/, "", $3)
			test = $3
			gsub(/`/, "", test)
			sub(/^host\/test\//, "", test)
			gsub(/\//, "-", test)
			printf "%s\t%s\t%s\t%s\n", test, area, $1, $2
		}' "$page"
}

# A test's rows: a bar would end a cell of the table.
test_rows()
{
	local file
	for file in "$rows"/*; do
		[ -f "$file" ] || continue
		sed "s/|/\\//g; s,^,${file##*/}\t," "$file"
	done
}

# Those of the tests that ran here, and the page's of those that did not and are there.
all_rows()
{
	local row test
	test_rows
	page_rows | while IFS= read -r row; do
		test=${row%%$'\t'*}
		[ -e "$rows/$test" ] || [ ! -e "$(where_is "$test")" ] || printf '%s\n' "$row"
	done
}

where_is()
{
	local file
	for file in "host/test/$1" "host/test/${1/-//}"; do
		[ ! -e "$file" ] || { echo "$file"; return; }
	done
	echo "host/test/$1"
}

write_page()
{
	local all area title test situation outcome
	all=$(all_rows)
	cat <<'END'
# What was tried where, and what happened?

Each line is a situation that a test puts the project into, and what happens there. A test
that fails writes no line. The tests of `host/test/deep/` are run by `make test-deep`, those
of `host/test/soak/` by `make soak`, the others by `make test`. Made by `make tried`;
what is in (parentheses) is the version that was met when it was last made.
END
	while IFS='|' read -r area title; do
		grep -q $'^[^\t]*\t'"$area"$'\t' <<<"$all" || continue
		printf '\n## %s\n\n| situation | what happens | test |\n|---|---|---|\n' "$title"
		while IFS=$'\t' read -r test _ situation outcome; do
			printf '| %s | %s | `%s` |\n' "$situation" "$outcome" "$(where_is "$test")"
		done < <(awk -F '\t' -v a="$area" '$2 == a' <<<"$all" | sort -s -t $'\t' -k 1,1)
	done <<<"$areas"
}

known_areas()
{
	local area
	while IFS=$'\t' read -r _ area _; do
		grep -q "^$area|" <<<"$areas" || die "there is no area '$area'"
	done < <(test_rows)
}

without_versions() { sed 's/ *([^)]*)//g' | sort; }

of_test() { awk -F '\t' -v t="$1" '$1 == t'; }

check_page()
{
	local file name
	for file in "$rows"/*; do
		[ -f "$file" ] || continue
		name=${file##*/}
		diff <(page_rows | of_test "$name" | without_versions) \
			<(test_rows | of_test "$name" | without_versions) ||
			die "$page is not what $name did; \"make tried\" makes it anew"
	done
}

known_areas
case ${1:-} in
--write) write_page >"$page.new" && mv "$page.new" "$page" ;;
--check) check_page ;;
*)	echo "tried.sh: say --write or --check (--help says more)" >&2; exit 2 ;;
esac
