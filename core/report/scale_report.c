/* SPDX-License-Identifier: GPL-2.0-only */
/* Patching at scale, told: see scale_report.h. */
#include "lib/number.h"
#include "report/scale_report.h"

/* What the columns are, under the table. */
static void put_legend(const struct scale *s, struct sink *to)
{
	sink_printf(to, "Median of %u rounds (%u of what is dear), lowest and highest; lower "
		    "is better.\n    Ratios are taken round by round.  A text that never runs, "
		    "a site every %u\n    bytes on average, %u classes.\n", s->rounds,
		    SCALE_DEAR_ROUNDS, (SCALE_STEP_LEAST + SCALE_STEP_MOST) / 2,
		    s->classes);
	sink_printf(to, "memcpy, words: the same bytes to the same sites, by a call a site or "
		    "without one;\n    nothing is decided.  apply, direct: decided (mode inline, "
		    "direct), stored,\n    serialised once, read back.  single: as apply, every "
		    "site asked for by itself\n    (poison is its padding).  each_X: instruction "
		    "X at every site, as\n    text_poke_early() does; once: %s at the end.\n",
		    s->serialisers[0].name);
}

/* Ticks as ns where the rate is known. */
static int64_t per(int64_t micro, uint64_t hz)
{
	int64_t khz = (int64_t)(hz / 1000);

	return khz ? micro / khz * MILLION + micro % khz * MILLION / khz : micro;
}

void scale_print(const struct scale *s, uint64_t hz, struct sink *to)
{
	char v[24], lo[24], hi[24];

	sink_printf(to, "%10u sites %5s a site                     of memcpy  of words  of apply\n",
		    (unsigned)s->sites, hz ? "ns" : "ticks");
	for (unsigned i = 0; i < s->rows; i++) {
		const struct scale_row *r = &s->row[i];
		char name[SCALE_NAME_ROOM];

		scale_row_name(name, sizeof(name), r);
		sink_printf(to, "%-14s %9s  [%8s..%8s]", name,
			    micro_text(v, sizeof(v), per(r->ticks.median, hz), 2),
			    micro_text(lo, sizeof(lo), per(r->ticks.min, hz), 2),
			    micro_text(hi, sizeof(hi), per(r->ticks.max, hz), 2));
		sink_printf(to, "  %9s %9s %9s\n",
			    micro_text(v, sizeof(v), r->of_memcpy.median, 2),
			    micro_text(lo, sizeof(lo), r->of_words.median, 2),
			    micro_text(hi, sizeof(hi), r->of_apply.median, 2));
	}
	sink_printf(to, "text_open()    %9s   once: every record is read, and its site\n",
		    micro_text(v, sizeof(v), per(s->open.median, hz), 2));
	put_legend(s, to);
}

static void put_micro(struct sink *to, const char *key, int64_t v)
{
	char text[24];

	sink_printf(to, " %s=%s", key, micro_text(text, sizeof(text), v, 3));
}

void scale_lines(const struct scale *s, struct sink *to)
{
	for (unsigned i = 0; i < s->rows; i++) {
		const struct scale_row *r = &s->row[i];
		char name[SCALE_NAME_ROOM];

		scale_row_name(name, sizeof(name), r);
		sink_printf(to, "scale sites=%u way=%s rounds=%u", (unsigned)s->sites,
			    name, r->rounds);
		put_micro(to, "ticks", r->ticks.median);
		put_micro(to, "ticks_min", r->ticks.min);
		put_micro(to, "ticks_max", r->ticks.max);
		put_micro(to, "of_memcpy", r->of_memcpy.median);
		put_micro(to, "of_words", r->of_words.median);
		put_micro(to, "of_apply", r->of_apply.median);
		sink_printf(to, "\n");
	}
}

static void put_spread(struct json *j, const char *key, const struct spread *v)
{
	json_open(j, key, "{");
	json_micro(j, "median", v->median, 4);
	json_micro(j, "min", v->min, 4);
	json_micro(j, "max", v->max, 4);
	json_number(j, "n", v->n);
	json_close(j, "}");
}

void scale_json(const struct scale *s, struct json *j)
{
	json_number(j, "sites", s->sites);
	json_number(j, "text_bytes", s->text_bytes);
	json_number(j, "site_bytes", SCALE_SITE_BYTES);
	json_number(j, "classes", s->classes);
	put_spread(j, "text_open_ticks", &s->open);
	json_text(j, "unit", "ticks: TSC ticks a site, lower is better; of_memcpy, of_apply: "
		  "ratios, round by round");
	json_open(j, "ways", "[");
	for (unsigned i = 0; i < s->rows; i++) {
		const struct scale_row *r = &s->row[i];
		char name[SCALE_NAME_ROOM];

		scale_row_name(name, sizeof(name), r);
		json_open(j, NULL, "{");
		json_text(j, "way", name);
		put_spread(j, "ticks", &r->ticks);
		put_spread(j, "of_memcpy", &r->of_memcpy);
		put_spread(j, "of_words", &r->of_words);
		put_spread(j, "of_apply", &r->of_apply);
		json_close(j, "}");
	}
	json_close(j, "]");
}
