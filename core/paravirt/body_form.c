/* SPDX-License-Identifier: GPL-2.0-only */
/* Forms that are copies of an op's body, see backend.h. */
#include "paravirt/backend.h"
#include "lib/bytes.h"
#include "lib/mem.h"

/* Moves what is relative by as much as the copy is away from the body.  False: it
 * does not reach. */
static bool move_form(const struct body_form *f, const struct sited_op *so,
		      uint8_t *buf)
{
	uint64_t by = (uintptr_t)f->begin - so->addr;

	for (const uint8_t *fix = f->fix; fix < f->fix_end; fix++) {
		uint64_t rel = get_s32(buf + *fix) + by;

		if (!rel32_reaches(so->isa, rel))
			return false;
		put_le32(buf + *fix, (uint32_t)rel);
	}
	return true;
}

enum patched body_patch(const struct body_form *forms, const struct sited_op *so,
			uint8_t *buf, unsigned *used)
{
	const struct body_form *f = &forms[so->type];
	uint8_t copy[FORM_LEN_MAX];
	unsigned len;

	if (so->isa != ARCH_ISA || so->type >= OP_COUNT)
		return KEPT_NO_FORM;
	if (!f->begin)
		return native_backend.ops.patch(so, buf, used);
	len = (unsigned)(f->end - f->begin);
	if (f->scratch & ~so->clobbers)
		return KEPT_NO_REGISTER;
	if (len > so->len)
		return KEPT_TOO_SMALL;
	memcpy(copy, f->begin, len);
	if (!move_form(f, so, copy))
		return KEPT_OUT_OF_REACH;
	memcpy(buf, copy, len);
	*used = len;
	return PATCHED_INLINE;
}
