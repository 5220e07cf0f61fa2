/* SPDX-License-Identifier: GPL-2.0-only */
/* Making bodies from compiled workloads, see body.h. */
#include "measure/body.h"
#include "lib/bytes.h"
#include "lib/mem.h"

#define MOV_IMM_LEN	5

/* text_open() saw pushes, then the call: the call is where no push is. */
static unsigned call_of(const uint8_t *site)
{
	unsigned at = 0;

	while (site[at] != 0xff)
		at++;
	return at;
}

bool template_sites(const struct template *t, const struct text_where *w,
		    struct template_sites *s)
{
	uint64_t len = t->head + t->copy;

	s->count = 0;
	for (size_t i = 0; i < w->count; i++) {
		uint64_t at = text_site_addr(w, i) - t->addr;
		unsigned site_len = w->sites[i].len;

		if (at >= len && at + site_len - 1 >= len)
			continue;
		if (at >= len || s->count == TEMPLATE_SITES_MAX
		    || site_len > len - at
		    || (at < t->head && at + site_len > t->head))
			return false;
		s->site[s->count++] = (struct template_site){
			.at = (unsigned)at, .call = call_of(text_site_bytes(w, i)),
			.type = w->sites[i].type, .len = (uint8_t)site_len,
			.clobbers = w->sites[i].clobbers,
		};
	}
	return true;
}

static uint64_t here(const struct emitter *e)
{
	return e->addr + e->used;
}

/* RIP-relative calls reach their slot from where they are now. */
static bool move_call(const struct emitter *e, uint8_t *call, uint64_t moved)
{
	uint64_t rel = get_s32(call + 2) - moved;

	if (e->isa == ISA_IA32)
		return true;
	put_le32(call + 2, (uint32_t)rel);
	return rel32_reaches(e->isa, rel);
}

static const char *put_record(struct emitter *e, uint64_t addr,
			      const struct template_site *s)
{
	uint64_t record = e->sites_addr + e->count * sizeof(struct site);

	if (e->count == e->sites_room)
		return "no room for the records of the bodies";
	if (!rel32_reaches(e->isa, addr - record))
		return "the records are too far from the bodies";
	e->sites[e->count++] = (struct site){
		.site = (int32_t)(addr - record), .type = s->type,
		.len = s->len, .clobbers = s->clobbers,
	};
	return NULL;
}

/* Bytes [from, to) of the template, and its sites there. */
static const char *put_part(struct emitter *e, const struct template *t,
			    const struct template_sites *s, unsigned from,
			    unsigned to)
{
	uint64_t addr = here(e), moved = addr - (t->addr + from);
	uint8_t *bytes = e->bytes + e->used;
	const char *why;

	if (to - from > e->room - e->used)
		return "no room for the bodies";
	memcpy(bytes, t->bytes + from, to - from);
	e->used += to - from;
	for (unsigned i = 0; i < s->count; i++) {
		const struct template_site *k = &s->site[i];

		if (k->at < from || k->at >= to)
			continue;
		if (!move_call(e, bytes + (k->at - from) + k->call, moved))
			return "the ops table is out of reach of the bodies";
		why = put_record(e, addr + (k->at - from), k);
		if (why)
			return why;
	}
	return NULL;
}

static const char *put_jump(struct emitter *e, uint64_t to)
{
	uint64_t rel = to - (here(e) + JMP_LEN);

	if (e->room - e->used < JMP_LEN)
		return "no room for the bodies";
	if (!rel32_reaches(e->isa, rel))
		return "the application is out of reach of the bodies";
	e->bytes[e->used] = 0xe9;
	put_le32(e->bytes + e->used + 1, (uint32_t)rel);
	e->used += JMP_LEN;
	return NULL;
}

/* Skips to where the repeated part, behind the head, begins at the offset. */
static const char *align(struct emitter *e, unsigned head, unsigned offset)
{
	unsigned skip = (unsigned)(offset - (here(e) + head)) % LINE_BYTES;

	if (e->room - e->used < skip)
		return "no room for the bodies";
	memset(e->bytes + e->used, 0xcc, skip);
	e->used += skip;
	return NULL;
}

