/* SPDX-License-Identifier: GPL-2.0-only */
/* The timing loop, see measure.h. */
#include "batch_gaps.h"
#include "lib/compiler.h"
#include "measure/attempt.h"
#include "measure/clock_gaps.h"
#include "measure/measure.h"
#include "measure/on_stack.h"
#include "measure/width_probe.h"
#include "workload/operands.h"
#include "workload/path.h"

/* Everything but the body cancels between the short and the long one, so both
 * are timed by the same instructions: inlined twice, they were not. */
static ONE_COPY uint64_t time_body(uint64_t (*begin)(void), uint64_t (*end)(void),
				   void (*run)(struct work *w), struct work *w,
				   uint32_t reps)
{
	uint64_t began = begin();

	for (; reps; reps--)
		run(w);
	return end() - began;
}

struct timing {
	uint64_t (*begin)(void), (*end)(void);
	void (*run)(struct work *w);
	struct work *w;
	uint32_t reps;
};

static uint64_t time_it(void *arg)
{
	const struct timing *t = arg;

	return time_body(t->begin, t->end, t->run, t->w, t->reps);
}

static uint64_t run_it(void *arg)
{
	const struct timing *t = arg;

	for (uint32_t i = t->reps; i; i--)
		t->run(t->w);
	return 0;
}

/* A call on the machine's stack, as an attempt. */
struct call_on {
	const struct platform *m;
	uint64_t (*fn)(void *arg);
	void *arg;
	uint64_t got;
};

static void call_on(void *arg)
{
	struct call_on *c = arg;

	c->got = on_stack(c->m->stack, c->fn, c->arg);
}

bool try_body(const struct platform *m, void (*run)(struct work *w),
	      struct work *w, uint32_t passes, struct fault *f)
{
	struct timing t = { .run = run, .w = w, .reps = passes };
	struct call_on c = { .m = m, .fn = run_it, .arg = &t };

	return machine_attempt(m, call_on, &c, f);
}

void run_body(const struct platform *m, void (*run)(struct work *w),
	      struct work *w, uint32_t passes)
{
	struct timing t = { .run = run, .w = w, .reps = passes };

	on_stack(m->stack, run_it, &t);
}

/* A backend that shadows IF is given flags that say IF and nothing else. */
void begin_again(const struct platform *m, const struct virtual_if *vif, bool if_on,
		 struct work *w)
{
	m->set_if(!vif && if_on);
	w->flags = vif ? (if_on ? FLAGS_IF : 0) : m->flags();
	if (vif)
		vif->set(if_on);
}

/* The kernel begins anew; and ring 3 is lent, where its program runs the units. */
static const char *begin_path(const struct platform *m, enum path_id p, struct work *w)
{
	const struct user_code *user = path_user(p);
	struct kernel *k = kernel_begin();

	w->arg[0] = (unsigned long)k;
	if (!user->len)
		return NULL;
	return m->lend_ring3 ? m->lend_ring3(m->ctx, user, &k->ring3)
		: "there is no ring 3 to go to";
}

const char *begin_pass(const struct platform *m, const struct workload *wl,
		       const struct virtual_if *vif, bool if_on, struct work *w)
{
	const struct table_op *op = table_op_of(wl);
	const char *why = NULL;

	if (op)
		operands_prepare(op, w);
	else if (kind_is_of_mix(wl->kind))
		operands_of_mix(w);
	else if (wl->kind == KIND_PATH)
		why = begin_path(m, path_of(wl), w);
	if (op && m->lend)
		why = m->lend(m->ctx, op, w);
	if (!why)
		begin_again(m, vif, if_on, w);
	return why;
}

const char *end_passes(const struct platform *m, const struct workload *wl,
		       const struct virtual_if *vif)
{
	const struct table_op *op = table_op_of(wl);

	if (vif)
		vif->set(true);
	m->set_if(false);
	if (wl->kind == KIND_PATH)
		return m->take_back_ring3 ? m->take_back_ring3(m->ctx) : NULL;
	return op && m->take_back ? m->take_back(m->ctx, op) : NULL;
}

/* The state a timed pass begins in; restore_fl is asked for the same IF.  The check saw
 * that the machine lends what is needed. */
