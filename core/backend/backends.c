/* SPDX-License-Identifier: GPL-2.0-only */
/* The list of backends, see backends.h. */
#include "backend/backends.h"

const struct backend *const backends[BACKEND_COUNT] = {
#define BACKEND(name, isas, ring, needs, what) [BACKEND_##name] = &name##_backend,
#include "list/backend.def"
#undef BACKEND
};

const struct backend_info backend_info[BACKEND_COUNT] = {
#define NEEDS_none	FEATURE_COUNT, { false }
#define NEEDS_msr64	FEATURE_msr, { [ISA_X86_64] = true }
#define ISAS_both	{ true, true }
#define ISAS_x86_64	{ [ISA_X86_64] = true }
#define BACKEND(name, isas, ring, needs, what) \
	[BACKEND_##name] = { ISAS_##isas, ring, NEEDS_##needs, what },
#include "list/backend.def"
#undef BACKEND
};
