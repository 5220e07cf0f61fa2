# SPDX-License-Identifier: GPL-2.0-only
# help.sh: how every script of disk/ and host/ answers --help: by the comment at its head,
# which says what it is, its arguments and its exit status.
#
# At the top of a script, or of a file that is sourced by scripts and tests:
#
#	. "$(dirname "$0")/../host/build/help.sh"
#	answer_help '--one --other' "$@"	the options that the first argument may be;
#						'*': it looks at all of them itself
#
#	[ "${BASH_SOURCE[0]}" != "$0" ] ||
#		{ . "$(dirname "$0")/../build/help.sh"; only_sourced "$@"; }

# The head of the script that was started.
help_text()
{
	awk 'NR == 1 && /^#!/ { next }
		/^# SPDX-License-Identifier/ { next }
		!/^#/ { exit }
		{ sub(/^# ?/, ""); print }' "$0"
}

# answer_help KNOWN ARGUMENT...: ends with --help (0) and with an unknown option (2)
answer_help()
{
	local known=$1 name=${0##*/}
	shift
	case ${1:-} in
	--help)
		help_text
		exit 0 ;;
	-?*)
		[[ $known == '*' || " $known " == *" $1 "* ]] && return
		echo "$name: there is no option $1 (--help lists what there is)" >&2
		exit 2 ;;
	esac
}

# only_sourced ARGUMENT...: of a file that does nothing by itself
only_sourced()
{
	if [ "${1:-}" = --help ]; then
		help_text
		echo
		echo "Exit status: 0 with --help, else 2: it is to be sourced."
		exit 0
	fi
	echo "${0##*/}: it is to be sourced (--help says by what)" >&2
	exit 2
}

[ "${BASH_SOURCE[0]}" != "$0" ] || only_sourced "$@"
