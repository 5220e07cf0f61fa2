/* SPDX-License-Identifier: GPL-2.0-only */
/* Patching the paravirt sites of an image by the engine, see apply.h. */
#include <stdlib.h>
#include <string.h>
#include "apply.h"
#include "decide.h"
#include "kernel_code.h"
#include "para_form.h"
#include "patch/mode.h"
#include "table_forms.h"

/* A backend of the tool's own: the kernel's table as it is in the image. */
struct foreign {
	struct backend backend;		/* first: the engine hands on this */
	const struct kernel *k;
};

/* What a record's clobbers are used for here: its type, and is it a jump? */
static uint16_t pack(const struct para *p)
{
	return (uint16_t)(p->type << 1 | p->jump);
}

static enum patched encode_foreign(const struct backend *b,
				   const struct sited_op *so, uint8_t *buf,
				   unsigned *used)
{
	const struct kernel *k = ((const struct foreign *)b)->k;
	const struct para p = {
		.addr = so->addr, .op = (uint8_t)so->type, .len = (uint8_t)so->len,
		.type = (uint8_t)(so->clobbers >> 1), .jump = so->clobbers & 1,
	};

	return para_decide(k, &p, kernel_pointer(k, so->type), buf, used);
}

static const struct mode mode_foreign = {
	.name = "foreign", .what = "patched as the kernel patches itself on bare metal",
	.effect = EFFECT_full, .pads = true, .encode = encode_foreign,
};

/* One section of instructions, as a text of the engine. */
struct part {
	struct section *section;
	struct site *sites;
	size_t *number;			/* of each in k->paras */
	size_t count;
	void *room;
	struct text text;
	struct text_staged staged;
};

struct parts {
	struct part *part;
	size_t count;
	struct foreign foreign;
};

static void parts_free(struct parts *ps)
{
	for (size_t i = 0; i < ps->count; i++) {
		free(ps->part[i].sites);
		free(ps->part[i].number);
		free(ps->part[i].room);
	}
	free(ps->part);
}

/* The records of the sites in a section; self-relative, and as if at its begin. */
static bool fill_part(const struct kernel *k, struct part *part,
		      struct section *s)
{
	size_t n = 0;

	for (size_t i = 0; i < k->para_count; i++)
		n += k->paras[i].in == s;
	part->section = s;
	part->sites = calloc(n + 1, sizeof(*part->sites));
	part->number = calloc(n + 1, sizeof(*part->number));
	if (!part->sites || !part->number)
		return false;
	for (size_t i = 0; i < k->para_count; i++) {
		const struct para *p = &k->paras[i];

		if (p->in != s)
			continue;
		part->number[part->count] = i;
		part->sites[part->count] = (struct site){
			.site = (int32_t)(p->addr - s->addr
					  - part->count * sizeof(struct site)),
			.type = p->op, .len = p->len, .clobbers = pack(p),
		};
		part->count++;
	}
	return true;
}

static bool refuse_site(const struct kernel *k, const struct part *part,
			const struct text_error *e, struct refusal *r)
{
	const struct para *p;

	if (e->record == TEXT_NO_RECORD)
		return refuse(r, "%s: %s", part->section->name, e->why);
	p = &k->paras[part->number[e->record]];
	return refuse_record(r, k->section, p->record, p->addr,
			     "type %u, %u bytes: %s", p->type, p->len, e->why);
}

static bool open_part(const struct kernel *k, struct part *part,
		      struct refusal *r)
{
	const struct text_where w = {
		.isa = k->im->isa, .addr = part->section->addr,
		.bytes = part->section->bytes, .len = part->section->len,
		.sites_addr = part->section->addr, .sites = part->sites,
		.count = part->count, .table = k->table, .ops = k->ops,
		.foreign = true,
	};
	size_t room = text_room(&w);
	struct text_error e;

	part->room = malloc(room);
	if (!part->room)
		return refuse(r, "no memory for %zu bytes", room);
	return text_open(&part->text, &w, part->room, room, &e)
		|| refuse_site(k, part, &e, r);
}

static bool add_counts(struct text_counts *to, const struct text_counts *c)
{
	to->sites += c->sites;
	to->nops += c->nops;
	if (c->max_nops > to->max_nops)
		to->max_nops = c->max_nops;
	for (unsigned i = 0; i < PATCHED_COUNT; i++)
		to->outcome[i] += c->outcome[i];
	return true;
}

