/* SPDX-License-Identifier: GPL-2.0-only */
/* Sites run alone, see probe.h. */
#include "check/clobber.h"
#include "lib/mem.h"
#include "measure/attempt.h"
#include "measure/measure.h"
#include "measure/on_stack.h"
#include "check/probe.h"
#include "check/probe_arguments.h"
#include "lib/sink.h"
#include "workload/registry.h"
#include "workload/table.h"

/* Of a probe: the site, a jump, and what aligns the next. */
#define CODE_BYTES	(PROBES_MAX * (SITE_LEN_MAX + JMP_LEN + LINE_BYTES))
#define CODE_ROOM	((CODE_BYTES + 63) / 64 * 64)

_Static_assert(PROBES_MAX >= OP_COUNT * (CONVENTION_COUNT - 1),
	       "all ops in all conventions but native");
_Static_assert(CODE_ROOM + TEXT_ROOM(CODE_ROOM, PROBES_MAX, PROBES_MAX * SITE_LEN_MAX)
	       <= PROBES_MEMORY_BYTES, "probes fit");

static struct probe *find(struct probes *p, const struct text *from,
			  enum convention_id convention, enum op op)
{
	for (unsigned i = 0; i < p->count; i++)
		if (p->probe[i].from == from && p->probe[i].op == op
		    && p->probe[i].convention == convention)
			return &p->probe[i];
	return NULL;
}

/* Is the workload that op by itself?  Then what it is given and lent is known. */
static bool is_the_op(enum workload_id workload, enum op op)
{
	const struct table_op *t = table_op_of(workload_of(workload));

	return t && t->op == op;
}

static void add(struct probes *p, const struct text *from, size_t record,
		enum convention_id convention, enum workload_id workload)
{
	const struct site *s = &from->where.sites[record];
	struct probe *k = find(p, from, convention, s->type);

	if (!k && p->count == PROBES_MAX) {
		p->crowded = true;
		return;
	}
	if (!k) {
		k = &p->probe[p->count++];
		*k = (struct probe){ .convention = convention, .op = s->type,
				     .from = from, .record = record, .workload = workload,
				     .clobbers = s->clobbers };
	}
	if (is_the_op(workload, s->type))
		k->workload = workload;
	set_add(&k->workloads, workload);
}

/* Nobody knows what another op would do with a value of ours; and an op that wants
 * something prepared, or does not leave the CPU as it was, is not run in passing. */
static bool may_be_probed(enum workload_id workload, enum op op)
{
	if (op == OP_restore_fl || is_the_op(workload, op))
		return true;
	return op_info[op].class == OP_CLASS_timed && !op_info[op].arguments
		&& op != OP_clts && op != OP_wbinvd;
}

void probes_add(struct probes *p, const struct text *from,
		enum convention_id convention, enum workload_id workload,
		const struct workload_code *code)
{
	const struct text_where *w = &from->where;
	/* A path's sites are in its block. */
	const bool is_path = workload_of(workload)->kind == KIND_PATH;
	uintptr_t begin = is_path ? (uintptr_t)code->copy : (uintptr_t)code->one;
	uintptr_t end = is_path ? (uintptr_t)code->copy_end : (uintptr_t)code->one_end;

	for (size_t i = 0; i < w->count; i++) {
		uintptr_t at = (uintptr_t)text_site_bytes(w, i);

		if (at < begin || at >= end)
			continue;
		if (may_be_probed(workload, w->sites[i].type))
			add(p, from, i, convention, workload);
		else
			p->not_run++;
	}
}

/* The site alone, from its built bytes: what is there now is no matter. */
static const char *emit(struct emitter *e, struct probe *p)
{
	const struct text *from = p->from;
	const struct site *site = &from->where.sites[p->record];
	struct template t = {
		.bytes = from->built, .addr = text_site_addr(&from->where, p->record),
		.head = site->len, .way_out = (uintptr_t)clobber_back,
	};
	const struct template_sites s = { 1, { {
		.call = text_call_at(from, p->record), .type = site->type,
		.len = site->len, .clobbers = site->clobbers,
	} } };
	const struct fill none = { .isa = from->where.isa };
	const char *why;
	struct body b;

	for (size_t i = 0; i < p->record; i++)
		t.bytes += from->where.sites[i].len;
	why = body_emit(e, &t, &s, 0, 0, &layouts[LAYOUT_dense], &none, &b);
	p->entry = b.entry;
	p->end = b.end;
	return why;
}