static const char *put_copies(struct emitter *e, const struct template *t,
			      const struct template_sites *s, unsigned repeats,
			      const struct layout *l, const struct fill *f)
{
	uint8_t filler[FILL_MAX];
	unsigned len = l->fill(f, filler);
	const char *why = NULL;

	if (len > sizeof(filler))
		return "the copies of a group are too long for a filler of the layout";
	for (; repeats && !why; repeats--) {
		why = put_part(e, t, s, t->head, t->head + t->copy);
		if (!why && e->room - e->used < len)
			why = "no room for the bodies";
		if (why)
			break;
		memcpy(e->bytes + e->used, filler, len);
		e->used += len;
	}
	return why;
}

/* What comes before the copies of a body. */
static const char *put_head(struct emitter *e, const struct template *t,
			    const struct template_sites *s, unsigned offset,
			    struct body *b)
{
	const char *why = align(e, t->head, offset);

	b->entry = b->begin = here(e);
	if (!why)
		why = put_part(e, t, s, 0, t->head);
	b->first = here(e);
	return why;
}

/* And behind them. */
static const char *put_end(struct emitter *e, const struct template *t, struct body *b)
{
	const char *why = put_jump(e, t->way_out);

	b->end = here(e);
	return why;
}

const char *body_emit(struct emitter *e, const struct template *t,
		      const struct template_sites *s, unsigned repeats,
		      unsigned offset, const struct layout *l,
		      const struct fill *f, struct body *b)
{
	const char *why = put_head(e, t, s, offset, b);

	if (!why)
		why = put_copies(e, t, s, repeats, l, f);
	return why ? why : put_end(e, t, b);
}

static const char *put_step(struct emitter *e, const struct template *t,
			    const struct template_sites *s,
			    const struct body_step *step, gap_fill *fill)
{
	if (step->gap > (e->room - e->used) / LEA_MAX)
		return "no room for the bodies";
	e->used += fill(e->isa, step->gap, e->bytes + e->used);
	return put_part(e, t, s, step->from, step->to);
}

const char *body_emit_steps(struct emitter *e, const struct template *t,
			    const struct template_sites *s,
			    const struct body_step *step, unsigned steps,
			    unsigned rounds, unsigned offset, gap_fill *fill,
			    struct body *b)
{
	const char *why = put_head(e, t, s, offset, b);

	for (unsigned i = 0; i < rounds * steps && !why; i++)
		why = put_step(e, t, s, &step[i % steps], fill);
	return why ? why : put_end(e, t, b);
}

const char *body_emit_block(struct emitter *e, const struct template *t,
			    const struct template_sites *s, unsigned offset, struct body *b)
{
	const char *why = align(e, 0, offset);

	b->entry = b->begin = b->first = here(e);
	if (!why)
		why = put_part(e, t, s, 0, t->copy);
	b->end = here(e);
	return why;
}

/* A body is called with struct work * as C has it; on ia32 that is on the stack. */
static const uint8_t load_work_ia32[] = { 0x8b, 0x44, 0x24, 0x04 };	/* mov 4(%esp),%eax */

const char *body_emit_way_in(struct emitter *e, const struct body *block, unsigned units,
			     struct body *b)
{
	const bool ia32 = e->isa == ISA_IA32;
	const unsigned load = ia32 ? sizeof(load_work_ia32) : 0;
	uint8_t *to = e->bytes + e->used;

	*b = (struct body){ .entry = here(e), .begin = here(e), .first = block->first };
	if (e->room - e->used < load + MOV_IMM_LEN)
		return "no room for the bodies";
	memcpy(to, load_work_ia32, load);
	to[load] = ia32 ? 0xba : 0xbe;		/* mov $units,%edx; %esi */
	put_le32(to + load + 1, units);
	e->used += load + MOV_IMM_LEN;
	b->end = here(e) + JMP_LEN;
	return put_jump(e, block->entry);
}