static bool begin_work(const struct platform *m, const struct subject *s,
		       struct work *w)
{
	return !begin_pass(m, s->wl, s->vif, s->wl->if_before, w);
}

/* Passes, and what the quickest took. */
struct quickest {
	const struct platform *m;
	struct timing of;
	uint64_t enough;		/* ticks of a timing: one pass of those that take many
					 * times as long does */
	uint64_t ticks;
};

/* The quickest of several: the first passes after a patch are not what the batches will
 * be like. */
static void find_quickest(void *arg)
{
	struct quickest *q = arg;

	q->ticks = UINT64_MAX;
	for (int i = 0; i < 16 && (i < 4 || q->ticks / 16 < q->enough); i++) {
		uint64_t t = on_stack(q->m->stack, time_it, &q->of);

		q->ticks = t < q->ticks ? t : q->ticks;
	}
}

uint32_t choose_reps(const struct platform *m, const struct subject *s,
		     uint32_t pass_ticks, struct fault *f)
{
	struct work w;
	struct quickest q = { m, { m->begin, m->end, body_code(&s->n2), &w, 1 },
			      pass_ticks, 0 };
	uint64_t reps;
	bool whole;

	if (!begin_work(m, s, &w))
		return 1;
	whole = machine_attempt(m, find_quickest, &q, f);
	end_passes(m, s->wl, s->vif);
	if (!whole)
		return 0;
	if (!q.ticks && !clock_goes_on(m))
		return 1;
	reps = q.ticks ? pass_ticks / q.ticks : REPS_MAX;
	return reps < 1 ? 1 : reps > REPS_MAX ? REPS_MAX : (uint32_t)reps;
}

/* No timing at all: as of a clock that ran backwards, the batch does not count. */
#define NOT_TIMED	UINT64_MAX

/* One timing, in its state. */
static uint64_t time_in_state(const struct platform *m,
			      const struct subject *s, const struct body *b,
			      uint64_t (*begin)(void), uint64_t (*end)(void))
{
	struct work w;
	struct timing of = { begin, end, body_code(b), &w, s->reps };
	uint64_t ticks;

	if (!begin_work(m, s, &w))
		return NOT_TIMED;
	s->state->enter(m, s, b, &w);
	begin_again(m, s->vif, s->wl->if_before, &w);
	ticks = on_stack(m->stack, time_it, &of);
	end_passes(m, s->wl, s->vif);
	return ticks;
}

static uint32_t to_u32(uint64_t ticks)
{
	return ticks > UINT32_MAX ? UINT32_MAX : (uint32_t)ticks;
}

/* What is known of a batch while it is taken. */
struct tally {
	uint64_t gap;		/* largest */
	bool backwards;
};

/* A timing as a batch has it, compared with the shortest one of its body. */
static uint32_t note_timing(struct tally *t, uint64_t ticks, uint64_t *least)
{
	if (ticks >> 63) {
		t->backwards = true;
		return 0;
	}
	if (ticks < *least)
		*least = ticks;
	if (ticks - *least > t->gap)
		t->gap = ticks - *least;
	return to_u32(ticks);
}

/* The same in core cycles; only a counter that ran backwards shows by itself. */
static void count_cycles(const struct platform *m, struct subject *s, bool is_long,
			 uint32_t i, struct tally *t)
{
	uint64_t cycles = time_in_state(m, s, is_long ? &s->n2 : &s->n,
					m->cycles, m->cycles);

	t->backwards |= cycles >> 63;
	*(is_long ? &s->cycles[i].n2 : &s->cycles[i].n) = to_u32(cycles);
}

static void time_subject(const struct platform *m, struct subject *s,
			 bool long_first, uint32_t i, struct tally *t)
{
	for (int half = 0; half < 2; half++) {
		bool is_long = (half == 1) != long_first;

		if (is_long)
			s->ticks[i].n2 = note_timing(t, time_in_state(m, s, &s->n2,
				m->begin, m->end), &s->least_n2);
		else
			s->ticks[i].n = note_timing(t, time_in_state(m, s, &s->n,
				m->begin, m->end), &s->least_n);
		if (s->cycles)
			count_cycles(m, s, is_long, i, t);
	}
}

