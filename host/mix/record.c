/* SPDX-License-Identifier: GPL-2.0-only */
/* The recorder's decisions: what each instruction adds to which count. */
#include <stdlib.h>
#include <string.h>
#include "record.h"

static void *zeroed(size_t count, size_t bytes)
{
	void *to = calloc(count ? count : 1, bytes);

	if (!to)
		abort();
	return to;
}

/* Ops are opcodes, then names of sites, then these two. */
static unsigned op_begin(const struct record *r)
{
	return OPCODE_COUNT + (unsigned)r->sites->ops.count;
}

static unsigned op_end(const struct record *r)
{
	return op_begin(r) + 1;
}

unsigned record_ops(const struct record *r)
{
	return op_end(r) + 1;
}

const char *record_op_name(const struct record *r, unsigned op)
{
	return op < OPCODE_COUNT ? opcode_names[op] : op == op_begin(r) ? "begin"
		: op == op_end(r) ? "end" : r->sites->ops.of[op - OPCODE_COUNT];
}

void record_open(struct record *r, const struct sites *s)
{
	const unsigned sizes[GROUP_COUNT] = {
		[GROUP_INSTRUCTIONS] = INSTRUCTIONS_COUNT,
		[GROUP_REPEATS] = REPEATS_COUNT,
		[GROUP_EVENTS] = EVENT_COUNT,
		[GROUP_OPS] = OPCODE_COUNT + (unsigned)s->ops.count,
		[GROUP_OPCODES_KERNEL] = OPCODE_COUNT,
		[GROUP_OPCODES_USER] = OPCODE_COUNT,
		[GROUP_OPCODES_SITES] = OPCODE_COUNT,
		[GROUP_ENTRIES] = (unsigned)s->entry_names.count,
		[GROUP_WATCHES] = (unsigned)s->watch_names.count,
	};

	memset(r, 0, sizeof(*r));
	r->sites = s;
	for (unsigned g = 0; g < GROUP_COUNT; g++)
		r->first[g + 1] = r->first[g] + sizes[g];
	r->n = zeroed(r->first[GROUP_COUNT], sizeof(*r->n));
	r->at_mark = zeroed(r->first[GROUP_COUNT], sizeof(*r->at_mark));
	r->site_n = zeroed(s->sites.count, sizeof(*r->site_n));
	r->gaps = zeroed((size_t)record_ops(r) * record_ops(r), sizeof(*r->gaps));
}

static void free_gaps(struct record *r)
{
	for (size_t i = 0; i < (size_t)record_ops(r) * record_ops(r); i++) {
		free(r->gaps[i]);
		r->gaps[i] = NULL;
	}
}

void record_close(struct record *r)
{
	free_gaps(r);
	free(r->gaps);
	free(r->n);
	free(r->at_mark);
	free(r->site_n);
	free(r->units);
	memset(r, 0, sizeof(*r));
}

static int index_in(const struct places *in, uint64_t at)
{
	const struct place *p = place_at(in, at);

	return p ? (int)(p - in->of) : -1;
}

static void describe_marks(struct code *c, const struct sites *s)
{
	const struct place *p = place_at(&s->marks, c->at);

	c->mark = c->insn.mark;
	if (c->mark || !p)
		return;
	c->mark = p->what;
	c->listed_mark = true;
}

/* The op that begins here, if one does. */
static void describe_op(struct code *c, const struct sites *s)
{
	const struct place *site;

	c->op = -1;
	c->site = index_in(&s->sites, c->at);
	if (c->site >= 0) {
		site = &s->sites.of[c->site];
		c->rest = site->at != c->at;
		if (!c->rest)
			c->op = (int)(OPCODE_COUNT + site->what);
	} else if (c->insn.opcode != OPCODE_NONE && !c->user && opcode_in_pairs[c->insn.opcode]) {
		c->op = (int)c->insn.opcode;
	}
}

void code_describe(struct code *c, const struct sites *s, uint64_t at, const uint8_t *bytes,
		   unsigned len, uint64_t kernel_from)
{
	memset(c, 0, sizeof(*c));
	c->at = at;
	c->next = at + len;
	c->insn = insn_read(bytes, len);
	c->target = c->next + (uint64_t)c->insn.distance;
	c->user = at < kernel_from;
	c->entry = index_in(&s->entries, at);
	c->watch = index_in(&s->watches, at);
	describe_op(c, s);
	describe_marks(c, s);
	c->plain = c->op < 0 && !c->rest && c->insn.opcode == OPCODE_NONE &&
		!c->insn.accesses && c->watch < 0 && !c->mark;
}

