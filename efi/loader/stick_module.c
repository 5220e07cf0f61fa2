/* SPDX-License-Identifier: GPL-2.0-only */
/* One module of the stick, see stick_module.h. */
#include "firmware/file.h"
#include "firmware/memory.h"
#include "firmware/secure_boot.h"
#include "lib/string.h"
#include "loading.h"
#include "module_digests.h"
#include "patch/own_text.h"
#include "patch/text_error.h"
#include "stick_alternatives.h"
#include "stick_module.h"
#include "workload/registry.h"
#include "writer/code_pages.h"
#include "writer/writer.h"

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

static bool open_sites(struct loading *l)
{
	const struct text_where w = module_text(&l->module, &l->held->mem,
						l->sections.para, l->own);
	size_t room = text_room(&w);
	struct text_error e;
	char why[200];

	l->held->room = pool_get(room);
	if (!l->held->room)
		return refuse(l, "no memory for the %u bytes of built bytes",
			      (unsigned)room);
	if (text_open(&l->held->text, &w, l->held->room, room, &e))
		return true;
	text_error_say(why, sizeof(why), ".parainstructions", &e);
	return refuse(l, "%s", why);
}

/* One of its name is: two would be told apart by nothing. */
static bool is_loaded(const struct run_module *row)
{
	for (const struct run_module *k = row - row->number; k < row; k++)
		if (k->text && string_equal(k->name, row->name))
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
	/* FAT finds a file by any case; its module has one name. */
	if (!string_equal(info->name, l->row->name))
		return refuse(l, "it says that it is %s", info->name);
	if (is_loaded(l->row))
		return refuse(l, "it was asked for twice");
	if (!loaded_add(info->name, info->workload, info->count, info->code,
			&l->held->text))
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
	return get_pages(l) && load(l) && open_sites(l) && stick_alternatives_open(l)
		&& add_workloads(l);
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
