/* SPDX-License-Identifier: GPL-2.0-only */
/* The dispatch modes: each an encode function and a row in mode.def. */
#include "mode.h"

/* The native build leaves no records, so nothing is ever encoded for it; if a
 * site is given all the same, it stays what it was. */
static enum patched encode_native(const struct backend *b,
				  const struct sited_op *so, uint8_t *buf,
				  unsigned *used)
{
	(void)b, (void)so, (void)buf, (void)used;
	return KEPT_AS_BUILT;
}

static enum patched encode_indirect(const struct backend *b,
				    const struct sited_op *so, uint8_t *buf,
				    unsigned *used)
{
	(void)b, (void)so, (void)buf, (void)used;
	return KEPT_AS_BUILT;
}

static enum patched encode_inline(const struct backend *b,
				  const struct sited_op *so, uint8_t *buf,
				  unsigned *used)
{
	return b->ops.patch(so, buf, used);
}

const struct mode modes[MODE_COUNT] = {
#define MODE(name, column, what) { #name, column, what, encode_##name },
#include "mode.def"
#undef MODE
};
