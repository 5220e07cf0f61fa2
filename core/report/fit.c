/* SPDX-License-Identifier: GPL-2.0-only */
/* Forms against sites, see fit.h. */
#include "check/clobber.h"
#include "report/fit.h"
#include "lib/mem.h"
#include "patch/mode.h"
#include "lib/sink.h"
#include "workload/code_table.h"

static enum patched ask(const struct backend *b, const struct sited_op *so,
			unsigned *used)
{
	uint8_t buf[FORM_LEN_MAX] = { 0 };

	*used = 0;
	return modes[MODE_inline].encode(b, so, buf, used);
}

struct fit_form fit_form(const struct backend *b, enum isa isa, enum op op,
			 uint64_t addr)
{
	unsigned all = isa == ISA_X86_64 ? CLOBBER_X86_64 : CLOBBER_IA32, used;
	struct sited_op so = { .isa = isa, .type = op, .addr = addr,
			       .len = SITE_LEN_MAX, .clobbers = all };
	struct fit_form f = { false, 0, 0 };

	f.known = ask(b, &so, &f.bytes) == PATCHED_INLINE;
	for (unsigned bit = 1; f.known && bit <= all; bit <<= 1) {
		so.clobbers = all & ~bit;
		if (ask(b, &so, &used) == KEPT_NO_REGISTER)
			f.scratch |= bit;
	}
	return f;
}

/* Is it one of a convention's workloads?  The first and only copy of "one". */
static bool is_in(const uint8_t *at, unsigned convention)
{
	for (unsigned w = 0; w < WORKLOAD_COUNT; w++) {
		const struct workload_code *c = &workload_code[convention][w];

		if (c->one && (uintptr_t)at >= (uintptr_t)c->one && at < c->one_end)
			return true;
	}
	return false;
}

void fit_find(struct fit_sites *s, const struct text_where *w)
{
	memset(s, 0, sizeof(*s));
	for (unsigned c = 0; c < CONVENTION_COUNT; c++)
		for (size_t i = 0; i < w->count && conventions[c].sites; i++) {
			unsigned op = w->sites[i].type;

			if (s->record[c][op] || !is_in(text_site_bytes(w, i), c))
				continue;
			s->record[c][op] = i + 1;
			s->sited[op] = true;
		}
}

bool fit_of(const struct text *t, const struct fit_sites *s,
	    const struct backend *b, enum op op, const struct nop_table *nops,
	    struct fit *f)
{
	uint64_t addr = 0;

	memset(f, 0, sizeof(*f));
	for (unsigned c = 0; c < CONVENTION_COUNT; c++) {
		size_t record = s->record[c][op];
		struct text_form form;

		if (!record || text_encode(t, record - 1, b, &modes[MODE_inline],
					   nops, &form))
			continue;
		addr = text_site_addr(&t->where, record - 1);
		f->at[c].there = true;
		f->at[c].bytes = form.len;
		f->at[c].outcome = form.outcome;
	}
	f->form = fit_form(b, t->where.isa, op, addr);
	return addr;
}

const char *fit_scratch(char *to, enum isa isa, unsigned scratch)
{
	size_t n = 0;

	text_format(to, FIT_SCRATCH_ROOM, "none");
	for (unsigned reg = 0; reg < REGISTERS; reg++)
		if (scratch & clobber_bit(reg)) {
			text_format(to + n, FIT_SCRATCH_ROOM - n, "%s%s",
				    n ? "+" : "", register_name(isa, reg));
			while (to[n])
				n++;
		}
	return to;
}
