/* SPDX-License-Identifier: GPL-2.0-only */
/* A module's alternatives, see stick_alternatives.h. */
#include "alternative/own_alternatives.h"
#include "firmware/memory.h"
#include "stick_alternatives.h"
#include "writer/writer.h"

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

bool stick_alternatives_open(struct loading *l)
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
