/* SPDX-License-Identifier: GPL-2.0-only */
/* The table of what every convention made of the parts of mixes: core/workload/mix/mix.c. */
#include "workload/mix_code.h"

#define CONVENTION(name, sites, what)	extern const struct mix_code wl_##name##_mix_code;
#include "list/convention.def"
#undef CONVENTION

const struct mix_code *const mix_code[CONVENTION_COUNT] = {
#define CONVENTION(name, sites, what)	[CONVENTION_##name] = &wl_##name##_mix_code,
#include "list/convention.def"
#undef CONVENTION
};
