# SPDX-License-Identifier: GPL-2.0-only
# exact-rows.awk: host/test/exact/exact.tbl, put together: a row for every cell.
#
# awk -v backends=B -v conventions=C -v modes=M -v paddings=P [-v workloads=W]
#	-f host/exact/exact-words.awk -f host/exact/exact-rows.awk TABLE [MORE]
#
# TABLE is host/test/exact/exact.tbl, which says what its lines are, and what a row is
# that is printed here; MORE is host/test/exact/ops.tbl or paths.tbl, more of the same.  The
# sets are of names between blanks, as parapatch.cfg has them: whose cells are wanted; a
# backend that an architecture lacks has none there.  Without W all of TABLE's workloads are.
# With it all of MORE are, in W or not, and each of W must be in one of the two.
#
# What is done with the parts is what mode.c, text_encode.c and nop.c of core/patch do
# with a site.  No number here or in the table is one that was counted.
#
# Exit status: 0; 1 the table is not clear, and stderr says why.

function wrong(why)
{
	print FILENAME " line " FNR ": " why >"/dev/stderr"
	failed = 1
}

# ---- taking the table

# What is behind the "=" of a line.
function words_of(    words)
{
	words = $0
	if (!sub(/^[^=]*= */, "", words) || words == "")
		wrong("no words")
	gsub(/[ \t]+/, " ", words)
	sub(/ $/, "", words)
	if (instructions(words) < 0)
		wrong("words that mean two things")
	return words == "0 instructions" ? "" : words
}

# The architectures of a line, in on[].
function archs(name)
{
	if (name !~ /^(both|x86_64|ia32)$/)
		wrong("'" name "' is no architecture")
	return split(name == "both" ? "x86_64 ia32" : name, on)
}

function take(into, key)
{
	if (key in into)
		wrong("a second such line")
	into[key] = words_of()
}

# Names of a kind, in the order that they come in.
function note(kind, name)
{
	if ((kind, name) in noted)
		return
	noted[kind, name] = n_file
	names[kind] = names[kind] " " name
}

function take_backend(    i)
{
	for (i = archs($2); i; i--)
		has_backend[on[i], $3] = 1
	note("backend", $3)
}

function take_op()
{
	returns[$2] = $3
	argument[$2] = $4
}

function take_body(    i, key)
{
	for (i = archs($2); i; i--) {
		key = on[i] SUBSEP $3 SUBSEP $4
		take(body, key)
		body_bytes[key] = $5
		scratch[key] = $6
	}
}

# The words of a form, where the function has others.
function take_form(    i, key)
{
	for (i = archs($2); i; i--) {
		key = on[i] SUBSEP $3 SUBSEP $4
		if (!(key in body))
			wrong("no body of " $4 " for " on[i] " " $3)
		take(form, key)
	}
}

function take_workload(    i, k, c, n)
{
	n = split($4, c, ",")
	for (i = archs($2); i; i--) {
		has_workload[on[i], $3] = 1
		for (k = n; k; k--)
			take(workload, on[i] SUBSEP $3 SUBSEP c[k])
	}
	note("workload", $3)
}

# A path without words, and why: its counts are compared with each other alone.
function take_unlisted()
{
	if (words_of() == "")
		wrong("no reason")
	note("unlisted", $2)
}

# One that has no count, and why: every emulator leaves it out.
function take_uncounted()
{
	if (words_of() == "")
		wrong("no reason")
	note("uncounted", $2)
	lack("both", "both", $2)
}

function take_anchor(    i)
{
	for (i = archs($2); i; i--)
		take(anchor, on[i] SUBSEP $3)
	note("anchor", $3)
}

function take_site(    i, key)
{
	for (i = archs($2); i; i--) {
		key = on[i] SUBSEP $3 SUBSEP $4
		take(site, key)
		before[key] = $5
		after[key] = $6
		nops[key] = $7
		clobbers[key] = $8
	}
	note("convention", $3)
}

# Where there are no such ops, and why.
function take_lacks(    i)
{
	if (words_of() == "" || $3 !~ /^(QEMU|Bochs|both)$/)
		wrong("not lacks ARCH EMULATOR OP... = why")
	for (i = 4; i <= NF && $i != "="; i++) {
		lack($2, $3, $i)
		note("lacks", $i)
	}
}

function lack(arch, emulator, op,    i)
{
	for (i = archs(arch); i; i--) {
		if (emulator != "Bochs")
			lacks[++n_lacks] = "lacks " on[i] " QEMU " op
		if (emulator != "QEMU")
			lacks[++n_lacks] = "lacks " on[i] " Bochs " op
	}
}

