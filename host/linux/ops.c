/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Names of ops, by what their functions do and in which order they stand, and by the
 * names of those functions.
 *
 * Source of the first kernel's types: Linux, arch/i386/kernel/paravirt.c (2.6.20).
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "body.h"
#include "kernel_code.h"
#include "ops.h"
#include "paras.h"
#include "symbols.h"

const char *const named_words[NAMED_COUNT] = {
#define NAMED(name, what) #name,
	NAMED_BY(NAMED)
#undef NAMED
};

const char *const named_what[NAMED_COUNT] = {
#define NAMED(name, what) what,
	NAMED_BY(NAMED)
#undef NAMED
};

/* Types of 2.6.20, which are numbers of a list; the first four are those of 2006. */
static const char *const listed_types[] = {
	"irq_disable", "irq_enable", "restore_flags", "save_flags",
	"save_flags_irq_disable", "interrupt_return", "sti_sysexit",
};

#define COUNT(a)	(sizeof(a) / sizeof((a)[0]))

/* What an alternative puts at a site tells what the op does there. */
static const struct { uint64_t does; unsigned len; const char *bytes; } at_sites[] = {
	{ B(CLI), 1, "\xfa" }, { B(STI), 1, "\xfb" }, { B(PUSHF), 2, "\x9c\x58" },
	{ B(READ_CR2), 3, "\x0f\x20\xd0" }, { B(READ_CR3), 3, "\x0f\x20\xd8" },
	{ B(WRITE_CR3), 3, "\x0f\x22\xdf" }, { B(WBINVD), 2, "\x0f\x09" },
	{ B(ARGUMENT), 3, "\x48\x89\xf8" }, { B(AT_PREEMPTED), 2, "\x31\xc0" },
	{ B(AT_UNLOCK), 3, "\xc6\x07\x00" }, { B(AT_UNLOCK), 3, "\xc6\x00\x00" },
};

static uint64_t does_at_site(const struct kernel *k, const struct alt *a)
{
	const uint8_t *p = image_bytes(k->im, a->replacement, a->replacement_len);

	for (size_t i = 0; p && a->not && i < COUNT(at_sites); i++)
		if (at_sites[i].len == a->replacement_len
		    && !memcmp(at_sites[i].bytes, p, a->replacement_len))
			return at_sites[i].does;
	return 0;
}

static void look_at_sites(const struct kernel *k, struct slot *slots)
{
	uint64_t at_site[SLOTS_MAX] = { 0 };

	for (size_t i = 0; i < k->alt_count; i++) {
		const struct para *p = k->alts[i].direct_call ? NULL
			: para_at(k, k->alts[i].site);

		if (p)
			at_site[p->op] |= does_at_site(k, &k->alts[i]);
	}
	for (unsigned op = 0; op < k->ops; op++)
		if (at_site[op])
			slots[op].does = at_site[op];
}

static void look_at_functions(const struct kernel *k, struct slot *slots)
{
	bool called[SLOTS_MAX] = { 0 };

	for (size_t i = 0; i < k->para_count; i++)
		called[k->paras[i].op] = true;
	for (unsigned op = 0; op < k->ops; op++) {
		uint64_t addr = kernel_pointer(k, op);

		slots[op] = (struct slot){ .does = addr || called[op] ? body_of(k, addr) : 0 };
	}
	look_at_sites(k, slots);
}

/* Functions of bare metal that are not named after their op. */
static const struct { const char *function; enum member is; } others[] = {
	{ "flush_tlb_local", MEMBER_flush_tlb_user },
	{ "flush_tlb_global", MEMBER_flush_tlb_kernel },
	{ "tlb_remove_page", MEMBER_tlb_remove_table },
	{ "tss_invalidate_io_bitmap", MEMBER_invalidate_io_bitmap },
	{ "tss_update_io_bitmap", MEMBER_update_io_bitmap },
};

/* native_irq_disable is irq_disable, and so on. */
static enum member member_of(const char *function)
{
	static const char *const before[] = {
		"__raw_callee_save_", "_", "pv_", "native_", "paravirt_",
	};

	for (size_t i = 0; i < COUNT(before); i++)
		if (!strncmp(function, before[i], strlen(before[i])))
			return member_of(function + strlen(before[i]));
	for (size_t i = 0; i < COUNT(others); i++)
		if (!strcmp(function, others[i].function))
			return others[i].is;
	return member_named(function);
}

/* The function's name, if there is one, and the op that is named so. */
static enum member by_symbol(const struct symbols *s, uint64_t addr, char *name)
{
	size_t n;
	const struct symbol *of = symbols_at(s, addr, &n);
	char text[SYMBOL_MAX];
	enum member is = MEMBER_NONE;

