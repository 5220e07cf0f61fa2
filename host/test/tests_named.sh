# SPDX-License-Identifier: GPL-2.0-only
# tests_named.sh: which files are meant by who names tests; sourced by deep.sh and soak.sh.
[ "${BASH_SOURCE[0]}" != "$0" ] ||
	{ . "$(dirname "$0")/../build/help.sh"; only_sourced "$@"; }

# tests_named FOLDER NAME...: sets tests to the files, each named by its path or as
# FOLDER/NAME.t; one that is not there ends the script with a line and status 2
tests_named()
{
	local folder=$1 name
	shift
	tests=()
	for name; do
		[ -f "$name" ] || name=$folder/${name%.t}.t
		if [ ! -f "$name" ]; then
			echo "${0##*/}: there is no $name; there are:" \
				"$(cd "$folder" && printf '%s\n' *.t | sed 's/\.t$//' | xargs)" >&2
			exit 2
		fi
		tests+=("$name")
	done
}
