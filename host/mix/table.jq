# SPDX-License-Identifier: GPL-2.0-only
# table.jq: tables of mixes, as pages have them.
#
# Input: an array of mixes.  Arguments: rows, their names in order; question: null, or the table of
# 2006 (parapatch-reference/1) with $mix_of, {row there: mix}, for question 11.

def kernels: ["5.10-amd64", "6.1-amd64", "6.12-amd64", "6.1-686"];
def total: add // 0;

# 1,234 from 100 on, below with a digit behind the point if it is not whole.
def number:
	def commas: tostring | until(test("[0-9]{4}") | not;
		sub("(?<a>[0-9])(?<b>[0-9]{3})(?<c>,|$)"; "\(.a),\(.b)\(.c)"));
	if . >= 100 or . == floor then round | commas
	else . * 10 | round | "\(. / 10 | floor).\(. % 10)" end;

# Rows of cells as a table: names left, numbers right.
def table:
	[transpose[] | {wide: (map(length) | max), left: (.[0] | IN("row", "kernel"))}] as $columns
	| def pad($wide): (" " * ($wide - length)) // "";
	def cell: .[1] as $of | .[0]
		| if $of.left then . + pad($of.wide) else pad($of.wide) + . end;
	def line: "| " + ([., $columns] | transpose | map(cell) | join(" | ")) + " |";
	def rule: if .left then "-" * (.wide + 2) else "-" * (.wide + 1) + ":" end;
	(.[0] | line), "|" + ($columns | map(rule) | join("|")) + "|", (.[1:][] | line);

# What an op is, for people.
def group:
	if test("^(CLI|irq_disable)$") then "disable"
	elif test("^(STI|irq_enable)$") then "enable"
	elif test("^(PUSHF|save_fl)$") then "save"
	elif test("^(POPF|restore_fl)$") then "restore"
	elif test("spin|^(wait|kick|vcpu_is_preempted)$") then "locks"
	elif test("_(val|pte|pmd|pud|p4d|pgd|pte_at|pte_atomic|mm|mmap)$")
		or test("^(pte|pmd|pgd|ptep|lazy_mode)_") then "page tables"
	elif test("tlb|^INV|[cC][rR]3$") then "TLB"
	elif test("^(IRET|SYSRET|SYSEXIT|SWAPGS|iret|usergs_sysret64|swapgs)$") then "entry"
	elif test("^RDTSC|^sched_clock$|^steal_clock$") then "time"
	else "other" end;
def groups: ["disable", "enable", "save", "restore", "locks", "page tables", "TLB", "entry", "time",
	"other"];
