/* SPDX-License-Identifier: GPL-2.0-only */
/* What a module says of itself, held against what was loaded; see module.h. */
#include "measure/body.h"
#include "patch/insn.h"
#include "lib/mem.h"
#include "module_parts.h"
#include "workload/registry.h"

/* A module that is being looked at. */
struct look {
	const struct module *module;
	const struct module_memory *mem;
	const struct module_sections *sections;
	struct module_error *e;
};

_Static_assert(MODULE_NAME_MAX + sizeof(":") + MODULE_WORKLOAD_MAX <= REGISTRY_NAME_ROOM,
	       "the registry has room for a workload's whole name");

/* @at: an address that may be anything, and so no pointer yet. */
static bool in_part(const struct look *l, enum module_part p, uintptr_t at,
		    size_t len)
{
	uint64_t off = at - l->mem->part[p].addr;

	return off <= l->module->bytes[p] && len <= l->module->bytes[p] - off;
}

/* In read-only data, aligned, @count of them: not so many that bytes overflow. */
static bool is_array(const struct look *l, const void *at, size_t size,
		     size_t count)
{
	return !((uintptr_t)at % _Alignof(void *))
		&& in_part(l, MODULE_rodata, (uintptr_t)at, size * count);
}

/* A printable string of 1 to @room - 1 characters, in read-only data. */
static bool is_string(const struct look *l, const char *s, size_t room)
{
	size_t n;

	for (n = 0; n < room && in_part(l, MODULE_rodata, (uintptr_t)s + n, 1); n++) {
		if (!s[n])
			return n > 0;
		if (s[n] < ' ' || s[n] > '~' || s[n] == '"')
			return false;
	}
	return false;
}

static bool is_name(const struct look *l, const char *s, size_t most)
{
	if (!is_string(l, s, most + 1))
		return false;
	for (; *s; s++)
		if (!((*s >= 'a' && *s <= 'z') || (*s >= '0' && *s <= '9')
		      || *s == '_'))
			return false;
	return true;
}

static bool check_header(const struct look *l, const struct module_info *info)
{
	if (info->version != MODULE_VERSION || info->ops != OP_COUNT
	    || info->conventions != CONVENTION_COUNT)
		return refuse(l->e, "the module is of another parapatch: version %u with %u ops and %u conventions, this is %u with %u and %u",
			      (unsigned)info->version, (unsigned)info->ops,
			      (unsigned)info->conventions, MODULE_VERSION, OP_COUNT,
			      CONVENTION_COUNT);
	if (!is_name(l, info->name, MODULE_NAME_MAX))
		return refuse(l->e, "the module's name is none: 1 to %u of a-z, 0-9 and _",
			      MODULE_NAME_MAX);
	if (!info->count || info->count > MODULE_WORKLOADS_MAX
	    || !is_array(l, info->workload, sizeof(*info->workload), info->count)
	    || !is_array(l, info->code, sizeof(*info->code),
			 (size_t)info->count * CONVENTION_COUNT))
		return refuse(l->e, "the module's workloads or their code, %u of them, are not in its read-only data",
			      (unsigned)info->count);
	return true;
}

static bool check_row(const struct look *l, unsigned i,
		      const struct workload *w)
{
	if (!is_name(l, w->name, MODULE_WORKLOAD_MAX))
		return refuse(l->e, "workload %u: its name is none: 1 to %u of a-z, 0-9 and _",
			      i, MODULE_WORKLOAD_MAX);
	for (unsigned k = 0; k < i; k++)
		if (same_name(w->name, w[(int)k - (int)i].name))
			return refuse(l->e, "workloads %u and %u are both called %s",
				      k, i, w->name);
	if (!is_string(l, w->column, REGISTRY_COLUMN_ROOM) || !is_string(l, w->what, REGISTRY_WHAT_ROOM))
		return refuse(l->e, "workload %u, %s: its column or description is no text, or too long",
			      i, w->name);
	if (*(const uint8_t *)&w->if_before > 1)	/* no bool can say that */
		return refuse(l->e, "workload %u, %s: whether IF is on before it is neither yes nor no",
			      i, w->name);
	if (w->kind != KIND_OP || (w->ring && w->ring != 3)
	    || (unsigned)w->seen > IF_ANY || (unsigned)w->after > IF_ANY)
		return refuse(l->e, "workload %u, %s: it is no op, or what it must do to IF is unknown",
			      i, w->name);
	return true;
}

