/* SPDX-License-Identifier: GPL-2.0-only */
/* The plan and its execution, see run.h. */
#include "lib.h"
#include "measure.h"
#include "run.h"
#include "sink.h"

static bool in_set(uint32_t set, unsigned i)
{
	return set >> i & 1;
}

/* The native mode goes with the native convention and with no other. */
static bool possible(const struct cell *c)
{
	return conventions[c->convention].sites == (c->mode != MODE_native);
}

size_t plan(const struct config *c, struct cell *cells)
{
	const unsigned all = WORKLOAD_COUNT * CONVENTION_COUNT * MODE_COUNT;
	size_t n = 0;

	for (unsigned i = 0; i < all; i++) {
		struct cell cell = {
			.workload = i / (CONVENTION_COUNT * MODE_COUNT),
			.convention = i / MODE_COUNT % CONVENTION_COUNT,
			.mode = i % MODE_COUNT,
			.backend = c->backend,
		};

		if (!possible(&cell) || !in_set(c->workloads, cell.workload)
		    || !in_set(c->conventions, cell.convention)
		    || !in_set(c->modes, cell.mode))
			continue;
		if (cells)
			cells[n] = cell;
		n++;
	}
	return n;
}

static const struct workload_code *code_of(const struct cell *c)
{
	return &workload_code[c->convention][c->workload];
}

static bool fail(struct run_error *e, const char *what,
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

/* Records what the sites of one copy have become. */
static void describe_sites(const struct run *r, struct result *res)
{
	const struct text_where *w = &r->text->where;
	const struct workload_body *one = &code_of(&res->cell)->one;
	uint64_t begin = w->addr + (uint64_t)(one->begin - w->bytes);
	uint64_t end = w->addr + (uint64_t)(one->end - w->bytes);

	for (size_t i = 0; i < w->count; i++) {
		uint64_t addr = text_site_addr(w, i);
		struct text_form f;

		if (addr < begin || addr >= end || res->sites == CELL_SITES_MAX
		    || text_encode(r->text, i, backends[res->cell.backend],
				   &modes[res->cell.mode], r->nops, &f)
		    || res->site_bytes + f.len > CELL_BYTES_MAX)
			continue;
		memcpy(res->bytes + res->site_bytes, text_site_bytes(w, i), f.len);
		res->site_len[res->sites++] = f.len;
		res->site_bytes += f.len;
		res->site_nops += f.nops;
		res->counts.sites++;
		res->counts.outcome[f.outcome]++;
	}
}

/* First visit of a cell: is it right, and how many passes make a timing? */
static bool prepare(struct run *r, struct result *res)
{
	const struct machine *m = r->machine;
	const struct workload *wl = &workloads[res->cell.workload];

	describe_sites(r, res);
	if (!m->quiet_begin(m->ctx))
		return false;
	if (check_workload(m, wl, code_of(&res->cell), res->why,
			   sizeof(res->why)))
		res->series.reps = choose_reps(m, wl, code_of(&res->cell),
					       r->config->pass_ticks);
	else
		res->refused = true;
	m->quiet_end(m->ctx);
	return true;
}

static bool visit(struct run *r, size_t i, unsigned round)
{
	struct result *res = &r->results[i];
	uint32_t each = r->config->batches;
	struct batch *b = r->batches + i * each * r->config->rounds
		+ (size_t)round * each;

	if (!round && !prepare(r, res))
		return false;
	if (res->refused)
		return true;
	if (!measure(r->machine, &workloads[res->cell.workload],
		     code_of(&res->cell), res->series.reps, b, each))
		return false;
	res->series.count += each;
	return true;
}

static bool apply(struct run *r, enum mode_id mode, struct run_error *e)
{
	struct text_error te;

	if (!text_apply(r->text, backends[r->config->backend], &modes[mode],
			r->nops, TEXT_ALL, r->machine->writer,
			&r->applied[mode], &te))
		return fail(e, "patching failed", &te);
	r->was_applied[mode] = true;
	return true;
}

/* What was timed is what was applied: nobody stored to the text meanwhile. */
static bool verify(const struct run *r, enum mode_id mode, struct run_error *e)
{
	struct text_error te;

	return text_verify(r->text, backends[r->config->backend], &modes[mode],
			   r->nops, TEXT_ALL, &te)
		|| fail(e, "the text changed while it was timed", &te);
}

static bool run_mode(struct run *r, enum mode_id mode, unsigned round,
		     struct run_error *e)
{
	bool applied = false;

	for (size_t i = 0; i < r->cells; i++) {
		if (r->results[i].cell.mode != mode)
			continue;
		if (!applied && !apply(r, mode, e))
			return false;
		applied = true;
		if (!visit(r, i, round)) {
			text_format(e->text, sizeof(e->text),
				    "no quiet window: the interrupt controllers did not take their masks");
			return false;
		}
	}
	return !applied || verify(r, mode, e);
}

static bool run_rounds(struct run *r, struct run_error *e)
{
	const struct machine *m = r->machine;
	unsigned steps = r->config->rounds * MODE_COUNT, done = 0;

	for (unsigned round = 0; round < r->config->rounds; round++)
		for (unsigned mode = 0; mode < MODE_COUNT; mode++) {
			m->progress(m->ctx, done++, steps);
			if (!run_mode(r, mode, round, e))
				return false;
		}
	m->progress(m->ctx, done, steps);
	return true;
}

static void summarise_all(struct run *r)
{
	size_t each = (size_t)r->config->batches * r->config->rounds;

	for (size_t i = 0; i < r->cells; i++) {
		r->results[i].series.batch = r->batches + i * each;
		r->results[i].summary = summarise(&r->results[i].series,
						  r->scratch);
	}
}

bool run_all(struct run *r, struct run_error *e)
{
	struct paravirt_ops found = paravirt_ops;
	struct text_error te;
	bool ok;

	paravirt_ops = backends[r->config->backend]->ops;
	ok = run_rounds(r, e);
	paravirt_ops = found;
	if (!text_restore(r->text, r->machine->writer, &te) && ok)
		ok = fail(e, "the built bytes could not be put back", &te);
	r->failed = ok ? NULL : e->text;
	summarise_all(r);
	return ok;
}

unsigned run_refused(const struct run *r)
{
	unsigned n = 0;

	for (size_t i = 0; i < r->cells; i++)
		n += r->results[i].refused;
	return n;
}

const struct result *run_find(const struct run *r, const struct result *of,
			      enum mode_id mode)
{
	for (size_t i = 0; i < r->cells; i++) {
		const struct result *res = &r->results[i];

		if (res->cell.workload == of->cell.workload
		    && res->cell.mode == mode && !res->refused
		    && (mode == MODE_native
			|| res->cell.convention == of->cell.convention))
			return res;
	}
	return NULL;
}
