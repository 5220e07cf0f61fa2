#!/bin/bash
# report.t: the report tool on made-up reports of many shapes, and how often the truth lies
# in its intervals.
# SPDX-License-Identifier: GPL-2.0-only

. host/test/report/report.sh

# Few offsets, many batches, one batch.
shapes "1 1" "1 5" "1 6" "2 3" "5 13" "6 1" "16 1" "1 64" "3 200" "16 64"

# How often the truth lies in the intervals.  100 reports of 6 comparisons: three
# share a native cell, so a fraction of .95 is known to about .015.

# cover KIND OFFSETS BATCHES: fraction by bootstrap, by order statistics; times 1000
cover()
{
	local seed
	for ((seed = 1; seed <= 100; seed++)); do
		"$make" $seed "$1" 1.05 "$2" "$3" >"$work/cover.json"
		"$fast" --csv "$work/cover.json" || echo "failed"
	done >"$work/said" 2>&1
	awk -F, '
	/^failed/ { failed = 1 }
	/A\/A twin|ccall/ {
		truth = /indirect/ ? 1.05 : 1
		n++
		boot += $11 <= truth && truth <= $12
		order += $13 <= truth && truth <= $14
	}
	END {
		if (failed || n != 600)
			print 0, 0
		else
			print int(1000 * boot / n), int(1000 * order / n)
	}' "$work/said"
}

read -r boot order <<<"$(cover offsets 16 13)"
echo "# offsets shift each cell: $boot of 1000 by bootstrap, $order by order statistics"
[[ $boot -ge 930 && $boot -le 980 ]]
verdict $? "offsets that shift every cell: about 95% of bootstrap intervals hold the truth"
[[ $order -ge 950 && $order -lt 999 ]]
verdict $? "and 95% or more of those by order statistics"

# Two stages resample the batches' noise twice where offsets add little to it: the
# interval is then wider than it need be, never narrower.
read -r boot order <<<"$(cover noise 16 13)"
echo "# noise of batches: $boot of 1000 by bootstrap, $order by order statistics"
[[ $boot -ge 950 && $order -ge 950 ]]
verdict $? "noise of batches: 95% or more hold the truth"

# Few offsets: the bootstrap's interval is known to be narrow (estimate.h).
read -r boot order <<<"$(cover offsets 6 40)"
echo "# six offsets: $boot of 1000 by bootstrap, $order by order statistics"
[[ $boot -ge 890 && $order -ge 950 ]]
verdict $? "six offsets: 95% of those by order statistics, about 90% by bootstrap"

echo "1..$count"