/* Addresses of the text that follow each other. */
static bool in_order(const struct look *l, const struct workload_code *c)
{
	uint64_t begin = l->mem->part[MODULE_text].addr;
	const uint64_t at[] = {
		begin, (uintptr_t)c->one, (uintptr_t)c->one_end,
		begin + l->module->text_len,
	}, three[] = {
		begin, (uintptr_t)c->three, (uintptr_t)c->copy,
		(uintptr_t)c->copy_end, (uintptr_t)c->three_end,
		begin + l->module->text_len,
	};

	for (unsigned i = 1; i < sizeof(at) / sizeof(at[0]); i++)
		if (at[i - 1] > at[i])
			return false;
	for (unsigned i = 1; i < sizeof(three) / sizeof(three[0]); i++)
		if (three[i - 1] > three[i])
			return false;
	return true;
}

/* The record of the site that begins there; NULL: there is none. */
static const struct site *site_at(const struct look *l, uint64_t addr)
{
	const struct para_section *p = &l->sections->para;

	for (size_t i = 0; i < p->count; i++)
		if (addr == p->addr + i * sizeof(struct site)
		    + (uint64_t)(int64_t)p->sites[i].site)
			return &p->sites[i];
	return NULL;
}

/*
 * Code that is copied: [begin, end), at most PIECE_MAX bytes.  It is read instruction
 * by instruction; a site counts as one.
 */
#define PIECE_MAX	(4 * COPY_MAX)
struct piece {
	const struct look *l;
	bool looks;				/* it may call work.look, see LOOK() */
	const uint8_t *bytes;			/* of begin */
	uint64_t begin, end;
	uint64_t bad;				/* the first that may not be there */
	uint8_t starts[PIECE_MAX / 8 + 1];	/* a bit a byte: one begins there */
};

static bool starts_at(const struct piece *c, uint64_t at)
{
	uint64_t n = at - c->begin;

	return n <= c->end - c->begin && c->starts[n / 8] >> n % 8 & 1;
}

static void mark_start(struct piece *c, uint64_t at)
{
	uint64_t n = at - c->begin;

	c->starts[n / 8] |= (uint8_t)(1u << n % 8);
}

static bool is_prefix(enum isa isa, uint8_t byte)
{
	switch (byte) {
	case 0x26: case 0x2e: case 0x36: case 0x3e: case 0x64: case 0x65:
	case 0x66: case 0x67: case 0xf0: case 0xf2: case 0xf3:
		return true;
	}
	return isa == ISA_X86_64 && (byte & 0xf0) == 0x40;	/* REX */
}

/* An opcode of one byte, or of two, the first of them 0F; else OPCODE_OTHER. */
#define BEHIND_0F	0x100
#define OPCODE_OTHER	0x200
static unsigned opcode_of(enum isa isa, const struct insn *in, const uint8_t *p)
{
	unsigned at = 0, op = p[in->opcode_at];

	while (is_prefix(isa, p[at]))
		at++;
	if (at == in->opcode_at)
		return op;
	return at + 1 == in->opcode_at && p[at] == 0x0f ? BEHIND_0F | op : OPCODE_OTHER;
}

/*
 * Does control go on elsewhere than behind it, other than by a displacement?  Far and
 * indirect branches, returns, interrupts, system calls, RSM, UD.  @looks: calls of a
 * pointer may.
 *
 * Source: Intel SDM Vol. 2D, "Opcode Map".
 */
