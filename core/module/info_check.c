/* SPDX-License-Identifier: GPL-2.0-only */
/* What a module says of itself, held against what was loaded; see module.h. */
#include "code_piece.h"
#include "lib/string.h"
#include "measure/body.h"
#include "module_file.h"
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
		return refuse(l->e, "the module is of another parapatch: version %u with "
				    "%u ops and %u conventions, this is %u with %u and %u",
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
		return refuse(l->e, "the module's workloads or their code, %u of them, are "
				    "not in its read-only data",
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
		if (string_equal(w->name, w[(int)k - (int)i].name))
			return refuse(l->e, "workloads %u and %u are both called %s",
				      k, i, w->name);
	if (!is_string(l, w->column, REGISTRY_COLUMN_ROOM)
	    || !is_string(l, w->what, REGISTRY_WHAT_ROOM))
		return refuse(l->e, "workload %u, %s: its column or description is no "
				    "text, or too long",
			      i, w->name);
	if (*(const uint8_t *)&w->if_before > 1)	/* no bool can say that */
		return refuse(l->e, "workload %u, %s: whether IF is on before it is "
				    "neither yes nor no",
			      i, w->name);
	if (w->kind != KIND_OP || (w->ring && w->ring != 3)
	    || (unsigned)w->seen > IF_ANY || (unsigned)w->after > IF_ANY)
		return refuse(l->e, "workload %u, %s: it is no op, or what it must do to "
				    "IF is unknown",
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

/* What repeats is the second copy of three: whole by itself. */
static const char *check_pieces(const struct look *l, const struct workload_code *c,
				uint64_t *bad)
{
	const struct piece_text t = {
		.isa = l->module->isa, .bytes = l->mem->part[MODULE_text].bytes,
		.addr = l->mem->part[MODULE_text].addr, .para = &l->sections->para,
	};
	const char *why = piece_check(&t, true, (const void *)c->one, c->one_end, bad);

	if (!why)
		why = piece_check(&t, false, (const void *)c->three, c->copy, bad);
	return why ? why : piece_check(&t, false, c->copy, c->copy_end, bad);
}

static unsigned sites_within(const struct look *l, uint64_t begin, uint64_t end)
{
	const struct para_section *p = &l->sections->para;
	unsigned n = 0;

	for (size_t i = 0; i < p->count; i++)
		n += para_addr(p, i) >= begin && para_addr(p, i) < end;
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
		return refuse(l->e, "workload %s, convention %s: a copy of its code has "
				    "%llu bytes; 1 to %u can be timed",
			      w->name, convention, (unsigned long long)copy, COPY_MAX);
	if (begin > PIECE_MAX || head > PIECE_MAX)
		return refuse(l->e, "workload %s, convention %s: its first copy, with what "
				    "is before it, has %llu bytes; %u at most",
			      w->name, convention,
			      (unsigned long long)(begin > head ? begin : head),
			      PIECE_MAX);
	if (sites > TEMPLATE_SITES_MAX || sites3 > TEMPLATE_SITES_MAX)
		return refuse(l->e, "workload %s, convention %s: two copies of its code "
				    "have %u sites; %u at most",
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
		return refuse(l->e, "workload %s, convention %s: its code at 0x%llx is not "
				    "inside the module's text, or out of order",
			      w->name, called,
			      (unsigned long long)(uintptr_t)c->one);
	if (!check_size(l, w, called, c))
		return false;
	why = check_pieces(l, c, &at);
	if (!why)
		return true;
	place_text(l, at, place, sizeof(place));
	return refuse(l->e, "workload %s, convention %s: copies of its code cannot be "
			    "timed: what is at %s %s",
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
