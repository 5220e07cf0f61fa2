/* SPDX-License-Identifier: GPL-2.0-only */
/* Patching the paravirt sites of an image by the engine, see apply.h. */
#include <stdlib.h>
#include <string.h>
#include "apply.h"
#include "ops.h"
#include "patch/mode.h"

/* K8's, of Linux until 5.12: from 5 bytes on more than one instruction. */
static const struct nop_table nops_k8 = {
	.name = "k8", .max = 8, .seq = {
		[1] = "\x90", [2] = "\x66\x90", [3] = "\x66\x66\x90",
		[4] = "\x66\x66\x66\x90",
		[5] = "\x66\x66\x90\x66\x90",
		[6] = "\x66\x66\x90\x66\x66\x90",
		[7] = "\x66\x66\x66\x90\x66\x66\x90",
		[8] = "\x66\x66\x66\x90\x66\x66\x66\x90",
	}
};

#define NOPL_TO_8							\
	[1] = "\x90", [2] = "\x66\x90", [3] = "\x0f\x1f\x00",		\
	[4] = "\x0f\x1f\x40\x00", [5] = "\x0f\x1f\x44\x00\x00",		\
	[6] = "\x66\x0f\x1f\x44\x00\x00", [7] = "\x0f\x1f\x80\x00\x00\x00\x00", \
	[8] = "\x0f\x1f\x84\x00\x00\x00\x00\x00"

static const struct nop_table nops_8 = {
	.name = "nopl", .max = 8, .seq = { NOPL_TO_8 }
};

static const struct nop_table nops_11 = {
	.name = "nopl", .max = 11, .seq = {
		NOPL_TO_8,
		[9] = "\x2e\x0f\x1f\x84\x00\x00\x00\x00\x00",
		[10] = "\x66\x2e\x0f\x1f\x84\x00\x00\x00\x00\x00",
		[11] = "\x66\x66\x2e\x0f\x1f\x84\x00\x00\x00\x00\x00",
	}
};

#define I386_TO_7							\
	[1] = "\x90", [2] = "\x89\xf6", [3] = "\x8d\x76\x00",		\
	[4] = "\x8d\x74\x26\x00", [6] = "\x8d\xb6\x00\x00\x00\x00",	\
	[7] = "\x8d\xb4\x26\x00\x00\x00\x00"

/* Until 5.12, for a CPU of which nothing is known; and since. */
static const struct nop_table nops_i386_old = {
	.name = "i386", .max = 8, .seq = {
		I386_TO_7, [5] = "\x90\x8d\x74\x26\x00",
		[8] = "\x90\x8d\xb4\x26\x00\x00\x00\x00",
	}
};

static const struct nop_table nops_i386 = {
	.name = "i386", .max = 8, .seq = {
		I386_TO_7, [5] = "\x3e\x8d\x74\x26\x00",
		[8] = "\x3e\x8d\xb4\x26\x00\x00\x00\x00",
	}
};

const struct nop_table *linux_nops(const struct kernel *k, bool k8)
{
	if (k8)
		return &nops_k8;
	if (k->im->isa == ISA_IA32)
		return k->rule == RULE_TABLE ? &nops_i386_old : &nops_i386;
	return k->alt_layout == ALT_flags ? &nops_11 : &nops_8;
}

/* CALL or JMP rel32 of @target. */
static enum patched put_branch(const struct kernel *k, const struct para *p,
			       uint64_t target, uint8_t *buf, unsigned *used)
{
	uint64_t rel = target - (p->addr + CALL_LEN);

	if (p->len < CALL_LEN)
		return KEPT_TOO_SMALL;
	if (k->im->isa == ISA_X86_64 && rel + 0x80000000u > 0xffffffffu)
		return KEPT_OUT_OF_REACH;
	buf[0] = p->jump ? 0xe9 : 0xe8;
	for (unsigned i = 0; i < 4; i++)
		buf[1 + i] = (uint8_t)(rel >> 8 * i);
	*used = CALL_LEN;
	return PATCHED_CALL;
}

static enum patched put_bytes(const struct para *p, const char *bytes, unsigned len,
			      uint8_t *buf, unsigned *used)
{
	if (len > p->len)
		return KEPT_TOO_SMALL;
	memcpy(buf, bytes, len);
	*used = len;
	return PATCHED_INLINE;
}

/*
 * What a kernel puts at a site whose slot holds @pointer.  Source: Linux, arch/i386/
 * kernel/paravirt.c, native_patch() (2.6.20: what is not in its table is left);
 * arch/x86/kernel/paravirt.c, paravirt_patch_default() (5.10), paravirt_patch()
 * (6.1); arch/x86/kernel/alternative.c, alt_replace_call() (6.12).
 */
static enum patched decide(const struct kernel *k, const struct para *p,
			   uint64_t pointer, uint8_t *buf, unsigned *used)
{
	unsigned len;
	const char *form = k->rule == RULE_TABLE ? table_form(k, p, &len) : NULL;

	if (form)
		return put_bytes(p, form, len, buf, used);
	if (k->listed)
		return KEPT_NO_FORM;
	if (!pointer && k->rule == RULE_DIRECT_CALL)
		return put_branch(k, p, k->bug, buf, used);
	if (!pointer)
		return put_bytes(p, "\x0f\x0b", 2, buf, used);
	if (pointer == k->nop)
		return put_bytes(p, "", 0, buf, used);
	if (k->rule == RULE_TABLE && returns_argument(k, pointer))
		return put_bytes(p, "\x48\x89\xf8", 3, buf, used);
	return put_branch(k, p, pointer, buf, used);
}

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

	return decide(k, &p, kernel_pointer(k, so->type), buf, used);
}

static const struct mode mode_foreign = {
	.name = "foreign", .what = "patched as the kernel patches itself on bare metal",
	.effect = EFFECT_full, .pads = true, .encode = encode_foreign,
};

unsigned para_form(const struct kernel *k, const struct para *p, uint64_t pointer,
		   const struct nop_table *nops, uint8_t *bytes)
{
	unsigned used = 0;

	if (outcome_is_kept(decide(k, p, pointer, bytes, &used)))
		return 0;
	nop_fill(nops, bytes + used, p->len - used);
	return p->len;
}

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
			decide(b->k, p, kernel_pointer(b->k, p->op), buf, &used);
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
		return refuse(r, "%s: ops are in two tables that are far from each other; sites can be listed only",
			      k->section);
	if (ops_undecided(k))
		return refuse(r, "%s: the order of this kernel's ops is not known, and so not which forms it has; sites can be listed only",
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

bool is_trap(const struct applied *a, size_t i)
{
	return a->outcomes[i] == PATCHED_INLINE && !memcmp(a->paras[i], "\x0f\x0b", 2);
}

const char *outcome_word(unsigned outcome)
{
	return outcome < PATCHED_COUNT ? patched_names[outcome] : "ud2";
}

size_t outcome_count(const struct patching *c, unsigned outcome)
{
	if (outcome == PATCHED_COUNT)
		return c->traps;
	return c->paras.outcome[outcome] - (outcome == PATCHED_INLINE ? c->traps : 0);
}

void applied_free(struct applied *a)
{
	free(a->paras);
	free(a->outcomes);
	free(a->alts);
	*a = (struct applied){ 0 };
}
