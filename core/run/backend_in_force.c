/* SPDX-License-Identifier: GPL-2.0-only */
/* The backend that is in force, see backend_in_force.h. */
#include "backend_in_force.h"
#include "paravirt/install.h"

bool backend_put_in_force(const struct run *r, enum backend_id b, struct run_error *e)
{
	struct text_counts ignored;
	struct text_error te;

	backend_install(backends[b]);
	if (!r->trampolines)
		return true;
	return text_apply(r->trampolines, backends[b], &modes[MODE_direct], r->nops,
			  TEXT_ALL, r->machine->writer, &ignored, &te)
		|| run_fail_text(e, "patching trampolines failed", &te);
}

bool backend_is_in_force(const struct run *r, enum backend_id b, struct run_error *e)
{
	struct text_error te;

	return !r->trampolines
		|| text_verify(r->trampolines, backends[b], &modes[MODE_direct],
			       r->nops, TEXT_ALL, &te)
		|| run_fail_text(e, "a trampoline changed while it was timed", &te);
}

bool run_restore_text(const struct run *r, const struct text *t, struct run_error *e)
{
	struct text_error te;

	return !t || text_restore(t, r->machine->writer, &te)
		|| run_fail_text(e, "the built bytes could not be put back", &te);
}
