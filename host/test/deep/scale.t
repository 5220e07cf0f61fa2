#!/bin/bash
# scale.t: patching at scale does what it says, in ring 3 and booted; no time is
# looked at but as a ratio that is far off.
# SPDX-License-Identifier: GPL-2.0-only
. host/test/lib/boot.sh

json=$work/scale.json
status=0
out/scale-host -o "$json" -r 5 -s 7 1000 50000 >"$work/scale.out" 2>&1 || status=$?
is "$status" 0 "two sizes, five rounds"
is "$(jq '[.scale[].text_open_ticks.median > 0] | all' "$json")" true "text_open() is timed too"
is "$(jq -c '[.scale[] | [.sites, (.ways | length), .classes, .ways[0].ticks.n]]' "$json")" \
	"$(printf '[[1000,%d,4,5],[50000,%d,4,5]]' \
		"$(jq '.scale[0].ways | length' "$json")" \
		"$(jq '.scale[0].ways | length' "$json")")" \
	"every way of every size, of four classes, in five rounds"
is "$(jq -r '[.scale[0].ways[].way] - ["each_serialize"] | join(" ")' "$json")" \
	"memcpy words once each_iret each_cpuid apply direct single restore" "the ways"
# On any CPU CPUID is dear, and asking for every site as well: a batch that cost as
# much would be one that does it site by site.
is "$(jq '.scale[1].ways[] | select(.way == "each_cpuid") | .of_apply.median > 3' "$json")" \
	true "a batch costs less than a CPUID at every site"
is "$(jq '.scale[1].ways[] | select(.way == "single") | .of_apply.median > 3' "$json")" \
	true "a class is decided once, not at every site"
# Ratios of the same rounds, and far from what they are (2 and 15): a batch that got
# three times dearer, or decided site by site, would not pass.
is "$(jq '.scale[1].ways[] | select(.way == "apply") | .of_memcpy.median < 6' "$json")" \
	true "a batch costs less than six times its memcpy()s"
is "$(jq '.scale[1].ways[] | select(.way == "each_iret") | .of_apply.median > 4' "$json")" \
	true "and less than a quarter of an IRET at every site"

boot scale --accel tcg --set 'scale = 5000' --set 'workloads = save_fl' \
	--set 'layouts = line' --set 'offsets = 1'
is "$status" 0 "booted: a run with 5000 sites at scale"
is "$(grep -ac '^scale sites=5000 way=' "$work/scale.log")" \
	"$(jq '.scale.ways | length' "$work"/scale/*.json)" "a line a way, as the report has them"
is "$(jq -r '[.scale.ways[].way] | index("each_mov_cr2") != null and index("each_iret") != null' \
	"$work"/scale/*.json)" true "ring 0 has MOV to CR2 too"
boot huge --accel tcg --set 'scale = 10000000' --set 'workloads = save_fl' \
	--set 'layouts = line' --set 'offsets = 1'
has "$work/huge.log" "no memory for a text of 10000000 sites" "what there is no room for is said"
is "$status" 0 "and the run is complete"
finish
