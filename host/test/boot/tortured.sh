# SPDX-License-Identifier: GPL-2.0-only
# tortured.sh: what a boot with torture must say of it; sourced behind boot.sh.
[ "${BASH_SOURCE[0]}" != "$0" ] ||
	{ . "$(dirname "$0")/../../build/help.sh"; only_sourced "$@"; }

all=0

# tortured NAME CPUS FLIPS: adds the changes of mode to all
tortured()
{
	local name=$1 others=$(($2 - 1)) half=$(($3 / 2)) way
	is "$status" 0 "$name: no op lost, no exception, the bytes are right, all is put back"
	is "$(of "$name" '.torture | [.cpus, .machine_cpus, .sites, .failed, .not_run] | @csv')" \
		"$others,$2,35,," "$name: $others other CPUs run 35 sites"
	for way in live stopped; do
		is "$(of "$name" ".torture.$way | [.asked, .changed, .ops_wrong] | @csv")" \
			"$half,$half,0" \
			"$name, $way: $half changes of mode, every op did what it is for"
		is "$(of "$name" \
			".torture.$way | .ops_called == .ops_counted and .ops_counted > .changed and .passes > 0")" \
			true "$name, $way: $(of "$name" \
			".torture.$way.ops_counted") ops counted, as many as were called"
		is "$(of "$name" \
			".torture.$way | .ticks_a_site.n == .changed and .ticks_a_site.median > 0 and .sites >= .changed")" \
			true "$name, $way: and timed: $(of "$name" \
			".torture.$way.ns_a_site") ns a site, median"
		all=$((all + $(of "$name" ".torture.$way.changed")))
	done
	# A batch asks three times, a stop once, each CPU by an interrupt; and again, which
	# is a count of its own, who has not answered in a millisecond.  Where a CPU need
	# not be quiet it can always answer: two of a batch's three are never owed.
	is "$(of "$name" \
		'.torture | .cpus as $n | [.live, .stopped] | map(.ipis / .changed / $n) | @csv')" \
		3,1 \
		"$name: interrupts a change to each CPU: live 3, stopped 1; again: $(of "$name" \
		'.torture | [.live, .stopped] | map(.ipis_resent) | @csv') in all"
	is "$(of "$name" ".torture | .cpus as \$n | [.live, .stopped] | map(
			.ipis_owed <= \$n * .changed + .ipis_resent) | @csv")" \
		true,true \
		"$name: owed: live $(of "$name" .torture.live.ipis_owed), stopped $(of "$name" \
		.torture.stopped.ipis_owed)"
	is "$(of "$name" '.torture | [.nmis, .live.strays, .stopped.strays] | @csv')" 0,0,0 \
		"$name: no interrupt of anybody else"
	is "$(of "$name" '.torture | [.live.int3[]] | add > 0')" true "$name: INT3s were taken"
	is "$(of "$name" '[.torture.stopped.int3[]] | add')" 0 \
		"$name: none while the world was stopped"
	is "$(grep -c '^parapatch torture way=' "$work/$name.log")" 2 \
		"$name: a line a way for machines"
}