	for (size_t i = 0; addr && i < n && is == MEMBER_NONE; i++) {
		is = member_of(symbol_name(s, of + i, text));
		if (!i || is != MEMBER_NONE)
			snprintf(name, OP_SYMBOL_MAX, "%.*s", OP_SYMBOL_MAX - 1, text);
	}
	return is;
}

static void may_be_none(struct slot *s)
{
	s->possible[MEMBER_NONE] = true;
}

static void is_none(struct slot *s)
{
	memset(s->possible, 0, sizeof(s->possible));
	may_be_none(s);
}

/* What other functions do too. */
#define TELLS_LITTLE	(B(EMPTY) | B(PLAIN) | B(NOTHING) | B(ARGUMENT) | B(RET0) | B(STORE) \
			 | B(STORE_AT) | B(THUNK) | B(XCHG))
#define RUN_MIN		3

/* A run of slots: all hold functions, or are called.  Those that are far from what the
 * order of members allows are of another order, and are not named; where a run is too
 * short for an order, only those are whose function tells. */
static void align(const struct kernel *k, struct slot *slots, unsigned n)
{
	bool good = order_align(slots, n, k->rule != RULE_TABLE) <= n / 4;

	for (unsigned i = 0; i < n; i++)
		if (!good)
			is_none(&slots[i]);
		else if (n < RUN_MIN && !slots[i].known && !(slots[i].does & ~TELLS_LITTLE))
			may_be_none(&slots[i]);
}

static void align_runs(const struct kernel *k, struct slot *slots)
{
	for (unsigned at = 0, n; at < k->ops; at += n + 1) {
		for (n = 0; at + n < k->ops && slots[at + n].does; n++)
			;
		align(k, slots + at, n);
	}
}

static void unname(struct op_naming *n)
{
	n->is = MEMBER_NONE;
	n->by = NAMED_none;
}

/* A name is one slot's. */
static void drop_twins(struct op_naming *names, unsigned ops)
{
	for (unsigned a = 0; a < ops; a++) {
		bool twin = false;

		for (unsigned b = a + 1; b < ops; b++)
			if (names[a].is != MEMBER_NONE && names[b].is == names[a].is) {
				twin = true;
				unname(&names[b]);
			}
		if (twin)
			unname(&names[a]);
	}
}

static enum named_by how(enum member structure, enum member symbol, enum member both)
{
	if (symbol == MEMBER_NONE && structure != MEMBER_NONE)
		return NAMED_structure;
	if (structure == symbol && structure != MEMBER_NONE)
		return NAMED_both;
	if (structure != MEMBER_NONE)
		return NAMED_conflict;
	return both != MEMBER_NONE ? NAMED_symbols : NAMED_none;
}

/* First without the symbols, then with them: what they say must be one of the things that
 * the structure leaves. */
static void name_slots(struct kernel *k, const struct symbols *s, struct slot *slots)
{
	enum member structure[SLOTS_MAX], symbol[SLOTS_MAX];

	align_runs(k, slots);
	for (unsigned op = 0; op < k->ops; op++) {
		structure[op] = slot_member(&slots[op]);
		symbol[op] = by_symbol(s, kernel_pointer(k, op), k->names[op].symbol);
		slots[op].known = symbol[op] != MEMBER_NONE && slots[op].possible[symbol[op]];
		slots[op].is = symbol[op];
	}
	align_runs(k, slots);
	for (unsigned op = 0; op < k->ops; op++) {
		struct op_naming *n = &k->names[op];

		n->slot = slots[op].does != 0;
		n->is = slot_member(&slots[op]);
		n->by = how(structure[op], symbol[op], n->is);
		memcpy(n->possible, slots[op].possible, sizeof(n->possible));
		if (n->by == NAMED_conflict)
			n->is = MEMBER_NONE;
	}
	drop_twins(k->names, k->ops);
}

bool ops_name(struct kernel *k)
{
	struct slot *slots = calloc(SLOTS_MAX, sizeof(*slots));
	struct symbols s = { 0 };

	k->names = calloc(SLOTS_MAX, sizeof(*k->names));
	if (slots && k->names && k->para_count && !k->listed) {
		symbols_open(&s, k->im);
		k->symbols = s.source;
		look_at_functions(k, slots);
		name_slots(k, &s, slots);
		symbols_close(&s);
	}
	free(slots);
	return slots && k->names;
}

void ops_count(const struct kernel *k, unsigned n[NAMED_COUNT])
{
	memset(n, 0, NAMED_COUNT * sizeof(*n));
	for (unsigned op = 0; op < k->ops; op++)
		if (k->names[op].slot)
			n[k->names[op].by]++;
}

const char *op_name(const struct kernel *k, unsigned op)
{
	if (k->listed)
		return op < COUNT(listed_types) ? listed_types[op] : NULL;
	return op < k->ops && k->names[op].is < MEMBER_COUNT
		? member_names[k->names[op].is] : NULL;
}
