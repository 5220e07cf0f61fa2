/* SPDX-License-Identifier: GPL-2.0-only */
/* One module of the stick, see stick_module.h. */
#include "firmware/file.h"
#include "firmware/memory.h"
#include "lib/sink.h"
#include "lib/mem.h"
#include "workload/registry.h"
#include "firmware/memory_map.h"
#include "stick_module.h"
#include "module_digests.h"
#include "alternative/own_alternatives.h"
#include "firmware/secure_boot.h"
#include "writer/code_pages.h"
#include "writer/writer.h"

/* A module that is being loaded. */
struct loading {
	struct run_module *row;
	struct held_module *held;
	const struct text_where *own;
	const struct nop_table *nops;
	struct features cpu;
	char *file;
	size_t len;
	uint8_t *staged;		/* its text, before it is stored */
	struct module module;
	struct module_sections sections;
};

#define refuse(l, ...)							\
	(text_format((l)->row->why, sizeof((l)->row->why), __VA_ARGS__), false)

static EFI_MEMORY_TYPE type_of(unsigned part)
{
	return part == MODULE_text ? EfiLoaderCode : EfiLoaderData;
}

static bool read_file(struct loading *l)
{
	char name[80];
	CHAR16 path[80];
	EFI_STATUS st;

	text_format(name, sizeof(name), MODULE_FOLDER "\\%s.ko", l->row->name);
	for (unsigned i = 0; i < sizeof(name); i++)
		path[i] = (CHAR16)(uint8_t)name[i];
	st = file_read(path, &l->file, &l->len);
	return !EFI_ERROR(st) || refuse(l, "%s", file_error(st));
}

/* The application's signature covers digests; a digest covers a module. */
static bool is_covered(struct loading *l)
{
	const struct sha256 h = sha256(l->file, l->len);

	sha256_text(&h, l->row->digest);
	l->row->covered = sha256_in(&h, covered_digests, covered_count);
	return l->row->covered || !secure_boot_on()
		|| refuse(l, "Secure Boot is on, and this application was not signed "
			     "with a module of these bytes (SHA-256 %s)",
			  l->row->digest);
}

static bool get_pages(struct loading *l)
{
	struct held_module *h = l->held;
	const char *why;

	for (unsigned p = 0; p < MODULE_PART_COUNT; p++) {
		size_t bytes = l->module.bytes[p];
		uint8_t *at = bytes ? pages_get(type_of(p), bytes) : NULL;

		if (bytes && !at)
			return refuse(l, "no memory in reach for its 0x%x bytes",
				      (unsigned)bytes);
		h->bytes[p] = bytes;
		h->mem.part[p].bytes = at;
		h->mem.part[p].addr = (uintptr_t)at;
		l->row->bytes += bytes;
	}
	why = code_pages_take(h->mem.part[MODULE_text].bytes, h->bytes[MODULE_text]);
	h->executable = !why;
	return !why || refuse(l, "its text cannot be executed: %s", why);
}

/* Loaded beside its text's pages, and stored there as all code is. */
static bool load(struct loading *l)
{
	const struct module_exports exports = own_exports();
	struct module_memory mem = l->held->mem;
	struct module_error e;

	l->staged = pool_get(l->held->bytes[MODULE_text]);
	if (!l->staged)
		return refuse(l, "no memory to put it together");
	mem.part[MODULE_text].bytes = l->staged;
	if (!module_load(&l->module, &mem, &exports, &l->sections, &e))
		return refuse(l, "%s", e.text);
	return text_copy(&cpu_text_writer, l->held->mem.part[MODULE_text].bytes,
			 l->staged, l->held->bytes[MODULE_text])
		|| refuse(l, "its text could not be stored");
}

static bool refuse_alternatives(struct loading *l,
				const struct alternatives_error *e)
{
	if (e->record == TEXT_NO_RECORD)
		return refuse(l, ".altinstructions: %s", e->why);
	return refuse(l, "%s, record %u, site at 0x%llx, %u bytes: %s", e->table,
		      (unsigned)e->record, (unsigned long long)e->addr, e->len, e->why);
}

