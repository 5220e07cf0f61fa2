# SPDX-License-Identifier: GPL-2.0-only
# ship.jq: a record (parapatch-record/1), which is as its schema says, becomes a mix
# (parapatch-mix/1): its text; or "refused: " and the place.
#
# Arguments: known, names of ops; kernel, row, unit, least (units), said (the row's line),
# command (how it was started), taken (lines).
include "mix";

def refuse($what): error("refused: " + $what);
def need(good; $what): if good then . else refuse($what) end;

# The columns of units are of one length, and no sum is above its total.
def columns_fit:
	. as $r | reduce (.total | keys_unsorted[]) as $group (.;
		need(($r.total[$group] | keys) == ($r.units[$group] | keys);
			"units.\($group): other names than in total")
		| reduce ($r.units[$group] | to_entries[]) as {key: $name, value: $of} (.;
			need(($of | length) == $r.unit_count; "units.\($group).\($name): \(
				$of | length) of \($r.unit_count) units")
			| need(($of | total) <= $r.total[$group][$name];
				"units.\($group).\($name): they sum to \($of | total
				), and total has \($r.total[$group][$name])")));

# What the whole region has and no unit: what follows the last one.
def behind($group; $name): .total[$group][$name] - (.units[$group][$name] | total);

# A loop ends there: some instructions of user code, and nothing else.
def little_follows:
	. as $r | reduce (.total | keys_unsorted[] | select(test("user") | not)) as $group (.;
		reduce ($r.total[$group] | keys_unsorted[] | select(test("user") | not)) as $name
			(.; need(($r | behind($group; $name)) == 0; "total.\($group).\($name): \(
				$r | behind($group; $name)) follow the last unit")));

# The gap that leads to "end" shall end with the last unit.
def cut($behind):
	map(if .to != "end" then . else
		.sum -= $behind | .user -= $behind | .longest = .sum
		| .buckets = [range(.sum | bucket) | 0] + [1]
	end);

def is_row($kernel; $row; $least; $said):
	($said | capture("^(?<kernel>[^ ]+) row (?<row>[^ ]+) units (?<units>[0-9]+) ok( |$)")
		// refuse("its line says no units: \($said)")) as $line
	| need($line.kernel == $kernel and $line.row == $row;
		"its line is of \($line.kernel) \($line.row)")
	| need(.mix == $row; "mix: \(.mix) was recorded, and not \($row)")
	| need(.command | any(endswith("/\($kernel)/vmlinuz")); "command: it boots another kernel")
	| need(.unit_count == ($line.units | tonumber);
		"unit_count: \(.unit_count), and the row did \($line.units)")
	| need(.unit_count >= $least; "unit_count: \(.unit_count), and the row has \($least)")
	| need(.unlisted == [];
		"unlisted: something came to \(.unlisted[0].at), which no entry explains");

# Of each the distance from the middle, in thousandths of it.
def distances: middle as $m | map(($m - .) * 1000 / $m | fabs);
def within: if length < 2 then null else distances | max | ceil end;

def spread:
	.units as $u
	| ([$u.instructions.kernel, $u.instructions.user] | transpose | map(add)) as $instructions
	| ([$u.ops[]] | if . == [] then [$instructions[] | 0] else transpose | map(add) end) as $ops
	| ($instructions | to_entries | .[1:]) as $later
	| [$later[] | select($u.events.interrupts[.key] == 0).value] as $quiet
	| {
		instructions: ($instructions | [min, middle, max]),
		ops: ($ops | [min, middle, max]),
		from_second_within_permille: ($later | map(.value) | within),
		near: ($later | map(.value) | distances | map(select(. <= 20)) | length),
		quiet: ($quiet | length), quiet_within_permille: ($quiet | within)
	} | with_entries(select(.value != null));

def taken($taken; $command; $said):
	[$taken | split("\n")[] | select(. != "") | capture("^(?<key>[^ ]+) (?<value>.*)$")] as $of
	| def of($key): $of[] | select(.key == $key).value;
	def option($name): .command as $c | $c[($c | index($name)) + 1];
	{
		kernel_package: of("kernel"), emulator: .emulator, cpu: option("-cpu"),
		kernel_options: option("-append"), command: ($command | sub("[ \n]*$"; "")),
		recorder: .format, row_compiler: of("row-compiler"),
		packages: [of("package") | capture("^(?<key>[^ ]+) (?<value>.*)$")] | from_entries,
		said: $said
	};

def proc($said):
	[$said | scan(" (ctxt|processes|intr|pgfault) ([0-9]+) ([0-9]+)")
		| {key: .[0], value: ((.[2] | tonumber) - (.[1] | tonumber))}] | from_entries
	| select(. != {}) | {switches: .ctxt, processes, interrupts: .intr, faults: .pgfault};

def mix($kernel; $row; $unit; $least; $said; $command; $taken):
	is_row($kernel; $row; $least; $said) | columns_fit | little_follows
	| . as $r | behind("instructions"; "user") as $behind
	| (reduce .sites[] as $s ({}; .[$s.op] += [$s.count])) as $sites
	| .units | map_values(map_values(total))
	| {
		format: "parapatch-mix/1", mix: $row, kernel: $kernel, unit: $unit,
		units: $r.unit_count,
		taken: ($r | taken($taken; $command; $said)),
		instructions, repeats, events, proc: (proc($said) // null), spread: ($r | spread),
		entries, watches, opcodes_kernel, opcodes_user, ops,
		sites_n: ($sites | map_values(length)),
		sites: ($sites | map_values(sort | reverse | .[:64])),
		pairs: ($r.gaps | cut($behind))
	} | if .proc then . else del(.proc) end;

# One line for each thing that may differ.
def text:
	def list(lines; $open; $close): if length == 0 then $open + $close
		else $open + "\n  " + ([lines] | join(",\n  ")) + $close end;
	def names: list(to_entries[] | "\(.key | tojson): \(.value | tojson)"; "{"; "}");
	"{\n " + ([to_entries[] | "\(.key | tojson): " + (.key as $key | .value
		| if $key == "pairs" then list(.[] | tojson; "["; "]")
		elif $key == "taken" or $key == "ops" or $key == "sites" then names
		else tojson end)] | join(",\n ")) + "\n}";

try (
	mix($kernel; $row; $unit; $least; $said; $command; $taken)
	| (first(faults($known)) | refuse(.)), text
) catch .
