# SPDX-License-Identifier: GPL-2.0-only
# exact.awk: the counts of every run against the table, and each other's.
#
# awk -v ops=O -v layouts=L -v states=S -f host/exact.awk TABLE
#	arch=A source=S ticks=T LOG...
#
# TABLE is host/test/exact.tbl, which says what a row is.  A LOG is what came
# over serial, without CRs; before it stand the architecture, whose count it is
# (a column's head), and the TSC ticks of an instruction there.  ops, layouts
# and states are names between blanks; -v derive=1 prints the table's
# derivations too.
#
# A row stands for all "cell" lines of its op, backend, convention and mode,
# whatever their layout and state: their *_ticks are of the op alone, but in cold
# states, where the filler's are taken off here.  Those in
# ops must come in every layout and every state, the others dense and warm.
# Refused are: a count other than the table's, one that is no whole number or
# is not the same in every batch, a cell without a row, a row without one of
# its cells, a derivation that does not sum up to its row.  Twins and chains
# are compared with the row of their op.  A line of role empty counts what lies
# between copies; it has no row (host/test/exact.t has the rule for it).
#
# Exit status: 0 all agree; 1 a difference, each on a line of its own.

function problem(text)
{
	problems[++n_problems] = text
}

# instructions(WORDS): "(9 push call cli ret 9 pop) + load" is 22, "0 nop" is 0;
# -1: unclear
function instructions(words,    token, n, i, times, sum)
{
	if (words ~ /[0-9] *[(+)]/ || words ~ /[0-9] *$/)
		return -1
	gsub(/[()+]/, " ", words)
	n = split(words, token)
	times = 1
	for (i = 1; i <= n; i++) {
		if (token[i] ~ /^[0-9]+$/) {
			times = token[i]
			continue
		}
		sum += times
		times = 1
	}
	return sum
}

function take_row(    key, words)
{
	key = $1 " " $2 " " $3 " " $4 " " $5
	words = $0
	sub(/^[^=]*= */, "", words)
	if (NF < 8 || $7 != "=" || $6 !~ /^[0-9]+$/) {
		problem(FILENAME " line " FNR ": not arch op backend convention" \
			" mode instructions = words")
		return
	}
	if (key in want)
		problem(FILENAME " line " FNR ": a second row for " key)
	else
		row[++n_rows] = key
	want[key] = $6
	why[key] = words
	if (instructions(words) != $6)
		problem(FILENAME " line " FNR ": " $6 " is not what its words" \
			" sum up to")
}

function split_fields(    i, eq)
{
	split("", v)
	v["role"] = "cell"
	for (i = 2; i <= NF; i++) {
		eq = index($i, "=")
		v[substr($i, 1, eq - 1)] = substr($i, eq + 1)
	}
}

# What a line counts: a whole number, or a word that is none
function count(    n)
{
	if (v["status"] != "ok")
		return "refused"
	if (v["median_ticks"] !~ /^-?[0-9]+(\.[0-9]+)?$/)
		return "nothing"
	if (v["min_ticks"] != v["max_ticks"])
		return v["min_ticks"] / ticks ".." v["max_ticks"] / ticks
	if (v["min_ticks"] != v["median_ticks"])
		return "a median off min and max"
	n = v["median_ticks"] / ticks
	return n == int(n) ? int(n) : sprintf("%.3f", n)
}

# Which line, in words, for a difference
function line_name(key,    name)
{
	name = key
	if ("layout" in v)
		name = name " layout " v["layout"]
	if ("state" in v)
		name = name " state " v["state"]
	if (v["role"] != "cell")
		name = name " role " v["role"]
	return name
}

# In a cold state the filler is not taken off by the application: it is here, by
# the line of role empty that follows in the same group.
function waits_for_filler()
{
	return (v["role"] == "cell" || v["role"] == "twin") \
		&& v["layout"] != "dense" && v["state"] ~ /^cold/
}

function take_filler(    n, i, k)
{
	others["empty"]++
	n = count()
	for (i = 1; i <= n_waiting; i++) {
		k = waiting[i]
		if (!(k in wait_group) || wait_group[k] != arch " " source " " v["group"])
			continue
		if (n !~ /^[0-9]+$/ || wait_count[k] !~ /^[0-9]+$/)
			compare(wait_key[k], wait_name[k], wait_count[k] " less " n)
		else
			compare(wait_key[k], wait_name[k], wait_count[k] - n)
		delete wait_group[k]
	}
}

