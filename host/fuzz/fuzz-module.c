/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Any bytes as a module, for both architectures: what is refused has changed
 * nothing, what is loaded was written to the module's own memory alone, and its
 * sites, where they are accepted, are patched and put back.
 */
#include <stdlib.h>
#include <string.h>
#include "alternative/alternatives.h"
#include "backend/backends.h"
#include "patch/mode.h"
#include "module/module.h"

#define FILL	0x5a

/* Its parts, a page between two; each is as large as a module may be. */
static uint8_t memory[4 * MODULE_BYTES_MAX] __attribute__((aligned(MODULE_PAGE)));

static bool window(void *ctx, uint8_t *at, size_t len,
		   void (*store)(void *arg, ptrdiff_t shift), void *arg)
{
	(void)ctx, (void)at, (void)len;
	store(arg, 0);
	return true;
}

/* Return: bytes of memory up to the end of the last page between. */
static size_t place(const struct module *m, bool native, struct module_memory *mem)
{
	size_t at = MODULE_PAGE;

	for (unsigned p = 0; p < MODULE_PART_COUNT; p++) {
		if (m->bytes[p] > sizeof(memory) || at + m->bytes[p] + MODULE_PAGE > sizeof(memory))
			return 0;
		mem->part[p].bytes = memory + at;
		mem->part[p].addr = (native ? (uintptr_t)memory : 0x10000000) + at;
		at += m->bytes[p] + MODULE_PAGE;
	}
	return at;
}

static void filled(const uint8_t *from, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (from[i] != FILL)
			abort();
}

/* What is around its parts; where it was refused, those too. */
static void only_own(const struct module *m, const struct module_memory *mem,
		     size_t end, bool loaded)
{
	if (!loaded)
		filled(memory, end);
	filled(memory, MODULE_PAGE);
	for (unsigned p = 0; p < MODULE_PART_COUNT; p++)
		filled(mem->part[p].bytes + m->bytes[p], MODULE_PAGE);
}

/* Patched in every mode, and put back. */
static void patch(const struct text *t)
{
	const struct text_writer w = { window, NULL };
	size_t len = t->where.len;
	uint8_t *fresh = malloc(len);
	struct text_counts c;
	struct text_error e;

	memcpy(fresh, t->where.bytes, len);
	for (unsigned m = 0; m < MODE_COUNT; m++)
		if (m != MODE_native
		    && text_apply(t, backends[BACKEND_native], &modes[m], nop_tables[0],
				  TEXT_ALL, &w, &c, &e)
		    && c.sites != t->where.count)
			abort();
	if (!text_restore(t, &w, &e) || memcmp(fresh, t->where.bytes, len))
		abort();
	free(fresh);
}

static bool has(void *ctx, unsigned feature)
{
	(void)ctx;
	return feature & 1;
}

static bool pointer(void *ctx, uint64_t addr, uint64_t *value)
{
	(void)ctx;
	*value = addr + 0x1000;
	return addr & 8;
}

/* Opened, applied, and taken back. */
static void replace(const struct module *m, const struct module_memory *mem,
		    const struct alt_section *alt, const struct text *t)
{
	const struct text_writer w = { window, NULL };
	struct alternative *entry = malloc(alt->count * sizeof(*entry));
	const struct alternative_where where = module_alternatives(m, mem, *alt, entry);
	size_t bytes = alternatives_room(&where, t), len = t->where.len;
	const struct alternatives_how how = {
		.span = TEXT_ALL,
		.rules = { .has = has, .pointer = pointer, .nops = nop_tables[0] },
	};
	void *room = malloc(bytes);
	uint8_t *fresh = malloc(len);
	struct alternatives a;
	struct alternatives_counts c;
	struct alternatives_error e;

	memcpy(fresh, t->where.bytes, len);
	if (alternatives_open(&a, &where, t, room, bytes, &e)) {
		bool applied = alternatives_apply(&a, &how, &w, &c, &e);

		if (!applied && memcmp(fresh, t->where.bytes, len))
			abort();
		if (!alternatives_restore(&a, &w, &e)
		    || memcmp(fresh, t->where.bytes, len))
			abort();
	} else if (memcmp(fresh, t->where.bytes, len)) {
		abort();
	}
	free(fresh);
	free(room);
	free(entry);
}

static void open_sites(const struct module *m, const struct module_memory *mem,
		       const struct module_sections *s, const struct module_exports *x)
{
	const struct text_where own = {
		.isa = m->isa, .table = x->list[0].addr, .ops = OP_COUNT,
		.callee = x->list[1].addr, .endbr = ENDBR_LEN,
	};
	const struct text_where w = module_text(m, mem, s->para, &own);
	size_t bytes = text_room(&w);
	void *room = malloc(bytes);
	struct text_error e;
	struct text t;

	if (text_open(&t, &w, room, bytes, &e)) {
		patch(&t);
		if (s->alt.count)
			replace(m, mem, &s->alt, &t);
	} else if (e.record != TEXT_NO_RECORD && e.record >= w.count) {
		abort();
	}
	free(room);
}

static void try(enum isa isa, bool native, const uint8_t *file, size_t len)
{
	struct module_memory mem;
	struct module_sections s;
	struct module_error e = { "" };
	struct module m;
	size_t end;
	bool loaded;

	if (!module_read(&m, isa, file, len, &e)) {
		if (!e.text[0])
			abort();
		return;
	}
	end = place(&m, native, &mem);
	if (!end)
		abort();
	const struct module_export list[] = {
		{ "paravirt_ops", mem.part[0].addr + 0x400000 },
		{ "paravirt_callee", mem.part[0].addr + 0x401000 },
		{ "memcpy", mem.part[0].addr + 0x402000 },
	};
	const struct module_exports x = { list, 3 };

	memset(memory, FILL, end);
	loaded = module_load(&m, &mem, &x, &s, &e);
	only_own(&m, &mem, end, loaded);
	if (!loaded)
		return;
	if (native)
		module_info_check(&m, &mem, &s, &e);
	open_sites(&m, &mem, &s, &x);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	/* On the heap, to its byte. */
	uint8_t *file = malloc(size ? size : 1);

	if (size)
		memcpy(file, data, size);
	for (enum isa isa = 0; isa < ISA_COUNT; isa++) {
		try(isa, false, file, size);
		if (isa == ARCH_ISA)
			try(isa, true, file, size);
	}
	free(file);
	return 0;
}
