/* SPDX-License-Identifier: GPL-2.0-only */
/* What alternatives leave at their sites, see decide.h. */
#define _GNU_SOURCE		/* qsort_r */
#include <stdlib.h>
#include <string.h>
#include "alternative/alternative.h"
#include "decide.h"
#include "paras.h"
#include "patch/insn.h"

/* Features that only guests have: on bare metal known without asking.  Source: Linux
 * 6.1, arch/x86/include/asm/cpufeatures.h, word 8. */
#define FEATURE_PVUNLOCK	(8 * 32 + 20)
#define FEATURE_VCPUPREEMPT	(8 * 32 + 21)

static bool is_known(const struct features *f, unsigned feature)
{
	return f->known || feature == FEATURE_ALWAYS || feature == FEATURE_XENPV
		|| feature == FEATURE_PVUNLOCK || feature == FEATURE_VCPUPREEMPT;
}

static bool has(void *ctx, unsigned feature)
{
	const struct features *f = ctx;

	if (f->known)
		return f->bits[feature / 8] >> feature % 8 & 1;
	return feature == FEATURE_ALWAYS;
}

/* Linux until 6.2 made of several one-byte NOPs one long one, and knew no others; since
 * then it joins any, and jumps over what is longer than one instruction can be. */
static unsigned nops_from(const struct kernel *k, const uint8_t *p, unsigned len)
{
	bool any = k->alt_layout == ALT_flags;
	unsigned n = 0;
	struct insn in;

	while (n < len && insn_decode(&in, k->im->isa, p + n, len - n)
	       && in.kind == INSN_NOP && (any || (in.len == 1 && p[n] == 0x90)))
		n += in.len;
	return n;
}

static void put_nops(const struct kernel *k, const struct nop_table *nops,
		     uint8_t *p, unsigned n)
{
	if (k->alt_layout != ALT_flags || n <= nops->max) {
		nop_fill(nops, p, n);
		return;
	}
	memset(p, 0xcc, n);
	if (n < 128) {
		p[0] = 0xeb;
		p[1] = (uint8_t)(n - 2);
		return;
	}
	p[0] = 0xe9;
	for (unsigned i = 0; i < 4; i++)
		p[1 + i] = (uint8_t)((n - 5) >> 8 * i);
}

/* Source: Linux, arch/x86/kernel/alternative.c, optimize_nops() (6.1, 6.12). */
static void join_nops(const struct kernel *k, const struct nop_table *nops,
		      struct alt_site *s)
{
	struct insn in;

	for (unsigned at = 0; at < s->len;) {
		unsigned n = nops_from(k, s->bytes + at, s->len - at);

		if (n) {
			put_nops(k, nops, s->bytes + at, n);
			at += n;
			continue;
		}
		if (!insn_decode(&in, k->im->isa, s->bytes + at, s->len - at))
			return;
		at += in.len;
	}
}

const char *replacement_decide(const struct kernel *k, const struct alt *a,
			       const uint8_t *bytes, const struct nop_table *nops,
			       struct alt_site *s)
{
	struct alternative_block b = {
		.isa = k->im->isa, .len = a->replacement_len, .bytes = bytes,
		.from = a->replacement, .to = a->site,
	};
	uint8_t buf[SITE_LEN_MAX];
	const char *why = alternative_copy(&b, k->alt_layout == ALT_flags ? SHRINK_ALL
					   : SHRINK_FORWARD, nops, buf);

	if (why)
		return why;
	memcpy(s->bytes, buf, a->replacement_len);
	memset(s->bytes + a->replacement_len, 0x90, s->len - a->replacement_len);
	join_nops(k, nops, s);
	return NULL;
}

/* The record of a site that is eligible last; -1: none.  A paravirt call's own is not
 * asked: the engine has seen to it. */
static int choose(const struct kernel *k, const struct features *f,
		  const size_t *order, size_t n)
{
	const struct alternative_rules rules = { .has = has, .ctx = (void *)f };
	int chosen = -1;

	for (size_t i = 0; i < n; i++) {
		const struct alt *a = &k->alts[order[i]];
		const struct alternative e = { .feature = a->feature,
			.flags = a->not ? ALTERNATIVE_NOT : 0 };

		if (!a->direct_call && !alternative_choose(&e, 1, &rules))
			chosen = (int)order[i];
	}
	return chosen;
}

/* What is there when alternatives come: what the engine made of a paravirt site, what
 * was built elsewhere. */
