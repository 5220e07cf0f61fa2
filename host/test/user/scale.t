#!/bin/bash
# scale.t: patching at scale in ring 3: what it says, and what it does not take.  Its times,
# and booted: host/test/deep/scale.t.
# SPDX-License-Identifier: GPL-2.0-only
. host/test/lib/boot.sh

status=0
out/scale-host -o "$work/scale.json" -r 3 -s 7 1000 >"$work/scale.out" 2>&1 || status=$?
is "$status" 0 "a size, three rounds"
is "$(jq -c '[.scale[] | [.sites, .classes, .ways[0].ticks.n]]' "$work/scale.json")" \
	'[[1000,4,3]]' \
	"the size, of four classes, in three rounds"
is "$(jq -r '[.scale[0].ways[].way] - ["each_serialize"] | join(" ")' "$work/scale.json")" \
	"memcpy words once each_iret each_cpuid apply direct single restore" "the ways"

# refused ARGUMENTS TEXT
refused()
{
	local said got=0
	# shellcheck disable=SC2086 # words
	said=$(out/scale-host $1 2>&1 >/dev/null) || got=$?
	is "$got $said" "2 scale-host: $2" "refused: scale-host $1"
}
refused 999 'SITES: "999" is not a number from 1000 to 10000000'
refused 10000001 'SITES: "10000001" is not a number from 1000 to 10000000'
refused 1e6 'SITES: "1e6" is not a number from 1000 to 10000000'
refused '' 'SITES: none is given; scale-host -h lists what can be'
refused '-r 2 1000' '-r: "2" is not a number from 3 to 51'
refused '-o /nowhere/x 1000' '/nowhere/x: the report cannot be written: No such file or directory'
finish
