/* SPDX-License-Identifier: GPL-2.0-only */
/* The text that is patched at scale, see scale_text.h. */
#include "lib/mem.h"
#include "patch/insn.h"
#include "scale_text.h"

static size_t round_up(size_t n)
{
	return (n + 63) / 64 * 64;
}

static size_t text_most(size_t sites)
{
	return round_up(sites * SCALE_STEP_MOST);
}

static size_t open_room(size_t sites)
{
	return round_up(TEXT_ROOM(text_most(sites), sites, sites * SCALE_SITE_BYTES));
}

static size_t packed_bytes(size_t sites)
{
	return round_up(sites * SCALE_SITE_BYTES + 8);
}

#define TIMES	((size_t)(SCALE_ROWS_MOST + 2) * SCALE_ROUNDS_MOST)

size_t scale_room(size_t sites)
{
	return text_most(sites) + round_up(sites * sizeof(struct site))
		+ open_room(sites) + packed_bytes(sites) + TIMES * sizeof(int64_t);
}

/* The ops that 95% of calls are of; with an even hand. */
static const uint8_t ops[] = {
	OP_irq_disable, OP_irq_enable, OP_save_fl, OP_restore_fl,
};

void bench_built(uint8_t *to, const struct text_where *w, size_t at, unsigned type)
{
	bool x64 = w->isa == ISA_X86_64;
	uint64_t slot = w->table + type * (x64 ? 8 : 4);
	uint32_t d = (uint32_t)(x64 ? slot - (w->addr + at + CALL_MEM_LEN) : slot);

	to[0] = 0xff;
	to[1] = 0x15;
	memcpy(to + 2, &d, sizeof(d));
}

static void make_text(struct text_where *w, struct site *sites, struct rng *rng)
{
	unsigned all = w->isa == ISA_X86_64 ? CLOBBER_X86_64 : CLOBBER_IA32;
	size_t at = 0;

	memset(w->bytes, 0xcc, text_most(w->count));
	for (size_t i = 0; i < w->count; i++) {
		unsigned type = ops[rng_below(rng, sizeof(ops))];

		bench_built(w->bytes + at, w, at, type);
		sites[i] = (struct site){
			.site = (int32_t)(w->addr + at - (w->sites_addr + i * sizeof(*sites))),
			.type = (uint8_t)type, .len = SCALE_SITE_BYTES,
			.clobbers = (uint16_t)all,
		};
		at += SCALE_STEP_LEAST
			+ rng_below(rng, SCALE_STEP_MOST - SCALE_STEP_LEAST + 1);
	}
	w->len = at;
}

const char *bench_open(struct bench *k, uint8_t *memory)
{
	struct scale *s = k->s;
	struct site *sites = (struct site *)(memory + text_most(s->sites));
	uint8_t *room = (uint8_t *)sites + round_up(s->sites * sizeof(*sites));
	struct text_where w = {
		.isa = s->machine->isa, .addr = s->addr, .bytes = memory,
		.sites_addr = s->addr + text_most(s->sites), .sites = sites,
		.count = s->sites, .table = s->addr - 4096, .ops = OP_COUNT,
		.endbr = ENDBR_LEN,
	};
	struct text_error e;
	uint64_t begin;
	int64_t per;

	k->packed = room + open_room(s->sites);
	k->times = (int64_t *)(k->packed + packed_bytes(s->sites));
	make_text(&w, sites, &s->rng);
	begin = s->machine->begin();
	if (!text_open(&k->text, &w, room, open_room(s->sites), &e))
		return e.why;
	per = (int64_t)((s->machine->end() - begin) * MILLION / s->sites);
	s->open = spread_of(&per, 1);
	s->classes = k->text.class_count;
	s->text_bytes = w.len;
	return NULL;
}

bool bench_pack(struct bench *k)
{
	const struct text_where *w = &k->text.where;
	uint8_t *to = k->packed;

	for (unsigned i = 0; i < sizeof(ops); i++) {
		struct sited_op so = { .isa = w->isa, .type = ops[i],
				       .len = SCALE_SITE_BYTES,
				       .clobbers = w->sites[0].clobbers };
		uint8_t buf[FORM_LEN_MAX];
		unsigned used = 0;

		if (native_backend.ops.patch(&so, buf, &used) != PATCHED_INLINE)
			return false;
		nop_fill(k->s->nops, buf + used, SCALE_SITE_BYTES - used);
		memcpy(k->form[ops[i]], buf, SCALE_SITE_BYTES);
	}
	for (size_t i = 0; i < w->count; i++, to += SCALE_SITE_BYTES)
		memcpy(to, k->form[w->sites[i].type], SCALE_SITE_BYTES);
	return true;
}
