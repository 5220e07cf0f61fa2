/* SPDX-License-Identifier: GPL-2.0-only */
/* What a kernel puts at a paravirt site, see para_form.h. */
#include <string.h>
#include "kernel_code.h"
#include "lib/bytes.h"
#include "para_form.h"
#include "table_forms.h"

/* CALL or JMP rel32 of @target. */
static enum patched put_branch(const struct kernel *k, const struct para *p,
			       uint64_t target, uint8_t *buf, unsigned *used)
{
	uint64_t rel = target - (p->addr + CALL_LEN);

	if (p->len < CALL_LEN)
		return KEPT_TOO_SMALL;
	if (k->im->isa == ISA_X86_64 && !fits_s32(rel))
		return KEPT_OUT_OF_REACH;
	buf[0] = p->jump ? 0xe9 : 0xe8;
	put_le32(buf + 1, (uint32_t)rel);
	*used = CALL_LEN;
	return PATCHED_CALL;
}

static enum patched put_bytes(const struct para *p, const char *bytes, unsigned len,
			      uint8_t *buf, unsigned *used)
{
	if (len > p->len)
		return KEPT_TOO_SMALL;
	memcpy(buf, bytes, len);
	*used = len;
	return PATCHED_INLINE;
}

/* Source: Linux, arch/i386/kernel/paravirt.c, native_patch() (2.6.20: what is not in its
 * table is left); arch/x86/kernel/paravirt.c, paravirt_patch_default() (5.10),
 * paravirt_patch() (6.1); arch/x86/kernel/alternative.c, alt_replace_call() (6.12). */
enum patched para_decide(const struct kernel *k, const struct para *p, uint64_t pointer,
			 uint8_t *buf, unsigned *used)
{
	unsigned len;
	const char *form = k->rule == RULE_TABLE ? table_form(k, p, &len) : NULL;

	if (form)
		return put_bytes(p, form, len, buf, used);
	if (k->listed)
		return KEPT_NO_FORM;
	if (!pointer && k->rule == RULE_DIRECT_CALL)
		return put_branch(k, p, k->bug, buf, used);
	if (!pointer)
		return put_bytes(p, "\x0f\x0b", 2, buf, used);
	if (pointer == k->nop)
		return put_bytes(p, "", 0, buf, used);
	if (k->rule == RULE_TABLE && returns_argument(k, pointer))
		return put_bytes(p, "\x48\x89\xf8", 3, buf, used);
	return put_branch(k, p, pointer, buf, used);
}

unsigned para_form(const struct kernel *k, const struct para *p, uint64_t pointer,
		   const struct nop_table *nops, uint8_t *bytes)
{
	unsigned used = 0;

	if (outcome_is_kept(para_decide(k, p, pointer, bytes, &used)))
		return 0;
	nop_fill(nops, bytes + used, p->len - used);
	return p->len;
}
