/* SPDX-License-Identifier: GPL-2.0-only */
/* A loaded module's sites and alternatives, for who opens them; see module.h. */
#include "alternative/own_alternatives.h"
#include "module/module.h"

struct text_where module_text(const struct module *m,
			      const struct module_memory *mem,
			      struct para_section para,
			      const struct text_where *own)
{
	struct text_where w = *own;

	w.addr = mem->part[MODULE_text].addr;
	w.bytes = mem->part[MODULE_text].bytes;
	w.len = m->text_len;
	w.sites = para.sites;
	w.sites_addr = para.addr;
	w.count = para.count;
	w.islands = w.addr + m->islands;
	w.island_bytes = w.bytes + m->islands;
	return w;
}

struct alternative_where module_alternatives(const struct module *m,
					     const struct module_memory *mem,
					     struct alt_section alt,
					     struct alternative *entry)
{
	for (size_t i = 0; i < alt.count; i++)
		entry[i] = alternative_read(&alt.records[i],
					    alt.addr + i * sizeof(alt.records[i]));
	return (struct alternative_where){
		.isa = m->isa, .addr = mem->part[MODULE_text].addr,
		.bytes = mem->part[MODULE_text].bytes, .len = m->text_len,
		.replacement_addr = alt.replacement_addr,
		.replacement = alt.replacement,
		.replacement_len = alt.replacement_len,
		.entry = entry, .count = alt.count, .features = ALT_FEATURE_COUNT,
	};
}