static uint32_t time_probe(const struct platform *m, void (*run)(struct work *w),
			   struct tally *t)
{
	struct work w = { 0 };
	struct timing of = { m->begin, m->end, run, &w, PROBE_PASSES };
	uint64_t ticks;

	run_body(m, run, &w, 1);	/* a state may have made it cold */
	ticks = on_stack(m->stack, time_it, &of);
	t->backwards |= ticks >> 63;
	return to_u32(ticks);
}

/* At the beginning of batch i, and at its end, where it is probed. */
static void probe_begin(const struct platform *m, const struct block *b, uint32_t i,
			struct tally *t)
{
	if (!b->width)
		return;
	b->width[i].first = time_probe(m, width_probe, t);
	b->width[i].chain = time_probe(m, width_chain, t);
}

static void probe_end(const struct platform *m, const struct block *b, uint32_t i,
		      struct tally *t)
{
	if (b->width)
		b->width[i].last = time_probe(m, width_probe, t);
}

/* Does an interrupt in a batch say that a timing was disturbed?  Where each has its state
 * entered first, most come in that: it lasts a thousand times as long, and what runs in
 * between makes a cold state only colder.  Asking between the two would warm it. */
static bool interrupts_tell(const struct platform *m, const struct block *b)
{
	return !m->interrupts_come || !b->subject[0].state->once;
}

/* DROPPED_COUNT: nothing is known to have come between. */
static enum dropped reason(const struct platform *m, const struct block *b,
			   const struct tally *t, const struct disturbance *before)
{
	struct disturbance after;

	m->disturbed(m->ctx, &after);
	if (after.smi != before->smi)
		return DROPPED_smi;
	if (after.nmi != before->nmi)
		return DROPPED_nmi;
	if (interrupts_tell(m, b) && after.interrupts != before->interrupts)
		return DROPPED_interrupt;
	return t->backwards ? DROPPED_backwards : DROPPED_COUNT;
}

/* Batch i, where all are judged by in the end. */
static void note_batch(const struct block *b, uint32_t i)
{
	for (unsigned k = 0; k < b->count; k++) {
		struct subject *s = &b->subject[k];

		vary_add(&s->vary_n, s->ticks[i].n);
		vary_add(&s->vary_n2, s->ticks[i].n2);
	}
}

/* Takes batch i.  DROPPED_COUNT: it is good, as far as can be told. */
static enum dropped take_batch(const struct platform *m, const struct block *b,
			       struct rng *rng, uint32_t i, struct quality *q)
{
	struct tally t = { 0, false };
	struct disturbance before;
	uint8_t order[BLOCK_MAX];
	bool long_first;

	for (unsigned k = 0; k < b->count; k++)
		order[k] = (uint8_t)k;
	rng_shuffle(rng, order, b->count);
	/* A second timing is not quite like a first one; so it is for all alike. */
	long_first = rng_next(rng) & 1;
	m->disturbed(m->ctx, &before);
	probe_begin(m, b, i, &t);
	for (unsigned k = 0; k < b->count; k++) {
		if (b->ended)
			b->ended->subject = order[k];
		time_subject(m, &b->subject[order[k]], long_first, i, &t);
	}
	probe_end(m, b, i, &t);
	if (t.gap > q->largest_gap)
		q->largest_gap = t.gap;
	return reason(m, b, &t, &before);
}

static void rehearse(const struct platform *m, const struct block *b,
		     struct rng *rng)
{
	struct quality ignored = { 0 };

	for (unsigned k = 0; k < b->count; k++) {
		struct subject *s = &b->subject[k];

		s->least_n = s->least_n2 = UINT64_MAX;
		s->vary_n.n = s->vary_n2.n = 0;
	}
	take_batch(m, b, rng, 0, &ignored);
}

/* How far a block is. */
struct progress {
	uint32_t tries, taken;
	bool rehearsed;
	bool late;			/* no more tries than batches are wanted */
	uint64_t began;			/* TSC, with the rehearsal */
};

static bool more(const struct block *b, const struct progress *p)
{
	uint32_t most = b->tries ? b->tries : 2 * b->want;

	return p->taken < b->want && p->tries < (p->late && b->want < most ? b->want : most);
}

