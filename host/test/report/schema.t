#!/bin/bash
# schema.t: reports are as their JSON Schema says (host/report/schema/), what is not is
# refused, and the schemas' words are the tree's lists.
# SPDX-License-Identifier: GPL-2.0-only
# shellcheck source=host/test/lib/boot.sh
. host/test/lib/boot.sh
export LC_ALL=C
readonly schemas=host/report/schema newest=host/report/schema/parapatch-report-3.json

# The files themselves.  A keyword that no validator knows would be passed over.
readonly parts='def parts: ., (((.properties, .definitions | objects)[] | objects),
	(.items, .additionalProperties, .propertyNames, .if, .then, .else, .not | objects),
	(.anyOf | arrays)[] | parts);'
for schema in "$schemas"/*.json; do
	name=${schema##*/}
	is "$(jq -r "$parts"' [parts | keys[]] | unique - ["$comment", "$id", "$ref", "$schema",
		"additionalProperties", "anyOf", "const", "definitions", "dependencies", "else",
		"enum", "if", "items", "maxItems", "maxLength", "maximum", "minItems", "minimum",
		"not", "pattern", "properties", "propertyNames", "required", "then", "title",
		"type", "uniqueItems"] | join(" ")' "$schema")" "" \
		"$name: its keywords are draft 7's"
	is "$(jq -r "$parts"'
		[parts | select(.type == "object" and .properties) | .additionalProperties]
		| unique | map(type) - ["boolean", "object"] | join(" ")' "$schema")" "" \
		"$name: every object says what else may be in it"
	is "$(jq -r "$parts"' (.definitions | keys | map("#/definitions/" + .)) as $there
		| ([parts | .["$ref"] // empty] | unique) as $asked
		| ($asked - $there) + ($there - $asked) | join(" ")' "$schema")" "" \
		"$name: what is referred to is defined, and the other way round"
	is "$(jq -r "$parts"' [parts | select(.type == "object" and .required and .properties)
		| .required - (.properties | keys) | .[]] | join(" ")' "$schema")" "" \
		"$name: what is required has a type"
	is "$(jq -r "$parts"' . as $all | [parts | select(.required and .propertyNames["$ref"])
		| (.propertyNames["$ref"] | sub(".*/"; "")) as $of
		| $all.definitions[$of].enum as $words
		| ($words - .required) + (.required - $words) | .[]]
		| unique - ["stopped", "dangerous", "mixes"]
		| join(" ")' "$schema")" "" "$name: where all words of a list are required, all are"
	is "$(jq -r '.["$id"]' "$schema")" "$name" "$name: its name is its own"
done