function compare(key, name, n)
{
	if (n "" != want[key] "")
		problem(name ": " source " counts " n ", the table " want[key])
	if (!((source, key) in got))
		got[source, key] = n
	else if (got[source, key] "" != n "")
		got[source, key] = "differs"
}

function take_cell(    key, n)
{
	split_fields()
	key = arch " " v["op"] " " v["backend"] " " v["convention"] " " v["mode"]
	if (v["role"] == "empty") {
		take_filler()
		return
	}
	n = count()
	if (!(key in want)) {
		problem(line_name(key) ": " source " counts " n \
			", and there is no such row in the table")
		return
	}
	n_lines++
	if (v["role"] == "cell")
		came[source, key, v["layout"], v["state"]] = 1
	if (!waits_for_filler()) {
		compare(key, line_name(key), n)
		return
	}
	waiting[++n_waiting] = n_waiting
	wait_key[n_waiting] = key
	wait_name[n_waiting] = line_name(key)
	wait_count[n_waiting] = n
	wait_group[n_waiting] = arch " " source " " v["group"]
}

# The sources in the order they came in, those of each architecture too.
function take_log()
{
	if (ticks !~ /^[0-9]+$/ || ticks < 1) {
		problem(arch " " source ": ticks of an instruction: '" ticks "'")
		ticks = 1
	}
	if (!(source in is_source)) {
		is_source[source] = 1
		head[++n_sources] = source
	}
	has_log[arch, source] = 1
	has_arch[arch] = 1
}

FNR == 1		{ n_file++ }
n_file == 1		{ if (NF && $1 !~ /^#/) take_row(); next }
FNR == 1		{ take_log() }
/^cell /		{ take_cell() }

# The rows of architectures that have a log; the columns that some log fills.
function print_rows(    i, s, part, n)
{
	printf "%-6s %-18s %-8s %-10s %-8s %6s", "arch", "op", "backend",
		"convention", "mode", "table"
	for (s = 1; s <= n_sources; s++)
		printf " %6s", head[s]
	printf "\n"
	for (i = 1; i <= n_rows; i++) {
		split(row[i], part)
		if (!(part[1] in has_arch))
			continue
		n++
		printf "%-6s %-18s %-8s %-10s %-8s %6s", part[1], part[2],
			part[3], part[4], part[5], want[row[i]]
		for (s = 1; s <= n_sources; s++)
			printf " %6s", column(part[1], head[s], row[i])
		printf "%s\n", derive ? "  = " why[row[i]] : ""
	}
	return n
}

# One row's count by one source; "-" where that was not run
function column(a, s, key)
{
	if (!((a, s) in has_log))
		return "-"
	miss_cells(s, key)
	return (s, key) in got ? got[s, key] : "none"
}

# Is op one of ops?
function is_op(op)
{
	return index(" " ops " ", " " op " ")
}

# Says which cells of a row a source lacks.
function miss_cells(s, key,    part, layout, state, l, t, nl, nt)
{
	split(key, part)
	nl = split(is_op(part[2]) ? layouts : "dense", layout)
	nt = split(is_op(part[2]) ? states : "warm", state)
	for (l = 1; l <= nl; l++)
		for (t = 1; t <= nt; t++)
			if (!((s, key, layout[l], state[t]) in came))
				problem(key " layout " layout[l] " state " state[t] \
					": in the table, and no cell of " s)
}

function print_others(    r, text)
{
	for (r in others)
		text = text (text ? ", " : "") others[r] " of role " r
	if (text)
		print "lines of filler alone, which have no row: " text
}

function all_equal(    s, text)
{
	for (s = 1; s <= n_sources; s++)
		if (head[s] != "again")
			text = text head[s] " = "
	return text "table"
}

END {
	cells = print_rows()
	print_others()
	for (i in wait_group)
		problem(wait_name[i] ": no line of role empty says what its filler counts")
	for (i = 1; i <= n_problems; i++)
		print "difference: " problems[i]
	if (!cells || n_problems) {
		printf "exact: %d differences in %d cells\n", n_problems, cells
		exit 1
	}
	if ("again" in is_source)
		print "two QEMU runs, same counts"
	printf "exact: %d cells, %d cell lines, %s\n", cells, n_lines, all_equal()
}
