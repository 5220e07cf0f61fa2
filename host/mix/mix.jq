# SPDX-License-Identifier: GPL-2.0-only
# mix.jq: what holds in a mix that is shipped (docs/mixes.md), beside what its schema says.

def total: add // 0;
def middle: sort | .[(length - 1) / 2 | floor];

# A gap's place in a list of buckets, and the shortest gap of a place.
def bucket: if . == 0 then 0 else 1 + (. / 2 | floor | bucket) end;
def shortest: if . == 0 then 0 else pow(2; . - 1) end;

def differ($where; $stated; $counted):
	select($stated != $counted) | "\($where): \($stated) is stated, and it is \($counted)";

# Of pairs: the counts of those that begin, or end, with each op.
def by($side): reduce .[] as $p ({}; .[$p[$side]] += $p.count);

def faults_of_names($known):
	(.ops | keys_unsorted[] | [., "ops.\(.)"]),
	(.pairs | to_entries[] | [.value.from, "pairs[\(.key)].from"],
		[.value.to, "pairs[\(.key)].to"] | select(.[0] != "begin" and .[0] != "end"))
	| . as [$name, $where] | select($known | index($name) | not)
	| "\($where): no op is known as \($name)";

def faults_of_pair:
	.value as $p | "pairs[\(.key)], \($p.from) to \($p.to)" as $where
	| differ($where + ", count"; $p.count; $p.buckets | total),
	differ($where + ", buckets"; $p.buckets | length; 1 + ($p.longest | bucket)),
	(select($p.longest > $p.sum or $p.user > $p.sum)
		| "\($where): a part of its sum is more than its sum of \($p.sum)"),
	("\($where), sum: \($p.sum) is stated, its buckets have" as $stated
		| ([$p.buckets | to_entries[] | .value * (.key | shortest)] | total
			| select(. > $p.sum) | "\($stated) \(.) at least"),
		([$p.buckets | to_entries[] | .value * ((.key + 1 | shortest) - 1)] | total
			| select(. < $p.sum) | "\($stated) \(.) at most"));

def faults_of_pairs:
	. as $m | ($m.pairs | by("from")) as $out | ($m.pairs | by("to")) as $in
	| ($m.pairs | to_entries[] | faults_of_pair),
	($m.pairs | group_by([.from, .to])[] | select(length > 1)
		| "pairs: \(.[0].from) to \(.[0].to) comes twice"),
	differ("pairs from begin"; $out.begin // 0; 1),
	differ("pairs to end"; $in.end // 0; 1),
	("begin" | select($in[.]) | "pairs: one leads to begin"),
	("end" | select($out[.]) | "pairs: one comes from end"),
	($m.ops | to_entries[]
		| differ("pairs from \(.key)"; $out[.key] // 0; .value),
		differ("pairs to \(.key)"; $in[.key] // 0; .value)),
	($out + $in | keys_unsorted[] | select(. != "begin" and . != "end" and ($m.ops[.] | not))
		| "pairs: of \(.), which ops has not"),
	differ("pairs, all counts"; [$m.pairs[].count] | total; ([$m.ops[]] | total) + 1);

def faults_of_sites:
	. as $m | (.sites | to_entries[] | .key as $op | .value as $n | "sites.\($op)" as $where
		| (select($m.ops[$op] | not) | "\($where): ops has it not"),
		(select($n != ($n | sort | reverse)) | "\($where): not the highest first"),
		differ($where + ", how many"; $n | length; [$m.sites_n[$op], 64] | min),
		($n | total | select(. > $m.ops[$op] or $m.sites_n[$op] <= 64 and . < $m.ops[$op])
			| "\($where): they are \(.), and ops.\($op) is \($m.ops[$op])")),
	((.sites_n | keys) - (.sites | keys) | .[] | "sites_n.\(.): sites has it not");

def faults_of_sums:
	.instructions as $i
	| differ("instructions"; $i.kernel + $i.user;
		([.ops[]] | total) + $i.site_rest + ([.pairs[].sum] | total)),
	differ("instructions.user"; $i.user; [.pairs[].user] | total),
	differ("entries"; [.entries[]] | total; .events | .interrupts + .faults + .calls),
	(.opcodes_kernel as $all | .ops | to_entries[] | select(.key | test("^[A-Z]"))
		| select(.value > ($all[.key] // 0))
		| "ops.\(.key): \(.value) is stated, opcodes_kernel has \($all[.key] // 0)"),
	(.units as $units | {instructions: ($i.kernel + $i.user), ops: ([.ops[]] | total)} as $sum
		| .spread | {instructions, ops} | to_entries[]
		| . as {key: $k, value: [$least, $mid, $most]}
		| select($least > $mid or $mid > $most or $least * $units > $sum[$k]
			or $most * $units < $sum[$k])
		| "spread.\($k): \(.value) cannot be of \($units) units with a sum of \($sum[$k])");

# From 6.5 on a page fault that is tried again is not counted by the kernel until it is done
# (Linux, mm_account_fault() of mm/memory.c); handle_mm_fault() is called each time.
def counts_tries: [.kernel | scan("[0-9]+") | tonumber][:2] < [6, 5];

# What the guest's kernel counted itself, from before the region to after it.  Outside of the region
# it reads /proc, which touches a page at most and may be interrupted once; a thread of the kernel
# may run then.
def faults_of_proc:
	(select(.mix != "boot" and (.proc | not)) | "proc: not there: the row said no counts"),
	(.watches as $w | .events as $e | ($w.handle_mm_fault // 0) as $tries
	| (if counts_tries then $tries else .entries.page_fault // 0 end) as $faults
	| .proc // empty | (.interrupts - $e.interrupts) as $outside
	| (["interrupts", .interrupts, $e.interrupts, $e.interrupts + 1],
	["switches", .switches, $w.__switch_to_asm // 0, ($w.__switch_to_asm // 0) + 3 * $outside],
	["processes", .processes, $w.kernel_clone // 0, $w.kernel_clone // 0],
	["faults", .faults, $faults, $tries + 1])
	| . as [$what, $said, $least, $most] | select($said < $least or $said > $most)
	| "proc.\($what): the kernel counted \($said), the recorder \($least)");

# All that is wrong with a mix, a line each.
def faults($known):
	faults_of_names($known), faults_of_pairs, faults_of_sites, faults_of_sums, faults_of_proc;
