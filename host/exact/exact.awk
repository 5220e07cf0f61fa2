# SPDX-License-Identifier: GPL-2.0-only
# exact.awk: the counts of a run against the table, and each other's.
#
# awk -v run=R -v ops=O -v layouts=L -v states=S -f host/exact/exact-words.awk
#	-f host/exact/exact.awk ROWS arch=A source=S ticks=T LOG...
#
# ROWS is what host/exact/exact-rows.awk makes of host/test/exact/exact.tbl, which says what a
# row is.  A LOG is what came over serial, without CRs; before it stand the
# architecture, whose count it is (a column's head), and the TSC ticks of an
# instruction there.  ops, layouts and states are names between blanks; -v show=1
# prints the rows, -v derive=1 their derivations too.
#
# A row stands for all "cell" lines of its op, convention, mode and padding in
# groups of its backend, whatever their layout and state: their *_ticks are of the
# op alone, but in cold states, where the filler's are taken off here.  Those in
# ops must come in every layout and every state, the others dense and warm, or, as ops
# that paths run, in layout work.
# Refused are: a count other than the table's, one that is no whole number or
# is not the same in every batch, another number as the line's own "instructions",
# another outcome of the sites, other bytes or
# padding instructions of them, a cell without a row, a row without one of
# its cells, a derivation that does not sum up to its row.  Twins and chains
# are compared with the row of their op.  A line of role empty counts what lies
# between copies; it has no row (host/test/deep/exact.t has the rule for it).
#
# Exit status: 0 all agree; 1 a difference, each on a line of its own.

function problem(text)
{
	problems[++n_problems] = text
}

# "again" is QEMU once more.
function emulator(s)
{
	return s == "again" ? "QEMU" : s
}