const char *probes_build(struct probes *p, const struct platform *m,
			 const struct text *from, void *memory)
{
	uint8_t *staged = memory, *room = staged + CODE_ROOM;
	struct text_where w = from->where;
	struct emitter e = {
		.isa = w.isa, .bytes = staged, .addr = (uintptr_t)m->near.code,
		.room = CODE_ROOM, .sites = (struct site *)m->near.data,
		.sites_addr = (uintptr_t)m->near.data, .sites_room = PROBES_MAX,
	};
	struct text_error te;

	if (p->crowded)
		return "there are more ops in sites than can be probed";
	for (unsigned i = 0; i < p->count; i++) {
		const char *why = emit(&e, &p->probe[i]);

		if (why)
			return why;
	}
	if (!text_copy(m->writer, m->near.code, staged, e.used))
		return "the memory for bodies did not take the probes";
	w.addr = e.addr;
	w.bytes = m->near.code;
	w.len = e.used;
	w.sites = e.sites;
	w.sites_addr = e.sites_addr;
	w.count = e.count;
	w.island_bytes = m->near.code + CODE_ROOM;
	w.islands = (uintptr_t)w.island_bytes;
	return text_open(&p->text, &w, room, PROBES_MEMORY_BYTES - CODE_ROOM, &te)
		? NULL : te.why;
}

static uint64_t call(void *unused)
{
	(void)unused;
	clobber_call();
	return 0;
}

static void call_on_its(void *stack)
{
	on_stack(stack, call, NULL);
}

/* HLT with IF off ends by no interrupt. */
static bool may_begin(const struct probe *p, bool if_on)
{
	return if_on || p->op != OP_halt;
}

/* What came of one, but for the register that changed. */
enum { NO_CHANGE = -1, ENDED = -2, NOT_LENT = -3 };

/* Return: the register that changed; NO_CHANGE; ENDED: by an exception, @fault; NOT_LENT:
 * nobody runs it here. */
static int run_probe(const struct platform *m, const struct probe *p,
		     const struct probed *of, bool if_on, bool pending,
		     struct fault *fault)
{
	bool pends = of->vif && of->vif->pend;
	struct clobber_frame *f = &clobber_frame;
	const struct workload *wl = workload_of(p->workload);
	struct work w;
	bool whole;

	if (begin_pass(m, wl, of->vif, if_on, &w))
		return NOT_LENT;
	if (pends)
		of->vif->pend(pending);
	registers_pattern(&f->in);
	probe_arguments(of->isa, p->op, &w, f);
	f->code = p->entry;
	whole = machine_attempt(m, call_on_its, m->stack, fault);
	if (pends)
		of->vif->pend(false);
	end_passes(m, wl, of->vif);
	if (!whole)
		return ENDED;
	return clobber_judge(of->isa, p->op, p->clobbers, &f->in, &f->out);
}

/* What is checked: "cpuid, ccall, indirect, poisoned". */
static const char *name_probe(char *to, size_t room, const struct probe *p,
			      const struct probed *of)
{
	text_format(to, room, "%s, %s, %s%s", op_info[p->op].name,
		    conventions[p->convention].name, modes[of->mode].name,
		    of->poisoned ? ", poisoned" : "");
	return to;
}

static void say_fault(const struct probe *p, const char *name, const struct fault *f,
		      char *why, size_t room)
{
	const struct fault_code code = { name, p->entry, p->end };

	fault_text(why, room, f, &code);
}

enum probe_end probe_check(const struct platform *m, const struct probe *p,
			   const struct probed *of, char *why, size_t room, struct fault *f)
{
	bool pends = of->vif && of->vif->pend;
	char name[60];

	for (unsigned i = 0; i < (pends ? 4 : 2); i++) {
		int reg;

		/* In ring 3 the CPU's IF is on. */
		if ((m->ring && !of->vif && !(i & 1)) || !may_begin(p, i & 1))
			continue;
		f->vector = NO_FAULT;
		reg = run_probe(m, p, of, i & 1, i & 2, f);
		if (reg == NO_CHANGE)
			continue;
		if (reg == NOT_LENT)
			return PROBE_NOT_RUN;
		name_probe(name, sizeof(name), p, of);
		if (f->vector != NO_FAULT)
			say_fault(p, name, f, why, room);
		else
			text_format(why, room, "%s: it changes %s, which its site does not let "
				    "be changed", name, register_name(of->isa, (unsigned)reg));
		return PROBE_WRONG;
	}
	return PROBE_GOOD;
}
