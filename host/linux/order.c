/* SPDX-License-Identifier: GPL-2.0-only */
/* Holding slots against the order of members, see order.h. */
#include <string.h>
#include "body.h"
#include "order.h"

const char *const member_names[MEMBER_COUNT] = {
#define MEMBER(name, any) #name,
#include "list/linux_member.def"
#undef MEMBER
};

static const uint64_t may_do[MEMBER_COUNT] = {
#define MEMBER(name, any) any,
#include "list/linux_member.def"
#undef MEMBER
};

/* Members, next to each other, that a configuration or a release has all or none of. */
static const struct { enum member first, last; } together[] = {
#define BOTH(first, last) { MEMBER_##first, MEMBER_##last }
#define ONE(name) BOTH(name, name)
	BOTH(patch, steal_clock),			/* until 5.12 */
	BOTH(get_debugreg, halt),			/* PARAVIRT_XXL */
	BOTH(get_debugreg, irq_enable),			/* likewise, from 6.15 on */
	BOTH(read_cr2, set_fixmap),			/* likewise */
	ONE(io_delay),					/* until 7.0 or later */
	ONE(set_iopl_mask),				/* until 5.5 */
	BOTH(invalidate_io_bitmap, update_io_bitmap),	/* X86_IOPL_IOPERM */
	ONE(wbinvd),					/* until 6.12 or later */
	ONE(usergs_sysret64), ONE(iret), ONE(swapgs),	/* until 5.12 */
	ONE(restore_fl),				/* until 5.12 */
	ONE(tlb_remove_table),				/* likewise */
	ONE(notify_page_enc_status_changed),		/* from 5.16 */
	BOTH(activate_mm, dup_mmap),			/* until 6.1 or later */
	ONE(enter_mmap),				/* since */
	ONE(set_pte_at),				/* until 5.8 */
	BOTH(set_pte_atomic, pmd_clear),		/* i386 with PAE and XXL */
	BOTH(p4d_val, set_pgd),				/* 5 levels */
	BOTH(lazy_mode_enter, lazy_mode_leave),		/* until 7.0 or later */
	BOTH(queued_spin_lock_slowpath, queued_spin_unlock),	/* likewise */
#undef ONE
#undef BOTH
};

enum member member_named(const char *name)
{
	unsigned m = 0;

	while (m < MEMBER_COUNT && strcmp(member_names[m], name))
		m++;
	return m;
}

#define SKIP		1		/* a member that is left out */
#define UNKNOWN		2		/* a slot that is no member */
#define FAR		(UINT16_MAX / 2)

/* Least cost of what is before slot i and member j, and of what is from there on. */
struct costs {
	uint16_t before[SLOTS_MAX + 1][MEMBER_COUNT + 1];
	uint16_t after[SLOTS_MAX + 1][MEMBER_COUNT + 1];
};

/* What kernels that patch by pointers no longer have, and what they have instead. */
static bool is_absent(enum member m, bool pointers)
{
	return pointers ? m <= MEMBER_steal_clock || m == MEMBER_flush_tlb_others
		: m == MEMBER_flush_tlb_multi;
}

static bool can_be(const struct slot *s, enum member m, bool pointers)
{
	return !is_absent(m, pointers) && (s->known ? s->is == m : (s->does & may_do[m]) != 0);
}

static void least(uint16_t *to, unsigned cost)
{
	if (cost < *to)
		*to = (uint16_t)cost;
}

/* What may be left out from member @j on, for slots that begin or end there: anything. */
static void skip(struct costs *c, unsigned i, unsigned j, bool outside, bool pointers)
{
	uint16_t at = c->before[i][j];

	least(&c->before[i][j + 1],
	      at + (outside || is_absent((enum member)j, pointers) ? 0 : SKIP));
	for (unsigned t = 0; t < sizeof(together) / sizeof(together[0]); t++)
		if ((unsigned)together[t].first == j)
			least(&c->before[i][together[t].last + 1], at);
}

static void skip_back(struct costs *c, unsigned i, unsigned j, bool outside, bool pointers)
{
	uint16_t at = c->after[i][j];

	least(&c->after[i][j - 1],
	      at + (outside || is_absent((enum member)(j - 1), pointers) ? 0 : SKIP));
	for (unsigned t = 0; t < sizeof(together) / sizeof(together[0]); t++)
		if ((unsigned)together[t].last + 1 == j)
			least(&c->after[i][together[t].first], at);
}

static void forwards(struct costs *c, const struct slot *slots, unsigned n, bool pointers)
{
	c->before[0][0] = 0;
	for (unsigned i = 0; i <= n; i++)
		for (unsigned j = 0; j <= MEMBER_COUNT; j++) {
			if (j < MEMBER_COUNT)
				skip(c, i, j, !i || i == n, pointers);
			if (i == n)
				continue;
			least(&c->before[i + 1][j], c->before[i][j] + UNKNOWN);
			if (j < MEMBER_COUNT && can_be(&slots[i], (enum member)j, pointers))
				least(&c->before[i + 1][j + 1], c->before[i][j]);
		}
}

static void backwards(struct costs *c, const struct slot *slots, unsigned n, bool pointers)
{
	c->after[n][MEMBER_COUNT] = 0;
	for (unsigned i = n + 1; i--;)
		for (unsigned j = MEMBER_COUNT + 1; j--;) {
			if (j)
				skip_back(c, i, j, !i || i == n, pointers);
			if (!i)
				continue;
			least(&c->after[i - 1][j], c->after[i][j] + UNKNOWN);
			if (j && can_be(&slots[i - 1], (enum member)(j - 1), pointers))
				least(&c->after[i - 1][j - 1], c->after[i][j]);
		}
}

static void note(const struct costs *c, struct slot *s, unsigned i, unsigned best,
		 bool pointers)
{
	memset(s->possible, 0, sizeof(s->possible));
	for (unsigned j = 0; j <= MEMBER_COUNT; j++) {
		if ((unsigned)(c->before[i][j] + UNKNOWN + c->after[i + 1][j]) == best)
			s->possible[MEMBER_NONE] = true;
		if (j < MEMBER_COUNT && can_be(s, (enum member)j, pointers)
		    && (unsigned)(c->before[i][j] + c->after[i + 1][j + 1]) == best)
			s->possible[j] = true;
	}
}

unsigned order_align(struct slot *slots, unsigned n, bool pointers)
{
	static struct costs c;
	unsigned best;

	for (unsigned i = 0; i <= n; i++)
		for (unsigned j = 0; j <= MEMBER_COUNT; j++)
			c.before[i][j] = c.after[i][j] = FAR;
	forwards(&c, slots, n, pointers);
	backwards(&c, slots, n, pointers);
	best = c.before[n][MEMBER_COUNT];
	for (unsigned i = 0; i < n; i++)
		note(&c, &slots[i], i, best, pointers);
	return best;
}

enum member slot_member(const struct slot *s)
{
	enum member only = MEMBER_COUNT;
	unsigned n = 0;

	for (enum member m = 0; m <= MEMBER_COUNT; m++)
		if (s->possible[m]) {
			only = m;
			n++;
		}
	return n == 1 ? only : MEMBER_COUNT;
}