function take_row(    key, words)
{
	if ($1 == "lacks") {
		lacks[$2, $3, $4] = 1
		return
	}
	if ($1 == "unlisted") {
		unlisted[$2] = 1
		return
	}
	key = $1 " " $2 " " $3 " " $4 " " $5
	words = $0
	sub(/^[^=]*= */, "", words)
	if (NF < 12 || $7 != "=" || $6 !~ /^[0-9]+$/ || $(NF - 3) != ";") {
		problem(FILENAME " line " FNR ": not arch op backend convention" \
			" mode instructions = words ; outcome bytes nops")
		return
	}
	sub(/ *;.*/, "", words)
	if (key in want)
		problem(FILENAME " line " FNR ": a second row for " key)
	else
		row[++n_rows] = key
	want[key] = $6
	want_sites[key] = $(NF - 2) " " $(NF - 1) " " $NF
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

# The row of a line.  A native cell is in the group of every backend, and its
# backend is native; so is a chain's, which is of no backend.
function key_of_line(    part, backend)
{
	split(v["group"], part, "/")
	backend = v["role"] == "chain" ? "native" : part[2]
	return arch " " v["op"] " " backend " " v["convention"] " " v["mode"] \
		(v["padding"] == "long" ? "" : "/" v["padding"])
}

# What the line says of itself, against its row and its group.
function compare_sites(key,    part, is)
{
	split(key, part)
	if (v["backend"] != (v["mode"] == "native" ? "native" : part[3]))
		problem(line_name(key) ": " source " says backend " v["backend"])
	is = v["outcome"] " " v["site_bytes"] " " v["site_nops"]
	if (is != want_sites[key])
		problem(line_name(key) ": " source " says " is \
			", the table " want_sites[key])
}

# What the application itself says, from whose sum the filler is taken off
function compare_own(key,    n)
{
	n = "instructions" in v ? v["instructions"] : "no"
	if (v["status"] == "ok" && n "" != want[key] "")
		problem(line_name(key) ": " source " says " n " instructions, the table " want[key])
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

# Left out, as the rows say of this emulator?  Then there is nothing to compare.  (A chain is
# not its group's op: it may be counted where that is not.)
function is_left_out(key, n,    part, left_out)
{
	split(v["group"], part, "/")
	left_out = v["status"] == "left-out"
	if ((arch, emulator(source), part[1]) in lacks) {
		if (!left_out && v["role"] != "chain")
			problem(line_name(key) ": " source " counts " n \
				", and by the table it lacks that op")
		return left_out || v["role"] != "chain"
	}
	if (left_out)
		problem(line_name(key) ": " source " leaves it out, and the table has it")
	return left_out
}

# Of a path without words: what one source counts the others must, and the application itself.
function take_unlisted(key, n)
{
	n_unlisted++
	if (n !~ /^[0-9]+$/ || n "" != v["instructions"] "")
		problem(line_name(key) ": " source " counts " n ", says " v["instructions"])
	if (!(key in unlisted_count))
		unlisted_count[key] = n
	else if (unlisted_count[key] "" != n "")
		problem(line_name(key) ": " source " counts " n ", and it was " unlisted_count[key])
}

function take_cell(    key, n, part)
{
	split_fields()
	if (v["role"] == "empty") {
		take_filler()
		return
	}
	key = key_of_line()
	n = count()
	split(v["group"], part, "/")
	if ((part[1] in unlisted) && v["role"] != "chain") {
		if (v["status"] != "left-out")
			take_unlisted(key, n)
		return
	}
	if (is_left_out(key, n))
		return
	if (!(key in want)) {
		problem(line_name(key) ": " source " counts " n \
			", and there is no such row in the table")
		return
	}
	n_lines++
	compare_sites(key)
	compare_own(key)
	if (v["role"] ~ /^(cell|chain)$/)
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

function print_head(    s)
{
	printf "%-6s %-18s %-8s %-10s %-15s %6s", "arch", "op", "backend",
		"convention", "mode", "table"
	for (s = 1; s <= n_sources; s++)
		printf " %6s", head[s]
	printf "\n"
}

# The rows of architectures that have a log; the columns that some log fills.
function take_columns(    i, s, part, n, text)
{
	if (show)
		print_head()
	for (i = 1; i <= n_rows; i++) {
		split(row[i], part)
		if (!(part[1] in has_arch))
			continue
		n++
		text = sprintf("%-6s %-18s %-8s %-10s %-15s %6s", part[1], part[2],
			part[3], part[4], part[5], want[row[i]])
		for (s = 1; s <= n_sources; s++)
			text = text sprintf(" %6s", column(part[1], head[s], row[i]))
		if (show)
			print text (derive ? "  = " why[row[i]] : "")
	}
	return n
}

# One row's count by one source; "-" where that was not run, "lacks" where it has no such op
function column(a, s, key,    part)
{
	if (!((a, s) in has_log))
		return "-"
	split(key, part)
	if ((a, emulator(s), part[2]) in lacks)
		return "lacks"
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
	layout[1] = (s, key, "work", "warm") in came ? "work" : "dense"
	nl = is_op(part[2]) ? split(layouts, layout) : 1
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
		print run ": lines of filler alone, which have no row: " text
	text = ""
	for (r in unlisted)
		text = text (text ? ", " : "") r
	if (n_unlisted)
		print run ": " n_unlisted " cell lines of " text ", which the table has no words of"
}

function all_equal(    s, text)
{
	for (s = 1; s <= n_sources; s++)
		if (head[s] != "again")
			text = text head[s] " = "
	return text "table"
}

END {
	cells = take_columns()
	print_others()
	for (i in wait_group)
		problem(wait_name[i] ": no line of role empty says what its filler counts")
	for (i = 1; i <= n_problems; i++)
		print "difference: " problems[i]
	if (!cells || n_problems) {
		printf "%s: %d differences in %d cells\n", run, n_problems, cells
		exit 1
	}
	if ("again" in is_source)
		print run ": two QEMU runs, same counts"
	printf "%s: %d cells, %d cell lines, %s\n", run, cells, n_lines, all_equal()
}