static uint64_t *counter(struct record *r, enum group g, unsigned i)
{
	return &r->n[r->first[g] + i];
}

unsigned gap_bucket(uint64_t gap)
{
	return gap ? 64 - (unsigned)__builtin_clzll(gap) : 0;
}

/* The gap to @op ends. */
static void end_gap(struct record *r, unsigned op)
{
	struct gap **at = &r->gaps[r->last_op * record_ops(r) + op];
	uint64_t length = r->between[0] + r->between[1];

	if (!*at)
		*at = zeroed(1, sizeof(**at));
	(*at)->count++;
	(*at)->sum += length;
	(*at)->user_sum += r->between[1];
	if (length > (*at)->longest)
		(*at)->longest = length;
	(*at)->bucket[gap_bucket(length)]++;
	r->last_op = op;
	r->between[0] = r->between[1] = 0;
}

static void begin_region(struct record *r, const struct code *c)
{
	memset(r->n, 0, r->first[GROUP_COUNT] * sizeof(*r->n));
	memset(r->at_mark, 0, r->first[GROUP_COUNT] * sizeof(*r->at_mark));
	memset(r->site_n, 0, r->sites->sites.count * sizeof(*r->site_n));
	free_gaps(r);
	r->units_count = 0;
	r->unlisted_count = 0;
	r->between[0] = r->between[1] = 0;
	r->last_op = op_begin(r);
	r->last = c;
	r->region++;
	r->active = true;
}

static void end_unit(struct record *r)
{
	size_t all = r->first[GROUP_COUNT];
	uint64_t *unit;

	if (r->units_count == r->units_room) {
		r->units_room = r->units_room ? 2 * r->units_room : 16;
		r->units = realloc(r->units, r->units_room * all * sizeof(*r->units));
		if (!r->units)
			abort();
	}
	unit = r->units + r->units_count++ * all;
	for (size_t i = 0; i < all; i++)
		unit[i] = r->n[i] - r->at_mark[i];
	memcpy(r->at_mark, r->n, all * sizeof(*r->n));
}

static uint64_t sum_of(const struct record *r, enum group g)
{
	uint64_t sum = 0;

	for (unsigned i = r->first[g]; i < r->first[g + 1]; i++)
		sum += r->n[i];
	return sum;
}

/* What record.h says of the sum of all gaps, and that an op ends one. */
static bool adds_up(struct record *r)
{
	uint64_t gaps = 0, between = 0, ops = sum_of(r, GROUP_OPS);

	for (size_t i = 0; i < (size_t)record_ops(r) * record_ops(r); i++) {
		gaps += r->gaps[i] ? r->gaps[i]->count : 0;
		between += r->gaps[i] ? r->gaps[i]->sum : 0;
	}
	return gaps == ops + 1 &&
		*counter(r, GROUP_INSTRUCTIONS, INSTRUCTIONS_KERNEL) +
		*counter(r, GROUP_INSTRUCTIONS, INSTRUCTIONS_USER) ==
		ops + *counter(r, GROUP_INSTRUCTIONS, INSTRUCTIONS_REST) + between;
}

static enum step fail(struct record *r, const char *what)
{
	r->error = what;
	return STEP_ERROR;
}

static enum step pass_mark(struct record *r, const struct code *c)
{
	if (c->mark == MARK_BEGIN) {
		if (r->active)
			return fail(r, "a mark begins a region within one");
		begin_region(r, c);
		return STEP_ON;
	}
	if (!r->active)
		return fail(r, c->mark == MARK_UNIT ? "a mark ends a unit outside of a region"
			    : "a mark ends a region, and none has begun");
	if (c->mark == MARK_UNIT) {
		end_unit(r);
		return STEP_ON;
	}
	end_gap(r, op_end(r));
	r->active = false;
	return adds_up(r) ? STEP_ENDED : fail(r, "the recorder's counts do not add up");
}

static void count_unlisted(struct record *r, uint64_t at)
{
	unsigned i = 0;

	++*counter(r, GROUP_EVENTS, EVENT_UNLISTED);
	while (i < r->unlisted_count && r->unlisted[i].at != at)
		i++;
	if (i == UNLISTED_MAX)
		return;
	if (i == r->unlisted_count) {
		r->unlisted[i].at = at;
		r->unlisted[i].count = 0;
		r->unlisted_count++;
	}
	r->unlisted[i].count++;
}

static bool is_call(const struct code *c)
{
	return c->insn.flow == FLOW_SOFT || c->insn.opcode == OPCODE_SYSCALL ||
		c->insn.opcode == OPCODE_SYSENTER;
}

