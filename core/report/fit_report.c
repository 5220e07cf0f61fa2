/* SPDX-License-Identifier: GPL-2.0-only */
/* Who can be inlined where, as lines and in the JSON, see fit.h. */
#include "report/fit.h"
#include "lib/number.h"
#include "lib/sink.h"
#include "backend/backends.h"
#include "paravirt/install.h"

/* One row: called for each backend and op. */
struct row {
	enum isa isa;
	enum backend_id backend;
	enum op op;
	const struct fit *fit;
};

/* What no backend has of its own is native's in all of them: one row says it. */
static bool has_row(unsigned backend, unsigned op)
{
	bool own = backend == BACKEND_native;

	for (unsigned b = 0; b < BACKEND_COUNT && !own; b++)
		own = backend_op(backends[b], op, false) != backend_op(&native_backend, op, false);
	return own;
}

static void each_row(const struct text *t, const struct nop_table *nops,
		     void (*put)(const struct row *row, void *to), void *to)
{
	static struct fit_sites sites;
	struct fit fit;

	if (!t)
		return;
	fit_find(&sites, &t->where);
	for (unsigned b = 0; b < BACKEND_COUNT; b++)
		for (unsigned op = 0; op < OP_COUNT; op++) {
			const struct row row = { t->where.isa, b, op, &fit };

			if (backend_info[b].isa[t->where.isa] && has_row(b, op)
			    && fit_of(t, &sites, backends[b], op, nops, &fit))
				put(&row, to);
		}
}

static void put_line(const struct row *row, void *to)
{
	const struct fit *f = row->fit;
	char scratch[FIT_SCRATCH_ROOM];
	struct sink *s = to;

	sink_printf(s, "fit backend=%s op=%s", backends[row->backend]->name,
		    op_info[row->op].name);
	if (f->form.known)
		sink_printf(s, " form_bytes=%u scratch=%s", f->form.bytes,
			    fit_scratch(scratch, row->isa, f->form.scratch));
	else
		sink_printf(s, " form_bytes=none scratch=none");
	for (unsigned c = 0; c < CONVENTION_COUNT; c++)
		if (f->at[c].there)
			sink_printf(s, " %s=%u:%s", conventions[c].name,
				    f->at[c].bytes, patched_names[f->at[c].outcome]);
	sink_printf(s, "\n");
}

void fit_lines(const struct text *t, const struct nop_table *nops, struct sink *s)
{
	each_row(t, nops, put_line, s);
}

static void put_sites(struct json *j, const struct fit *f)
{
	json_open(j, "sites", "{");
	for (unsigned c = 0; c < CONVENTION_COUNT; c++) {
		if (!f->at[c].there)
			continue;
		json_open(j, conventions[c].name, "{");
		json_number(j, "bytes", f->at[c].bytes);
		json_text(j, "outcome", patched_names[f->at[c].outcome]);
		json_close(j, "}");
	}
	json_close(j, "}");
}

static void put_row(const struct row *row, void *to)
{
	const struct fit *f = row->fit;
	char scratch[FIT_SCRATCH_ROOM];
	struct json *j = to;

	json_open(j, NULL, "{");
	json_text(j, "backend", backends[row->backend]->name);
	json_text(j, "op", op_info[row->op].name);
	if (f->form.known) {
		json_number(j, "form_bytes", f->form.bytes);
		json_text(j, "scratch", fit_scratch(scratch, row->isa, f->form.scratch));
	}
	put_sites(j, f);
	json_close(j, "}");
}

void fit_json(const struct text *t, const struct nop_table *nops, struct json *j)
{
	json_open(j, "fit", "[");
	each_row(t, nops, put_row, j);
	json_close(j, "]");
}

/* A row's own fields, and 96 bytes a convention. */
size_t fit_room(const struct text *t)
{
	static struct fit_sites sites;
	size_t rows = 0;

	if (!t)
		return 0;
	fit_find(&sites, &t->where);
	for (unsigned op = 0; op < OP_COUNT; op++)
		for (unsigned b = 0; b < BACKEND_COUNT && sites.sited[op]; b++)
			rows += has_row(b, op);
	return rows * (256 + 96 * CONVENTION_COUNT);
}
