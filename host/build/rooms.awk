# rooms.awk: what rooms.sh has found, held against host/build/rooms.
# SPDX-License-Identifier: GPL-2.0-only
#
# Lines of five kinds, tabs between the fields:
#
#   rooms    a line of host/build/rooms
#   file     PATH                     a source or a header
#   object   PATH                     what was compiled
#   include  PATH:LINE:#include "X"  or <X>
#   made     OBJECT PATH              a file that the compiler read for it
#   name     OBJECT NAME TYPE         as nm has it
#
# A file is a node, ROOM/STEM: header and source of one stem in one room are one.  An
# edge is that one uses the other; evidence[] has a line of the source, or a name.
# HOST: objects of host/ are here too.

BEGIN {
	FS = "\t"
	LINKED = "^(core|efi)/"
	LINKED_HOST = "^(core|efi|host/(linux|report|user))/"
}

function complain(text) { print "rooms: " text; bad = 1 }

# ---- where things lie

# The longest line "lies:" that is the path or a folder above it; else by the folder.
function room_of(path,   at, p, inner) {
	for (at = path; at != ""; at = above(at))
		if (at in lies) return lies[at]
	split(path, p, "/")
	if (p[1] == "core" || p[1] == "include") return p[2]
	inner = p[1] "/" p[2] "/" p[3]
	return inner in rank ? inner : p[1] "/" p[2]
}

function above(path) { return sub(/\/[^\/]*$/, "", path) ? path : "" }

