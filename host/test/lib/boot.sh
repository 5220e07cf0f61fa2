# SPDX-License-Identifier: GPL-2.0-only
# boot.sh: what the boot tests share; sourced by them.  TAP, and boots.
[ "${BASH_SOURCE[0]}" != "$0" ] ||
	{ . "$(dirname "$0")/../../build/help.sh"; only_sourced "$@"; }

set -uo pipefail
image=out/parapatch.img
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
count=0 failed=0 failures=0
reported=()	# folders with reports of boots

# ok STATUS WHAT: one test, good if STATUS is 0
ok()
{
	count=$((count + 1))
	if [ "$1" = 0 ]; then
		echo "ok $count - $2"
	else
		failed=1 failures=$((failures + 1))
		echo "not ok $count - $2"
	fi
}

# is GOT WANTED WHAT
is()
{
	if [ "$1" = "$2" ]; then
		ok 0 "$3"
	else
		ok 1 "$3"
		printf '%s\n' "got $1" "wanted $2" | sed 's/^/#   /'
	fi
}

# has FILE TEXT WHAT: does a line of FILE hold TEXT?
has()
{
	if grep -qaF -- "$2" "$1"; then
		ok 0 "$3"
	else
		ok 1 "$3"
		echo "#   no line with: $2"
		tail -n 5 "$1" | tr -d '\r' | sed 's/^/#   /'
	fi
}

# how_timed OPTIONS: --times, but where an option says how instructions are counted
how_timed() { [[ " $* " = *" --icount "* || " $* " = *" --smp "* ]] || echo --times; }

# boot NAME [run.sh options]: by the emulator's times, unless they say --icount; sets
# status; $work/NAME.log is serial, $work/NAME.out what run.sh said, $work/NAME/ the reports
boot()
{
	local name=$1
	shift
	status=0
	disk/run.sh --image "$image" --results "$work/$name" --quiet \
		--serial "$work/$name.raw" $(how_timed "$@") "$@" \
		>"$work/$name.out" 2>&1 || status=$?
	tr -d '\r' <"$work/$name.raw" >"$work/$name.log"
	[ "$status" = "${want_status:-0}" ] || sed 's/^/# /' "$work/$name.out"
	reported+=("$work/$name")
}

