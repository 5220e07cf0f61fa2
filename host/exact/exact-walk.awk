# SPDX-License-Identifier: GPL-2.0-only
# exact-walk.awk: is what a row says executed a way through the listing?
#
# awk -v arch=A -v word=W -v ops=O -f host/exact/exact-walk.awk ROWS SYMBOLS LISTING
#
# ROWS are those that host/exact/exact-rows.awk prints, of backend native and modes native
# and indirect, whose code is in the image as it is executed; other rows are passed over.
# SYMBOLS is what nm, and LISTING what objdump -d --no-show-raw-insn says of parapatch.elf.
# ops are the names of op.def in its order, W the bytes of a slot.
#
# From the first instruction of a row's copy on each word must be the one that comes next,
# through calls, branches taken or not, and returns, and the last must be the copy's last.
# A word is the mnemonic without the suffix for its width; "load" of exact.tbl is a mov.
# Where a jump goes by a table, any place of that function will do.
#
# A kernel path has no copy.  Its row is one turn of a loop of wl_<convention>_path_<name>_units,
# or, where it has one, of its program of ring 3, wl_native_path_<name>_user: a way from a place
# that a branch there goes to, and back there.  Where ring 3 calls, the kernel's entry in the
# block comes next; what is called by a pointer is any function of the block.
#
# Prints a line for each row that is no such way, and one that says how many were looked
# at.  Exit status: 0 all are; 1 not.

function hex(text,    n, i)
{
	for (i = 1; i <= length(text); i++)
		n = n * 16 + index("0123456789abcdef", substr(text, i, 1)) - 1
	return n + 0
}

# A mnemonic as the tables have it.
function name_of(mnemonic)
{
	sub(/^endbr(32|64)$/, "endbr", mnemonic)
	sub(/^iret[lq]$/, "iret", mnemonic)
	sub(/^sysret[lq]$/, "sysret", mnemonic)
	sub(/^pushfq?$/, "pushf", mnemonic)
	sub(/^popfq?$/, "popf", mnemonic)
	if (mnemonic ~ /^(mov|cmp|test|add|sub|and|or|inc|dec|push|pop|nop)[bwlq]$/ ||
	    mnemonic ~ /^[ls][gi]dt[bwlq]$/)
		sub(/.$/, "", mnemonic)
	return mnemonic
}

function take_row(    words, token, n, i, times)
{
	words = $0
	sub(/^[^=]*= */, "", words)
	sub(/ *;.*/, "", words)
	gsub(/[()+]/, " ", words)
	n = split(words == "0 instructions" ? "" : words, token, " ")
	row[++n_rows] = $2 " " $4
	is_native[n_rows] = $5 == "native"
	for (i = 1; i <= n; i++) {
		times = 1
		if (token[i] ~ /^[0-9]+$/)
			times = token[i++]
		while (times-- > 0)
			wanted[n_rows, ++length_of[n_rows]] = token[i] == "load" ? "mov" : token[i]
	}
}

function take_instruction(    at, text)
{
	at = $1
	sub(/:$/, "", at)
	at = hex(at)
	place[++n_places] = at
	number[at] = n_places
	text = $0
	sub(/^[^\t]*\t/, "", text)
	while (text ~ /^(lock|notrack|cs|rep|data16) /)
		sub(/^[a-z0-9]+ +/, "", text)
	mnemonic[n_places] = text
	sub(/ .*/, "", mnemonic[n_places])
	mnemonic[n_places] = name_of(mnemonic[n_places])
	sub(/^[^ ]+ */, "", text)
	operand[n_places] = text
	if (mnemonic[n_places] " " text == "xchg %ax,%ax")
		mnemonic[n_places] = "nop"
}

