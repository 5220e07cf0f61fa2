/* SPDX-License-Identifier: GPL-2.0-only */
/* What was found out, as JSON. */
#include <jansson.h>
#include <string.h>
#include "ops.h"
#include "result.h"

static json_t *hex(const uint8_t *p, unsigned len)
{
	static const char digits[] = "0123456789abcdef";
	char text[2 * SITE_LEN_MAX + 1];

	for (unsigned i = 0; i < len; i++) {
		text[2 * i] = digits[p[i] >> 4];
		text[2 * i + 1] = digits[p[i] & 15];
	}
	return json_stringn(text, 2 * len);
}

/* Addresses do not fit a JSON reader's numbers. */
static json_t *address(uint64_t addr)
{
	return json_sprintf("%#llx", (unsigned long long)addr);
}

static json_t *classes(const size_t *n)
{
	json_t *o = json_object();

	for (unsigned i = 0; i < CLASS_COUNT; i++)
		json_object_set_new(o, class_names[i], json_integer((json_int_t)n[i]));
	return o;
}

static json_t *outcomes(const struct patching *c)
{
	json_t *o = json_object();

	for (unsigned i = 0; i < OUTCOMES; i++)
		json_object_set_new(o, outcome_word(i),
				    json_integer((json_int_t)outcome_count(c, i)));
	return o;
}

/* How many sites by op and length, in the order of first records. */
static json_t *ops(const struct kernel *k)
{
	json_t *o = json_object(), *op;
	char name[64], bytes[8];

	for (size_t i = 0; i < k->para_count; i++) {
		say_op(k, &k->paras[i], name, sizeof(name));
		snprintf(bytes, sizeof(bytes), "%u", k->paras[i].len);
		op = json_object_get(o, name);
		if (!op) {
			op = json_object();
			json_object_set_new(o, name, op);
		}
		json_object_set_new(op, bytes, json_integer(json_integer_value(
			json_object_get(op, bytes)) + 1));
	}
	return o;
}

static json_t *site(const struct result *r, const struct para *p)
{
	const struct kernel *k = r->k;
	const uint8_t *now = image_bytes(k->im, p->addr, p->len);
	char name[64], text[1024];
	bool good = decode_text(k->im, now, p->len, p->addr, text, sizeof(text));
	json_t *o = json_pack("{s:I, s:o, s:s, s:s, s:i, s:i, s:o, s:o, s:s}",
			      "record", (json_int_t)p->record,
			      "address", address(p->addr),
			      "section", p->in->name,
			      "op", say_op(k, p, name, sizeof(name)),
			      "type", p->type, "len", p->len,
			      "built", hex(built_bytes(r, p->addr, p->len), p->len),
			      "patched", hex(now, p->len),
			      "instructions", good ? text : "");

	if (r->applied)
		json_object_set_new(o, "outcome", json_string(outcome_word(
			is_trap(r->applied, p - k->paras) ? PATCHED_COUNT
			: r->applied->outcomes[p - k->paras])));
	if (r->comparison)
		json_object_set_new(o, "compared", json_string(
			class_names[r->comparison->para[p - k->paras]]));
	return o;
}

static json_t *sites(const struct result *r)
{
	json_t *all = json_array();

	for (size_t i = 0; i < r->k->para_count; i++)
		json_array_append_new(all, site(r, &r->k->paras[i]));
	return all;
}

/* What other mechanisms made of the instructions: by table, by what they made, and what
 * is left. */
static json_t *tables(const struct rewriting *rw)
{
	json_t *o = json_object();

	for (unsigned i = 0; i < TABLE_COUNT; i++)
		json_object_set_new(o, table_names[i], json_pack("{s:I, s:I, s:I}",
			"places", (json_int_t)rw->listed[i],
			"rewritten", (json_int_t)rw->changed[i],
			"unexplained", (json_int_t)rw->left[i]));
	return o;
}

static json_t *rewrites(const struct rewriting *rw)
{
	json_t *o = json_object();

	for (unsigned i = 0; i < REWRITE_COUNT; i++)
		json_object_set_new(o, rewrite_names[i], json_pack("{s:I, s:I}",
			"places", (json_int_t)rw->places[i],
			"at_sites", (json_int_t)rw->at_sites[i]));
	return o;
}

static json_t *rest(const struct rewriting *rw)
{
	json_t *o = json_array();

	for (size_t i = 0; i < rw->rest_count && i < RESTS; i++)
		json_array_append_new(o, json_pack("{s:o, s:s}",
			"address", address(rw->rest[i].addr),
			"table", rw->rest[i].table ? rw->rest[i].table : ""));
	return o;
}

