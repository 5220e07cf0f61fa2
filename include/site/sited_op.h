/* SPDX-License-Identifier: GPL-2.0-only */
/* What patching one site can come to, and what a backend's hook is told. */
#ifndef PATCH_H
#define PATCH_H

#include <stdbool.h>
#include <stdint.h>
#include "lib/bytes.h"

/* Whose instructions.  An argument, so that one engine serves both. */
enum isa { ISA_IA32, ISA_X86_64, ISA_COUNT };

/*
 * Outcomes.  Every site lands in exactly one of them at every encode, so the
 * counts sum to the number of sites.
 */
enum patched {
#define PATCHED(name, what) name,
#include "list/outcome.def"
#undef PATCHED
	PATCHED_COUNT
};

/* The report's word for each. */
extern const char *const patched_names[PATCHED_COUNT];

/* Did the site stay as it was built? */
bool outcome_is_kept(enum patched outcome);

/* Registers a C call may change, as bits of a record's clobbers. */
enum clobber {
	CLOBBER_AX = 1, CLOBBER_CX = 2, CLOBBER_DX = 4, CLOBBER_DI = 8,
	CLOBBER_SI = 16, CLOBBER_R8 = 32, CLOBBER_R9 = 64, CLOBBER_R10 = 128,
	CLOBBER_R11 = 256,
	/* All there are. */
	CLOBBER_IA32 = 0x7, CLOBBER_X86_64 = 0x1ff,
};

/* A register's bit of them, by its number in an instruction, 0 to 15; 0 for those
 * that a call keeps. */
unsigned clobber_bit(unsigned reg);

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
