/* SPDX-License-Identifier: GPL-2.0-only */
/* Modules from the stick, see modules.h. */
#include "app.h"
#include "lib.h"
#include "loaded.h"
#include "memory_count.h"
#include "module.h"
#include "modules.h"
#include "own_alternatives.h"
#include "secure_boot.h"
#include "writer.h"

#define FOLDER	"\\modules\\" ARCH_NAME
#define WIDE_(s)	L##s
#define WIDE(s)		WIDE_(s)
#define ARCH_NAME_16	WIDE(ARCH_NAME)

/* What a loaded module has. */
struct held_module {
	struct module_memory mem;
	size_t bytes[MODULE_PART_COUNT];
	struct text text;
	struct alternatives alternatives;	/* .site NULL: it has none */
	struct alternative *entries;
	void *room, *alt_room;		/* of both */
};

static struct held_module held[MODULES_MAX];

/* A module that is being loaded. */
struct loading {
	struct run_module *row;
	struct held_module *held;
	const struct text_where *own;
	const struct nop_table *nops;
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

	text_format(name, sizeof(name), FOLDER "\\%s.ko", l->row->name);
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
		|| refuse(l, "Secure Boot is on, and this application was not signed with a module of these bytes (SHA-256 %s)",
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
	why = writer_code(h->mem.part[MODULE_text].bytes, h->bytes[MODULE_text]);
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
			       (struct own_machine){ .cpu = app.env.features },
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
		return refuse(l, "there is no room for its %u workloads beside those of other modules",
			      (unsigned)info->count);
	l->row->workloads = info->count;
	return true;
}

static bool load_file(struct loading *l)
{
	struct module_error e;

	if (!read_file(l) || !is_covered(l))
		return false;
	if (!module_read(&l->module, ARCH_ISA, (const uint8_t *)l->file, l->len, &e))
		return refuse(l, "%s", e.text);
	return get_pages(l) && load(l) && open_sites(l) && open_alternatives(l)
		&& add_workloads(l);
}

/* What is run by mistake after this traps; what is read is nothing of use. */
static void poison(uint8_t *at, size_t bytes, bool code)
{
	uint8_t *traps;

	if (!code) {
		memset(at, 0xcc, bytes);
		return;
	}
	traps = pool_get(bytes);
	if (!traps)
		return;
	memset(traps, 0xcc, bytes);
	text_copy(&cpu_text_writer, at, traps, bytes);
	pool_put(traps);
}

/* Frees the pages.  Return: does the firmware's map show them free, and its counts
 * of what they were lower by as many? */
static bool put_pages(struct held_module *h)
{
	struct memory_count before, after;
	size_t code = h->bytes[MODULE_text], data = h->bytes[MODULE_rodata]
		+ h->bytes[MODULE_data];
	bool back;

	for (unsigned p = 0; p < MODULE_PART_COUNT; p++)
		if (h->mem.part[p].bytes)
			poison(h->mem.part[p].bytes, h->bytes[p], p == MODULE_text);
	writer_forget(h->mem.part[MODULE_text].bytes);
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

/* Return: as put_pages(), and its built bytes were put back before. */
static bool drop(struct held_module *h)
{
	struct alternatives_error e;
	bool back = !h->alternatives.site
		|| alternatives_restore(&h->alternatives, &cpu_text_writer, &e);

	back = put_pages(h) && back;
	pool_put(h->room);
	pool_put(h->entries);
	pool_put(h->alt_room);
	memset(h, 0, sizeof(*h));
	return back;
}

static void say(const struct run_module *row)
{
	if (row->why[0])
		sink_printf(console, "parapatch: module %s is not loaded: " FOLDER "\\%s.ko: %s\n",
			    row->name, row->name, row->why);
	else
		sink_printf(console, "Module %s: %u workloads, %u sites, %u of %u alternatives applied, %u bytes of memory; built with this application: %s\n",
			    row->name, row->workloads, row->sites,
			    row->replaced, row->alternatives,
			    (unsigned)row->bytes, row->covered ? "yes" : "no");
}

static void load_one(struct run *r, const struct text_where *own)
{
	static struct loading l;
	struct held_module *h = &held[r->modules];
	struct run_module *row = &r->module[r->modules++];

	row->number = r->modules - 1;
	l = (struct loading){ .row = row, .held = h, .own = own, .nops = r->nops };
	if (load_file(&l)) {
		row->text = &h->text;
		row->sites = (unsigned)h->text.where.count;
	} else {
		row->bytes = 0;
		row->alternatives = row->replaced = 0;
		drop(h);
	}
	pool_put(l.file);
	pool_put(l.staged);
	say(row);
}

/* Of somebody that is not there: a row for its line. */
static void refuse_row(struct run *r, const char *name, const char *why)
{
	struct run_module *row = &r->module[r->modules++];

	text_format(row->name, sizeof(row->name), "%s", name);
	text_format(row->why, sizeof(row->why), "%s", why);
	say(row);
}

/* By name.  False: there is no room for more. */
static bool take(struct run *r, const struct text_where *own, const char *name)
{
	if (r->modules == MODULES_MAX) {
		refuse_row(r, name, "there are too many modules; ask for some of them, and for others in another run");
		return false;
	}
	text_format(r->module[r->modules].name, CONFIG_NAME_MAX + 1, "%s", name);
	load_one(r, own);
	return true;
}

/* NAME.ko to NAME, or nothing. */
static bool is_module_file(const CHAR16 *file, char *name)
{
	unsigned n;

	for (n = 0; file[n] && file[n] != '.'; n++) {
		if (n == CONFIG_NAME_MAX || file[n] < '-' || file[n] > 'z')
			return false;
		name[n] = (char)file[n];
	}
	name[n] = '\0';
	return n && file[n] && (file[n + 1] | 32) == 'k' && (file[n + 2] | 32) == 'o'
		&& !file[n + 3];
}

static void load_all(struct run *r, const struct text_where *own)
{
	struct folder f;
	const CHAR16 *file;
	char name[CONFIG_NAME_MAX + 1];

	if (folder_open(&f, (const CHAR16 *)L"\\modules\\" ARCH_NAME_16)) {
		while ((file = folder_next(&f)))
			if (is_module_file(file, name) && !take(r, own, name))
				break;
		folder_close(&f);
	}
	if (!r->modules)
		refuse_row(r, "all", "there is no module on the stick");
}

void modules_load(struct run *r, const struct text_where *own)
{
	char name[CONFIG_NAME_MAX + 1];
	const char *names = r->config->modules;

	if (!config_name(names, 0, name))
		return;
	/* One more, for the line about those that are too many. */
	r->module = pool_get((MODULES_MAX + 1) * sizeof(*r->module));
	if (!r->module || !memory_count_open()) {
		app.env.check_failed = "modules were asked for, and there is no memory for them";
		sink_printf(console, "parapatch: %s\n", app.env.check_failed);
		return;
	}
	memset(r->module, 0, (MODULES_MAX + 1) * sizeof(*r->module));
	if (!memcmp(name, "all", 4))
		load_all(r, own);
	else
		for (unsigned i = 0; config_name(names, i, name); i++)
			if (!take(r, own, name))
				break;
}

void modules_unload(struct run *r)
{
	for (unsigned i = 0; i < r->modules && i < MODULES_MAX; i++) {
		struct run_module *row = &r->module[i];

		if (!row->text)
			continue;
		loaded_gone(row->text);
		row->text = NULL;
		row->unloaded = drop(&held[i]);
		if (!row->unloaded) {
			text_format(row->why, sizeof(row->why),
				    "the firmware does not have its memory back");
			sink_printf(console, "parapatch: module %s: %s\n",
				    row->name, row->why);
		}
	}
	memory_count_close();
}