# The names of functions that a call may reach, the likelier first: by a slot, by a
# register, by a relative address; and there the number of the instruction.
function reached(p, op, to,    text, at, n, slot)
{
	text = operand[p]
	if (text ~ /^[*]%/) {
		to[1] = "native_" op
		to[2] = "goes_back_by_iret"
		return 2
	}
	if (text !~ /^[*]/) {
		sub(/ .*/, "", text)
		to[1] = "@" hex(text)
		return 1
	}
	if (match(text, /# [0-9a-f]+/))
		at = hex(substr(text, RSTART + 2, RLENGTH - 2))
	else
		at = hex(substr(text, 4))
	slot = (at - symbol["paravirt_callee"]) / word
	if (slot >= 0 && slot < n_ops) {
		to[1] = "native_" op_name[slot + 1] "_thunk"
		to[2] = "native_" op_name[slot + 1]
		return 2
	}
	to[1] = "native_" op_name[(at - symbol["paravirt_ops"]) / word + 1]
	return 1
}

function number_of(name)
{
	if (name ~ /^@/)
		return number[substr(name, 2)]
	return name in symbol ? number[symbol[name]] : 0
}

# Does the way from instruction p on, whose word is the k-th, lead to the copy's end?
# stack: where calls come back to, the last first.
function walk(r, p, k, stack,    m, to, n, i, back)
{
	for (; p; p++) {
		if (place[p] == end_of_copy && stack == "" && !(is_turn && k == 1))
			return k > length_of[r]
		m = mnemonic[p]
		if (k > length_of[r] || wanted[r, k] != m)
			return 0
		k++
		if (m == "call" && is_turn && operand[p] ~ /^[*]([^#]*[(]|%)[^#]*$/)
			return walk_block(r, k, (p + 1) " " stack)
		if (m == "call") {
			n = reached(p, op_of_row, to)
			for (i = 1; i <= n; i++) {
				back = number_of(to[i])
				if (back && walk(r, back, k, (p + 1) " " stack))
					return 1
			}
			return 0
		}
		if (m ~ /^(syscall|int)$/)
			return walk(r, kernel_entry, k, (p + 1) " " stack)
		if (m ~ /^(i|sys)?ret$/) {
			back = stack
			sub(/ .*/, "", back)
			sub(/^[0-9]+ /, "", stack)
			return back != "" && walk(r, back + 0, k, stack)
		}
		if (m == "jmp" && operand[p] ~ /^[*]/)
			return walk_table(r, p, k, stack)
		if (m ~ /^j/) {
			to[1] = operand[p]
			sub(/ .*/, "", to[1])
			if (walk(r, number[hex(to[1])], k, stack))
				return 1
			if (m == "jmp")
				return 0
		}
	}
	return 0
}

function walk_table(r, p, k, stack,    i)
{
	for (i = p + 1; i <= n_places && !(i > p + 1 && (place[i] in is_function)); i++)
		if (walk(r, i, k, stack))
			return 1
	return 0
}

# Is row r, of an op, one copy of it?
function is_copy(r, convention, op,    copy)
{
	copy = "wl_" convention "_" op "_three_copy"
	is_turn = 0
	end_of_copy = symbol[copy "_end"]
	return (copy in symbol) && walk(r, number[symbol[copy]], 1, "")
}

# Is row r, of a kernel path, one turn of a loop around it?
function is_one_turn(r, convention, name,    path, loop, p, to)
{
	path = "wl_" convention "_path_" name
	if (!((path "_units") in symbol))
		return 0
	is_turn = 1
	block = number[symbol[path "_begin"]]
	block_end = symbol[path "_end"]
	for (p = block; place[p] < block_end; p++)
		if ((place[p], "kernel_entry") in names_of)
			kernel_entry = p
	loop = "wl_native_path_" name "_user"
	if (!(loop in symbol))
		loop = path "_units"
	for (p = number[symbol[loop]]; mnemonic[p] != "ret" && p <= n_places; p++) {
		to = operand[p]
		sub(/ .*/, "", to)
		end_of_copy = hex(to)
		if (mnemonic[p] ~ /^j/ && end_of_copy <= place[p] && end_of_copy >= symbol[loop] &&
		    walk(r, number[end_of_copy], 1, ""))
			return 1
		if ((loop "_end") in symbol && place[p] >= symbol[loop "_end"])
			return 0
	}
	return 0
}

# Any function of a kernel path's block.
function walk_block(r, k, stack,    i)
{
	for (i = block; place[i] < block_end; i++)
		if ((place[i] in is_function) && walk(r, i, k, stack))
			return 1
	return 0
}

FNR == 1		{ n_file++ }
n_file == 1		{ if ($1 == arch && $3 == "native" && $5 ~ /^(native|indirect)$/)
				take_row(); next }
n_file == 2		{ if (NF == 3) { symbol[$3] = hex($1); names_of[hex($1), $3] = 1
				if ($2 ~ /^[tT]$/) is_function[hex($1)] = 1 }
			next }
/^ *[0-9a-f]+:\t/	{ take_instruction() }

END {
	n_ops = split(ops, op_name, " ")
	for (r = 1; r <= n_rows; r++) {
		split(row[r], part, " ")
		op_of_row = part[1]
		is_path = sub(/^path:/, "", part[1])
		if (is_path ? !is_one_turn(r, part[2], part[1]) : !is_copy(r, part[2], part[1])) {
			print arch " " row[r] ": its words are no way through the listing"
			failed = 1
		}
	}
	printf "%s: %d rows are looked for in the listing\n", arch, n_rows
	exit failed || !n_rows
}