/* A mode patches a record's site again and again, alternatives are for once. */
static bool has_both(const struct alternatives *a)
{
	for (size_t i = 0; i < a->count; i++)
		if (a->site[i].count && a->site[i].record != TEXT_NO_RECORD)
			return true;
	return false;
}

/* By the application's rules, on this CPU. */
static bool apply_alternatives(struct loading *l)
{
	static struct own_alternatives rules;
	struct alternatives_counts c;
	struct alternatives_error e;

	own_alternatives_where(l->own, &rules,
			       (struct own_machine){ .cpu = l->cpu },
			       l->nops);
	if (has_both(&l->held->alternatives))
		return refuse(l, ".altinstructions: a site has a paravirt record as well");
	if (!alternatives_apply(&l->held->alternatives, &rules.how, &cpu_text_writer,
				&c, &e))
		return refuse_alternatives(l, &e);
	l->row->alternatives = c.sites - c.text.sites;
	l->row->replaced = l->row->alternatives - c.alternative[ALTERNATIVE_BUILT];
	return true;
}

/* Once, as a kernel does it when it loads a module. */
static bool open_alternatives(struct loading *l)
{
	struct held_module *h = l->held;
	const struct alt_section alt = l->sections.alt;
	struct alternative_where w;
	struct alternatives_error e;
	size_t room;

	if (!alt.count)
		return true;
	h->entries = pool_get(alt.count * sizeof(*h->entries));
	if (!h->entries)
		return refuse(l, "no memory for its alternatives");
	w = module_alternatives(&l->module, &h->mem, alt, h->entries);
	room = alternatives_room(&w, &h->text);
	h->alt_room = pool_get(room);
	if (!h->alt_room)
		return refuse(l, "no memory for its alternatives");
	if (!alternatives_open(&h->alternatives, &w, &h->text, h->alt_room, room, &e)) {
		h->alternatives.site = NULL;
		return refuse_alternatives(l, &e);
	}
	return apply_alternatives(l);
}

static bool open_sites(struct loading *l)
{
	const struct text_where w = module_text(&l->module, &l->held->mem,
						l->sections.para, l->own);
	size_t room = text_room(&w);
	struct text_error e;

	l->held->room = pool_get(room);
	if (!l->held->room)
		return refuse(l, "no memory for the %u bytes of built bytes",
			      (unsigned)room);
	if (text_open(&l->held->text, &w, l->held->room, room, &e))
		return true;
	if (e.record == TEXT_NO_RECORD)
		return refuse(l, ".parainstructions: %s", e.why);
	return refuse(l, ".parainstructions, record %u, site at 0x%llx, type %u, %u bytes: %s",
		      (unsigned)e.record, (unsigned long long)e.addr, e.type, e.len,
		      e.why);
}

/* FAT finds a file by any case; its module has one name. */
static bool is_called(const char *name, const char *asked)
{
	while (*name && *name == *asked)
		name++, asked++;
	return *name == *asked;
}

/* One of its name is: two would be told apart by nothing. */
static bool is_loaded(const struct run_module *row)
{
	for (const struct run_module *k = row - row->number; k < row; k++)
		if (k->text && is_called(k->name, row->name))
			return true;
	return false;
}

static bool add_workloads(struct loading *l)
{
	struct module_error e;
	const struct module_info *info =
		module_info_check(&l->module, &l->held->mem, &l->sections, &e);

	if (!info)
		return refuse(l, "%s", e.text);
	if (!is_called(info->name, l->row->name))
		return refuse(l, "it says that it is %s", info->name);
	if (is_loaded(l->row))
		return refuse(l, "it was asked for twice");
	if (!loaded_add(info, &l->held->text))
		return refuse(l, "there is no room for its %u workloads beside those of "
				 "other modules",
			      (unsigned)info->count);
	l->row->workloads = info->count;
	return true;
}

