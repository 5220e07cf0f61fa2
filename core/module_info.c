/* SPDX-License-Identifier: GPL-2.0-only */
/* What a module says of itself, held against what was loaded; see module.h. */
#include "insn.h"
#include "lib.h"
#include "module_parts.h"

/* A module that is being looked at. */
struct look {
	const struct module *module;
	const struct module_memory *mem;
	const struct module_sections *sections;
	struct module_error *e;
};

/* Longest text of a row, with its end. */
#define WHAT_ROOM	160
#define COLUMN_ROOM	17

/* @at: an address that may be anything, and so no pointer yet. */
static bool in_part(const struct look *l, enum module_part p, uintptr_t at,
		    size_t len)
{
	uint64_t off = at - l->mem->part[p].addr;

	return off <= l->module->bytes[p] && len <= l->module->bytes[p] - off;
}

/* In read-only data, aligned, @count of them. */
static bool is_array(const struct look *l, const void *at, size_t size,
		     size_t count)
{
	return !((uintptr_t)at % _Alignof(void *))
		&& count <= MODULE_BYTES_MAX / size
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
	if (!is_string(l, w->column, COLUMN_ROOM) || !is_string(l, w->what, WHAT_ROOM))
		return refuse(l->e, "workload %u, %s: its column or description is no text, or too long",
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

static bool leads_out(const struct insn *in, const uint8_t *p, uint64_t addr,
		      uint64_t begin, uint64_t end)
{
	uint64_t to = insn_target(in, p, addr, in->rel_at, in->rel_bytes);

	return in->rel_bytes && (to < begin || to > end);
}

/* Instruction by instruction: something in code that is copied leads out of it or is
 * relative to its place, and is no site; or it cannot be read. */
static bool find_relative(const struct look *l, const void *from, const void *to,
			  uint64_t *found)
{
	uint64_t begin = (uintptr_t)from, end = (uintptr_t)to, at = begin;
	const uint8_t *bytes = l->mem->part[MODULE_text].bytes;
	uint64_t text = l->mem->part[MODULE_text].addr;

	while (at < end) {
		const uint8_t *p = bytes + (at - text);
		const struct site *s = site_at(l, at);
		struct insn in = { .len = 0 };

		*found = at;
		if (s && s->len && s->len <= end - at) {
			at += s->len;
			continue;
		}
		if (!insn_decode(&in, l->module->isa, p, (size_t)(end - at))
		    || in.rip_at || leads_out(&in, p, at, begin, end))
			return true;
		at += in.len;
	}
	return false;
}

/* What repeats is the second copy of three: whole by itself. */
static bool has_relative(const struct look *l, const struct workload_code *c,
			 uint64_t *found)
{
	return find_relative(l, (const void *)c->one, c->one_end, found)
		|| find_relative(l, (const void *)c->three, c->copy, found)
		|| find_relative(l, c->copy, c->copy_end, found);
}

static bool check_code(const struct look *l, const struct workload *w,
		       unsigned convention, const struct workload_code *c)
{
	uint64_t at;

	if (!c->one || !c->three)
		return refuse(l->e, "workload %s has no code in convention %s",
			      w->name, conventions[convention].name);
	if (!in_order(l, c))
		return refuse(l->e, "workload %s, convention %s: its code at 0x%llx is not inside the module's text, or out of order",
			      w->name, conventions[convention].name,
			      (unsigned long long)(uintptr_t)c->one);
	if (has_relative(l, c, &at))
		return refuse(l->e, "workload %s, convention %s: what is at 0x%llx depends on its place or leads away, so copies of it cannot be timed; keep data in struct work",
			      w->name, conventions[convention].name,
			      (unsigned long long)at);
	return true;
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