# of NAME FILTER: what jq finds in the report of that boot
of() { jq -r "$2" "$work/$1"/*.json; }

# valid FILE...: is each a report as the JSON Schema of its number says?
valid()
{
	local said status=0
	said=$(host/report/valid.py "$@" 2>&1) || status=1
	ok $status "as their schema says: $# report$([ $# = 1 ] || echo s)"
	[ -z "$said" ] || printf '%s\n' "$said" | head -n 5 | sed 's/^/#   /'
}

# follow FILE...: do the numbers of complete ones follow from their raw ticks?
follow()
{
	local report n=0 status=0
	for report; do
		[ "$(jq -r .status "$report")" = complete ] || continue
		n=$((n + 1))
		out/host/report "$report" >"$work/follows" 2>&1 || status=1
		[ $status = 0 ] || grep -h 'is stated as\|cannot' "$work/follows" | sed 's/^/#   /'
	done
	[ $n = 0 ] || ok $status "as their raw ticks say: $n report$([ $n = 1 ] || echo s)"
}

# What boots left, all of it at once: the schema is compiled for each call.
valid_boots()
{
	local reports=()
	[ ${#reported[@]} = 0 ] ||
		mapfile -t reports < <(find -L "${reported[@]}" -name "*.json" 2>/dev/null |
			sort -u)
	[ ${#reports[@]} -gt 0 ] || return 0
	valid "${reports[@]}"
	follow "${reports[@]}"
}

# field FILE KEY: of the one line read from standard input, key=VALUE
field() { sed -n "s/.* $1=\([^ ]*\).*/\1/p"; }

# tried AREA SITUATION OUTCOME: a row of docs/tried.md, if every test since the last
# row was good.  AREA is one of host/test/tried.sh's.  A version that may move on from day
# to day goes into SITUATION in (parentheses): those are not compared.
tried_at=0 tried_failed=0
tried_name() { local name=${0#host/test/}; echo "${name//\//-}"; }
# Those of an earlier run say nothing of this one, however it ends.
rm -f "out/tried/$(tried_name)"
tried()
{
	[ "$count" -gt "$tried_at" ] || { echo "Bail out! a row of tried.md without a test: $2"; \
		exit 1; }
	[ "$tried_failed" = "$failures" ] &&
		printf '%s\t%s\t%s\n' "$1" "$2" "$3" >>"$work/tried"
	tried_at=$count tried_failed=$failures
}

finish()
{
	valid_boots
	mkdir -p out/tried
	[ ! -e "$work/tried" ] || mv "$work/tried" "out/tried/$(tried_name)"
	echo "1..$count"
	exit $failed
}

# table_ops: the ops of the table that are workloads by themselves, by table.def
table_ops() { sed -n 's/^TABLE(\([a-z0-9_]*\),.*/\1/p' include/list/table.def | xargs; }

# mix_ops: the ops that bodies of mixes have sites of, by mix_op.def
mix_ops() { sed -n 's/^MIX_PART(\([a-z0-9_]*\),.*/\1/p' include/list/mix_op.def | xargs; }

# path_sites ARCH: "CONVENTION OP N" of the sites in blocks of kernel paths, on the way through
# a unit or not, by host/test/exact/paths.tbl
path_sites()
{
	sed -e ':join' -e '/\\$/{N;s/\\\n//;b join' -e '}' host/test/exact/paths.tbl |
		awk -v arch="$1" -v all="seed,ccall,callee,wide16,wide32" '
		$1 ~ /^(workload|sites)$/ && ($2 == arch || $2 == "both") {
			sub(/^all$/, all, $4)
			of = split($4, convention, ",")
			for (i = 6; i <= NF; i++) {
				if (!sub(/\(\)$/, "", $i) || $i ~ /^[+]/)
					continue
				sub(/^-/, "", $i)
				for (c = 1; c <= of; c++)
					n[convention[c] " " $i]++
			}
		}
		END { for (site in n) if (site !~ /^native /) print site, n[site] }'
}

# sites_by_lists LOG: "INLINE of ALL" of the application's sites, backend native: 19 of
# one copy of the workloads of workload.def, each of which its form fits, and one of each of
# table_ops, by the log's own fit lines (docs/inline-fit.md has the same); in four copies and
# five conventions; one of each of mix_ops in each convention; and path_sites
sites_by_lists()
{
	path_sites "$(sed -n 's/^parapatch build .* arch=\([a-z0-9_]*\) .*/\1/p' "$1")" |
		awk -v table=" $(table_ops) " -v mix=" $(mix_ops) " '
	FNR == NR {
		in_paths[$2, $1] = $3
		all += $3
		next
	}
	$1 == "fit" && $2 == "backend=native" {
		op = substr($3, 4)
		copies = 4 * !!index(table, " " op " ") + !!index(mix, " " op " ")
		for (i = 6; i <= NF; i++) {
			convention = substr($i, 1, index($i, "=") - 1)
			all += copies
			inline += ($i ~ /:inline$/) * (copies + in_paths[op, convention])
		}
	}
	END { print 19 * 20 + inline " of " 19 * 20 + all }' - "$1"
}

# all_patched LOG WHAT [LINES]: every site whose form fits was patched inline; by the lines
# of another boot of the image where this one has none
all_patched()
{
	is "$(tr '\n' ' ' <"$1" | tr -s ' ' |
		sed -n 's/.*paravirt-patch: \([0-9]*\) inline, .* of \([0-9]*\) sites.*/\1 of \2/p')" \
		"$(sites_by_lists "${3:-$1}")" "$2"
}