static void begin_site(const struct kernel *k, const struct applied *a,
		       struct alt_site *s)
{
	const uint8_t *built = image_bytes(k->im, s->addr, s->len);
	const struct para *p = para_at(k, s->addr);

	memcpy(s->bytes, built, s->len);
	if (p)
		memcpy(s->bytes, a->paras[p - k->paras], p->len);
}

/* NULL, or why the replacement that was chosen cannot be copied. */
static const char *decide_site(const struct kernel *k, const struct features *f,
			       const struct nop_table *nops, const size_t *order,
			       size_t n, struct alt_site *s)
{
	const struct alt *a;

	for (size_t i = 0; i < n; i++)
		if (!is_known(f, k->alts[order[i]].feature))
			s->unknown = "the CPU's features are not known";
	if (s->unknown)
		return NULL;
	s->chosen = choose(k, f, order, n);
	a = s->chosen >= 0 ? &k->alts[s->chosen] : NULL;
	if (a)
		return replacement_decide(k, a, image_bytes(k->im, a->replacement,
							    a->replacement_len),
					  nops, s);
	join_nops(k, nops, s);
	return NULL;
}

static void count_site(struct patching *c, const struct alt_site *s)
{
	c->alt_sites++;
	if (s->unknown)
		c->alt_unknown++;
	else if (s->chosen >= 0)
		c->alt_chosen++;
	else
		c->alt_as_built++;
}

/* Records' numbers, by site and then by number. */
static int by_site(const void *a, const void *b, void *ctx)
{
	const struct kernel *k = ctx;
	size_t x = *(const size_t *)a, y = *(const size_t *)b;
	uint64_t p = k->alts[x].site, q = k->alts[y].site;

	return p != q ? (p < q ? -1 : 1) : x < y ? -1 : x > y;
}

static size_t *sort_records(const struct kernel *k)
{
	size_t *order = calloc(k->alt_count + 1, sizeof(*order));

	for (size_t i = 0; order && i < k->alt_count; i++)
		order[i] = i;
	if (order)
		qsort_r(order, k->alt_count, sizeof(*order), by_site, (void *)k);
	return order;
}

/* The records of one site: how many of @order, and its length. */
static size_t group(const struct kernel *k, const size_t *order, size_t left,
		    struct alt_site *s)
{
	size_t n = 0;

	*s = (struct alt_site){ .addr = k->alts[order[0]].site, .first = order[0],
				.chosen = -1 };
	for (; n < left && k->alts[order[n]].site == s->addr; n++)
		if (k->alts[order[n]].len > s->len)
			s->len = k->alts[order[n]].len;
	return n;
}

/* What is wrong with a site; NULL: nothing. */
static const char *wrong(const struct kernel *k, const struct alt_site *s,
			 uint64_t end)
{
	const struct para *p = para_in(k, s->addr, s->len);

	if (s->addr < end)
		return "the site overlaps another";
	if (!image_bytes(k->im, s->addr, s->len))
		return "the site is not in the image";
	if (p && (p->addr != s->addr || p->len > s->len
		  || para_in(k, p->addr + p->len, s->len - p->len)))
		return "the site overlaps a paravirt site and is not at it";
	return NULL;
}

static bool decide_all(const struct kernel *k, const struct features *f,
		       const struct nop_table *nops, const size_t *order,
		       struct applied *a, struct refusal *r)
{
	const char *why;
	uint64_t end = 0;
	size_t n;

	for (size_t i = 0; i < k->alt_count; i += n) {
		struct alt_site *s = &a->alts[a->alt_count];

		n = group(k, order + i, k->alt_count - i, s);
		why = wrong(k, s, end);
		if (!why) {
			begin_site(k, a, s);
			why = decide_site(k, f, nops, order + i, n, s);
		}
		if (why)
			return refuse_record(r, ".altinstructions", s->first, s->addr,
					     "%u bytes: %s", s->len, why);
		end = s->addr + s->len;
		count_site(&a->counts, s);
		a->alt_count++;
	}
	return true;
}

bool alternatives_decide(const struct kernel *k, const struct features *f,
			 const struct nop_table *nops, struct applied *a,
			 struct refusal *r)
{
	size_t *order = sort_records(k);
	bool good;

	a->alts = calloc(k->alt_count + 1, sizeof(*a->alts));
	good = order && a->alts
		? decide_all(k, f, nops, order, a, r)
		: refuse(r, "no memory for %zu records", k->alt_count);
	free(order);
	return good;
}
