#!/bin/bash
# exits.t: which ops left the guest follows from raw ticks and the figures on record, and
# what does not is refused.  (That core's own follow: run-ops_report.)
# SPDX-License-Identifier: GPL-2.0-only
# shellcheck source=host/test/report/reads.sh
. host/test/report/reads.sh

# A Golden Cove, whose PUSHF takes 0.996 to 0.997 cycles on record; what is made up takes
# some dozens.
"$make" 3 noise 1.01 16 13 >"$work/plain.json"
readonly save='(.benchmarks[] | select(.name == "save_fl/native/native/native/dense/warm"))'
jq "$save as \$b | (\$b.cycles / \$b.median_ticks) as \$scale
	| .ops = [{workload: \"save_fl\", op: \"save_fl\", hazard: \"safe\", need: \"none\",
		where: \"any\", state: \"IF 1\", exits: \"no\",
		cycles_least: (\$b.offset_min_ticks * \$scale),
		cycles_most: (\$b.offset_max_ticks * \$scale)},
		{workload: \"iret\", hazard: \"restored\", need: \"none\", where: \"any\",
		state: \"-\", exits: \"not-judged\", left_out: \"it faulted\"}]
	| .exits = {hypervisor: \"\", no: 1, yes: 0, unknown: 0, \"not-judged\": 1,
		summary: \"-\"}
	| .record = {timed: 1, with_figure: 1, summary: \"-\", figures: [{workload: \"save_fl\",
		least: 0.996, most: 0.997, unit: \"core cycles\", judges: true,
		of: \"Golden Cove\", source: \"-\", what: \"PUSHF\"}]}" \
	"$work/plain.json" >"$work/good.json"
reads 0 "numbers stated follow" "as it is" "$work/good.json"
is "$(grep -c "is stated as" "$work/said")" 0 "nothing differs"
is "$(awk '/^op  / { on = 1; next } on && NF { $2 = ""; print }' "$work/said" | head -n 2 |
	paste -sd,)" "save_fl  1.0-1.0 no,iret  - not-judged: it faulted" \
	"a line an op: its figure, and whether it exits"

wrong '.ops[0].exits = "yes"' "ops, save_fl: exits is stated as yes, the raw ticks give no" \
	"an exit without a hypervisor"
wrong '.ops[0].exits = "unknown"' "exits is stated as unknown, the raw ticks give no" \
	"not known without one"
wrong 'del(.ops[0].exits)' "exits is stated as missing" "no word"
wrong '.ops[1].exits = "no"' "ops, iret: exits is stated as no, the raw ticks give not-judged" \
	"what was not timed does not exit"
wrong '.ops[0].cycles_most += 0.1' "ops, save_fl: cycles_most is stated as" "other cycles"
wrong 'del(.ops[0].cycles_least)' "cycles_least is stated as missing" "no cycles"
wrong '.ops[1].cycles_least = 1' \
	"ops, iret: cycles_least is stated as 1.000, the raw ticks give none" \
	"cycles of what was not timed"
wrong '.exits.yes = 1' "exits: yes is stated as 1, the raw ticks give 0" "another number of exits"
wrong '.record.timed = 2' "record: timed is stated as 2" "another number of those timed"
wrong '.record.with_figure = 0' "record: with_figure is stated as 0" "another number of figures"

readonly third='(.groups[], .benchmarks[]) |= (.cpu = 3 | .name += "@3")
	| .benchmarks[].group += "@3" | .cpus[0] |= (.cpu = 3 | .boot = false)'
asks "$third"
reads 0 "numbers stated follow" "of another CPU than the boot CPU"
wrong "$third | .ops[0].exits = \"yes\"" "exits is stated as yes, the raw ticks give no" \
	"an exit there"

# Two CPUs: what the second has is not the first's.  twice FILTER: applied to the second's
twice()
{
	printf '%s' ".groups += [.groups[] | .cpu = 3 | .name += \"@3\"]
		| .benchmarks += [.benchmarks[] | .group += \"@3\" | .name += \"@3\"
			| .run_name += \"@3\" | $1]
		| .cpus += [.cpus[0] | .cpu = 3 | .apic_id = 3 | .boot = false]
		| if .regime then .regime += [.regime[] | .cpu = 3] else . end"
}
readonly second='(.benchmarks[] | select(.name == "save_fl/native/native/native/dense/warm@3"))'
asks "$(twice .)"
"$tool" "$work/asked.json" >"$work/said" 2>&1
is "$(grep -c "numbers stated follow" "$work/said") $(grep -c "ops, save_fl" "$work/said")" "1 0" \
	"of two CPUs alike nothing differs"
asks "$(twice .) | $second |= (.ticks_n |= map(map(. * 3)) | .ticks_2n |= map(map(. * 3)))"
"$tool" "$work/asked.json" >"$work/said" 2>&1
is "$(grep -c "numbers stated follow" "$work/said") $(grep -c "ops, save_fl" "$work/said")" "1 0" \
	"a second one that is slower says nothing of an op"
asks "$(twice .) | (.benchmarks[] | select(.group == \"save_fl/native/dense/warm\")) |=
	(.error_occurred = true | .error_message = \"-\")"
"$tool" "$work/asked.json" >"$work/said" 2>&1
has "$work/said" "ops, save_fl: exits is stated as no, the raw ticks give not-judged" \
	"nor does it stand in for a first one that was not timed"

# The figures.
wrong '.record.figures[0].most = 900' \
	"ops, save_fl: figure is stated as 0.996 to 900.000, the raw ticks give 0.996 to 0.997" \
	"another figure"
wrong '.record.figures[0].unit = "TSC ticks"' "ops, save_fl: figure is stated" "another unit"
wrong '.record.figures[0].judges = false' "ops, save_fl: figure is stated" "one that judges nothing"
wrong '.record.figures[0].of = "Haswell"' "ops, save_fl: figure is stated" "another CPU's"
wrong '.context.cpu.model = 1' "the raw ticks give none for this CPU" \
	"a CPU of which none is on record"
wrong '.record.figures += [.record.figures[0] | .workload = "write_cr4"]' \
	"ops, write_cr4: figure is stated" "one that is not on record"

readonly kvm64='.context.cpu.name = "Common KVM processor"'
wrong "$kvm64" "ops, save_fl: figure is stated as 0.996 to 0.997, the raw ticks give none for this CPU" \
	"of a CPU that was never made none is on record"
asks "$kvm64 | .context.cpu.hypervisor = \"KVMKVMKVM\" | .exits.hypervisor = \"KVMKVMKVM\"
	| .record.figures = [] | .record.with_figure = 0"
reads 0 "numbers stated follow" "nor stated: a guest"
wrong "$kvm64 | .record.figures = [] | .record.with_figure = 0" \
	"exits: hidden is stated as missing, the raw ticks give the CPU's name" \
	"its name tells of a hypervisor that hides"

# As slow as an exit, and no hypervisor is announced.  slower N: all raw ticks times that
slower() { printf '%s' "$save |= (.ticks_n |= map(map(. * $1)) | .ticks_2n |= map(map(. * $1)))"; }
wrong "$(slower 100)" "exits is stated as no, the raw ticks give unknown" "one that hides"
wrong "$(slower 100) | .ops[0].exits = \"unknown\" | .exits.no = 0 | .exits.unknown = 1" \
	"exits: hidden is stated as missing, the raw ticks give save_fl" "it is not told"
has "$work/said" "no hypervisor is announced, yet save_fl tells of one" "the tool does"
wrong '.exits.hidden = "save_fl"' "exits: hidden is stated as save_fl, the raw ticks give none" \
	"none hides"
asks "$(slower 2)"
reads 1 "cycles_most is stated as" "twice as slow is no exit"
is "$(grep -c "hidden is stated" "$work/said")" 0 "and nothing hides"

# In a guest, as slow as it takes.
readonly guest='.context.cpu.hypervisor = "KVMKVMKVM" | .exits.hypervisor = "KVMKVMKVM"'
scaled() { printf '%s' "$guest | $(slower "$1")"; }
asks "$guest"
reads 0 "numbers stated follow" "a guest, as quick as on bare metal"
wrong "$guest | .ops[0].exits = \"yes\"" "exits is stated as yes, the raw ticks give no" \
	"it does not exit"
readonly bare=".record.figures = [] | .record.with_figure = 0"
asks "$guest | $bare"
reads 0 "numbers stated follow" "without a figure: too quick for an exit"
wrong "$(scaled 100) | $bare" "exits is stated as no, the raw ticks give unknown" \
	"without a figure, and slow: not known"
wrong "$(scaled 100)" "exits is stated as no, the raw ticks give yes" "it exits"
wrong "$guest | .context.cpu.emulator = \"QEMU\" | .context.cpu.emulator_sign = \"-\"" \
	"exits is stated as no, the raw ticks give not-judged" "an emulator has no guest"
finish
