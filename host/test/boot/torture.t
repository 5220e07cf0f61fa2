#!/bin/bash
# torture.t: sites are put into other modes while another CPU runs them, live and with the
# world stopped; before that both CPUs time the plan.  Thousands of changes, ia32, more
# CPUs: host/test/deep/live.t, host/test/deep/cpus.t.
# SPDX-License-Identifier: GPL-2.0-only
. host/test/lib/boot.sh
. host/test/boot/shared.sh
. host/test/boot/tortured.sh

shared torture
tortured torture 2 400
is "$(of torture '[.cpus[] | [.cpu, .boot]] | tojson')" '[[0,true],[1,false]]' \
	"both CPUs are in the report"
is "$(of torture '[.groups | group_by(.cpu)[] | [.[0].cpu, (map(.taken | add) | add)]] | tojson')" \
	'[[0,3],[1,3]]' "each has timed the plan"
has "$work/torture.log" 'Timed on CPUs, one after the other: 0 (boot), 1' "people are told"
finish