static bool leaves(enum isa isa, const struct insn *in, const uint8_t *p, bool looks)
{
	unsigned reg = p[in->modrm_at] >> 3 & 7;

	switch (opcode_of(isa, in, p)) {
	case 0x9a: case 0xea:			/* far, by an immediate */
	case 0xc2: case 0xc3: case 0xca: case 0xcb: case 0xcf:
	case 0xcc: case 0xcd: case 0xce: case 0xf1:
	case BEHIND_0F | 0x05: case BEHIND_0F | 0x07: case BEHIND_0F | 0x34:
	case BEHIND_0F | 0x35: case BEHIND_0F | 0xaa: case BEHIND_0F | 0x0b:
	case BEHIND_0F | 0xb9: case BEHIND_0F | 0xff:
		return true;
	case 0xff:				/* near and far CALL, near and far JMP */
		return reg >= (looks ? 3 : 2) && reg <= 5;
	}
	return false;
}

/* Of one instruction by itself: why it cannot be copied, or NULL. */
static const char *why_not(const struct piece *c, const struct insn *in,
			   const uint8_t *p)
{
	if (in->kind == INSN_CALL_REL)
		return "calls a function: a workload may call none";
	if (in->rip_at)
		return "depends on its place: keep data in struct work";
	if (leaves(c->l->module->isa, in, p, c->looks))
		return "leads away, and is no site";
	return NULL;
}

/* Where every instruction begins, the piece's end included. */
static const char *read_piece(struct piece *c)
{
	enum isa isa = c->l->module->isa;
	uint64_t at = c->begin;

	while (at < c->end) {
		const uint8_t *p = c->bytes + (at - c->begin);
		const struct site *s = site_at(c->l, at);
		struct insn in = { .len = 0 };
		const char *why;

		c->bad = at;
		mark_start(c, at);
		if (s && s->len) {
			if (s->len > c->end - at)
				return "is a site that ends outside it";
			at += s->len;
			continue;
		}
		if (!insn_decode(&in, isa, p, (size_t)(c->end - at)))
			return "is no instruction, or ends outside it";
		why = why_not(c, &in, p);
		if (why)
			return why;
		at += in.len;
	}
	mark_start(c, at);
	return NULL;
}

/* Every branch leads to where one begins, in the same piece. */
static const char *read_branches(struct piece *c)
{
	for (uint64_t at = c->begin; at < c->end; ) {
		const uint8_t *p = c->bytes + (at - c->begin);
		const struct site *s = site_at(c->l, at);
		struct insn in = { .len = 0 };

		c->bad = at;
		if (s && s->len) {
			at += s->len;
			continue;
		}
		insn_decode(&in, c->l->module->isa, p, (size_t)(c->end - at));
		if (in.rel_bytes
		    && !starts_at(c, insn_target(&in, p, at, in.rel_at, in.rel_bytes)))
			return "leads out of it, or to where no instruction begins";
		at += in.len;
	}
	return NULL;
}

/* Can code be copied?  NULL, or why what is at *@bad cannot. */
static const char *check_piece(const struct look *l, bool looks, const void *from,
			       const void *to, uint64_t *bad)
{
	struct piece c = {
		.l = l, .looks = looks,
		.begin = (uintptr_t)from, .end = (uintptr_t)to,
	};
	const char *why;

	c.bytes = l->mem->part[MODULE_text].bytes
		+ (c.begin - l->mem->part[MODULE_text].addr);
	why = read_piece(&c);
	if (!why)
		why = read_branches(&c);
	*bad = c.bad;
	return why;
}

/* What repeats is the second copy of three: whole by itself. */
static const char *check_pieces(const struct look *l, const struct workload_code *c,
				uint64_t *bad)
{
	const char *why = check_piece(l, true, (const void *)c->one, c->one_end, bad);

	if (!why)
		why = check_piece(l, false, (const void *)c->three, c->copy, bad);
	return why ? why : check_piece(l, false, c->copy, c->copy_end, bad);
}

static unsigned sites_within(const struct look *l, uint64_t begin, uint64_t end)
{
	const struct para_section *p = &l->sections->para;
	unsigned n = 0;

	for (size_t i = 0; i < p->count; i++) {
		uint64_t at = p->addr + i * sizeof(struct site)
			+ (uint64_t)(int64_t)p->sites[i].site;

		n += at >= begin && at < end;
	}
	return n;
}

