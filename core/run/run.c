/* SPDX-License-Identifier: GPL-2.0-only */
/* The execution of a plan from its beginning to its end, see run.h. */
#include "lib/mem.h"
#include "paravirt/install.h"
#include "backend/backends.h"
#include "workload/registry.h"
#include "measure/measure.h"
#include "run_steps.h"
#include "lib/sink.h"

bool fail(struct run_error *e, const char *what)
{
	text_format(e->text, sizeof(e->text), "%s", what);
	return false;
}

bool fail_text(struct run_error *e, const char *what,
		      const struct text_error *t)
{
	if (t->record == TEXT_NO_RECORD)
		text_format(e->text, sizeof(e->text), "%s: %s", what, t->why);
	else
		text_format(e->text, sizeof(e->text),
			    "%s: record %u, site at 0x%llx, type %u, %u bytes: %s",
			    what, (unsigned)t->record,
			    (unsigned long long)t->addr, t->type, t->len, t->why);
	return false;
}

/* A backend's tables in force, and its trampolines. */
bool use_backend(const struct run *r, enum backend_id b,
			struct run_error *e)
{
	struct text_counts ignored;
	struct text_error te;

	backend_install(backends[b]);
	if (!r->trampolines)
		return true;
	return text_apply(r->trampolines, backends[b], &modes[MODE_direct], r->nops,
			  TEXT_ALL, r->machine->writer, &ignored, &te)
		|| fail_text(e, "patching trampolines failed", &te);
}

/* Are they still? */
bool still_in_use(const struct run *r, enum backend_id b,
			 struct run_error *e)
{
	struct text_error te;

	return !r->trampolines
		|| text_verify(r->trampolines, backends[b], &modes[MODE_direct],
			       r->nops, TEXT_ALL, &te)
		|| fail_text(e, "a trampoline changed while it was timed", &te);
}

/* The first convention in which the workload has sites; CONVENTION_COUNT: none. */
unsigned first_sited(enum workload_id w)
{
	unsigned c = 0;

	while (c < CONVENTION_COUNT
	       && !(conventions[c].sites && code_of(c, w)->one))
		c++;
	return c;
}

/* What the reference mode leaves, as built: the text must be that, and the backend
 * in use.  Return: @left, or NULL where there is no such mode, or it is not to be
 * run. */
const struct reference *refer(const struct run *r, enum workload_id w,
				 enum backend_id b, struct reference *left)
{
	unsigned convention = first_sited(w);
	const struct held h = { .wl = workload_of(w), .vif = backends[b]->vif };
	struct checked c = { .name = "reference", .looks = true };

	if (convention == CONVENTION_COUNT || set_has(&r->no_reference[b], w))
		return NULL;
	c.run = code_of(convention, w)->one;
	check_reference(r->machine, &h, &c, left);
	return left;
}

struct held held_to(const struct cell *c, const struct reference *want)
{
	return (struct held){
		.wl = workload_of(c->workload), .vif = backends[c->backend]->vif,
		.effect = modes[c->mode].effect,
		.want = conventions[c->convention].sites ? want : NULL,
	};
}

/* The built bytes of the text, of the trampolines. */
bool restore(const struct run *r, const struct text *t,
		    struct run_error *e)
{
	struct text_error te;

	return !t || text_restore(t, r->machine->writer, &te)
		|| fail_text(e, "the built bytes could not be put back", &te);
}

/* Where each cell's raw counts go. */
static void lay_out(struct run *r)
{
	uint32_t each = plan_batches(r->config);
	size_t room = (size_t)each * r->config->offsets;
	struct batch *at = r->batches;

	for (size_t i = 0; i < r->plan.cells; i++) {
		struct series *s = &r->results[i].series;

		*s = (struct series){ .each = each, .ticks = at };
		at += room;
		if (!r->machine->cycles)
			continue;
		s->cycles = at;
		at += room;
	}
}

/* A clock that cannot be trusted ends a run before it begins. */
static bool watch(struct run *r, struct gaps *g, struct run_error *e)
{
	if (!watch_gaps(r->machine, r->gap_watch, g))
		return fail(e, NO_QUIET);
	if (g->stopped)
		return fail(e, CLOCK_STOPPED);
	if (g->backwards)
		return fail(e, "the TSC ran backwards: nothing can be timed by it");
	return true;
}

static bool run_patched(struct run *r, struct run_error *e)
{
	struct arena a;

	if (!check_all(r, e))
		return false;
	r->pass_ticks = run_pass_ticks(r->config, r->before.step,
				       r->machine->emulated);
	if (!arena_open(&a, r->machine, r->text, r->nops, r->arena_memory))
		return fail(e, "the memory for bodies cannot be written");
	return run_groups(r, &a, e);
}

/* The trampolines are as they were built at the end, on every path. */
static bool run_timed(struct run *r, struct run_error *e)
{
	struct run_error second;
	bool ok;

	if (!watch(r, &r->before, e))
		return false;
	ok = run_patched(r, e);
	if (!restore(r, r->trampolines, ok ? e : &second))
		ok = false;
	return ok && watch(r, &r->after, e);
}

bool run_all(struct run *r, struct run_error *e)
{
	struct paravirt_ops found = paravirt_ops, found_callee = paravirt_callee;
	bool ok;

	lay_out(r);
	ok = run_timed(r, e);
	paravirt_ops = found;
	paravirt_callee = found_callee;
	r->failed = ok ? NULL : e->text;
	for (size_t i = 0; i < r->plan.groups; i++)
		summarise(&r->group[i], r->results, plan_batches(r->config),
			  r->chain_cycles, r->before.step, r->scratch);
	return ok;
}

unsigned run_empty(const struct run *r)
{
	unsigned n = 0;

	for (size_t i = 0; i < r->plan.groups; i++)
		switch (group_unmeasured(&r->group[i])) {
		case UNMEASURED_NOT:
		case UNMEASURED_VARIES:
			break;
		case UNMEASURED_UNTRIED:
		case UNMEASURED_MACHINE:
			n++;
			break;
		}
	return n;
}

unsigned run_modules_missing(const struct run *r)
{
	unsigned n = 0;

	for (unsigned i = 0; i < r->modules; i++)
		n += r->module[i].why[0] != '\0';
	return n;
}

unsigned run_refused(const struct run *r)
{
	unsigned n = 0;

	for (size_t i = 0; i < r->plan.cells; i++)
		n += r->results[i].refused;
	return n;
}
