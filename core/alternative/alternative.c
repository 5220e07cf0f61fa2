/* SPDX-License-Identifier: GPL-2.0-only */
/* What a site with alternatives is to hold, see alternative.h. */
#include "alternative/alternative.h"
#include "patch/insn.h"
#include "lib/bytes.h"
#include "lib/mem.h"

/* A distance as the CPU sees it: on ia32 addresses wrap. */
static int64_t distance(enum isa isa, uint64_t from, uint64_t to)
{
	return isa == ISA_IA32 ? (int32_t)(uint32_t)(to - from)
		: (int64_t)(to - from);
}

static bool fits(int64_t v, unsigned bytes)
{
	int64_t half = (int64_t)1 << (8 * bytes - 1);

	return v >= -half && v < half;
}

/* Of the block: an instruction that was copied. */
struct copied {
	const struct alternative_block *b;
	struct insn in;
	unsigned at;			/* in the block */
	uint8_t *p;			/* where it is now */
};

/* Where a displacement leads, from the block's first byte. */
static int64_t leads_to(const struct copied *c, unsigned at, unsigned bytes)
{
	return (int64_t)c->at + c->in.len + insn_field(c->p + at, bytes);
}

static bool is_inside(const struct copied *c, unsigned at, unsigned bytes)
{
	int64_t to = leads_to(c, at, bytes);

	return to >= 0 && to <= c->b->len;
}

static const char *move_field(const struct copied *c, unsigned at, unsigned bytes)
{
	const struct alternative_block *b = c->b;
	int64_t v;

	if (!bytes || is_inside(c, at, bytes))
		return NULL;
	if (bytes == 2)
		return "the replacement has a branch of 16 bits out of itself";
	v = insn_field(c->p + at, bytes) + distance(b->isa, b->to, b->from);
	if (b->isa == ISA_IA32 && bytes == 4)
		v = (int32_t)v;
	if (!fits(v, bytes))
		return "a displacement of the replacement does not reach from the site";
	put_le(c->p + at, bytes, (uint64_t)v);
	return NULL;
}

/* E9 rel32 to EB rel8, three bytes shorter. */
static void shrink_jmp(const struct copied *c, enum alternative_shrink how,
		       const struct nop_table *nops)
{
	bool lone = c->in.len == c->b->len;
	int64_t v;

	if (how == SHRINK_NO || c->p[0] != 0xe9 || c->in.len != JMP_LEN)
		return;
	v = (int64_t)insn_field(c->p + 1, 4) + 3;
	if (!fits(v, 1) || (how == SHRINK_FORWARD && (!lone || v + 2 < 0)))
		return;
	c->p[0] = 0xeb;
	c->p[1] = (uint8_t)v;
	if (how == SHRINK_ALL)
		memset(c->p + 2, 0xcc, 3);
	else
		nop_fill(nops, c->p + 2, 3);
}

const char *alternative_copy(const struct alternative_block *b,
			     enum alternative_shrink shrink,
			     const struct nop_table *nops, uint8_t *buf)
{
	struct copied c = { .b = b };

	for (; c.at < b->len; c.at += c.in.len) {
		const char *why;

		if (!insn_decode(&c.in, b->isa, b->bytes + c.at, b->len - c.at))
			return "the replacement holds what is no instruction, or a part of one";
		c.p = buf + c.at;
		memcpy(c.p, b->bytes + c.at, c.in.len);
		why = move_field(&c, c.in.rel_at, c.in.rel_bytes);
		if (!why)
			why = move_field(&c, c.in.rip_at, c.in.rip_at ? 4 : 0);
		if (why)
			return why;
		shrink_jmp(&c, shrink, nops);
	}
	return NULL;
}

static bool is_eligible(const struct alternative *a,
			const struct alternative_rules *r)
{
	return r->has(r->ctx, a->feature) != !!(a->flags & ALTERNATIVE_NOT);
}

size_t alternative_choose(const struct alternative *entry, size_t count,
			  const struct alternative_rules *r)
{
	for (size_t i = count; i-- > 0; )
		if (is_eligible(&entry[i], r))
			return i;
	return count;
}

unsigned alternative_site_len(const struct alternative *entry, size_t count)
{
	unsigned len = 0;

	for (size_t i = 0; i < count; i++)
		if (entry[i].len > len)
			len = entry[i].len;
	return len;
}

size_t alternative_same_site(const struct alternative_where *w, size_t first)
{
	size_t i = first + 1;

	while (i < w->count && w->entry[i].addr == w->entry[first].addr)
		i++;
	return i - first;
}

const uint8_t *alternative_replacement(const struct alternative_where *w,
				       const struct alternative *a)
{
	uint64_t off = a->replacement - w->replacement_addr;

	/* off is unsigned: an address before the section is a huge offset. */
	if (!a->replacement_len)
		return w->replacement;
	if (off >= w->replacement_len || a->replacement_len > w->replacement_len - off)
		return NULL;
	return w->replacement + off;
}