static void keep_forms(const struct part *part, const struct foreign *b,
		       struct applied *a)
{
	for (size_t i = 0; i < part->count; i++) {
		const struct para *p = &b->k->paras[part->number[i]];
		uint8_t buf[FORM_LEN_MAX];
		unsigned used = 0;

		text_staged_site(&part->staged, i, a->paras[part->number[i]]);
		a->outcomes[part->number[i]] =
			para_decide(b->k, p, kernel_pointer(b->k, p->op), buf, &used);
	}
}

static bool stage_part(const struct kernel *k, struct part *part,
		       const struct foreign *b, const struct nop_table *nops,
		       struct applied *a, struct refusal *r)
{
	struct text_counts c;
	struct text_error e;

	if (!open_part(k, part, r))
		return false;
	if (!text_stage(&part->text, &b->backend, &mode_foreign, nops, TEXT_ALL,
			&part->staged, &c, &e))
		return refuse_site(k, part, &e, r);
	keep_forms(part, b, a);
	for (size_t i = 0; i < part->count; i++)
		a->counts.traps += is_trap(a, part->number[i]);
	return add_counts(&a->counts.paras, &c);
}

static bool stage(const struct kernel *k, const struct nop_table *nops,
		  struct parts *ps, struct applied *a, struct refusal *r)
{
	ps->foreign = (struct foreign){ { .name = "kernel" }, k };
	ps->part = calloc(k->im->count, sizeof(*ps->part));
	if (!ps->part)
		return refuse(r, "no memory for %zu sections", k->im->count);
	for (size_t i = 0; i < k->im->count; i++) {
		struct section *s = &k->im->sections[i];
		struct part *part = &ps->part[ps->count];

		if (!s->exec || !s->bytes || !k->para_count)
			continue;
		ps->count++;
		if (!fill_part(k, part, s))
			return refuse(r, "no memory for %zu records", k->para_count);
		if (part->count
		    && !stage_part(k, part, &ps->foreign, nops, a, r))
			return false;
	}
	return true;
}

/* The image is the tool's own memory: nothing to open or to put back. */
static bool plain_window(void *ctx, uint8_t *at, size_t len,
			 void (*store)(void *arg, ptrdiff_t shift), void *arg)
{
	(void)ctx, (void)at, (void)len;
	store(arg, 0);
	return true;
}

static const struct text_writer plain_writer = { plain_window, NULL };

/* Nothing of this can fail in memory of our own; if it does, it is said. */
static bool store(const struct kernel *k, const struct parts *ps,
		  const struct applied *a, struct refusal *r)
{
	struct text_error e;

	for (size_t i = 0; i < ps->count; i++)
		if (ps->part[i].count
		    && !text_store(&ps->part[i].staged, &plain_writer, &e))
			return refuse_site(k, &ps->part[i], &e, r);
	for (size_t i = 0; i < a->alt_count; i++) {
		const struct alt_site *s = &a->alts[i];

		if (!s->unknown
		    && !text_copy(&plain_writer, image_bytes(k->im, s->addr, s->len),
				  s->bytes, s->len))
			return refuse_record(r, ".altinstructions", s->first, s->addr,
					     "the site did not read back as written");
	}
	return true;
}

static bool begin(const struct kernel *k, struct applied *a, struct refusal *r)
{
	*a = (struct applied){ 0 };
	a->paras = calloc(k->para_count + 1, sizeof(*a->paras));
	a->outcomes = calloc(k->para_count + 1, sizeof(*a->outcomes));
	if (!a->paras || !a->outcomes)
		return refuse(r, "no memory for %zu sites", k->para_count);
	if (k->apart)
		return refuse(r, "%s: ops are in two tables that are far from each other; "
				 "sites can be listed only",
			      k->section);
	if (ops_undecided(k))
		return refuse(r, "%s: the order of this kernel's ops is not known, and so "
				 "not which forms it has; sites can be listed only",
			      k->section);
	return true;
}

bool kernel_apply(const struct kernel *k, const struct features *f,
		  const struct nop_table *nops, struct applied *a,
		  struct refusal *r)
{
	struct parts ps = { 0 };
	bool good = begin(k, a, r) && stage(k, nops, &ps, a, r)
		&& alternatives_decide(k, f, nops, a, r) && store(k, &ps, a, r);

	parts_free(&ps);
	if (!good)
		applied_free(a);
	return good;
}
