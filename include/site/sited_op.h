/* SPDX-License-Identifier: GPL-2.0-only */
/* One site as a mode and a backend's patch hook are told of it, and the hook itself. */
#ifndef SITED_OP_H
#define SITED_OP_H

#include <stdbool.h>
#include <stdint.h>
#include "lib/bytes.h"
#include "site/isa.h"
#include "site/outcome.h"
#include "site/registers.h"

/* Longest site, in bytes.  A record's length is a byte; 255 is kept free so
 * that a length that went wrong cannot pass for one. */
#define SITE_LEN_MAX	254

/* Room that a hook has in its buffer, whatever the site's length. */
#define FORM_LEN_MAX	256

struct text_where;

/* One site, as a mode and a backend's patch hook see it. */
struct sited_op {
	enum isa isa;
	unsigned type;		/* enum op */
	uint64_t addr;		/* where the first byte will run */
	unsigned len;		/* bytes of the site */
	unsigned clobbers;	/* enum clobber bits the site allows */
	/* How it was built: so many bytes of pushes, the call, and pops. */
	unsigned call, pops;
	bool callee;		/* the call is of the op's callee-save thunk */
	bool jump;		/* it is a trampoline: a jump, and not a call */
	uint64_t island;	/* of its own, out of line; 0: none */
	const struct text_where *where;	/* the text it is in */
};

/* Bytes of a site's call, of CALL and JMP rel32, and of ENDBR. */
#define CALL_MEM_LEN	6
#define CALL_LEN	5
#define JMP_LEN		5
#define ENDBR_LEN	4

/* Does a CALL or JMP rel32 lead as far as @rel?  On ia32 addresses wrap. */
static inline bool rel32_reaches(enum isa isa, uint64_t rel)
{
	return isa == ISA_IA32 || fits_s32(rel);
}

/* Room of a site's island. */
#define ISLAND_BYTES	16

/*
 * The patch hook is op 0 of the table:
 *
 *	enum patched patch(const struct sited_op *so, uint8_t *buf, unsigned *used)
 *
 * It decides the form of one site.  @buf has FORM_LEN_MAX bytes of room and
 * holds the site's built bytes.  The hook either writes a form of *used bytes,
 * at most so->len, to @buf and returns an outcome that begins with PATCHED_; or
 * leaves @buf as it is and returns one that begins with KEPT_.  It pads nothing:
 * the engine does.  It depends on its arguments alone and touches nothing but
 * @buf and *used, so it runs on the build machine too.
 */
#define FN_patch(fn)	enum patched FASTCALL fn(const struct sited_op *so, \
						 uint8_t *buf, unsigned *used)

#endif
