/* SPDX-License-Identifier: GPL-2.0-only */
/* Names of the serialising instructions, see serialising.h. */
#include "machine/serialising.h"

const char *const serialise_names[SERIALISE_COUNT] = {
#define SERIALISE(name, feature, what) #name,
#include "list/serialise.def"
#undef SERIALISE
};
