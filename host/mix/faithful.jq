# SPDX-License-Identifier: GPL-2.0-only
# faithful.jq: a report's kernel paths beside mixes of the same rows; faithful.sh has the rest.
#
# $mix_of: of each path the mix that is of its row of 2006; $kernels: of the architecture, with
# the reports' name of it; the input is {report, mixes}.

# What a kernel without paravirt ops is recorded by, and an op of ours.
def op_name: {CLI: "irq_disable", STI: "irq_enable", PUSHF: "save_fl", POPF: "restore_fl",
	WRITE_CR3: "write_cr3"}[.] // .;
# Instructions that no site of a kernel stands for, and the op that is an op within another.
def is_op: test("^[A-Z]") | not;

def round2: (. * 100 | round) as $n | "\($n / 100 | floor).\($n % 100 | tostring |
	if length == 1 then "0" + . else . end)";

.report as $report | .mixes as $mixes
| def unit($mix; $kernel):
	$mixes[] | select(.mix == $mix and .taken_as == $kernel) | .units as $n
	| .ops | with_entries(.key |= op_name | .value /= $n)
	| with_entries(select((.key | is_op) and .value >= 0.5));
[ "| path | op | here |" + ([$kernels[] | " \(.) | ratio |"] | add),
  "|---|---|---|" + ([$kernels[] | "---|---|"] | add),
  ($report.paths[] | (.op | ltrimstr("path:")) as $path | .ops as $here
	| $mix_of[$path] as $mix | select($mix)
	| [$kernels[] | unit($mix; .)] as $linux
	| (([$here, $linux[]] | map(keys) | add | unique)[]) as $op
	| "| `\($path)` | \($op) | \($here[$op] // 0) |" + ([$linux[]
		| if .[$op] then " \(.[$op] | round2) | \(($here[$op] // 0) / .[$op] | round2) |"
		  else " - | - |" end] | add))
] | .[]
