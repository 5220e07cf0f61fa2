/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The room of the backends: one file each, and the list of them here.
 *
 * A backend is what a guest of one hypervisor overrides of the native ops, with the
 * instructions that its Linux uses.  Which there are is backend.def's; what they are
 * made of, paravirt/backend.h's.  The native one is core/paravirt/native.c, as the ops
 * table begins with it.
 *
 * Only whoever chooses a backend looks into this list; paravirt/ knows the one that it
 * is handed, and the native one.
 */
#ifndef BACKENDS_H
#define BACKENDS_H

#include <stdbool.h>
#include "machine/feature.h"
#include "paravirt/ops.h"
#include "site/sited_op.h"

enum backend_id {
#define BACKEND(name, isas, ring, needs, what) BACKEND_##name,
#include "list/backend.def"
#undef BACKEND
	BACKEND_COUNT
};

#define BACKEND(name, isas, ring, needs, what) extern const struct backend name##_backend;
#include "list/backend.def"
#undef BACKEND

struct backend_info {
	bool isa[ISA_COUNT];	/* where it is to be had */
	unsigned ring;		/* least privileged for its interrupt ops */
	unsigned needs;		/* enum feature */
	bool needs_on[ISA_COUNT];	/* where it needs that; nowhere: nothing */
	const char *what;
};

/* Indexed by enum backend_id.  One that is not to be had on this architecture is
 * there all the same, and all native. */
extern const struct backend *const backends[BACKEND_COUNT];
extern const struct backend_info backend_info[BACKEND_COUNT];

#endif
