# SPDX-License-Identifier: GPL-2.0-only
# replays.sh: what is asked of reports with replays; sourced by tests.
[ "${BASH_SOURCE[0]}" != "$0" ] ||
	{ . "$(dirname "$0")/../../build/help.sh"; only_sourced "$@"; }

# Of each cell of each replay its count, beside the sum of its ops' by the cells' own
# benchmarks: "group convention mode counted summed" where they are not equal.
readonly unequal='
	(reduce .benchmarks[] as $b ({}; if $b.role == "cell" then
		.[[$b.op, ($b.group | split("/")[1]), $b.layout, $b.state, $b.convention,
			$b.mode, $b.padding] | join(" ")] = $b.instructions
		else . end)) as $of
	| .mixes[] | .parts as $parts | select(.restores_if_set != false)
	| (.group | split("/")[1]) as $backend | .group as $group | .cells[]
	| . as $c
	| ([$parts | to_entries[] | select(.value.sequence > 0) | .value.sequence
		* $of[[.key, $backend, "work", "warm", $c.convention, $c.mode, $c.padding]
			| join(" ")]] | add) as $sum
	| select(.instructions != $sum or .cost != "agrees" or .cost_instructions != $sum)
	| "\($group) \(.convention) \(.mode) \(.instructions) \($sum)"'
