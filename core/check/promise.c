/* SPDX-License-Identifier: GPL-2.0-only */
/* What the table's ops leave, see promise.h. */
#include "check/promise.h"
#include "lib/mem.h"
#include "measure/platform.h"
#include "paravirt/native.h"
#include "workload/operands.h"

#define ENTRY_AT	(OPERANDS_ENTRY * sizeof(uint64_t))

struct scratch scratch_of(const struct work *w)
{
	struct scratch s;

	for (unsigned i = 0; i < WORK_SCRATCH; i++)
		s.word[i] = w->scratch[i];
	return s;
}

/* Is all but those bytes as it was? */
static bool same_but(const struct scratch *began, const struct scratch *now, size_t at,
		     size_t bytes)
{
	const uint8_t *a = (const uint8_t *)began, *b = (const uint8_t *)now;
	size_t behind = at + bytes;

	return !memcmp(a, b, at) && !memcmp(a + behind, b + behind, sizeof(*now) - behind);
}

/* What is left, by its name in promise.def. */

static bool left_all(const struct scratch *began, const struct scratch *now)
{
	return same_but(began, now, 0, 0);
}

static bool left_new_entry(const struct scratch *began, const struct scratch *now)
{
	return now->word[OPERANDS_ENTRY] == OPERANDS_NEW
		&& same_but(began, now, ENTRY_AT, sizeof(uint64_t));
}

static bool left_no_entry(const struct scratch *began, const struct scratch *now)
{
	return !now->word[OPERANDS_ENTRY] && same_but(began, now, ENTRY_AT, sizeof(uint64_t));
}

static bool left_unlocked(const struct scratch *began, const struct scratch *now)
{
	return !(uint8_t)now->word[OPERANDS_ENTRY] && same_but(began, now, ENTRY_AT, 1);
}

static bool left_table(const struct scratch *began, const struct scratch *now)
{
	struct native_dtr found, is;

	memcpy(&found, (const uint8_t *)began + ENTRY_AT, sizeof(found));
	memcpy(&is, (const uint8_t *)now + ENTRY_AT, sizeof(is));
	return is.limit && is.base && is.base != found.base
		&& same_but(began, now, ENTRY_AT, sizeof(is));
}

/* The highest leaf, and a name of twelve letters. */
static bool left_cpuid(const struct scratch *began, const struct scratch *now)
{
	const uint64_t low = now->word[0], high = now->word[1];

	return (uint32_t)low && low >> 32 && (uint32_t)high && high >> 32
		&& low != began->word[0] && high != began->word[1]
		&& same_but(began, now, 0, 4 * sizeof(uint32_t));
}

static bool left_no_error(const struct scratch *began, const struct scratch *now)
{
	return !(uint32_t)now->word[0] && same_but(began, now, 0, sizeof(uint32_t));
}

static bool left_stack_top(const struct scratch *began, const struct scratch *now)
{
	const size_t at = offsetof(struct native_tss, sp0);
	const uint8_t *thread = (const uint8_t *)&began->word[OPERANDS_THREAD];

	return !memcmp((const uint8_t *)now + at, thread + offsetof(struct native_thread, sp0),
		       sizeof(long))
		&& same_but(began, now, at, sizeof(long));
}

/* What comes back. */
struct came_back {
	uint64_t got;
	bool if_on;
};

static bool returns_same(const struct came_back *c)
{
	(void)c;
	return true;
}

#define returns_changing	returns_same

static bool returns_flags(const struct came_back *c)
{
	return !(c->got & FLAGS_IF) == !c->if_on;
}

static bool returns_zero(const struct came_back *c)
{
	return !c->got;
}

static bool returns_old(const struct came_back *c)
{
	return c->got == OPERANDS_OLD;
}

static bool returns_new_value(const struct came_back *c)
{
	return c->got == OPERANDS_NEW;
}

/* What of it is compared. */
#define SAME_same	UINT64_MAX
#define SAME_changing	0
#define SAME_flags	FLAGS_IF
#define SAME_zero	UINT64_MAX
#define SAME_old	UINT64_MAX
#define SAME_new_value	UINT64_MAX

struct promise {
	bool (*left)(const struct scratch *began, const struct scratch *now);
	bool (*returns)(const struct came_back *c);
	uint64_t same;
};

static struct promise promise_of(unsigned op)
{
	static const struct promise promises[OP_COUNT] = {
#define PROMISE(op, memory, returns) \
		[OP_##op] = { left_##memory, returns_##returns, SAME_##returns },
#include "list/promise.def"
#undef PROMISE
	};
	static const struct promise other = { left_all, returns_same, SAME_same };

	return promises[op].left ? promises[op] : other;
}

/* The source of the workload itself stores that. */
static struct scratch begun(const struct table_op *op, const struct scratch *began)
{
	struct scratch s = *began;

	if (op->op == OP_cpuid) {
		s.word[0] &= ~(uint64_t)UINT32_MAX;
		s.word[1] &= ~(uint64_t)UINT32_MAX;
	}
	return s;
}

const char *promise_broken(const struct table_op *op, enum effect effect, bool looks,
			   bool if_on, const struct scratch *began, const struct work *w)
{
	const struct came_back c = { w->got, if_on };
	const struct scratch now = scratch_of(w), first = begun(op, began);
	struct promise p;

	if (op->op == OP_COUNT)
		return NULL;
	if (effect == EFFECT_nothing)
		return left_all(&first, &now) ? NULL : "memory that is the op's was changed";
	p = promise_of(op->op);
	if (!p.left(&first, &now))
		return "memory is not what the op is to leave";
	return !looks || p.returns(&c) ? NULL : "it returns another value than the op";
}

enum if_want promise_if_of_nothing(const struct table_op *op)
{
	return op && op->op == OP_halt ? IF_ON : IF_SAME;
}

uint64_t promise_same(const struct table_op *op, uint64_t got)
{
	return op->op == OP_COUNT ? 0 : got & promise_of(op->op).same;
}
