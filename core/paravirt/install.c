/* SPDX-License-Identifier: GPL-2.0-only */
/* A backend's ops, and the tables in force filled with them; see install.h. */
#include "lib/mem.h"
#include "paravirt/install.h"

static uintptr_t slot(const struct paravirt_ops *t, unsigned op)
{
	uintptr_t at;

	memcpy(&at, (const char *)t + op * sizeof(at), sizeof(at));
	return at;
}

uintptr_t backend_op(const struct backend *b, unsigned op, bool callee)
{
	uintptr_t own = slot(callee ? &b->callee : &b->ops, op);

	return own ? own : slot(callee ? &native_backend.callee : &native_backend.ops, op);
}

static void install(struct paravirt_ops *t, const struct backend *b, bool callee)
{
	for (unsigned op = 0; op < OP_COUNT; op++) {
		uintptr_t at = backend_op(b, op, callee);

		memcpy((char *)t + op * sizeof(at), &at, sizeof(at));
	}
}

void backend_install(const struct backend *b)
{
	install(&paravirt_ops, b, false);
	install(&paravirt_callee, b, true);
}