static bool bring(struct loading *l)
{
	struct module_error e;

	if (!read_file(l) || !is_covered(l))
		return false;
	if (!module_read(&l->module, ARCH_ISA, (const uint8_t *)l->file, l->len, &e))
		return refuse(l, "%s", e.text);
	return get_pages(l) && load(l) && open_sites(l) && open_alternatives(l)
		&& add_workloads(l);
}

/* What is run by mistake after this traps; what is read is nothing of use.  False: not
 * all of it could be stored. */
static bool poison(uint8_t *at, size_t bytes, bool code)
{
	static uint8_t traps[MODULE_PAGE];
	bool stored = true;

	memset(traps, 0xcc, sizeof(traps));
	for (; bytes; bytes -= sizeof(traps), at += sizeof(traps))
		if (code)
			stored = text_copy(&cpu_text_writer, at, traps, sizeof(traps))
				&& stored;
		else
			memcpy(at, traps, sizeof(traps));
	return stored;
}

/* All of its pages, but for a text that never could be executed: nothing was stored
 * there. */
static bool poison_pages(struct held_module *h)
{
	bool stored = true;

	for (unsigned p = 0; p < MODULE_PART_COUNT; p++)
		if (h->mem.part[p].bytes && (p != MODULE_text || h->executable))
			stored = poison(h->mem.part[p].bytes, h->bytes[p],
					p == MODULE_text) && stored;
	return stored;
}

/* Frees the pages.  Return: does the firmware have them back? */
static bool put_pages(struct held_module *h)
{
	struct memory_count before, after;
	size_t code = h->bytes[MODULE_text], data = h->bytes[MODULE_rodata]
		+ h->bytes[MODULE_data];
	bool back;

	if (!code_pages_forget(h->mem.part[MODULE_text].bytes))
		h->mem.part[MODULE_text].bytes = NULL;	/* it stays, and is missed */
	back = memory_count(&before);
	for (unsigned p = 0; p < MODULE_PART_COUNT; p++)
		pages_put(h->mem.part[p].bytes, h->bytes[p]);
	back = memory_count(&after) && back
		&& after.loader_code + code == before.loader_code
		&& after.loader_data + data == before.loader_data;
	for (unsigned p = 0; p < MODULE_PART_COUNT; p++)
		back = back && memory_is_free(h->mem.part[p].addr, h->bytes[p]);
	return back;
}

const char *module_drop(struct held_module *h)
{
	struct alternatives_error e;
	const char *why = NULL;

	if (h->alternatives.site
	    && !alternatives_restore(&h->alternatives, &cpu_text_writer, &e))
		why = "its alternatives could not be put back";
	if (!poison_pages(h) && !why)
		why = "its text could not be poisoned";
	if (!put_pages(h))
		why = "the firmware does not have its memory back";
	pool_put(h->room);
	pool_put(h->entries);
	pool_put(h->alt_room);
	memset(h, 0, sizeof(*h));
	return why;
}

/* Why it is not loaded is said by then; that nothing is left of it may be untrue. */
static void drop_refused(struct run_module *row, struct held_module *h)
{
	const char *why = module_drop(h);
	size_t n = 0;

	while (row->why[n])
		n++;
	if (why)
		text_format(row->why + n, sizeof(row->why) - n, "; and %s", why);
}

bool module_bring(struct run_module *row, struct held_module *h,
		  const struct text_where *own, const struct nop_table *nops,
		  struct features cpu)
{
	static struct loading l;
	bool ok;

	l = (struct loading){ .row = row, .held = h, .own = own, .nops = nops,
			      .cpu = cpu };
	ok = bring(&l);
	pool_put(l.file);
	pool_put(l.staged);
	if (ok) {
		row->text = &h->text;
		row->sites = (unsigned)h->text.where.count;
		return true;
	}
	row->bytes = 0;
	row->alternatives = row->replaced = 0;
	drop_refused(row, h);
	return false;
}