def by_group: reduce (.ops | to_entries[]) as $op ({}; .[$op.key | group] += $op.value);
# As executed: before a kernel has patched itself a site of it and the opcode are two ops.
def on_the_flag: .opcodes_kernel
	| {save: .PUSHF, restore: .POPF, disable: .CLI, enable: .STI} | map_values(. // 0);

def of($row; $kernel): .[] | select(.mix == $row and .kernel == $kernel);
def of_unit($row; $kernel; value): first((of($row; $kernel) | value / .units | number), "");

def percent: if . == null then "" else (. / 10 | number) end;

# A line for each row and kernel that there is: their names and the cells of the mix.
def lines($columns; cells):
	. as $all | [["row", "kernel"] + $columns]
	+ [$rows[] as $row | [kernels[] as $kernel | $all | of($row; $kernel)] | to_entries[]
		| .key as $nth | .value
		| [if $nth == 0 then .mix else "" end, .kernel] + cells] | table;

def of_units(values): .units as $units | [values / $units | number];

def pages:
	. as $all
	| "### CLI, STI, PUSHF and POPF in the kernel", "",
	([["row"] + kernels] + [$rows[] as $row | select($all | any(.mix == $row)) | [$row]
		+ [kernels[] as $kernel | $all | of_unit($row; $kernel; [on_the_flag[]] | total)]]
		| table),
	"", "### What a unit is made of", "",
	lines(["calls", "faults", "interrupts", "switches", "instructions", "in user code",
		"REP, bytes", "ops"];
		of_units(.events.calls, .events.faults, .events.interrupts,
			.watches.__switch_to_asm // 0, .instructions.kernel, .instructions.user,
			.repeats.kernel_bytes, ([.ops[]] | total))),
	"", "### Its ops", "",
	lines(groups; by_group as $n | of_units(groups[] as $group | $n[$group] // 0)),
	"", "### How far units are apart, in instructions", "",
	lines(["units", "least", "middle", "most", "apart, %", "within 2%", "without interrupt",
		"apart, %"];
		.units as $units | .spread
		| [($units, .instructions[] | number), (.from_second_within_permille | percent),
			(.near, .quiet | number), (.quiet_within_permille | percent)]);

# Question 11: what the ops that were recorded would have cost a Pentium 4 of 3 GHz.
# A call of an op at a site of 2006, and its own instruction, in cycles; the question has sources.
def call_cycles: {save: 15, restore: 18, disable: 18, enable: 18};
def own_cycles: {save: 6, restore: 54, disable: 35, enable: 43};
def cycles($of): . as $n | [$of | to_entries[] | .value * $n[.key]] | total;
# How many instructions a cycle it may have done in the kernel.
def ipc: [0.3, 1];

# How much of a mix's unit the unit of 2006 is.  1000 lines of the load file move 5152340 bytes, as
# the 15000 lines of the region read 46239236 and write 31045862.
def part: {io: 0.5, switch: 0.5, pipe_bw: (1 / 160), unix_bw: (1 / 160), tcp_bw: (65536 / 10027008),
	tbench: (1000000 / 5152340), dbench: (1000000 / 5152340)}[.] // 1;

# Microseconds of the unit, as the question's first table has it.
def unit_us: if .unit == "s" then 1000000 elif .unit == "us" then 1
	elif .name | test("bandwidth") then 65536 else 1000000 end;
def slower($column): if .better == "more" then .normal / .[$column].value
	else .[$column].value / .normal end | (. - 1) * 100;

# $all: the mixes.  How often each op was in the unit of 2006; two if only bounds are known: of a
# kernel's compilation it is the time in the kernel, and not what was compiled.
def often($all; $kernel; $system_us):
	.name as $name | $mix_of[$name] as $mix
	| first($all | of($mix; $kernel))
	| (if $mix == "compile" then ipc[] * $system_us * 3000 / .instructions.kernel
		else ($mix | part) / .units end) as $times
	| on_the_flag | map_values(. * $times);

def question:
	. as $all | ($question.rows[0].normal * 1000000) as $system_us
	| def short: if . >= 1000000 then "\(. / 1000000 | number)M" else number end;
	def range_of(f): map(f | short) | join(" to ");
	def signed: if . >= 0 then "+" + number else "-" + (-. | number) end;
	[["row", "ops", "save", "restore", "disable", "enable", "own, %", "calls, %",
		"686, %", "2006, %", "patched, %", "cycles"]]
	+ [$question.rows[] | select(.unit) | .name |= sub("^Lmbench "; "")
		| (.normal as $n | unit_us as $size | if .better == "more" then $size / $n
			else $n * $size end | . * 3000) as $cycles
		| [often($all; "5.10-amd64"; $system_us)] as $n
		| [often($all; "6.1-686"; $system_us)] as $n686
		| [.name]
		+ ($n | [(range_of([.[]] | total) | if . == "" then "open" else . end),
			range_of(.save), range_of(.restore), range_of(.disable), range_of(.enable),
			range_of(cycles(own_cycles) / $cycles * 100),
			range_of(cycles(call_cycles) / $cycles * 100)])
		+ [$n686 | range_of(cycles(call_cycles) / $cycles * 100)]
		+ [slower("paravirt", "patched") | signed]
		+ [slower("paravirt") - slower("patched") | . as $back | if . > 0 then $n
			| range_of($back / 100 * $cycles / ([.[]] | total)) else "" end]]
	| table;

if $question then question else pages end