static void count_event(struct record *r, const struct code *from, const struct code *c)
{
	static const unsigned of[] = {
		[ENTRY_INTERRUPT] = EVENT_INTERRUPTS, [ENTRY_FAULT] = EVENT_FAULTS,
		[ENTRY_CALL] = EVENT_CALLS
	};
	const struct place *entry = &r->sites->entries.of[c->entry];

	++*counter(r, GROUP_EVENTS, is_call(from) ? EVENT_CALLS : of[entry->kind]);
	++*counter(r, GROUP_ENTRIES, entry->what);
}

/* Whether @to is @other, which is an address behind @from: those of 32-bit code wrap. */
static bool is_place(const struct code *from, uint64_t to, uint64_t other)
{
	return to == other || (!(from->at >> 32) && to == (uint32_t)other);
}

static bool may_go(const struct code *from, uint64_t to)
{
	switch (from->insn.flow) {
	case FLOW_NEXT:
		return is_place(from, to, from->next);
	case FLOW_EITHER:
		return is_place(from, to, from->next) || is_place(from, to, from->target);
	case FLOW_TARGET:
		return is_place(from, to, from->target);
	case FLOW_ANY:
		return true;
	case FLOW_SOFT:
		break;		/* INTO alone, and then to the next */
	}
	return is_place(from, to, from->next);
}

/* Control went from @from to @c, which does not follow it.  Return: whether @c begins. */
static bool cross(struct record *r, const struct code *from, const struct code *c)
{
	bool explained = may_go(from, c->at);

	if (c->at == from->at && from->insn.accesses) {
		r->accesses = 0;
		return false;
	}
	if (c->entry >= 0 && (!explained || from->insn.flow == FLOW_ANY)) {
		count_event(r, from, c);
		return true;
	}
	if (explained)
		return true;
	if (c->at == from->at) {
		++*counter(r, GROUP_EVENTS, EVENT_RESTARTS);
		return false;
	}
	count_unlisted(r, c->at);
	return true;
}

static void count_opcode(struct record *r, const struct code *c)
{
	++*counter(r, c->user ? GROUP_OPCODES_USER : GROUP_OPCODES_KERNEL, c->insn.opcode);
	if (c->site >= 0)
		++*counter(r, GROUP_OPCODES_SITES, c->insn.opcode);
}

static void count_special(struct record *r, const struct code *c)
{
	++*counter(r, GROUP_INSTRUCTIONS, c->user ? INSTRUCTIONS_USER : INSTRUCTIONS_KERNEL);
	if (c->insn.opcode != OPCODE_NONE)
		count_opcode(r, c);
	if (c->watch >= 0)
		++*counter(r, GROUP_WATCHES, r->sites->watches.of[c->watch].what);
	if (c->insn.accesses) {
		r->accesses = 0;
		++*counter(r, GROUP_REPEATS, (c->user ? REPEATS_OF_ONE : 0) + REPEATS_RUNS);
	}
	if (c->op >= 0) {
		++*counter(r, GROUP_OPS, (unsigned)c->op);
		if (c->site >= 0)
			r->site_n[c->site]++;
		end_gap(r, (unsigned)c->op);
	} else if (c->rest) {
		++*counter(r, GROUP_INSTRUCTIONS, INSTRUCTIONS_REST);
	} else {
		r->between[c->user]++;
	}
}

enum step record_step(struct record *r, const struct code *c)
{
	const struct code *from = r->last;
	enum step step;

	if (!r->active && !c->mark)
		return STEP_ON;
	r->last = c;
	if (r->active && c->at != from->next && !cross(r, from, c))
		return STEP_ON;
	if (c->plain) {
		++*counter(r, GROUP_INSTRUCTIONS, c->user);
		r->between[c->user]++;
		return STEP_ON;
	}
	if (c->mark) {
		step = pass_mark(r, c);
		if (step != STEP_ON || !c->listed_mark)
			return step;
	}
	count_special(r, c);
	return STEP_ON;
}

void record_access(struct record *r, const struct code *c, bool store, unsigned bytes)
{
	unsigned first = c->user ? REPEATS_OF_ONE : 0;

	if (!r->active || c != r->last || store != c->insn.stores ||
	    ++r->accesses < c->insn.accesses)
		return;
	r->accesses = 0;
	++*counter(r, GROUP_REPEATS, first + REPEATS_ITERATIONS);
	*counter(r, GROUP_REPEATS, first + REPEATS_BYTES) += bytes;
}