/* What bodies of it can be made of, see body.h and layout.h. */
static bool check_size(const struct look *l, const struct workload *w,
		       const char *convention, const struct workload_code *c)
{
	uint64_t one = (uintptr_t)c->one, three = (uintptr_t)c->three;
	uint64_t copy = (uint64_t)(c->copy_end - c->copy);
	uint64_t begin = (uintptr_t)c->one_end - one;
	uint64_t head = (uintptr_t)c->copy - three;
	unsigned sites = sites_within(l, one, (uintptr_t)c->one_end);
	unsigned sites3 = sites_within(l, three, (uintptr_t)c->copy_end);

	if (!copy || copy > COPY_MAX)
		return refuse(l->e, "workload %s, convention %s: a copy of its code has %llu bytes; 1 to %u can be timed",
			      w->name, convention, (unsigned long long)copy, COPY_MAX);
	if (begin > PIECE_MAX || head > PIECE_MAX)
		return refuse(l->e, "workload %s, convention %s: its first copy, with what is before it, has %llu bytes; %u at most",
			      w->name, convention,
			      (unsigned long long)(begin > head ? begin : head),
			      PIECE_MAX);
	if (sites > TEMPLATE_SITES_MAX || sites3 > TEMPLATE_SITES_MAX)
		return refuse(l->e, "workload %s, convention %s: two copies of its code have %u sites; %u at most",
			      w->name, convention, sites > sites3 ? sites : sites3,
			      TEMPLATE_SITES_MAX);
	return true;
}

/* As a section and what is to be added, which readelf and objdump have as well. */
static void place_text(const struct look *l, uint64_t addr, char *to, size_t room)
{
	uint64_t off = addr - l->mem->part[MODULE_text].addr;
	char name[NAME_ROOM];

	for (unsigned i = 1; i < l->module->sections; i++) {
		const struct module_section *s = &l->module->section[i];

		if (s->loaded && s->part == MODULE_text && off >= s->at
		    && off - s->at < s->size) {
			text_format(to, room, "%s+0x%llx",
				    section_name(l->module, i, name),
				    (unsigned long long)(off - s->at));
			return;
		}
	}
	text_format(to, room, "0x%llx", (unsigned long long)addr);
}

static bool check_code(const struct look *l, const struct workload *w,
		       unsigned convention, const struct workload_code *c)
{
	const char *why, *called = conventions[convention].name;
	char place[NAME_ROOM + 20];
	uint64_t at = 0;

	if (!c->one || !c->three)
		return refuse(l->e, "workload %s has no code in convention %s",
			      w->name, called);
	if (!in_order(l, c))
		return refuse(l->e, "workload %s, convention %s: its code at 0x%llx is not inside the module's text, or out of order",
			      w->name, called,
			      (unsigned long long)(uintptr_t)c->one);
	if (!check_size(l, w, called, c))
		return false;
	why = check_pieces(l, c, &at);
	if (!why)
		return true;
	place_text(l, at, place, sizeof(place));
	return refuse(l->e, "workload %s, convention %s: copies of its code cannot be timed: what is at %s %s",
		      w->name, called, place, why);
}

const struct module_info *module_info_check(const struct module *m,
					    const struct module_memory *mem,
					    const struct module_sections *s,
					    struct module_error *e)
{
	const struct look l = { m, mem, s, e };
	const struct module_info *info = (const void *)s->info.bytes;

	if (s->info.len != sizeof(*info)
	    || (uintptr_t)info % _Alignof(struct module_info)) {
		(void)refuse(e, "section .module_info has %u bytes, not %u, or is not aligned",
			     (unsigned)s->info.len, (unsigned)sizeof(*info));
		return NULL;
	}
	if (!check_header(&l, info))
		return NULL;
	for (unsigned i = 0; i < info->count; i++)
		if (!check_row(&l, i, &info->workload[i]))
			return NULL;
	for (unsigned i = 0; i < info->count * CONVENTION_COUNT; i++)
		if (!check_code(&l, &info->workload[i % info->count],
				i / info->count, &info->code[i]))
			return NULL;
	return info;
}