/* What a built call goes through: relative to its end, or absolute. */
static uint64_t pointer_addr(enum isa isa, const uint8_t *built, uint64_t addr)
{
	int32_t field = insn_field(built + 2, 4);

	return isa == ISA_X86_64 ? addr + CALL_MEM_LEN + (uint64_t)(int64_t)field
		: (uint32_t)field;
}

/* The replacement's call is in f->bytes: leads it elsewhere. */
static const char *direct_call(const struct alternative_where *w,
			       const struct alternative *a, const uint8_t *built,
			       const struct alternative_rules *r,
			       struct alternative_form *f)
{
	uint64_t target;
	int64_t rel;

	if (!r->pointer(r->ctx, pointer_addr(w->isa, built, a->addr), &target))
		return "the pointer that the site calls by cannot be read";
	f->outcome = ALTERNATIVE_NULLED;
	if (!target)
		return NULL;
	if (target == r->nothing) {
		f->outcome = ALTERNATIVE_NOTHING;
		f->used = 0;
		return NULL;
	}
	rel = distance(w->isa, a->addr + CALL_LEN, target);
	if (!fits(rel, 4))
		return "the function is out of reach of a direct call";
	f->outcome = ALTERNATIVE_CALL;
	put_le(f->bytes + 1, 4, (uint64_t)rel);
	return NULL;
}

/* The whole of the site but for NOPs, and the whole of the replacement. */
static const char *check_call(const struct alternative_where *w,
			      const struct alternative *a, unsigned len,
			      const uint8_t *built)
{
	const uint8_t *p = alternative_replacement(w, a);
	unsigned at = CALL_MEM_LEN;
	struct insn in;

	if (len < CALL_MEM_LEN || built[0] != 0xff || built[1] != 0x15)
		return "DIRECT_CALL: the site does not begin with an indirect call through memory";
	for (; at < len; at += in.len)
		if (!insn_decode(&in, w->isa, built + at, len - at)
		    || in.kind != INSN_NOP)
			return "DIRECT_CALL: the site is more than an indirect call and NOPs";
	if (a->replacement_len != CALL_LEN || p[0] != 0xe8)
		return "DIRECT_CALL: the replacement is not one CALL rel32";
	return NULL;
}

static bool is_instructions(enum isa isa, const uint8_t *p, unsigned len)
{
	unsigned at = 0;
	struct insn in;

	for (; at < len; at += in.len)
		if (!insn_decode(&in, isa, p + at, len - at))
			return false;
	return true;
}

static const char *check_replacement(const struct alternative_where *w,
				     const struct alternative *a, unsigned len)
{
	struct alternative_block b = {
		.isa = w->isa, .bytes = alternative_replacement(w, a),
		.len = a->replacement_len, .from = a->replacement, .to = a->addr,
	};
	uint8_t buf[SITE_LEN_MAX];

	if (a->replacement_len > len)
		return "the replacement is longer than the site";
	if (!b.bytes)
		return "the replacement is not inside its section";
	return alternative_copy(&b, SHRINK_NO, NULL, buf);
}

const char *alternative_check(const struct alternative_where *w, size_t i,
			      unsigned len, const uint8_t *built)
{
	const struct alternative *a = &w->entry[i];
	const char *why;

	if (a->flags & ~ALTERNATIVE_FLAGS)
		return "a flag is set that is none";
	if (a->feature >= w->features)
		return "there is no feature of that number";
	if (len > SITE_LEN_MAX)
		return "the site is too long";
	if (!is_instructions(w->isa, built, len))
		return "the site does not end where an instruction ends";
	why = check_replacement(w, a, len);
	if (why || !(a->flags & ALTERNATIVE_DIRECT_CALL))
		return why;
	return check_call(w, a, len, built);
}

static const char *build_chosen(const struct alternative_where *w,
				const struct alternative *a, const uint8_t *built,
				const struct alternative_rules *r,
				struct alternative_form *f)
{
	struct alternative_block b = {
		.isa = w->isa, .bytes = alternative_replacement(w, a),
		.len = a->replacement_len, .from = a->replacement, .to = a->addr,
	};
	const char *why;

	if (!b.bytes || b.len > f->len)
		return "the replacement is not among the replacements, or too long";
	f->outcome = ALTERNATIVE_REPLACED;
	f->used = b.len;
	why = alternative_copy(&b, r->shrink, r->nops, f->bytes);
	if (!why && a->flags & ALTERNATIVE_DIRECT_CALL)
		why = direct_call(w, a, built, r, f);
	if (!why)
		f->nops = nop_fill(r->nops, f->bytes + f->used, f->len - f->used);
	return why;
}

const char *alternative_build(const struct alternative_where *w, size_t first,
			      size_t count, const uint8_t *built,
			      const struct alternative_rules *r,
			      struct alternative_form *f)
{
	const struct alternative *entry = w->entry + first;
	size_t chosen = alternative_choose(entry, count, r);

	f->len = f->used = alternative_site_len(entry, count);
	f->nops = 0;
	f->outcome = ALTERNATIVE_BUILT;
	f->chosen = first + chosen;
	if (f->len > SITE_LEN_MAX)
		return "the site is too long";
	memcpy(f->bytes, built, f->len);
	return chosen == count ? NULL
		: build_chosen(w, &entry[chosen], built, r, f);
}
