/* SPDX-License-Identifier: GPL-2.0-only */
/* A run as key=value lines, see report.h and record.def. */
#include "number.h"
#include "report.h"

static void cell_line(const struct result *res, struct sink *s)
{
	char t[32];

	sink_printf(s, "cell status=%s", res->refused ? "refused" : "ok");
#define TEXT(name, value)	sink_printf(s, " " #name "=%s", value);
#define COUNT(name, value, unit) sink_printf(s, " " #name "=%u", (unsigned)(value));
#define MILLI(name, value, unit, better)				\
	if (!res->refused)						\
		sink_printf(s, " " #name "=%s",				\
			    milli_text(t, sizeof(t), value, 3));
#include "record.def"
#undef TEXT
#undef COUNT
#undef MILLI
	sink_printf(s, " bytes=");
	for (unsigned i = 0, at = 0; i < res->sites; at += res->site_len[i++]) {
		sink_printf(s, "%s", i ? "," : "");
		for (unsigned k = 0; k < res->site_len[i]; k++)
			sink_printf(s, "%02x", res->bytes[at + k]);
	}
	if (res->refused)
		sink_printf(s, " why=\"%s\"", res->why);
	sink_printf(s, "\n");
}

/* What became of all sites in a mode: sums to the number of sites. */
static void applied_line(const struct run *r, enum mode_id mode, struct sink *s)
{
	const struct text_counts *c = &r->applied[mode];

	sink_printf(s, "parapatch applied mode=%s sites=%u", modes[mode].name,
		    c->sites);
	for (unsigned i = 0; i < PATCHED_COUNT; i++)
		sink_printf(s, " %s=%u", patched_names[i], c->outcome[i]);
	sink_printf(s, " nops=%u most_nops_in_a_site=%u table=%s\n", c->nops,
		    c->max_nops, r->nops->name);
}

void report_lines(const struct run *r, const struct environment *env,
		  struct sink *s)
{
	(void)env;
	for (unsigned m = 0; m < MODE_COUNT; m++)
		if (r->was_applied[m])
			applied_line(r, m, s);
	for (size_t i = 0; i < r->cells; i++)
		cell_line(&r->results[i], s);
}
