/* SPDX-License-Identifier: GPL-2.0-only */
/* Live patching: what the handler of an INT3 does, see live_trap.h. */
#include "lib/atomic.h"
#include "live/live_trap.h"

/* What POPF may change in ring 0.  Source: Intel SDM Vol. 2B, "POPF/POPFD/POPFQ--Pop
 * Stack Into EFLAGS Register". */
#define POPF_BITS	0x247fd5u
#define FLAGS_IF_BIT	(1u << 9)

static const struct live_site *site_at(const struct live_batch *b, uintptr_t ip)
{
	uint32_t n = load_acquire(&b->under_way);

	for (uint32_t i = 0; i < n; i++)
		if (b->site[i].addr == ip)
			return &b->site[i];
	return NULL;
}

static void emulate_call(struct live_regs *r, uintptr_t to)
{
	r->call = true;
	r->back = r->ip;		/* behind the site already */
	r->ip = to;
}

/* Does what the site did. */
static enum live_trap emulate(const struct live_site *s, struct live_regs *r)
{
	r->ip += s->len;
	switch (s->was) {
	case LIVE_call:
		emulate_call(r, (uintptr_t)s->target);
		break;
	case LIVE_call_mem:
		emulate_call(r, *(const volatile uintptr_t *)(uintptr_t)s->target);
		break;
	case LIVE_nop:
		break;
	case LIVE_save_cli:
		r->ax = r->flags;
		r->flags &= ~(uintptr_t)FLAGS_IF_BIT;
		break;
	case LIVE_cli:
		r->flags &= ~(uintptr_t)FLAGS_IF_BIT;
		break;
	case LIVE_sti:
		r->flags |= FLAGS_IF_BIT;
		break;
	case LIVE_save:
		r->ax = r->flags;
		break;
	case LIVE_restore:
		r->flags = (r->flags & ~(uintptr_t)POPF_BITS) | (r->arg & POPF_BITS);
		break;
	case LIVE_wait:
	case LIVE_COUNT:
		r->ip -= s->len;
		return LIVE_TRAP_WAIT;
	}
	return LIVE_TRAP_GO;
}

enum live_trap live_trap(const struct live_batch *b, struct live_regs *r,
			 enum live_was *was)
{
	const struct live_site *s;

	r->call = false;
	if (!live_is_int3(r->ip))
		return LIVE_TRAP_AGAIN;
	s = site_at(b, r->ip);
	/* A batch that was late has put it back. */
	if (!s)
		return live_is_int3(r->ip) ? LIVE_TRAP_FOREIGN : LIVE_TRAP_AGAIN;
	*was = s->was;
	return emulate(s, r);
}