function node_of(path,   stem) {
	stem = path
	sub(/.*\//, "", stem)
	sub(/\.[a-zA-Z]+$/, "", stem)
	return room_of(path) "/" stem
}

# The two trees whose files may share names: what a program of host/ is linked of is
# its own folder and core.
function tree_of(path,   p) {
	split(path, p, "/")
	return p[1] == "host" ? p[1] "/" p[2] : p[1]
}

function room_folder(path,   p) {
	split(path, p, "/")
	return p[1] "/" p[2]
}

# The source that an object was compiled from; "" if that is no longer there.
function source_of(object,   path) {
	path = object
	sub(/\.o$/, "", path)
	if (sub(/^out\/(x86_64|ia32)\/workload\//, "", path)) {
		sub(/-[^-]*$/, "", path)
		return workload[path]
	}
	sub(/^out\/(x86_64|ia32)\//, "", path)
	sub(/^out\/user\//, "host/user/", path)
	sub(/^out\/host\/image\.d\//, "host/linux/", path)
	sub(/^out\/host\/report\.d\//, "host/report/", path)
	sub(/-[^-\/]*$/, "", path)
	return path ".c" in files ? path ".c" : path ".S" in files ? path ".S" : ""
}

# ---- what is read

function read_rooms(line,   n, word, why) {
	if (line ~ /^#/ || line ~ /^[ \t]*$/) return
	n = split(line, word, /[ \t]+/)
	if (word[1] == "lies:") lies[word[2]] = word[3]
	else if (word[1] == "free:") free[word[2]]
	else if (word[1] == "only:") only[word[2]] = line " "
	else if (word[1] == "allowed:" || word[1] == "open:") {
		excepted[word[2], word[3]] = NR
		if (n < 4) complain("host/build/rooms: no reason: " line)
		open += word[1] == "open:"
	}
	else if (word[1] in rank) complain("host/build/rooms: " word[1] " stands there twice")
	else {
		rank[word[1]] = ++rooms
		if (n < 2) complain("host/build/rooms: what is " word[1] " for?")
	}
}

$1 == "rooms"	{ sub(/^[^\t]*\t/, ""); read_rooms($0); next }
$1 == "file"	{ read_file($2) }
$1 == "object"	{ compiled[source_of($2)] }
$1 == "include"	{ includes[++include_count] = $2 }
$1 == "made"	{ read_made(source_of($2), plain($3)) }
$1 == "name"	{ read_name(source_of($2), $3, $4) }

function read_file(path,   room, name) {
	files[path]
	room = room_of(path)
	held[room]
	if (!(room in rank) && !(room in missing)) {
		missing[room]
		complain(room_folder(path) ": no line of host/build/rooms is for it; " \
			"add one below all that it uses")
	}
	members[node_of(path)] = members[node_of(path)] " " path
	if (path ~ /^core\/workload\/.*\/.*\.[cS]$/) {
		name = path
		gsub(/.*\/|\.[cS]$/, "", name)
		workload[name] = path
	}
}

function read_made(source, path) {
	if (source == "" || !(path in files) || (source, path) in read_for) return
	read_for[source, path]
	made[++made_count] = source "\t" path
}

function read_name(source, name, type) {
	if (source == "") return
	if (type ~ /^[Uw]$/) {
		if (!((source, name) in wanted)) {
			wanted[source, name]
			wants[++want_count] = source "\t" name
		}
	} else
		define(tree_of(source) SUBSEP name, source)
}

function define(key, source) {
	if (index(definers[key] " ", " " source " ") == 0)
		definers[key] = definers[key] " " source
}

# ---- who uses whom

# As the compiler looks: beside the file, then where the rules say.
function find_include(from, text,   n, dirs, i, candidate) {
	n = split(above(from) " include include/x86_64 efi host/user", dirs, " ")
	for (i = 1; i <= n; i++) {
		candidate = plain(dirs[i] "/" text)
		if (candidate in files) return candidate
	}
	return ""
}

# Without its "./" and "x/..".
function plain(path) {
	while (sub(/^\.\//, "", path) || sub(/\/\.\//, "/", path)) ;
	while (sub(/[^\/.]+\/\.\.\//, "", path)) ;
	return path
}

function take_include(line,   at, from, number, text) {
	at = index(line, ":")
	from = substr(line, 1, at - 1)
	line = substr(line, at + 1)
	number = line + 0
	match(line, /["<][^">]*[">]/)
	text = substr(line, RSTART + 1, RLENGTH - 2)
	if (find_include(from, text) != "")
		use(from, find_include(from, text), from ":" number, "includes " text)
}

# What is read of a later room, by whatever way: what no line of a source shows, as an
# include by a macro.  Of a room that an exception leads to nothing can be said.
function take_made(source, path,   a, b, key, part) {
	a = room_of(source); b = room_of(path)
	if (a in free || why_not(a, b) == "") return
	for (key in excepted) {
		split(key, part, SUBSEP)
		if (part[2] == b || index(part[2], b "/") == 1) return
	}
	complain(source ": is compiled from " path ": " a " may not use " b why_not(a, b) \
		"; no #include of it can be read in the source: write it plainly, or not")
}

# In the room, then in the tree, then in core, then in efi.  A program of host/ has
# memcpy and its siblings of libc.
function definer(source, name,   list, n, i, d) {
	n = split(definers[tree_of(source), name], list, " ")
	for (i = 1; i <= n; i++)
		if (room_of(list[i]) == room_of(source)) return list[i]
	if (n) return list[1]
	d = substr(definers["core", name], 2)
	if (source ~ /^host/) return d == "core/lib/mem.c" ? "" : d
	return d != "" ? d : substr(definers["efi", name], 2)
}

function take_name(source, name,   d) {
	d = definer(source, name)
	if (d != "") use(source, d, source, "uses " name " of " d)
}

# An edge, if it is not within a file; said, if it is an arrow up that no line allows.
function use(from, to, where, what,   a, b, key, no) {
	a = node_of(from); b = node_of(to)
	if (a == b || room_of(from) in free) return
	edges++
	no = why_not(room_of(from), room_of(to))
	key = exception(from, a, to, b)
	if (key) {
		exempt[key, a, b]
		if (no != "") needed[key]
		return
	}
	if (no != "")
		complain(where ": " what ": " room_of(from) " may not use " room_of(to) no \
			"; let it be handed what it needs, or move it to the room it belongs to")
	if ((a, b) in evidence) return
	evidence[a, b] = where ": " what
	next_of[a] = next_of[a] " " b
	into[b]++
}

function exception(from, a, to, b) {
	if ((a, b) in excepted) return a SUBSEP b
	if ((a, room_of(to)) in excepted) return a SUBSEP room_of(to)
	return 0
}

function why_not(a, b) {
	if (a == b || !(a in rank) || !(b in rank)) return ""
	if (a in only && index(only[a], " " b " ") == 0)
		return ", which its line \"only:\" of host/build/rooms leaves out"
	if (rank[b] > rank[a]) return ", which is on a later line of host/build/rooms"
	if (b ~ /^efi/ && a !~ /^efi/) return ", which is of efi/"
	if (b ~ /^host/ && index(a, b "/") != 1) return ", which is a program's own"
	return ""
}

# ---- circles

# What nobody uses is in no circle; then likewise what is left.
function strip(   node, changed, list, n, i) {
	for (node in next_of) left[node]
	do {
		changed = 0
		for (node in left)
			if (!into[node]) {
				n = split(next_of[node], list, " ")
				for (i = 1; i <= n; i++) into[list[i]]--
				delete left[node]
				changed = 1
			}
	} while (changed)
}

# The shortest way from one file to another, as nodes; "" if there is none.
function way(from, to,   seen, queue, head, tail, node, list, n, i, path) {
	queue[tail = 1] = from
	for (head = 1; head <= tail; head++) {
		node = queue[head]
		n = split(next_of[node], list, " ")
		for (i = 1; i <= n; i++) {
			if (list[i] in seen) continue
			seen[list[i]] = node
			queue[++tail] = list[i]
			if (list[i] == to) {
				for (path = to; seen[to] != from; to = seen[to])
					path = seen[to] " " path
				return from " " path
			}
		}
	}
	return ""
}

# Each with its files and one way around it.
function say_circles(   node, other, path, list, n, i) {
	for (node in left) {
		if (node in told || (path = way(node, node)) == "") continue
		circles++
		said = ""
		for (other in left)
			if (other == node || (way(node, other) != "" && way(other, node) != "")) {
				told[other]
				said = said members[other]
			}
		complain("a circle:" said "; let one be handed what it needs of another, " \
			"or move what they share below them:")
		n = split(path, list, " ")
		for (i = 1; i < n; i++) print "rooms:   " evidence[list[i], list[i + 1]]
	}
}

# One that stands for a circle is needed if the circle would close with it.
function say_needless(   key, part) {
	for (key in exempt) {
		split(key, part, SUBSEP)
		if (way(part[4], part[3]) != "") needed[part[1] SUBSEP part[2]]
	}
	for (key in excepted)
		if (!(key in needed)) {
			split(key, part, SUBSEP)
			complain("host/build/rooms: " part[1] " " part[2] \
				": an exception that is no longer needed; take the line out")
		}
}

# Else a file would be taken for one that uses no names.
function say_uncompiled(   path) {
	for (path in files)
		if (path ~ /\.[cS]$/ && path ~ (HOST ? LINKED_HOST : LINKED) && !(path in compiled))
			complain(path ": there is no object of it in out/; build first")
}

END {
	for (room in rank)
		if (!(room in held)) complain("host/build/rooms: " room ": there is no such folder")
	for (i = 1; i <= include_count; i++) take_include(includes[i])
	for (i = 1; i <= want_count; i++) {
		split(wants[i], want, "\t")
		take_name(want[1], want[2])
	}
	for (i = 1; !bad && i <= made_count; i++) {
		split(made[i], pair, "\t")
		take_made(pair[1], pair[2])
	}
	say_uncompiled()
	strip()
	say_circles()
	say_needless()
	if (!bad && (HOST || open))
		printf "rooms: %d rooms, %d uses; arrows up 0, circles 0, open %d\n",
			rooms, edges, open
	exit bad
}
