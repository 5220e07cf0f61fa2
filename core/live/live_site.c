/* SPDX-License-Identifier: GPL-2.0-only */
/* Live patching: what a site held and what it holds, see live_site.h. */
#include "lib/bytes.h"
#include "lib/mem.h"
#include "live/live_site.h"
#include "patch/nop.h"
#include "site/site.h"

const char *const live_names[LIVE_COUNT] = {
#define LIVE(name, what) #name,
#include "list/live_was.def"
#undef LIVE
};

bool live_site_holds(const struct live_site *s)
{
	return !memcmp(s->at, s->form, s->len)
		&& (!s->island_at
		    || !memcmp(s->island_at, s->island, ISLAND_BYTES));
}

/* The first NOP of a table that is at @p: its length, or 0. */
static unsigned table_nop(const struct nop_table *t, const uint8_t *p, unsigned n)
{
	for (unsigned k = n < t->max ? n : t->max; k; k--)
		if (!memcmp(p, t->seq[k], k))
			return k;
	return 0;
}

/* Those of the first table are NOPs on ia32 alone. */
static unsigned nop_at(enum isa isa, const uint8_t *p, unsigned n)
{
	static const uint8_t nop8[] = { SITE_NOP8_BYTES };

	if (n >= sizeof(nop8) && !memcmp(p, nop8, sizeof(nop8)))
		return sizeof(nop8);
	for (unsigned i = isa == ISA_X86_64 ? 1 : 0; nop_tables[i]; i++) {
		unsigned k = table_nop(nop_tables[i], p, n);

		if (k)
			return k;
	}
	return 0;
}

/* Is it executed without effect, to its end?  NOPs, or a JMP over the rest. */
static bool is_filler(enum isa isa, const uint8_t *p, unsigned n)
{
	unsigned k;

	for (; n; p += k, n -= k) {
		if (n >= 2 && p[0] == 0xeb && p[1] == n - 2)
			return true;
		k = nop_at(isa, p, n);
		if (!k)
			return false;
	}
	return true;
}

static uint64_t relative(enum isa isa, uint64_t next, uint64_t rel)
{
	uint64_t to = next + rel;

	return isa == ISA_X86_64 ? to : (uint32_t)to;
}

/* The instructions at @p, which run at @addr: what they are, and their length. */
static enum live_was first_insn(enum isa isa, const uint8_t *p, unsigned n,
				uint64_t addr, unsigned *used, uint64_t *target)
{
	uint8_t push_arg = isa == ISA_X86_64 ? 0x57 : 0x50;

	*used = 1;
	if (n && p[0] == 0xfa)
		return LIVE_cli;
	if (n && p[0] == 0xfb)
		return LIVE_sti;
	*used = n >= 3 && p[2] == 0xfa ? 3 : 2;
	if (n >= 2 && p[0] == 0x9c && p[1] == 0x58)
		return *used == 3 ? LIVE_save_cli : LIVE_save;
	*used = 2;
	if (n >= 2 && p[0] == push_arg && p[1] == 0x9d)
		return LIVE_restore;
	*used = CALL_LEN;
	if (n >= CALL_LEN && p[0] == 0xe8) {
		*target = relative(isa, addr + CALL_LEN, get_s32(p + 1));
		return LIVE_call;
	}
	*used = CALL_MEM_LEN;
	if (n < CALL_MEM_LEN || p[0] != 0xff || p[1] != 0x15)
		return LIVE_wait;
	*target = isa == ISA_X86_64
		? relative(isa, addr + CALL_MEM_LEN, get_s32(p + 2))
		: get_le32(p + 2);
	return LIVE_call_mem;
}

enum live_was live_was(enum isa isa, const uint8_t *p, unsigned len, uint64_t addr,
		       uint64_t *target)
{
	enum live_was was;
	unsigned cs = 0, used;

	*target = 0;
	if (is_filler(isa, p, len))
		return LIVE_nop;
	while (cs < len && p[cs] == 0x2e)
		cs++;
	was = first_insn(isa, p + cs, len - cs, addr + cs, &used, target);
	if (was == LIVE_wait || !is_filler(isa, p + cs + used, len - cs - used))
		return LIVE_wait;
	return was;
}