static json_t *compared(const struct comparison *c)
{
	const struct rewriting *rw = &c->rewriting;

	return json_pack("{s:o, s:o, s:o, s:o, s:{s:I, s:I, s:o}}",
			 "paravirt", classes(c->paras),
			 "alternatives", classes(c->alts),
			 "tables", tables(rw), "rewritten", rewrites(rw),
			 "instructions", "bytes", (json_int_t)rw->text_bytes,
			 "unexplained", (json_int_t)rw->rest_count,
			 "first", rest(rw));
}

static void add_applied(const struct result *r, json_t *o)
{
	const struct patching *c = &r->applied->counts;

	json_object_set_new(o, "nops", json_string(r->nops->name));
	json_object_set_new(o, "outcomes", outcomes(c));
	json_object_set_new(o, "alternatives", json_pack("{s:I, s:I, s:I, s:I}",
		"sites", (json_int_t)c->alt_sites,
		"replaced", (json_int_t)c->alt_chosen,
		"as_built", (json_int_t)c->alt_as_built,
		"not_decided", (json_int_t)c->alt_unknown));
	json_object_set_new(o, "not_whole_instructions",
			    json_integer((json_int_t)r->undecoded));
	if (r->comparison)
		json_object_set_new(o, "compared", compared(r->comparison));
}

static void add_memory(const struct image *im, json_t *o)
{
	struct memory m;

	if (image_memory(im, &m))
		json_object_set_new(o, "memory", json_pack("{s:o, s:o, s:o}",
			"address", address(m.addr), "physical", address(m.physical),
			"bytes", address(m.len)));
}

/* Members that a slot can be. */
static json_t *candidates(const struct op_naming *n)
{
	json_t *all = json_array();

	for (unsigned m = 0; m < MEMBER_COUNT; m++)
		if (n->possible[m])
			json_array_append_new(all, json_string(member_names[m]));
	return all;
}

/* The table's slots, and what their names hang on. */
static json_t *slots(const struct kernel *k)
{
	json_t *all = json_array();

	for (unsigned op = 0; op < k->ops && !k->listed; op++) {
		const struct op_naming *n = &k->names[op];

		if (n->slot)
			json_array_append_new(all, json_pack("{s:i, s:s*, s:s, s:s*, s:o*}",
				"slot", (int)op, "op", op_name(k, op),
				"named_by", named_words[n->by],
				"function", *n->symbol ? n->symbol : NULL,
				"candidates", op_name(k, op) ? NULL : candidates(n)));
	}
	return all;
}

/* How the innermost thing was packed: the last word of what it came in. */
static const char *packing(const struct image *im)
{
	const char *comma = strrchr(im->outside, ' ');

	return comma ? comma + 1 : im->outside;
}

static json_t *head(const struct result *r)
{
	const struct kernel *k = r->k;

	return json_pack("{s:s, s:s, s:s, s:o, s:I, s:i, s:s, s:I, s:s, s:s, s:o, s:o, s:s, "
			 "s:s, s:o}",
			 "file", r->file,
			 "packed", packing(k->im),
			 "isa", k->im->isa == ISA_X86_64 ? "x86_64" : "i386",
			 "version", json_stringn(k->im->banner,
						 strcspn(k->im->banner, "(\n")),
			 "records", (json_int_t)k->para_count,
			 "record_bytes", (int)k->stride,
			 "section", k->section ? k->section : "",
			 "alternative_records", (json_int_t)k->alt_count,
			 "alternative_layout", k->alt_count
			 ? alt_layout_names[k->alt_layout] : "",
			 "rule", rule_names[k->rule],
			 "table", address(k->table), "ops", ops(k), "outside", k->im->outside,
			 "symbols", k->symbols ? k->symbols : "", "slots", slots(k));
}

bool print_json(const struct result *r, FILE *to)
{
	json_t *o = head(r);
	bool good;

	if (o)
		add_memory(r->k->im, o);
	if (o && r->applied)
		add_applied(r, o);
	if (o && r->not_applied)
		json_object_set_new(o, "not_applied", json_string(r->not_applied));
	if (o && r->sites)
		json_object_set_new(o, "sites", sites(r));
	good = o && !json_dumpf(o, to, JSON_INDENT(1)) && fputc('\n', to) != EOF;
	json_decref(o);
	return good;
}