# Of ops that return so; of all others.
function take_thunk(    i)
{
	for (i = archs($2); i; i--)
		take(thunk, on[i] SUBSEP $3 ($4 == "=" ? "" : SUBSEP $4))
}

function take_keeps(    i, k)
{
	for (i = archs($2); i; i--)
		for (k = 4; k <= NF; k++) {
			if (!((on[i], $3, $k) in body))
				wrong("no body of " $k " for " on[i] " " $3)
			keeps[on[i], $3, $k] = 1
		}
}

# How a mode does it, for one op or, "", for those that have no line of their own;
# its kind is the word number k.
function take_way(op, k,    i, key)
{
	for (i = archs($2); i; i--) {
		key = on[i] SUBSEP $3 SUBSEP op
		take(way, key)
		kind[key] = $k
		lead[key] = $(k + 1)
		of[key] = $(k + 2)
	}
	note("mode", $3)
}

function take_kept(    i)
{
	for (i = archs($2); i; i--)
		take(kept, on[i] SUBSEP $3 SUBSEP $4 SUBSEP $5)
}

function take_prefixes()
{
	prefixes_most = $2
	takes_prefix = " " words_of() " "
}

FNR == 1		{ n_file++ }
sub(/\\$/, "")		{ begun = begun $0; next }
begun != ""		{ $0 = begun $0; begun = "" }
/^#/ || NF == 0		{ next }
$1 == "backend"		{ take_backend(); next }
$1 == "op"		{ take_op(); next }
$1 == "body"		{ take_body(); next }
$1 == "form"		{ take_form(); next }
$1 == "lacks"		{ take_lacks(); next }
$1 == "uncounted"	{ take_uncounted(); next }
$1 == "unlisted"	{ take_unlisted(); next }
$1 == "sites"		{ next }
$1 == "workload"	{ take_workload(); next }
$1 == "anchor"		{ take_anchor(); next }
$1 == "site"		{ take_site(); next }
$1 == "thunk"		{ take_thunk(); next }
$1 == "keeps"		{ take_keeps(); next }
$1 == "way"		{ take_way("", 4); next }
$1 == "special"		{ take_way($4, 5); next }
$1 == "kept"		{ take_kept(); next }
$1 == "nops"		{ longest = $2; next }
$1 == "prefixes"	{ take_prefixes(); next }
			{ wrong("'" $1 "' is no part") }

# ---- putting it together: the cell is arch, backend, convention, mode, padding

function join(a, b)
{
	return a == "" ? b : b == "" ? a : a " " b
}

# The words, with others for one of them.
function expand(words, name, with,    token, n, i, out)
{
	n = split(words, token, " ")
	for (i = 1; i <= n; i++)
		out = join(out, token[i] == name ? with : token[i])
	return out
}

function body_key(op)
{
	return arch SUBSEP ((arch, backend, op) in body ? backend : "native") SUBSEP op
}

function missing(what)
{
	if (!(what in said))
		print FILENAME ": no " what >"/dev/stderr"
	said[what] = 1
	failed = 1
}

function body_words(op,    key)
{
	key = body_key(op)
	if (!(key in body)) {
		missing("body of " op " for " arch " " backend)
		return ""
	}
	return body[key]
}

# What a site gets of an op in place of a call.
function form_words(op,    key)
{
	key = body_key(op)
	return key in form ? form[key] : body_words(op)
}

function way_key(m, op)
{
	return arch SUBSEP m SUBSEP ((arch, m, op) in way ? op : "")
}

function site_key(op)
{
	return arch SUBSEP convention SUBSEP \
		((arch, convention, returns[op]) in site ? returns[op] : "any")
}

# The thunk by which a convention calls an op; none: it calls the op.
function thunk_key(op,    key)
{
	key = arch SUBSEP convention
	return (key, returns[op]) in thunk ? key SUBSEP returns[op] : key
}

# A call, and what it reaches, as mode m does it.
function call_words(m, op,    words)
{
	if (!(way_key(m, op) in way))
		missing("way of mode " m " for " arch)
	words = body_words(op)
	if (thunk_key(op) in thunk && !(body_key(op) in keeps))
		words = expand(thunk[thunk_key(op)], "BODY", words)
	return expand(way[way_key(m, op)], "BODY", words)
}

# A site's words up to the bar, or all of them.
function site_words(key, all,    words)
{
	words = site[key]
	sub(all ? " [|]" : " [|].*", "", words)
	return words
}

function bytes_of(key)
{
	return before[key] + 6 + after[key] + nops[key]
}

