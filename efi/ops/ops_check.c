/* SPDX-License-Identifier: GPL-2.0-only */
/* The check of the ops, see ops_check.h: the list, and the walk through it. */
#include "ops_check.h"
#include "ops_check_one.h"

/* An op without a check does not compile; one of class trap has none. */
static const char *(*const checks[OP_COUNT])(struct check *c) = {
#define CHECK_timed(name)	[OP_##name] = check_##name,
#define CHECK_setup(name)	[OP_##name] = check_##name,
#define CHECK_jump(name)	[OP_##name] = check_##name,
#define CHECK_trap(name)
#define CHECK_x64		ARCH_X64(CHECK)
#define OP(name, shape, class, ring3, contract) CHECK_##class(name)
#include "list/op.def"
#undef OP
};

static enum ops_outcome check_one(struct check *c, enum op op, const char **why)
{
	if (!checks[op])
		return OPS_TRAPPING;
	c->skipped = false;
	*why = checks[op](c);
	if (!*why)
		return OPS_CHECKED;
	return c->skipped ? OPS_NOT_RUN : OPS_FAILED;
}

static void count(struct ops_checked *counts, enum ops_outcome outcome)
{
	switch (outcome) {
	case OPS_CHECKED: counts->checked++; break;
	case OPS_FAILED: counts->failed++; break;
	case OPS_NOT_RUN: counts->not_run++; break;
	case OPS_TRAPPING: counts->trapping++; break;
	case OPS_OUTCOME_COUNT: break;
	}
}

void ops_check(struct ops_check *r, const struct ops_check_env *env)
{
	const struct native_env found = native_env;
	const unsigned long flags = flags_now();
	struct check c = { .env = env };

	memset(r, 0, sizeof(*r));
	asm volatile("cli" : : : "memory");
	c.no_gdt = own_gdt_prepare(&c.gdt);
	for (unsigned op = 0; op < OP_COUNT; op++) {
		r->op[op].outcome = check_one(&c, op, &r->op[op].why);
		count(&r->counts, r->op[op].outcome);
	}
	native_env = found;
	WRITE("push %0\n\tpopf", flags);
}

void ops_check_say(const struct ops_check *r,
		   void (*say)(void *ctx, enum op op, const char *result,
			       const char *why),
		   void *ctx)
{
	for (unsigned op = 0; op < OP_COUNT; op++) {
		if (r->op[op].outcome == OPS_FAILED)
			say(ctx, op, "failed", r->op[op].why);
		else if (r->op[op].outcome == OPS_NOT_RUN)
			say(ctx, op, "not run", r->op[op].why);
	}
}
