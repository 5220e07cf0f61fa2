# SPDX-License-Identifier: GPL-2.0-only
# default_plan.sh: bench-host by its default plan, and what must be true of that at any
# length; sourced behind boot.sh.
[ "${BASH_SOURCE[0]}" != "$0" ] ||
	{ . "$(dirname "$0")/../../build/help.sh"; only_sourced "$@"; }

export LC_ALL=C
root=$PWD
bench=$root/out/bench-host report=$root/out/host/report

# run_default_plan SETTING...: its mappings are watched; sets status
run_default_plan()
{
	status=0
	NO_WX_LOG=$work/wx LD_PRELOAD=$root/out/test/no-wx.so \
		"$bench" -o "$work/1.json" 'seed = 7' "$@" >"$work/out" 2>"$work/err" ||
		status=$?
}

default_plan_is_right()
{
	is "$status" 0 "the default plan runs"
	is "$(cat "$work/err")" "" "and complains of nothing"
	is "$(jq -r '"\(.status) \(.ring)"' "$work/1.json")" "complete 3" \
		"its report is complete, of ring 3"
	is "$(sed 's/looked [0-9]* //' "$work/wx")" "writable-code 0 file-code 2" \
		"no mapping is ever writable and executable; text and bodies are executed from memory files"

	valid "$work/1.json"
	"$report" "$work/1.json" >"$work/again" 2>"$work/said"
	is $? 0 "every number in the report follows from its raw ticks"
	sed 's/^/# /' "$work/said"
	has "$work/again" " numbers stated follow from the raw ticks" "and there are such numbers"
	is "$(awk '/numbers stated follow/ { print ($1 == $3 && $1 > 500) }' "$work/again")" 1 \
		"hundreds of them"
}