# Does the form of an op fit?  "": it does; else what becomes of the site.
function misfit(op, key, room,    reg, n, i, b)
{
	b = body_key(op)
	if (body_bytes[b] == "-")
		return "kept-no-form"
	n = scratch[b] == "-" || clobbers[key] == "all" ? 0 : split(scratch[b], reg, ",")
	for (i = 1; i <= n; i++)
		if (index("," clobbers[key] ",", "," reg[i] ",") == 0)
			return "kept-no-register"
	return body_bytes[b] > room ? "kept-too-small" : ""
}

# The instructions that fill the bytes left over behind a form; how many, in padded.
function pad(left, first,    words)
{
	if (padding == "prefix" && first != "" && index(takes_prefix, " " first " "))
		left -= left < prefixes_most ? left : prefixes_most
	padded = padding == "single" ? left : int((left + longest - 1) / longest)
	words = padded ? padded " nop" : ""
	if (padding == "jump" && left > 1) {
		padded = 1
		words = "jmp"
	}
	return words
}

function first_of(words)
{
	sub(/ .*/, "", words)
	return words
}

# What a site becomes: said returns the outcome, and words are in formed; what is
# not kept sets padded.
function put_form(w, op, key,    room, other, why, words)
{
	room = bytes_of(key) - lead[w]
	other = of[w] == "same" ? op : of[w]
	if (room < 0)
		return "kept-too-small"
	if (other == "none") {
		formed = pad(room, "")
		return "inline"
	}
	why = misfit(other, key, room)
	if (!why) {
		words = expand(way[w], "BODY", form_words(other))
		formed = join(words, pad(room - body_bytes[body_key(other)], first_of(words)))
		return "inline"
	}
	return other == op || room < 5 ? why : put_form_call(w, other, key, room)
}

# In place of another op's form: its call, where the site allows one.
function put_form_call(w, op, key, room,    words)
{
	if (clobbers[key] != "all" && !((arch, convention) in thunk))
		return "kept-no-register"
	words = expand(way[w], "BODY", call_words("direct", op))
	formed = join(words, pad(room - 5, first_of(words)))
	return "test-and-call"
}

# The call as a mode has it, of the op or of a stub.
function put_call(op, key, how,    words)
{
	words = expand(site_words(key, 0), "CALL", call_words(how, op))
	formed = join(words, pad(nops[key] + 1, "call"))
	return kind[way_key(how, op)] == "stub" ? "stub-call" : "direct-call"
}

function put(op, key,    w, k)
{
	w = way_key(mode, op)
	k = arch SUBSEP mode SUBSEP convention SUBSEP argument[op]
	if (k in kept)
		return kept[k]
	if (kind[w] == "form")
		return put_form(w, op, key)
	if (kind[w] ~ /^(call|stub)$/)
		return put_call(op, key, mode)
	if (kind[w] == "either") {
		k = put_form(w, op, key)
		return k ~ /^kept/ ? put_call(op, key, "direct") : k
	}
	if (kind[w] == "built")
		return "kept-as-built"
	formed = expand(site_words(key, 1), "CALL", call_words(mode, op))
	return "jump"
}

# One site of a cell: its words; adds up what is said of the cell's sites.
function put_site(op,    key, became)
{
	key = site_key(op)
	if (!(key in site))
		missing("site of " arch " " convention " for " op)
	padded = 0
	became = put(op, key)
	if (became ~ /^kept/) {
		padded = 0
		formed = expand(site_words(key, 1), "CALL", call_words("indirect", op))
	}
	outcome = outcome == "" || outcome == became ? became : "mixed"
	cell_bytes += bytes_of(key)
	cell_nops += padded
	return "(" formed ")"
}

# An op, compiled inline; or a call of its function by a register.
function native_words(op)
{
	return sub(/^[*]/, "", op) ? "(call endbr " body_words(op) " ret)" : body_words(op)
}

# A site that the way through a copy passes by is one of the cell's all the same; one that it
# comes to again is no other.
function put_marked(mark, op,    words, was)
{
	was = outcome SUBSEP cell_bytes SUBSEP cell_nops
	words = put_site(op)
	if (mark == "+") {
		split(was, kept_of, SUBSEP)
		outcome = kept_of[1]
		cell_bytes = kept_of[2]
		cell_nops = kept_of[3]
	}
	return mark == "-" ? "" : words
}

# The words of a copy: the sites of its ops, and what is between them.
function copy_words(words,    token, n, i, out, part, glue, mark)
{
	outcome = ""
	cell_bytes = cell_nops = 0
	n = split(words, token, " ")
	for (i = 1; i <= n; i++) {
		part = token[i]
		if (part !~ /\(\)$/) {
			glue = join(glue, part)
			continue
		}
		sub(/\(\)/, "", part)
		mark = part ~ /^[-+]/ ? substr(part, 1, 1) : ""
		sub(/^[-+]/, "", part)
		part = convention == "native" ? native_words(part) : put_marked(mark, part)
		if (mark == "-")
			continue
		out = plus(plus(out, glue), part)
		glue = ""
	}
	return plus(out, glue)
}