# words FILE MACRO... [N]: the Nth argument (1) of a list's macros
words()
{
	perl -e 'my ($file, @macros) = @ARGV; my $n = $macros[-1] =~ /^\d$/ ? pop @macros : 1;
		my $of = join "|", @macros; open my $list, "<", $file or die "$file: $!";
		while (<$list>) {
			next unless /^(?:$of)\((.*)/; my @a = $1 =~ /\s*("[^"]*"|[^,()]+)/g;
			@a = grep { /\S/ } @a; my $w = $a[$n - 1]; $w =~ s/^\s*"?|"?\s*$//g;
			print "$w\n" }' "$@" | sort
}
is "$(jq -r '.definitions | to_entries[] | select(.value["$comment"] and (.value.enum | not)).key' \
	$newest)" "" "a comment names a list, and its words are there"
lists=0
while IFS=$'\t' read -r definition of; do
	read -r file macros <<<"$of"
	lists=$((lists + 1))
	# shellcheck disable=SC2086
	is "$(jq -r ".definitions.$definition.enum[]" $newest | sort | paste -sd' ')" \
		"$(words "${file%:}" $macros | paste -sd' ')" "$definition is ${file%:}"
done < <(jq -r '.definitions | to_entries[] | select(.value["$comment"])
	| [.key, .value["$comment"]] | @tsv' $newest)
[ "$lists" -ge 18 ]
ok $? "words of $lists lists"

# All of results/, and what it costs.
mapfile -t all < <(find results -name '*.json' | sort)
TIMEFORMAT='%U'
spent=$( { time valid "${all[@]}" >"$work/said"; } 2>&1)
grep -q '^ok' "$work/said"
ok $? "all of results/ are as their schema says: ${#all[@]}, in $spent s of CPU"
awk -v s="$spent" 'BEGIN { exit !(s <= 4) }'
ok $? "that is not much"

# What is refused.
# On a busy machine a second is too short for an interval.
for budget in 1 5 20; do
	out/bench-host -o "$work/good.json" 'workloads = save_fl' 'layouts = line' \
		'states = warm' 'batches = 20' 'offsets = 6' "budget_s = $budget" \
		'gap_us = 1000' >"$work/out" 2>&1
	! jq -e '[.benchmarks[] | .vs.difference_hi // empty] | length > 0' \
		"$work/good.json" >"$work/out" || break
done
valid "$work/good.json"
bads=()
# bad NAME FILTER WORDS: a report that jq makes of a good one; what is to be said of it
bad()
{
	jq "$2" "${of:-$work/good.json}" >"$work/bad-$1.json"
	bads+=("$1")
	printf '%s\n' "$3" >"$work/bad-$1.words"
}
cell='(.benchmarks[] | select(.vs and .role == "cell"))'
bad key '.more = 1' "must not contain {'more'}"
bad cell_key "$cell.speed = 1" "must not contain {'speed'}"
bad vs_key "$cell.vs.speed = 1" "must not contain {'speed'}"
bad group_key '.groups[0].speed = 1' "must not contain {'speed'}"
bad cpu_key '.context.cpu.serial = "1"' "must not contain {'serial'}"
bad field_key '.fields.speed = "1"' "must not contain {'speed'}"
bad no_field 'del(.fields.median_ticks)' "must contain"
bad no_seed 'del(.seed)' "must contain"
bad no_clock 'del(.clock)' "must contain"
bad no_taken 'del(.groups[0].taken)' "must contain"
bad no_verdict "del($cell.vs.verdict)" "must contain"
bad no_median "del($cell.median_ticks)" "missing dependency"
bad no_mad "del($cell.mad_ticks)" "missing dependency"
bad one_end "del($cell.vs.difference_hi)" "missing dependency"
bad no_reason 'del(.skipped.cold)' "must contain"
bad text_seed '.seed = "7"' "seed must be integer"
bad half_n "$cell.n = 1.5" "n must be integer"
bad true_n "$cell.n = true" "n must be integer"
bad less "$cell.copies_n = 0" "copies_n must be bigger than or equal to 1"
bad negative '.benchmarks[0].ticks_n[2][3] = -1' "ticks_n[2][3] must be bigger than or equal to 0"
bad text_tick '.benchmarks[0].ticks_2n[2][3] = "x"' "ticks_2n[2][3] must be integer"
bad flat_ticks '.benchmarks[0].ticks_n[1] = 7' "ticks_n[1] must be array"
bad verdict "$cell.vs.verdict = \"better\"" "vs.verdict must be one of"
bad mode "$cell.mode = \"fast\"" "mode must be one of"
bad outcome "$cell.outcome = \"flown\"" "outcome"
bad status '.status = "done"' "status must be one of"
bad dropped '.groups[0].dropped.bored = 1' "must be named by propertyName definition"
bad backend '.applied.nosuch = .applied.native' "must be named by propertyName definition"
bad date '.context.date = "yesterday"' "date must match pattern"
bad site "$cell.site = [\"ff15\"]" "site[0] must match pattern"
bad group "$cell.group = \"x\"" "group must match pattern"
bad refused "$cell |= (.error_occurred = true | .error_message = \"x\")" "must not contain"
bad running '.status = "running"' "must NOT match a disallowed definition"
bad running_cells '.status = "running" | del(.groups)' "benchmarks must contain less than"
bad counts '.clock = "instructions"' "must NOT match a disallowed definition"
bad no_step '.clock = "instructions" | del(.anchors)' "must contain"
bad step '.clock_step_ticks = 1' "must NOT match a disallowed definition"
bad number '.schema = "parapatch-report/4"' "no schema of its number"
bad no_number 'del(.schema)' "no schema of its number"
bad list '[.]' "no schema of its number"
bad no_listen 'del(.listen)' "must contain listen"
bad no_sentence '(.benchmarks[] | select(.vs) | .vs) |= (.why = "restless" | del(.why_text))' \
	"missing dependency"
bad why '(.benchmarks[] | select(.vs) | .vs) |= (.why = "bored" | .why_text = "x")' \
	"vs.why must be one of"
bad kind '.cpus[0].kind = "big"' "cpus[0].kind must be one of"
# The same by a clock that counts.
jq '.clock = "instructions" | .clock_step_ticks = 128
	| del(.anchors, .listen, .probe, .regime, .rounds)
	| .groups |= map(del(.probe_first, .probe_last, .probe_chain))
	| .benchmarks |= map(del(.vs, .cycles, .real_time, .cpu_time, .time_unit)
		| with_entries(select(.key | test("_ticks$") | not)) | .instructions = 3)' \
	"$work/good.json" >"$work/counts.json"
valid "$work/counts.json"
of=$work/counts.json
bad count_part '.benchmarks[0].instructions = 2.5' "instructions must be integer"
bad count_vs '.benchmarks[0].vs = {}' "must not contain {'vs'}"
bad count_ticks '.benchmarks[0].median_ticks = 384' "must not contain {'median_ticks'}"
bad count_anchors '.anchors = {}' "must contain anchored"
bad count_step '.clock_step_ticks = 0' "clock_step_ticks must be bigger than or equal to 1"
bad count_listen '.listen = {}' "listen"
of=results/AuthenticAMD-1a-02-1-host/0002.json
bad old_key '.benchmarks[9].speed = 1' "must not contain {'speed'}"
bad new_clock '.clock = "tsc"' "must not contain {'clock'}"
bad old_seed 'del(.seed)' "must contain"
of=results/AuthenticAMD-1a-02-1-host/scale-0001.json
bad way '.scale[0].ways[0].way = "magic"' "way must match pattern"
of=
sed 's/"status":/"status": "failed", "status":/' "$work/good.json" >"$work/bad-twice.json"
bads+=(twice)
echo '"status" comes twice' >"$work/bad-twice.words"
sed 's/"seed": *[0-9]*/"seed": NaN/' "$work/good.json" >"$work/bad-nan.json"
bads+=(nan)
echo 'NaN is not JSON' >"$work/bad-nan.words"
head -c 2000 "$work/good.json" >"$work/bad-half.json"
bads+=(half)
echo 'not JSON' >"$work/bad-half.words"

status=0
host/report/valid.py "${bads[@]/#/$work/bad-}" 2>/dev/null || status=$?
is $status 2 "a file that is not there: status 2"
host/report/valid.py "$work/good.json" $(printf "$work/bad-%s.json " "${bads[@]}") \
	>"$work/out" 2>"$work/said" || status=$?
is "$status $(wc -c <"$work/out")" "1 0" "what is wrong: status 1"
for name in "${bads[@]}"; do
	grep -F "bad-$name.json: " "$work/said" >"$work/line"
	has "$work/line" "$(cat "$work/bad-$name.words")" "refused: $name"
done
is "$(wc -l <"$work/said")" ${#bads[@]} "a line each"

host/report/valid.py --help >"$work/said"
is "$(head -n 1 "$work/said" | cut -c1-9)" "valid.py:" "--help begins with its name"
has "$work/said" "Exit status: 0" "and says its exit status"
status=0
host/report/valid.py --fast x >"$work/said" 2>&1 || status=$?
is "$status $(wc -l <"$work/said")" "2 1" "an unknown option: status 2, one line"
# Without its package: Debian's are found by the site module.
status=0
python3 -S host/report/valid.py "$work/good.json" >"$work/said" 2>&1 || status=$?
is "$status $(cat "$work/said")" \
	"2 valid.py: needs python3-fastjsonschema: apt install python3-fastjsonschema" \
	"no fastjsonschema: status 2, one line"
status=0
host/report/valid.py >"$work/said" 2>&1 || status=$?
is "$status $(wc -l <"$work/said")" "2 1" "no file: status 2, one line"
finish
