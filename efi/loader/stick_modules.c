/* SPDX-License-Identifier: GPL-2.0-only */
/* Modules from the stick, see stick_modules.h. */
#include "firmware/console.h"
#include "firmware/file.h"
#include "firmware/memory.h"
#include "firmware/memory_map.h"
#include "lib/mem.h"
#include "stick_module.h"
#include "stick_modules.h"
#include "workload/registry.h"

#define WIDE_(s)	L##s
#define WIDE(s)		WIDE_(s)
#define ARCH_NAME_16	WIDE(ARCH_NAME)

static struct held_module held_modules[MODULES_MAX];

static void say(const struct run_module *row)
{
	if (row->why[0])
		sink_printf(console, "parapatch: module %s is not loaded: "
			    MODULE_FOLDER "\\%s.ko: %s\n",
			    row->name, row->name, row->why);
	else
		sink_printf(console, "Module %s: %u workloads, %u sites, %u of %u "
				     "alternatives applied, %u bytes of memory; built "
				     "with this application: %s\n",
			    row->name, row->workloads, row->sites,
			    row->replaced, row->alternatives,
			    (unsigned)row->bytes, row->covered ? "yes" : "no");
}

static void load_one(struct run *r, const struct text_where *own)
{
	struct run_module *row = &r->module[r->modules];

	row->number = r->modules;
	module_bring(row, &held_modules[r->modules++], own, r->nops, r->machine->features);
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
		refuse_row(r, name, "there are too many modules; ask for some of them, "
				    "and for others in another run");
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
		refuse_row(r, "all", "there is no module in that folder");
}

const char *modules_load(struct run *r, const struct text_where *own)
{
	char name[CONFIG_NAME_MAX + 1];
	const char *names = r->config->modules;
	static const char no_memory[] =
		"modules were asked for, and there is no memory for them";

	if (!config_name(names, 0, name))
		return NULL;
	/* One more, for the line about those that are too many. */
	r->module = pool_get((MODULES_MAX + 1) * sizeof(*r->module));
	if (!r->module || !memory_count_open()) {
		sink_printf(console, "parapatch: %s\n", no_memory);
		return no_memory;
	}
	memset(r->module, 0, (MODULES_MAX + 1) * sizeof(*r->module));
	if (!memcmp(name, "all", 4))
		load_all(r, own);
	else
		for (unsigned i = 0; config_name(names, i, name); i++)
			if (!take(r, own, name))
				break;
	return NULL;
}

void modules_unload(struct run *r)
{
	for (unsigned i = 0; i < r->modules && i < MODULES_MAX; i++) {
		struct run_module *row = &r->module[i];
		const char *why;

		if (!row->text)
			continue;
		loaded_gone(row->text);
		row->text = NULL;
		why = module_drop(&held_modules[i]);
		row->unloaded = !why;
		if (why) {
			text_format(row->why, sizeof(row->why), "%s", why);
			sink_printf(console, "parapatch: module %s: %s\n",
				    row->name, row->why);
		}
	}
	memory_count_close();
}