function plus(a, b)
{
	return a == "" ? b : b == "" ? a : a " + " b
}

function print_row(op, b, words)
{
	if (words == "")
		words = "0 instructions"
	printf "%-6s %-18s %-8s %-10s %-15s %3d = %s ; %s %d %d\n", arch, op, b,
		convention, mode (padding == "long" ? "" : "/" padding),
		instructions(words), words, convention == "native" ? "-" : outcome,
		cell_bytes, cell_nops
}

function wanted(set, name)
{
	return index(" " set " ", " " name " ")
}

# Rows of a workload, backend and convention, in every mode and padding.
function put_modes(op, words,    m, nm, p, np, i, k, pads)
{
	nm = split(names["mode"], m, " ")
	for (i = 1; i <= nm; i++) {
		mode = m[i]
		if (!wanted(modes, mode))
			continue
		pads = kind[way_key(mode, "")] ~ /^(call|stub|form|either)$/
		np = pads ? split(paddings, p, " ") : split("long", p, " ")
		for (k = 1; k <= np; k++) {
			padding = p[k]
			print_row(op, backend, copy_words(words))
		}
	}
}

# A native cell is in the group of every backend.
function put_native(op, words,    own)
{
	if (!wanted(conventions, "native") || !wanted(modes, "native"))
		return
	own = backend
	backend = "native"
	mode = "native"
	convention = "native"
	padding = "long"
	words = copy_words(words)
	cell_bytes = cell_nops = 0
	backend = own
	print_row(op, own, words)
}

# A copy of a workload, as it stands in the table: of its convention, of all that have
# sites, of all.
function workload_words(op,    key)
{
	key = arch SUBSEP op SUBSEP convention
	if (!(key in workload) && convention != "native")
		key = arch SUBSEP op SUBSEP "sites"
	if (!(key in workload))
		key = arch SUBSEP op SUBSEP "all"
	if (!(key in workload)) {
		missing("workload " op " of " arch " " convention)
		return ""
	}
	return workload[key]
}

function put_workload(op,    c, nc, i)
{
	convention = "native"
	put_native(op, workload_words(op))
	nc = split(names["convention"], c, " ")
	for (i = 1; i <= nc; i++) {
		convention = c[i]
		if (wanted(conventions, convention))
			put_modes(op, workload_words(op))
	}
}

# Are rows of a workload or anchor wanted?
function is_timed(kind, op)
{
	return workloads == "" || noted[kind, op] > 1 || wanted(workloads, op)
}

function put_arch(    w, nw, b, nb, i, k)
{
	nw = split(names["workload"], w, " ")
	nb = split(names["backend"], b, " ")
	for (i = 1; i <= nw; i++)
		for (k = 1; k <= nb; k++) {
			backend = b[k]
			if (wanted(backends, backend) && (arch, backend) in has_backend &&
			    (arch, w[i]) in has_workload && is_timed("workload", w[i]))
				put_workload(w[i])
		}
	nw = split(names["anchor"], w, " ")
	backend = "native"
	for (i = 1; i <= nw; i++)
		if ((arch, w[i]) in anchor && is_timed("anchor", w[i]))
			put_native(w[i], anchor[arch, w[i]])
}

# Each that is to be timed is in the tables, or they say why it has no count.
function look_for(    w, n, i)
{
	n = split(names["lacks"], w, " ")
	for (i = 1; i <= n; i++)
		if (!(("workload", w[i]) in noted) && !(("anchor", w[i]) in noted))
			missing("workload " w[i])
	n = split(workloads, w, " ")
	for (i = 1; i <= n; i++)
		if (!(("workload", w[i]) in noted) && !(("anchor", w[i]) in noted) &&
		    !(("uncounted", w[i]) in noted) && !(("unlisted", w[i]) in noted))
			missing("workload " w[i])
}

END {
	if (!longest)
		missing("nops")
	if (!prefixes_most)
		missing("prefixes")
	look_for()
	if (failed)
		exit 1
	arch = "x86_64"
	put_arch()
	arch = "ia32"
	put_arch()
	for (i = 1; i <= n_lacks; i++)
		print lacks[i]
	n_lacks = split(names["unlisted"], lacks, " ")
	for (i = 1; i <= n_lacks; i++)
		print "unlisted " lacks[i]
	exit failed + 0
}
