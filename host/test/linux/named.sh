# SPDX-License-Identifier: GPL-2.0-only
# named.sh: what parapatch-image calls the ops of a table; sourced behind kernel_images.sh.
[ "${BASH_SOURCE[0]}" != "$0" ] ||
	{ . "$(dirname "$0")/../../build/help.sh"; only_sourced "$@"; }

tool=out/test/parapatch-image

# make_table IMAGE RULE OP...: with its symbols if symbols is set
make_table()
{
	local image=$1
	shift
	kernel_table "$@" >"$image.s" && kernel_link 64 "$image.s" "$image"
}

# slots IMAGE: the names of all slots in their order, ? where there is none
slots() { "$tool" --json "$1" | jq -r '[.slots[] | .op // "?"] | join(" ")'; }

# by IMAGE: how many names hang on what
by()
{
	"$tool" --json "$1" | jq -r '[.slots[].named_by] | group_by(.) |
		map("\(.[0]) \(length)") | join(", ")'
}

# slot IMAGE NUMBER: what it can be
slot() { "$tool" --json "$1" | jq -c --argjson n "$2" '.slots[] | select(.slot == $n)'; }

# same GOT WANTED WHAT: words, of which those that differ are said
same()
{
	is "$(diff <(tr ' ' '\n' <<<"$1") <(tr ' ' '\n' <<<"$2") | grep '^[<>]' | head -n 6 |
		paste -sd ' ')" '' "$3"
}

# named RELEASE RULE: every op by the structure alone, and no op otherwise
named()
{
	local release=$1 rule=$2 all n
	all=$(ops_of "$release" | sed 's/ -//g')
	n=$(wc -w <<<"$all")
	# shellcheck disable=SC2046
	make_table "$work/k" "$rule" $(ops_of "$release")
	same "$(slots "$work/k") $(by "$work/k")" "$all structure $n" \
		"$release, $rule: $n ops are named, without symbols"
}
