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

static enum patched encode_direct(const struct backend *b,
				  const struct sited_op *so, uint8_t *buf,
				  unsigned *used)
{
	(void)b, (void)so, (void)buf, (void)used;
	return KEPT_NO_FORM;
}

static enum patched encode_endbr(const struct backend *b,
				  const struct sited_op *so, uint8_t *buf,
				  unsigned *used)
{
	(void)b, (void)so, (void)buf, (void)used;
	return KEPT_NO_FORM;
}

static enum patched encode_retpoline(const struct backend *b,
				  const struct sited_op *so, uint8_t *buf,
				  unsigned *used)
{
	(void)b, (void)so, (void)buf, (void)used;
	return KEPT_NO_FORM;
}

static enum patched encode_lfence(const struct backend *b,
				  const struct sited_op *so, uint8_t *buf,
				  unsigned *used)
{
	(void)b, (void)so, (void)buf, (void)used;
	return KEPT_NO_FORM;
}

static enum patched encode_trampoline(const struct backend *b,
				  const struct sited_op *so, uint8_t *buf,
				  unsigned *used)
{
	(void)b, (void)so, (void)buf, (void)used;
	return KEPT_NO_FORM;
}

static enum patched encode_key_nop(const struct backend *b,
				  const struct sited_op *so, uint8_t *buf,
				  unsigned *used)
{
	(void)b, (void)so, (void)buf, (void)used;
	return KEPT_NO_FORM;
}

static enum patched encode_key_jmp(const struct backend *b,
				  const struct sited_op *so, uint8_t *buf,
				  unsigned *used)
{
	(void)b, (void)so, (void)buf, (void)used;
	return KEPT_NO_FORM;
}

static enum patched encode_test_sti(const struct backend *b,
				  const struct sited_op *so, uint8_t *buf,
				  unsigned *used)
{
	(void)b, (void)so, (void)buf, (void)used;
	return KEPT_NO_FORM;
}

static enum patched encode_nop(const struct backend *b,
				  const struct sited_op *so, uint8_t *buf,
				  unsigned *used)
{
	(void)b, (void)so, (void)buf, (void)used;
	return KEPT_NO_FORM;
}

const struct mode modes[MODE_COUNT] = {
#define MODE(name, column, effect, pads, what) \
	{ #name, column, what, EFFECT_##effect, pads, encode_##name },
#include "mode.def"
#undef MODE
};