/* A quiet window, by a clock that may run backwards or stop in it. */
struct window {
	uint64_t opened, lasted, longest;	/* the longest of what was done in it */
	bool timed;		/* something was done, and the clock says how long it took */
	bool backwards;		/* it read less than before */
	enum measured clock;	/* what became of it */
};

/* Something was done: how long has it taken?  False: by this clock the window does not
 * end in time. */
static bool look_at_clock(const struct platform *m, struct window *w)
{
	bool goes_on = clock_goes_on(m);
	uint64_t lasted = m->end() - w->opened, took = lasted - w->lasted;

	if (!goes_on)
		w->clock = MEASURED_NO_CLOCK;
	w->backwards = took >> 63;
	if (w->backwards || w->clock != MEASURED)
		return false;
	w->timed = true;
	w->lasted = lasted;
	if (took > w->longest)
		w->longest = took;
	return true;
}

static bool has_time(const struct platform *m, const struct window *w)
{
	return !w->timed || (w->lasted < m->quiet_ticks
			     && w->lasted + w->longest < m->quiet_max);
}

static bool try_batch(const struct platform *m, const struct block *b,
		      struct rng *rng, struct quality *q, struct progress *p,
		      struct window *w)
{
	enum dropped why = take_batch(m, b, rng, p->taken, q);
	bool goes_on = look_at_clock(m, w);

	if (w->clock == MEASURED_NO_CLOCK)
		why = DROPPED_stopped;
	else if (why == DROPPED_COUNT && w->backwards)
		why = DROPPED_backwards;
	p->tries++;
	if (why == DROPPED_COUNT)
		note_batch(b, p->taken++);
	else
		q->dropped[why]++;
	return goes_on;
}

/* One window's worth: the rehearsal or one try at least, unless it is late.  A rehearsal
 * that leaves no time for a batch has a window of its own. */
static enum measured measure_window(const struct platform *m, const struct block *b,
				    struct rng *rng, struct quality *q,
				    struct progress *p)
{
	struct window w = { .opened = m->begin() };
	bool goes_on = true;

	if (!p->rehearsed) {
		rehearse(m, b, rng);
		p->rehearsed = true;
		p->began = w.opened;
		goes_on = look_at_clock(m, &w);
	}
	p->late = b->spare_ticks && w.opened - p->began >= b->spare_ticks;
	while (goes_on && more(b, p) && has_time(m, &w))
		goes_on = try_batch(m, b, rng, q, p, &w);
	m->set_if(false);
	q->windows++;
	q->overran += w.lasted > m->quiet_max;
	if (w.lasted > q->longest_window)
		q->longest_window = w.lasted;
	return w.clock;
}

/* A window's worth, as an attempt. */
struct in_window {
	const struct platform *m;
	const struct block *b;
	struct rng *rng;
	struct quality *q;
	struct progress *p;
	enum measured end;
};

static void run_window(void *arg)
{
	struct in_window *w = arg;

	w->end = measure_window(w->m, w->b, w->rng, w->q, w->p);
}

/* What an exception ended is ended as far as it was begun; nothing of the block is good:
 * its good batches count as not tried. */
static enum measured try_window(struct in_window *w)
{
	const struct block *b = w->b;

	if (!b->ended) {
		run_window(w);
		return w->end;
	}
	if (machine_attempt(w->m, run_window, w, &b->ended->fault))
		return w->end;
	end_passes(w->m, b->subject[b->ended->subject].wl, b->subject[b->ended->subject].vif);
	w->q->windows++;
	w->p->tries -= w->p->taken;
	w->p->taken = 0;
	return MEASURED_FAULT;
}

enum measured measure_block(const struct platform *m, const struct block *b,
			    struct rng *rng, struct quality *q, uint32_t *taken)
{
	struct progress p = { 0 };
	enum measured end = MEASURED;

	*taken = 0;
	while (end == MEASURED && more(b, &p)) {
		if (m->quiet_begin(m->ctx)) {
			struct in_window w = { m, b, rng, q, &p, MEASURED };

			end = try_window(&w);
			m->quiet_end(m->ctx);
		} else {
			end = MEASURED_NO_WINDOW;
		}
		if (end != MEASURED_FAULT && (end != MEASURED || !more(b, &p)))
			p.taken = drop_gaps(m, b, q, p.taken);
	}
	*taken = p.taken;
	q->tried += p.tries;
	return end;
}
