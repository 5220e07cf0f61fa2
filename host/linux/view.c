/* SPDX-License-Identifier: GPL-2.0-only */
/* A place of a table, see view.h. */
#include <string.h>
#include "alternative/alternative.h"
#include "patch/insn.h"
#include "view.h"

uint64_t leads_to(const struct view *v, unsigned skip)
{
	return branch_target(v->k->im, v->s->addr + skip, v->got + skip);
}

uint64_t led_to(const struct view *v, unsigned skip)
{
	return branch_target(v->k->im, v->s->addr + skip, v->built + skip);
}

bool same_pad(const struct kernel *k, const struct dump *d, uint64_t pad,
	      uint64_t addr, unsigned len)
{
	uint8_t buf[SITE_LEN_MAX];
	const uint8_t *p = dump_bytes(d, addr, len);
	struct alternative_block b = {
		.isa = k->im->isa, .bytes = dump_bytes(d, pad, len), .len = len,
		.from = pad, .to = addr,
	};

	return p && b.bytes && !alternative_copy(&b, SHRINK_NO, NULL, buf)
		&& !memcmp(buf, p, len);
}

bool counts_call(const struct view *v, uint64_t pad, uint64_t to)
{
	return v->h->moved && to - pad == v->h->moved
		&& same_pad(v->k, v->d, v->h->pad, pad, v->h->moved);
}

bool is_return(const struct view *v)
{
	if (v->got[0] == 0xc3)
		return is_ret(v->got) || !memcmp(v->got + 1, v->built + 1, CALL_LEN - 1);
	for (unsigned half = 0; half < 2; half++)
		if (v->got[0] == 0xe9 && v->h->returns[half].thunk
		    && leads_to(v, 0) == v->h->returns[half].thunk)
			return true;
	return false;
}
