/* SPDX-License-Identifier: GPL-2.0-only */
/* What a kernel puts at a paravirt site. */
#ifndef PARA_FORM_H
#define PARA_FORM_H

#include "patch/nop.h"
#include "records.h"
#include "site/sited_op.h"

/* At one whose slot holds @pointer: @used bytes of @buf, without padding. */
enum patched para_decide(const struct kernel *k, const struct para *p, uint64_t pointer,
			 uint8_t *buf, unsigned *used);

/* The form of one paravirt site by a pointer that may not be the image's; used for
 * comparing with a kernel that changed its table. */
unsigned para_form(const struct kernel *k, const struct para *p, uint64_t pointer,
		   const struct nop_table *nops, uint8_t *bytes);

#endif
